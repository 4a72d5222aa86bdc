"""Reports as pictures, over HTTP."""

import xml.etree.ElementTree

import httpx
import pytest

from clients import agentcore
from world import SESSION, arn

AGENT = arn("drawn_agent-ABCDEFGHIJ")


@pytest.mark.parametrize("kind", ["breaker", "backoff", "refresh", "calls"])
def test_what_happened_is_drawn(builtin, kind):
    space = builtin.url
    for _ in range(3):
        agentcore(space).invoke_agent_runtime(agentRuntimeArn=AGENT, runtimeSessionId=SESSION, payload=b"{}")["response"].read()
    answer = httpx.get(f"{space}/_understudy/reports/{kind}").raise_for_status()
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    picture = xml.etree.ElementTree.fromstring(answer.text)
    assert picture.tag.endswith("svg")
    if kind == "calls":
        assert "drawn_agent" in answer.text


def test_what_is_declared_is_drawn_and_nothing_else_of_the_file(builtin):
    space = builtin.url
    agentcore(space).invoke_agent_runtime(agentRuntimeArn=AGENT, runtimeSessionId=SESSION, payload=b"{}")["response"].read()
    calls = {"name": "one call", "calls": {"count": 1}}
    asked = {"expect": [{"name": "the declared one", "backoff": {"policy": "constant", "base": "7s"}}, calls]}
    answer = httpx.post(f"{space}/_understudy/reports/backoff", json=asked).raise_for_status()
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "the declared one" in answer.text and "one call" not in answer.text
    none = httpx.post(f"{space}/_understudy/reports/refresh", json=asked)
    assert none.status_code == 400 and "tokenRefresh" in none.json()["error"]
    wrong = httpx.post(f"{space}/_understudy/reports/backoff", json={"expect": [{"backof": {}}]})
    assert wrong.status_code == 400 and "backof" in wrong.text


def test_a_report_that_there_is_none_of_is_told_which_there_are(builtin):
    answer = httpx.get(f"{builtin.control}/reports/weather")
    assert answer.status_code == 404 and "breaker, backoff, refresh, calls" in answer.json()["error"]
    assert httpx.get(f"{builtin.control}/reports/calls?as=png").status_code == 400
