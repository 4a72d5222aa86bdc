"""The fixture against a real server: what a project that installs the package would write."""

from __future__ import annotations

import datetime
import json
import pathlib
import urllib.request

import pytest

from pytest_understudy import DidNotStart, Refused, ServerProcess, Space

AGENT = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/helper-AbCdEf1234"


def invoke(space: Space, prompt: str = "Hello"):
    return space.client("bedrock-agentcore").invoke_agent_runtime(
        agentRuntimeArn=AGENT, payload=json.dumps({"prompt": prompt}).encode()
    )


def test_a_client_of_the_space_is_answered_and_in_its_journal(understudy: Space):
    answer = json.loads(invoke(understudy)["response"].read())
    assert "Hello" in json.dumps(answer)
    assert [call["operation"] for call in understudy.calls()] == ["InvokeAgentRuntime"]


def test_no_test_sees_the_calls_of_another(understudy: Space):
    assert understudy.calls() == []


def test_a_fault_strikes_the_calls_it_names(understudy: Space):
    understudy.fault("error", on={"calls": "1"}, status=503)
    assert json.loads(invoke(understudy)["response"].read())  # boto3 asks again
    assert [call["status"] for call in understudy.calls()] == [503, 200]


def test_a_fault_ends_with_its_context(understudy: Space):
    with understudy.fault("error", status=503) as fault:
        assert fault.name in json.dumps(understudy.ask("GET", "faults"))
    assert fault.name not in json.dumps(understudy.ask("GET", "faults"))


def test_a_fault_that_does_not_exist_is_refused_with_what_is_wrong(understudy: Space):
    with pytest.raises(Refused, match="explode") as refused:
        understudy.fault("explode")
    assert refused.value.status == 400


def test_the_clock_moves_without_waiting(understudy: Space):
    before = understudy.clock.get()["now"]
    understudy.clock.advance(datetime.timedelta(minutes=59))
    assert understudy.clock.get()["now"] > before
    understudy.clock.set(datetime.datetime(2031, 2, 3, 4, 5, 6))
    understudy.clock.freeze()
    assert understudy.clock.get()["now"].startswith("2031-02-03T04:05:0")


def test_a_token_of_the_issuer_lets_a_bearer_caller_in(understudy: Space):
    request = urllib.request.Request(
        f"{understudy.url}/runtimes/helper-AbCdEf1234/invocations?accountId=123456789012",
        data=b'{"prompt": "Hello"}',
        headers={"Authorization": f"Bearer {understudy.token()}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.status == 200


def test_waiting_ends_when_the_calls_have(understudy: Space):
    invoke(understudy)["response"].read()
    assert understudy.wait(1, within="5s")


def test_libraries_of_the_ini_file_are_served_unless_a_marker_names_others(pytester: pytest.Pytester):
    _project(pytester)
    pytester.makeini("[pytest]\nunderstudy_libraries = usual.json")
    pytester.makepyfile(
        """
        import pytest, json, urllib.request

        def rules(space):
            return [rule["name"] for rule in space.ask("GET", "scenario")["rules"]]

        def test_usual(understudy):
            assert rules(understudy) == ["usual"]

        @pytest.mark.understudy("other.json", speed="10")
        def test_other(understudy):
            assert rules(understudy) == ["other"]
        """
    )
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=2)


def test_a_failed_test_prints_its_journal_and_the_seed(pytester: pytest.Pytester):
    pytester.makepyfile(
        """
        import urllib.request, urllib.error, pytest

        def test_fails(understudy):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(understudy.url + "/nowhere-at-all")
            assert False
        """
    )
    result = pytester.runpytest_subprocess("-q")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*- Understudy -*", "seed * 1 calls", "*/nowhere-at-all*404*"])


def test_a_failed_test_prints_why_a_caller_was_refused(pytester: pytest.Pytester):
    pytester.makepyfile(
        f"""
        def test_fails(understudy):
            agent = understudy.client("bedrock-agentcore", aws_access_key_id="AKIDSTRANGER")
            agent.invoke_agent_runtime(agentRuntimeArn={AGENT!r}, payload=b"{{}}")
        """
    )
    result = pytester.runpytest_subprocess("-q")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*- Understudy -*", "*InvokeAgentRuntime*403*no credential*AKIDSTRANGER*"])


def test_the_workers_of_a_run_share_one_server(pytester: pytest.Pytester):
    pytest.importorskip("xdist")
    pytester.makepyfile(
        """
        import pathlib, pytest

        @pytest.mark.parametrize("number", range(8))
        def test_notes(understudy, number):
            with (pathlib.Path(__file__).parent / "pids").open("a") as file:
                file.write(f"{understudy.server.pid}\\n")
            assert understudy.calls() == []
        """
    )
    pytester.runpytest_subprocess("-q", "-n", "2").assert_outcomes(passed=8)
    pids = set((pytester.path / "pids").read_text().split())
    assert len(pids) == 1
    # And it ended with the run.
    assert not pathlib.Path(f"/proc/{pids.pop()}/exe").exists()


def test_a_scenario_with_a_mistake_fails_the_test_with_its_place(pytester: pytest.Pytester):
    (pytester.path / "broken.json").write_text('{"understudy": 1, "rulez": []}')
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.understudy("broken.json")
        def test_any(understudy):
            pass
        """
    )
    result = pytester.runpytest_subprocess("-q")
    result.stdout.fnmatch_lines(["*did not start*", "*broken.json*rulez*"])


def test_a_binary_that_is_none_is_said(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UNDERSTUDY_BIN", str(pytester.path / "nothing"))
    pytester.makepyfile("def test_any(understudy): pass")
    pytester.runpytest_subprocess("-q").stdout.fnmatch_lines(["*UNDERSTUDY_BIN names*"])


def _project(pytester: pytest.Pytester) -> None:
    for name in ("usual", "other"):
        rule = {"name": name, "reply": {"text": name}}
        (pytester.path / f"{name}.json").write_text(json.dumps({"understudy": 1, "rules": [rule]}))


def test_a_server_of_its_own_is_started_stopped_and_started_again(tmp_path: pathlib.Path):
    with ServerProcess(tmp_path, "--auth", "off", "--quiet") as server:
        port = int(server.url.rsplit(":", 1)[1])
        assert server.ready["pid"] == server.process.pid
        assert server.stop() == 0
    with ServerProcess(tmp_path, "--auth", "off", "--quiet", port=port) as server:
        with urllib.request.urlopen(f"{server.url}/_understudy/health", timeout=10) as health:
            assert health.status == 200
    assert server.process.returncode == 0


def test_a_server_that_does_not_start_says_why(tmp_path: pathlib.Path):
    with pytest.raises(DidNotStart, match="no-such-file.json"):
        ServerProcess(tmp_path, "no-such-file.json").start()
