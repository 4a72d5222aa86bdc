"""How calls get out: through a proxy, with credentials of a container's endpoint, over a TLS that is not this program's."""

from __future__ import annotations

import contextlib
import datetime
import http.server
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import threading

import httpx
import pytest
from clients import agentcore
from test_forward import Agent
from test_upstream import ARN, KEYS, REAL, SESSION, invoke
from understudy import Server, free_port, run, until

HOST = "bedrock-agentcore.us-east-1.amazonaws.com"
PATH = "/runtimes/" + ARN.replace(":", "%3A").replace("/", "%2F") + "/invocations"


@pytest.fixture
def secured(tmp_path, monkeypatch):
    """A service over TLS, and the authority that vouches for it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    file = tmp_path / "back.json"
    rules = [{"name": "echo", "reply": {"echo": True}}]
    file.write_text(json.dumps({"understudy": 1, "agents": [{"arn": "*"}], "credentials": [REAL], "rules": rules}))
    with Server(tmp_path, file, "--tls-port", "0") as back:
        yield back, run("ca", env=os.environ).stdout.split()[0]


class Proxy:
    """Takes tunnels, all to one port, and keeps what it was asked."""

    def __init__(self, port: int):
        self.port, self.asked = port, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.listener.close()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=[near], daemon=True).start()

    def serve(self, near: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += near.recv(1)
        self.asked.append(head.decode())
        far = socket.create_connection(("127.0.0.1", self.port))
        near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=self.pump, args=[far, near], daemon=True).start()
        self.pump(near, far)

    def pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while some := one.recv(65_536):
                other.sendall(some)
            other.shutdown(socket.SHUT_WR)


def test_the_service_through_a_proxy(secured, tmp_path, monkeypatch):
    back, authority = secured
    with Proxy(int(back.ready["tls"].rsplit(":", 1)[1])) as proxy:
        for name, value in (KEYS | {"HTTPS_PROXY": f"http://me:pass@{proxy.address}"}).items():
            monkeypatch.setenv(name, value)
        with Server(tmp_path, "--upstream", f"https://{HOST}", "--upstream-ca", authority) as front:
            assert invoke(front) == "hi there"
            assert invoke(front, "once more") == "once more"
        assert back.last_call()["request"]["headers"]["Host"] == HOST
    assert len(proxy.asked) == 1, "the tunnel is used again"
    assert proxy.asked[0].startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic bWU6cGFzcw==\r\n" in proxy.asked[0]


class ContainerEndpoint(http.server.ThreadingHTTPServer):
    """Hands credentials out to whoever shows the token, good for so many seconds."""

    def __init__(self, seconds: float):
        super().__init__(("127.0.0.1", 0), ContainerAnswer)
        self.seconds, self.asked = seconds, []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class ContainerAnswer(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.server.seconds)
        body = json.dumps({
            "AccessKeyId": REAL["accessKeyId"], "SecretAccessKey": REAL["secretAccessKey"], "Token": REAL["sessionToken"],
            "Expiration": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }).encode()  # fmt: skip
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.mark.parametrize("seconds, times", [(3_600, 1), (30, 2)], ids=["kept", "renewed"])
def test_credentials_of_the_containers_endpoint(secured, tmp_path, monkeypatch, seconds, times):
    back, _ = secured
    endpoint = ContainerEndpoint(seconds)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"http://127.0.0.1:{endpoint.server_port}/v2/credentials")
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-containers-token")
    with Server(tmp_path, "--upstream", back.url) as front:
        assert invoke(front) == "hi there"
        assert invoke(front, "again") == "again"
        assert REAL["secretAccessKey"] not in front.journal_text()
    assert back.last_call()["principal"] == "AKIDREAL"
    assert endpoint.asked[:times] == [("/v2/credentials", "the-containers-token")] * times and len(endpoint.asked) >= times
    endpoint.shutdown()


# MARK: The whole way, as the issue wants it


NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


@pytest.fixture
def behind_nginx(tmp_path, monkeypatch):
    """A second Understudy that verifies signatures, behind nginx's TLS."""
    file = tmp_path / "back.json"
    stream = {"stream": {"every": "20ms", "events": [{"data": "Hel"}, {"data": "lo"}]}}
    rules = [{"name": "stream", "when": {"payload": [{"path": "$.stream", "equals": True}]}, "reply": stream},
             {"name": "echo", "reply": {"echo": True}}]  # fmt: skip
    agents = [{"arn": "*", "auth": "any"}]
    file.write_text(json.dumps({"understudy": 1, "agents": agents, "credentials": [REAL], "rules": rules}))
    port = free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
         tmp_path / "key.pem", "-out", tmp_path / "cert.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost"], check=True, capture_output=True,
    )  # fmt: skip
    with Server(tmp_path, file) as back:
        (tmp_path / "nginx.conf").write_text(f"""daemon off; worker_processes 1; pid {tmp_path}/nginx.pid; error_log stderr crit;
events {{ }}
http {{ access_log off; client_body_temp_path {tmp_path}/b; proxy_temp_path {tmp_path}/p; fastcgi_temp_path {tmp_path}/f;
  uwsgi_temp_path {tmp_path}/u; scgi_temp_path {tmp_path}/s;
  server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {tmp_path}/cert.pem; ssl_certificate_key {tmp_path}/key.pem;
    location / {{ proxy_pass {back.url}; proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_buffering off; }} }} }}
""")
        nginx = subprocess.Popen([NGINX, "-p", tmp_path, "-c", tmp_path / "nginx.conf"])
        until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
        yield back, f"https://localhost:{port}", tmp_path / "cert.pem"
        nginx.terminate()
        nginx.wait()


def said(server: Server) -> list[object]:
    """What boto3 and a bearer client get of the same session: an answer in one piece, and a stream."""
    client, found = agentcore(server.url), []
    for payload in ({"prompt": "hi"}, {"stream": True, "prompt": "hi"}):
        answer = client.invoke_agent_runtime(
            agentRuntimeArn=ARN, runtimeSessionId=SESSION, payload=json.dumps(payload).encode(), contentType="application/json"
        )
        found.append((answer["contentType"], answer["response"].read()))
    return found


def said_to_bearer(server: Server) -> list[object]:
    fields = {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": SESSION, "Content-Type": "application/json"}
    fields["Authorization"] = f"Bearer {server.token(agent=ARN)}"
    found = []
    for payload in ({"prompt": "hi"}, {"stream": True, "prompt": "hi"}):
        answer = httpx.post(server.url + PATH, content=json.dumps(payload), headers=fields)
        found.append((answer.headers["content-type"], answer.content))
    return found


def test_over_tls_with_a_new_signature_recorded_and_replayed(behind_nginx, tmp_path, monkeypatch):
    back, url, certificate = behind_nginx
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "session.sqlite"
    with Server(tmp_path, "--upstream", url, "--upstream-ca", certificate, "--record", file) as front:
        real = said(front)
        assert front.stop() == 0, front.log.read_text()
    seen = back.calls()
    assert [(call["principal"], call["auth"]["verdict"], call["status"]) for call in seen] == [("AKIDREAL", "allowed", 200)] * 2
    for name in KEYS:
        monkeypatch.delenv(name)
    for secret in (REAL["secretAccessKey"], REAL["sessionToken"]):
        assert secret.encode() not in file.read_bytes()
    with Server(tmp_path, file) as replaying:
        assert said(replaying) == real
        assert said_to_bearer(replaying) == real
    assert len(back.calls()) == 2, "nobody was asked again"


def test_a_session_of_the_public_package_recorded_and_replayed(tmp_path):
    file = tmp_path / "session.sqlite"
    prompts = ["hi", "stream"]

    def ask(server):
        client, found = agentcore(server.url), []
        for prompt in prompts:
            answer = client.invoke_agent_runtime(
                agentRuntimeArn=ARN, runtimeSessionId=SESSION, payload=json.dumps({"prompt": prompt}).encode(),
                contentType="application/json",
            )  # fmt: skip
            found.append((answer["contentType"], answer["response"].read()))
        return found

    with Agent(free_port()) as agent:
        agent.wait()
        with Server(tmp_path, "--forward", agent.url, "--record", file) as front:
            real = ask(front)
            assert front.stop() == 0, front.log.read_text()
    assert real[1][0].startswith("text/event-stream") and real[1][1].count(b"data: ") > 1, real
    with contextlib.closing(sqlite3.connect(file)) as library:
        assert library.execute("SELECT count(*) FROM recorded_frames").fetchone()[0] > 1
    with Server(tmp_path, file) as replaying:
        assert ask(replaying) == real
        fields = {"Authorization": f"Bearer {replaying.token(agent=ARN)}", "Content-Type": "application/json"}
        fields["X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"] = SESSION
        for prompt, (kind, body) in zip(prompts, real):
            answer = httpx.post(replaying.url + PATH, content=json.dumps({"prompt": prompt}), headers=fields)
            assert (answer.headers["content-type"], answer.content) == (kind, body)
