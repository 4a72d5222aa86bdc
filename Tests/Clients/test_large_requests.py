"""Requests of many megabytes that are only passed on: whole, verified, and not in memory."""

from __future__ import annotations

import hashlib
import http.client
import json

from clients import agentcore
from plain_agent import PlainAgent, whole
from test_upstream import ARN, KEYS, REAL, SESSION
from understudy import Server

PATH = "/runtimes/" + ARN.replace(":", "%3A").replace("/", "%2F") + "/invocations"
SIZE = 60_000_000


def digest(connection, request):
    body = request.split(b"\r\n\r\n", 1)[1]
    connection.sendall(whole(json.dumps({"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}).encode()))


def test_it_arrives_whole_and_memory_does_not_grow_with_it(tmp_path):
    body = bytes(range(256)) * (SIZE // 256)
    with PlainAgent(digest) as agent, Server(tmp_path, "--auth", "off", "--forward", agent.url) as server:
        for _ in range(2):
            client = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
            client.request("POST", PATH, body)
            said = json.loads(client.getresponse().read())
            assert said == {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        status = open(f"/proc/{server.process.pid}/status").read()
        assert int(status.split("VmHWM:")[1].split()[0]) < SIZE // 1_000, "kB"
        kept = server.last_call()["request"]
        assert kept["bodyBytes"] == len(body), kept.keys()


def test_a_signed_one_is_verified_here_and_there(tmp_path, monkeypatch):
    file = tmp_path / "back.json"
    rules = [{"name": "any", "reply": {"json": {"got": True}}}]
    file.write_text(json.dumps({"understudy": 1, "agents": [{"arn": "*"}], "credentials": [REAL], "rules": rules}))
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    payload = json.dumps({"prompt": "x" * 5_000_000}).encode()
    with Server(tmp_path, file) as back, Server(tmp_path, "--upstream", back.url) as front:
        answer = agentcore(front.url).invoke_agent_runtime(agentRuntimeArn=ARN, runtimeSessionId=SESSION, payload=payload)
        assert json.loads(answer["response"].read()) == {"got": True}
        assert back.last_call()["principal"] == "AKIDREAL" and back.last_call()["request"]["bodyBytes"] == len(payload)
