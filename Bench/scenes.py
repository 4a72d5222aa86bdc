"""What the bench serves, and how it tells what it found."""

from __future__ import annotations

import contextlib
import json
import pathlib
import subprocess

import load

FOLDER = pathlib.Path(".build/bench").absolute()
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


class Table:
    """Rows as they come, on the terminal and in a Markdown file."""

    def __init__(self, title: str, *columns: str):
        self.title, self.columns, self.rows, self.failed = title, columns, [], False

    def add(self, *cells: str) -> None:
        self.rows.append(cells)
        print("  " + " | ".join(cells), flush=True)

    @contextlib.contextmanager
    def row(self, what: str):
        """What cannot be measured is said, and the rest goes on."""
        try:
            yield
        except (SystemExit, OSError, subprocess.SubprocessError) as problem:
            self.failed = True
            self.add(what, f"could not be measured: {problem}", *[""] * (len(self.columns) - 2))

    def markdown(self) -> str:
        lines = ["| " + " | ".join(row) + " |" for row in [self.columns, ["---"] * len(self.columns), *self.rows]]
        return f"**{self.title}**\n\n" + "\n".join(lines) + "\n"


# --- The scenarios -----------------------------------------------------------------------------------------------------------


def rules(count: int) -> list[dict]:
    """`count` rules of which the last one matches."""
    missed = [
        {"name": f"rule {n}", "when": {"payload": [{"path": "$.prompt", "contains": f"word-{n}-nobody-says"}]},
         "reply": {"json": {"n": n}}}
        for n in range(count - 1)
    ]  # fmt: skip
    answer = {"response": {"role": "assistant", "content": [{"text": "You said {{payload.prompt}}"}]}}
    return missed + [
        {"name": "sushi", "when": {"payload": [{"path": "$.prompt", "contains": "sushi"}]}, "reply": {"json": answer}}
    ]


def scenario(name: str, *, auth: object = "any", rules: list[dict], faults: list[dict] = []) -> pathlib.Path:
    file = FOLDER / f"{name}.json"
    text = {
        "understudy": 1,
        "agents": [{"arn": load.ARN, "auth": auth}],
        "credentials": [{"accessKeyId": KEY, "secretAccessKey": SECRET}],
        "rules": rules,
        "faults": faults,
    }
    file.write_text(json.dumps(text, indent=1))
    return file


def stream_rule(frames: int, every: str, first: str) -> list[dict]:
    events = [{"data": {"n": n}} for n in range(frames)]
    return [{"name": "stream", "reply": {"stream": {"firstAfter": first, "every": every, "events": events}}}]
