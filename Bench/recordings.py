"""What recording, passing on and replaying cost; and what is left of a recording whose program is killed."""

from __future__ import annotations

import contextlib
import http.client
import json
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import time

import load
import processes
import streams
import traffic
from scenes import BINARY, FOLDER, Effort, Table, scenario, stream_rule

sys.path.append(str(pathlib.Path(__file__).parent.parent / "Tests" / "Clients"))
from killing import KilledRecorder  # noqa: E402
from plain_agent import PlainAgent, chunked, whole  # noqa: E402

BODY = b'{"response": {"role": "assistant", "content": [{"text": "You said sushi"}]}}'
MEGABYTE = 1_000_000


def fresh(name: str) -> pathlib.Path:
    """No file of that name, nor anything beside it."""
    for file in FOLDER.glob(f"{name}*"):
        file.unlink()
    return FOLDER / name


# MARK: Throughput


def passing(effort: Effort) -> Table:
    """calls passed on, and passed on and recorded, beside nginx as a proxy"""
    table = Table(
        "Passing on: small JSON, unsigned, `--auth off`, 64 connections, journal in memory; nginx answers behind all of them",
        "what", "requests/s", "× nginx as a proxy (lowest to highest)", "at least",
    )  # fmt: skip
    requests = traffic.write(FOLDER / "requests", [traffic.written(number) for number in range(traffic.DISTINCT)])
    with processes.Nginx(FOLDER, 200, [("Content-Type", "application/json")], BODY) as back:
        behind = f"http://127.0.0.1:{back.port}"
        kinds = {
            "nginx as a proxy": lambda: processes.NginxProxy(FOLDER, back.port),
            "passed on": lambda: processes.Understudy(BINARY, "--auth", "off", "--upstream", behind),
            "recorded": lambda: processes.Understudy(
                BINARY, "--auth", "off", "--upstream", behind, "--record", fresh("passing.sqlite")
            ),
        }
        rates = {name: [] for name in kinds}
        for _ in range(effort.rounds):
            for name, start in kinds.items():
                with start() as server:
                    rates[name].append(load.measure(server, requests, effort.seconds).rate)
    base = rates["nginx as a proxy"]
    for (name, found), wanted in zip(rates.items(), ("", "0.7", "0.5")):
        ratios = [rate / other for rate, other in zip(found, base)]
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        table.add(name, f"{statistics.median(found):,.0f}", spread, wanted)
    return table


def latency(effort: Effort) -> Table:
    """how much later the first byte and each frame come because they are recorded"""
    table = Table("What recording adds to a stream that is passed on", "what", "first byte, p50; p99", "frames, p50; p99", "at most, p99")
    count, frames = (20, 10) if effort.is_quick else (50, 50)
    behind = scenario("streams", rules=stream_rule(frames, "50ms", "200ms"))
    found = {}
    with processes.Understudy(BINARY, behind, "--auth", "off") as back:
        for name, more in (("passed on", []), ("recorded", ["--record", fresh("latency.sqlite")])):
            with processes.Understudy(BINARY, "--auth", "off", "--upstream", back.url, *more) as server:
                seen, _ = streams.open_streams(server, count, frames, first=200, every=50, ramp=1_000)
                first = sorted(call["firstByte"] - call["upstream"]["firstByte"] for call in streams.journal(server, count))
                found[name] = (first[len(first) // 2], first[len(first) * 99 // 100], seen["p50_us"] / 1000, seen["p99_us"] / 1000)
                table.add(f"{name}, {count} streams", *(f"{a:.3f}; {b:.3f} ms" for a, b in (found[name][:2], found[name][2:])), "")
    added = [b - a for a, b in zip(found["passed on"], found["recorded"])]
    table.add("added", f"{added[0]:.3f}; {added[1]:.3f} ms", f"{added[2]:.3f}; {added[3]:.3f} ms", "1 ms")
    return table


# MARK: Replay


def replays(effort: Effort) -> Table:
    """how late frames are that are replayed at their own speed, 200 streams at once"""
    table = Table("Replay at original speed", "what", "by the journal", "at the client", "at most, by the journal")
    count, frames = 200, 20 if effort.is_quick else 100
    recorded = [{"at": f"{1000 + 100 * n}ms", "text": f'data: {{"n": {n}}}\n\n'} for n in range(frames)]
    calls = [recorded_call(json.loads(traffic.payload(0)), {"headers": {"Content-Type": "text/event-stream"}, "frames": recorded})]
    with processes.Understudy(BINARY, recording("replays", calls), "--auth", "off") as server:
        seen, _ = streams.open_streams(server, count, frames, first=1000, every=100, ramp=1_000)
        streams.tell(table, f"{count} streams, a frame each 100 ms × {frames}", server, seen, "p99 2 ms", count)
        last = [call["frames"] for call in streams.journal(server, count)]
    drift = [(call[-1]["sent"] - call[-1]["due"]) - (call[0]["sent"] - call[0]["due"]) for call in last]
    table.add("the same: last frame against the first, median", f"{statistics.median(drift) * 1000:+.0f} µs", "", "no drift")
    return table


def among(effort: Effort) -> Table:
    """what one replayed call costs among ten recorded ones and among 100,000"""
    table = Table("Replay of one call, `--auth off`", "recorded calls", "CPU µs a request", "× ten (lowest to highest)", "at most")
    calls = [recorded_call(json.loads(traffic.payload(number)), {"json": json.loads(BODY)}) for number in range(10)]
    many = 20_000 if effort.is_quick else 100_000
    files = {10: recording("ten", calls), many: recording("many", calls)}
    with sqlite3.connect(files[many]) as library:
        library.execute(
            """WITH RECURSIVE n(i) AS (SELECT 11 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
            INSERT INTO recorded_calls (recording, position, agent, session, request_body, reply_headers, reply_body)
            SELECT recording, i * 10, agent, 'session-' || i, json_object('prompt', 'call ' || i), reply_headers, reply_body
            FROM n, (SELECT * FROM recorded_calls ORDER BY id LIMIT 1)""", [many],
        )  # fmt: skip
    requests = traffic.write(FOLDER / "requests", [traffic.written(number % 10) for number in range(traffic.DISTINCT)])
    costs: dict[int, list[float]] = {count: [] for count in files}
    for _ in range(effort.rounds):
        for count, file in files.items():
            with processes.Understudy(BINARY, file, "--auth", "off") as server:
                costs[count].append(load.measure(server, requests, effort.seconds).cpu_microseconds)
    for count, found in costs.items():
        ratios = [cost / ten for cost, ten in zip(found, costs[10])]
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        table.add(f"{count:,}", f"{statistics.median(found):.1f}", spread, "" if count == 10 else "1.2")
    return table


def recorded_call(payload: object, reply: dict) -> dict:
    return {"agent": traffic.ARN, "recording": "bench", "request": {"json": payload, "spaced": True}, "reply": reply}


def recording(name: str, calls: list[dict]) -> pathlib.Path:
    text, file = FOLDER / f"{name}.json", fresh(f"{name}.sqlite")
    text.write_text(json.dumps({"understudy": 1, "agents": [{"arn": traffic.ARN, "auth": "any"}], "recorded": calls}))
    subprocess.run([BINARY, "load", text, "--into", file], check=True, stdout=subprocess.DEVNULL)
    return file


# MARK: Memory


def long(effort: Effort) -> Table:
    """resident memory while 100 MB are passed on, recorded and replayed"""
    size = 20 if effort.is_quick else 100
    table = Table(f"{size} MB through one connection", "what", "took", "extra resident memory at its peak", "at most")
    event = b'data: "%s"\n\n' % (b"lorem ipsum dolor sit amet " * 2_400)
    stream = chunked(*[event] * (size * MEGABYTE // len(event)))

    def answer(connection, request):
        connection.sendall(stream if len(request) < MEGABYTE else whole(b"{}"))

    file = fresh("long.sqlite")
    with PlainAgent(answer) as agent:
        with processes.Understudy(BINARY, "--auth", "off", "--forward", agent.url) as server:
            through(table, "a request, passed on", server, b'{"a": "' + b"x" * (size * MEGABYTE - 9) + b'"}')
            through(table, "a stream, passed on", server, b"{}")
        with processes.Understudy(BINARY, "--auth", "off", "--forward", agent.url, "--record", file) as server:
            through(table, "a stream, recorded", server, b"{}")
            peak, began = processes.Peak(server.pid), time.monotonic()
            server.process.terminate()
            grown = 0
            # A process that has ended has no memory to tell of.
            with contextlib.suppress(ValueError, OSError):
                while server.process.poll() is None:
                    grown = max(grown, peak.grown())
                    time.sleep(0.01)
            server.process.wait()
            table.add("its end: the final scan", f"{time.monotonic() - began:.2f} s", f"{grown / 1e6:.1f} MB", "24 MB")
    with processes.Understudy(BINARY, "--auth", "off", "--speed", "max", file) as server:
        through(table, "a stream, replayed", server, b"{}")
    return table


def through(table: Table, what: str, server: processes.Understudy, body: bytes) -> None:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    ask(client, b'{"before": "' + b"x" * MEGABYTE + b'"}')
    peak, began = processes.Peak(server.pid), time.monotonic()
    ask(client, body)
    table.add(what, f"{time.monotonic() - began:.2f} s", f"{peak.grown() / 1e6:.1f} MB", "24 MB")


def ask(client: http.client.HTTPConnection, body: bytes) -> None:
    client.request("POST", traffic.PATH, body, {"Content-Type": "application/json"})
    answer = client.getresponse()
    # A refusal would take no memory either.
    assert answer.status == 200, answer.status
    while answer.read(MEGABYTE):
        pass


# MARK: Killed


def kills(effort: Effort) -> Table:
    """kill -9 at 200 random points of a recording: what is in the file"""
    count = 20 if effort.is_quick else 200
    table = Table(f"kill -9 at {count} random points of a recording", "what", "figure", "wanted")
    recorder = KilledRecorder(BINARY, fresh("killed.sqlite"), seed=4_711)
    recorder.rounds(count)
    table.add("libraries that opened, held every finished call and no torn one", f"{count} of {count}", "all")
    table.add("calls that were finished", f"{len(recorder.finished):,}", "")
    return table
