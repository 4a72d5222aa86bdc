"""litellm's `bedrock/agentcore/ARN`: an answer signed and an answer by token; with the word `stream` its pieces."""

import json
import os
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # it would fetch its price list when it is imported
import litellm  # noqa: E402


def complete(**options):
    return litellm.completion(
        model="bedrock/agentcore/" + os.environ["AGENT"], messages=[{"role": "user", "content": "Hello there"}],
        aws_bedrock_runtime_endpoint=os.environ["EMULATOR"], num_retries=0, **options,
    )  # fmt: skip


def words(answer) -> str:
    return answer.choices[0].message.content


if sys.argv[1:] == ["stream"]:
    pieces = [chunk.choices[0].delta.content for chunk in complete(stream=True)]
    seen = {"pieces": [piece for piece in pieces if piece]}
else:
    seen = {"signed": words(complete()), "by token": words(complete(api_key=os.environ["TOKEN"]))}
print(json.dumps(seen))
