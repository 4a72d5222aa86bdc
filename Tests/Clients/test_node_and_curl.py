"""Node's fetch and curl: the two clients that everybody has."""

import json
import pathlib
import subprocess
import time

import pytest

from clients import SESSION_HEADER, invocations, invocations_by_id
from world import ANNA, EVERY_SECONDS, KEY, REGION, SECRET, SESSION, SIGNED, TOKEN, WORDS

FETCH = pathlib.Path(__file__).parent / "fetch.mjs"


@pytest.fixture(scope="module")
def token(server):
    return server.token(agent=TOKEN, claims={"client_id": ANNA["clientId"]})


def fetch(server, token, prompt):
    ran = subprocess.run(
        ["node", FETCH, invocations(server.url, TOKEN), token, SESSION, prompt], capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_fetch_with_a_bearer_token(server, token):
    answer = fetch(server, token, "sushi 🍣")
    assert (answer["status"], answer["type"], answer["session"]) == (200, "application/json", SESSION)
    assert json.loads(answer["text"])["answer"] == "You said sushi 🍣"


def test_fetch_reads_a_stream_as_it_comes(server, token):
    answer = fetch(server, token, "stream")
    frames = [json.loads(frame.removeprefix("data: "))["data"] for frame in answer["text"].split("\n\n") if frame]
    assert frames == WORDS
    assert answer["pieces"] >= len(WORDS)
    assert answer["spread"] > EVERY_SECONDS * 1000


def curl(*arguments, body=b'{"prompt":"sushi"}'):
    return subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "30", "-H", "Content-Type: application/json",
         "-H", f"{SESSION_HEADER}: {SESSION}", "--data-binary", "@-", *arguments],
        input=body, capture_output=True,
    )  # fmt: skip


def curl_signed(server, secret):
    return curl(
        "--aws-sigv4", f"aws:amz:{REGION}:bedrock-agentcore", "--user", f"{KEY}:{secret}",
        "--write-out", "\n%{http_code}", invocations_by_id(server.url, SIGNED),
    )  # fmt: skip


def test_curl_signs_a_call(server):
    body, status = curl_signed(server, SECRET).stdout.rsplit(b"\n", 1)
    assert (status, json.loads(body)) == (b"200", {"answer": "You said sushi", "session": SESSION})


def test_curl_with_the_wrong_secret(server):
    body, status = curl_signed(server, "wrong").stdout.rsplit(b"\n", 1)
    assert status == b"403"
    assert json.loads(body)["message"].startswith("The request signature we calculated does not match")


def test_curl_sees_every_frame_when_it_is_sent(server, token):
    process = subprocess.Popen(
        ["curl", "--silent", "--no-buffer", "-H", f"Authorization: Bearer {token}", "-H", "Accept: text/event-stream",
         "-H", "Content-Type: application/json", "--data", '{"prompt":"stream"}', invocations(server.url, TOKEN)],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    seen, arrived = [], []
    for line in process.stdout:
        if line.startswith(b"data: "):
            seen.append(json.loads(line[6:])["data"])
            arrived.append(time.monotonic())
    assert process.wait(timeout=30) == 0
    assert seen == WORDS
    assert arrived[-1] - arrived[0] > EVERY_SECONDS, "the frames came in one piece"


def test_curl_waits_for_100_continue_and_gets_it(server, token):
    sent = {"mirror": "x" * 200_000}
    ran = curl(
        "-H", f"Authorization: Bearer {token}", "-H", "Expect: 100-continue", "--expect100-timeout", "20",
        invocations(server.url, TOKEN), body=json.dumps(sent).encode(),
    )  # fmt: skip
    assert json.loads(ran.stdout) == sent
