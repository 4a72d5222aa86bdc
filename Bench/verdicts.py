"""What a verdict over a long journal costs."""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import time

import load
import processes
import traffic
from scenes import BINARY, FOLDER, Effort, Table, rules, scenario

EXPECTATIONS = {
    "expect": [
        {"breaker": {"opensAfter": 5, "openFor": "30s"}},
        {"backoff": {"policy": "botocore-standard"}},
        {"amplification": {"max": 1.2}},
        {"calls": {"count": {"min": 1}}},
        {"idempotence": {"repeats": 0}},
        {"sessions": {"missing": 0}},
        {"tokenRefresh": {}},
        {"stream": {"after": "cut", "does": "retry"}},
    ]
}

# What makes of a journal of boto3's calls one many times as long: each copy later, with invocations and payloads of its own
# and sessions that come back after a thousand calls, as those of a service with many users do; a thousand calls a second.
COPIED = {
    "id": "id + :copy * :count",
    "arrived": "arrived + :copy * :span",
    "clock": "clock + :copy * :span",
    "ended_clock": "ended_clock + :copy * :span",
    "session": "substr(session, 1, 25) || (id % 1000)",
    "request_headers": "replace(request_headers, 'amz-sdk-invocation-id: ', 'amz-sdk-invocation-id: ' || :copy || '-')",
    "request_body": "CAST(replace(CAST(request_body AS TEXT), 'call ', 'call ' || :copy || '-') AS BLOB)",
}


def lengthen(journal, copies: int) -> None:
    with sqlite3.connect(journal) as library:
        columns = [row[1] for row in library.execute("PRAGMA table_info(calls)")]
        (count,) = library.execute("SELECT count(*) FROM calls").fetchone()
        made = ", ".join(COPIED.get(column, column) for column in columns)
        library.execute(f"CREATE TEMP TABLE made AS SELECT * FROM calls")
        for copy in range(1, copies):
            library.execute(
                f"INSERT INTO calls ({', '.join(columns)}) SELECT {made} FROM made",
                {"copy": copy, "count": count, "span": count * 1_000_000},
            )


def verdicts(effort: Effort) -> Table:
    """A journal of a million calls before eight expectations"""
    copies = 50 if effort.is_quick else 500
    table = Table(
        f"`understudy verify` over a journal file of {copies * traffic.DISTINCT:,} calls, eight expectations",
        "what", "s", "greatest size", "at most",
    )  # fmt: skip
    journal, asked = FOLDER / "verdicts.sqlite", FOLDER / "expectations.json"
    for file in FOLDER.glob("verdicts.sqlite*"):
        file.unlink()
    asked.write_text(json.dumps(EXPECTATIONS))
    requests = traffic.write(FOLDER / "requests", traffic.signed(traffic.DISTINCT))
    with processes.Understudy(BINARY, scenario("judged", rules=rules(20)), "--journal", str(journal)) as server:
        load.measure(server, requests, 60, count=traffic.DISTINCT)
    lengthen(journal, copies)
    began = time.monotonic()
    ran = subprocess.run([BINARY, "verify", asked, "--journal", journal, "--json"], capture_output=True, text=True, timeout=600)
    took = time.monotonic() - began
    if ran.returncode not in (0, 1, 3):
        raise SystemExit(f"verify failed: {ran.stderr}")
    size = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    table.add("judged from the file", f"{took:.1f}", f"{size / 1e6:.0f} MB", "5 s")
    return table
