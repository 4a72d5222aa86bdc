"""capo-bedrock-agentcore, with a signer and an HTTP of its own."""

import json
import os

from capo_bedrock_agentcore import BedrockAgentCoreClient

ARN, SESSION = os.environ["AGENT"], "judged-with-capo-0123456789-0123456789-01"
client = BedrockAgentCoreClient(endpoint=os.environ["EMULATOR"])
with client.invoke_agent_runtime(ARN, b'{"prompt": "Hello there"}', runtime_session_id=SESSION) as answer:
    whole = b"".join(answer["response"])
with client.invoke_agent_runtime(
    ARN, b'{"prompt": "Hello there"}', runtime_session_id=SESSION, accept="text/event-stream"
) as answer:
    stream = b"".join(answer["response"])
stopped = client.stop_runtime_session(SESSION, ARN)
seen = {"answer": json.loads(whole), "stream": stream.decode().split("\n\n")[:-1], "stopped": stopped.get("status_code")}
print(json.dumps(seen))
