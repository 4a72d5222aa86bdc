"""Recordings, replayed to clients that people use: boto3 with signatures, and httpx with a bearer token."""

import json
import pathlib
import shutil
import subprocess

import httpx
import pytest

from clients import agentcore, bearer, invocations
from understudy import BINARY, Server, run

FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures" / "recordings"
MENU = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/menu_agent-AbCdEf1234"
UNEVEN = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/uneven_agent-AbCdEf1234"
SESSION = "a-session-of-a-test-0123456789-0123456789"


def exported(name: str) -> list[dict]:
    return json.loads(run("export", FIXTURES / f"{name}.sqlite").stdout)["recorded"]


def body(recorded: dict) -> str:
    """What the recorded call was answered with, in the session of the test."""
    reply = recorded["reply"]
    if "json" in reply:
        separators = (", ", ": ") if reply.get("spaced") else (",", ":")
        text = json.dumps(reply["json"], ensure_ascii=False, separators=separators)
    else:
        text = reply["text"] if "text" in reply else "".join(frame["text"] for frame in reply["frames"])
    return text.replace(recorded["session"], SESSION)


@pytest.fixture(scope="module", params=["sqlite", "json"])
def server(request, tmp_path_factory):
    """Both recordings, as they are and as text."""
    folder = tmp_path_factory.mktemp("recordings")
    files = [FIXTURES / "agent.sqlite", FIXTURES / "uneven.sqlite"]
    if request.param == "json":
        for file in files:
            (folder / f"{file.stem}.json").write_text(run("export", file).stdout)
        files = [folder / f"{file.stem}.json" for file in files]
    with Server(folder, *files, "--speed", "max") as server:
        yield server


def test_boto3_and_a_bearer_client_get_what_was_recorded(server):
    token = run("token", "--server", server.url).stdout.strip()
    httpx.post(f"{server.control}/reset").raise_for_status()
    for recorded in exported("agent"):
        payload = json.dumps(recorded["request"]["json"]).encode()
        if recorded["reply"]["status"] == 200:
            answer = agentcore(server.url, "test", "test").invoke_agent_runtime(
                agentRuntimeArn=MENU, runtimeSessionId=SESSION, payload=payload
            )
            assert answer["response"].read().decode() == body(recorded)
            assert server.last_call()["recording"] == "agent"
        answer = httpx.post(invocations(server.url, MENU), content=payload, headers=bearer(token, SESSION))
        assert (answer.status_code, answer.text) == (recorded["reply"]["status"], body(recorded))


def test_what_was_cut_is_cut_and_what_was_reset_is_reset(server):
    token = run("token", "--server", server.url).stdout.strip()

    def ask(prompt: str):
        return httpx.post(
            invocations(server.url, UNEVEN), json={"prompt": prompt}, headers=bearer(token, SESSION), timeout=5
        )

    httpx.post(f"{server.control}/reset").raise_for_status()
    assert ask("sushi").text.split("\n\n")[:2] == [
        'data: "🍣 for two, 🇯🇵 style"',
        f'data: {{"session": "{SESSION}"}}',
    ]
    assert [ask("again").json()["answer"] for _ in range(3)] == [1, 2, 2]
    for prompt in ["cut", "reset"]:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            ask(prompt)
    assert ask("fail").status_code == 500
    refused = ask("agian")
    assert refused.status_code == 404 and '$.prompt' in refused.json()["message"]


@pytest.mark.parametrize("name", ["agent", "uneven"])
def test_a_recording_replays_exactly(name):
    said = run("fidelity", FIXTURES / f"{name}.sqlite", "--json")
    found = json.loads(said.stdout)
    assert said.returncode == 0 and found["bytesEqual"] and found["framesEqual"], said.stdout
    assert len(found["streams"]) == found["calls"] == len(exported(name))


def test_two_recordings_are_told_apart(tmp_path):
    other = tmp_path / "other.sqlite"
    shutil.copy(FIXTURES / "uneven.sqlite", other)
    assert run("diff", FIXTURES / "uneven.sqlite", other).returncode == 0
    edit = "UPDATE recorded_frames SET at = at + 50000 WHERE id = 3; DELETE FROM recorded_calls WHERE status = 500"
    subprocess.run(["sqlite3", other, edit], check=True)
    said = run("diff", FIXTURES / "uneven.sqlite", other, "--json")
    whats = {difference["what"] for difference in json.loads(said.stdout)["differences"]}
    assert said.returncode == 1 and whats == {"timing", "call"}, said.stdout


def test_nothing_is_left_beside_a_recording_that_is_served():
    assert sorted(file.name for file in FIXTURES.glob("*.sqlite*")) == ["agent.sqlite", "uneven.sqlite"]
