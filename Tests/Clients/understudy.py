"""A running server, as a user would start it, and the few things that every client test asks of it."""

from __future__ import annotations

import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import time

import httpx

BINARY = os.path.abspath(os.environ.get("UNDERSTUDY_BIN", ".build/release/understudy"))
START_SECONDS = 20


def run(*arguments: object, **options) -> subprocess.CompletedProcess:
    """Runs one command of the program to its end."""
    return subprocess.run(
        [BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, **options
    )


def struck_by(call: dict) -> list[str]:
    """The names of the faults that were to strike the call."""
    return [fault["name"] for fault in call["faults"]]


def until(holds, seconds: float = 20) -> None:
    """For what nobody can be asked to wait for: a file that grows, another program that hears of something."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`understudy serve` as a child process; use it in a `with`."""

    def __init__(self, folder: pathlib.Path, *arguments: object, port: int = 0, environment: dict[str, str] | None = None):
        self.environment = environment
        self.ready_file = folder / f"ready-{os.urandom(4).hex()}.json"
        self.arguments = [BINARY, "serve", "--port", str(port), "--ready-file", str(self.ready_file)]
        self.arguments += map(str, arguments)
        self.log = folder / "server.log"

    def __enter__(self) -> "Server":
        self.process = subprocess.Popen(
            self.arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log.open("a"), text=True,
            env=self.environment,
        )  # fmt: skip
        self.ready_line = self._read_ready_line()
        self.ready = json.loads(self.ready_line)
        self.url: str = self.ready["url"]
        return self

    def _read_ready_line(self) -> str:
        answered, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        line = self.process.stdout.readline() if answered else ""
        if not line:
            self.process.kill()
            raise AssertionError(f"the server did not start: {self.log.read_text()}")
        return line

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.stop()

    def stop(self, by: int = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        try:
            return self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"the server did not stop: {self.log.read_text()}")

    @property
    def control(self) -> str:
        return f"{self.url}/_understudy"

    def calls(self, **query: object) -> list[dict]:
        """The journal, oldest first. A call is in it from its arrival, so there is nothing to wait for."""
        found = httpx.get(f"{self.control}/calls", params=query).raise_for_status().json()
        return sorted(found["calls"] if isinstance(found, dict) else found, key=lambda call: call["number"])

    def await_calls(self, count: int, **match: object) -> list[dict]:
        """So many calls that match, once all of them have come."""
        asked = {"match": match, "atLeast": count, "within": "10s"}
        httpx.post(f"{self.control}/await", json=asked, timeout=20).raise_for_status()
        return self.calls(**match)

    def last_call(self, **query: object) -> dict:
        return self.calls(**query)[-1]

    def journal_text(self) -> str:
        return httpx.get(f"{self.control}/calls").raise_for_status().text

    def token(self, **body: object) -> str:
        return httpx.post(f"{self.control}/tokens", json=body).raise_for_status().json()["token"]
