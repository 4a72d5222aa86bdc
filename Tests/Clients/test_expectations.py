"""The expectations of fixtures/expectations, each before a client that meets them and one that does not."""

from __future__ import annotations

import json

import httpx
import pytest

from clients import SESSION_HEADER, bearer, invocations
from clock import Clock
from resilience import Breaker, BreakerOpen, Program, Retry, Seen, TokenCache
from space_clock import SpaceClock
from understudy import run
from worlds import SCENARIOS, invoke, serving, signing

EXPECTATIONS = SCENARIOS.parent / "expectations"


def verdicts(server, world: str) -> tuple[int, dict[str, str]]:
    """The exit code, and the verdict of each expectation with why."""
    ran = run("verify", EXPECTATIONS / f"{world}.json", "--server", server.url, "--json")
    assert ran.stdout, ran.stderr
    results = json.loads(ran.stdout)["results"]
    worst = {result["name"]: f"{result['verdict']}: {result['because']}" for result in results}
    for result in results:
        if result["verdict"] != "pass":
            worst[result["name"]] = f"{result['verdict']}: {result['because']}"
    return ran.returncode, worst


def only_failed(found: dict[str, str], *names: str) -> None:
    assert {name for name, said in found.items() if said.startswith("fail")} == set(names), found


def patiently(breaker, clock, call, times: int) -> None:
    """Wants to call once a second, and calls when it may."""
    made = 0
    for _ in range(400):
        try:
            breaker.before_call()
            made += 1
            (breaker.failed if call() >= 500 else breaker.succeeded)()
        except BreakerOpen:
            pass
        if made == times:
            return
        clock.sleep(1.0)


class NoBreaker(Breaker):
    def before_call(self):
        pass


@pytest.mark.parametrize("behaves", [True, False], ids=["behaves", "misbehaves"])
def test_restaurant(behaves, tmp_path):
    agents = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/"
    search = agents + "restaurant_search_agent-ABCDEFGHIJ"
    reasoning = agents + "restaurant_search_result_reasoning_agent-MSns5D6SLE"
    with serving("restaurant", tmp_path, "restaurant-faults") as server, httpx.Client(verify=False, timeout=20) as client:
        clock = SpaceClock(server)
        fresh = lambda: (server.token(agent=search), 3_600.0)  # noqa: E731
        tokens = TokenCache(fresh, Clock())
        if not behaves:
            # It renews a refused token and goes on with the old one.
            tokens.token(), setattr(tokens, "token", lambda force=False, kept=tokens.token(): kept)

        def attempt(token):
            clock.settle()
            answer = client.post(invocations(server.url, search), json={"prompt": "sushi"}, headers=bearer(token))
            clock.sleep(1.0)
            return Seen(answer.status_code, body=answer.content)

        program = Program(attempt, Breaker(clock=clock), Retry(sleep=clock.sleep), tokens)
        assert program.call().status == 200

        def explain():
            clock.settle()
            headers = bearer(tokens.token())
            return client.post(invocations(server.url, reasoning), json={"results": []}, headers=headers).status_code

        patiently((Breaker if behaves else NoBreaker)(clock=clock), clock, explain, 40)
        clock.settle()
        code, found = verdicts(server, "restaurant")
        assert code == (0 if behaves else 1), found
        only_failed(found, *([] if behaves else ["the token is renewed once", "explaining is given a rest"]))


@pytest.mark.parametrize("behaves", [True, False], ids=["behaves", "misbehaves"])
def test_coach(behaves, tmp_path):
    agent = "arn:aws:bedrock-agentcore:eu-west-1:732231126129:runtime/coach_companion-0ZUOP04U5z"
    with serving("coach", tmp_path, "coach-faults", options=("--speed", "100000")) as server:
        client = signing(server, "coach")
        for person in range(6):
            talk = f"talk-{person if behaves else person // 2:03}-0123456789-0123456789-0123456789"
            for turn in range(3):
                client.invoke_agent_runtime(
                    agentRuntimeArn=agent, runtimeSessionId=talk, runtimeUserId=f"person-{person}",
                    payload=json.dumps({"prompt": f"turn {turn if behaves else 0} of {person}"}),
                )["response"].read()  # fmt: skip
        code, found = verdicts(server, "coach")
        assert code == (0 if behaves else 1), found
        only_failed(found, *([] if behaves else ["one talk each", "nothing is done twice"]))


@pytest.mark.parametrize("behaves", [True, False], ids=["behaves", "misbehaves"])
def test_trades(behaves, tmp_path):
    agents = "arn:aws:bedrock-agentcore:us-west-2:444455556666:runtime/"
    chain = [agents + "pdf_adapter_agent-Qk3Vt8LmZ2", agents + "trade_extraction_agent-Yw7Rb4NcX1"]
    with serving("trades", tmp_path, "trades-breaker-faults", options=("--speed", "100000")) as server:
        clock, client = SpaceClock(server), signing(server, "trades")
        for agent in chain if behaves else reversed(chain):
            invoke(client, agent, {"document_path": "s3://trades/1.pdf"})

        def match():
            clock.settle()
            return invoke(client, agents + "trade_matching_agent-Hd9Fs2KpJ6", {"trade_id": "1"}).status

        patiently((Breaker if behaves else NoBreaker)(open_for=30.0, probes=1, clock=clock), clock, match, 12)
        clock.settle()
        code, found = verdicts(server, "trades")
        assert code == (0 if behaves else 1), found
        wrong = ["adapted, extracted, matched", "matching is given a rest", "half a minute of silence"]
        only_failed(found, *([] if behaves else wrong))


@pytest.mark.parametrize("behaves", [True, False], ids=["behaves", "misbehaves"])
@pytest.mark.parametrize(
    ("world", "agent", "what"),
    [
        ("restaurant", "us-east-1:209803798463:runtime/restaurant_search_result_reasoning_agent-MSns5D6SLE", "explaining"),
        ("coach", "eu-west-1:732231126129:runtime/coach_companion-0ZUOP04U5z", "the coach"),
        ("telco", "eu-central-1:111122223333:runtime/service_provisioning_agent-Zk1Tj6RwD9", "provisioning"),
    ],
)
def test_an_outage_then_a_slow_probe_then_a_failing_one(world, agent, what, behaves, tmp_path):
    arn = f"arn:aws:bedrock-agentcore:{agent}"
    with serving(world, tmp_path, f"{world}-breaker-faults", options=("--speed", "100000")) as server:
        clock = SpaceClock(server)
        client = httpx.Client(verify=False, timeout=20) if world == "restaurant" else signing(server, world)
        token = server.token(agent=arn) if world == "restaurant" else None

        def call():
            clock.settle()
            if token is None:
                return invoke(client, arn, {"prompt": "hello"}).status
            return client.post(invocations(server.url, arn), json={"results": []}, headers=bearer(token)).status_code

        patiently((Breaker if behaves else NoBreaker)(clock=clock), clock, call, 16)
        clock.settle()
        code, found = verdicts(server, f"{world}-breaker")
        assert code == (0 if behaves else 1), found
        only_failed(found, *([] if behaves else [f"{what} is given a rest", "a minute of silence"]))


@pytest.mark.parametrize("behaves", [True, False], ids=["behaves", "misbehaves"])
def test_telco(behaves, tmp_path):
    agents = "arn:aws:bedrock-agentcore:eu-central-1:111122223333:runtime/"
    onboarding, provisioning = agents + "customer_onboarding_agent-Lp8Xc5VnM4", agents + "service_provisioning_agent-Zk1Tj6RwD9"
    with serving("telco", tmp_path, "telco-faults", options=("--speed", "100000")) as server:
        clock, client = SpaceClock(server), signing(server, "telco")
        attempts = 3 if behaves else 2

        def call(agent, payload):
            retry = Retry(attempts=attempts, base=0.5, sleep=clock.sleep)

            def attempt(_):
                clock.settle()
                return invoke(client, agent, payload)

            return Program(attempt, Breaker(clock=clock), retry).call()

        assert (call(onboarding, {"customer": {"name": "Anna"}}).status == 200) == behaves
        assert (call(provisioning, {"order": {"id": "O-1", "plan": "5G"}}).status == 200) == behaves
        for _ in range(2 if behaves else 1):
            clock.settle()
            try:
                invoked = httpx.post(
                    invocations(server.url, agents + "mwc_demo_agent-Bn2Hy7QsF5"), json={"prompt": "Hello"},
                    headers={SESSION_HEADER: "session-0123456789-0123456789-0123456789"},
                )  # fmt: skip
                assert invoked.status_code == 200
            except httpx.TransportError:
                clock.sleep(2.0)
        clock.sleep(40.0)
        clock.settle()
        code, found = verdicts(server, "telco")
        assert code == (0 if behaves else 1), found
        only_failed(found, *([] if behaves else ["three attempts are enough", "what was cut off is asked for again"]))
