"""Paced streams: how late their frames are, and what they and idle connections take of memory."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import urllib.request

import load
import processes
import traffic
from scenes import BINARY, FOLDER, Effort, Table, scenario, stream_rule
from starts import binaries


def streams(effort: Effort) -> Table:
    """lateness of paced streams: one of 500 frames, then 1,000 and 10,000 at once"""
    table = Table("How late frames are", "what", "by the journal", "at the client", "at most, by the journal")
    drift(table)
    for count, wanted in ((1_000, "p99 0.25 ms"), (10_000, "p50 0.1 ms, p99 10 ms"))[: 1 if effort.is_quick else 2]:
        frames = 10 if effort.is_quick else 50
        with paced(frames, "100ms", "3s") as server:
            seen, _ = open_streams(server, count, frames, first=3000, every=100, ramp=5_000)
            tell(table, f"{count:,} open streams, a frame each 100 ms", server, seen, wanted, min(count, 500))
    return table


def drift(table: Table) -> None:
    with paced(500, "20ms", "20ms") as server:
        seen, _ = open_streams(server, 1, 500, first=20, every=20, ramp=1_000)
        tell(table, "one stream, 20 ms × 500 frames", server, seen, "p99 0.25 ms", 1)
        frames = journal(server, 1)[0]["frames"]
    late = [frame["sent"] - frame["due"] for frame in frames]
    table.add("the same: last frame against the first", f"{(late[-1] - late[0]) * 1000:+.0f} µs", "", "no drift")


def memory(effort: Effort) -> Table:
    """resident memory: idle, for each idle connection, for each open stream"""
    table = Table("Resident memory", "what", "figure", "at most")
    for name, most in (("dynamic", "13 MB"), ("static", "8 MB")):
        if name in binaries():
            with processes.Understudy(binaries()[name]) as server:
                load.sample(server.port, traffic.signed(1)[0])
                table.add(f"idle, {name}", f"{processes.resident_bytes(server.pid) / 1e6:.1f} MB", most)
    counts = (1_000,) if effort.is_quick else (1_000, 10_000)
    for count in counts:
        table.add(f"{count:,} idle keep-alive connections", f"{connections(count):,.0f} B each", "512 B")
    for count in counts:
        table.add(f"{count:,} open streams, while the journal keeps 100 calls", f"{opened(count, '100'):,.0f} B each", "1 KB")
        table.add(f"{count:,} open streams with their entries in the journal", f"{opened(count, '100000'):,.0f} B each", "")
    return table


def connections(count: int) -> float:
    """Idle keep-alive connections that have each made one call of one session; the journal keeps the last hundred."""
    with processes.Understudy(BINARY, "--auth", "off", "--journal-limit", "100") as server, contextlib.ExitStack() as held:
        with contextlib.ExitStack() as before:
            hold(server, 200, before)
        memory = processes.resident_bytes(server.pid)
        hold(server, count, held)
        return (processes.resident_bytes(server.pid) - memory) / count


def hold(server: processes.Understudy, count: int, held: contextlib.ExitStack) -> None:
    request = traffic.written(0)
    for _ in range(count):
        connection = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        connection.sendall(request)
        connection.recv(65536)


def opened(count: int, limit: str) -> float:
    with paced(5, "100ms", "3s", "--journal-limit", limit) as server:
        open_streams(server, 200, 5, first=3000, every=100, ramp=5_000)
        _, grown = open_streams(server, count, 5, first=3000, every=100, ramp=5_000)
        return grown / count


# MARK: The client


def paced(frames: int, every: str, first: str, *arguments: str) -> processes.Understudy:
    return processes.Understudy(BINARY, scenario("streams", rules=stream_rule(frames, every, first)), "--auth", "off", *arguments)


def open_streams(server, count: int, frames: int, *, first: int, every: int, ramp: int) -> tuple[dict, int]:
    """What the client saw, and by how much the server had grown when all were open."""
    request = FOLDER / "request"
    request.write_bytes(traffic.written(0, Accept="text/event-stream", Connection="close"))
    before = processes.resident_bytes(server.pid)
    words = [server.port, count, frames, first, every, ramp, request]
    client = subprocess.Popen([FOLDER / "streams", *map(str, words)], stdout=subprocess.PIPE, text=True)
    if client.stdout.readline() != "open\n":
        raise SystemExit("not every stream opened")
    grown = processes.resident_bytes(server.pid) - before
    told = json.loads(client.stdout.readline())
    client.wait(timeout=60)
    return told, grown


def journal(server: processes.Understudy, limit: int) -> list[dict]:
    with urllib.request.urlopen(f"{server.url}/_understudy/calls?limit={limit}", timeout=30) as answer:
        return json.load(answer)["calls"]


def tell(table: Table, what: str, server, seen: dict, wanted: str, asked: int) -> None:
    late = sorted(frame["sent"] - frame["due"] for call in journal(server, asked) for frame in call["frames"])
    table.add(
        what, f"p50 {late[len(late) // 2]:.3f} ms, p99 {late[len(late) * 99 // 100]:.3f} ms",
        f"p50 {seen['p50_us'] / 1000:.3f} ms, p99 {seen['p99_us'] / 1000:.3f} ms, {seen['expected'] - seen['got']} lost", wanted,
    )  # fmt: skip
