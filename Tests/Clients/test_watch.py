"""A scenario that is edited while it is served with `--watch`."""

from __future__ import annotations

import json
import os

import httpx
import pytest

from understudy import Server, run, until
from world import arn

AGENT = arn("watched_agent-ABCDEFGHIJ")


def scenario(answer: object) -> str:
    rule = {"name": "answer", "reply": {"json": {"answer": answer}}}
    return json.dumps({"understudy": 1, "agents": [{"arn": AGENT, "auth": "none"}], "rules": [rule]})


def answer(server: Server) -> object:
    path = AGENT.replace(":", "%3A").replace("/", "%2F")
    return httpx.post(f"{server.url}/runtimes/{path}/invocations", json={}).raise_for_status().json()["answer"]


def renamed(file, text: str) -> None:
    """As most editors save."""
    draft = file.with_suffix(".draft")
    draft.write_text(text)
    os.replace(draft, file)


@pytest.mark.parametrize("save", [lambda file, text: file.write_text(text), renamed], ids=["written", "renamed"])
def test_an_edited_file_is_served_from_then_on(tmp_path, save):
    file = tmp_path / "a.json"
    file.write_text(scenario("before"))
    with Server(tmp_path, file, "--watch") as server:
        assert answer(server) == "before"
        save(file, scenario("after"))
        until(lambda: answer(server) == "after")
        # Going back to the library goes back to this one.
        assert httpx.delete(f"{server.control}/scenario").json()["rules"][0]["reply"]["json"] == {"answer": "after"}
    assert "took the edited library: 1 agent, 1 rule" in server.log.read_text()


def test_a_broken_edit_is_said_and_what_was_served_stays(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(scenario("before"))
    with Server(tmp_path, file, "--watch") as server:
        file.write_text('{"understudy": 1,\n "rulse": []}')
        until(lambda: "what was served before is served still" in server.log.read_text())
        said = server.log.read_text()
        assert "a.json:2:2: " in said and '"rulse" is not known here; did you mean "rules"?' in said
        assert answer(server) == "before"
        file.unlink()
        until(lambda: "No such file" in server.log.read_text())
        assert answer(server) == "before"
        file.write_text(scenario("mended"))
        until(lambda: answer(server) == "mended")


def test_a_file_that_a_reply_names_is_looked_after_too(tmp_path):
    (tmp_path / "said.json").write_text('{"answer": 1}')
    rule = {"reply": {"file": "said.json", "contentType": "application/json"}}
    (tmp_path / "a.json").write_text(
        json.dumps({"understudy": 1, "agents": [{"arn": AGENT, "auth": "none"}], "rules": [rule]}))
    with Server(tmp_path, tmp_path / "a.json", "--watch") as server:
        assert answer(server) == 1
        (tmp_path / "said.json").write_text('{"answer": 2}')
        until(lambda: answer(server) == 2)


def test_without_a_library_there_is_nothing_to_watch():
    ran = run("serve", "--watch")
    assert ran.returncode == 2 and "--watch looks after libraries, and none is named" in ran.stderr
