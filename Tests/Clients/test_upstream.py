"""Calls passed on to the service, whose part another Understudy plays: it verifies the new signature."""

from __future__ import annotations

import json
import os

import botocore.exceptions
import httpx
import pytest

from clients import agentcore
from understudy import Server, free_port, run
from world import ACCOUNT, REGION

ARN = f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:runtime/remote_agent-ABCDEFGHIJ"
SESSION = "session-of-an-upstream-test-0123456789-abc"
SECRET, TOKEN = "real-secret-0123456789", "real/session+token=0123456789"
REAL = {"accessKeyId": "AKIDREAL", "secretAccessKey": SECRET, "sessionToken": TOKEN}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDREAL", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": TOKEN}


@pytest.fixture
def back(tmp_path):
    file = tmp_path / "back.json"
    rules = [{"name": "echo", "reply": {"echo": True}}]
    file.write_text(json.dumps({"understudy": 1, "agents": [{"arn": "*"}], "credentials": [REAL], "rules": rules}))
    with Server(tmp_path, file) as server:
        yield server


def invoke(server, prompt="hi there", **who):
    answer = agentcore(server.url, **who).invoke_agent_runtime(
        agentRuntimeArn=ARN, runtimeSessionId=SESSION, payload=json.dumps({"prompt": prompt}).encode(),
        contentType="application/json")
    return json.loads(answer["response"].read())["response"]["content"][0]["text"]


@pytest.mark.parametrize("who", [{}, {"key": "AKIDREAL", "secret": SECRET, "token": TOKEN}], ids=["library", "real"])
def test_a_call_is_verified_here_and_signed_anew(back, tmp_path, monkeypatch, who):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with Server(tmp_path, "--upstream", back.url) as front:
        assert front.ready["upstream"] == back.url
        assert invoke(front, **who) == "hi there"
        call = front.last_call()
        assert call["rule"] is None and call["upstream"]["status"] == 200
        text = front.journal_text()
    assert back.last_call()["principal"] == "AKIDREAL" and back.last_call()["session"] == SESSION
    assert SECRET not in text and TOKEN not in text


def test_without_credentials_it_says_where_they_were_looked_for(back, tmp_path):
    with Server(tmp_path, "--upstream", back.url) as front:
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            invoke(front)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert "AWS_ACCESS_KEY_ID" in caught.value.response["Error"]["Message"]
    assert back.calls() == []


def test_a_refusal_there_gives_no_real_secret_away(back, tmp_path, monkeypatch):
    for name, value in (KEYS | {"AWS_SECRET_ACCESS_KEY": "wrong-0123456789"}).items():
        monkeypatch.setenv(name, value)
    with Server(tmp_path, "--upstream", back.url) as front:
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            invoke(front)
        assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"
        assert TOKEN not in str(caught.value) and TOKEN not in front.journal_text()


def test_a_process_hands_over_the_credentials_of_a_profile(back, tmp_path, monkeypatch):
    program, config = tmp_path / "keys", tmp_path / "config"
    document = {"Version": 1, "AccessKeyId": "AKIDREAL", "SecretAccessKey": SECRET, "SessionToken": TOKEN}
    program.write_text(f"#!/bin/sh\necho '{json.dumps(document)}'\n")
    program.chmod(0o755)
    config.write_text(f"[profile mine]\ncredential_process = {program}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with Server(tmp_path, "--upstream", back.url, "--upstream-profile", "mine") as front:
        assert invoke(front) == "hi there"


def test_what_this_version_does_not_know_and_bearer_tokens_go_on(back, tmp_path):
    with Server(tmp_path, "--upstream", back.url) as front:
        path = "/runtimes/" + ARN.replace(":", "%3A").replace("/", "%2F")
        bearer = {"Authorization": "Bearer abc"}
        answer = httpx.post(f"{front.url}{path}/invocations", headers=bearer, content=b"{}")
        assert answer.status_code == 403 and "mismatch" in answer.text
        assert front.last_call()["auth"]["verdict"] == "unchecked"
        httpx.post(f"{front.url}/_space/a{path}/something-new?x=1", headers=bearer, content=b"{}")
        seen = back.last_call()["request"]
        assert seen["path"].endswith("/something-new?x=1") and not seen["path"].startswith("/_space")
        assert seen["headers"]["Host"] == back.url.removeprefix("http://")


def test_nobody_there_is_503(tmp_path):
    with Server(tmp_path, "--upstream", f"http://127.0.0.1:{free_port()}", "--auth", "off") as front:
        answer = httpx.post(f"{front.url}/runtimes/{ARN.replace('/', '%2F')}/invocations", content=b"{}")
        assert answer.status_code == 503 and "refused" in answer.json()["message"]


def test_over_tls_with_an_authority_of_ones_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    file = tmp_path / "back.json"
    rules = [{"name": "echo", "reply": {"echo": True}}]
    file.write_text(json.dumps({"understudy": 1, "agents": [{"arn": "*"}], "credentials": [REAL], "rules": rules}))
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with Server(tmp_path, file, "--tls-port", "0") as back:
        url = back.ready["tls"].replace("127.0.0.1", "localhost")
        authority = run("ca", env=os.environ).stdout.split()[0]
        with Server(tmp_path, "--upstream", url, "--upstream-ca", authority) as front:
            assert invoke(front) == "hi there"
        with Server(tmp_path, "--upstream", url) as front:
            with pytest.raises(botocore.exceptions.ClientError) as caught:
                invoke(front)
            assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
            assert "certificate" in front.last_call()["upstream"]["error"]
