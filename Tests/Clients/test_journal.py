"""The journal: every call is in it, no secret is."""

import json
import re
import urllib.parse

import httpx
from botocore.credentials import Credentials

from clients import bearer, headers, invocations, presigned, send, signed
from understudy import Server, free_port, run
from world import ANNA, OPEN, SECRET, SESSION, SIGNED, TEMPORARY, TOKEN, UNKNOWN, scenario

SUSHI = b'{"prompt":"sushi"}'


def test_refused_calls_are_there_too(server):
    httpx.post(invocations(server.url, UNKNOWN), content=SUSHI, headers=headers())
    call = server.last_call()
    assert call["status"] in (403, 404)
    assert call["outcome"] in ("completed", "refused")
    httpx.get(f"{server.url}/wrong/door")
    assert server.last_call()["request"]["path"] == "/wrong/door"


def test_no_secret_reaches_it(server):
    keys = Credentials(TEMPORARY["accessKeyId"], TEMPORARY["secretAccessKey"], TEMPORARY["sessionToken"])
    by_header = signed(invocations(server.url, SIGNED), SUSHI, headers(), credentials=keys)
    assert send(by_header).status_code == 200
    by_query = presigned(invocations(server.url, SIGNED), {}, credentials=keys)
    httpx.post(by_query)
    token = server.token(agent=TOKEN, claims={"client_id": ANNA["clientId"]})
    cookie = "flavour=umami-secret"
    assert httpx.post(invocations(server.url, TOKEN), content=SUSHI, headers=bearer(token, Cookie=cookie)).status_code == 200
    text = server.journal_text()
    assert SESSION in text
    secrets = [SECRET, TEMPORARY["secretAccessKey"], TEMPORARY["sessionToken"], token, token.split(".")[2], "umami-secret"]
    secrets += [urllib.parse.quote(TEMPORARY["sessionToken"], safe="")]
    secrets += re.findall("Signature=([0-9a-f]{64})", by_header.headers["Authorization"] + by_query)
    assert len(secrets) == 9
    assert [secret for secret in secrets if secret in text] == []


def test_a_stream_tells_when_its_frames_were_due_and_sent(server):
    httpx.post(invocations(server.url, OPEN), content=b'{"prompt":"stream"}', headers=headers())
    call = server.last_call(agent=OPEN)
    assert call["outcome"] == "completed"
    assert len(call["frames"]) == 4
    assert all(frame["sent"] >= frame["due"] and frame["bytes"] > 0 for frame in call["frames"])
    assert call["ended"] >= call["firstByte"] >= 0


def test_one_call_by_its_number(server):
    last = server.last_call()
    assert httpx.get(f"{server.control}/calls/{last['number']}").json()["number"] == last["number"]
    assert httpx.get(f"{server.control}/calls/999999999").status_code == 404


def test_calls_can_be_asked_for(server):
    httpx.post(invocations(server.url, OPEN), content=SUSHI, headers=headers(f"asked-for-{'x' * 40}"))
    assert [call["agent"] for call in server.calls(session=f"asked-for-{'x' * 40}")] == [OPEN]
    assert all(call["status"] == 403 for call in server.calls(status=403))
    assert len(server.calls(limit=2)) == 2


def test_a_journal_file_outlives_the_server(tmp_path):
    port = free_port()
    library = tmp_path / "world.json"
    library.write_text(json.dumps(scenario(port)))
    journal = tmp_path / "journal.sqlite"
    with Server(tmp_path, library, "--journal", journal, port=port) as server:
        for number in range(20):
            httpx.post(invocations(server.url, OPEN), json={"mirror": number}, headers=headers(f"file-{number:040}"))
        httpx.post(invocations(server.url, SIGNED), content=SUSHI, headers=headers())
        by_url = run("journal", server.url, "--json")
        assert by_url.returncode == 0, by_url.stderr
        assert len(by_url.stdout.splitlines()) == 21
        assert server.stop() == 0
    by_file = run("journal", journal, "--json")
    assert by_file.returncode == 0, by_file.stderr
    calls = [json.loads(line) for line in by_file.stdout.splitlines()]
    assert [call["request"]["body"] for call in calls[:3]] == [b'{"mirror":0}'.decode(), '{"mirror":1}', '{"mirror":2}']
    assert calls[-1]["status"] == 403
    refused = run("journal", journal, "--json", "--status", "403")
    assert len(refused.stdout.splitlines()) == 1
