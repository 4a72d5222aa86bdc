"""The services beside the agents', as programs around an agent call them: boto3, the AWS CLI, aws-xray-sdk, and a moto
behind the server for all others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid

import boto3
import botocore.exceptions
import httpx
import pytest
from botocore.config import Config

from clients import agentcore
from test_aws_cli import AWS
from understudy import Server, free_port, run
from world import ACCOUNT, KEY, REGION, SECRET, SESSION

ARN = f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:runtime/search_agent-ABCDEFGHIJ"
GROUP = "/aws/bedrock-agentcore/runtimes/search_agent-ABCDEFGHIJ-DEFAULT"
TEMPORARY = {"accessKeyId": "ASIATEMPORARY", "secretAccessKey": "temporary", "sessionToken": "a/token+of=some"}
SCENARIO = {
    "understudy": 1,
    "agents": [{"arn": ARN, "endpoints": ["DEFAULT", "prod"]}],
    "credentials": [{"accessKeyId": KEY, "secretAccessKey": SECRET}, TEMPORARY],
    "parameters": {f"/shop/p{number:02}": str(number) for number in range(25)}
    | {"/shop/secret": {"type": "SecureString", "value": "hush-hush-4711"}},
    "rules": [{"name": "answer", "reply": {"json": {"answer": "{{payload.prompt}}"}}}],
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("neighbours")
    (folder / "shop.json").write_text(json.dumps(SCENARIO))
    with Server(folder, folder / "shop.json", "--xray-daemon", 0) as server:
        yield server


def client(url: str, service: str, key=KEY, secret=SECRET, token=None):
    return boto3.client(
        service, endpoint_url=url, region_name=REGION, aws_access_key_id=key, aws_secret_access_key=secret,
        aws_session_token=token, config=Config(retries={"total_max_attempts": 1}))


def refusal(call) -> dict:
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call()
    return caught.value.response["Error"] | {"Status": caught.value.response["ResponseMetadata"]["HTTPStatusCode"]}


def invoke(url: str, prompt: str, session=SESSION, qualifier="DEFAULT", **headers):
    agent = agentcore(url)
    if headers:
        agent.meta.events.register(
            "before-send.*", lambda request, **_: request.headers.update({n.replace("_", "-"): v for n, v in headers.items()}))
    answer = agent.invoke_agent_runtime(
        agentRuntimeArn=ARN, runtimeSessionId=session, qualifier=qualifier, payload=json.dumps({"prompt": prompt}).encode())
    return json.loads(answer["response"].read())


# Who am I?


def test_a_program_asks_who_it_is(shop):
    told = client(shop.url, "sts").get_caller_identity()
    assert told["Account"] == ACCOUNT and told["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/{KEY}" and told["UserId"]
    assert told["ResponseMetadata"]["RequestId"] == told["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]
    role = client(shop.url, "sts", *TEMPORARY.values()).get_caller_identity()
    assert role["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/understudy/ASIATEMPORARY"
    call = shop.last_call(operation="GetCallerIdentity")
    assert call["auth"]["verdict"] == "allowed" and call["principal"] == "ASIATEMPORARY" and call["agent"] is None


def test_strangers_are_told_so_in_each_service_s_own_words(shop):
    def codes(**who):
        return {
            "sts": refusal(lambda: client(shop.url, "sts", **who).get_caller_identity()),
            "ssm": refusal(lambda: client(shop.url, "ssm", **who).get_parameter(Name="/shop/p01")),
            "logs": refusal(lambda: client(shop.url, "logs", **who).describe_log_groups()),
            "xray": refusal(lambda: client(shop.url, "xray", **who).put_trace_segments(TraceSegmentDocuments=[])),
        }  # fmt: skip

    wrong = codes(secret="wrong")
    assert {service: (told["Code"], told["Status"]) for service, told in wrong.items()} == {
        "sts": ("SignatureDoesNotMatch", 403), "ssm": ("InvalidSignatureException", 400),
        "logs": ("InvalidSignatureException", 400), "xray": ("InvalidSignatureException", 403)}  # fmt: skip
    assert all(told["Message"].startswith("The request signature we calculated") for told in wrong.values())
    assert {told["Code"] for told in codes(key="NOBODY").values()} == {
        "InvalidClientTokenId", "UnrecognizedClientException"}  # fmt: skip


# Parameter Store


def test_an_agent_s_arn_is_read_from_parameter_store_and_called(shop):
    parameter = client(shop.url, "ssm").get_parameter(Name="/understudy/agents/search_agent/arn")["Parameter"]
    assert parameter["Value"] == ARN and parameter["Type"] == "String" and parameter["Version"] == 1
    answer = agentcore(shop.url).invoke_agent_runtime(agentRuntimeArn=parameter["Value"], payload=b'{"prompt": "x"}')
    assert json.loads(answer["response"].read()) == {"answer": "x"}


def test_a_hierarchy_is_paged_as_botocore_pages_it(shop):
    pages = list(client(shop.url, "ssm").get_paginator("get_parameters_by_path").paginate(Path="/shop"))
    names = [parameter["Name"] for page in pages for parameter in page["Parameters"]]
    assert [len(page["Parameters"]) for page in pages] == [10, 10, 6]
    assert names == sorted(SCENARIO["parameters"])


def test_a_secret_is_told_to_who_asks_for_it_and_stands_in_no_journal(shop):
    ssm = client(shop.url, "ssm")
    assert ssm.get_parameter(Name="/shop/secret", WithDecryption=True)["Parameter"]["Value"] == "hush-hush-4711"
    assert "hush" not in ssm.get_parameter(Name="/shop/secret")["Parameter"]["Value"]
    told = ssm.get_parameters(Names=["/shop/secret", "/none"], WithDecryption=True)
    assert told["InvalidParameters"] == ["/none"] and told["Parameters"][0]["Value"] == "hush-hush-4711"
    assert "hush-hush" not in shop.journal_text() and "[redacted]" in shop.journal_text()
    missing = refusal(lambda: ssm.get_parameter(Name="/nowhere"))
    assert missing["Code"] == "ParameterNotFound"
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name="/nowhere")
    assert "no parameter is called /nowhere" in shop.last_call(operation="GetParameter")["why"]


def test_parameters_survive_a_library_and_mistakes_in_them_are_told(shop, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(SCENARIO))
    assert run("load", tmp_path / "a.json", "--into", tmp_path / "a.sqlite").returncode == 0
    exported = json.loads(run("export", tmp_path / "a.sqlite").stdout)
    assert exported["parameters"] == SCENARIO["parameters"]
    wrong = SCENARIO | {"parameters": {"a/b": "x", "/c": {"type": "Secret", "value": "x"}, "/d": "", "/e": 7}}
    (tmp_path / "b.json").write_text(json.dumps(wrong))
    told = run("check", tmp_path / "b.json")
    assert told.returncode == 2
    for words in ["does not begin with a slash", "SecureString", "is empty", "a string or"]:
        assert words in told.stderr, told.stderr


# CloudWatch Logs


def test_an_agent_s_log_is_read_back(shop):
    session = f"logs-{uuid.uuid4()}"
    before = int(time.time() * 1000)
    for prompt in ["one", "two words", "three"]:
        invoke(shop.url, prompt, session=session)
    logs = client(shop.url, "logs")
    groups = logs.describe_log_groups(logGroupNamePrefix="/aws/bedrock-agentcore/runtimes/search")["logGroups"]
    assert [group["logGroupName"] for group in groups] == [GROUP, GROUP.replace("DEFAULT", "prod")]
    assert groups[0]["arn"] == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}:*"
    stream = logs.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True, limit=1)["logStreams"][0]
    assert stream["logStreamName"] == f"[runtime-logs] {session}" and stream["lastEventTimestamp"] >= before
    events = logs.filter_log_events(logGroupName=GROUP, startTime=before, filterPattern='"two words"')["events"]
    told = [json.loads(event["message"]) for event in events]
    assert [call["session"] for call in told] == [session] and told[0] == shop.calls(session=session)[1]
    page = logs.get_log_events(logGroupName=GROUP, logStreamName=stream["logStreamName"], limit=2)
    assert [json.loads(event["message"])["number"] for event in page["events"]] == [
        call["number"] for call in shop.calls(session=session)[1:]]  # fmt: skip
    older = logs.get_log_events(
        logGroupName=GROUP, logStreamName=stream["logStreamName"], nextToken=page["nextBackwardToken"], limit=2)
    assert len(older["events"]) == 1
    end = logs.get_log_events(
        logGroupName=GROUP, logStreamName=stream["logStreamName"], nextToken=page["nextForwardToken"], startFromHead=True)
    assert end["events"] == [] and end["nextForwardToken"] == page["nextForwardToken"]


def test_many_events_come_page_by_page_and_only_those_that_are_asked_for(shop):
    session = f"pages-{uuid.uuid4()}"
    for number in range(7):
        invoke(shop.url, f"number{number}", session=session, qualifier="prod")
    logs = client(shop.url, "logs")
    group = GROUP.replace("DEFAULT", "prod")
    pages = list(logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, logStreamNamePrefix="[runtime-logs] pages-", PaginationConfig={"PageSize": 3}))
    events = [event for page in pages for event in page["events"]]
    assert [len(page["events"]) for page in pages] == [3, 3, 1]
    assert len({event["eventId"] for event in events}) == 7
    assert [e["timestamp"] for e in events] == sorted(e["timestamp"] for e in events)
    assert logs.filter_log_events(logGroupName=group, filterPattern="?number1 ?number2 -number2")["events"]
    assert not logs.filter_log_events(logGroupName=group, filterPattern="NUMBER1")["events"]
    assert not logs.filter_log_events(logGroupName=group, startTime=int(time.time() * 1000) + 60_000)["events"]


def test_what_the_logs_do_not_know_is_refused(shop):
    logs = client(shop.url, "logs")
    nowhere = refusal(lambda: logs.filter_log_events(logGroupName="/aws/lambda/x"))
    assert (nowhere["Code"], nowhere["Message"]) == ("ResourceNotFoundException", "The specified log group does not exist.")
    stream = refusal(lambda: logs.get_log_events(logGroupName=GROUP, logStreamName="none"))
    assert stream["Message"] == "The specified log stream does not exist."
    for wrong in [{"filterPattern": "{ $.a = 1 }"}, {"filterPattern": '"open'}, {"nextToken": "x"}]:
        assert refusal(lambda: logs.filter_log_events(logGroupName=GROUP, **wrong))["Code"] == "InvalidParameterException"


def test_a_space_has_a_log_of_its_own(shop):
    session = f"space-{uuid.uuid4()}"
    space = f"{shop.url}/_space/{uuid.uuid4().hex[:12]}"
    invoke(space, "here", session=session)
    def sessions(url):
        streams = client(url, "logs").describe_log_streams(logGroupName=GROUP)["logStreams"]
        return [stream["logStreamName"] for stream in streams]
    assert sessions(space) == [f"[runtime-logs] {session}"] and sessions(space)[0] not in sessions(shop.url)


# X-Ray


def segment(trace: str, **more) -> dict:
    now = time.time()
    return {"name": "shop", "id": uuid.uuid4().hex[:16], "trace_id": trace, "start_time": now - 1, "end_time": now} | more


def trace_id() -> str:
    return f"1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}"


def test_segments_are_joined_to_the_call_of_their_trace(shop):
    trace = trace_id()
    invoke(shop.url, "traced", X_Amzn_Trace_Id=f"Root={trace};Parent=53995c3f42cd8ad8;Sampled=1")
    good, bad = segment(trace), segment(trace, name=None)
    told = client(shop.url, "xray").put_trace_segments(
        TraceSegmentDocuments=[json.dumps(good), "{", json.dumps({"id": bad["id"]}), "[]"])
    assert [wrong["ErrorCode"] for wrong in told["UnprocessedTraceSegments"]] == ["ParseError", "MissingTraceId", "ParseError"]
    assert told["UnprocessedTraceSegments"][1]["Id"] == bad["id"]
    call, put = shop.calls(trace=trace)
    assert call["operation"] == "InvokeAgentRuntime" and call["segments"] == [good]
    assert put["operation"] == "PutTraceSegments"


def test_segments_are_joined_by_w3c_s_trace_too(shop):
    trace = trace_id()
    digits = trace.removeprefix("1-").replace("-", "")
    invoke(shop.url, "traced", traceparent=f"00-{digits}-53995c3f42cd8ad8-01")
    document = segment(trace)
    client(shop.url, "xray").put_trace_segments(TraceSegmentDocuments=[json.dumps(document)])
    assert shop.calls(trace=digits)[0]["segments"] == [document]


def test_the_xray_sdk_sends_to_the_daemon_s_port(shop):
    from aws_xray_sdk.core import xray_recorder

    xray_recorder.configure(
        service="shop", sampling=False, daemon_address=shop.ready["xrayDaemon"], context_missing="LOG_ERROR")
    with xray_recorder.in_segment("order") as traced:
        with xray_recorder.in_subsegment("agent"):
            invoke(shop.url, "by the SDK", X_Amzn_Trace_Id=f"Root={traced.trace_id};Sampled=1")
    call, put = shop.await_calls(2, trace=traced.trace_id)
    assert [document["name"] for document in call["segments"]] == ["order"]
    assert call["segments"][0]["subsegments"][0]["name"] == "agent"
    assert put["operation"] == "PutTraceSegments" and put["auth"]["scheme"] == "daemon"


def test_a_datagram_that_is_no_segment_is_in_the_journal_as_refused(shop):
    import socket

    host, port = shop.ready["xrayDaemon"].split(":")
    before = len(shop.calls(operation="PutTraceSegments", outcome="refused"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        for datagram in [b"", b"hello", b"{}\n{}", b"\xff\xfe\n"]:
            daemon.sendto(datagram, (host, int(port)))
    found = shop.await_calls(before + 4, operation="PutTraceSegments", outcome="refused")[before:]
    assert len(found) == 4 and all("does not begin with" in call["why"] for call in found)


# The AWS CLI


def test_the_aws_cli_with_one_address_for_all(shop):
    environment = os.environ | {
        "AWS_ENDPOINT_URL": shop.url, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": REGION}

    def aws(*arguments):
        ran = subprocess.run([sys.executable, AWS, *arguments], capture_output=True, text=True, timeout=60, env=environment)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    assert aws("sts", "get-caller-identity")["Account"] == ACCOUNT
    assert aws("ssm", "get-parameter", "--name", "/understudy/agents/search_agent/arn")["Parameter"]["Value"] == ARN
    assert aws("logs", "describe-log-groups")["logGroups"][0]["logGroupName"] == GROUP


# Everything else


@pytest.fixture
def moto(monkeypatch):
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    yield "http://%s:%s" % server.get_host_and_port()
    server.stop()


def test_another_service_is_named_in_the_refusal(shop):
    states = refusal(lambda: client(shop.url, "stepfunctions").list_state_machines())
    assert states["Status"] == 404 and "AWSStepFunctions.ListStateMachines" in states["Message"]
    assert "--other-services" in states["Message"]
    storage = refusal(lambda: client(shop.url, "s3").list_objects_v2(Bucket="bucket"))
    assert storage["Code"] == "UnknownOperationException" and "the service s3" in storage["Message"]
    queues = refusal(lambda: client(shop.url, "iam").list_users())
    assert "the service iam" in queues["Message"]


def test_other_services_are_passed_on_unchanged_and_recorded_nowhere(moto, tmp_path):
    (tmp_path / "shop.json").write_text(json.dumps(SCENARIO))
    with Server(tmp_path, tmp_path / "shop.json", "--other-services", moto) as server:
        states = client(server.url, "stepfunctions")
        definition = {"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}
        role = f"arn:aws:iam::{ACCOUNT}:role/x"
        made = states.create_state_machine(name="orders", definition=json.dumps(definition), roleArn=role)["stateMachineArn"]
        states.start_execution(stateMachineArn=made, input="{}")
        assert [machine["name"] for machine in states.list_state_machines()["stateMachines"]] == ["orders"]
        storage = client(f"{server.url}/_space/a", "s3")
        storage.create_bucket(Bucket="bucket")
        storage.put_object(Bucket="bucket", Key="a/b c", Body=b"x" * 100_000)
        assert storage.get_object(Bucket="bucket", Key="a/b c")["Body"].read() == b"x" * 100_000
        assert client(server.url, "ssm").get_parameter(Name="/shop/p01")["Parameter"]["Value"] == "1"
        call = server.calls(operation="CreateStateMachine")[0]
        assert call["upstream"]["url"] == moto and call["auth"]["verdict"] == "unchecked" and call["agent"] is None


def test_neighbours_are_neither_passed_on_nor_recorded(tmp_path, moto):
    upstream, file = f"http://127.0.0.1:{free_port()}", tmp_path / "r.sqlite"
    (tmp_path / "shop.json").write_text(json.dumps(SCENARIO))
    with Server(
        tmp_path, tmp_path / "shop.json", "--upstream", upstream, "--record", file, "--other-services", moto
    ) as server:
        assert client(server.url, "sts").get_caller_identity()["Account"] == ACCOUNT
        assert client(server.url, "ssm").get_parameter(Name="/shop/p01")["Parameter"]["Value"] == "1"
        client(server.url, "stepfunctions").list_state_machines()
    assert not json.loads(run("export", file).stdout).get("recorded")


def test_a_moto_that_is_not_there_is_said(tmp_path):
    (tmp_path / "shop.json").write_text(json.dumps(SCENARIO))
    with Server(tmp_path, tmp_path / "shop.json", "--other-services", f"http://127.0.0.1:{free_port()}") as server:
        told = refusal(lambda: client(server.url, "stepfunctions").list_state_machines())
        assert told["Status"] == 503 and "cannot be reached" in told["Message"]


def test_wrong_options_are_told():
    assert "--other-services is nonsense" in run("serve", "--other-services", "nonsense").stderr
    assert run("serve", "--xray-daemon", "70000").returncode == 2


def test_a_port_that_a_daemon_has_already_is_an_error_that_names_it(shop, tmp_path):
    port = shop.ready["xrayDaemon"].split(":")[1]
    ran = run("serve", "--port", 0, "--xray-daemon", port)
    assert ran.returncode == 2 and f"port {port}" in ran.stderr and "--xray-daemon" in ran.stderr


def test_no_signature_no_answer(shop):
    form = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
    answer = httpx.post(shop.url, data=form)
    assert answer.status_code == 403 and "<Code>MissingAuthenticationToken</Code>" in answer.text
    target = {"X-Amz-Target": "AmazonSSM.GetParameter"}
    answer = httpx.post(shop.url, headers=target, content=b'{"Name":"/shop/secret"}')
    assert answer.status_code == 400 and answer.json()["__type"] == "MissingAuthenticationTokenException"
