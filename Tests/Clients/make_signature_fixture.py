#!/usr/bin/env python3
"""Writes fixtures/sigv4/botocore.jsonl: requests that botocore signed, odd ones above all.

    pip install botocore==1.44.5
    python3 Tests/Clients/make_signature_fixture.py > fixtures/sigv4/botocore.jsonl

The clock stands still and the seed is fixed, so a run with the same botocore writes the same file.
A line is {"method", "target", "fields": [[name, value]...], "body" (base64), "token" (the session token, or null)}.
"""
import base64
import datetime
import json
import random
import sys
from urllib.parse import quote, urlsplit

import botocore.auth
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 1, 15, 12, 0, 0)
SERVICE, REGION = "bedrock-agentcore", "us-west-2"
TOKEN = "FwoGZXIvYXdzEBYaD//+abc=="
ARN = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/hosted_agent-Ab12Cd34Ef"

chance = random.Random(20260115)
botocore.auth.get_current_datetime = lambda *_: NOW

SEGMENTS = [
    quote(ARN, safe=""), quote(ARN, safe=":"), ARN, "runtimes", "invocations", ".", "..", "", "a b".replace(" ", "%20"),
    "%E4%B8%AD%E6%96%87", "tilde~", "%7Etilde", "plus+plus", "%2B", "sub!$&'()*,;=", "at@colon:", "%2f", "%2F", "...",
    ".hidden", "a..b", "%2E%2E", "%25", "-._~", "ws",
]
NAMES = ["qualifier", "accountId", "a", "A", "a-b", "a.b", "X-Amzn-Trace", "%E1%88%B4", "sp%20ace", "q%5B%5D", "z~", ""]
VALUES = [
    "DEFAULT", "", "a%20b", "a+b", "a%2Bb", "%E4%B8%AD", "x=y", "%3D", "~", "%7E", "a:b/c", "a%3Ab%2Fc", "a%3ab%2fc",
    "(!*')", "%28%21%2A%27%29", "1", "2", "10", "%00", "?", "a,b;c",
]
FIELDS = [
    ("Accept", ["application/json", "text/event-stream, application/json", "*/*"]),
    ("Content-Type", ["application/json", "application/octet-stream", "text/plain; charset=utf-8"]),
    ("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", ["session-0123456789-0123456789-0123456789"]),
    ("X-Custom", ["one", "  leading", "trailing  ", "in   ner", "tab\there", "a \t b", "", "a,b", '"q   q"', "é"]),
    ("x-CUSTOM", ["two", " three ", ""]),
    ("My-Header", ["value4", "value1"]),
    ("User-Agent", ["Boto3/1.44"]),
    ("Traceparent", ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]),
]
HOSTS = ["bedrock-agentcore.us-west-2.amazonaws.com", "127.0.0.1:8787", "localhost:8787", "[::1]:8787"]
BODIES = [b"", b"{}", b'{"prompt":"Hello"}', "{\"prompt\":\"Grüezi 中文\"}".encode(), bytes(range(256)), b" \r\n "]


def path():
    segments = [chance.choice(SEGMENTS) for _ in range(chance.randint(0, 5))]
    return "/" + "/".join(segments) + ("/" if chance.random() < 0.2 else "")


def query(odd):
    pairs = []
    for _ in range(chance.randint(0, 5)):
        name, value = chance.choice(NAMES), chance.choice(VALUES)
        pairs.append(name + ("=" + value if odd is False or chance.random() < 0.9 else ""))
    if odd and pairs and chance.random() < 0.15:
        pairs.insert(chance.randint(0, len(pairs)), "")
    return "&".join(pairs)


def signed(number):
    is_presigned = number % 3 == 2
    asked = query(odd=not is_presigned)
    url = f"https://{chance.choice(HOSTS)}{path()}" + ("?" + asked if asked else "")
    body = b"" if is_presigned else chance.choice(BODIES)
    request = AWSRequest(method=chance.choice(["GET", "POST", "PUT", "DELETE"]), url=url, data=body or None)
    for name, values in chance.sample(FIELDS, chance.randint(0, 4)):
        for _ in range(chance.choice([1, 1, 1, 2])):
            request.headers.add_header(name, chance.choice(values))
    token = TOKEN if chance.random() < 0.3 else None
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    if is_presigned:
        lifetime = chance.choice([1, 60, 300, 3600, 604800])
        SigV4QueryAuth(credentials, SERVICE, REGION, expires=lifetime).add_auth(request)
    else:
        kind = chance.random()
        if kind < 0.1:
            request.headers["Date"] = "to be replaced"
        elif kind < 0.2:
            request.context["payload_signing_enabled"] = False
        SigV4Auth(credentials, SERVICE, REGION).add_auth(request)
    parts = urlsplit(request.url)
    target = parts.path + ("?" + parts.query if parts.query else "")
    fields = [["Host", parts.netloc]] + [[name, value] for name, value in request.headers.items()]
    return {
        "method": request.method, "target": target, "fields": fields,
        "body": base64.b64encode(body).decode(), "token": token,
    }


for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 360):
    print(json.dumps(signed(number), ensure_ascii=False, separators=(",", ":")))
