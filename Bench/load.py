"""Requests as bytes, and wrk to send them."""

from __future__ import annotations

import dataclasses
import http.client
import json
import os
import pathlib
import subprocess
import urllib.parse

import processes

ARN = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/restaurant_search_agent-ABCDEFGHIJ"
PATH = f"/runtimes/{urllib.parse.quote(ARN, safe='')}/invocations?qualifier=DEFAULT"
BODY = b'{"prompt":"Find a quiet place with good sushi near the station, for two, tonight at eight"}'
FIELDS = {
    "Content-Type": "application/json",
    "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": "session-0123456789-0123456789-0123456789",
}


@dataclasses.dataclass
class Request:
    fields: dict[str, str]
    body: bytes = BODY

    def bytes(self, port: int, **more: str) -> bytes:
        fields = {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(self.body))} | self.fields | more
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"POST {PATH} HTTP/1.1\r\n{lines}\r\n".encode() + self.body


def sample(port: int, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
    """One answer, for nginx to repeat."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", PATH, body=request.body, headers=request.fields)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"bench: the server answered {answer.status}: {body.decode(errors='replace')}")
    return answer.status, answer.getheaders(), body


# Without a `request` function wrk sends the same bytes again and again, and does no work of its own.
FIXED = """
wrk.method = "POST"
wrk.path = {path}
wrk.headers = {{ {fields} }}
wrk.body = {body}
"""

# A new Authorization line each time, from a file with one token a line. All requests are made before the run.
ROTATING = """
local requests, position = {{}}, 0
wrk.method = "POST"
wrk.path = {path}
wrk.body = {body}
function init()
  for name, value in pairs({{ {fields} }}) do wrk.headers[name] = value end
  for token in io.lines({tokens}) do
    wrk.headers["Authorization"] = "Bearer " .. token
    requests[#requests + 1] = wrk.format()
  end
end
function request()
  position = position % #requests + 1
  return requests[position]
end
"""

DONE = """
function done(summary, latency)
  io.stderr:write(string.format('{"requests":%d,"seconds":%f,"failed":%d,"p99_us":%f}\\n', summary.requests,
    summary.duration / 1e6, summary.errors.connect + summary.errors.read + summary.errors.write +
    summary.errors.status + summary.errors.timeout, latency:percentile(99)))
end
"""


def lua(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return '"' + "".join(f"\\{byte:03d}" if byte < 32 or byte > 126 or byte in b'"\\' else chr(byte) for byte in raw) + '"'


@dataclasses.dataclass
class Load:
    """What wrk sends: one request, or one for each token in a file."""

    request: Request
    connections: int
    tokens: pathlib.Path | None = None

    def script(self) -> str:
        fields = ", ".join(f"[{lua(name)}] = {lua(value)}" for name, value in self.request.fields.items())
        names = {"path": lua(PATH), "fields": fields, "body": lua(self.request.body)}
        if self.tokens is None:
            return FIXED.format(**names) + DONE
        return ROTATING.format(tokens=lua(str(self.tokens)), **names) + DONE


@dataclasses.dataclass
class Result:
    rate: float
    cpu_microseconds: float
    requests: int
    failed: int


def measure(server: processes.Running, load: Load, seconds: int, folder: pathlib.Path) -> Result:
    script = folder / f"load-{os.getpid()}.lua"
    script.write_text(load.script())
    pid = server.pid
    before = processes.cpu_seconds(pid)
    ran = subprocess.run(
        ["wrk", "--threads", "1", "--connections", str(load.connections), "--duration", f"{seconds}s",
         "--timeout", "10s", "--script", str(script), f"http://127.0.0.1:{server.port}{PATH}"],
        capture_output=True, text=True, timeout=seconds + 60,
    )  # fmt: skip
    spent = processes.cpu_seconds(pid) - before
    line = next((line for line in ran.stderr.splitlines() if line.startswith("{")), None)
    if line is None:
        raise SystemExit(f"bench: wrk failed: {ran.stdout} {ran.stderr}")
    told = json.loads(line)
    count = max(told["requests"], 1)
    return Result(told["requests"] / told["seconds"], spent / count * 1e6, told["requests"], told["failed"])
