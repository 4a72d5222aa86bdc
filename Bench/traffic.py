"""Requests as programs send them, kept as bytes: no two of them are the same.

boto3's are taken from its own socket, so its signer, its field order and its invocation ids are in them. A bearer token's are
written down as httpx writes them, since twenty thousand of them are wanted.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import pathlib
import socket
import threading
import urllib.parse
import uuid

import boto3
import botocore.auth
import botocore.config

ARN = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/restaurant_search_agent-ABCDEFGHIJ"
PATH = f"/runtimes/{urllib.parse.quote(ARN, safe='')}/invocations?qualifier=DEFAULT"
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
DISTINCT = 2_000
PLACES = ["the station", "the old harbour", "the university", "the opera", "the river", "the airport", "the market hall"]


def payload(number: int) -> bytes:
    """A text of its own for every call, of 90 to 200 bytes."""
    place = PLACES[number % len(PLACES)]
    wish = "and a table outside, far from the street, with room for a pram " * (number % 3 == 0)
    return json.dumps({"prompt": f"Find a quiet place with good sushi near {place}, for {number % 9 + 1}, {wish}call {number}"}).encode()


def session(number: int) -> str:
    return f"session-{number:08}-{uuid.uuid4()}"


# MARK: boto3's


class Recorder:
    """Takes requests on a loopback port, answers `{}` to each and keeps their bytes."""

    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.requests: list[bytes] = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        # Until the listener is closed.
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                with connection:
                    while request := self.one(connection):
                        self.requests.append(request)
                        connection.sendall(self.ANSWER)

    def one(self, connection: socket.socket) -> bytes:
        head, body = b"", b""
        while b"\r\n\r\n" not in head:
            more = connection.recv(65536)
            if not more:
                return b""
            head += more
        head, body = head.split(b"\r\n\r\n", 1)
        lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        while len(body) < sum(lengths):
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body


def signed(count: int = DISTINCT) -> list[bytes]:
    """What boto3 sends for `count` calls that were made over the last minute; good for four minutes."""
    recorder = Recorder()
    client = boto3.session.Session(KEY, SECRET, region_name="us-east-1").client(
        "bedrock-agentcore", endpoint_url=recorder.url, config=botocore.config.Config(proxies={})
    )
    now, clock = datetime.datetime.now(datetime.timezone.utc), botocore.auth.get_current_datetime
    try:
        for number in range(count):
            moment = now - datetime.timedelta(seconds=60 * (1 - number / count))
            botocore.auth.get_current_datetime = lambda remove_tzinfo=True, at=moment: at.replace(tzinfo=None)
            client.invoke_agent_runtime(
                agentRuntimeArn=ARN, qualifier="DEFAULT", runtimeSessionId=session(number), payload=payload(number),
                contentType="application/json",
            )["response"].read()  # fmt: skip
    finally:
        botocore.auth.get_current_datetime = clock
        client.close()
        recorder.listener.close()
    return recorder.requests


# MARK: httpx's


def written(number: int, token: str | None = None, **more: str) -> bytes:
    body = payload(number)
    fields = {
        "Host": "127.0.0.1:8787", "Accept": "*/*", "Accept-Encoding": "gzip, deflate", "Connection": "keep-alive",
        "User-Agent": "python-httpx/0.28.1", "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": session(number),
        "Content-Type": "application/json", "Content-Length": str(len(body)),
    } | ({"Authorization": f"Bearer {token}"} if token else {}) | more  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST {PATH} HTTP/1.1\r\n{lines}\r\n".encode() + body


# MARK: Files


def write(file: pathlib.Path, requests: list[bytes]) -> pathlib.Path:
    """As `load` reads them: each behind a line with its length."""
    file.write_bytes(b"".join(b"%d\n%s" % (len(request), request) for request in requests))
    return file
