"""The starter toolkit's `agentcore invoke` and `agentcore stop-session`, in a project as `agentcore configure` leaves it."""

import json
import os
import pathlib
import re
import subprocess
import sys

AGENTCORE, ARN = pathlib.Path(sys.executable).parent / "agentcore", os.environ["AGENT"]
pathlib.Path("agent.py").touch()
pathlib.Path(".bedrock_agentcore.yaml").write_text(f"""
default_agent: judged
agents:
  judged:
    name: judged
    entrypoint: agent.py
    platform: linux/arm64
    aws: {{region: us-east-1, account: '123456789012'}}
    bedrock_agentcore: {{agent_id: my_agent-AbCdEf1234, agent_arn: '{ARN}'}}
""")


def agentcore(*words: str) -> str:
    ran = subprocess.run([sys.executable, AGENTCORE, *words], capture_output=True, text=True)
    if ran.returncode:
        sys.exit(ran.stdout + ran.stderr)
    # What a terminal shows, without its colours and its lines' ends.
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", ran.stdout).split())


asked = agentcore("invoke", '{"prompt": "Hello there"}')
stopped = agentcore("stop-session")
# Below the answer, which came as a stream, stands a box with the session and where its logs would be.
seen = {"answer": asked.partition(" ╭")[0], "stopped": "Session stopped" in stopped}
print(json.dumps(seen))
