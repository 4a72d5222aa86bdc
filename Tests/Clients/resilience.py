"""A circuit breaker, a retry loop and a token cache, as programs have them: what Understudy's faults are there to try.

Time, sleep and chance are arguments, so that a test says how late it is and what is drawn.
"""

from __future__ import annotations

import dataclasses
import enum
import random
import time
from collections.abc import Callable


class State(enum.Enum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class BreakerOpen(Exception):
    """The call was not made."""


class Breaker:
    """Opens after `threshold` failures in a row; tries again after `open_for` seconds, with `probes` calls that all have
    to succeed before it closes."""

    def __init__(self, threshold=5, open_for=60.0, probes=3, clock: Callable[[], float] = time.monotonic):
        self.threshold, self.open_for, self.probes, self.clock = threshold, open_for, probes, clock
        self.state = State.CLOSED
        self.transitions: list[tuple[str, str]] = []
        self._failures = self._admitted = self._succeeded = 0
        self._opened_at = 0.0

    def before_call(self) -> None:
        if self.state is State.OPEN and self.clock() - self._opened_at >= self.open_for:
            self._admitted = self._succeeded = 0
            self._become(State.HALF_OPEN)
        if self.state is State.OPEN or (self.state is State.HALF_OPEN and self._admitted == self.probes):
            raise BreakerOpen
        self._admitted += 1

    def succeeded(self) -> None:
        self._failures = 0
        self._succeeded += 1
        if self.state is State.HALF_OPEN and self._succeeded == self.probes:
            self._become(State.CLOSED)

    def failed(self) -> None:
        self._failures += 1
        if self.state is State.HALF_OPEN or (self.state is State.CLOSED and self._failures >= self.threshold):
            self._opened_at = self.clock()
            self._become(State.OPEN)

    def _become(self, state: State) -> None:
        self.transitions.append((self.state.value, state.value))
        self.state = state
        self._failures = 0


@dataclasses.dataclass
class Retry:
    """Full jitter: before the nth repetition a time drawn from 0 to `base` doubled n times, `cap` at most."""

    attempts: int = 3
    base: float = 0.5
    cap: float = 20.0
    statuses: frozenset[int] = frozenset({503, 504})
    sleep: Callable[[float], None] = time.sleep
    random: random.Random = dataclasses.field(default_factory=random.Random)

    def ceiling(self, repetition: int) -> float:
        return min(self.cap, self.base * 2 ** (repetition - 1))

    def pause(self, repetition: int) -> None:
        self.sleep(self.random.uniform(0, self.ceiling(repetition)))


class TokenCache:
    """Keeps a token until a minute before its end, or until somebody says that it is refused."""

    LEEWAY = 60.0

    def __init__(self, fetch: Callable[[], tuple[str, float]], clock: Callable[[], float] = time.monotonic):
        self.fetch, self.clock = fetch, clock
        self.refreshes = 0
        self._token: str | None = None
        self._ends_at = 0.0

    def token(self, force: bool = False) -> str:
        if force or self._token is None or self.clock() >= self._ends_at - self.LEEWAY:
            self._token, seconds = self.fetch()
            self._ends_at = self.clock() + seconds
            self.refreshes += 1
        return self._token


@dataclasses.dataclass
class Seen:
    """What one attempt looked like from the client: a status, what came of the body, and how it failed if it did."""

    status: int | None = None
    frames: list[str] = dataclasses.field(default_factory=list)
    body: bytes = b""
    error: str | None = None
    """The name of the exception that the client raised for want of an answer, or of the rest of it."""
    code: str | None = None
    """The service's own name for a refusal."""

    @property
    def is_failure(self) -> bool:
        """What a breaker counts: nobody answered, or not to the end, or the other side is in trouble."""
        return self.error is not None or self.status in (424, 429) or self.status >= 500


class Program:
    """What stands between an application and its agent: breaker around retries around one attempt."""

    def __init__(self, attempt: Callable[[str | None], Seen], breaker: Breaker, retry: Retry, tokens: TokenCache | None = None):
        self.attempt, self.breaker, self.retry, self.tokens = attempt, breaker, retry, tokens

    def call(self) -> Seen:
        refreshed = False
        repetition = 0
        token = self.tokens.token() if self.tokens else None
        while True:
            self.breaker.before_call()
            seen = self.attempt(token)
            (self.breaker.failed if seen.is_failure else self.breaker.succeeded)()
            if seen.status in (401, 403) and self.tokens and not refreshed:
                token, refreshed = self.tokens.token(force=True), True
            elif seen.status in self.retry.statuses and repetition + 1 < self.retry.attempts:
                repetition += 1
                self.retry.pause(repetition)
            else:
                return seen
