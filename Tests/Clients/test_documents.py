"""The commands of the documents as they are printed, one after the other in one shell, against the built program.

Each document begins with the built-in library being served, and the files that it shows are there under the names that it gives
them. Only the port is another one, so that the commands which leave it out are told where the server is.
"""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest
from understudy import BINARY, free_port

ROOT = pathlib.Path(__file__).parents[2]
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.S)

# `understudy` as the reader has it in the path. What serves does so in the background, once it is ready, instead of what served
# before; what only ends by SIGINT is left out.
SHELL = """
understudy() {
  case "$*" in
    serve*) serve "$@" ;;
    *--follow*) ;;
    fault*|clock*|space*) "$BINARY" "$@" --server "$URL" ;;
    verify*--journal*) "$BINARY" "$@" ;;
    verify*) "$BINARY" "$@" --server "$URL" ;;
    health) "$BINARY" health "$URL" ;;
    journal\\ --*) "$BINARY" journal "$URL" "${@:2}" ;;
    *) "$BINARY" "$@" ;;
  esac
}
serve() {
  stop
  coproc SERVER { exec "$BINARY" "$@" --port "$PORT" --quiet; }
  read -r ready <&"${SERVER[0]}"
}
stop() {
  if [ -n "${SERVER_PID:-}" ]; then kill "$SERVER_PID"; wait "$SERVER_PID" || true; fi
}
trap 'echo "$BASH_COMMAND" >>failed' ERR
set -E
serve serve
"""


def run(document: str, folder: pathlib.Path) -> tuple[str, list[str]]:
    """What its commands print, and those that failed."""
    text, port = (ROOT / document).read_text(), str(free_port())
    script = [SHELL]
    for fence in FENCE.finditer(text):
        kind, code = fence[1], fence[2].replace("8787", port)
        if kind == "jsonc" and code.startswith("{"):
            (folder / name_before(text[: fence.start()])).write_text(code)
        elif kind == "python":
            script.append(f"'{sys.executable}' - <<'PYTHON'\n{code}PYTHON\n")
        elif kind == "sql":
            script.append(f"sqlite3 library.sqlite <<'SQL'\n{code}SQL\n")
        elif kind == "sh" and not re.search("^(git|make) ", code, re.M):
            script.append(code)
    # Curl's meter for a person at a terminal would come in between what is read here.
    (folder / ".curlrc").write_text("silent\nshow-error\n")
    said = shell("\n".join([*script, "stop"]), folder, environment(port) | {"CURL_HOME": str(folder)})
    failed = folder / "failed"
    return said, failed.read_text().splitlines() if failed.exists() else []


def shell(script: str, folder: pathlib.Path, environment: dict[str, str]) -> str:
    with subprocess.Popen(
        ["bash", "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        cwd=folder, env=environment, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            return process.communicate(timeout=120)[0]
        except subprocess.TimeoutExpired:
            # With the server that it may have left.
            os.killpg(process.pid, signal.SIGKILL)
            raise


def name_before(text: str) -> str:
    """What the prose called the file last."""
    return re.findall(r"`(\w[\w-]*\.json)`", text)[-1]


def environment(port: str) -> dict[str, str]:
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    aws = {"AWS_ENDPOINT_URL_BEDROCK_AGENTCORE": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "test",
           "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}  # fmt: skip
    return os.environ | aws | {"BINARY": BINARY, "PORT": port, "URL": f"http://127.0.0.1:{port}", "PATH": path}


def test_the_readme(tmp_path):
    said, failed = run("README.md", tmp_path)
    assert failed == [], said
    assert "{'response': {'role': 'assistant', 'content': [{'text': 'Hello'}]}}" in said
    assert 'data: {"data": "Hel"}\n\ndata: {"data": "lo"}' in said
    assert "disarmed 2 faults" in said
    assert "Ineffectual token, will expire within the next minute" in said
    assert '"count":1,"inFlight":0' in said


def test_the_page_on_neighbours(tmp_path):
    said, failed = run("docs/neighbours.md", tmp_path)
    assert failed == [], said
    assert "arn:aws:iam::123456789012:user/test" in said and "not-for-the-log" in said
    assert said.count("[runtime-logs] ") >= 1


def test_the_page_on_tls(tmp_path):
    said, failed = run("docs/tls.md", tmp_path)
    assert failed == [], said


def test_the_page_on_looking(tmp_path):
    said, failed = run("docs/dashboard.md", tmp_path)
    assert failed == [], said
    assert ": ok" in said and "understudy_build_info" in said


def test_the_page_on_scenarios(tmp_path):
    (tmp_path / "my-scenario.json").write_text(next(FENCE.finditer(sample("README.md")))[2])
    said, failed = run("docs/scenarios.md", tmp_path)
    assert failed == [], said
    assert "Medium rare" in said


def test_the_page_on_faults(tmp_path):
    said, failed = run("docs/faults.md", tmp_path)
    # The one that is reset in the middle, as the page says.
    assert len(failed) == 1 and "X-Understudy-Fault: reset" in failed[0], said
    assert '"Grüße"' in said


def test_the_plan_that_the_page_on_faults_shows(tmp_path):
    text = sample("docs/faults.md")
    scenario = next(fence[2] for fence in FENCE.finditer(text) if fence[1] == "jsonc")
    (tmp_path / "my-faults.json").write_text(scenario)
    shown = next(fence[2] for fence in FENCE.finditer(text) if fence[2].startswith("$ understudy plan"))
    words, printed = shown.removeprefix("$ understudy ").split("\n", 1)
    assert subprocess.run([BINARY, *words.split()], capture_output=True, text=True, cwd=tmp_path).stdout == printed


def test_the_page_on_recordings(tmp_path):
    said, failed = run("docs/recordings.md", tmp_path)
    assert failed == [], said
    assert 'data: {"dish": "Nigiri"}' in said and "bytes equal, frames equal" in said and "nothing differs" in said


@pytest.mark.parametrize("document", ["docs/control-api.md", "docs/clients.md", "docs/verdicts.md"])
def test_the_page(document, tmp_path):
    said, failed = run(document, tmp_path)
    assert failed == [], said


def sample(document: str) -> str:
    """From its first scenario on."""
    text = (ROOT / document).read_text()
    return text[text.index("```jsonc") :]
