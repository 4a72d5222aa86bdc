"""What faults cost that do not strike, how exact injected latency is, and what a hung connection holds."""

from __future__ import annotations

import contextlib
import json
import pathlib
import socket
import subprocess
import urllib.request

import processes
import traffic
from costs import Rounds, told
from scenes import BINARY, FOLDER, Effort, Table, rules, scenario, stream_rule
from streams import journal

# Faults that look at every call of the agent and let it pass.
IDLE = [
    {"name": "late", "fault": "latency", "delay": "100ms", "on": {"calls": "1000000000+"}},
    {"name": "seldom", "fault": "error", "status": 503, "on": {"every": 1000000000}},
    {"name": "elsewhere", "fault": "hang", "on": {"session": "nobody-*"}},
    {"name": "other", "fault": "throttle", "rate": "1/s", "agent": "other-*"},
]


def faults(effort: Effort) -> Table:
    """armed faults that do not strike, exactness of injected latency, memory of hung connections"""
    table = Table("Faults", "what", "figure", "at most")
    armed(table, effort)
    injected(table, effort)
    hung(table)
    return table


def armed(table: Table, effort: Effort) -> None:
    file = traffic.write(FOLDER / "requests", [traffic.written(number) for number in range(traffic.DISTINCT)])
    rounds = Rounds(effort)
    with contextlib.ExitStack() as running:
        for name, entries in (("bare", []), ("armed", IDLE)):
            served = scenario(name, rules=rules(20), faults=entries)
            rounds.servers[name] = running.enter_context(processes.Understudy(BINARY, served, "--auth", "off"))
        rounds.run(file)
    what = f"CPU a request with {len(IDLE)} armed faults that do not strike, × without"
    table.add(what, told(rounds.ratios("armed", "bare"), 3), "1.03")


def injected(table: Table, effort: Effort) -> None:
    """100 ms before the head, from the request's arrival to the first byte, as the journal tells it."""
    late = [{"name": "late", "fault": "latency", "delay": "100ms"}]
    library = scenario("late", rules=stream_rule(1, "0ms", "0ms"), faults=late)
    for count, runs, wanted in ((64, 20, "p99 0.3 ms, never early"), (1_000, 3, "p99 0.6 ms, never early")):
        runs = 2 if effort.is_quick else runs
        with processes.Understudy(BINARY, library, "--auth", "off") as server:
            for _ in range(runs):
                streams_at_once(server, count)
            errors = sorted(call["firstByte"] - 100 for call in journal(server, count * runs))
        text = f"p50 {errors[len(errors) // 2]:.3f} ms, p99 {errors[len(errors) * 99 // 100]:.3f} ms, least {errors[0]:+.3f} ms"
        table.add(f"an injected 100 ms, {count:,} calls at once: error", text, wanted)


def streams_at_once(server: processes.Understudy, count: int) -> None:
    request = FOLDER / "request"
    request.write_bytes(traffic.written(0, Accept="text/event-stream", Connection="close"))
    words = [server.port, count, 1, 100, 100, count * 12, request]
    subprocess.run([FOLDER / "streams", *map(str, words)], stdout=subprocess.DEVNULL, check=True, timeout=60)


def hung(table: Table) -> None:
    library = scenario("hung", rules=rules(1), faults=[{"name": "silent", "fault": "hang"}])
    count = 1_000
    with processes.Understudy(BINARY, library, "--auth", "off") as server, contextlib.ExitStack() as held:
        hang(server, 10, held)
        memory, threads = processes.resident_bytes(server.pid), threads_of(server)
        hang(server, count, held)
        await_calls(server, count + 10)
        grown = (processes.resident_bytes(server.pid) - memory) / count
        more = threads_of(server) - threads
    table.add(f"{count:,} hung connections", f"{grown:,.0f} B each, {more} threads", "16 KB, no thread")


def hang(server: processes.Understudy, count: int, held: contextlib.ExitStack) -> None:
    request = traffic.written(0)
    for _ in range(count):
        connection = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        connection.sendall(request)


def await_calls(server: processes.Understudy, count: int) -> None:
    body = json.dumps({"match": {}, "atLeast": count, "within": "10s"}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{server.url}/_understudy/await", body, method="POST"), timeout=20)


def threads_of(server: processes.Understudy) -> int:
    return len(list(pathlib.Path(f"/proc/{server.pid}/task").iterdir()))
