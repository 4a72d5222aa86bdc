"""The server in front of a real agent, one that was built with the public `bedrock-agentcore` package."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import time
import uuid

import botocore.exceptions
import httpx
import pytest

from clients import agentcore
from understudy import Server, free_port
from world import ACCOUNT, KEY, REGION, SECRET

ARN = f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:runtime/local_agent-ABCDEFGHIJ"
CREDENTIAL = {"accessKeyId": KEY, "secretAccessKey": SECRET}
CUSTOM = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Team"


class Agent:
    """The agent as a child process."""

    def __init__(self, port: int, delay: float = 0):
        self.arguments = [sys.executable, str(pathlib.Path(__file__).with_name("local_agent.py")), str(port), str(delay)]
        self.url = f"http://127.0.0.1:{port}"

    def __enter__(self) -> "Agent":
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self

    def __exit__(self, *_) -> None:
        self.process.kill()
        self.process.wait(timeout=20)

    def wait(self) -> "Agent":
        for _ in range(400):
            try:
                httpx.get(f"{self.url}/ping").raise_for_status()
                return self
            except httpx.HTTPError:
                assert self.process.poll() is None, "the agent did not start"
                time.sleep(0.05)
        raise AssertionError("the agent did not come up")


@pytest.fixture(scope="module")
def agent():
    with Agent(free_port()) as agent:
        yield agent.wait()


@pytest.fixture(scope="module")
def front(agent, tmp_path_factory):
    folder = tmp_path_factory.mktemp("forward")
    file = folder / "forward.json"
    entry = {"arn": "*", "auth": "sigv4", "forward": agent.url, "requestHeaders": [CUSTOM]}
    file.write_text(json.dumps({"understudy": 1, "agents": [entry], "credentials": [CREDENTIAL]}))
    with Server(folder, file) as server:
        yield server


def invoke(server, prompt, session=None, **more):
    client = agentcore(server.url)
    session = session or f"session-{uuid.uuid4()}"
    return client.invoke_agent_runtime(
        agentRuntimeArn=ARN, runtimeSessionId=session, payload=json.dumps({"prompt": prompt}).encode(),
        contentType="application/json", **more)


def test_json_comes_back_and_the_agent_sees_its_session(front):
    session = f"session-{uuid.uuid4()}"
    answer = invoke(front, "sushi 🍣", session)
    said = json.loads(answer["response"].read())
    assert said["you said"] == "sushi 🍣" and said["session"] == session
    assert answer["contentType"] == "application/json" and answer["runtimeSessionId"] == session
    call = front.last_call(session=session)
    assert call["upstream"]["status"] == 200 and call["upstream"]["error"] is None
    assert call["upstream"]["connected"] <= call["upstream"]["firstByte"] <= call["upstream"]["ended"]
    assert call["principal"] == KEY and call["status"] == 200 and call["outcome"] == "completed"


def test_only_the_listed_headers_reach_it(front):
    client = agentcore(front.url)

    def add(request, **_):
        request.headers[CUSTOM], request.headers["X-Other"] = "blue", "no"

    client.meta.events.register("before-sign.bedrock-agentcore.InvokeAgentRuntime", add)
    answer = client.invoke_agent_runtime(agentRuntimeArn=ARN, payload=b'{"prompt": "x"}', contentType="application/json")
    headers = json.loads(answer["response"].read())["headers"]
    assert headers[CUSTOM.lower()] == "blue"
    assert not {"x-other", "authorization", "x-amz-date"} & set(headers)


def test_a_stream_comes_event_by_event(front):
    answer = invoke(front, "stream", accept="text/event-stream")
    assert answer["contentType"].startswith("text/event-stream")
    lines = [line for line in answer["response"].iter_lines() if line]
    assert [json.loads(line.removeprefix(b"data: ")) for line in lines] == [
        {"word": "one"}, {"word": "two 🍣"}, {"word": "three"}]
    call = front.last_call()
    assert len(call["frames"]) >= 3 and call["outcome"] == "completed"
    assert "two 🍣" in call["reply"]["body"]


def test_an_exception_before_the_answer_is_424(front):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        invoke(front, "fail")
    assert caught.value.response["Error"]["Code"] == "RuntimeClientError"
    assert "Received error (500) from runtime" in caught.value.response["Error"]["Message"]
    call = front.last_call()
    assert call["status"] == 424 and call["upstream"]["status"] == 500
    assert "boom" not in json.dumps(call)


def test_an_exception_inside_the_stream_is_an_event(front):
    answer = invoke(front, "stream and break", accept="text/event-stream")
    events = [json.loads(line.removeprefix(b"data: ")) for line in answer["response"].iter_lines() if line]
    assert events[0] == {"word": "one"} and events[-1]["error_type"] == "RuntimeError"


def test_a_fault_cuts_the_stream_of_a_real_agent(front):
    fault = {"name": "cut", "fault": "close", "at": "frame 1", "on": {"times": 1}}
    httpx.post(f"{front.control}/faults", json=fault).raise_for_status()
    try:
        with pytest.raises(Exception):
            list(invoke(front, "stream", accept="text/event-stream")["response"].iter_lines())
    finally:
        httpx.delete(f"{front.control}/faults/cut").raise_for_status()
    call = front.last_call()
    assert call["outcome"] == "closed" and [fault["name"] for fault in call["faults"]] == ["cut"]


def test_without_a_library_one_agent_is_behind_every_arn(agent, tmp_path):
    with Server(tmp_path, "--forward", agent.url) as server:
        assert server.ready["upstream"] == agent.url
        assert json.loads(invoke(server, "hello")["response"].read())["you said"] == "hello"
        assert server.last_call()["rule"] is None


def test_a_slow_start_is_waited_for_and_one_that_never_comes_is_told(tmp_path):
    port = free_port()
    with Agent(port, delay=1.5), Server(tmp_path, "--forward", f"http://127.0.0.1:{port}") as server:
        assert json.loads(invoke(server, "late")["response"].read())["you said"] == "late"
    entry = {"arn": "*", "auth": "any", "forward": f"http://127.0.0.1:{free_port()}", "session": {"initialization": "1s"}}
    file = tmp_path / "absent.json"
    file.write_text(json.dumps({"understudy": 1, "agents": [entry], "credentials": [CREDENTIAL]}))
    with Server(tmp_path, file) as server:
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            invoke(server, "never")
        assert "initialization completes in 1s" in caught.value.response["Error"]["Message"]
        assert server.last_call()["upstream"]["error"]


def test_an_agent_that_is_restarted_between_two_calls(tmp_path):
    port, session = free_port(), f"session-{uuid.uuid4()}"
    with Server(tmp_path, "--forward", f"http://127.0.0.1:{port}") as server:
        with Agent(port) as agent:
            agent.wait()
            first = json.loads(invoke(server, "a", session)["response"].read())
        with Agent(port, delay=0.5):
            second = json.loads(invoke(server, "b", session)["response"].read())
        assert first["process"] != second["process"] and second["session"] == session
        assert [call["status"] for call in server.calls()] == [200, 200]
