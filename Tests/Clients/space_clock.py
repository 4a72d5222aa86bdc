"""A space of the server with its clock, which stands still unless somebody sleeps: what programs under judgement live by."""

from __future__ import annotations

import datetime
import json
import threading
import types

import httpx


class SpaceClock:
    """The time of one space. Its sleeps are moves of that space's clock, so nobody waits for them."""

    def __init__(self, server, name: str | None = None):
        self.server, self.name = server, name
        self.url = f"{server.url}/_space/{name}" if name else server.url
        self.http = httpx.Client(timeout=30)
        self.slept: list[float] = []
        self._pending = 0.0
        self._lock = threading.Lock()
        self.now = self._put({"freeze": True})

    def _put(self, move: dict) -> float:
        text = self._control("PUT", "clock", move)["now"]
        seconds, fraction = text.removesuffix("Z").split(".")
        moment = datetime.datetime.fromisoformat(seconds).replace(tzinfo=datetime.timezone.utc)
        return moment.timestamp() + float("0." + fraction)

    def _control(self, method: str, path: str, body: dict | None = None) -> dict:
        answer = self.http.request(method, f"{self.url}/_understudy/{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    # What programs ask: each under the name that they know.

    def time(self) -> float:
        return self.now

    monotonic = __call__ = time

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            with self._lock:
                self.slept.append(seconds)
                self.now += seconds
                self._pending += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)

    @property
    def module(self) -> types.SimpleNamespace:
        """In the place of the module `time`."""
        return types.SimpleNamespace(time=self.time, monotonic=self.monotonic, sleep=self.sleep)

    @property
    def datetime(self) -> type:
        """In the place of `datetime.datetime`."""
        clock = self

        class Standing(datetime.datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.datetime.fromtimestamp(clock.now, tz)

            @classmethod
            def utcnow(cls):
                return datetime.datetime.fromtimestamp(clock.now, datetime.timezone.utc).replace(tzinfo=None)

        return Standing

    # What a test asks.

    def settle(self) -> None:
        """The server knows what was slept. Before every call; sleeps without a call in between cost nothing."""
        with self._lock:
            pending, self._pending = self._pending, 0.0
            if pending > 0:
                self._put({"advance": f"{pending * 1000:.6f}ms"})

    def fault(self, **fault: object) -> None:
        self._control("POST", "faults", fault)

    def mark(self, **mark: object) -> None:
        self.settle()
        self._control("POST", "marks", mark)

    def verdict(self, *expectations: dict) -> dict:
        """The only result."""
        results = self.verdicts(*expectations)["results"]
        assert len(results) == 1, json.dumps(results, indent=1)
        return results[0]

    def verdicts(self, *expectations: dict) -> dict:
        self.settle()
        return self._control("POST", "verify", {"expect": list(expectations)})

    def calls(self) -> list[dict]:
        return self._control("GET", "calls")["calls"]
