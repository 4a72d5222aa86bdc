"""WebSockets: echo beside python `websockets`, pushes at fixed moments, and what idle sockets take."""

from __future__ import annotations

import contextlib
import json
import pathlib
import statistics
import subprocess
import sys
import urllib.request

import processes
import traffic
from costs import told
from scenes import BINARY, FOLDER, Effort, Table, scenario

HERE = pathlib.Path(__file__).parent
SIZE = 1_024
GOES_FIRST = ["chrt", "-f", "1"]


class Echo(processes.Running):
    """python `websockets`."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, HERE / "echo_server.py"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.process.stdout.readline() or 0)


def sockets(effort: Effort) -> Table:
    """WebSockets: echo beside python `websockets`, pushes each 100 ms, idle sockets"""
    table = Table("WebSocket", "what", "python `websockets`", "understudy", "ratio (lowest to highest)", "wanted")
    count = 200 if effort.is_quick else 1_000
    with talking({"echo": True}) as ours, Echo() as theirs:
        echo(table, effort, count, ours, theirs)
    each = 20 if effort.is_quick else 100
    pushes(table, count, each)
    # What is left when no other process has the processor when a push is due.
    if may_go_first():
        pushes(table, count, each, GOES_FIRST)
    many = 1_000 if effort.is_quick else 5_000
    for what, limit, most in (("while the journal keeps 100 calls", 100, "at most 1 KB"), ("with their entries in the journal", 100_000, "")):
        with talking({"echo": True}, "--journal-limit", limit) as server:
            hold(server, 200)
            before = processes.resident_bytes(server.pid)
            grown = (hold(server, many) - before) / many
            table.add(f"{many:,} idle sockets, {what}: resident memory", "", f"{grown:,.0f} B each", "", most)
    return table


def echo(table: Table, effort: Effort, count: int, ours: processes.Running, theirs: processes.Running) -> None:
    what, rates = f"{count:,} connections, {SIZE} bytes", {}
    for number in range(effort.rounds):
        for server in (ours, theirs)[:: -1 if number % 2 else 1]:
            told_of = client(server, count, "echo", effort.seconds, SIZE)
            rates.setdefault(server, []).append(told_of["got"] / told_of["seconds"])
    ratios = [mine / its for mine, its in zip(rates[ours], rates[theirs])]
    middle = {server: statistics.median(found) for server, found in rates.items()}
    table.add(f"echo, {what}: messages/s", f"{middle[theirs]:,.0f}", f"{middle[ours]:,.0f}", told(ratios), "at least 3")
    seen = client(ours, count, "pace", max(effort.seconds, 2), SIZE, middle[ours] / 2)
    lost = f"{seen['sent'] - seen['got']} lost"
    table.add(
        f"at half of that, offered at fixed moments: {seen['got'] / seen['seconds']:,.0f} messages/s", "",
        f"p50 {seen['p50_us'] / 1000:.3f} ms, p99 {seen['p99_us'] / 1000:.3f} ms, {lost}", "", "p99 at most 10 ms",
    )  # fmt: skip


def may_go_first() -> bool:
    return subprocess.run([*GOES_FIRST, "true"], capture_output=True).returncode == 0


def pushes(table: Table, count: int, each: int, under: list[str] = []) -> None:
    """The first comes when all are open; `after` counts from the message before it."""
    script = {"open": [{"text": f"push {n}", "after": "100ms" if n else "3s"} for n in range(each)]}
    with talking(script, under=under) as server:
        seen = client(server, count, "hear", each, 3_000, 100, under=under)
        asked = f"{server.url}/_understudy/calls?limit=100"
        calls = json.load(urllib.request.urlopen(asked, timeout=60))["calls"]
    late = sorted(
        message["at"] - 3_000 - 100 * n
        for call in calls
        for n, message in enumerate(m for m in call["messages"] if m["kind"] == "text")
    )
    way = ", before all other processes (`chrt -f`)" if under else ""
    table.add(
        f"{count:,} sockets, a push each 100 ms{way}: late by the journal", "",
        f"p50 {late[len(late) // 2]:.3f} ms, p99 {late[len(late) * 99 // 100]:.3f} ms", "", "p99 at most 1 ms",
    )  # fmt: skip
    lost = count * each - seen["got"]
    table.add("the same at the client", "", f"p50 {seen['p50_us'] / 1000:.3f} ms, p99 {seen['p99_us'] / 1000:.3f} ms, {lost} lost", "", "none lost")


# MARK: The client


def talking(script: dict, *arguments: object, under: list[str] = []) -> processes.Understudy:
    rule = {"name": "talk", "operation": "InvokeAgentRuntimeWithWebSocketStream", "reply": {"websocket": script}}
    return processes.Understudy(BINARY, scenario("talk", auth="none", rules=[rule]), "--auth", "off", *arguments, under=under)


def opening(server: processes.Running) -> pathlib.Path:
    path = traffic.PATH.replace("/invocations", "/ws")
    fields = {
        "Host": f"127.0.0.1:{server.port}", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    file = FOLDER / "opening"
    file.write_bytes(f"GET {path} HTTP/1.1\r\n".encode() + "".join(f"{n}: {v}\r\n" for n, v in fields.items()).encode() + b"\r\n")
    return file


@contextlib.contextmanager
def opened(server: processes.Running, count: int, *words: object, under: list[str] = []):
    command = [*under, FOLDER / "sockets", str(server.port), str(count), opening(server), *map(str, words)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        if running.stdout.readline() != "open\n":
            raise SystemExit("not every socket opened")
        yield running


def client(server: processes.Running, count: int, *words: object, under: list[str] = []) -> dict:
    with opened(server, count, *words, under=under) as running:
        return json.loads(running.stdout.readline() or "null") or sys.exit("sockets failed")


def hold(server: processes.Running, count: int) -> int:
    """Resident memory while so many are open."""
    with opened(server, count, "idle"):
        return processes.resident_bytes(server.pid)
