"""A recorder that is killed while it records, again and again, into one file; and what has to be in the file each time."""

from __future__ import annotations

import contextlib
import http.client
import json
import pathlib
import random
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.parse

from plain_agent import PlainAgent, chunked, whole

ARN = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/killed_agent-ABCDEFGHIJ"
PATH = f"/runtimes/{urllib.parse.quote(ARN, safe='')}/invocations"
CALLERS = 4


def events(number: int) -> list[bytes]:
    """Of every third call's answer; now and then more than the recorder keeps in memory."""
    size = 40_000 if number % 30 == 0 else 40
    return [b'data: {"call": %d, "event": %d, "more": "%s"}\n\n' % (number, event, b"x" * size) for event in range(12)]


def expected(number: int) -> bytes:
    return b"".join(events(number)) if number % 3 == 0 else b'{"call": %d}' % number


def answer(connection: socket.socket, request: bytes) -> None:
    number = json.loads(request.split(b"\r\n\r\n", 1)[1])["call"]
    connection.sendall(chunked(*events(number)) if number % 3 == 0 else whole(expected(number)))


class KilledRecorder:
    """One file, one agent, and calls with numbers that are never used again."""

    def __init__(self, binary: str, file: pathlib.Path, seed: int):
        self.binary, self.file, self.chance = binary, file, random.Random(seed)
        self.finished: set[int] = set()
        self.last = 0
        self.lock = threading.Lock()

    def rounds(self, count: int) -> None:
        with PlainAgent(answer) as agent:
            for _ in range(count):
                self.round(agent)
                self.check()

    def round(self, agent: PlainAgent) -> None:
        command = [self.binary, "record", "--forward", agent.url, "--into", self.file, "--port", "0", "--auth", "off", "--quiet"]
        process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        port = int(json.loads(process.stdout.readline())["url"].rsplit(":", 1)[1])
        callers = [threading.Thread(target=self.call, args=[port]) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        # The point is chance's: in the middle of whatever it is.
        time.sleep(self.chance.uniform(0, 0.25))
        process.send_signal(signal.SIGKILL)
        process.wait()
        for caller in callers:
            caller.join()

    def call(self, port: int) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            while True:
                with self.lock:
                    self.last += 1
                    number = self.last
                client.request("POST", PATH, json.dumps({"call": number}), {"Content-Type": "application/json"})
                got = client.getresponse().read()
                if got != expected(number):
                    raise AssertionError(f"call {number} was answered {got[:200]!r}")
                self.finished.add(number)

    def check(self) -> None:
        """Every call whose answer somebody has is in the file, whole; and nothing is that is not."""
        with contextlib.closing(sqlite3.connect(self.file)) as library:
            assert library.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            orphans = "SELECT count(*) FROM recorded_frames WHERE call NOT IN (SELECT id FROM recorded_calls)"
            assert library.execute(orphans).fetchone() == (0,)
            rows = library.execute("SELECT id, request_body, reply_body, outcome FROM recorded_calls").fetchall()
            kept = {json.loads(body)["call"]: (row, reply, outcome) for row, body, reply, outcome in rows}
            assert len(kept) == len(rows), "a call is there twice"
            assert self.finished <= kept.keys(), f"lost: {sorted(self.finished - kept.keys())[:5]}"
            for number, (row, reply, outcome) in kept.items():
                if reply is None:
                    frames = library.execute("SELECT bytes FROM recorded_frames WHERE call = ? ORDER BY position", [row])
                    reply = b"".join(bytes(frame) for (frame,) in frames)
                assert outcome != "completed" or reply == expected(number), f"call {number} is torn"
