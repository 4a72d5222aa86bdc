"""What a request costs the server's processor, beside what it costs nginx in the same run.

Each round measures every server of a table once, in turns from another one on; a ratio is made of two figures of one round,
and the table tells the median of the rounds' ratios, the lowest and the highest. nginx gets the same bytes and answers with
the bytes of one of Understudy's answers: it verifies, matches and journals nothing.
"""

from __future__ import annotations

import contextlib
import statistics

import load
import processes
import tokens
import traffic
from scenes import BINARY, FOLDER, Effort, Table, rules, scenario, stream_rule

COLUMNS = (
    "what", "CPU µs a request: nginx", "understudy", "× nginx (lowest to highest)", "at most", "requests/s: nginx", "understudy",
)  # fmt: skip


class Rounds:
    """Named servers, measured in turns."""

    def __init__(self, effort: Effort):
        self.effort, self.servers, self.results = effort, {}, {}

    def run(self, requests, connections=64) -> None:
        names = list(self.servers)
        for server in self.servers.values():
            load.measure(server, requests, 1, connections=connections, count=4 * traffic.DISTINCT)
        for number in range(self.effort.rounds):
            for name in names[number % len(names) :] + names[: number % len(names)]:
                result = load.measure(self.servers[name], requests, self.effort.seconds, connections=connections)
                self.results.setdefault(name, []).append(result)

    def middle(self, name: str, figure: str) -> float:
        return statistics.median(getattr(result, figure) for result in self.results[name])

    def ratios(self, name: str, base: str) -> list[float]:
        return [ours.cpu_microseconds / theirs.cpu_microseconds for ours, theirs in zip(self.results[name], self.results[base])]


def told(ratios: list[float], digits=2) -> str:
    return f"{statistics.median(ratios):.{digits}f} ({min(ratios):.{digits}f} to {max(ratios):.{digits}f})"


def compare(table: Table, effort: Effort, requests: list[bytes], rows: list[tuple[str, str, list]], connections=64) -> None:
    """`rows`: what, at most, the arguments of `understudy serve`."""
    file = traffic.write(FOLDER / "requests", requests)
    with contextlib.ExitStack() as running:
        rounds = Rounds(effort)
        for what, _, arguments in rows:
            rounds.servers[what] = running.enter_context(processes.Understudy(BINARY, *arguments))
        by_length = sorted(requests, key=len)
        answer = load.sample(rounds.servers[rows[0][0]].port, by_length[len(by_length) // 2])
        rounds.servers["nginx"] = running.enter_context(processes.Nginx(FOLDER, *answer))
        rounds.run(file, connections)
    for what, most, _ in rows:
        tell(table, rounds, what, most)


def tell(table: Table, rounds: Rounds, what: str, most: str) -> None:
    table.add(
        what, f"{rounds.middle('nginx', 'cpu_microseconds'):.1f}", f"{rounds.middle(what, 'cpu_microseconds'):.1f}",
        told(rounds.ratios(what, "nginx")), most, f"{rounds.middle('nginx', 'rate'):,.0f}", f"{rounds.middle(what, 'rate'):,.0f}",
    )  # fmt: skip


def without_journal() -> str:
    for file in FOLDER.glob("journal.sqlite*"):
        file.unlink()
    return str(FOLDER / "journal.sqlite")


# MARK: Parts


def cost(effort: Effort) -> Table:
    """server CPU a request, all different, as boto3 sends them: access off, signed, journal in a file"""
    table = Table("What a request costs the server: 2,000 different requests of boto3, 20 rules, templated JSON, 64 connections", *COLUMNS)
    served = scenario("matched", rules=rules(20))
    rows = [
        ("`--auth off`, journal in memory", "1.3", [served, "--auth", "off"]),
        ("signed, journal in memory", "1.6", [served]),
        ("signed, journal in a file", "2.0", [served, "--journal", without_journal()]),
    ]
    compare(table, effort, traffic.signed(), rows)
    without_journal()
    return table


def tokens_cost(effort: Effort) -> Table:
    """the same with bearer tokens: a hundred users' tokens, and a new token for every call"""
    table = Table("The same with bearer tokens (RS256), as httpx sends them", *COLUMNS)
    issuer = tokens.Issuer()
    authorizer = {"jwt": {"discoveryUrl": issuer.discovery, "allowedClients": [tokens.CLIENT]}}
    served = scenario("bearer", auth=authorizer, rules=rules(20))
    users = issuer.make(0, 100)
    again = [traffic.written(number, users[number % 100]) for number in range(traffic.DISTINCT)]
    compare(table, effort, again, [("tokens of 100 users", "", [served])])
    new_tokens(table, effort, issuer, served)
    return table


def new_tokens(table: Table, effort: Effort, issuer: tokens.Issuer, served) -> None:
    """Every request once, each with a token that has not been seen."""
    what, count = "a new token for every call", 2_000 if effort.is_quick else 8_000
    rounds, first = Rounds(effort), 1_000
    with processes.Understudy(BINARY, served) as understudy:
        answer = load.sample(understudy.port, traffic.written(0, issuer.make(100, 2)[0]))
        with processes.Nginx(FOLDER, *answer) as nginx:
            for _ in range(effort.rounds):
                made = issuer.make(first, count)
                first += count
                requests = traffic.write(FOLDER / "requests", [traffic.written(n, token) for n, token in enumerate(made)])
                for name, server in (("nginx", nginx), (what, understudy)):
                    rounds.results.setdefault(name, []).append(load.measure(server, requests, 60, count=count))
    tell(table, rounds, what, "")


def frames(effort: Effort) -> Table:
    """an answer of five server-sent events, each written by itself"""
    table = Table("An answer of five server-sent events; nginx sends them as one body", *COLUMNS)
    served = scenario("streaming", rules=stream_rule(5, "0ms", "0ms"))
    requests = [traffic.written(number, Accept="text/event-stream") for number in range(traffic.DISTINCT)]
    compare(table, effort, requests, [("5 events, `--auth off`", "", [served, "--auth", "off"])])
    return table


def growth(effort: Effort) -> Table:
    """what a request costs with 1 to 10,000 rules of which the last one matches"""
    table = Table("Growth with rules, `--auth off`; the last rule matches", "rules", "CPU µs a request", "× one rule (lowest to highest)", "at most")
    counts = (1, 100, 1_000, 10_000)
    file = traffic.write(FOLDER / "requests", [traffic.written(number) for number in range(traffic.DISTINCT)])
    rounds = Rounds(effort)
    with contextlib.ExitStack() as running:
        for count in counts:
            served = scenario(f"rules-{count}", rules=rules(count))
            rounds.servers[count] = running.enter_context(processes.Understudy(BINARY, served, "--auth", "off"))
        rounds.run(file)
    for count in counts:
        most = "2" if count == 10_000 else ""
        table.add(f"{count:,}", f"{rounds.middle(count, 'cpu_microseconds'):.1f}", told(rounds.ratios(count, 1)), most)
    return table
