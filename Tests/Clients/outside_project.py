"""The tests of a project somewhere else, with nothing but the package and the binary: copied there, and run by test_examples."""

import json

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

AGENT = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/helper-AbCdEf1234"
RECORDED = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/menu_agent-AbCdEf1234"


def ask(understudy, prompt, agent=AGENT, **options):
    client = understudy.client("bedrock-agentcore", **options)
    return client.invoke_agent_runtime(agentRuntimeArn=agent, payload=json.dumps({"prompt": prompt}).encode())["response"].read()


def test_a_fault(understudy):
    understudy.fault("error", on={"calls": "1"}, status=503)
    assert b"Hello" in ask(understudy, "Hello")
    assert [call["status"] for call in understudy.calls()] == [503, 200]


def test_a_breaker(understudy):
    """Closed for three failures, then open for a minute, in which it only says that it would have called."""
    understudy.clock.freeze()
    with understudy.fault("error", status=503):
        for _ in range(3):
            with pytest.raises(ClientError):
                ask(understudy, "Hello", config=Config(retries={"total_max_attempts": 1}))
            understudy.clock.advance("1s")
    understudy.mark(agent=AGENT)
    understudy.clock.advance("60s")
    assert b"Hello" in ask(understudy, "Hello")
    understudy.expect_breaker(opens_after=3, open_for="60s")
    with pytest.raises(AssertionError, match="the verdict is"):
        understudy.expect_breaker(opens_after=2, open_for="60s")


@pytest.mark.understudy("agent.sqlite", speed="max")
def test_a_replay(understudy):
    answer = ask(understudy, "sushi", RECORDED, aws_access_key_id="test", aws_secret_access_key="test")
    assert json.loads(answer)["dishes"] == ["Maki", "Nigiri", "Sashimi 🍣"]
    assert [call["rule"] for call in understudy.calls()] == [None]
