"""pip install './packages/pytest-understudy[boto3]', then: python -m pytest examples/pytest"""

import json

import pytest

AGENT = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/helper-AbCdEf1234"


def ask(client, prompt: str) -> str:
    answer = client.invoke_agent_runtime(agentRuntimeArn=AGENT, payload=json.dumps({"prompt": prompt}).encode())
    return json.loads(answer["response"].read())["response"]["content"][0]["text"]


def test_the_agent_answers(understudy):
    assert "Hello" in ask(understudy.client("bedrock-agentcore"), "Hello")


def test_one_outage_is_survived(understudy):
    understudy.fault("error", on={"calls": "1"}, status=503)
    assert "Hello" in ask(understudy.client("bedrock-agentcore"), "Hello")
    assert [call["status"] for call in understudy.calls()] == [503, 200]


def test_a_token_that_is_about_to_expire_is_told_as_the_service_tells_it(understudy):
    understudy.fault("expiring-token", on={"calls": "1"})
    with pytest.raises(Exception, match="will expire within the next minute"):
        ask(understudy.client("bedrock-agentcore"), "Hello")
