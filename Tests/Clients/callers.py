"""One attempt, made with boto3 and made with httpx: the same question, told in the same words (`Seen`)."""

from __future__ import annotations

import json

import boto3
import botocore.exceptions
import httpx
import httpx_sse
from botocore.config import Config

from clients import bearer, headers, invocations
from resilience import Seen
from world import KEY, REGION, SECRET, SESSION


# A session keeps the description of the service, which takes longer to read than a call to make.
AWS = boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name=REGION)


class Boto3:
    """As the service's documentation reads a stream: line by line."""

    name = "boto3"

    def __init__(self, url: str, agent: str, patience: float):
        self.agent = agent
        self.client = AWS.client(
            "bedrock-agentcore", endpoint_url=url,
            config=Config(retries={"total_max_attempts": 1}, read_timeout=patience, connect_timeout=10),
        )  # fmt: skip

    def attempt(self, prompt: str, session: str = SESSION, token: str | None = None) -> Seen:
        seen = Seen()
        try:
            answer = self.client.invoke_agent_runtime(
                agentRuntimeArn=self.agent, runtimeSessionId=session, payload=json.dumps({"prompt": prompt}).encode()
            )
            seen.status = answer["statusCode"]
            if answer["contentType"].startswith("text/event-stream"):
                for line in answer["response"].iter_lines(chunk_size=1):
                    if line.startswith(b"data: "):
                        seen.frames.append(line[6:].decode("utf-8", "replace"))
            else:
                seen.body = answer["response"].read()
        except botocore.exceptions.ClientError as error:
            seen.status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            seen.code = error.response["Error"]["Code"]
        except botocore.exceptions.BotoCoreError as error:
            seen.error = type(error).__name__
        return seen

    def close(self) -> None:
        self.client.close()


class Httpx:
    """A bearer token, and an event-stream parser from PyPI."""

    name = "httpx"

    def __init__(self, url: str, agent: str, patience: float):
        self.url = invocations(url, agent)
        self.client = httpx.Client(verify=False, timeout=httpx.Timeout(10, read=patience))

    def attempt(self, prompt: str, session: str = SESSION, token: str | None = None) -> Seen:
        seen = Seen()
        fields = bearer(token, session) if token else headers(session)
        try:
            with self.client.stream("POST", self.url, json={"prompt": prompt}, headers=fields) as answer:
                seen.status = answer.status_code
                seen.code = answer.headers.get("x-amzn-ErrorType")
                if answer.headers.get("content-type", "").startswith("text/event-stream"):
                    for event in httpx_sse.EventSource(answer).iter_sse():
                        seen.frames.append(event.data)
                else:
                    for piece in answer.iter_bytes():
                        seen.body += piece
        except httpx.TransportError as error:
            seen.error = type(error).__name__
        return seen

    def close(self) -> None:
        self.client.close()


CALLERS = [Boto3, Httpx]
