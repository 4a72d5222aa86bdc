"""Every fault, met by a program with a breaker, a retry loop and a token cache, over boto3 and over httpx.

The plan is printed first. What the program then sees, what its breaker makes of it, and what the journal holds have to be
what the plan said. The program's own clock is the test's: nobody waits.
"""

from __future__ import annotations

import collections
import dataclasses
import hashlib
import itertools
import json
import os
import random
import time

import boto3
import botocore.exceptions
import httpx
import jwt
import pytest
from botocore import UNSIGNED
from botocore.config import Config

import fault_world as world
from callers import CALLERS, Boto3, Httpx
from clock import Clock
from resilience import Breaker, BreakerOpen, Program, Retry, Seen, TokenCache
from understudy import Server, free_port, struck_by
from world import POOL, REGION, SESSION

GOOD_JSON = Seen(status=200, body=world.BODY)
GOOD_STREAM = Seen(status=200, frames=world.FRAMES)
IMPATIENT, PATIENT = 0.3, 20.0
# One for all: reading the machine's certificates, which nobody here needs, takes longer than a call.
CONTROL = httpx.Client(verify=False, timeout=20)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    port = free_port()
    (folder / "world.json").write_text(json.dumps(world.scenario(port)))
    with Server(folder, folder / "world.json", "--seed", 7, port=port) as server:
        yield server


class Space:
    """A part of the server that nobody else has. What is drawn depends on its name, and that on the test alone."""

    _numbers: dict[str, itertools.count] = collections.defaultdict(itertools.count)

    def __init__(self, server: Server, *faults: dict):
        test = hashlib.sha256(os.environ["PYTEST_CURRENT_TEST"].encode()).hexdigest()[:16]
        self.url = f"{server.url}/_space/{test}-{next(self._numbers[test])}"
        for fault in faults:
            self.control("POST", "faults", fault)

    def control(self, method: str, path: str, body: dict | None = None) -> dict:
        answer = CONTROL.request(method, f"{self.url}/_understudy/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def plan(self, calls: int) -> list[dict]:
        """What the plan says of each call: the fault's entry, or nothing."""
        said = self.control("GET", f"plan?calls={calls}")["calls"]
        return [call["strikes"][0] if call["strikes"] else {} for call in said]

    def calls(self) -> list[dict]:
        """The journal, once every call has ended."""
        self.control("POST", "await", {"match": {}, "inFlight": 0, "within": "10s"})
        return sorted(self.control("GET", "calls")["calls"], key=lambda call: call["number"])

    def caller(self, kind, patience=PATIENT):
        return kind(self.url, world.SIGNED if kind is Boto3 else world.TOKEN, patience)

    def tokens(self, kind) -> TokenCache | None:
        """Programs that sign have none."""
        fetch = lambda: (self.control("POST", "tokens", {"agent": world.TOKEN})["token"], 3_600.0)  # noqa: E731
        return TokenCache(fetch, Clock()) if kind is Httpx else None


@dataclasses.dataclass
class Row:
    """A fault, what is asked, and what each client then sees."""

    fault: dict
    prompt: str
    boto3: Seen
    httpx: Seen
    outcome: str = "completed"
    sent: int | None = None
    """Frames that the journal has, when it is not as many as the client saw."""

    @property
    def name(self) -> str:
        return " ".join(str(value) for value in self.fault.values()).replace(" ", "-")

    def seen(self, kind) -> Seen:
        return self.boto3 if kind is Boto3 else self.httpx


def refusal(fault: dict, status: int, code: str | None, boto3_code: str | None = None) -> Row:
    return Row(fault, "json", Seen(status, code=boto3_code or code), Seen(status, code=code))


def both(fault: dict, prompt: str, seen: Seen, **more) -> Row:
    return Row(fault, prompt, seen, seen, **more)


def cuts():
    """Both ways to cut, at every place."""
    for word, outcome, error in [("reset", "reset", "ReadError"), ("close", "closed", "RemoteProtocolError")]:
        for place in ("accept", "request"):
            unanswered = Seen(error="ConnectionClosedError"), Seen(error=error)
            yield Row({"fault": word, "at": place}, "json", *unanswered, outcome=outcome)
        for prompt, place, frames, body, sent in [
            ("json", "headers", 0, 0, 0), ("json", "byte 20", 0, 20, 0),
            ("stream", "headers", 0, 0, 0), ("stream", "frame 2", 2, 0, 2), ("stream", "byte 20", 1, 0, 2),
        ]:  # fmt: skip
            broken = Seen(200, world.FRAMES[:frames], error="ResponseStreamingError")
            yield Row(
                {"fault": word, "at": place}, prompt, broken,
                Seen(200, world.FRAMES[:frames], world.BODY[:body], error), outcome=outcome, sent=sent,
            )  # fmt: skip


def corrupt(kind: str, prompt: str, boto3: Seen, httpx: Seen | None = None, **more) -> Row:
    return Row({"fault": "corrupt", "kind": kind}, prompt, boto3, httpx or boto3, **more)


WORDS = world.FRAMES
ERROR_EVENT = '{"error": "out of memory", "error_type": "MemoryError", "message": "An error occurred during streaming"}'
ROWS = [
    refusal({"fault": "error", "status": 503}, 503, "ServiceUnavailableException"),
    refusal({"fault": "error", "error": "GatewayTimeout"}, 504, None, boto3_code="504"),
    refusal({"fault": "error", "error": "RuntimeClientError"}, 424, "RuntimeClientError"),
    refusal({"fault": "error", "error": "InternalServerException"}, 500, "InternalServerException"),
    refusal({"fault": "expiring-token"}, 403, None, boto3_code="403"),
    Row({"fault": "hang"}, "json", Seen(error="ReadTimeoutError"), Seen(error="ReadTimeout"), outcome="hung"),
    Row(
        {"fault": "stall", "frames": 2}, "stream", Seen(200, WORDS[:2], error="ReadTimeoutError"),
        Seen(200, WORDS[:2], error="ReadTimeout"), outcome="hung",
    ),
    both({"fault": "stall", "bytes": 5, "for": "30ms"}, "json", GOOD_JSON),
    both({"fault": "slow-drip", "bytesPerSecond": 2000}, "json", GOOD_JSON, sent=1),
    *cuts(),
    corrupt("invalid-json", "json", Seen(200, body=world.BODY[:-1])),
    corrupt("invalid-json", "stream", Seen(200, ['"Hel', *WORDS[1:]])),
    corrupt("split-utf8", "json", GOOD_JSON),
    corrupt("split-utf8", "stream", GOOD_STREAM, sent=6),
    # Who splits at line ends does not notice; a parser of events sees one with two lines of data.
    corrupt("missing-blank-line", "stream", GOOD_STREAM, Seen(200, ['"Hel"\n"lo "', *WORDS[2:]]), sent=5),
    corrupt("duplicate", "stream", Seen(200, [WORDS[0], *WORDS])),
    corrupt("reorder", "stream", Seen(200, [WORDS[1], WORDS[0], *WORDS[2:]])),
    corrupt("wrong-length", "json", Seen(200, error="ResponseStreamingError"),
            Seen(200, body=world.BODY, error="RemoteProtocolError")),
    both(
        {"fault": "agent-error-event", "frames": 2, "error": "out of memory", "errorType": "MemoryError"}, "stream",
        Seen(200, [*WORDS[:2], ERROR_EVENT]),
    ),
    # Two hours ahead, a signature is too old and a token at its end.
    refusal({"fault": "clock-skew", "offset": "2h"}, 403, None, boto3_code="InvalidSignatureException"),
]  # fmt: skip


class Drive:
    """A program in front of a space, used until the server has had as many attempts as asked for."""

    def __init__(self, space: Space, kind, prompt: str, attempts: int, is_slow=False):
        self.clock = Clock()
        self.breaker = Breaker(clock=self.clock)
        self.retry = Retry(sleep=self.clock.sleep, random=random.Random(7))
        self.tokens = space.tokens(kind)
        # The last call may need more attempts than were asked for.
        self._plan = space.plan(attempts + self.retry.attempts)
        self.seen: list[Seen] = []
        self.calls: list[list[Seen]] = []
        self.turned_away = 0
        self.patient = space.caller(kind)
        self.impatient = space.caller(kind, IMPATIENT) if is_slow else self.patient
        self._prompt = prompt
        program = Program(self._attempt, self.breaker, self.retry, self.tokens)
        while len(self.seen) < attempts:
            before = len(self.seen)
            try:
                program.call()
            except BreakerOpen:
                self.turned_away += 1
                self.clock.now += self.breaker.open_for
            if len(self.seen) > before:
                self.calls.append(self.seen[before:])
        self.plan = self._plan[: len(self.seen)]
        self.patient.close()
        self.impatient.close()

    def _attempt(self, token: str | None) -> Seen:
        # Only who is going to wait in vain is impatient: a busy machine makes no other call fail.
        struck = self._plan[len(self.seen)]
        caller = self.impatient if struck else self.patient
        self.seen.append(caller.attempt(self._prompt, token=token))
        return self.seen[-1]


@pytest.mark.parametrize("kind", CALLERS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.prompt}-{row.name}")
def test_what_was_seen_is_what_the_plan_said(server, row, kind):
    space = Space(server, {"name": "it", "on": {"calls": "1-5"}} | row.fault)
    drive = Drive(space, kind, row.prompt, attempts=8, is_slow=row.outcome == "hung")
    strikes = [bool(entry) for entry in drive.plan]
    assert strikes == [True] * 5 + [False] * 3

    good, bad = (GOOD_STREAM if row.prompt == "stream" else GOOD_JSON), row.seen(kind)
    assert [told(seen) for seen in drive.seen] == [told(bad if struck else good) for struck in strikes]

    # Five failures in a row open the breaker, whatever their kind; three probes close it.
    opened = [("closed", "open"), ("open", "half-open"), ("half-open", "closed")]
    assert drive.breaker.transitions == (opened if bad.is_failure else [])
    assert drive.turned_away == (1 if bad.is_failure else 0)

    # Of 503 and 504 each call makes three attempts, until the breaker opens.
    is_repeated = bad.status in (503, 504)
    repetitions = [1, 2, 1, 2] if is_repeated else []
    assert len(drive.clock.slept) == len(repetitions)
    assert all(0 <= slept <= drive.retry.ceiling(n) for slept, n in zip(drive.clock.slept, repetitions))

    # A refused token is renewed once a call.
    refused = sum(call[0].status in (401, 403) for call in drive.calls)
    assert drive.tokens is None or drive.tokens.refreshes == 1 + refused

    journal = space.calls()
    assert [struck_by(call) for call in journal] == [["it"] if struck else [] for struck in strikes]
    assert [call.get("status") for call in journal] == [seen.status for seen in drive.seen]
    assert [call["outcome"] for call in journal] == [row.outcome if struck else "completed" for struck in strikes]
    sent = [len(call.get("frames") or []) for call in journal]
    assert sent == [
        (len(bad.frames) if row.sent is None else row.sent) if struck else len(good.frames) for struck in strikes
    ]


def told(seen: Seen) -> tuple:
    """What two attempts are compared by. The words of a refusal are told by its code."""
    return seen.status, seen.error, seen.frames, seen.body if seen.status == 200 else b"", seen.code


@pytest.mark.parametrize("kind", CALLERS, ids=lambda kind: kind.name)
def test_garbage(server, kind):
    for prompt in ("json", "stream"):
        space = Space(server, {"name": "it", "fault": "corrupt", "kind": "garbage", "on": {"calls": "1"}})
        bad, good = Drive(space, kind, prompt, attempts=2).seen
        assert bad.status == 200 and bad.error is None
        if prompt == "json":
            assert len(bad.body) == len(world.BODY) and bad.body[0] == 0xFF
            assert good == dataclasses.replace(GOOD_JSON, code=good.code)
        else:
            # The noise has no blank line: the second event is lost with the first.
            assert bad.frames == WORDS[2:] and good.frames == WORDS
        assert [struck_by(call) for call in space.calls()] == [["it"], []]


@pytest.mark.parametrize("kind", CALLERS, ids=lambda kind: kind.name)
def test_chance_is_as_the_plan_says(server, kind):
    space = Space(server, {"name": "it", "fault": "error", "status": 503, "on": {"chance": 0.4}})
    drive = Drive(space, kind, "json", attempts=40)
    strikes = [bool(entry) for entry in drive.plan]
    assert 0 < sum(strikes) < len(strikes)
    assert [seen.status for seen in drive.seen] == [503 if struck else 200 for struck in strikes]
    assert [struck_by(call) for call in space.calls()] == [["it"] if struck else [] for struck in strikes]


LATENCIES = [
    {"at": "headers", "delay": "30ms"},
    {"at": "first-frame", "uniform": {"min": "5ms", "max": "60ms"}},
    {"at": "every-frame", "normal": {"mean": "20ms", "deviation": "5ms"}},
    {"at": "end", "lognormal": {"median": "20ms", "p99": "90ms"}},
    {"at": "headers", "spike": {"base": "1ms", "to": "80ms", "chance": 0.5}},
]


@pytest.mark.parametrize("kind", CALLERS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("latency", LATENCIES, ids=lambda latency: list(latency)[1])
def test_latency_is_never_shorter_than_planned(server, latency, kind):
    space = Space(server, {"name": "it", "fault": "latency"} | latency)
    planned = [entry["delay"] for entry in space.plan(3)]
    caller, tokens = space.caller(kind), space.tokens(kind)
    token = tokens.token() if tokens else None
    for delay in planned:
        begun = time.monotonic()
        seen = caller.attempt("stream", token=token)
        waited = (time.monotonic() - begun) * 1_000
        assert (seen.status, seen.frames, seen.error) == (200, WORDS, None)
        assert waited >= delay
    caller.close()
    for call, delay in zip(space.calls(), planned):
        assert struck_by(call) == ["it"]
        late = {"headers": call["firstByte"], "end": call["ended"]}.get(latency["at"], call["frames"][0]["sent"])
        assert late >= delay


@pytest.mark.parametrize("kind", CALLERS, ids=lambda kind: kind.name)
def test_a_cold_start_is_the_first_call_of_a_session(server, kind):
    space = Space(server, {"name": "it", "fault": "cold-start", "delay": "40ms"})
    assert all(entry == {"name": "it", "if": True} for entry in space.plan(4))
    caller, tokens = space.caller(kind), space.tokens(kind)
    for session in ("a", "b"):
        for _ in range(2):
            assert caller.attempt("json", session + SESSION, tokens and tokens.token()).status == 200
    caller.close()
    journal = space.calls()
    assert [struck_by(call) for call in journal] == [["it"], [], ["it"], []]
    assert all(call["firstByte"] >= 40 for call in journal[::2])


@pytest.mark.parametrize("kind", CALLERS, ids=lambda kind: kind.name)
def test_not_ready_until_the_clock_says_so(server, kind):
    space = Space(server, {"name": "it", "fault": "not-ready", "for": "5s"})
    space.control("PUT", "clock", {"freeze": True})
    assert all(entry == {"name": "it", "if": True} for entry in space.plan(3))
    caller, tokens = space.caller(kind), space.tokens(kind)
    token = tokens and tokens.token()
    early = [caller.attempt("json", token=token) for _ in range(3)]
    assert {(seen.status, seen.code) for seen in early} == {(409, "RetryableConflictException")}
    space.control("PUT", "clock", {"advance": "5s"})
    assert caller.attempt("json", token=token).status == 200
    caller.close()
    assert [struck_by(call) for call in space.calls()] == [["it"]] * 3 + [[]]


@pytest.mark.parametrize("kind", CALLERS, ids=lambda kind: kind.name)
def test_throttled_by_the_servers_clock(server, kind):
    space = Space(server, {"name": "it", "fault": "throttle", "rate": "1/10s", "burst": 2})
    space.control("PUT", "clock", {"freeze": True})
    assert all(entry == {"name": "it", "if": True} for entry in space.plan(8))
    drive = Drive(space, kind, "json", attempts=7)
    assert [seen.status for seen in drive.seen] == [200, 200, 429, 429, 429, 429, 429]
    assert {seen.code for seen in drive.seen[2:]} == {"ThrottlingException"}
    assert drive.breaker.transitions == [("closed", "open")]
    space.control("PUT", "clock", {"advance": "10s"})
    caller, tokens = space.caller(kind), space.tokens(kind)
    assert [caller.attempt("json", token=tokens and tokens.token()).status for _ in range(2)] == [200, 429]
    caller.close()
    throttled = [call["status"] == 429 for call in space.calls()]
    assert [struck_by(call) == ["it"] for call in space.calls()] == throttled


def test_a_refresh_helps_against_a_token_at_its_end(server):
    space = Space(server, {"name": "it", "fault": "expiring-token", "on": {"calls": "1"}})
    drive = Drive(space, Httpx, "json", attempts=3)
    assert [[seen.status for seen in call] for call in drive.calls] == [[403, 200], [200]]
    assert drive.tokens.refreshes == 2
    journal = space.calls()
    assert journal[0]["reply"]["body"] == (
        '{"message":"OAuth authorization failed: Ineffectual token, will expire within the next minute"}'
    )
    assert [struck_by(call) for call in journal] == [["it"], [], []]


def test_59_minutes_in_one_request(server):
    """No fault at all: the token that was good is at its end, and a new one is good."""
    space = Space(server)
    caller, tokens = space.caller(Httpx), space.tokens(Httpx)
    assert caller.attempt("json", token=tokens.token()).status == 200
    space.control("PUT", "clock", {"advance": "59m"})
    assert caller.attempt("json", token=tokens.token()).status == 403
    assert caller.attempt("json", token=tokens.token(force=True)).status == 200
    caller.close()


def test_new_signing_keys(tmp_path):
    """The keys are the whole server's, so this one has its own."""
    port = free_port()
    (tmp_path / "world.json").write_text(json.dumps(world.scenario(port)))
    with Server(tmp_path, tmp_path / "world.json", port=port) as server:
        space = Space(server, {"name": "it", "fault": "key-rotation", "on": {"calls": "2"}})
        drive = Drive(space, Httpx, "json", attempts=4)
        assert [bool(entry) for entry in drive.plan] == [False, True, False, False]
        assert [[seen.status for seen in call] for call in drive.calls] == [[200], [401, 200], [200]]
        assert drive.tokens.refreshes == 2
        assert [struck_by(call) for call in space.calls()] == [[], ["it"], [], []]
        # Who signs does not notice.
        signed = Space(server, {"fault": "key-rotation"})
        assert [seen.status for seen in Drive(signed, Boto3, "json", attempts=2).seen] == [200, 200]


def log_in_with_boto3(url: str) -> int:
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    client = boto3.client("cognito-idp", endpoint_url=url, region_name=REGION, config=config)
    parameters = {"USERNAME": world.USER, "PASSWORD": world.PASSWORD}
    try:
        client.initiate_auth(ClientId=world.CLIENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        return 200
    except botocore.exceptions.ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"]
    finally:
        client.close()


def log_in_with_httpx(url: str) -> int:
    body = {"ClientId": world.CLIENT, "AuthFlow": "USER_PASSWORD_AUTH"}
    body["AuthParameters"] = {"USERNAME": world.USER, "PASSWORD": world.PASSWORD}
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
    return CONTROL.post(f"{url}/", json=body, headers=target).status_code


@pytest.mark.parametrize("log_in", [log_in_with_boto3, log_in_with_httpx])
def test_the_issuer_is_out_of_tokens(server, log_in):
    space = Space(server, {"name": "it", "fault": "jwks-outage", "part": "tokens", "on": {"calls": "1-2"}})
    assert [bool(entry) for entry in space.plan(4)] == [True, True, False, False]
    assert [log_in(space.url) for _ in range(4)] == [503, 503, 200, 200]
    assert [struck_by(call) for call in space.calls()] == [["it"], ["it"], [], []]


def test_the_issuers_keys_are_out(server):
    space = Space(server, {"name": "it", "fault": "jwks-outage", "on": {"calls": "1"}})
    assert [bool(entry) for entry in space.plan(2)] == [True, False]
    keys = jwt.PyJWKClient(f"{space.url}/{POOL}/.well-known/jwks.json", cache_keys=False, cache_jwk_set=False)
    with pytest.raises(jwt.PyJWKClientConnectionError):
        keys.get_signing_keys()
    assert len(keys.get_signing_keys()) == 2
    assert [struck_by(call) for call in space.calls()] == [["it"], []]
