"""The command line: what it prints, what it leaves behind, and how it ends."""

import contextlib
import json
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess

import httpx
import pytest

from clients import headers, invocations
from understudy import BINARY, Server, run
from world import KEY, OPEN, SIGNED, scenario


def test_one_ready_line_and_the_same_in_the_file(tmp_path):
    with Server(tmp_path) as server:
        assert set(server.ready) == {"url", "tls", "pid", "seed", "version", "dashboard"}
        assert server.ready["pid"] == server.process.pid
        assert server.ready["tls"] is None
        assert json.loads(server.ready_file.read_text()) == server.ready
        assert httpx.get(f"{server.control}/health").json()["status"] == "ok"
        assert server.stop() == 0
        assert server.process.stdout.read() == ""


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly(tmp_path, by):
    with Server(tmp_path) as server:
        assert server.stop(by) == 0
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.control}/health")


def test_a_port_in_use_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = run("serve", "--port", port)
    assert ran.returncode == 2
    assert str(port) in ran.stderr
    assert ran.stdout == ""


def test_auth_off_asks_for_nothing(tmp_path):
    library = tmp_path / "world.json"
    library.write_text(json.dumps(scenario(1)))
    with Server(tmp_path, library, "--auth", "off") as server:
        answer = httpx.post(invocations(server.url, SIGNED), json={"mirror": 1}, headers=headers())
        assert (answer.status_code, answer.json()) == (200, {"mirror": 1})


def test_check_says_that_a_good_file_is_good(tmp_path):
    library = tmp_path / "world.json"
    library.write_text(json.dumps(scenario(1)))
    assert run("check", library).returncode == 0


@pytest.mark.parametrize(
    "text, place, word",
    [
        ('{\n  "understudy": 1,\n  "agentz": []\n}\n', ":3:", "agentz"),
        ('{\n  "understudy": 1,\n  "rules": [{"reply": {"json": }}]\n}\n', ":3:", ""),
        ('{"understudy": 99}\n', ":1:", "99"),
        ('{"understudy": 1, "rules": [{"reply": {"stream": {"every": "soon", "events": []}}}]}\n', ":1:", "soon"),
        ("", ":1:", ""),
    ],
)
def test_check_says_what_is_wrong_and_where(tmp_path, text, place, word):
    library = tmp_path / "bad.json"
    library.write_text(text)
    ran = run("check", library)
    assert ran.returncode == 2
    assert f"bad.json{place}" in ran.stderr
    assert word in ran.stderr
    assert run("serve", "--port", 0, library).returncode == 2


def test_check_finds_every_mistake(tmp_path):
    library = tmp_path / "bad.json"
    library.write_text('{"understudy": 1,\n "agentz": [],\n "rulez": []}\n')
    ran = run("check", library)
    assert ":2:" in ran.stderr and ":3:" in ran.stderr


def test_a_scenario_survives_the_library(tmp_path):
    written = tmp_path / "world.json"
    written.write_text(json.dumps(scenario(8787)))
    library = tmp_path / "world.sqlite"
    loaded = run("load", written, "--into", library)
    assert loaded.returncode == 0, loaded.stderr
    exported = run("export", library)
    assert exported.returncode == 0, exported.stderr
    assert json.loads(exported.stdout) == scenario(8787)
    again = tmp_path / "again.json"
    again.write_text(exported.stdout)
    assert run("check", again, library).returncode == 0


def test_a_library_is_served(tmp_path):
    (tmp_path / "world.json").write_text(json.dumps(scenario(1)))
    run("load", tmp_path / "world.json", "--into", tmp_path / "world.sqlite")
    with Server(tmp_path, tmp_path / "world.sqlite") as server:
        answer = httpx.post(invocations(server.url, OPEN), json={"prompt": "sushi"}, headers=headers())
        assert answer.json()["answer"] == "You said sushi"


def test_a_library_is_edited_with_the_sql_of_the_documents(tmp_path):
    root = pathlib.Path(__file__).parents[2]
    readme, scenarios = (root / "README.md").read_text(), (root / "docs" / "scenarios.md").read_text()
    example = json.loads(re.search("```jsonc\n(.*?)```", readme, re.S)[1])
    example["agents"][0]["auth"] = "none"
    (tmp_path / "example.json").write_text(json.dumps(example))
    library = tmp_path / "library.sqlite"
    assert run("load", tmp_path / "example.json", "--into", library).returncode == 0
    with contextlib.closing(sqlite3.connect(library)) as database:
        database.executescript(re.search("```sql\n(.*?)```", scenarios, re.S)[1])
    assert run("check", library).returncode == 0
    with Server(tmp_path, library) as server:
        url = invocations(server.url, OPEN)
        assert httpx.post(url, json={"prompt": "steak, please"}, headers=headers()).json() == {"answer": "Medium rare"}
        assert httpx.post(url, json={"prompt": "sushi"}, headers=headers()).status_code == 503
        assert httpx.post(url, json={"prompt": "?"}, headers=headers()).text == 'data: {"data": "Hel"}\n\ndata: {"data": "lo"}\n\n'


def test_what_is_no_library_is_refused_and_left_alone(tmp_path):
    stranger = tmp_path / "stranger.sqlite"
    stranger.write_bytes(b"not a database at all" * 100)
    ran = run("serve", "--port", 0, stranger)
    assert ran.returncode == 2
    assert "stranger.sqlite" in ran.stderr
    assert stranger.read_bytes() == b"not a database at all" * 100


@pytest.mark.parametrize("command", ["serve", "load", "export", "check", "token", "journal"])
def test_help_everywhere(command):
    ran = run(command, "--help")
    assert ran.returncode == 0
    assert command in ran.stdout


@pytest.mark.parametrize(
    "words, named",
    [
        ("frobnicate", "frobnicate"),
        ("serve --port many", "many"),
        ("serve --port 70000", "70000"),
        ("serve --auth perhaps", "perhaps"),
        ("serve no-such-file.json", "no-such-file.json"),
        ("serve --wat", "--wat"),
        ("load no-such-file.json --into x.sqlite", "no-such-file.json"),
        ("load", "--into"),
        ("export no-such-file.sqlite", "no-such-file.sqlite"),
        ("check", "check"),
        ("check no-such-file.json", "no-such-file.json"),
        ("token --expires-in soon", "soon"),
        ("journal no-such-file.sqlite", "no-such-file.sqlite"),
    ],
)
def test_wrong_usage_is_exit_2_and_names_the_offender(tmp_path, words, named):
    ran = run(*words.split(), cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert named in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("reader", ["", "| true", "| head -1", ">&-", ">&- 2>&-"])
def test_a_failed_verdict_holds_whether_or_not_anybody_reads_it(tmp_path, reader):
    (tmp_path / "e.json").write_text(json.dumps({"expect": [{"name": "a call", "calls": {"count": 1}}]}))
    with Server(tmp_path) as server:
        line = f'"{BINARY}" verify e.json --server {server.url} {reader}; exit ${{PIPESTATUS[0]}}'
        ran = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, timeout=60)
        assert ran.returncode == 1
        quiet = subprocess.run(["bash", "-c", f'"{BINARY}" health {server.url} {reader}; exit ${{PIPESTATUS[0]}}'], timeout=60)
        assert quiet.returncode == 0


def test_a_token_on_the_command_line(tmp_path):
    ran = run("token", "--expires-in", "45s", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count(".") == 2
    assert ran.stdout.endswith("\n")
    assert KEY not in ran.stdout


@pytest.mark.parametrize(
    "words, offered",
    [
        ("understudy jour", {"journal"}),
        ("understudy serve --journal-l", {"--journal-limit"}),
        ("understudy serve --auth s", {"strict"}),
        ("understudy completions --h", {"--help"}),
    ],
)
def test_bash_completes_what_is_typed(words, offered):
    script = run("completions", "bash").stdout
    asked = f"{script}\nCOMP_WORDS=({words}); COMP_CWORD={len(words.split()) - 1}; _understudy; printf '%s\\n' ${{COMPREPLY[@]}}"
    shell = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, timeout=30)
    assert set(shell.stdout.split()) == offered, shell.stderr
