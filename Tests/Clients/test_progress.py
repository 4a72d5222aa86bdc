"""How far long work is: one line on a terminal, nothing elsewhere."""

import json
import os
import pty
import subprocess
import threading

import httpx
import pytest

from understudy import BINARY, Server

AGENT = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/busy_agent-ABCDEFGHIJ"


def recorded(number):
    request = {"json": {"prompt": f"call {number}, for anna@example.com"}}
    reply = {"status": 200, "at": "1ms", "json": {"answer": number}, "ended": "2ms"}
    return {"agent": AGENT, "qualifier": "DEFAULT", "operation": "InvokeAgentRuntime", "request": request, "reply": reply}


@pytest.fixture
def folder(tmp_path):
    """A scenario of recorded calls, a recording made of it, and a journal."""
    calls = {"understudy": 1, "agents": [{"arn": AGENT, "auth": "none"}], "recorded": [recorded(n) for n in range(20)]}
    (tmp_path / "calls.json").write_text(json.dumps(calls))
    (tmp_path / "none.json").write_text('{"expect": [{"name": "some", "calls": {"count": {"min": 1}}}]}')
    subprocess.run([BINARY, "load", "calls.json", "--into", "calls.sqlite"], cwd=tmp_path, check=True, capture_output=True)
    with Server(tmp_path, "--journal", tmp_path / "journal.sqlite", "--auth", "off") as server:
        httpx.post(f"{server.url}/runtimes/busy_agent-ABCDEFGHIJ/invocations?accountId=123456789012", json={})
    return tmp_path


COMMANDS = {
    "load": (["load", "calls.json", "--into", "new.sqlite"], ["reading calls.json", "writing new.sqlite"]),
    "redact": (["redact", "calls.sqlite", "--redact", "email"], ["redacting calls.sqlite", "looking for what is left"]),
    "fidelity": (["fidelity", "calls.sqlite"], ["replaying calls.sqlite"]),
    "diff": (["diff", "calls.sqlite", "calls.json"], ["comparing calls.sqlite with calls.json"]),
    "verify": (["verify", "none.json", "--journal", "journal.sqlite"], ["judging journal.sqlite"]),
}


def on_a_terminal(words, folder):
    """The exit code, standard output, and what the terminal of standard error was sent."""
    terminal, other = pty.openpty()
    process = subprocess.Popen([BINARY, *words], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=other)
    os.close(other)
    shown = bytearray()

    def read():
        try:
            while piece := os.read(terminal, 65_536):
                shown.extend(piece)
        except OSError:
            pass  # The other end is closed.

    reader = threading.Thread(target=read)
    reader.start()
    said = process.stdout.read()
    code = process.wait(timeout=60)
    reader.join(timeout=60)
    os.close(terminal)
    return code, said.decode(), bytes(shown).decode()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_terminal_is_told_how_far_it_is_and_left_clean(folder, name):
    words, lines = COMMANDS[name]
    code, said, shown = on_a_terminal(words, folder)
    assert code == 0, said + shown
    for line in lines:
        assert f"\r{line}" in shown
    assert "\n" not in shown and shown.endswith("\r\x1b[K")
    assert "\r" not in said and said


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_told_where_nobody_looks(folder, name):
    ran = subprocess.run([BINARY, *COMMANDS[name][0]], cwd=folder, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0 and ran.stderr == ""


def test_a_complaint_stands_on_a_line_of_its_own(folder):
    (folder / "broken.json").write_text('{"understudy": 1, "rulez": []}')
    code, _, shown = on_a_terminal(["load", "broken.json", "--into", "new.sqlite"], folder)
    assert code == 2
    progress, complaint = shown.split("\r\x1b[K")
    assert progress.startswith("\rreading broken.json") and complaint.startswith("broken.json:") and "rulez" in complaint
