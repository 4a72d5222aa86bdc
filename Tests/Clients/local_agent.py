"""An agent as its author writes one, with the public package: what `serve --forward` stands in front of."""

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


if __name__ == "__main__":
    time.sleep(float(sys.argv[2]) if len(sys.argv) > 2 else 0)
    app.run(port=int(sys.argv[1]), host="127.0.0.1")
