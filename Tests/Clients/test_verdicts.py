"""Other people's breakers and retries, and ours, judged by what they really did: each in a space of its own, by its clock.

Nobody waits: a program's sleep moves the clock of its space, which stands still otherwise, and its outages are windows of
that clock. Each is judged against what it does and against what it does not do.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import datetime
import json
import random
import re
import threading
import time

import aiobreaker
import aiobreaker.circuitbreaker
import aiobreaker.state
import backoff
import boto3
import circuitbreaker
import httpx
import httpx_retries
import purgatory
import purgatory.domain.model
import pybreaker
import pytest
import stamina
import tenacity
import urllib3
from botocore.config import Config

from clients import SESSION_HEADER
from resilience import Breaker, BreakerOpen, Retry, TokenCache
from space_clock import SpaceClock
from understudy import Server

AGENT = "search_agent-ABCDEFGHIJ"
ARN = f"arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/{AGENT}"
PATH = f"/runtimes/{ARN.replace(':', '%3A').replace('/', '%2F')}/invocations"


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("judge"), "--auth", "off", "--quiet") as server:
        yield server


@pytest.fixture
def space(judge, request, monkeypatch):
    """A space named after the test, and a `time.sleep` that moves its clock."""
    clock = SpaceClock(judge, re.sub(r"\W+", "-", request.node.name)[:60].strip("-"))
    monkeypatch.setattr(time, "sleep", clock.sleep)
    yield clock
    clock.http.close()


class Failed(Exception):
    """An answer that a program takes for a failure."""


def session(number: int) -> str:
    return f"session-{number:05}-0123456789-0123456789-0123456789"


def ask(space: SpaceClock, story: int = 0, prompt: str = "Hello", **headers: str) -> httpx.Response:
    space.settle()
    answer = space.http.post(space.url + PATH, json={"prompt": prompt}, headers={SESSION_HEADER: session(story)} | headers)
    if answer.status_code >= 500 or answer.status_code == 429:
        raise Failed(answer.status_code)
    return answer


def expect(found: dict, verdict: str, words: str = "") -> None:
    said = f"{found['verdict']}: {found['because']} {found['figures']}"
    assert found["verdict"] == verdict and re.search(words, found["because"]), said


# --- Breakers --------------------------------------------------------------------------------------------------------


def outages(space: SpaceClock, *windows: tuple[int, int]) -> None:
    for start, end in windows:
        space.fault(name=f"outage at {start}", fault="error", status=503, on={"from": f"{start}s", "until": f"{end}s"})


OUTAGES = [(40, 200), (300, 430), (500, 560), (640, 790)]


def drive(space: SpaceClock, guarded, seconds: float = 840, every: float = 1.0) -> None:
    """A caller that calls now and then, whether it is let through or not."""
    chance, end = random.Random(space.name), space.now + seconds
    while space.now < end:
        try:
            guarded()
        except Exception as error:
            refusals = (Failed, BreakerOpen, pybreaker.CircuitBreakerError, circuitbreaker.CircuitBreakerError,
                        aiobreaker.CircuitBreakerError, purgatory.domain.model.OpenedState)  # fmt: skip
            assert isinstance(error, refusals), repr(error)
        space.sleep(chance.expovariate(1 / every))


def by_pybreaker(space, monkeypatch, **parameters):
    monkeypatch.setattr(pybreaker, "datetime", space.datetime)
    breaker = pybreaker.CircuitBreaker(**parameters)
    return lambda call: breaker.call(call)


def by_circuitbreaker(space, monkeypatch, **parameters):
    monkeypatch.setattr(circuitbreaker, "monotonic", space.monotonic)
    breaker = circuitbreaker.CircuitBreaker(**parameters)
    return lambda call: breaker.decorate(call)()


def by_aiobreaker(space, monkeypatch, **parameters):
    for module in [aiobreaker.circuitbreaker, aiobreaker.state]:
        monkeypatch.setattr(module, "datetime", space.datetime)
    breaker = aiobreaker.CircuitBreaker(**parameters)

    def guarded(call):
        async def asked():
            return call()

        return asyncio.run(breaker.call_async(asked))

    return guarded


def by_purgatory(space, monkeypatch, **parameters):
    monkeypatch.setattr(purgatory.domain.model, "time", space.module)
    factory = purgatory.SyncCircuitBreakerFactory(**parameters)

    def guarded(call):
        with factory.get_breaker("search"):
            return call()

    return guarded


LIBRARIES = {
    "pybreaker": by_pybreaker, "circuitbreaker": by_circuitbreaker, "aiobreaker": by_aiobreaker, "purgatory": by_purgatory,
}  # fmt: skip


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_breaker_as_it_is_shipped(name, space, monkeypatch):
    guarded = LIBRARIES[name](space, monkeypatch)
    outages(space, *OUTAGES)
    drive(space, lambda: guarded(lambda: ask(space)))
    expect(space.verdict({"breaker": {"preset": name}}), "pass", "opened")
    stays = {"pybreaker": 60, "aiobreaker": 60}.get(name, 30)
    never = {"window": "10s", "rate": 1.0, "least": 50}
    for wrong, words in [
        ({"opensAfter": 3}, "opened after 5 failures in a row, where 3 failures in a row should open it"),
        ({"opensAfter": 9}, "silent .* times after only 5 failures, where 9 failures in a row should open it"),
        ({"openFor": f"{stays * 2}s"}, f"after it had opened .* where it should stay open for {stays * 2} s"),
        ({"openFor": f"{stays // 2}s"}, f"stayed shut off for at least .* where it should for {stays // 2} s"),
        ({"counts": never}, "silent .* times after only . failures among .* calls in 10 s, where 100 % failures among at least 50"),
    ]:
        expect(space.verdict({"breaker": {"preset": name} | wrong}), "fail", words)
    # Without a declaration, what fits best opens and stays open as it does.
    expect(space.verdict({"breaker": {}}), "pass", "behaves as")


class Tally(Breaker):
    """With what a broken one does in its place."""

    def __init__(self, space, **parameters):
        super().__init__(clock=space.monotonic, **parameters)

    def guard(self, call):
        self.before_call()
        try:
            answer = call()
        except Failed:
            self.failed()
            raise
        self.succeeded()
        return answer


class NoBreaker(Tally):
    def before_call(self):
        pass


class NeverOpensAgain(Tally):
    """After a failed probe it goes on as if it were closed."""

    def failed(self):
        was_half_open = self.state.value == "half-open"
        super().failed()
        if was_half_open:
            self._opened_at -= self.open_for


class CountsAll(Tally):
    """A success does not begin the count anew: it opens after five failures in all."""

    def succeeded(self):
        failures = self._failures
        super().succeeded()
        self._failures = failures if self.state.value == "closed" else 0


class LetsSomeThrough(Tally):
    """Open, it lets every fourth call through."""

    asked = 0

    def before_call(self):
        try:
            super().before_call()
        except BreakerOpen:
            self.asked += 1
            if self.asked % 4:
                raise


BROKEN_BREAKERS = {
    "none": (NoBreaker, {}, "did not open"),
    "threshold": (Tally, {"threshold": 9}, "opened after 9 failures|did not open after 5"),
    "short": (Tally, {"open_for": 15.0}, "where it should stay open for 60 s|should have been open"),
    "long": (Tally, {"open_for": 180.0}, "stayed shut off for at least"),
    "again": (NeverOpensAgain, {}, "did not open again after the failed probe|should stay open|should have been open"),
    "leaky": (LetsSomeThrough, {}, "should stay open|did not open"),
    "early": (Tally, {"threshold": 2}, "silent .* times after only 2 failures"),
}


class CountsAShare(Tally):
    """Opens when at least `least` calls ended in the last `window` seconds, and this share of them failed."""

    def __init__(self, space, window, rate, least, **parameters):
        super().__init__(space, threshold=1_000_000, probes=1, **parameters)
        self.window, self.rate, self.least, self._ends = window, rate, least, []

    def _ended(self, failed):
        self._ends = [end for end in self._ends if end[0] > self.clock() - self.window] + [(self.clock(), failed)]
        return sum(failed for _, failed in self._ends) >= self.rate * len(self._ends) and len(self._ends) >= self.least

    def succeeded(self):
        was_open = self.state.value != "closed"
        super().succeeded()
        self._ends = [] if was_open else self._ends
        self._ended(False)

    def failed(self):
        super().failed()
        if self._ended(True) and self.state.value == "closed":
            self._opened_at = self.clock()
            self._become(type(self.state).OPEN)


SHARES = {
    "as declared": ({}, "pass", "opened .* after 50 % failures among at least 10 calls in 20 s"),
    "share": ({"rate": 0.15}, "fail", "silent .* times after only . failures among .* calls in 20 s, where 50 % failures among"),
    "high": ({"rate": 0.9}, "fail", "did not open after 50 % failures"),
    "least": ({"least": 1, "rate": 0.05}, "fail", "silent .* times after only . failure"),
    "short": ({"open_for": 15.0}, "fail", "where it should stay open for 60 s|should have been open"),
}


@pytest.mark.parametrize("name", SHARES)
def test_a_breaker_that_counts_a_share(name, space):
    parameters, verdict, words = SHARES[name]
    breaker = CountsAShare(space, **{"window": 20.0, "rate": 0.5, "least": 10, "open_for": 60.0} | parameters)
    outages(space, *OUTAGES, (860, 920), (1_140, 1_200))
    drive(space, lambda: breaker.guard(lambda: ask(space)), 1_400)
    declared = {"counts": {"window": "20s", "rate": 0.5, "least": 10}, "openFor": "60s", "probes": 1}
    expect(space.verdict({"breaker": declared}), verdict, words)


@pytest.mark.parametrize("name", BROKEN_BREAKERS)
def test_a_broken_breaker(name, space):
    kind, parameters, words = BROKEN_BREAKERS[name]
    breaker = kind(space, **{"probes": 1} | parameters)
    outages(space, *OUTAGES, (860, 920), (1_140, 1_200))
    drive(space, lambda: breaker.guard(lambda: ask(space)), 1_400)
    expect(space.verdict({"breaker": {"opensAfter": 5, "openFor": "60s", "probes": 1}}), "fail", words)


def test_the_breaker_of_resilience(space):
    breaker = Tally(space)
    outages(space, *OUTAGES)
    drive(space, lambda: breaker.guard(lambda: ask(space)))
    declared = {"opensAfter": 5, "openFor": "60s", "probes": 3, "closesAfter": 3}
    expect(space.verdict({"breaker": declared}), "pass")
    expect(space.verdict({"breaker": declared | {"openFor": "30s"}}), "fail", "stayed shut off for at least .* should for 30 s")
    expect(space.verdict({"breaker": declared | {"openFor": "2m"}}), "fail", "where it should stay open for 120 s")
    expect(space.verdict({"breaker": declared | {"opensAfter": 8}}), "fail", "after only 5 failures, where 8 failures in a row")
    expect(space.verdict({"breaker": declared | {"opensAfter": 3}}), "fail", "opened after 5 failures in a row, where 3")


def test_twelve_of_twelve_callers_through_a_half_open_state_without_a_lock(space):
    """A breaker that asks its state first and counts its probes later lets everybody through who comes at once."""
    breaker = Tally(space, probes=1)
    outages(space, (10, 40))
    while space.now < space.now + 1 and breaker.state.value == "closed":
        try:
            breaker.guard(lambda: ask(space))
        except Failed:
            pass
        space.sleep(1.0)
    space.sleep(90)
    space.fault(name="slow probes", fault="latency", delay="400ms")
    breaker.state = type(breaker.state).HALF_OPEN
    space.settle()
    barrier = threading.Barrier(12)

    def probe(number):
        barrier.wait()
        return ask(space, number).status_code

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        assert list(pool.map(probe, range(12))) == [200] * 12
    found = space.verdict({"breaker": {"opensAfter": 5, "openFor": "60s", "probes": 1}})
    expect(found, "fail", "half-open it lets 12 calls through where 1 probe")
    # To all of them until the first outcome it is as it should be.
    assert space.verdict({"breaker": {"opensAfter": 5, "openFor": "60s", "probes": "any"}})["verdict"] != "fail"


# --- Retries ---------------------------------------------------------------------------------------------------------

STORIES = 40


def failing(space: SpaceClock, calls: int, status: int = 503, **more: object) -> None:
    """The first calls of each session fail."""
    space.fault(fault="error", status=status, on={"calls": f"1-{calls}", "perSession": True}, **more)


def tell(space: SpaceClock, story, count: int = STORIES) -> None:
    chance = random.Random(space.name)
    for number in range(count):
        try:
            story(number)
        except (Failed, tenacity.RetryError):
            pass
        space.sleep(chance.uniform(20, 60))


def by_tenacity(wait, attempts=4):
    def story(space):
        retrying = tenacity.Retrying(
            wait=wait, stop=tenacity.stop_after_attempt(attempts), retry=tenacity.retry_if_exception_type(Failed),
            sleep=space.sleep, reraise=True,
        )  # fmt: skip
        return lambda number: retrying(ask, space, number)

    return story


def by_stamina(space):
    retry = stamina.retry(on=Failed)
    return lambda number: retry(ask)(space, number)


def by_backoff(space):
    retry = backoff.on_exception(backoff.expo, Failed, max_tries=4)
    return lambda number: retry(ask)(space, number)


def by_urllib3(space):
    retry = urllib3.Retry(
        total=5, status_forcelist=[503], allowed_methods=None, backoff_factor=0.5, backoff_jitter=0.3,
        raise_on_status=False,
    )  # fmt: skip
    pool = urllib3.PoolManager(retries=retry)

    class Settling(urllib3.Retry):
        """The server knows how late it is before the next attempt comes."""

        def sleep(self, response=None):
            super().sleep(response)
            space.settle()

    def story(number):
        space.settle()
        settling = Settling(
            total=5, status_forcelist=[503], allowed_methods=None, backoff_factor=0.5, backoff_jitter=0.3,
            raise_on_status=False,
        )  # fmt: skip
        pool.request("POST", space.url + PATH, json={"prompt": "Hello"}, headers={SESSION_HEADER: session(number)}, retries=settling)

    return story


def by_httpx_retries(space):
    transport = httpx_retries.RetryTransport(
        transport=SettlingTransport(space), retry=httpx_retries.Retry(total=4, allowed_methods=["POST"], backoff_factor=0.5)
    )
    client = httpx.Client(transport=transport)
    return lambda number: client.post(space.url + PATH, json={"prompt": "Hello"}, headers={SESSION_HEADER: session(number)})


class SettlingTransport(httpx.HTTPTransport):
    def __init__(self, space):
        super().__init__()
        self.space = space

    def handle_request(self, request):
        self.space.settle()
        return super().handle_request(request)


AWS = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")


def by_botocore(mode, attempts):
    def make(space):
        clients = {}

        def story(number):
            # A client's quota of retries is for some dozens of stories.
            if number % 10 not in clients:
                client = AWS.client(
                    "bedrock-agentcore", endpoint_url=space.url,
                    config=Config(retries={"mode": mode, "total_max_attempts": attempts}),
                )  # fmt: skip
                client.meta.events.register("before-send.*", lambda **_: space.settle())
                clients[number % 10] = client
            client = clients[number % 10]
            client.invoke_agent_runtime(agentRuntimeArn=ARN, runtimeSessionId=session(number), payload=b'{"prompt":"Hello"}')["response"].read()

        return story

    return make


def by_resilience(space):
    retry = Retry(attempts=4, base=0.5, cap=20.0, sleep=space.sleep, random=random.Random(5))

    def story(number):
        for repetition in range(1, retry.attempts + 1):
            try:
                return ask(space, number)
            except Failed:
                if repetition == retry.attempts:
                    raise
                retry.pause(repetition)

    return story


RETRIES = {
    "tenacity-exponential": (by_tenacity(tenacity.wait_exponential(multiplier=1)), 3, {"policy": "exponential", "base": "1s"}, "constant"),
    "tenacity-random-exponential": (by_tenacity(tenacity.wait_random_exponential(multiplier=1)), 3, {"policy": "full-jitter", "base": "1s"}, "exponential"),
    "tenacity-exponential-jitter": (by_tenacity(tenacity.wait_exponential_jitter(initial=1, jitter=1)), 3, {"policy": "tenacity-exponential-jitter"}, "full-jitter"),
    "tenacity-incrementing": (by_tenacity(tenacity.wait_incrementing(start=1, increment=1)), 3, {"policy": "linear", "base": "1s"}, "exponential"),
    "stamina": (by_stamina, 4, {"policy": "stamina"}, "full-jitter"),
    "backoff": (by_backoff, 3, {"policy": "full-jitter", "base": "1s", "attempts": {"max": 4}}, "equal-jitter"),
    "urllib3": (by_urllib3, 4, {"policy": "urllib3", "factor": 0.5, "jitter": "300ms"}, "exponential"),
    "httpx-retries": (by_httpx_retries, 4, {"policy": "httpx-retries", "factor": 0.5}, "additive-jitter"),
    "botocore-legacy": (by_botocore("legacy", 5), 4, {"policy": "botocore-legacy"}, "botocore-standard-2026"),
    "botocore-standard": (by_botocore("standard", 3), 2, {"policy": "botocore-standard-2026"}, "botocore-legacy"),
    "botocore-adaptive": (by_botocore("adaptive", 3), 2, {"policy": "botocore-standard-2026"}, "botocore-standard"),
    "resilience": (by_resilience, 3, {"policy": "full-jitter", "base": "500ms", "cap": "20s", "attempts": 4}, "constant"),
}  # fmt: skip

SHORTER, LONGER, LIKELIER = "gaps are shorter than", "gaps are longer than", "more likely under .* than under"
# The right policy, and in it what its user does not do: which parameter, and what the verdict says of it.
WRONG_PARAMETERS = {
    "tenacity-exponential": [({"base": "2s"}, SHORTER), ({"base": "500ms"}, LONGER), ({"factor": 3}, SHORTER), ({"cap": "2s"}, LONGER)],
    "tenacity-random-exponential": [({"base": "4s"}, f"{SHORTER}|{LIKELIER}"), ({"base": "250ms"}, LONGER), ({"cap": "1s"}, LONGER)],
    "tenacity-exponential-jitter": [({"base": "2s"}, SHORTER), ({"jitter": "100ms"}, LONGER), ({"factor": 1}, LONGER)],
    "tenacity-incrementing": [({"base": "2s"}, SHORTER), ({"base": "500ms"}, LONGER)],
    "stamina": [({"base": "1s"}, SHORTER), ({"jitter": "100ms"}, LONGER), ({"cap": "500ms"}, LONGER)],
    "backoff": [({"base": "4s"}, f"{SHORTER}|{LIKELIER}"), ({"base": "250ms"}, LONGER), ({"cap": "1s"}, LONGER)],
    "urllib3": [({"factor": 1.5}, SHORTER), ({"factor": 0.1}, LONGER), ({"jitter": 0}, LONGER)],
    "httpx-retries": [({"factor": 2}, f"{SHORTER}|{LIKELIER}"), ({"factor": 0.1}, LONGER), ({"jitter": 0.2}, SHORTER)],
    "botocore-legacy": [({"attempts": 3}, "3 attempts were declared and up to 5 were made")],
    "botocore-standard": [({"attempts": 2}, "2 attempts were declared and up to 3 were made")],
    "botocore-adaptive": [({"attempts": 2}, "2 attempts were declared and up to 3 were made")],
    "resilience": [({"base": "4s"}, f"{SHORTER}|{LIKELIER}"), ({"base": "100ms"}, LONGER), ({"cap": "600ms"}, LONGER)],
}  # fmt: skip


@pytest.mark.parametrize("name", RETRIES)
def test_a_retry_policy(name, space):
    make, failures, declared, wrong = RETRIES[name]
    failing(space, failures)
    tell(space, make(space))
    expect(space.verdict({"backoff": declared}), "pass")
    other = {"policy": wrong} | ({} if wrong.startswith("botocore") else {"base": "1s"})
    expect(space.verdict({"backoff": other}), "fail", f"{SHORTER}|{LONGER}|{LIKELIER}|attempts were declared")
    for parameters, words in WRONG_PARAMETERS[name]:
        expect(space.verdict({"backoff": declared | parameters}), "fail", words)
    budget = space.verdict({"amplification": {"max": failures + 1}})
    expect(budget, "pass")
    expect(space.verdict({"amplification": {"max": failures + 0.9}}), "fail", f"are {failures + 1} each, {failures}.90? are allowed")
    assert float(budget["figures"]["amplification"]) == failures + 1


def test_the_user_agent_says_which_policy_is_meant(space):
    failing(space, 2)
    tell(space, by_botocore("standard", 3)(space))
    found = space.verdict({"backoff": {}})
    expect(found, "pass", "botocore-standard-2026, which its user agent announces")


@pytest.mark.parametrize("hints, verdict", [("both", "pass"), ("none", "fail")])
def test_a_hint_is_honoured_or_not(hints, verdict, space):
    failing(space, 2, 429, retryAfter="1500ms")
    tell(space, by_botocore("standard", 3)(space))
    policy = {"policy": "botocore-standard-2026"} if hints == "both" else {"policy": "full-jitter", "base": "1s", "hints": "none"}
    expect(space.verdict({"backoff": policy}), verdict)


def loop(space, wait, attempts=4):
    def story(number):
        for attempt in range(1, attempts + 1):
            try:
                return ask(space, number, **{"X-Story": str(number)})
            except Failed as failure:
                space.sleep(wait(attempt, failure))
        raise Failed

    return story


CHANCE = random.Random(11)
BROKEN_RETRIES = {
    "no wait": (lambda n, _: 0.0, 4, "shorter|more likely"),
    "constant": (lambda n, _: 1.0, 4, "longer|shorter|more likely"),
    "no jitter": (lambda n, _: min(20, 2 ** (n - 1)), 4, "more likely"),
    "base": (lambda n, _: CHANCE.uniform(0, 4 * 2 ** (n - 1)), 4, "longer than full-jitter ever waits"),
    "too often": (lambda n, _: CHANCE.uniform(0, 2 ** (n - 1)), 7, "attempts were declared and up to 7 were made"),
    "gives up": (lambda n, _: CHANCE.uniform(0, 2 ** (n - 1)), 2, "gave up before"),
    "no growth": (lambda n, _: CHANCE.uniform(0, 1), 4, "shorter|more likely"),
}


@pytest.mark.parametrize("name", BROKEN_RETRIES)
def test_a_broken_retry_loop(name, space):
    wait, attempts, words = BROKEN_RETRIES[name]
    failing(space, 9)
    tell(space, loop(space, wait, attempts))
    space.sleep(400)
    found = space.verdict({"backoff": {"policy": "full-jitter", "base": "1s", "cap": "20s", "attempts": 4, "story": "header:X-Story"}})
    expect(found, "fail", words)


# --- Tokens ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """A server that verifies tokens."""
    with Server(tmp_path_factory.mktemp("strict"), "--quiet") as server:
        yield server


@pytest.fixture
def guarded_space(strict, request):
    clock = SpaceClock(strict, re.sub(r"\W+", "-", request.node.name)[:60].strip("-"))
    yield clock
    clock.http.close()


class Refused(Exception):
    """The token will not do."""


class Refresher:
    """Asks the server's issuer for tokens, and an agent with them: what comes of a refusal is what the kinds differ in."""

    def __init__(self, space: SpaceClock):
        self.space, self.token = space, None

    def fetch(self) -> str:
        self.space.settle()
        answer = self.space.http.post(
            f"{self.space.url}/oauth2/token", data={"grant_type": "client_credentials"},
            auth=("understudy-client", "understudy-secret"),
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]
        return self.token

    def ask(self, number: int, token: str) -> None:
        answer = ask(self.space, number, f"question {number}", Authorization=f"Bearer {token}")
        if answer.status_code in (401, 403):
            raise Refused
        assert answer.status_code == 200, answer.text

    def call(self, number: int) -> None:
        try:
            self.ask(number, self.token or self.fetch())
        except Refused:
            self.refused(number)

    def refused(self, number: int) -> None:
        self.ask(number, self.fetch())


class RetriesWithTheOldToken(Refresher):
    def refused(self, number):
        old = self.token
        self.fetch()
        self.space.sleep(1.0)
        with pytest.raises(Refused):
            self.ask(number, old)


class RefreshesBeforeEveryCall(Refresher):
    def call(self, number):
        self.ask(number, self.fetch())


class RefreshesInALoop(Refresher):
    def refused(self, number):
        for _ in range(4):
            self.fetch()
        super().refused(number)


class DropsTheCall(Refresher):
    def refused(self, number):
        self.fetch()


class TakesItsTime(Refresher):
    def refused(self, number):
        self.fetch()
        self.space.sleep(30)
        self.ask(number, self.token)


REFRESH = {"tokenRefresh": {"within": "5s", "refreshes": {"max": 1}, "retries": {"max": 1}}}
REFRESHERS = {
    "right": (Refresher, "pass", "came again with a new one"),
    "old token": (RetriesWithTheOldToken, "fail", "came with a token that had been refused"),
    "every call": (RefreshesBeforeEveryCall, "fail", "refreshes before every call"),
    "loop": (RefreshesInALoop, "fail", "one refusal led to 5 refreshes"),
    "dropped": (DropsTheCall, "fail", "not tried again with a new token"),
    "slow": (TakesItsTime, "fail", "after the refusal, 5 s are allowed"),
}


@pytest.mark.parametrize("name", REFRESHERS)
def test_a_refresher(name, guarded_space):
    kind, verdict, words = REFRESHERS[name]
    refresher = kind(guarded_space)
    for number in range(40):
        refresher.call(number)
        guarded_space.sleep(240)
    expect(guarded_space.verdict(REFRESH), verdict, words)


def test_a_stampede_of_refreshes(guarded_space):
    refresher = Refresher(guarded_space)
    token = refresher.fetch()
    refresher.ask(0, token)
    guarded_space.sleep(3_550)
    guarded_space.settle()
    barrier = threading.Barrier(6)

    def refused(number):
        try:
            refresher.ask(number, token)
        except Refused:
            barrier.wait(20)
            Refresher(guarded_space).call(number)

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(refused, range(1, 7)))
    expect(guarded_space.verdict(REFRESH), "fail", "one refusal led to 6 refreshes")


def test_the_token_cache_of_resilience_is_in_time(guarded_space):
    refresher = Refresher(guarded_space)
    cache = TokenCache(lambda: (refresher.fetch(), 3_600.0), clock=guarded_space.monotonic)
    for number in range(40):
        refresher.ask(number, cache.token())
        guarded_space.sleep(240)
    assert cache.refreshes >= 3
    # It renews before anybody refuses: nothing to object to, and no refusal that could show more.
    expect(guarded_space.verdict(REFRESH), "inconclusive", "no token was refused")


def test_the_token_cache_of_resilience_after_a_refusal(guarded_space):
    """Told of longer lives than its tokens have, it keeps each until it is refused, and renews it then, once."""
    refresher = Refresher(guarded_space)
    cache = TokenCache(lambda: (refresher.fetch(), 360_000.0), clock=guarded_space.monotonic)
    for number in range(40):
        try:
            refresher.ask(number, cache.token())
        except Refused:
            guarded_space.sleep(0.5)
            refresher.ask(number, cache.token(force=True))
        guarded_space.sleep(240)
    expect(guarded_space.verdict(REFRESH), "pass", "came again with a new one")
    for wrong, words in [
        ({"within": "100ms"}, "came 500 ms after the refusal, 100 ms are allowed"),
        ({"refreshes": 0}, "one refusal led to 1 refreshes, .*0 expected"),
        ({"refreshes": {"min": 2}}, "a refusal led to 1 refreshes"),
        ({"retries": 0}, "tried again 1 times"),
    ]:
        expect(guarded_space.verdict({"tokenRefresh": {"within": "5s"} | wrong}), "fail", words)
