"""aiobotocore: an answer that is read piece by piece, and the end of its session."""

import asyncio
import json
import os

from aiobotocore.session import get_session

ARN, SESSION = os.environ["AGENT"], "judged-with-aiobotocore-0123456789-01234"


async def main() -> None:
    async with get_session().create_client("bedrock-agentcore") as client:
        answer = await client.invoke_agent_runtime(
            agentRuntimeArn=ARN, runtimeSessionId=SESSION, accept="text/event-stream", payload=b'{"prompt": "Hello there"}'
        )
        async with answer["response"] as stream:
            lines = [line.decode() async for line in stream.iter_lines() if line]
        stopped = await client.stop_runtime_session(agentRuntimeArn=ARN, runtimeSessionId=SESSION)
    print(json.dumps({"stream": lines, "stopped": stopped["statusCode"]}))


asyncio.run(main())
