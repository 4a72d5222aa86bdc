"""Metrics as Prometheus reads them."""

from __future__ import annotations

import subprocess

import httpx
import pytest
from understudy import Server


@pytest.fixture
def metrics(tmp_path):
    """The text after two calls, one of them to nobody."""
    with Server(tmp_path, "--auth", "off") as server:
        path = "/runtimes/my_agent-AbCdEf1234/invocations?accountId=123456789012"
        httpx.post(server.url + path, json={"prompt": "Hello"}).raise_for_status()
        assert httpx.get(f"{server.url}/nowhere").status_code == 404
        httpx.post(f"{server.control}/await", json={"atLeast": 2, "inFlight": 0}).raise_for_status()
        answer = httpx.get(f"{server.control}/metrics")
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        yield answer.text


def test_calls_are_counted_and_timed(metrics):
    series = 'agent="arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/my_agent-AbCdEf1234",operation="InvokeAgentRuntime",status="200"'
    lines = metrics.splitlines()
    assert f'understudy_calls_total{{{series},outcome="completed"}} 1' in lines
    assert f"understudy_call_duration_seconds_count{{{series}}} 1" in lines
    assert f'understudy_call_duration_seconds_bucket{{{series},le="+Inf"}} 1' in lines
    assert 'understudy_sessions{space="default"} 1' in lines


def test_prometheus_has_nothing_to_complain_of(metrics):
    checked = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True, text=True, timeout=30)
    assert checked.returncode == 0 and checked.stderr == "", checked.stderr
