"""What whoever records sees: how far it is, recordings that end while somebody is still answered, and what comes out."""

from __future__ import annotations

import contextlib
import gzip
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
        shown = read_until(terminal, ", 39 bytes, 1 secret replaced")
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


def gzipped(body: bytes, *lines: str) -> bytes:
    return whole(gzip.compress(body), "Content-Encoding: gzip", *lines)


@pytest.mark.parametrize(
    "said, kept, told",
    [
        (gzipped(b'{"password": "hunter2-4711"}'), b'{"password": "[password-1]"}', "1 secret replaced"),
        (gzipped(b'{"dish": "Maki"}'), gzip.compress(b'{"dish": "Maki"}'), "no secret was found"),
        (whole(b"hunter2-4711", "Content-Encoding: br"), b"[encoded-1]", "is in br and cannot be looked through"),
        (whole(b"hunter2-4711", "Content-Encoding: gzip"), b"[encoded-1]", "is no gzip"),
    ],
    ids=["secret", "harmless", "br", "a lie"],
)
def test_what_is_coded_is_looked_through_or_not_kept(tmp_path, said, kept, told):
    log = record_one(tmp_path, lambda connection, _: connection.sendall(said))
    assert told in log and "no secret was found" in log
    file = tmp_path / "r.sqlite"
    assert b"hunter2" not in file.read_bytes()
    with contextlib.closing(sqlite3.connect(file)) as library:
        headers, body = library.execute("SELECT reply_headers, reply_body FROM recorded_calls").fetchone()
    is_coded = kept[:2] == b"\x1f\x8b"
    assert ("Content-Encoding" in headers) == is_coded
    read = gzip.decompress if is_coded else bytes
    assert read(body) == read(kept)
    with Server(tmp_path, file, "--auth", "off") as server:
        assert httpx.post(server.url + PATH, json={}).content == read(kept)
    # A recording that kept it is not called clean, and can be made so.
    other = tmp_path / "kept"
    other.mkdir()
    log = record_one(other, lambda connection, _: connection.sendall(said), "--keep-secrets", stops=None)
    if not is_coded:
        assert "no secret was found" not in log, log
    cleaned = run("redact", other / "r.sqlite")
    assert cleaned.returncode == 0, cleaned.stdout + cleaned.stderr
    assert b"hunter2" not in (other / "r.sqlite").read_bytes()


def test_a_second_recorder_is_refused(tmp_path):
    file = tmp_path / "a.sqlite"
    with PlainAgent(lambda connection, _: connection.sendall(whole(b"{}"))) as agent:
        flags = ("--auth", "off", "--forward", agent.url)
        with Server(tmp_path, *flags, "--record", file) as first:
            second = run("record", "--forward", agent.url, "--into", file, "--port", "0")
            assert second.returncode == 2 and "a.sqlite: is being recorded into already" in second.stderr, second.stderr
            for command in (["redact", file], ["load", file, "--into", file]):
                refused = run(*command)
                assert refused.returncode == 2 and "is being recorded into already" in refused.stderr, refused.stderr
            with Server(tmp_path, *flags, "--recordings", tmp_path) as other:
                refused = httpx.post(f"{other.control}/recordings", json={"name": "a"})
                assert refused.status_code == 409 and "is being recorded into already" in refused.text
                assert httpx.post(first.url + PATH, json={}).status_code == 200
                first.process.kill()
                first.process.wait(20)
                # The right went with the program that had it.
                assert httpx.post(f"{other.control}/recordings", json={"name": "a"}).status_code == 201
                (tmp_path / "b.sqlite").symlink_to(file)
                again = httpx.post(f"{other.control}/recordings", json={"name": "b"})
                assert again.status_code == 409 and "already" in again.text
                assert httpx.post(other.url + PATH, json={}).status_code == 200
                assert httpx.delete(f"{other.control}/recordings/a").json()["clean"]
    with contextlib.closing(sqlite3.connect(file)) as library:
        assert library.execute("SELECT position FROM recorded_calls ORDER BY id").fetchall() == [(10,), (20,)]


def test_an_archive_is_loaded_without_its_secrets(tmp_path):
    url = "https://bedrock-agentcore.us-east-1.amazonaws.com" + PATH
    token = {"name": "Authorization", "value": "Bearer opaque-4711-token"}
    said = {"mimeType": "application/json", "text": json.dumps({"you": "opaque-4711-token", "jwt": JWT})}
    entry = {"request": {"method": "POST", "url": url, "headers": [token]}, "response": {"status": 200, "content": said}}
    (tmp_path / "x.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    loaded = run("load", tmp_path / "x.har", "--into", tmp_path / "x.sqlite")
    assert loaded.returncode == 0 and "1 recorded call, 3 secrets replaced" in loaded.stdout, loaded.stdout + loaded.stderr
    kept = (tmp_path / "x.sqlite").read_bytes()
    assert b"opaque-4711" not in kept and JWT.encode() not in kept
    with contextlib.closing(sqlite3.connect(tmp_path / "x.sqlite")) as library:
        fields, body = library.execute("SELECT request_headers, reply_body FROM recorded_calls").fetchone()
    assert fields == "Authorization: Bearer [token-1]" and json.loads(body) == {"you": "[token-1]", "jwt": "[jwt-1]"}
    again = run("redact", tmp_path / "x.sqlite")
    assert again.returncode == 0 and " 0 secrets replaced" in again.stdout, again.stdout + again.stderr
    run("load", tmp_path / "x.har", "--into", tmp_path / "y.sqlite", "--keep-secrets")
    assert b"opaque-4711" in (tmp_path / "y.sqlite").read_bytes()


def record_one(folder: pathlib.Path, answer, *arguments: str, body: object = {}, stops: int | None = 0) -> str:
    """What the recorder said of it."""
    with PlainAgent(answer) as agent, Server(
        folder, "--auth", "off", "--forward", agent.url, "--record", folder / "r.sqlite", *arguments
    ) as server:
        with httpx.stream("POST", server.url + PATH, json=body) as answer_now:
            assert answer_now.status_code == 200 and b"".join(answer_now.iter_raw())
        stopped = server.stop()
        assert stops is None or stopped == stops, server.log.read_text()
        return server.log.read_text()


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

    record_one(tmp_path, answer, body={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
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


def test_one_name_is_one_secret_when_recordings_are_merged_and_continued(tmp_path):
    def record(name: str, *secrets: str) -> None:
        bodies = [json.dumps({"access_token": secret}).encode() for secret in secrets]
        with PlainAgent(lambda connection, _: connection.sendall(whole(bodies.pop(0)))) as agent, Server(
            tmp_path, "--auth", "off", "--forward", agent.url, "--record", tmp_path / name
        ) as server:
            for number in range(len(secrets)):
                assert httpx.post(server.url + PATH, json={"n": f"{name} {number}"}).status_code == 200
            assert server.stop() == 0

    def names() -> list[str]:
        with contextlib.closing(sqlite3.connect(tmp_path / "m.sqlite")) as library:
            rows = library.execute("SELECT reply_body FROM recorded_calls ORDER BY position, id").fetchall()
        return [json.loads(body)["access_token"] for (body,) in rows]

    record("a.sqlite", "opaque-AAAA-111")
    record("b.sqlite", "opaque-BBBB-222", "opaque-AAAA-111")
    for _ in range(2):
        merged = run("load", tmp_path / "a.sqlite", tmp_path / "b.sqlite", "--into", tmp_path / "m.sqlite")
        assert merged.returncode == 0, merged.stderr
        assert sorted(names()) == ["[token-1]", "[token-1]", "[token-3]"]
    record("m.sqlite", "opaque-CCCC-333", "opaque-BBBB-222")
    assert sorted(names()) == ["[token-1]", "[token-1]", "[token-3]", "[token-3]", "[token-4]"]


def test_a_long_final_scan_is_announced_and_a_short_one_is_not(tmp_path):
    short = record_one(tmp_path, lambda connection, _: connection.sendall(whole(b"{}")))
    assert "final scan looks" not in short and "by the final scan" in short, short
    with contextlib.closing(sqlite3.connect(tmp_path / "r.sqlite")) as library, library:
        library.execute("INSERT INTO files (path, content) VALUES ('long', zeroblob(5000000))")
    long = record_one(tmp_path, lambda connection, _: connection.sendall(whole(b"{}")))
    assert "r.sqlite: the final scan looks through all of it for secrets, 6 MB" in long, long


def test_calls_that_a_browser_aborted_are_replayed_as_connections_that_ended(tmp_path):
    url = "https://bedrock-agentcore.us-east-1.amazonaws.com" + PATH
    entry = {"request": {"method": "POST", "url": url, "postData": {"text": '{"n": 1}'}}, "response": {"status": 0}}
    (tmp_path / "x.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    loaded = run("load", tmp_path / "x.har", "--into", tmp_path / "x.sqlite")
    assert loaded.returncode == 0 and "1 recorded call" in loaded.stdout, loaded.stderr
    with Server(tmp_path, tmp_path / "x.sqlite", "--auth", "off") as server:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            httpx.post(server.url + PATH, json={"n": 1})
        assert server.last_call()["outcome"] == "closed"
