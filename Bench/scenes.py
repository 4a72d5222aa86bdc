"""What the bench serves, how much effort it makes, and how it tells what it found."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import subprocess

import traffic

FOLDER = pathlib.Path(".build/bench").absolute()
BINARY = os.environ.get("UNDERSTUDY_BIN", ".build/release/understudy")
STATIC = pathlib.Path(".build/static/understudy")


@dataclasses.dataclass
class Effort:
    rounds: int = 5
    seconds: float = 2
    is_quick: bool = False


class Table:
    """Rows as they come, on the terminal and in a Markdown file."""

    def __init__(self, title: str, *columns: str):
        self.title, self.columns, self.rows = title, columns, []
        print(f"\n{title}\n  {' | '.join(columns)}", flush=True)

    def add(self, *cells: str) -> None:
        self.rows.append(cells)
        print("  " + " | ".join(cells), flush=True)

    def markdown(self) -> str:
        lines = ["| " + " | ".join(row) + " |" for row in [self.columns, ["---"] * len(self.columns), *self.rows]]
        return f"**{self.title}**\n\n" + "\n".join(lines) + "\n"


# MARK: Scenarios


def rules(count: int) -> list[dict]:
    """`count` rules of which the last one matches, with a template for an answer."""
    missed = [
        {"name": f"rule {n}", "when": {"payload": [{"path": "$.prompt", "contains": f"word-{n}-nobody-says"}]},
         "reply": {"json": {"n": n}}}
        for n in range(count - 1)
    ]  # fmt: skip
    answer = {"response": {"role": "assistant", "content": [{"text": "You said {{payload.prompt}}"}]}}
    return missed + [
        {"name": "sushi", "when": {"payload": [{"path": "$.prompt", "contains": "sushi"}]}, "reply": {"json": answer}}
    ]


def stream_rule(frames: int, every: str, first: str) -> list[dict]:
    events = [{"data": {"n": n}} for n in range(frames)]
    return [{"name": "stream", "reply": {"stream": {"firstAfter": first, "every": every, "events": events}}}]


def scenario(name: str, *, auth: object = "any", rules: list[dict], faults: list[dict] = []) -> pathlib.Path:
    file = FOLDER / f"{name}.json"
    text = {
        "understudy": 1,
        "agents": [{"arn": traffic.ARN, "auth": auth}],
        "credentials": [{"accessKeyId": traffic.KEY, "secretAccessKey": traffic.SECRET}],
        "rules": rules,
        "faults": faults,
    }
    file.write_text(json.dumps(text, indent=1))
    return file


def library(name: str, rules: list[dict]) -> pathlib.Path:
    """The same as an SQLite library."""
    file = FOLDER / f"{name}.sqlite"
    file.unlink(missing_ok=True)
    subprocess.run([BINARY, "load", scenario(name, rules=rules), "--into", file], check=True, stdout=subprocess.DEVNULL)
    return file
