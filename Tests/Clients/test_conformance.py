"""RFC 6455 as others test it: the public suite's 247 cases of the protocol, as they come and one byte at a time."""

import contextlib
import json
import pathlib
import socket
import subprocess
import sys
import threading
import urllib.parse

import pytest

from understudy import Server
from world import arn

SUITE = pathlib.Path(__file__).parent / "conformance.py"
PATH = f"/runtimes/{urllib.parse.quote(arn('talking_agent-ABCDEFGHIJ'), safe='')}/ws"
# Which of them leave the outcome to the server: two codes beyond 4999, and a close that follows on a message of 256 KiB.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}


def pump(source: socket.socket, sink: socket.socket, piece: int) -> None:
    """Until `source` ends; then `sink` is told so."""
    with contextlib.suppress(OSError):
        while read := source.recv(65_536):
            for start in range(0, len(read), piece):
                sink.sendall(read[start : start + piece])
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def crumbled(port: int):
    """Another port for the same server, at which what clients send arrives byte by byte."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def relay() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    server = socket.create_connection(("127.0.0.1", port))
                    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    for ends in ((client, server, 1), (server, client, 65_536)):
                        threading.Thread(target=pump, args=ends, daemon=True).start()

        threading.Thread(target=relay, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def suite(port: int) -> dict[str, dict]:
    ran = subprocess.run(
        [sys.executable, SUITE, f"ws://127.0.0.1:{port}{PATH}"], capture_output=True, text=True, timeout=300,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return {one["case"]: one for one in map(json.loads, ran.stdout.splitlines())}


@pytest.mark.parametrize("byte_by_byte", [False, True])
def test_the_public_suite(tmp_path, byte_by_byte):
    with Server(tmp_path, "--auth", "off", "--quiet") as server:
        port = urllib.parse.urlsplit(server.url).port
        with crumbled(port) if byte_by_byte else contextlib.nullcontext(port) as entrance:
            results = suite(entrance)
    assert len(results) == 247
    wrong = [
        one for case, one in results.items()
        if {one["result"], one["close"]} != {"INFORMATIONAL" if case in INFORMATIONAL else "OK"}
    ]  # fmt: skip
    assert not wrong
