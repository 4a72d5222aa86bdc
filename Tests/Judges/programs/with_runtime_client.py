"""AgentCoreRuntimeClient of the bedrock-agentcore package opens WebSockets in its three ways, and knows AWS's hosts only."""

import asyncio
import json
import os

import websockets
from bedrock_agentcore.runtime import AgentCoreRuntimeClient

ARN, client = os.environ["AGENT"], AgentCoreRuntimeClient("us-east-1")


async def talk(url: str, fields: dict | None = None) -> str:
    async with websockets.connect(url, additional_headers=fields) as conversation:
        await conversation.send("Hello there")
        return await conversation.recv()


async def main() -> None:
    seen = {
        "signed headers": await talk(*client.generate_ws_connection(ARN, endpoint_name="DEFAULT")),
        "presigned": await talk(client.generate_presigned_url(ARN, endpoint_name="DEFAULT")),
        "bearer": await talk(*client.generate_ws_connection_oauth(ARN, os.environ["TOKEN"])),
    }
    print(json.dumps(seen))


asyncio.run(main())
