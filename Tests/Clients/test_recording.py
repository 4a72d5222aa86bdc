"""boto3 in front of the recorder, an agent in plain Python behind it, and what is in the file afterwards."""

from __future__ import annotations

import http.server
import json
import socketserver
import sqlite3
import threading
import time

import httpx
import pytest
from clients import agentcore
from understudy import Server, run

ARN = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/recorded_agent-ABCDEFGHIJ"
SESSION = "a-session-of-thirty-three-or-more-letters"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJlLW9mLWl0"
SECRETS = ["hunter2-4711", "sid-4711", JWT, JWT[:30], "opaque-4711-token"]


class Agent(http.server.BaseHTTPRequestHandler):
    """The container contract, with an answer in one piece, a stream, and one that is cut."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        body = b'{"status": "Healthy"}'
        self.begin("application/json", ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked["kind"] == "json":
            body = json.dumps({"said": asked, "access_token": "opaque-4711-token"}).encode()
            self.begin("application/json", ("Content-Length", str(len(body))), ("Set-Cookie", "sid=sid-4711; Path=/"))
            self.wfile.write(body)
            return
        self.begin("text/event-stream", ("Transfer-Encoding", "chunked"))
        for piece in ["Hel", "lo ", JWT[:30], JWT[30:], " bye"]:
            event = f"data: {json.dumps(piece)}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
            self.wfile.flush()
            time.sleep(0.005)
        if asked["kind"] == "cut":
            self.close_connection = True
            return
        self.wfile.write(b"0\r\n\r\n")

    def begin(self, kind: str, *fields: tuple[str, str]):
        self.send_response(200)
        for name, value in [("Content-Type", kind), *fields]:
            self.send_header(name, value)
        self.end_headers()


class Agents(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def agent():
    server = Agents(("127.0.0.1", 0), Agent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def invoke(client, **payload) -> bytes:
    answer = client.invoke_agent_runtime(
        agentRuntimeArn=ARN, runtimeSessionId=SESSION, payload=json.dumps(payload).encode(), contentType="application/json"
    )
    return answer["response"].read()


def record(agent: str, folder, *arguments: object, **kinds) -> bytes:
    """Records a few calls of boto3's and returns the bytes of the file."""
    with Server(folder, "--forward", agent, "--record", folder / "r.sqlite", *arguments) as server:
        client = agentcore(server.url, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        said = json.loads(invoke(client, kind="json", password="hunter2-4711"))
        assert said["said"]["password"] == "hunter2-4711", "the client sees what was really said"
        assert JWT[:30].encode() in invoke(client, kind="stream")
        assert server.stop() == 0, server.log.read_text()
    return (folder / "r.sqlite").read_bytes()


def test_a_session_of_boto3_is_recorded_without_its_secrets(agent, tmp_path):
    kept = record(agent, tmp_path)
    for secret in SECRETS:
        assert secret.encode() not in kept, secret
    assert [path.name for path in tmp_path.glob("r.sqlite*")] == ["r.sqlite"]
    with sqlite3.connect(tmp_path / "r.sqlite") as library:
        calls = library.execute(
            "SELECT agent, operation, session, outcome, request_headers, request_body FROM recorded_calls ORDER BY position"
        ).fetchall()
        frames = library.execute("SELECT at, bytes FROM recorded_frames WHERE call = 2 ORDER BY position").fetchall()
    assert [call[:4] for call in calls] == [(ARN, "InvokeAgentRuntime", SESSION, "completed")] * 2
    assert "Signature=[token-" in calls[0][4] and json.loads(calls[0][5])["password"] == "[password-1]"
    assert [frame[1] for frame in frames] == [
        b'data: "Hel"\n\n', b'data: "lo "\n\n', b'data: "[jwt-1]"\n\n', b'data: ""\n\n', b'data: " bye"\n\n',
    ]
    times = [frame[0] for frame in frames]
    assert times == sorted(times) and times[-1] - times[0] >= 15_000


def test_a_killed_recorder_leaves_every_call_that_was_answered(agent, tmp_path):
    for round in range(1, 6):
        with Server(tmp_path, "--forward", agent, "--record", tmp_path / "r.sqlite") as server:
            client = agentcore(server.url, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
            invoke(client, kind="stream" if round % 2 else "json", password="x-4711")
            server.process.kill()
            server.process.wait()
        with sqlite3.connect(tmp_path / "r.sqlite") as library:
            assert library.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert library.execute("SELECT count(*) FROM recorded_calls").fetchone() == (round,)
            orphans = "SELECT count(*) FROM recorded_frames WHERE call NOT IN (SELECT id FROM recorded_calls)"
            assert library.execute(orphans).fetchone() == (0,)


def test_a_cut_is_recorded_as_one_and_a_kept_secret_can_be_removed_later(agent, tmp_path):
    assert JWT[:30].encode() in record(agent, tmp_path, "--keep-secrets")
    done = run("redact", tmp_path / "r.sqlite")
    assert done.returncode == 0, done.stderr
    kept = (tmp_path / "r.sqlite").read_bytes()
    for secret in SECRETS:
        assert secret.encode() not in kept, secret
    with Server(tmp_path, "--forward", agent, "--record", tmp_path / "c.sqlite") as server:
        url = f"{server.url}/runtimes/{ARN.replace(':', '%3A').replace('/', '%2F')}/invocations"
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(url, json={"kind": "cut"}, headers={"Authorization": "Bearer opaque-4711-token"})
        assert server.stop() == 0
    with sqlite3.connect(tmp_path / "c.sqlite") as library:
        assert library.execute("SELECT outcome, count(*) FROM recorded_calls").fetchall() == [("closed", 1)]


def test_what_was_recorded_is_replayed_to_boto3_offline(agent, tmp_path):
    record(agent, tmp_path)
    with Server(tmp_path, tmp_path / "r.sqlite") as server:
        client = agentcore(server.url, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        said = json.loads(invoke(client, kind="json", password="any other one"))
        assert said == {"said": {"kind": "json", "password": "[password-1]"}, "access_token": "[token-2]"}
        assert invoke(client, kind="stream").endswith(b'data: "[jwt-1]"\n\ndata: ""\n\ndata: " bye"\n\n')


def test_an_archive_goes_out_and_comes_back(agent, tmp_path):
    record(agent, tmp_path)
    assert run("export", tmp_path / "r.sqlite", "--har", "--to", tmp_path / "r.har").returncode == 0
    entries = json.loads((tmp_path / "r.har").read_text())["log"]["entries"]
    assert [entry["response"]["status"] for entry in entries] == [200, 200]
    assert len(entries[1]["response"]["_frames"]) == 5
    loaded = run("load", tmp_path / "r.har", "--into", tmp_path / "h.sqlite")
    assert loaded.returncode == 0 and "2 recorded calls" in loaded.stdout, loaded.stderr
