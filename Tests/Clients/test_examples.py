"""What stands in `examples/` and `packages/`, run as their readers would."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys

import boto3
import httpx
import pytest
from contextlib import ExitStack

from clients import SESSION_HEADER
from understudy import BINARY, Server, free_port

ROOT = pathlib.Path(__file__).parents[2]
AWAIT_SECONDS = "10s"


def passes(*arguments, **environment):
    ran = subprocess.run(
        [*map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL,
        env={**os.environ, "UNDERSTUDY_BIN": BINARY, **environment},
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_pytest_package_keeps_its_word():
    passes(sys.executable, "-m", "pytest", "-q", "packages/pytest-understudy/tests", "-p", "no:cacheprovider")


def test_the_pytest_example_is_green_with_two_workers():
    passes(sys.executable, "-m", "pytest", "-q", "-n", "2", "examples/pytest", "-p", "no:cacheprovider")


def test_a_project_outside_needs_the_package_and_the_binary_alone(tmp_path):
    """No checkout, no variable: the binary is on PATH."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/understudy").symlink_to(BINARY)
    project = tmp_path / "project"
    project.mkdir()
    shutil.copy(pathlib.Path(__file__).with_name("outside_project.py"), project / "test_three.py")
    shutil.copy(ROOT / "fixtures/recordings/agent.sqlite", project)
    environment = {name: value for name, value in os.environ.items() if name != "UNDERSTUDY_BIN"}
    environment["PATH"] = f"{tmp_path / 'bin'}:{environment['PATH']}"
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"], cwd=project, capture_output=True, text=True, timeout=300, env=environment)
    assert ran.returncode == 0 and "3 passed" in ran.stdout, ran.stdout + ran.stderr


def test_the_node_example_prints_the_words(builtin):
    assert "Hello" in passes("node", "examples/node/ask.mjs", builtin.url)


def test_haproxy_keeps_a_session_on_one_of_two_instances(tmp_path):
    haproxy = shutil.which("haproxy", path=os.environ["PATH"] + ":/usr/sbin")
    assert haproxy, "haproxy is one of the packages that Scripts/install-missing clients installs"
    with ExitStack() as stack:
        instances = [stack.enter_context(Server(tmp_path)) for _ in range(2)]
        front = f"127.0.0.1:{free_port()}"
        addresses = [instance.url.removeprefix("http://") for instance in instances]
        names = ("UNDERSTUDY_FRONT", "UNDERSTUDY_FIRST", "UNDERSTUDY_SECOND")
        process = stack.enter_context(
            subprocess.Popen(
                [haproxy, "-db", "-f", ROOT / "examples/haproxy/haproxy.cfg"], stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env={**os.environ, **dict(zip(names, [front, *addresses]))},
            )
        )
        stack.callback(process.terminate)
        sessions = [f"session-{number:02}-{'x' * 33}" for number in range(20)]
        transport = httpx.HTTPTransport(retries=8)
        with httpx.Client(base_url=f"http://{front}", transport=transport) as client:
            for session in sessions * 3:
                answer = client.post(
                    "/runtimes/helper-AbCdEf1234/invocations", params={"accountId": "123456789012"}, json={"prompt": "Hello"},
                    headers={"Authorization": f"Bearer {instances[0].token()}", SESSION_HEADER: session},
                )
                assert answer.status_code in (200, 401), answer.text
        seen = [_sessions(instance) for instance in instances]
        assert seen[0] and seen[1], "both instances are used"
        assert not seen[0] & seen[1], "no session is seen by both"
        assert seen[0] | seen[1] == set(sessions)


def _sessions(instance):
    """Also of calls that were refused: the header says it."""
    fields = [{name.lower(): value for name, value in call["request"]["headers"].items()} for call in instance.calls()]
    return {each[SESSION_HEADER.lower()] for each in fields if SESSION_HEADER.lower() in each}


def test_the_compose_example_lets_its_program_in(tmp_path):
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((ROOT / "examples/compose/compose.yaml").read_text())["services"]
    serve, *words = services["understudy"]["command"]
    program = services["program"]
    asked = program["command"].split()
    key = program["environment"]
    assert serve == "serve"
    with Server(tmp_path, *words) as server:
        agent = boto3.client(
            "bedrock-agentcore", endpoint_url=f"http://127.0.0.1:{server.url.rsplit(':', 1)[1]}",
            region_name=key["AWS_REGION"], aws_access_key_id=key["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=key["AWS_SECRET_ACCESS_KEY"],
        )
        answer = agent.invoke_agent_runtime(
            agentRuntimeArn=asked[asked.index("--agent-runtime-arn") + 1],
            payload=base64.b64decode(asked[asked.index("--payload") + 1]),
        )
        assert answer["statusCode"] == 200 and b"sushi" in answer["response"].read()


@pytest.mark.parametrize("name", ["action.yml", "examples/compose/compose.yaml", "examples/github/workflow.yml"])
def test_what_a_machine_reads_is_yaml(name):
    yaml = pytest.importorskip("yaml")
    assert json.dumps(yaml.safe_load((ROOT / name).read_text()), default=str)
