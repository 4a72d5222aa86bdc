"""python websockets over TLS: a query that botocore presigned, and a browser's subprotocol."""

import base64
import json
import os
import urllib.parse

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

URL = f"{os.environ['EMULATOR_TLS']}/runtimes/{urllib.parse.quote(os.environ['AGENT'], safe='')}/ws?qualifier=DEFAULT"


def presigned(secret: str) -> str:
    request = AWSRequest("GET", URL)
    SigV4QueryAuth(Credentials("test", secret), "bedrock-agentcore", "us-east-1", expires=300).add_auth(request)
    return request.url.replace("https", "wss", 1)


def talk(url: str, **options) -> list:
    with connect(url, **options) as conversation:
        conversation.send("Hello there")
        conversation.send(b"\x00\xff")
        return [conversation.recv(), conversation.recv().hex(), conversation.subprotocol]


try:
    refused = talk(presigned("wrong"))
except InvalidStatus as error:
    refused = error.response.status_code
token = base64.urlsafe_b64encode(os.environ["TOKEN"].encode()).decode().rstrip("=")
offers = [f"base64UrlBearerAuthorization.{token}", "base64UrlBearerAuthorization"]
seen = {
    "presigned": talk(presigned("test")),
    "subprotocol": talk(URL.replace("https", "wss", 1), subprotocols=offers),
    "wrong secret": refused,
}
print(json.dumps(seen))
