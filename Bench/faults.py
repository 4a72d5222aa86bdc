"""What faults cost that do not strike, how exact injected latency is, and what a hung connection holds."""

from __future__ import annotations

import argparse
import contextlib
import json
import pathlib
import socket
import statistics
import subprocess
import urllib.request

import load
import processes
from scenes import FOLDER, Table, scenario, stream_rule

# Faults that look at every call of the agent and let it pass.
IDLE = [
    {"name": "late", "fault": "latency", "delay": "100ms", "on": {"calls": "1000000000+"}},
    {"name": "seldom", "fault": "error", "status": 503, "on": {"every": 1000000000}},
    {"name": "elsewhere", "fault": "hang", "on": {"session": "nobody-*"}},
    {"name": "other", "fault": "throttle", "rate": "1/s", "agent": "other-*"},
]
ECHO = [{"name": "echo", "reply": {"echo": True}}]


class Figures:
    def __init__(self, options: argparse.Namespace, binary: str):
        self.options, self.binary = options, binary
        self.table = Table("Faults", "what", "figure", "wanted")
        self.plain = load.Request(dict(load.FIELDS))

    def run(self) -> None:
        for part in (self.armed, self.injected, self.hung):
            if not self.options.only or self.options.only in part.__name__:
                with self.table.row(part.__name__):
                    part()

    def armed(self) -> None:
        """Two servers with the same library, one with faults; each round measures both, in turns first."""
        bare, armed = scenario("bare", rules=ECHO), scenario("armed", rules=ECHO, faults=IDLE)
        ratios = []
        with (
            processes.Understudy(self.binary, bare, "--auth", "off") as without,
            processes.Understudy(self.binary, armed, "--auth", "off") as with_faults,
        ):
            for server in (without, with_faults):
                self.once(server, 1)
            for number in range(self.options.rounds):
                order = [without, with_faults] if number % 2 == 0 else [with_faults, without]
                rates = {id(server): self.once(server, self.options.seconds).rate for server in order}
                ratios.append(rates[id(with_faults)] / rates[id(without)])
        text = f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"
        self.table.add(f"requests per second with {len(IDLE)} armed faults that do not strike, against none", text, "0.97")

    def once(self, server, seconds) -> load.Result:
        return load.measure(server, load.Load(self.plain, 64), seconds, FOLDER)

    def injected(self) -> None:
        """100 ms before the head, from the request's arrival to the first byte, as the journal tells it."""
        late = [{"name": "late", "fault": "latency", "delay": "100ms"}]
        library = scenario("late", rules=stream_rule(1, "0ms", "0ms"), faults=late)
        for count, runs, wanted in ((64, 20, "p99 0.3 ms, never early"), (1_000, 3, "p99 0.6 ms, never early")):
            with processes.Understudy(self.binary, library, "--auth", "off") as server:
                for _ in range(runs):
                    self.streams(server, count)
                with urllib.request.urlopen(f"{server.url}/_understudy/calls?limit={count * runs}", timeout=30) as answer:
                    calls = json.load(answer)["calls"]
            errors = sorted(call["firstByte"] - 100 for call in calls)
            text = f"p50 {errors[len(errors) // 2]:.3f} ms, p99 {errors[len(errors) * 99 // 100]:.3f} ms, least {errors[0]:+.3f} ms"
            self.table.add(f"an injected 100 ms, {count:,} calls at once: error", text, wanted)

    def streams(self, server, count) -> None:
        request = FOLDER / "request"
        request.write_bytes(self.plain.bytes(server.port, Accept="text/event-stream", Connection="close"))
        words = [server.port, count, 1, 100, 100, count * 12, request]
        subprocess.run([FOLDER / "streams", *map(str, words)], stdout=subprocess.DEVNULL, check=True, timeout=60)

    def hung(self) -> None:
        library = scenario("hung", rules=ECHO, faults=[{"name": "silent", "fault": "hang"}])
        count = 1_000
        with processes.Understudy(self.binary, library, "--auth", "off") as server, contextlib.ExitStack() as held:
            self.hang(server, 10, held)
            memory, threads = processes.resident_bytes(server.pid), self.threads(server)
            self.hang(server, count, held)
            self.await_calls(server, count + 10)
            grown = (processes.resident_bytes(server.pid) - memory) / count
            more = self.threads(server) - threads
        self.table.add(f"{count:,} hung connections", f"{grown:,.0f} B each, {more} threads", "16 KB, no thread")

    def hang(self, server, count, held) -> None:
        request = self.plain.bytes(server.port)
        for _ in range(count):
            connection = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(request)

    def await_calls(self, server, count) -> None:
        body = json.dumps({"match": {}, "atLeast": count, "within": "10s"}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{server.url}/_understudy/await", body, method="POST"), timeout=20)

    def threads(self, server) -> int:
        return len(list(pathlib.Path(f"/proc/{server.pid}/task").iterdir()))
