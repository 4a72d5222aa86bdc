"""Calls to look at: one by one, and by the hundred thousand."""

from __future__ import annotations

import json
import socket

import httpx

AGENT = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/search_agent-AbCdEf1234"
OTHER = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/booking_agent-XyZ1234567"
SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"


def call(url: str, payload: object = None, agent: str = AGENT, **headers: str) -> httpx.Response:
    """One call; a payload of bytes goes as it is."""
    content = payload if isinstance(payload, bytes) else json.dumps(payload or {"prompt": "Hello"}).encode()
    path = f"/runtimes/{agent.replace(':', '%3A').replace('/', '%2F')}/invocations"
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(url + path, content=content, headers={"Content-Type": "application/json", **names})


def flood(url: str, count: int, every: int = 1000) -> None:
    """So many calls as fast as one connection takes them; one in `every` is to another agent."""
    host, port = url.removeprefix("http://").split(":")
    body = b'{"prompt":"Hello"}'

    def request(agent: str, session: int) -> bytes:
        path = f"/runtimes/{agent.replace(':', '%3A').replace('/', '%2F')}/invocations"
        head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{SESSION}: session-{session:040d}\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    with socket.create_connection((host, int(port)), timeout=60) as connection:
        batch, answered = 200, 0
        for start in range(0, count, batch):
            numbers = range(start, min(start + batch, count))
            connection.sendall(b"".join(request(OTHER if n % every == 0 else AGENT, n % 500) for n in numbers))
            seen = b""
            while seen.count(b"HTTP/1.1 200") < len(numbers) or not seen.endswith(b"}"):
                piece = connection.recv(1 << 20)
                assert piece, f"the server ended the connection after {answered} calls"
                seen += piece
            answered += len(numbers)
