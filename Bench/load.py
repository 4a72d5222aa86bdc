"""`load` against one server, and what each request cost that server's processor."""

from __future__ import annotations

import dataclasses
import http.client
import json
import pathlib
import socket
import subprocess

import processes
from scenes import FOLDER


@dataclasses.dataclass
class Result:
    requests: int
    rate: float
    cpu_microseconds: float
    """User and system time of the server's process, for each request."""
    client_share: float
    """How much of one processor the client had: near 1, it is the client that was measured."""


def measure(server: processes.Running, requests: pathlib.Path, seconds: float, *, connections=64, count=0) -> Result:
    before = processes.settled_cpu_seconds(server.pid)
    ran = subprocess.run(
        [FOLDER / "load", *map(str, (server.port, connections, seconds, count, requests))],
        capture_output=True, text=True, timeout=seconds + 600,
    )  # fmt: skip
    if ran.returncode != 0:
        raise SystemExit(f"load failed: {ran.stderr}")
    told = json.loads(ran.stdout)
    if told["failed"] or not told["requests"]:
        raise SystemExit(f"{told['failed']} of {told['requests']} requests failed")
    spent = processes.settled_cpu_seconds(server.pid) - before
    return Result(
        told["requests"], told["requests"] / told["seconds"], spent / told["requests"] * 1e6, told["cpu_seconds"] / told["seconds"]
    )


def sample(port: int, request: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    """One answer, for nginx to repeat: status, fields, body."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection, method="POST")
        answer.begin()
        body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"the server answered {answer.status}: {body.decode(errors='replace')}")
    return answer.status, answer.getheaders(), body
