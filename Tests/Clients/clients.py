"""Clients made the way their own documentation makes them."""

from __future__ import annotations

import datetime
import urllib.parse

import boto3
import httpx
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from world import ACCOUNT, KEY, REGION, SECRET, SESSION

SESSION_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"


def agentcore(url: str, key: str = KEY, secret: str = SECRET, token: str | None = None, region: str = REGION, **config):
    return boto3.client(
        "bedrock-agentcore",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 3, "mode": "standard"}, max_pool_connections=64, **config),
    )


def invocations(url: str, agent_arn: str, qualifier: str = "DEFAULT") -> str:
    return f"{url}/runtimes/{urllib.parse.quote(agent_arn, safe='')}/invocations?qualifier={qualifier}"


def invocations_by_id(url: str, agent_arn: str) -> str:
    agent = agent_arn.rsplit("/", 1)[1]
    return f"{url}/runtimes/{agent}/invocations?accountId={ACCOUNT}&qualifier=DEFAULT"


def headers(session: str = SESSION, **more: str) -> dict[str, str]:
    return {"Content-Type": "application/json", SESSION_HEADER: session} | {
        name.replace("_", "-"): value for name, value in more.items()
    }


def bearer(token: str, session: str = SESSION, **more: str) -> dict[str, str]:
    return headers(session, Authorization=f"Bearer {token}", **more)


def signed(
    url: str, body: bytes, fields: dict[str, str], *, credentials=None, service="bedrock-agentcore", region=REGION
) -> httpx.Request:
    """httpx with botocore's signer: what a program does that does without boto3's client."""
    request = AWSRequest("POST", url, data=body, headers=fields)
    SigV4Auth(credentials or Credentials(KEY, SECRET), service, region).add_auth(request)
    return httpx.Request("POST", url, content=body, headers=dict(request.headers))


def presigned(url: str, fields: dict[str, str], *, expires: int = 300, credentials=None) -> str:
    request = AWSRequest("POST", url, headers=fields)
    SigV4QueryAuth(credentials or Credentials(KEY, SECRET), "bedrock-agentcore", REGION, expires=expires).add_auth(request)
    return request.url


def send(request: httpx.Request) -> httpx.Response:
    with httpx.Client() as client:
        return client.send(request)


def minutes_ago(minutes: float) -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes)
