"""What it costs everybody else when somebody asks a full journal."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import threading
import time
import urllib.request

import load
import processes
import traffic
from scenes import BINARY, FOLDER, Effort, Table, rules, scenario, stream_rule

EVERY = 0.010


class PacedStream:
    """One open stream with a frame each 10 ms. How late its frames were is known once it has ended: from the server's journal."""

    def __init__(self, server: processes.Understudy):
        self.server, self.began = server, time.monotonic()
        self.socket = socket.create_connection(("127.0.0.1", server.port))
        self.socket.sendall(traffic.written(0, **{"X-Paced": "yes"}))
        self.reading = threading.Thread(target=self.drain, daemon=True)
        self.reading.start()

    def drain(self) -> None:
        with contextlib.suppress(ConnectionError):
            while self.socket.recv(65536):
                pass

    def end(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.reading.join()
        body = json.dumps({"match": {"rule": "stream"}, "inFlight": 0, "within": "10s"}).encode()
        urllib.request.urlopen(f"{self.server.url}/_understudy/await", body, timeout=20).close()
        with urllib.request.urlopen(f"{self.server.url}/_understudy/calls?rule=stream", timeout=60) as answer:
            self.frames = json.load(answer)["calls"][0]["frames"]

    def latest(self, since: float, until: float) -> float:
        """The latest frame, in milliseconds, of those that were due between two moments of `time.monotonic`."""
        return max(
            frame["sent"] - frame["due"] for frame in self.frames if since <= self.began + frame["due"] / 1000 <= until + EVERY
        )


def calls(effort: Effort) -> Table:
    """`GET calls` and `await` over a journal of 100,000 calls: memory, and how long a paced stream stands still"""
    count = 20_000 if effort.is_quick else 100_000
    table = Table(
        f"Asking a journal of {count:,} calls while a stream sends a frame each 10 ms",
        "what", "took", "extra resident memory", "latest frame meanwhile", "at most",
    )  # fmt: skip
    paced = stream_rule(5_000, "10ms", "10ms")[0] | {"when": {"header": {"X-Paced": "yes"}}}
    served = scenario("full", rules=[paced, *rules(20)])
    requests = traffic.write(FOLDER / "requests", [traffic.written(number) for number in range(traffic.DISTINCT)])
    with processes.Understudy(BINARY, served, "--auth", "off") as server:
        load.measure(server, requests, 600, count=count)
        stream = PacedStream(server)
        asked = [
            ask(server, "nothing asked for a second", lambda: time.sleep(1), ""),
            ask(server, "`GET calls`", lambda: get(server, ""), "4 MB; 10 ms"),
            ask(server, "`GET calls?status=403`, which none is", lambda: get(server, "?status=403"), "10 ms"),
            ask(server, "`POST await` for one call more, 1 s", lambda: wait(server, count), "10 ms"),
        ]
        stream.end()
    for what, began, ended, grown, most in asked:
        table.add(what, f"{ended - began:.2f} s", f"{grown / 1e6:.1f} MB", f"{stream.latest(began, ended):.1f} ms late", most)
    return table


def ask(server, what: str, action, most: str) -> tuple[str, float, float, int, str]:
    time.sleep(0.2)
    peak, began = processes.Peak(server.pid), time.monotonic()
    action()
    ended = time.monotonic()
    return what, began, ended, peak.grown(), most


def get(server: processes.Understudy, query: str) -> None:
    subprocess.run(["curl", "-sS", "-f", "-o", "/dev/null", f"{server.url}/_understudy/calls{query}"], check=True, timeout=120)


def wait(server: processes.Understudy, count: int) -> None:
    body = json.dumps({"match": {"status": "200"}, "atLeast": count + 2, "within": "1s"})
    subprocess.run(
        ["curl", "-sS", "-o", "/dev/null", "-d", body, f"{server.url}/_understudy/await"], check=True, timeout=120
    )
