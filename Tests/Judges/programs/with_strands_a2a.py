"""A2AAgent of strands-agents: another agent as if it were here."""

import json
import os
import urllib.parse
import uuid
import warnings

import httpx
from a2a.client import ClientConfig
from strands.agent.a2a_agent import A2AAgent

warnings.simplefilter("ignore")
URL = f"{os.environ['EMULATOR']}/runtimes/{urllib.parse.quote(os.environ['AGENT'], safe='')}/invocations/"
FIELDS = {"Authorization": f"Bearer {os.environ['TOKEN']}", "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": str(uuid.uuid4())}
agent = A2AAgent(URL, client_config=ClientConfig(httpx_client=httpx.AsyncClient(headers=FIELDS)))
result = agent("A weekend in Lisbon, please")
print(json.dumps({"stop": result.stop_reason, "answer": "".join(part.get("text", "") for part in result.message["content"])}))
