"""The four worlds with their faults, as fixtures/scenarios has them, before the programs that they were made for."""

import concurrent.futures
import json
import pathlib
import random

import botocore.exceptions
import httpx
import pytest
from botocore.config import Config

from callers import AWS
from clients import bearer, invocations
from clock import Clock
from resilience import Breaker, BreakerOpen, Program, Retry, Seen, TokenCache
from understudy import Server, free_port, run

SCENARIOS = pathlib.Path(__file__).parents[2] / "fixtures/scenarios"
SESSION = "session-0123456789-0123456789-0123456789"


def serving(world: str, folder: pathlib.Path) -> Server:
    """The world and its faults, merged. Its own issuer is named with the port of a usual server."""
    port = free_port()
    text = (SCENARIOS / f"{world}.json").read_text().replace("127.0.0.1:8787", f"127.0.0.1:{port}")
    (folder / "world.json").write_text(text)
    return Server(folder, folder / "world.json", SCENARIOS / f"{world}-faults.json", "--seed", 7, port=port)


def signing(server, region: str, key: str, secret: str):
    config = Config(retries={"total_max_attempts": 1}, max_pool_connections=100)
    return AWS.client(
        "bedrock-agentcore", endpoint_url=server.url, region_name=region, aws_access_key_id=key,
        aws_secret_access_key=secret, config=config,
    )  # fmt: skip


def invoke(client, agent: str, payload: dict, session: str = SESSION) -> Seen:
    seen = Seen()
    try:
        answer = client.invoke_agent_runtime(agentRuntimeArn=agent, runtimeSessionId=session, payload=json.dumps(payload))
        seen.status = answer["statusCode"]
        seen.body = answer["response"].read()
    except botocore.exceptions.ClientError as error:
        seen.status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        seen.code = error.response["Error"]["Code"]
    except botocore.exceptions.BotoCoreError as error:
        seen.error = type(error).__name__
    return seen


def struck(server) -> list[list[str]]:
    return [call["faults"] for call in server.calls()]


def test_restaurant_a_refresh_and_a_breaker(tmp_path):
    agents = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/"
    search = agents + "restaurant_search_agent-ABCDEFGHIJ"
    reasoning = agents + "restaurant_search_result_reasoning_agent-MSns5D6SLE"
    with serving("restaurant", tmp_path) as server, httpx.Client(verify=False, timeout=20) as client:
        clock = Clock()
        # The cache's own clock stands still: it has no reason to renew anything by itself.
        tokens = TokenCache(lambda: (server.token(agent=search), 3_600.0), Clock())
        statuses = []

        def program(agent, payload, breaker=None):
            def attempt(token):
                answer = client.post(invocations(server.url, agent), json=payload, headers=bearer(token))
                statuses.append(answer.status_code)
                return Seen(answer.status_code, body=answer.content)

            return Program(attempt, breaker or Breaker(clock=clock), Retry(sleep=clock.sleep), tokens)

        searching = program(search, {"prompt": "sushi"})
        assert json.loads(searching.call().body)["results"][0]["name"] == "Sushi Kaito"
        assert (statuses, tokens.refreshes) == ([403, 200], 2)
        assert run("clock", "advance", "59m", "--server", server.url).returncode == 0
        assert searching.call().status == 200
        assert (statuses[2:], tokens.refreshes) == ([403, 200], 3)

        breaker = Breaker(clock=clock)
        explaining = program(reasoning, {"results": []}, breaker)
        del statuses[:]
        assert [explaining.call().status for _ in range(5)] == [500] * 5
        with pytest.raises(BreakerOpen):
            explaining.call()
        clock.now += breaker.open_for
        assert [explaining.call().status for _ in range(3)] == [200] * 3
        assert [new for _, new in breaker.transitions] == ["open", "half-open", "closed"]
        assert struck(server)[4:] == [["reasoning fails"]] * 5 + [[]] * 3


def test_coach_a_hundred_people_and_one_who_waits(tmp_path):
    agent = "arn:aws:bedrock-agentcore:eu-west-1:732231126129:runtime/coach_companion-0ZUOP04U5z"
    with serving("coach", tmp_path) as server:
        # Nobody waits for 26 seconds here; where the outlier strikes stays the same.
        address = ["--server", server.url]
        planned = httpx.get(f"{server.control}/plan?calls=100").json()["calls"]
        assert planned[49]["strikes"][1] == {"name": "outlier", "delay": 26_000}
        assert run("fault", "remove", "outlier", *address).returncode == 0
        armed = run("fault", "add", "latency", "--delay", "600ms", "--calls", "50", "--name", "outlier", *address)
        assert armed.stdout == 'outlier: latency; on.calls="50"; delay=600ms\n'

        client = signing(server, "eu-west-1", "AKIACOACHEXAMPLE0001", "understudy/coach/example/secret/key")
        with concurrent.futures.ThreadPoolExecutor(100) as people:
            talks = [people.submit(invoke, client, agent, {"prompt": "hello"}, f"person-{n:03}-{SESSION}") for n in range(100)]
        assert {talk.result().status for talk in talks} == {200}
        calls = server.calls()
        assert len(calls) == 100
        for call, plan in zip(calls, planned):
            delay = plan["strikes"][0]["delay"] + (600 if call["number"] == 50 else 0)
            assert call["firstByte"] >= delay
        assert [call["number"] for call in calls if "outlier" in call["faults"]] == [50]


def test_trades_a_failing_link(tmp_path):
    agents = "arn:aws:bedrock-agentcore:us-west-2:444455556666:runtime/"
    with serving("trades", tmp_path) as server:
        client = signing(server, "us-west-2", "AKIATRADESEXAMPLE001", "understudy/trades/example/secret/key")
        adapted = invoke(client, agents + "pdf_adapter_agent-Qk3Vt8LmZ2", {"document_path": "s3://in/d-1.pdf"})
        extraction = [
            invoke(client, agents + "trade_extraction_agent-Yw7Rb4NcX1", json.loads(adapted.body)) for _ in range(4)
        ]
        assert [(seen.status, seen.code) for seen in extraction[:2]] == [(424, "RuntimeClientError")] * 2
        with pytest.raises(json.JSONDecodeError):
            json.loads(extraction[2].body)
        assert json.loads(extraction[3].body)["trade"]["trade_id"] == "GCS-382857"
        assert struck(server) == [[], ["extraction fails"], ["extraction fails"], ["extraction is cut short"], []]


def test_telco_three_attempts_are_enough(tmp_path):
    agents = "arn:aws:bedrock-agentcore:eu-central-1:111122223333:runtime/"
    with serving("telco", tmp_path) as server:
        client = signing(server, "eu-central-1", "AKIATELCOEXAMPLE0001", "understudy/telco/example/secret/key")
        for agent, payload, status in [
            ("customer_onboarding_agent-Lp8Xc5VnM4", {"customer": {"name": "Anna"}}, 503),
            ("service_provisioning_agent-Zk1Tj6RwD9", {"order": {"id": "o-1", "plan": "fibre"}}, 504),
        ]:
            clock, seen = Clock(), []

            def attempt(_, agent=agent, payload=payload, seen=seen):
                seen.append(invoke(client, agents + agent, payload))
                return seen[-1]

            retry = Retry(sleep=clock.sleep, random=random.Random(7))
            assert Program(attempt, Breaker(clock=clock), retry).call().status == 200
            assert [attempt.status for attempt in seen] == [status, status, 200]
            assert len(clock.slept) == 2 and clock.slept[0] <= 0.5 and clock.slept[1] <= 1

        demo = agents + "mwc_demo_agent-Bn2Hy7QsF5"
        assert invoke(client, demo, {}).error == "ResponseStreamingError"
        assert invoke(client, demo, {}).body.count(b"data: ") == 10
        broken, whole = server.calls()[-2:]
        assert (broken["outcome"], len(broken["frames"])) == ("reset", 3)
        assert (whole["outcome"], len(whole["frames"])) == ("completed", 10)


@pytest.mark.parametrize("world", ["restaurant", "coach", "trades", "telco"])
def test_the_faults_of_a_world_are_planned_with_it(world):
    ran = run("plan", SCENARIOS / f"{world}.json", SCENARIOS / f"{world}-faults.json", "--calls", 6)
    assert ran.returncode == 0, ran.stderr
