"""What whoever records sees: how far it is, recordings that end while somebody is still answered, and what comes out."""

from __future__ import annotations

import json
import os
import pathlib
import pty
import select
import signal
import sqlite3
import subprocess
import threading

import httpx
import pytest
from plain_agent import PlainAgent, chunked, whole
from understudy import BINARY, Server, run

PATH = "/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A209803798463%3Aruntime%2Frecorded_agent-ABCDEFGHIJ/invocations"
SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJlLW9mLWl0"


def test_a_recording_that_ends_while_a_stream_comes_holds_nobody_back(tmp_path):
    goes_on = threading.Event()

    def answer(connection, _):
        connection.sendall(chunked(b"data: 1\n\n", ends=False))
        assert goes_on.wait(20)
        connection.sendall(b"9\r\ndata: 2\n\n\r\n0\r\n\r\n")

    with PlainAgent(answer) as agent, Server(
        tmp_path, "--auth", "off", "--forward", agent.url, "--recordings", tmp_path
    ) as server:
        assert httpx.post(f"{server.control}/recordings", json={"name": "a"}).status_code == 201
        with httpx.stream("POST", server.url + PATH, json={}) as response:
            pieces = response.iter_raw()
            assert next(pieces) == b"data: 1\n\n"
            ended = httpx.delete(f"{server.control}/recordings/a").json()
            assert (ended["clean"], ended["calls"], ended["active"]) == (True, 0, False)
            goes_on.set()
            assert b"".join(pieces) == b"data: 2\n\n"
        assert httpx.post(f"{server.control}/recordings", json={"name": "a"}).status_code == 201
        assert httpx.delete(f"{server.control}/recordings/none").status_code == 404


def test_a_terminal_shows_how_far_a_recording_is_and_what_to_type_next(tmp_path):
    with PlainAgent(lambda connection, _: connection.sendall(whole(b'{"access_token": "opaque-4711-token"}'))) as agent:
        terminal, other = pty.openpty()
        process = subprocess.Popen(
            [BINARY, "record", "--port", "0", "--auth", "off", "--forward", agent.url, "--into", tmp_path / "r.sqlite"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=other, text=True,
        )  # fmt: skip
        os.close(other)
        url = json.loads(process.stdout.readline())["url"]
        assert httpx.post(url + PATH, json={}).status_code == 200
        shown = read_until(terminal, ", 37 bytes, 1 secret replaced")
        assert "recording r: 1 call, " in shown
        # A line a call stands above it.
        if "InvokeAgentRuntime" not in shown:
            shown = read_until(terminal, "InvokeAgentRuntime")
        process.send_signal(signal.SIGTERM)
        shown = read_until(terminal, f"replay it: understudy serve {tmp_path / 'r.sqlite'}")
        assert "\r\x1b[K" in shown and "no secret was found in it by the final scan" in shown
        assert process.wait(20) == 0
        os.close(terminal)


def read_until(terminal: int, wanted: str) -> str:
    shown = ""
    for _ in range(1_000):
        ready, _, _ = select.select([terminal], [], [], 20)
        assert ready, shown
        shown += os.read(terminal, 65_536).decode()
        if wanted in shown:
            return shown
    raise AssertionError(shown)


def test_a_secret_over_pieces_that_are_no_events_leaves_an_empty_one_that_replays(tmp_path):
    pieces = [b"a ", JWT[:30].encode(), JWT[30:].encode(), b" z"]

    def answer(connection, _):
        head, *rest = pieces
        connection.sendall(chunked(head, kind="text/plain", ends=False))
        for piece in rest:
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.sendall(b"0\r\n\r\n")

    record_one(tmp_path, answer)
    assert run("export", tmp_path / "r.sqlite", "--har", "--to", tmp_path / "r.har").returncode == 0
    frames = json.loads((tmp_path / "r.har").read_text())["log"]["entries"][0]["response"]["_frames"]
    assert sum(frame.get("size", len(frame["base64"]) * 3 // 4) for frame in frames) >= len(b"".join(pieces)) - 2
    assert run("load", tmp_path / "r.har", "--into", tmp_path / "h.sqlite").returncode == 0
    for file in "r.sqlite", "h.sqlite":
        with sqlite3.connect(tmp_path / file) as library:
            sizes = library.execute("SELECT coalesce(size, length(bytes)) FROM recorded_frames ORDER BY position").fetchall()
        assert sum(size for (size,) in sizes) == len(b"".join(pieces))
        with Server(tmp_path, tmp_path / file, "--auth", "off", "--speed", "max") as server:
            answer_now = httpx.post(server.url + PATH, json={})
            assert answer_now.text == "a [jwt-1] z"


def record_one(folder: pathlib.Path, answer, body: object = {}) -> None:
    with PlainAgent(answer) as agent, Server(
        folder, "--auth", "off", "--forward", agent.url, "--record", folder / "r.sqlite"
    ) as server:
        assert httpx.post(server.url + PATH, json=body).status_code == 200
        assert server.stop() == 0, server.log.read_text()


def test_a_call_of_a_journal_becomes_a_rule(tmp_path):
    with Server(tmp_path, "--auth", "off", "--journal", tmp_path / "j.sqlite") as server:
        said = httpx.post(server.url + PATH, json={"prompt": "hello there"}).json()
        assert server.stop() == 0
    done = run("export", tmp_path / "j.sqlite", "--from-call", "1", "--to", tmp_path / "rule.json")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "rule.json").read_text())["rules"][0]["name"] == "as call 1"
    missing = run("export", tmp_path / "j.sqlite", "--from-call", "2")
    assert missing.returncode == 2 and "no call 2" in missing.stderr
    with Server(tmp_path, tmp_path / "rule.json", "--auth", "off") as server:
        assert httpx.post(server.url + PATH, json={"prompt": "hello there"}).status_code in (200, 404)
        assert run("check", tmp_path / "rule.json").returncode == 0
    assert said


@pytest.mark.parametrize("asked", [2, "id-2"])
def test_an_mcp_answer_has_the_id_of_whoever_asks_now(tmp_path, asked):
    def answer(connection, _):
        connection.sendall(chunked(b'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{"id":1}}\n\n'))

    record_one(tmp_path, answer, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    with Server(tmp_path, tmp_path / "r.sqlite", "--auth", "off") as server:
        answer_now = httpx.post(server.url + PATH, json={"method": "tools/list", "id": asked, "jsonrpc": "2.0"}).text
        assert json.loads(answer_now.split("data: ")[1]) == {"jsonrpc": "2.0", "id": asked, "result": {"id": 1}}


def test_a_long_answer_replays_out_of_its_file(tmp_path):
    old, new = "recorded-session-0123456789-0123456789", "a-new-session-of-another-length-0123456789"
    events = [b'data: {"number": %d, "in": "%s", "more": "%s"}\n\n' % (n, old.encode(), b"x" * 1_000) for n in range(1_200)]
    with PlainAgent(lambda connection, _: connection.sendall(chunked(*events))) as agent, Server(
        tmp_path, "--auth", "off", "--forward", agent.url, "--record", tmp_path / "r.sqlite", "--keep-secrets"
    ) as server:
        recorded = httpx.post(server.url + PATH, json={}, headers={SESSION: old}).content
        assert recorded == b"".join(events) and server.stop() == 0
    with Server(tmp_path, tmp_path / "r.sqlite", "--auth", "off", "--speed", "max") as server:
        replayed = httpx.post(server.url + PATH, json={}, headers={SESSION: new}).content
        assert replayed == recorded.replace(old.encode(), new.encode())
        call = server.last_call()
        assert call["recording"] == "r" and call["outcome"] == "completed" and sum(frame["bytes"] for frame in call["frames"]) == len(replayed)
        httpx.post(f"{server.control}/faults", json={"name": "cut", "fault": "close", "at": "frame 1000"}).raise_for_status()
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(server.url + PATH, json={}, headers={SESSION: new})
        assert server.last_call()["outcome"] == "closed" and len(server.last_call()["frames"]) == 1_000
