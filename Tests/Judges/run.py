"""`make judges`: programs that other people wrote, unmodified, against the built server.

Each lives with what it needs in a virtual environment, is served one scenario a protocol (the built-in one, a telephone
company's for streams in the events of Strands, a warehouse's MCP server, two travel agents that speak A2A) and says what it
saw; that and what the journal has of it have to be what was wanted, to the letter. The table goes into docs/clients.md. A program that cannot be installed fails the run, and so does
one that sees something else; `run.py PROGRAM…` has only these judge, and writes no table.
"""

from __future__ import annotations

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

from judges import JUDGES, Judge

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]
BINARY = os.path.abspath(os.environ.get("UNDERSTUDY_BIN", ".build/release/understudy"))
LIBRARIES = [ROOT / f"fixtures/scenarios/{name}.json" for name in ("telco", "warehouse", "travel", "built-in")]
DOCUMENT = ROOT / "docs/clients.md"
BEGIN, END = "<!-- made by make judges: begin -->", "<!-- made by make judges: end -->"
PATIENCE = 180


# MARK: What they live in


def python_of(venv: str) -> pathlib.Path:
    return HERE / ".venv" / venv / "bin/python"


def install(venv: str) -> str | None:
    """Nothing, or what went wrong. What is there as it was asked for stays."""
    wanted, kept = HERE / f"requirements/{venv}.txt", HERE / f".venv/{venv}/installed.txt"
    if kept.exists() and kept.read_text() == wanted.read_text():
        return None
    pip = [python_of(venv), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", wanted]
    for words in ([sys.executable, "-m", "venv", "--clear", HERE / ".venv" / venv], pip):
        ran = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if ran.returncode:
            return (ran.stderr.strip() or ran.stdout.strip() or "pip failed").splitlines()[-1]
    kept.write_text(wanted.read_text())
    return None


def version_of(judge: Judge) -> str:
    if judge.venv:
        code = f"import importlib.metadata; print(importlib.metadata.version({judge.program!r}))"
        words = [python_of(judge.venv), "-c", code]
    else:
        words = [judge.program, "--version"]
    told = subprocess.run(words, capture_output=True, text=True).stdout
    return (re.search(r"\d+(\.\d+)+", told) or [""])[0]


# MARK: What they are served


class Emulator:
    """The server with its libraries, on both ports, with an authority of its own."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}

    def __enter__(self) -> "Emulator":
        words = [BINARY, "serve", *LIBRARIES, "--port", "0", "--tls-port", "0", "--quiet"]
        log = self.folder / "server.log"
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log.open("w"), env=self.environment, text=True
        )
        ready = json.loads(self.process.stdout.readline() or sys.exit(f"judges: {log.read_text()}"))
        self.url, self.tls = ready["url"], ready["tls"].replace("127.0.0.1", "localhost")
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    @property
    def authority(self) -> str:
        return str(self.folder / "data/understudy/ca.pem")

    def control(self, path: str, body: dict | None = None) -> dict:
        asked = urllib.request.Request(f"{self.url}/_understudy/{path}", body and json.dumps(body).encode())
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)

    def since(self, number: int) -> list[dict]:
        calls = self.control("calls?limit=1000")["calls"]
        return sorted((call for call in calls if call["number"] > number), key=lambda call: call["number"])


# MARK: The run


def ask(judge: Judge, emulator: Emulator) -> str | None:
    """Nothing, or in what it differs from what was wanted."""
    before = max((call["number"] for call in emulator.since(0)), default=0)
    places = {
        "url": emulator.url, "ca": emulator.authority, "encoded": urllib.parse.quote(judge.agent, safe=""),
    }  # fmt: skip
    region = judge.agent.split(":")[3]
    environment = emulator.environment | {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": region, "AWS_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true", "AGENT": judge.agent, "EMULATOR": emulator.url, "EMULATOR_TLS": emulator.tls,
        "TOKEN": emulator.control("tokens", {"agent": judge.agent})["token"], "COLUMNS": "500",
    } | {name: value.format_map(places) for name, value in judge.environment.items()}  # fmt: skip
    interpreter = {".py": python_of(judge.venv or ""), ".mjs": "node", ".sh": "bash"}
    script, *words = judge.script
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [interpreter[pathlib.Path(script).suffix], HERE / "programs" / script, *(word.format_map(places) for word in words)],
            capture_output=True, text=True, timeout=PATIENCE, env=environment, cwd=folder, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    if ran.returncode:
        return f"it failed: {(ran.stderr.strip() or ran.stdout.strip()).splitlines()[-1:]}"
    seen = json.loads(ran.stdout.splitlines()[-1])
    if seen != judge.wants:
        return f"it saw {seen}"
    # MCP clients also ask for what an agent does not have, by GET and DELETE, when they like.
    arrived = [
        f"{call['operation']} {call['auth']['scheme']} {call['status']}" for call in emulator.since(before) if call["operation"]
    ]  # fmt: skip
    return None if sorted(arrived) == sorted(judge.arrives) else f"there arrived {arrived}"


def judged(judge: Judge, emulator: Emulator, absent: dict[str, str | None]) -> str:
    problem = absent.get(judge.venv or "")
    if problem:
        return f"could not be installed: {problem}"
    try:
        return ask(judge, emulator) or "as wanted"
    except (OSError, subprocess.SubprocessError, ValueError, LookupError) as error:
        return f"it failed: {type(error).__name__}: {error}"


def table(judges: list[Judge]) -> tuple[str, bool]:
    lines = ["| program | version | pointed here by | tried | result |", "| --- | --- | --- | --- | --- |"]
    venvs = sorted({judge.venv for judge in judges if judge.venv})
    with concurrent.futures.ThreadPoolExecutor(2) as workers:
        absent = dict(zip(venvs, workers.map(install, venvs)))
    good = True
    with tempfile.TemporaryDirectory() as folder, Emulator(pathlib.Path(folder)) as emulator:
        for judge in judges:
            result = judged(judge, emulator, absent)
            good = good and result == "as wanted"
            cells = [judge.program, version_of(judge), judge.pointed, judge.tried, result.replace("|", "\\|")]
            lines.append("| " + " | ".join(cells) + " |")
            print(lines[-1], flush=True)
    return "\n".join(lines), good


def main() -> int:
    names = sys.argv[1:]
    if unknown := set(names) - {judge.program for judge in JUDGES}:
        raise SystemExit(f"judges: no such program: {', '.join(sorted(unknown))}")
    text, good = table([judge for judge in JUDGES if not names or judge.program in names])
    if not names:
        document = DOCUMENT.read_text()
        pattern = re.compile(f"({re.escape(BEGIN)}\n).*?({re.escape(END)})", re.S)
        assert pattern.search(document), f"{DOCUMENT} lacks the marks {BEGIN}"
        DOCUMENT.write_text(pattern.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", document))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
