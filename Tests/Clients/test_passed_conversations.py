"""Conversations with a real agent behind: passed on, bent by faults, recorded, and replayed without it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import socket
import sqlite3
import threading
import time

import httpx
import pytest
import websockets
import websockets.sync.client
from test_forward import Agent
from test_upstream import ARN, KEYS, REAL, SESSION
from test_websocket import signed
from understudy import Server, free_port, run

PATH = f"/runtimes/{ARN.replace(':', '%3A').replace('/', '%2F')}/ws"
FIELD = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
OTHER = "another-session-of-a-client-0123456789-abc"


@pytest.fixture(scope="module")
def agent():
    with Agent(free_port()) as agent:
        yield agent.wait()


def opened(server: Server, session: str = SESSION, **more) -> websockets.sync.client.ClientConnection:
    url = server.url.replace("http:", "ws:") + PATH
    return websockets.sync.client.connect(url, additional_headers={FIELD: session}, compression=None, **more)


def talk(server: Server, session: str = SESSION) -> list[object]:
    with opened(server, session) as socket:
        heard = [socket.recv(10)]
        socket.send("one two")
        heard += [socket.recv(10), socket.recv(10)]
        socket.send(b"abc")
        heard.append(socket.recv(10))
        socket.send("bye")
        with pytest.raises(websockets.ConnectionClosed) as caught:
            socket.recv(10)
        return heard + [(caught.value.rcvd.code, caught.value.rcvd.reason)]


def expected(session: str) -> list[object]:
    return [json.dumps({"hello": session}, separators=(",", ":")), "one", "two", b"cba", (4_001, "as you like")]


def test_what_is_said_passes_both_ways(agent, tmp_path):
    with Server(tmp_path, "--auth", "off", "--forward", agent.url) as server:
        assert talk(server) == expected(SESSION)
        call = server.last_call()
        assert call["operation"] == "InvokeAgentRuntimeWithWebSocketStream" and call["status"] == 101
        assert call["upstream"]["status"] == 101 and call["upstream"]["url"] == agent.url
        said = [(message["direction"], message["kind"]) for message in call["messages"]]
        assert said.count(("in", "text")) == 2 and said.count(("out", "text")) == 3 and ("out", "close") in said


def test_long_messages_and_many_of_them(agent, tmp_path):
    with Server(tmp_path, "--auth", "off", "--forward", agent.url) as server, opened(server, max_size=None) as socket:
        socket.recv(10)
        for size in (0, 1, 125, 126, 65_535, 65_536):
            socket.send(bytes(range(256)) * 256 if size == 65_536 else b"x" * size)
            assert len(socket.recv(10)) == size
        for number in range(200):
            socket.send(b"%d" % number)
        assert [socket.recv(10) for _ in range(200)] == [str(number).encode()[::-1] for number in range(200)]


def test_an_agent_that_is_not_there_or_has_no_such_door(tmp_path):
    file = tmp_path / "a.json"
    entry = {"arn": "*", "auth": "none", "forward": f"http://127.0.0.1:{free_port()}", "session": {"initialization": "1s"}}
    file.write_text(json.dumps({"understudy": 1, "agents": [entry]}))
    with Server(tmp_path, file) as server:
        with pytest.raises(websockets.InvalidStatus) as caught, opened(server):
            pass
        assert caught.value.response.status_code == 424


def test_faults_strike_after_so_many_messages(agent, tmp_path):
    with Server(tmp_path, "--auth", "off", "--forward", agent.url) as server:
        fault = {"name": "cut", "fault": "ws-close", "code": 1_011, "reason": "enough", "messages": 2}
        httpx.post(f"{server.control}/faults", json=fault).raise_for_status()
        with opened(server) as socket:
            socket.send("one two three")
            heard = [socket.recv(10), socket.recv(10)]
            with pytest.raises(websockets.ConnectionClosed) as caught:
                socket.recv(10)
        assert heard[1] == "one" and (caught.value.rcvd.code, caught.value.rcvd.reason) == (1_011, "enough")


def test_signed_anew_for_the_service(tmp_path, monkeypatch):
    file = tmp_path / "back.json"
    rule = {"name": "talk", "operation": "InvokeAgentRuntimeWithWebSocketStream", "reply": {"websocket": {"echo": True}}}
    file.write_text(json.dumps({"understudy": 1, "agents": [{"arn": "*"}], "credentials": [REAL], "rules": [rule]}))
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with Server(tmp_path, file) as back, Server(tmp_path, "--upstream", back.url) as front:
        url = front.url.replace("http:", "ws:") + PATH
        fields = signed(front.url + PATH, **{FIELD: SESSION})
        with websockets.sync.client.connect(url, additional_headers=fields, compression=None) as socket:
            socket.send("hi")
            assert socket.recv(10) == "hi"
        assert back.last_call()["principal"] == "AKIDREAL" and back.last_call()["session"] == SESSION


def test_a_conversation_is_recorded_with_its_times_and_replayed_without_the_agent(agent, tmp_path):
    file = tmp_path / "c.sqlite"
    with Server(tmp_path, "--auth", "off", "--forward", agent.url, "--record", file) as server:
        assert talk(server) == expected(SESSION)
        assert server.stop() == 0, server.log.read_text()
    with contextlib.closing(sqlite3.connect(file)) as library:
        rows = library.execute("SELECT direction, kind, bytes, at FROM recorded_frames ORDER BY position").fetchall()
        calls = library.execute("SELECT operation, session, outcome FROM recorded_calls").fetchall()
    assert calls == [("InvokeAgentRuntimeWithWebSocketStream", SESSION, "completed")]
    assert [row[:3] for row in rows if row[0] == "in"][:3] == [("in", "text", b"one two"), ("in", "binary", b"abc"), ("in", "text", b"bye")]
    assert [row[1] for row in rows if row[0] == "out"] == ["text", "text", "text", "binary", "close"]
    assert [row[3] for row in rows] == sorted(row[3] for row in rows)
    with Server(tmp_path, file, "--auth", "off") as server:
        began = time.monotonic()
        assert talk(server, OTHER) == expected(OTHER)
        assert time.monotonic() - began >= 0.04, "words have their distances"
        call = server.last_call()
        assert call["recording"] == "c" and call["status"] == 101
        with opened(server) as socket:
            socket.recv(10)
            socket.send("something else")
            assert socket.recv(10) == "one"
        assert any("differs" in message for message in server.last_call()["messages"])


PARTS = ["eyJhbGciOiJSUzI1NiJ9.eyJz", "dWIiOiJhbm5hIn0.c2lnbm", "F0dXJlLW9mLWl0"]


def test_a_secret_over_messages_is_not_recorded_and_everything_agrees_that_it_is_101(agent, tmp_path):
    file = tmp_path / "s.sqlite"
    with Server(tmp_path, "--auth", "off", "--forward", agent.url, "--record", file) as server:
        with opened(server) as socket:
            socket.recv(10)
            # The agent says each word again.
            for part in PARTS:
                socket.send(part)
                assert socket.recv(10) == part
            socket.send("bye")
            with pytest.raises(websockets.ConnectionClosed):
                socket.recv(10)
        assert server.stop() == 0, server.log.read_text()
        assert "no secret was found" in server.log.read_text()
    kept = file.read_bytes()
    assert not any(part.encode() in kept for part in PARTS)
    with contextlib.closing(sqlite3.connect(file)) as library:
        said = library.execute("SELECT bytes, size FROM recorded_frames WHERE direction = 'out' AND kind = 'text' ORDER BY position").fetchall()
        assert library.execute("SELECT status FROM recorded_calls").fetchall() == [(101,)]
    assert [size for _, size in said[1:]] == [len(part) for part in PARTS]
    assert re.fullmatch(rb"\[jwt-\d\]", b"".join(text for text, _ in said[1:]))
    assert run("export", file, "--har", "--to", tmp_path / "s.har").returncode == 0
    entry = json.loads((tmp_path / "s.har").read_text())["log"]["entries"][0]
    assert entry["response"]["status"] == 101
    loaded = run("load", tmp_path / "s.har", "--into", tmp_path / "h.sqlite")
    assert loaded.returncode == 0, loaded.stderr
    assert run("diff", file, tmp_path / "h.sqlite").returncode == 0


@contextlib.contextmanager
def reticent():
    """An agent that opens a conversation, says a word, and never answers a close."""

    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                head = b""
                while b"\r\n\r\n" not in head:
                    head += client.recv(65_536)
                if key := re.search(rb"(?i)\r\nsec-websocket-key: *(\S+)", head):
                    proof = base64.b64encode(hashlib.sha1(key[1] + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
                    client.sendall(
                        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n\x81\x02hi"
                    )
                    kept.append(client)
                else:
                    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                    client.close()

    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    for client in kept:
        client.close()


def test_a_conversation_that_its_client_has_closed_is_recorded_though_the_agent_never_answers(tmp_path):
    file = tmp_path / "r.sqlite"
    with reticent() as url, Server(tmp_path, "--auth", "off", "--forward", url, "--record", file) as server:
        with opened(server) as conversation:
            assert conversation.recv(10) == "hi"
        assert server.stop() == 0, server.log.read_text()
    with contextlib.closing(sqlite3.connect(file)) as library:
        assert library.execute("SELECT status, outcome FROM recorded_calls").fetchall() == [(101, "closed")]


def test_how_exactly_a_conversation_is_replayed(agent, tmp_path):
    file = tmp_path / "f.sqlite"
    with Server(tmp_path, "--auth", "off", "--forward", agent.url, "--record", file) as server:
        assert talk(server) == expected(SESSION)
        with opened(server) as socket:
            socket.recv(10)
        assert server.stop() == 0, server.log.read_text()
    for speed in "1", "max":
        done = run("fidelity", file, "--json", "--speed", speed)
        found = json.loads(done.stdout)
        assert done.returncode == 0 and found["bytesEqual"] and found["framesEqual"], done.stdout
        assert [stream["error"]["max"] is not None for stream in found["streams"]] == [True, True]
