"""The control API over one connection that stays open: a test's space costs two short requests."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from typing import Any, Mapping, Optional

TIMEOUT_SECONDS = 60.0


class Refused(Exception):
    """The server did not do what it was asked, and says why."""

    def __init__(self, method: str, path: str, status: int, text: str):
        super().__init__(f"{method} {path} was answered {status}: {text.strip()}")
        self.status = status
        self.text = text


class Steering:
    def __init__(self, url: str, token: Optional[str] = None):
        address = urllib.parse.urlsplit(url)
        self._connection = http.client.HTTPConnection(
            address.hostname or "127.0.0.1", address.port, timeout=TIMEOUT_SECONDS
        )
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(
        self, method: str, path: str, body: Any = None, query: Optional[Mapping[str, Any]] = None, space: str = ""
    ) -> Any:
        """What the server answers, read as JSON. `path` is what stands behind `/_understudy/`."""
        target = (f"/_space/{space}" if space else "") + "/_understudy/" + path
        if query:
            target += "?" + urllib.parse.urlencode({name: _spelled(value) for name, value in query.items()})
        status, text = self._send(method, target, None if body is None else json.dumps(body))
        if status >= 400:
            raise Refused(method, target, status, text)
        return json.loads(text) if text.strip() else None

    def _send(self, method: str, target: str, body: Optional[str]) -> "tuple[int, str]":
        headers = {**self._headers, "Content-Type": "application/json"} if body is not None else self._headers
        for attempt in (1, 2):
            try:
                self._connection.request(method, target, body=body, headers=headers)
                response = self._connection.getresponse()
                return response.status, response.read().decode("utf-8", "replace")
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # The server closed the connection while nothing was asked; a new one is made.
                self._connection.close()
                if attempt == 2:
                    raise
        raise AssertionError("not reached")

    def close(self) -> None:
        self._connection.close()


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
