"""httpx: hand-signed and presigned calls, bearer tokens, server-sent events, and the exact words of refusals."""

import hashlib
import json
import time
import uuid

import httpx
import httpx_sse
import pytest
from botocore.credentials import Credentials

from clients import SESSION_HEADER, bearer, headers, invocations, invocations_by_id, presigned, send, signed
from world import ANNA, EVERY_SECONDS, OPEN, SESSION, SIGNED, TEMPORARY, TOKEN, TOKEN_2026, WORDS

SUSHI = b'{"prompt":"sushi"}'
SUSHI_ANSWER = {"answer": "You said sushi", "session": SESSION}


@pytest.fixture(scope="module")
def token(server):
    return server.token(agent=TOKEN, claims={"client_id": ANNA["clientId"]})


def test_signed_with_botocores_signer(server):
    answer = send(signed(invocations(server.url, SIGNED), SUSHI, headers()))
    assert answer.status_code == 200
    assert answer.json() == SUSHI_ANSWER
    assert answer.headers[SESSION_HEADER] == SESSION
    assert uuid.UUID(answer.headers["x-amzn-RequestId"])


def test_an_agent_by_its_id_and_account(server):
    assert send(signed(invocations_by_id(server.url, SIGNED), SUSHI, headers())).json() == SUSHI_ANSWER


def test_an_unsigned_payload(server):
    fields = headers(X_Amz_Content_SHA256="UNSIGNED-PAYLOAD")
    assert send(signed(invocations(server.url, SIGNED), SUSHI, fields)).json() == SUSHI_ANSWER


def test_a_body_that_was_changed_on_the_way(server):
    request = signed(invocations(server.url, SIGNED), SUSHI, headers())
    changed = httpx.Request("POST", request.url, content=b'{"prompt":"steak"}', headers=request.headers)
    answer = send(changed)
    assert answer.status_code == 403
    assert answer.headers["x-amzn-ErrorType"].startswith("InvalidSignatureException")


def test_a_signature_of_ten_minutes_ago(server, monkeypatch):
    import botocore.auth

    from clients import minutes_ago

    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_, **__: minutes_ago(10).replace(tzinfo=None))
    answer = send(signed(invocations(server.url, SIGNED), SUSHI, headers()))
    assert answer.status_code == 403
    assert answer.json()["message"].startswith("Signature expired: ")
    assert answer.json()["message"].endswith(" - 5 min.)")


def test_the_wrong_service_in_the_scope(server):
    answer = send(signed(invocations(server.url, SIGNED), SUSHI, headers(), service="bedrock"))
    assert answer.json()["message"] == "Credential should be scoped to correct service: 'bedrock-agentcore'. "


def test_a_presigned_call(server):
    fields = {SESSION_HEADER: SESSION, "X-Amz-Content-SHA256": hashlib.sha256(SUSHI).hexdigest()}
    answer = httpx.post(presigned(invocations(server.url, SIGNED), fields), content=SUSHI, headers=fields)
    assert answer.json() == SUSHI_ANSWER


def test_a_presigned_call_with_a_session_token(server):
    fields = {SESSION_HEADER: SESSION, "X-Amz-Content-SHA256": hashlib.sha256(SUSHI).hexdigest()}
    keys = Credentials(TEMPORARY["accessKeyId"], TEMPORARY["secretAccessKey"], TEMPORARY["sessionToken"])
    url = presigned(invocations(server.url, SIGNED), fields, credentials=keys)
    assert httpx.post(url, content=SUSHI, headers=fields).json() == SUSHI_ANSWER
    # Cut into the signature, and the call is refused.
    assert httpx.post(url[:-4] + "0000", content=SUSHI, headers=fields).status_code == 403


def test_nothing_signed(server):
    answer = httpx.post(invocations(server.url, SIGNED), content=SUSHI, headers=headers())
    assert answer.status_code == 403
    assert answer.json() == {"message": "Missing Authentication Token"}
    assert "WWW-Authenticate" not in answer.headers


def test_a_bearer_token(server, token):
    answer = httpx.post(invocations(server.url, TOKEN), content=SUSHI, headers=bearer(token))
    assert answer.status_code == 200, answer.text
    assert answer.json() == SUSHI_ANSWER
    call = server.last_call(agent=TOKEN)
    assert call["auth"]["scheme"] == "jwt"
    assert call["auth"]["verdict"] == "allowed"


def test_a_bearer_stream_read_by_an_sse_parser(server, token):
    seen, arrived = [], []
    with httpx.Client(headers=bearer(token, Accept="text/event-stream")) as client:
        with httpx_sse.connect_sse(client, "POST", invocations(server.url, TOKEN), content=b'{"prompt":"stream"}') as source:
            for event in source.iter_sse():
                seen.append(event.json()["data"])
                arrived.append(time.monotonic())
    assert seen == WORDS
    assert arrived[-1] - arrived[0] > EVERY_SECONDS, "the frames came in one piece"


def test_a_client_that_goes_away_is_noticed(server, token):
    session = f"leaving-{uuid.uuid4()}"
    with httpx.Client() as client:
        with client.stream(
            "POST", invocations(server.url, TOKEN), content=b'{"prompt":"stream"}', headers=bearer(token, session)
        ) as answer:
            assert next(answer.iter_lines()).startswith("data: ")
    condition = {"match": {"session": session}, "atLeast": 1, "inFlight": 0, "within": "10s"}
    assert httpx.post(f"{server.url}/_understudy/await", json=condition, timeout=20).status_code == 200
    assert server.last_call(session=session)["outcome"] == "client-closed"


def test_no_token_points_to_the_metadata(server):
    answer = httpx.post(invocations(server.url, TOKEN), content=SUSHI, headers=headers())
    assert answer.status_code == 401
    assert answer.json() == {
        "jsonrpc": "2.0", "error": {"code": -32001, "message": "Missing Authentication Token"}, "id": "null",
    }  # fmt: skip
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer resource_metadata="')
    document = httpx.get(challenge.split('"')[1])
    assert document.status_code == 200
    assert document.json()["authorization_servers"] == [f"{server.url}/us-east-1_Understudy"]


@pytest.mark.parametrize("worthless", ["undefined", "not.a.token", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token(server, worthless):
    answer = httpx.post(invocations(server.url, TOKEN), content=SUSHI, headers=bearer(worthless))
    assert answer.status_code in (401, 403)
    assert SUSHI_ANSWER["answer"] not in answer.text


def test_a_token_that_does_not_parse(server):
    answer = httpx.post(invocations(server.url, TOKEN), content=SUSHI, headers=bearer("not.a.token"))
    assert answer.status_code == 403
    assert answer.content == b'{"message":"OAuth authorization failed: Failed to parse token"}'


def test_a_token_that_is_about_to_expire(server):
    soon = server.token(agent=TOKEN, expiresIn="45s", claims={"client_id": ANNA["clientId"]})
    answer = httpx.post(invocations(server.url, TOKEN), content=SUSHI, headers=bearer(soon))
    assert answer.status_code == 403
    assert answer.content == (
        b'{"message":"OAuth authorization failed: Ineffectual token, will expire within the next minute"}'
    )


def test_the_same_in_the_dialect_of_2026(server):
    soon = server.token(agent=TOKEN_2026, expiresIn="45s", claims={"client_id": ANNA["clientId"]})
    answer = httpx.post(invocations(server.url, TOKEN_2026), content=SUSHI, headers=bearer(soon))
    assert answer.status_code == 401
    assert answer.json()["error"] == {"code": -32001, "message": "Ineffectual token, will expire within the next minute"}


def test_a_token_for_another_client(server):
    other = server.token(agent=TOKEN, claims={"client_id": "somebody-else"})
    answer = httpx.post(invocations(server.url, TOKEN), content=SUSHI, headers=bearer(other))
    assert answer.status_code == 401
    assert answer.json()["error"]["message"] == "Claim 'client_id' value mismatch with configuration."


def test_a_token_with_another_signature(server, token):
    head, payload, signature = token.split(".")
    forged = ".".join([head, payload, signature[:-6] + ("AAAAAA" if signature[-6:] != "AAAAAA" else "BBBBBB")])
    answer = httpx.post(invocations(server.url, TOKEN), content=SUSHI, headers=bearer(forged))
    assert answer.status_code in (401, 403)


def test_a_session_id_that_is_too_short(server):
    answer = httpx.post(invocations(server.url, OPEN), content=SUSHI, headers=headers("too-short"))
    assert answer.status_code == 400
    assert answer.headers["x-amzn-ErrorType"].startswith("ValidationException")
    assert answer.json()["message"] == (
        "1 validation error detected: Value at 'runtimeSessionId' failed to satisfy constraint: "
        "Member must have length greater than or equal to 33"
    )


def test_no_session_id_gets_one(server):
    answer = httpx.post(invocations(server.url, OPEN), content=SUSHI, headers={"Content-Type": "application/json"})
    assert uuid.UUID(answer.headers[SESSION_HEADER])
    assert answer.json()["session"] == answer.headers[SESSION_HEADER]


def test_a_call_that_matches_no_rule_names_the_nearest_and_why_they_failed(server):
    answer = httpx.post(invocations(server.url, OPEN), content=b'{"prompt":"sush"}', headers=headers())
    assert answer.status_code >= 400
    assert "No rule answers this call" in answer.json()["message"]
    assert 'rule "stream"' in answer.json()["message"]
    assert 'payload $.prompt is "sush", does not equal "stream"' in answer.json()["message"]


def test_a_chunked_upload(server):
    def pieces():
        yield b'{"mirror":'
        yield b'"in pieces"}'

    answer = httpx.post(invocations(server.url, OPEN), content=pieces(), headers=headers())
    assert answer.json() == {"mirror": "in pieces"}


def test_one_connection_carries_many_calls(server):
    with httpx.Client(headers=headers()) as client:
        for number in range(50):
            assert client.post(invocations(server.url, OPEN), json={"mirror": number}).json() == {"mirror": number}


def test_a_path_that_is_no_operation(server):
    assert httpx.post(f"{server.url}/runtimes/x/invoke", content=SUSHI, headers=headers()).status_code == 404


def test_a_browsers_preflight(server):
    asked = {
        "Origin": "http://localhost:5173",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-amzn-bedrock-agentcore-runtime-session-id",
    }
    answer = httpx.options(invocations(server.url, TOKEN), headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Max-Age"] == "172800"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert allowed == "*" or all(name in allowed for name in asked["Access-Control-Request-Headers"].split(","))


def test_a_browser_may_read_the_answer(server, token):
    fields = bearer(token, Origin="http://localhost:5173")
    answer = httpx.post(invocations(server.url, TOKEN), content=SUSHI, headers=fields)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id" in answer.headers["Access-Control-Expose-Headers"]
