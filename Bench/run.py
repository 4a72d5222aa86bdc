"""`make bench`: Understudy beside nginx on this machine, in the same minutes, as ratios.

Every comparison runs in pairs, nginx then Understudy and the other way round, and takes the median of the pairs' ratios. nginx
answers the same requests with the same bytes from its configuration: it verifies, matches and journals nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import resource
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

import faults
import load
import processes
import tokens
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from scenes import FOLDER, KEY, SECRET, Table, rules, scenario, stream_rule

HERE = pathlib.Path(__file__).parent
BINARY = os.environ.get("UNDERSTUDY_BIN", ".build/release/understudy")
STATIC = pathlib.Path(".build/static/understudy")
NEW_TOKENS = 20_000


# --- The requests ------------------------------------------------------------------------------------------------------------


def signed(port: int) -> load.Request:
    """Signed like boto3 signs; good for five minutes, so it is made anew for each run."""
    request = AWSRequest("POST", f"http://127.0.0.1:{port}{load.PATH}", data=load.BODY, headers=load.FIELDS)
    SigV4Auth(Credentials(KEY, SECRET), "bedrock-agentcore", "us-east-1").add_auth(request)
    return load.Request(dict(request.headers))


def bearer(token: str) -> load.Request:
    return load.Request(load.FIELDS | {"Authorization": f"Bearer {token}"})


# --- Requests per second, in pairs -------------------------------------------------------------------------------------------


class Comparison:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.issuer = tokens.Issuer()
        self.table = Table(
            "Requests per second, one understudy process beside one nginx worker",
            "what", "connections", "nginx", "understudy", "ratio (lowest to highest)", "wanted", "CPU µs a request: nginx, understudy",
        )  # fmt: skip

    def run(self) -> None:
        plain = load.Request(dict(load.FIELDS))
        for connections in (64, 256):
            self.row("JSON echo, `--auth off`", connections, "0.90", ["--auth", "off"], lambda _: plain)
        matched = scenario("matched", rules=rules(20))
        for connections in (64, 256):
            self.row("SigV4 verified, 20th rule matched", connections, "0.75", [matched], signed)
        self.row("the same, journal to a file", 64, "0.60", [matched, "--journal", FOLDER / "journal.sqlite"], signed)
        authorizer = {"jwt": {"discoveryUrl": self.issuer.discovery, "allowedClients": [tokens.CLIENT]}}
        bearing = scenario("bearer", auth=authorizer, rules=rules(20))
        one = self.issuer.write(FOLDER / "one", 0, 2).read_text().splitlines()[0]
        self.row("RS256 token seen before", 64, "0.70", [bearing], lambda _: bearer(one))
        self.row("RS256, a new token each time", 64, "0.25", [bearing], lambda _: bearer(one), new_tokens=True)
        streaming = scenario("streaming", rules=stream_rule(5, "0ms", "0ms"))
        self.row("server-sent events, 5 frames a call", 64, "", [streaming, "--auth", "off"], lambda _: plain)

    def row(self, what, connections, wanted, arguments, request_for, new_tokens=False) -> None:
        if not self.options.only or self.options.only in what:
            with self.table.row(what):
                self.compare(what, connections, wanted, arguments, request_for, new_tokens)

    def compare(self, what, connections, wanted, arguments, request_for, new_tokens) -> None:
        journal = FOLDER / "journal.sqlite"
        for file in FOLDER.glob("journal.sqlite*"):
            file.unlink()
        seconds = 1 if new_tokens else self.options.seconds
        pairs, notes = [], []
        with processes.Understudy(BINARY, *arguments) as understudy:
            answer = load.sample(understudy.port, request_for(understudy.port))
            with processes.Nginx(FOLDER, *answer) as nginx:
                self.once(nginx, request_for, connections, 1, None)
                self.once(understudy, request_for, connections, 1, None)
                for number in range(self.options.rounds):
                    file = self.fresh_tokens(number) if new_tokens else None
                    order = [nginx, understudy] if number % 2 == 0 else [understudy, nginx]
                    results = {id(server): self.once(server, request_for, connections, seconds, file) for server in order}
                    pairs.append((results[id(nginx)], results[id(understudy)]))
                    if results[id(understudy)].failed:
                        notes.append(f"{results[id(understudy)].failed} failed")
                    if new_tokens and results[id(understudy)].requests > NEW_TOKENS:
                        notes.append("tokens ran out")
        self.tell(what, connections, wanted, pairs, notes)
        if journal.exists():
            journal.unlink()

    def fresh_tokens(self, number: int) -> pathlib.Path:
        return self.issuer.write(FOLDER / "tokens", 10 + number * NEW_TOKENS, NEW_TOKENS)

    def once(self, server, request_for, connections, seconds, file) -> load.Result:
        return load.measure(server, load.Load(request_for(server.port), connections, file), seconds, FOLDER)

    def tell(self, what, connections, wanted, pairs, notes) -> None:
        ratios = [ours.rate / theirs.rate for theirs, ours in pairs]

        def middle(values) -> float:
            return statistics.median(values)

        theirs_rate, ours_rate = (middle([pair[side].rate for pair in pairs]) for side in (0, 1))
        theirs_cpu, ours_cpu = (middle([pair[side].cpu_microseconds for pair in pairs]) for side in (0, 1))
        self.table.add(
            what + (f" ({', '.join(sorted(set(notes)))})" if notes else ""), str(connections),
            f"{theirs_rate:,.0f}", f"{ours_rate:,.0f}",
            f"{middle(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})", wanted, f"{theirs_cpu:.1f}, {ours_cpu:.1f}",
        )  # fmt: skip


# --- Start, memory, streams --------------------------------------------------------------------------------------------------


class Figures:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.table = Table("Start, memory, lateness", "what", "figure", "wanted")
        self.plain = load.Request(dict(load.FIELDS))

    def run(self) -> None:
        for part in (self.start, self.idle, self.connections, self.memory, self.streams, self.drift):
            if not self.options.only or self.options.only in part.__name__:
                with self.table.row(part.__name__):
                    part()

    def start(self) -> None:
        """1,000 rules in an SQLite library, to the first answered call."""
        library = FOLDER / "thousand.sqlite"
        library.unlink(missing_ok=True)
        text = scenario("thousand", rules=rules(1_000))
        subprocess.run([BINARY, "load", text, "--into", library], check=True, stdout=subprocess.DEVNULL)
        answer = (200, [("Content-Type", "application/json")], b"{}")
        with processes.Nginx(FOLDER, *answer) as nginx:
            command, port = nginx.command, nginx.port
        self.started("nginx", "", port, command)
        for name, binary, wanted in self.binaries():
            port = processes.free_port()
            command = [binary, "serve", str(library), "--auth", "off", "--quiet", "--port", str(port)]
            self.started(f"understudy, {name}, 1,000 rules", wanted["start"], port, command)

    def started(self, what: str, wanted: str, port: int, command: list[str]) -> None:
        request = FOLDER / "request"
        request.write_bytes(self.plain.bytes(port))
        ran = subprocess.run([FOLDER / "start", str(port), request, "20", *command], capture_output=True, text=True, timeout=120)
        if ran.returncode != 0:
            raise SystemExit(f"bench: {ran.stderr}")
        figures = sorted(float(line) / 1000 for line in ran.stdout.split())
        self.table.add(f"start to first answer, {what}", f"{statistics.median(figures):.2f} ms (best {figures[0]:.2f})", wanted)

    def binaries(self):
        yield "dynamic", BINARY, {"start": "8 ms", "memory": "13 MB"}
        if STATIC.exists():
            yield "static", str(STATIC), {"start": "2 ms", "memory": "6 MB"}

    def idle(self) -> None:
        for name, binary, wanted in self.binaries():
            with processes.Understudy(binary) as server:
                load.sample(server.port, signed(server.port))
                memory = processes.resident_bytes(server.pid) / 1e6
                self.table.add(f"resident memory idle, {name}", f"{memory:.1f} MB", wanted["memory"])

    def connections(self) -> None:
        """Idle keep-alive connections that have each made one call; the journal keeps the last hundred."""
        for count in (1_000, 10_000):
            with processes.Understudy(BINARY, "--auth", "off", "--journal-limit", "100") as server:
                self.hold(server, 200)
                before = processes.resident_bytes(server.pid)
                with contextlib.ExitStack() as held:
                    self.hold(server, count, held)
                    grown = processes.resident_bytes(server.pid) - before
                self.table.add(f"{count:,} idle keep-alive connections", f"{grown / count:,.0f} B each", "512 B")

    def hold(self, server: processes.Understudy, count: int, held: contextlib.ExitStack | None = None, wait=True) -> None:
        request = self.plain.bytes(server.port)
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", server.port))
            connection.sendall(request)
            if wait:
                connection.recv(65536)
            if held is not None:
                held.enter_context(connection)
            else:
                connection.close()

    def streams(self) -> None:
        for count, frames, wanted in ((1_000, 50, "p99 0.25 ms"), (10_000, 50, "p50 0.1 ms, p99 10 ms")):
            library = scenario("streams", rules=stream_rule(frames, "100ms", "3s"))
            with processes.Understudy(BINARY, library, "--auth", "off") as server:
                self.journal(server, 1)
                before = processes.resident_bytes(server.pid)
                seen, grown = self.open_streams(server, count, frames, first=3000, every=100, ramp=5_000, before=before)
                what = f"{count:,} open streams, a frame each 100 ms"
                self.tell_streams(what, count, server, seen, wanted)
                self.table.add(f"{what}: memory with the call's journal entry", f"{grown / count:,.0f} B each", "")

    def memory(self) -> None:
        """Open streams while the journal keeps the last hundred calls: what a stream itself takes."""
        for count in (1_000, 10_000):
            library = scenario("streams", rules=stream_rule(5, "100ms", "3s"))
            with processes.Understudy(BINARY, library, "--auth", "off", "--journal-limit", "100") as server:
                self.hold(server, 1, wait=False)
                before = processes.resident_bytes(server.pid)
                _, grown = self.open_streams(server, count, 5, first=3000, every=100, ramp=5_000, before=before)
                self.table.add(f"{count:,} open streams: memory of a stream alone", f"{grown / count:,.0f} B each", "1 KB")

    def drift(self) -> None:
        library = scenario("drift", rules=stream_rule(500, "20ms", "20ms"))
        with processes.Understudy(BINARY, library, "--auth", "off") as server:
            seen, _ = self.open_streams(server, 1, 500, first=20, every=20, ramp=1_000, before=0)
            self.tell_streams("one stream, 20 ms × 500 frames", 1, server, seen, "p99 0.25 ms, no drift")
            frames = self.journal(server, 1)[0]["frames"]
            drift = (frames[-1]["sent"] - frames[-1]["due"]) - (frames[0]["sent"] - frames[0]["due"])
            self.table.add("the same: last frame against the first", f"{drift * self.unit * 1000:+.0f} µs", "no drift")

    def open_streams(self, server, count, frames, *, first, every, ramp, before) -> tuple[dict, int]:
        request = FOLDER / "request"
        request.write_bytes(self.plain.bytes(server.port, Accept="text/event-stream", Connection="close"))
        words = [server.port, count, frames, first, every, ramp, request]
        client = subprocess.Popen([FOLDER / "streams", *map(str, words)], stdout=subprocess.PIPE, text=True)
        if client.stdout.readline() != "open\n":
            raise SystemExit("bench: not every stream opened")
        grown = processes.resident_bytes(server.pid) - before
        told = json.loads(client.stdout.readline())
        client.wait(timeout=60)
        return told, grown

    unit = 1.0  # of `due` and `sent` in the journal, in milliseconds

    def journal(self, server: processes.Understudy, limit: int) -> list[dict]:
        with urllib.request.urlopen(f"{server.url}/_understudy/calls?limit={limit}", timeout=30) as answer:
            told = json.load(answer)
        return told["calls"] if isinstance(told, dict) else told

    def tell_streams(self, what: str, count: int, server, seen: dict, wanted: str) -> None:
        late = sorted(
            (frame["sent"] - frame["due"]) * self.unit for call in self.journal(server, min(count, 500)) for frame in call["frames"]
        )
        lost = seen["expected"] - seen["got"]
        self.table.add(
            f"{what}: late by the journal", f"p50 {late[len(late) // 2]:.3f} ms, p99 {late[len(late) * 99 // 100]:.3f} ms", wanted
        )
        self.table.add(
            f"{what}: late at the client", f"p50 {seen['p50_us'] / 1000:.3f} ms, p99 {seen['p99_us'] / 1000:.3f} ms, {lost} lost",
            "none lost",
        )  # fmt: skip


def compile_helpers() -> None:
    for name in ("streams", "start"):
        subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-o", FOLDER / name, HERE / f"{name}.c"], check=True)


def raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 20_000 if hard == resource.RLIM_INFINITY else min(hard, 20_000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < 11_000:
        raise SystemExit(f"bench: {wanted} open files are not enough for 10,000 streams; raise `ulimit -Hn` to 20000")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="pairs of runs a comparison")
    parser.add_argument("--seconds", type=int, default=2, help="length of one run")
    parser.add_argument("--only", help="only rows whose name contains this; also start, idle, connections, memory, streams, drift, armed, injected, hung")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    raise_file_limit()
    compile_helpers()

    began = time.monotonic()
    where = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before, {datetime.date.today()}"
    print(f"Understudy beside nginx: {where}", flush=True)
    parts = [Comparison(options), Figures(options), faults.Figures(options, BINARY)]
    for part in parts:
        print("\n" + part.table.title + "\n  " + " | ".join(part.table.columns))
        part.run()
    figures = FOLDER / "figures.md"
    figures.write_text(f"{where}\n\n" + "\n".join(part.table.markdown() for part in parts if part.table.rows))
    print(f"\n{time.monotonic() - began:.0f} s; as Markdown in {os.path.relpath(figures)}")
    return 1 if any(part.table.failed for part in parts) else 0


if __name__ == "__main__":
    sys.exit(main())
