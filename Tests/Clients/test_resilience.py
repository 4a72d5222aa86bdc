"""The breaker, the retry loop and the token cache by themselves, with a clock of their own."""

import random

import pytest

from clock import Clock
from resilience import Breaker, BreakerOpen, Program, Retry, Seen, State, TokenCache


def fail(breaker, times=1):
    for _ in range(times):
        breaker.before_call()
        breaker.failed()


def succeed(breaker, times=1):
    for _ in range(times):
        breaker.before_call()
        breaker.succeeded()


def test_five_failures_in_a_row_open_it():
    breaker = Breaker(clock=Clock())
    fail(breaker, 4)
    succeed(breaker)
    fail(breaker, 4)
    assert breaker.state is State.CLOSED
    fail(breaker)
    assert breaker.state is State.OPEN
    with pytest.raises(BreakerOpen):
        breaker.before_call()


def test_three_probes_close_it_and_no_fourth_is_let_through_before():
    clock = Clock()
    breaker = Breaker(clock=clock)
    fail(breaker, 5)
    clock.now = 59.9
    with pytest.raises(BreakerOpen):
        breaker.before_call()
    clock.now = 60.0
    for _ in range(3):
        breaker.before_call()
    with pytest.raises(BreakerOpen):
        breaker.before_call()
    breaker.succeeded()
    breaker.succeeded()
    assert breaker.state is State.HALF_OPEN
    breaker.succeeded()
    assert breaker.state is State.CLOSED


def test_a_failed_probe_opens_it_for_the_whole_time_again():
    clock = Clock()
    breaker = Breaker(clock=clock)
    fail(breaker, 5)
    clock.now = 100.0
    succeed(breaker, 2)
    fail(breaker)
    clock.now = 159.9
    with pytest.raises(BreakerOpen):
        breaker.before_call()
    clock.now = 160.0
    succeed(breaker, 3)
    assert [new for _, new in breaker.transitions] == ["open", "half-open", "open", "half-open", "closed"]


def test_full_jitter_draws_from_nothing_to_the_doubled_base():
    clock = Clock()
    retry = Retry(base=1.0, cap=5.0, sleep=clock.sleep, random=random.Random(3))
    assert [retry.ceiling(n) for n in (1, 2, 3, 4, 5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    for _ in range(1_000):
        retry.pause(3)
    assert all(0 <= pause <= 4 for pause in clock.slept)
    assert min(clock.slept) < 0.1 and max(clock.slept) > 3.9
    assert abs(sum(clock.slept) / 1_000 - 2) < 0.2


def test_a_token_is_kept_until_a_minute_before_its_end():
    clock = Clock()
    names = iter("abc")
    cache = TokenCache(lambda: (next(names), 3_600.0), clock)
    assert (cache.token(), cache.token()) == ("a", "a")
    clock.now = 3_539.0
    assert cache.token() == "a"
    clock.now = 3_540.0
    assert cache.token() == "b"
    assert cache.token(force=True) == "c"
    assert cache.refreshes == 3


def scripted(*statuses, tokens=None):
    clock = Clock()
    script = iter(statuses)
    retry = Retry(sleep=clock.sleep, random=random.Random(1))
    program = Program(lambda token: Seen(status=next(script)), Breaker(clock=clock), retry, tokens)
    return program, clock, script


def test_what_may_pass_is_repeated_and_what_may_not_is_not():
    for statuses, expected, pauses in [
        ((503, 504, 200), 200, 2), ((503, 503, 503, 200), 503, 2), ((500, 200), 500, 0), ((429, 200), 429, 0),
    ]:  # fmt: skip
        program, clock, _ = scripted(*statuses)
        assert program.call().status == expected
        assert len(clock.slept) == pauses


def test_a_refused_token_is_renewed_once():
    for statuses, expected, left in [((403, 200), 200, []), ((403, 403, 200), 403, [200]), ((401, 200), 200, [])]:
        tokens = TokenCache(lambda: ("t", 3_600.0), Clock())
        program, _, script = scripted(*statuses, tokens=tokens)
        assert program.call().status == expected
        assert (tokens.refreshes, list(script)) == (2, left)
