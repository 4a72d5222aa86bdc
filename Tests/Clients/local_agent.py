"""An agent as its author writes one, with the public package: what `serve --forward` stands in front of."""

import asyncio
import os
import sys
import time

from bedrock_agentcore.runtime import BedrockAgentCoreApp

app = BedrockAgentCoreApp()


@app.entrypoint
def answer(payload, context):
    prompt = payload.get("prompt", "")
    if prompt == "fail":
        raise ValueError("boom")
    if prompt.startswith("stream"):
        return stream(breaks=prompt == "stream and break")
    headers = {name.lower(): value for name, value in (context.request_headers or {}).items()}
    return {"you said": prompt, "session": context.session_id, "headers": headers, "process": os.getpid()}


async def stream(breaks):
    for word in ["one", "two 🍣", "three"]:
        yield {"word": word}
        if breaks and word != "one":
            raise RuntimeError("broken inside")


@app.websocket
async def talk(websocket, context):
    """Greets, sends back what it gets, words one by one, and closes when it is told to."""
    await websocket.accept()
    await websocket.send_json({"hello": context.session_id})
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        if message.get("bytes") is not None:
            await websocket.send_bytes(message["bytes"][::-1])
            continue
        if message["text"] == "bye":
            await websocket.close(code=4_001, reason="as you like")
            return
        for word in message["text"].split():
            await asyncio.sleep(0.02)
            await websocket.send_text(word)


if __name__ == "__main__":
    time.sleep(float(sys.argv[2]) if len(sys.argv) > 2 else 0)
    app.run(port=int(sys.argv[1]), host="127.0.0.1")
