"""boto3, as the service's documentation uses it: an answer, a stream, the end of a session, and a wrong secret."""

import json
import os

import boto3
from botocore.exceptions import ClientError

ARN, SESSION = os.environ["AGENT"], "judged-with-boto3-0123456789-0123456789"
client = boto3.client("bedrock-agentcore")
answer = client.invoke_agent_runtime(
    agentRuntimeArn=ARN, runtimeSessionId=SESSION, contentType="application/json", payload=b'{"prompt": "Hello there"}'
)
stream = client.invoke_agent_runtime(
    agentRuntimeArn=ARN, runtimeSessionId=SESSION, accept="text/event-stream", payload=b'{"prompt": "Hello there"}'
)
stranger = boto3.client("bedrock-agentcore", aws_secret_access_key="wrong", aws_access_key_id="test")
try:
    refused = stranger.invoke_agent_runtime(agentRuntimeArn=ARN, payload=b"{}")["statusCode"]
except ClientError as error:
    refused = error.response["Error"]["Code"]
seen = {
    "session": answer["runtimeSessionId"] == SESSION,
    "answer": json.loads(answer["response"].read()),
    "stream": [line.decode() for line in stream["response"].iter_lines() if line],
    "stopped": client.stop_runtime_session(agentRuntimeArn=ARN, runtimeSessionId=SESSION)["statusCode"],
    "wrong secret": refused,
}
print(json.dumps(seen))
