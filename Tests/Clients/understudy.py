"""A running server, as a user would start it, and the few things that every client test asks of it."""

from __future__ import annotations

import os
import pathlib
import socket
import subprocess
import time

import httpx

try:
    from pytest_understudy import ServerProcess
except ImportError as error:
    raise ImportError("pip install --no-deps ./packages/pytest-understudy: what is installed is older than this checkout") from error

BINARY = os.environ["UNDERSTUDY_BIN"] = os.path.abspath(os.environ.get("UNDERSTUDY_BIN", ".build/release/understudy"))


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


class Asked:
    """What is asked of a server, or of a space of it, by its `url`."""

    url: str

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


class Server(Asked, ServerProcess):
    """A server of a test's own; use it in a `with`."""

    def __init__(self, folder: pathlib.Path, *arguments: object, port: int = 0, environment: dict[str, str] | None = None):
        super().__init__(folder, *arguments, port=port, environment=environment, program=BINARY)


class TestSpace(Asked):
    """The space that the fixture of pytest-understudy made for this test, on the run's server."""

    __test__ = False

    def __init__(self, url: str):
        self.url = url
