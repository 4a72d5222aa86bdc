"""The AWS CLI, from a shell's point of view."""

import json
import os
import pathlib
import subprocess
import sys

from world import KEY, REGION, SECRET, SESSION, SIGNED, UNKNOWN, WORDS

AWS = pathlib.Path(sys.executable).parent / "aws"


def aws(server, *arguments, secret=SECRET):
    environment = os.environ | {
        "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE": server.url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": REGION,
    }
    return subprocess.run(
        [sys.executable, AWS, "bedrock-agentcore", *map(str, arguments)],
        capture_output=True, text=True, timeout=60, env=environment, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def invoke(server, prompt, out, agent=SIGNED, **options):
    return aws(
        server, "invoke-agent-runtime", "--agent-runtime-arn", agent, "--runtime-session-id", SESSION,
        "--content-type", "application/json", "--payload", json.dumps({"prompt": prompt}), out, **options,
    )  # fmt: skip


def test_invoke_agent_runtime(server, tmp_path):
    ran = invoke(server, "sushi for two", tmp_path / "out.json")
    assert ran.returncode == 0, ran.stderr
    described = json.loads(ran.stdout)
    assert described["statusCode"] == 200
    assert described["runtimeSessionId"] == SESSION
    assert json.loads((tmp_path / "out.json").read_text()) == {"answer": "You said sushi for two", "session": SESSION}


def test_a_stream_is_written_whole(server, tmp_path):
    ran = invoke(server, "stream", tmp_path / "out.txt")
    assert ran.returncode == 0, ran.stderr
    frames = (tmp_path / "out.txt").read_text().split("\n\n")
    assert [json.loads(frame.removeprefix("data: "))["data"] for frame in frames if frame] == WORDS


def test_stop_runtime_session(server, tmp_path):
    invoke(server, "sushi", tmp_path / "out.json")
    ran = aws(server, "stop-runtime-session", "--agent-runtime-arn", SIGNED, "--runtime-session-id", SESSION)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["statusCode"] == 200


def test_a_refusal_is_told_in_the_services_words(server, tmp_path):
    ran = invoke(server, "sushi", tmp_path / "out.json", secret="wrong")
    assert ran.returncode != 0
    assert "(InvalidSignatureException) when calling the InvokeAgentRuntime operation" in ran.stderr
    ran = invoke(server, "sushi", tmp_path / "out.json", agent=UNKNOWN)
    assert "(ResourceNotFoundException) when calling the InvokeAgentRuntime operation" in ran.stderr
