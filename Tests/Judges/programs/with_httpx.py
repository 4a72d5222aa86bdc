"""httpx over TLS with a token, and an event-stream parser."""

import json
import os
import urllib.parse

import httpx
import httpx_sse

URL = f"{os.environ['EMULATOR_TLS']}/runtimes/{urllib.parse.quote(os.environ['AGENT'], safe='')}/invocations"
FIELDS = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
with httpx.Client(headers=FIELDS) as client:
    answer = client.post(URL, json={"prompt": "Hello there"})
    with httpx_sse.connect_sse(client, "POST", URL, json={"prompt": "Hello there"}) as stream:
        events = [event.data for event in stream.iter_sse()]
    nobody = client.post(URL, headers={"Authorization": "Bearer undefined"})
print(json.dumps({"answer": answer.json(), "stream": events, "undefined": [nobody.status_code, nobody.json()]}))
