"""The worlds with their faults, as fixtures/scenarios has them, before the programs that they were made for."""

import concurrent.futures
import json
import random
import statistics

import httpx
import pytest

from clients import bearer, invocations
from clock import Clock
from resilience import Breaker, BreakerOpen, Program, Retry, Seen, TokenCache
from understudy import run, struck_by
from worlds import SCENARIOS, SESSION, invoke, serving, signing


def struck(server) -> list[list[str]]:
    return [struck_by(call) for call in server.calls()]


def test_restaurant_a_refresh_and_a_breaker(tmp_path):
    agents = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/"
    search = agents + "restaurant_search_agent-ABCDEFGHIJ"
    reasoning = agents + "restaurant_search_result_reasoning_agent-MSns5D6SLE"
    with serving("restaurant", tmp_path, "restaurant-faults") as server, httpx.Client(verify=False, timeout=20) as client:
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
    with serving("coach", tmp_path, "coach-faults") as server:
        # Nobody waits for 26 seconds here: every second takes ten milliseconds.
        httpx.put(f"{server.control}/clock", json={"speed": 100}).raise_for_status()
        planned = [
            sum(strike["delay"] for strike in call["strikes"])
            for call in httpx.get(f"{server.control}/plan?calls=100").raise_for_status().json()["calls"]
        ]
        assert all(2_000 <= delay <= 7_000 for delay in planned[:20])
        assert 9_000 < statistics.mean(planned[20:49] + planned[50:]) < 11_000
        assert planned[49] == max(planned) == 26_000

        client = signing(server, "coach")
        with concurrent.futures.ThreadPoolExecutor(100) as people:
            talks = [people.submit(invoke, client, agent, {"prompt": "hello"}, f"person-{n:03}-{SESSION}") for n in range(100)]
        assert {talk.result().status for talk in talks} == {200}
        calls = server.calls()
        assert len(calls) == 100
        for call, delay in zip(calls, planned):
            assert call["firstByte"] >= delay / 100
        assert [call["number"] for call in calls if "outlier" in struck_by(call)] == [50]


def test_trades_a_failing_link(tmp_path):
    agents = "arn:aws:bedrock-agentcore:us-west-2:444455556666:runtime/"
    with serving("trades", tmp_path, "trades-faults") as server:
        client = signing(server, "trades")
        adapted = invoke(client, agents + "pdf_adapter_agent-Qk3Vt8LmZ2", {"document_path": "s3://in/d-1.pdf"})
        extraction = [
            invoke(client, agents + "trade_extraction_agent-Yw7Rb4NcX1", json.loads(adapted.body)) for _ in range(4)
        ]
        assert [(seen.status, seen.code) for seen in extraction[:2]] == [(424, "RuntimeClientError")] * 2
        with pytest.raises(json.JSONDecodeError):
            json.loads(extraction[2].body)
        assert json.loads(extraction[3].body)["trade"]["trade_id"] == "GCS-382857"
        assert struck(server) == [[], ["extraction fails"], ["extraction fails"], ["extraction is cut short"], []]


def test_trades_a_herd_after_an_outage(tmp_path):
    agent = "arn:aws:bedrock-agentcore:us-west-2:444455556666:runtime/pdf_adapter_agent-Qk3Vt8LmZ2"
    with serving("trades", tmp_path, "trades-outage-faults", options=("--speed", 100)) as server:
        client = signing(server, "trades")

        def clock(**change):
            httpx.put(f"{server.control}/clock", json=change).raise_for_status()

        def ask(number: int) -> int:
            return invoke(client, agent, {"document_path": f"s3://in/d-{number}.pdf"}, f"worker-{number:03}-{SESSION}").status

        def all_at_once() -> list[int]:
            with concurrent.futures.ThreadPoolExecutor(20) as workers:
                return sorted(workers.map(ask, range(20)))

        clock(freeze=True)
        assert all_at_once() == [200] * 20
        clock(advance="10s")
        assert all_at_once() == [503] * 20
        # The outage is over, and all repeat after the same time: five get through.
        clock(advance="30s")
        assert all_at_once() == [200] * 5 + [429] * 15
        # With full jitter over ten seconds the same twenty do.
        clock(advance="2s")
        chance, now = random.Random(7), 0
        for number, due in enumerate(sorted(int(chance.uniform(0, 10_000)) for _ in range(20))):
            clock(advance=f"{due - now}ms")
            now = due
            assert ask(number) == 200


def test_trades_what_the_probes_of_a_breaker_meet(tmp_path):
    agent = "arn:aws:bedrock-agentcore:us-west-2:444455556666:runtime/trade_matching_agent-Hd9Fs2KpJ6"
    payload = {"bank_trade": {"trade_id": "t-1"}, "counterparty_trade": {}, "differences": []}

    def transitions(server, patience: float, rounds: int) -> tuple[list[str], list]:
        """What a breaker becomes whose time passes as often, and what its calls saw."""
        client = signing(server, "trades", read_timeout=patience)
        clock, seen = Clock(), []
        breaker = Breaker(clock=clock)

        def attempt(_):
            seen.append(invoke(client, agent, payload))
            return seen[-1]

        program = Program(attempt, breaker, Retry(attempts=1, sleep=clock.sleep))
        for _ in range(rounds):
            with pytest.raises(BreakerOpen):
                for _ in range(6):
                    program.call()
            clock.now += breaker.open_for
        for _ in range(breaker.probes):
            try:
                program.call()
            except BreakerOpen:
                break
        return [new for _, new in breaker.transitions], [seen.status or seen.error for seen in seen]

    # 12 seconds take 1.2: whoever is patient closes the breaker, whoever is not opens it again.
    for folder, patience, closes, ending in [
        ("patient", 20, "closed", [200, 200, 200]),
        ("hasty", 0.3, "open", ["ReadTimeoutError"]),
    ]:
        (tmp_path / folder).mkdir()
        with serving("trades", tmp_path / folder, "trades-breaker-faults", options=("--speed", 10)) as server:
            states, seen = transitions(server, patience, rounds=2)
            assert states == ["open", "half-open", "open", "half-open", closes]
            assert seen == [500] * 5 + [503] + ending
            assert struck(server)[-len(ending):] == [["the probes are slow"]] * len(ending)


def test_telco_three_attempts_are_enough(tmp_path):
    agents = "arn:aws:bedrock-agentcore:eu-central-1:111122223333:runtime/"
    with serving("telco", tmp_path, "telco-faults") as server:
        client = signing(server, "telco")
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


@pytest.mark.parametrize("faults", sorted(SCENARIOS.glob("*-faults.json")), ids=lambda path: path.stem)
def test_the_faults_of_a_world_are_planned_with_it(faults):
    world = faults.stem.split("-")[0]
    ran = run("plan", SCENARIOS / f"{world}.json", faults, "--calls", 6)
    assert ran.returncode == 0, ran.stderr
