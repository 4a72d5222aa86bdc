"""What a test holds: one space of a server, and the verbs that steer it."""

from __future__ import annotations

import contextlib
import datetime
import urllib.parse
from typing import Any, Iterable, Mapping, Optional, Union

from .server import Server
from .steering import Refused, Steering

#: A duration as a scenario spells it ("1.5s", "15m"), seconds, or a timedelta.
Duration = Union[str, int, float, datetime.timedelta]

# What the built-in library knows, and what most scenario files keep.
ACCESS_KEY_ID = "AKIDEXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


class Clock:
    """The space's idea of now: tokens, sessions and windows live by it."""

    def __init__(self, space: "Space"):
        self._space = space

    def get(self) -> "dict[str, Any]":
        return _object(self._space.ask("GET", "clock"))

    def advance(self, by: Duration) -> "dict[str, Any]":
        """`advance("59m")` takes no time and lets 59 minutes pass."""
        return self._put(advance=spelled(by))

    def set(self, to: Union[str, datetime.datetime]) -> "dict[str, Any]":
        """To a moment: RFC 3339, or a datetime (one without a zone is taken as UTC)."""
        if isinstance(to, datetime.datetime):
            moment = to if to.tzinfo else to.replace(tzinfo=datetime.timezone.utc)
            to = moment.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
        return self._put(set=to)

    def freeze(self, frozen: bool = True) -> "dict[str, Any]":
        return self._put(freeze=frozen)

    def speed(self, times: Union[int, float, str]) -> "dict[str, Any]":
        """Waits of answers, faults and cold starts pass so many times as fast; "max" makes them zero."""
        return self._put(speed=times)

    def _put(self, **change: Any) -> "dict[str, Any]":
        return _object(self._space.ask("PUT", "clock", change))


class Fault:
    """An armed fault. As a context it is disarmed at the end; otherwise it goes with the space."""

    def __init__(self, space: "Space", name: str, armed: Any):
        self.name = name
        self.armed = armed
        self._space = space

    def disarm(self) -> None:
        self._space.ask("DELETE", f"faults/{urllib.parse.quote(self.name, safe='')}")

    def __enter__(self) -> "Fault":
        return self

    def __exit__(self, *_: Any) -> None:
        with contextlib.suppress(Refused):
            self.disarm()


class Space:
    """The fixture: a space of its own for each test, with sessions, states, faults, counts, clock and journal."""

    def __init__(self, server: Server, name: str, steering: Steering):
        self.server = server
        self.name = name
        #: Where a client is pointed: whatever is called below it belongs to this test.
        self.url = f"{server.url}/_space/{name}"
        self.seed = server.seed
        self.clock = Clock(self)
        self._steering = steering
        self._faults = 0

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Any call of the control API, for this space: `ask("GET", "sessions")`."""
        return self._steering.ask(method, path, body, query, space=self.name)

    # Clients and tokens

    def client(self, service: str = "bedrock-agentcore", **options: Any) -> Any:
        """A boto3 client of this space. Whatever `boto3.client` takes may be named."""
        import boto3  # type: ignore[import-untyped, unused-ignore]  # only whoever asks for a client has to have it

        defaults: "dict[str, Any]" = {
            "endpoint_url": self.url,
            "region_name": "us-east-1",
            "aws_access_key_id": ACCESS_KEY_ID,
            "aws_secret_access_key": SECRET_ACCESS_KEY,
        }
        return boto3.client(service, **{**defaults, **options})

    def token(self, agent: Optional[str] = None, expires_in: Optional[Duration] = None, **more: Any) -> str:
        """A token of the server's own issuer; `claims={…}`, `clientId=…` and the like as the control API takes them."""
        body = dict(more)
        if agent is not None:
            body["agent"] = agent
        if expires_in is not None:
            body["expiresIn"] = spelled(expires_in)
        return str(self.ask("POST", "tokens", body)["token"])

    # Faults

    def fault(self, word: str, on: Optional[Mapping[str, Any]] = None, **parameters: Any) -> Fault:
        """Arms a fault of the catalogue: `fault("error", on={"calls": "1-2"}, status=503)`."""
        self._faults += 1
        name = parameters.pop("name", None) or f"{word} {self._faults}"
        body = {"name": name, "fault": word, **{key: _plain(value) for key, value in parameters.items()}}
        if on is not None:
            body["on"] = dict(on)
        return Fault(self, name, self.ask("POST", "faults", body))

    # Asking

    def calls(self, **query: Any) -> "list[dict[str, Any]]":
        """The journal of this space, oldest first: `calls(status=503)`, `calls(unmatched=True)`."""
        return sorted(self.ask("GET", "calls", **query)["calls"], key=lambda call: call["number"])

    def wait(
        self, at_least: int = 1, in_flight: Optional[int] = 0, within: Duration = "10s", **match: Any
    ) -> "dict[str, Any]":
        """Waits until so many calls are there and no more than `in_flight` of them are still being answered."""
        body: "dict[str, Any]" = {"match": match, "atLeast": at_least, "within": spelled(within)}
        if in_flight is not None:
            body["inFlight"] = in_flight
        return _object(self.ask("POST", "await", body))

    def mark(self, **mark: Any) -> Any:
        """Says that a caller wanted to call and did not: silence that is explained."""
        return self.ask("POST", "marks", mark)

    # Verdicts

    def verify(self, expectations: "Iterable[Mapping[str, Any]]") -> "dict[str, Any]":
        """The verdicts on these expectations, whatever they are."""
        return _object(self.ask("POST", "verify", {"expect": [dict(each) for each in expectations]}))

    def expect(self, kind: str, name: Optional[str] = None, **expectation: Any) -> "dict[str, Any]":
        """AssertionError unless the verdict is `pass`. `opens_after` may be written for `opensAfter`."""
        __tracebackhide__ = True
        judged = {_camel(key): _plain(value) for key, value in expectation.items() if value is not None}
        found = self.verify([{"name": name or kind, kind: judged}])
        assert found["verdict"] == "pass", _told(found)
        return found

    def expect_breaker(self, **expectation: Any) -> "dict[str, Any]":
        """`expect_breaker(opens_after=5, open_for="60s")`, or a `preset`."""
        __tracebackhide__ = True
        return self.expect("breaker", **expectation)

    def expect_backoff(self, **expectation: Any) -> "dict[str, Any]":
        """`expect_backoff(policy="full-jitter", base="1s", cap="30s")`."""
        __tracebackhide__ = True
        return self.expect("backoff", **expectation)

    def expect_refresh(self, **expectation: Any) -> "dict[str, Any]":
        """`expect_refresh(within="5s", refreshes={"max": 1})`."""
        __tracebackhide__ = True
        return self.expect("tokenRefresh", **expectation)

    # What is told of a failed test

    def told(self, newest: int = 50) -> str:
        """The seed, and the journal a line a call."""
        calls = self.calls(limit=newest)
        lines = [f"seed {self.seed} · {self.url} · {len(calls)} calls"]
        return "\n".join(lines + [_line(call) for call in calls])


def spelled(duration: Duration) -> str:
    """As a scenario spells it."""
    if isinstance(duration, str):
        return duration
    seconds = duration.total_seconds() if isinstance(duration, datetime.timedelta) else float(duration)
    return f"{round(seconds * 1000)}ms"


def _object(answered: Any) -> "dict[str, Any]":
    assert isinstance(answered, dict), f"an object was expected, not {answered!r}"
    return answered


def _plain(value: Any) -> Any:
    return spelled(value) if isinstance(value, datetime.timedelta) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _told(found: Mapping[str, Any]) -> str:
    lines = [f"{each['name']}: {each['verdict']}: {each['because']}" for each in found["results"]]
    return f"the verdict is {found['verdict']}\n" + "\n".join(lines)


def _line(call: Mapping[str, Any]) -> str:
    faults = [fault if isinstance(fault, str) else fault.get("name", "") for fault in call.get("faults") or []]
    parts = [
        f"{call['number']:>5}",
        call.get("arrived", ""),
        call.get("operation") or (call.get("request") or {}).get("path", ""),
        str(call.get("status") or "-"),
        call.get("outcome") or "in flight",
        f"session {call['session']}" if call.get("session") else "",
        f"rule {call['rule']}" if call.get("rule") else "",
        f"faults {', '.join(faults)}" if faults else "",
        call.get("why") or (call.get("auth") or {}).get("why") or "",
    ]
    return "  ".join(part for part in parts if part)
