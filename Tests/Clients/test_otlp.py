"""Calls as spans, at a collector that is written from OpenTelemetry's public schema (OTLP over HTTP, JSON)."""

from __future__ import annotations

import http.server
import json
import socket
import threading

import pytest

from clients import agentcore
from understudy import Server, run, until
from world import SESSION, arn

AGENT = arn("traced_agent-ABCDEFGHIJ")
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Collector(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Content-Type"] == "application/json"
        status = 503 if self.server.refuses > 0 else 200
        self.server.refuses -= 1
        if status == 200:
            self.server.taken.append((self.path, body))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture
def collector():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.taken, server.refuses = [], 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def url(server) -> str:
    return "http://127.0.0.1:%d" % server.server_address[1]


def spans(collector) -> list[dict]:
    return [
        span
        for _, body in collector.taken
        for resource in body["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


def invoke(server, **headers) -> None:
    agent = agentcore(server.url)
    agent.meta.events.register("before-send.*", lambda request, **_: request.headers.update(headers))
    agent.invoke_agent_runtime(
        agentRuntimeArn=AGENT, runtimeSessionId=SESSION, payload=b'{"prompt": "one two"}', accept="text/event-stream")[
        "response"].read()


def attributes(span: dict) -> dict:
    return {entry["key"]: next(iter(entry["value"].values())) for entry in span["attributes"]}


def test_a_call_is_a_span_of_its_callers_trace_with_its_frames(collector, tmp_path):
    with Server(tmp_path, "--otlp", url(collector)) as server:
        invoke(server, traceparent=f"00-{TRACE}-{PARENT}-01")
        until(lambda: spans(collector))
        call = server.last_call()
    span = spans(collector)[0]
    assert collector.taken[0][0] == "/v1/traces"
    assert (span["traceId"], span["parentSpanId"], span["kind"]) == (TRACE, PARENT, 2)
    assert span["name"] == "InvokeAgentRuntime" and int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
    told = attributes(span)
    assert told["understudy.agent"] == AGENT and told["session.id"] == SESSION and told["http.response.status_code"] == "200"
    assert told["understudy.call"] == str(call["number"]) and told["understudy.rule"] == "echo"
    assert len(span["events"]) == len(call["frames"]) > 1 and span["events"][0]["name"] == "frame"
    resource = collector.taken[0][1]["resourceSpans"][0]["resource"]["attributes"]
    assert {"key": "service.name", "value": {"stringValue": "understudy"}} in resource


def test_what_a_collector_refuses_is_sent_again(collector, tmp_path):
    collector.refuses = 1
    with Server(tmp_path, "--otlp", f"{url(collector)}/v1/traces") as server:
        invoke(server)
        until(lambda: spans(collector))
        assert "spans are not taken: the collector answers 503" in server.log.read_text()
    assert len(spans(collector)) == 1


def test_what_is_left_is_sent_when_the_server_goes(collector, tmp_path):
    with Server(tmp_path, "--otlp", url(collector)) as server:
        for _ in range(20):
            invoke(server)
    assert len(spans(collector)) == 20


def test_spans_that_nobody_took_are_counted_when_the_server_goes(collector, tmp_path):
    collector.refuses = 1_000
    with Server(tmp_path, "--otlp", url(collector)) as server:
        for _ in range(3):
            invoke(server)
    assert "3 spans left out: the collector took none" in server.log.read_text()


def test_a_collector_that_hangs_keeps_no_call_waiting(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        address = "http://127.0.0.1:%d" % hanging.getsockname()[1]
        with Server(tmp_path, "--otlp", address) as server:
            for _ in range(30):
                invoke(server)
            assert len(server.calls()) == 30
            assert {call["outcome"] for call in server.calls()} == {"completed"}


def test_an_address_that_is_none_is_told():
    ran = run("serve", "--otlp", "collector")
    assert ran.returncode == 2 and "--otlp" in ran.stderr
