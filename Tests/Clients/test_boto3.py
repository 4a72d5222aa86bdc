"""boto3 as programs use it: the endpoint is the only thing that differs from the real service."""

import concurrent.futures
import json
import time
import uuid

import botocore.exceptions
import pytest

from clients import agentcore
from world import DENIED, EVERY_SECONDS, EXPIRED, SESSION, SIGNED, TEMPORARY, TOKEN, UNKNOWN, WORDS


def invoke(client, payload, agent=SIGNED, session=SESSION, **more):
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return client.invoke_agent_runtime(agentRuntimeArn=agent, runtimeSessionId=session, payload=body, **more)


def refused(call) -> dict:
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call()
    response = caught.value.response
    return response["Error"] | {"Status": response["ResponseMetadata"]["HTTPStatusCode"]}


def test_a_newcomer_needs_only_the_environment_variable(builtin, monkeypatch):
    import boto3

    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_AGENTCORE", builtin.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    client = boto3.client("bedrock-agentcore", region_name="eu-west-1")
    arn = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/anything_at_all-0123456789"
    answer = client.invoke_agent_runtime(agentRuntimeArn=arn, payload=b'{"prompt":"Hello"}')
    message = json.loads(answer["response"].read())["response"]
    assert message["role"] == "assistant"
    assert "Hello" in message["content"][0]["text"]


def test_json_answer(server):
    answer = invoke(agentcore(server.url), {"prompt": "sushi 🍣 in Zürich"}, contentType="application/json")
    assert answer["statusCode"] == 200
    assert answer["contentType"] == "application/json"
    assert answer["runtimeSessionId"] == SESSION
    assert uuid.UUID(answer["ResponseMetadata"]["RequestId"])
    assert json.loads(answer["response"].read()) == {"answer": "You said sushi 🍣 in Zürich", "session": SESSION}


def test_the_call_is_in_the_journal(server):
    session = f"journal-{uuid.uuid4()}"
    invoke(agentcore(server.url), {"prompt": "sushi"}, session=session, qualifier="prod")["response"].read()
    call = server.last_call(session=session)
    assert call["agent"] == SIGNED
    assert call["operation"] == "InvokeAgentRuntime"
    assert call["qualifier"] == "prod"
    assert call["auth"]["scheme"] == "sigv4"
    assert call["auth"]["verdict"] == "allowed"
    assert call["principal"] == "AKIDEXAMPLE"
    assert call["rule"] == "sushi"
    assert call["status"] == 200
    assert call["invocation"]["attempt"] == 1
    assert uuid.UUID(call["invocation"]["id"])


def test_the_session_that_boto3_invents_comes_back(server):
    answer = agentcore(server.url).invoke_agent_runtime(agentRuntimeArn=SIGNED, payload=b'{"prompt":"sushi"}')
    session = answer["runtimeSessionId"]
    assert uuid.UUID(session)
    assert json.loads(answer["response"].read())["session"] == session


def test_a_stream_arrives_frame_by_frame(server):
    answer = invoke(agentcore(server.url), {"prompt": "stream"}, accept="text/event-stream")
    assert answer["contentType"].startswith("text/event-stream")
    seen, arrived = [], []
    for line in answer["response"].iter_lines(chunk_size=1):
        if line.startswith(b"data: "):
            seen.append(json.loads(line[6:])["data"])
            arrived.append(time.monotonic())
    assert seen == WORDS
    assert arrived[-1] - arrived[0] > EVERY_SECONDS, "the frames came in one piece"


def test_a_binary_answer_is_untouched(server):
    answer = invoke(agentcore(server.url), {"prompt": "picture"})
    assert answer["contentType"] == "image/png"
    assert answer["response"].read() == b"\x89PNG\r\n\x1a\n"


def test_a_session_keeps_its_state(server):
    client = agentcore(server.url)
    one, other = f"state-one-{uuid.uuid4()}", f"state-other-{uuid.uuid4()}"
    turns = [json.loads(invoke(client, {"prompt": "again"}, session=one)["response"].read()) for _ in range(3)]
    assert [turn["turn"] for turn in turns] == ["first", "second", "second"]
    assert json.loads(invoke(client, {"prompt": "again"}, session=other)["response"].read())["turn"] == "first"


@pytest.mark.parametrize("size", [0, 1, 65_536, 5_000_000])
def test_a_payload_of_any_size_comes_back_whole(server, size):
    payload = {"mirror": "x" * size}
    assert json.loads(invoke(agentcore(server.url), payload)["response"].read()) == payload


def test_many_threads_share_one_client(server):
    client = agentcore(server.url)

    def one(number: int) -> bool:
        answer = invoke(client, {"mirror": number}, session=f"thread-{number:040}")
        return json.loads(answer["response"].read()) == {"mirror": number}

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        assert all(pool.map(one, range(200)))


def test_stop_runtime_session(server):
    client = agentcore(server.url)
    session = f"stop-{uuid.uuid4()}"
    invoke(client, {"prompt": "again"}, session=session)["response"].read()
    stopped = client.stop_runtime_session(agentRuntimeArn=SIGNED, runtimeSessionId=session, qualifier="DEFAULT")
    assert stopped["statusCode"] == 200
    assert stopped["runtimeSessionId"] == session
    assert server.last_call(session=session)["operation"] == "StopRuntimeSession"


def test_stopping_a_session_that_was_never_seen(server):
    client = agentcore(server.url)
    error = refused(lambda: client.stop_runtime_session(agentRuntimeArn=SIGNED, runtimeSessionId=f"never-{uuid.uuid4()}"))
    assert (error["Code"], error["Status"]) == ("ResourceNotFoundException", 404)
    assert error["Message"] == "Session not found or has been terminated"


def test_temporary_credentials(server):
    keys = TEMPORARY["accessKeyId"], TEMPORARY["secretAccessKey"]
    answer = invoke(agentcore(server.url, *keys, TEMPORARY["sessionToken"]), {"prompt": "sushi"})
    assert answer["statusCode"] == 200
    error = refused(lambda: invoke(agentcore(server.url, *keys, "another token"), {"prompt": "sushi"}))
    assert (error["Code"], error["Status"]) == ("UnrecognizedClientException", 403)


def test_expired_credentials(server):
    client = agentcore(server.url, EXPIRED["accessKeyId"], EXPIRED["secretAccessKey"], EXPIRED["sessionToken"])
    error = refused(lambda: invoke(client, {"prompt": "sushi"}))
    assert (error["Code"], error["Status"]) == ("ExpiredTokenException", 403)
    assert error["Message"] == "The security token included in the request is expired"


def test_a_wrong_secret_shows_what_the_server_computed(server):
    error = refused(lambda: invoke(agentcore(server.url, secret="wrong"), {"prompt": "sushi"}))
    assert (error["Code"], error["Status"]) == ("InvalidSignatureException", 403)
    assert error["Message"].startswith("The request signature we calculated does not match the signature you provided.")
    assert "The Canonical String for this request should have been\n'POST\n/runtimes/arn%253Aaws" in error["Message"]
    assert "The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n" in error["Message"]


def test_an_unknown_access_key(server):
    error = refused(lambda: invoke(agentcore(server.url, key="AKIANOBODY"), {"prompt": "sushi"}))
    assert (error["Code"], error["Status"]) == ("UnrecognizedClientException", 403)
    assert error["Message"] == "The security token included in the request is invalid."


def test_the_wrong_region(server):
    error = refused(lambda: invoke(agentcore(server.url, region="eu-west-1"), {"prompt": "sushi"}))
    assert (error["Code"], error["Status"]) == ("ResourceNotFoundException", 404)
    assert error["Message"] == f"No endpoint or agent found with qualifier 'DEFAULT' for agent {SIGNED}"


def test_a_denied_action(server):
    client = agentcore(server.url, DENIED["accessKeyId"], DENIED["secretAccessKey"])
    error = refused(lambda: invoke(client, {"prompt": "sushi"}))
    assert (error["Code"], error["Status"]) == ("AccessDeniedException", 403)
    assert f"is not authorized to perform: bedrock-agentcore:InvokeAgentRuntime on resource: {SIGNED}" in error["Message"]


def test_an_unknown_agent(server):
    error = refused(lambda: invoke(agentcore(server.url), {"prompt": "sushi"}, agent=UNKNOWN))
    assert (error["Code"], error["Status"]) == ("ResourceNotFoundException", 404)
    assert error["Message"] == f"No endpoint or agent found with qualifier 'DEFAULT' for agent {UNKNOWN}"


def test_an_unknown_endpoint(server):
    error = refused(lambda: invoke(agentcore(server.url), {"prompt": "sushi"}, qualifier="staging"))
    assert (error["Code"], error["Status"]) == ("ResourceNotFoundException", 404)
    assert "'staging'" in error["Message"]


def test_a_signature_where_a_token_is_wanted(server):
    error = refused(lambda: invoke(agentcore(server.url), {"prompt": "sushi"}, agent=TOKEN))
    assert (error["Code"], error["Status"]) == ("AccessDeniedException", 403)
    assert error["Message"].startswith("Authorization method mismatch.")


def test_boto3_retries_a_throttled_call_and_the_journal_tells_the_attempts(server):
    session = f"busy-{uuid.uuid4()}"
    error = refused(lambda: invoke(agentcore(server.url), {"prompt": "busy"}, session=session))
    assert (error["Code"], error["Status"], error["Message"]) == ("ThrottlingException", 429, "Slow down")
    attempts = [call["invocation"] for call in server.calls(session=session)]
    assert [attempt["attempt"] for attempt in attempts] == [1, 2, 3]
    assert len({attempt["id"] for attempt in attempts}) == 1


def test_the_agents_own_failure_is_the_platforms_424(server):
    error = refused(lambda: invoke(agentcore(server.url), {"prompt": "broken"}))
    assert (error["Code"], error["Status"]) == ("RuntimeClientError", 424)
    assert error["Message"] == (
        "Received error (500) from runtime. Please check your CloudWatch logs for more information."
    )
