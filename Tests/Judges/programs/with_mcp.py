"""The mcp package's own client over streamable HTTP, with a token: the handshake, the tools, one called, one that is not there."""

import asyncio
import json
import os
import urllib.parse

import httpx2
import mcp
from mcp.client.streamable_http import streamable_http_client

URL = f"{os.environ['EMULATOR']}/runtimes/{urllib.parse.quote(os.environ['AGENT'], safe='')}/invocations?qualifier=DEFAULT"


async def main() -> None:
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {os.environ['TOKEN']}"}) as http:
        async with mcp.Client(streamable_http_client(URL, http_client=http)) as client:
            try:
                absent = await client.call_tool("fly", {})
            except mcp.MCPError as error:
                absent = str(error)
            seen = {
                "server": client.server_info.name,
                "tools": [tool.name for tool in (await client.list_tools()).tools],
                "stock": (await client.call_tool("stock_level", {"sku": "BOLT-M8"})).structured_content,
                "fly": absent,
            }
    print(json.dumps(seen))


asyncio.run(main())
