"""a2a-sdk, as its documentation makes a client: from the card. A task that asks back, then the same as a stream."""

import asyncio
import json
import os
import urllib.parse
import uuid

import httpx
from a2a.client import ClientConfig, ClientFactory
from a2a.types import Message, Part, Role, SendMessageRequest, TaskState

URL = f"{os.environ['EMULATOR']}/runtimes/{urllib.parse.quote(os.environ['AGENT'], safe='')}/invocations/"
FIELDS = {"Authorization": f"Bearer {os.environ['TOKEN']}", "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": str(uuid.uuid4())}


async def say(client, text: str, **more) -> list:
    message = Message(role=Role.ROLE_USER, message_id=uuid.uuid4().hex, parts=[Part(text=text)], **more)
    events = [event async for event in client.send_message(SendMessageRequest(message=message))]
    return [(event.WhichOneof("payload"), getattr(event, event.WhichOneof("payload"))) for event in events]


async def main() -> None:
    async with httpx.AsyncClient(headers=FIELDS) as http:
        once = await ClientFactory(ClientConfig(httpx_client=http, streaming=False)).create_from_url(URL)
        [(_, asked)] = await say(once, "Please book it")
        [(_, done)] = await say(once, "Yes", task_id=asked.id, context_id=asked.context_id)
    http = httpx.AsyncClient(headers=FIELDS | {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": str(uuid.uuid4())})
    async with http:
        flowing = await ClientFactory(ClientConfig(httpx_client=http, streaming=True)).create_from_url(URL)
        events = await say(flowing, "Please book it")
    seen = {
        "asked": [TaskState.Name(asked.status.state), asked.status.message.parts[0].text],
        "done": [TaskState.Name(done.status.state), done.artifacts[0].parts[0].text],
        "stream": [events[0][0], events[-1][0], TaskState.Name(events[-1][1].status.state)],
    }
    print(json.dumps(seen))


asyncio.run(main())
