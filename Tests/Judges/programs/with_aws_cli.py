"""`aws bedrock-agentcore invoke-agent-runtime` and `stop-runtime-session`, as typed."""

import json
import os
import pathlib
import subprocess
import sys

AWS, ARN, SESSION = pathlib.Path(sys.executable).parent / "aws", os.environ["AGENT"], "judged-with-the-aws-cli-0123456789-0123"


def aws(command: str, *words: str) -> dict:
    ran = subprocess.run(
        [sys.executable, AWS, "bedrock-agentcore", command, "--agent-runtime-arn", ARN, "--runtime-session-id", SESSION, *words],
        capture_output=True, text=True,
    )  # fmt: skip
    if ran.returncode:
        sys.exit(ran.stderr)
    return json.loads(ran.stdout)


told = aws("invoke-agent-runtime", "--payload", '{"prompt": "Hello there"}', "answer.json")
seen = {
    "told": {name: told[name] for name in ("contentType", "statusCode")},
    "answer": json.loads(pathlib.Path("answer.json").read_text()),
    "stopped": aws("stop-runtime-session")["statusCode"],
}
print(json.dumps(seen))
