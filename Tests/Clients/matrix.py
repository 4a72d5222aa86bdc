"""How every client takes a stream that breaks: each place to cut, by each way to cut. `make matrix` runs it.

It prints a table and writes the same into docs/clients.md, between the two marks. Each cell is one call of one client, in a
space of the server that has this one fault.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import importlib.metadata
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import botocore.exceptions
import httpx
import httpx_sse
from botocore.config import Config

import fault_world as world
from callers import AWS as SDK
from clients import headers, invocations
from understudy import Server, free_port, struck_by
from world import KEY, REGION, SECRET, SESSION

HERE = pathlib.Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "clients.md"
BEGIN, END = "<!-- made by make matrix: begin -->", "<!-- made by make matrix: end -->"
# Long enough for a busy machine to answer, short enough to wait for a hundred times.
PATIENCE = 2
FRAMES = [f"data: {frame}\n\n".encode() for frame in world.FRAMES]
WHOLE = len(FRAMES)


@dataclasses.dataclass
class Seen:
    """What a program had in hand when the client was through."""

    frames: int
    ended: str | None
    """How the client told that something is wrong; nothing if it did not."""

    @property
    def cell(self) -> str:
        if self.ended is None:
            return f"{self.frames}, and no error" if self.frames == WHOLE else f"**{self.frames}, and no error**"
        return f"{self.frames}, {self.ended}"


# MARK: Clients


def boto3(url: str) -> Seen:
    """Line by line, in pieces of ten bytes, as the service's documentation does it."""
    config = Config(retries={"total_max_attempts": 1}, read_timeout=PATIENCE)
    client = SDK.client("bedrock-agentcore", endpoint_url=url, config=config)
    frames = 0
    try:
        answer = client.invoke_agent_runtime(agentRuntimeArn=world.OPEN, payload=b'{"prompt":"stream"}')
        for line in answer["response"].iter_lines(chunk_size=10):
            frames += line.startswith(b"data: ")
    except botocore.exceptions.BotoCoreError as error:
        return Seen(frames, code(type(error).__name__))
    finally:
        client.close()
    return Seen(frames, None)


def aws_cli(url: str) -> Seen:
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {
            "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": REGION,
            "AWS_MAX_ATTEMPTS": "1", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }  # fmt: skip
        ran = subprocess.run(
            [sys.executable, pathlib.Path(sys.executable).parent / "aws", "--endpoint-url", url,
             "--cli-read-timeout", str(PATIENCE), "bedrock-agentcore", "invoke-agent-runtime", "--agent-runtime-arn",
             world.OPEN, "--runtime-session-id", SESSION, "--payload", '{"prompt":"stream"}', out],
            capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip
        written = out.read_bytes() if out.exists() else b""
        return Seen(written.count(b"\n\n"), f"exit {ran.returncode}" if ran.returncode else None)


def with_httpx(url: str, count) -> Seen:
    seen = Seen(0, None)
    with httpx.Client(verify=False, timeout=httpx.Timeout(20, read=PATIENCE)) as client:
        try:
            with client.stream(
                "POST", invocations(url, world.OPEN), json={"prompt": "stream"}, headers=headers()
            ) as answer:
                count(answer, seen)
        except httpx.TransportError as error:
            seen.ended = code(type(error).__name__)
    return seen


def httpx_lines(url: str) -> Seen:
    def count(answer, seen):
        for line in answer.iter_lines():
            seen.frames += line.startswith("data: ")

    return with_httpx(url, count)


def httpx_events(url: str) -> Seen:
    def count(answer, seen):
        for _ in httpx_sse.EventSource(answer).iter_sse():
            seen.frames += 1

    return with_httpx(url, count)


def node_fetch(url: str) -> Seen:
    ran = subprocess.run(
        ["node", HERE / "read_stream.mjs", invocations(url, world.OPEN), str(PATIENCE * 1_000)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    seen = json.loads(ran.stdout)
    return Seen(seen["text"].count("\n\n"), code(seen["error"]))


def curl(url: str) -> Seen:
    ran = subprocess.run(
        ["curl", "--silent", "--no-buffer", "--max-time", str(PATIENCE), "-H", "Content-Type: application/json",
         "--data", '{"prompt":"stream"}', invocations(url, world.OPEN)],
        capture_output=True, timeout=60,
    )  # fmt: skip
    return Seen(ran.stdout.count(b"\n\n"), f"exit {ran.returncode}" if ran.returncode else None)


def code(name: str | None) -> str | None:
    return name and f"`{name}`"


CLIENTS = {
    "boto3": boto3, "AWS CLI": aws_cli, "httpx": httpx_lines, "httpx + httpx-sse": httpx_events, "Node fetch": node_fetch,
    "curl": curl,
}  # fmt: skip


# MARK: Cuts


def places() -> dict[str, tuple[str, dict]]:
    """Where a cut is: for `reset` and `close`, and for `stall`."""
    before = [sum(map(len, FRAMES[:number])) for number in range(WHOLE + 1)]
    third = FRAMES[2]
    character = before[2] + third.index("ö".encode()) + 1
    frame = before[2] + third.index(b": ") + 2
    return {
        "before the headers": ("request", {"fault": "hang"}),
        "after the headers": ("headers", {"fault": "stall", "frames": 0}),
        "inside a character of the 3rd frame": (f"byte {character}", {"fault": "stall", "bytes": character}),
        "inside the 3rd frame": (f"byte {frame}", {"fault": "stall", "bytes": frame}),
        "between the 3rd and the 4th frame": ("frame 3", {"fault": "stall", "frames": 3}),
        "after the last frame, without the end": (f"frame {WHOLE}", {"fault": "stall", "frames": WHOLE}),
    }


def cuts():
    for place, (at, stall) in places().items():
        yield place, "RST", {"fault": "reset", "at": at}
        yield place, "FIN", {"fault": "close", "at": at}
        yield place, "stall", stall


# MARK: The run


def table(server: Server) -> str:
    control = httpx.Client(verify=False, timeout=20)

    def cell(row: int, fault: dict, name: str) -> str:
        url = f"{server.url}/_space/cell-{row}-{list(CLIENTS).index(name)}"
        control.post(f"{url}/_understudy/faults", json=fault).raise_for_status()
        seen = CLIENTS[name](url)
        calls = control.get(f"{url}/_understudy/calls").json()["calls"]
        struck = [struck_by(call) for call in calls]
        assert struck == [[fault["fault"]]], f"{name}, {fault}: {struck}"
        return seen.cell

    lines = ["| cut | by | " + " | ".join(CLIENTS) + " |", "| --- " * (2 + len(CLIENTS)) + "|"]
    with concurrent.futures.ThreadPoolExecutor(6) as workers:
        rows = [
            (place, way, [workers.submit(cell, row, fault, name) for name in CLIENTS])
            for row, (place, way, fault) in enumerate(cuts())
        ]
        for place, way, cells in rows:
            lines.append(f"| {place if way == 'RST' else ''} | {way} | " + " | ".join(c.result() for c in cells) + " |")
    return "\n".join(lines)


def versions() -> str:
    names = ["boto3", "awscli", "httpx", "httpx-sse"]
    said = [f"{name} {importlib.metadata.version(name)}" for name in names]
    node = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip().removeprefix("v")
    curl_version = subprocess.run(["curl", "--version"], capture_output=True, text=True).stdout.split()[1]
    return ", ".join([*said, f"Node {node}", f"curl {curl_version}"])


def main() -> None:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        library = pathlib.Path(folder) / "world.json"
        library.write_text(json.dumps(world.scenario(port)))
        with Server(pathlib.Path(folder), library, port=port) as server:
            text = f"{table(server)}\n\n{versions()}."
    print(text)
    document = DOCUMENT.read_text()
    pattern = re.compile(f"({re.escape(BEGIN)}\n).*?({re.escape(END)})", re.S)
    assert pattern.search(document), f"{DOCUMENT} lacks the marks {BEGIN}"
    DOCUMENT.write_text(pattern.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", document))
    print(f"\n{len(CLIENTS) * len(list(cuts()))} calls in {time.monotonic() - begun:.0f} s; docs/clients.md has the table", file=sys.stderr)


if __name__ == "__main__":
    main()
