"""MCPClient of strands-agents: an agent's tools for another agent."""

import json
import os
import urllib.parse

import httpx2
from mcp.client.streamable_http import streamable_http_client
from strands.tools.mcp import MCPClient

URL = f"{os.environ['EMULATOR']}/runtimes/{urllib.parse.quote(os.environ['AGENT'], safe='')}/invocations"
FIELDS = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
with MCPClient(lambda: streamable_http_client(URL, http_client=httpx2.AsyncClient(headers=FIELDS))) as client:
    tools = [tool.tool_name for tool in client.list_tools_sync()]
    called = client.call_tool_sync("1", "stock_level", {"sku": "BOLT-M8"})
print(json.dumps({"tools": tools, "status": called["status"], "stock": called.get("structuredContent")}))
