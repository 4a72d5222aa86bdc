"""Who judges: each program that others wrote, how it is pointed here, what it tries, and what has to come of it."""

from __future__ import annotations

import dataclasses
import json

HELLO = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/my_agent-AbCdEf1234"
WAREHOUSE = "arn:aws:bedrock-agentcore:us-east-2:777788889999:runtime/warehouse_mcp_server-Rt5Vb9KwE3"
BOOKING = "arn:aws:bedrock-agentcore:eu-north-1:222233334444:runtime/booking_agent-Gm7Ld1YhT4"
ONBOARDING = "arn:aws:bedrock-agentcore:eu-central-1:111122223333:runtime/customer_onboarding_agent-Lp8Xc5VnM4"
PLANNER = "arn:aws:bedrock-agentcore:eu-north-1:222233334444:runtime/trip_planner_agent-Fj2Np6XsC8"

ANSWER = {"response": {"role": "assistant", "content": [{"text": "Hello there"}]}}
STREAM = [
    'data: "Hello "', 'data: "there"', 'data: {"message":{"role":"assistant","content":[{"text":"Hello there"}]}}'
]  # fmt: skip
TOOLS = ["stock_level", "reserve", "count_shelves"]
STOCK = {"sku": "BOLT-M8", "available": 420}

# How a program is told where to go: names of variables, and what stands in them.
ENDPOINT = {"AWS_ENDPOINT_URL_BEDROCK_AGENTCORE": "{url}"}
PROXY = {"HTTPS_PROXY": "{url}"}
TRUST = {"AWS_CA_BUNDLE": "{ca}", "SSL_CERT_FILE": "{ca}", "NODE_EXTRA_CA_CERTS": "{ca}", "CURL_CA_BUNDLE": "{ca}"}


@dataclasses.dataclass
class Judge:
    program: str
    """By which its version is asked for: a package, or a program of the system."""
    script: list[str]
    """Of the folder programs, and its words."""
    pointed: str
    tried: str
    wants: dict
    """What it says it saw."""
    arrives: list[str]
    """What the journal has of it: each call's operation, how it was let in or not, its status."""
    venv: str | None = None
    """The file of requirements with which it lives; none for a program of the system."""
    agent: str = HELLO
    environment: dict[str, str] = dataclasses.field(default_factory=dict)


def invoked(*results: str) -> list[str]:
    """`sigv4 200`: one call of InvokeAgentRuntime each."""
    return [f"InvokeAgentRuntime {result}" for result in results]


STOPPED = ["StopRuntimeSession sigv4 200"]
BOTO3 = Judge(
    "boto3", ["with_boto3.py"], "`AWS_ENDPOINT_URL_BEDROCK_AGENTCORE`",
    "an answer, a stream, the end of the session, a wrong secret",
    {"session": True, "answer": ANSWER, "stream": STREAM, "stopped": 200, "wrong secret": "InvalidSignatureException"},
    invoked("sigv4 200", "sigv4 200", "sigv4 403") + STOPPED, "aws", environment=ENDPOINT,
)  # fmt: skip
AWS_CLI = Judge(
    "awscli", ["with_aws_cli.py"], "`AWS_ENDPOINT_URL_BEDROCK_AGENTCORE`", "an answer in a file, the end of the session",
    {"told": {"contentType": "application/json", "statusCode": 200}, "answer": ANSWER, "stopped": 200},
    invoked("sigv4 200") + STOPPED, "aws", environment=ENDPOINT,
)  # fmt: skip
BY_PROXY = {"pointed": "`HTTPS_PROXY` and `AWS_CA_BUNDLE`, no endpoint", "environment": PROXY | TRUST}

JUDGES = [
    BOTO3,
    dataclasses.replace(BOTO3, **BY_PROXY),
    AWS_CLI,
    dataclasses.replace(AWS_CLI, **BY_PROXY),
    Judge(
        "aiobotocore", ["with_aiobotocore.py"], "`AWS_ENDPOINT_URL_BEDROCK_AGENTCORE`", "a stream, the end of the session",
        {"stream": STREAM, "stopped": 200}, invoked("sigv4 200") + STOPPED, "aiobotocore", environment=ENDPOINT,
    ),
    Judge(
        "litellm", ["with_litellm.py"], "`aws_bedrock_runtime_endpoint=`", "a completion signed, and one by token",
        {"signed": "Hello there", "by token": "Hello there"}, invoked("sigv4 200", "jwt 200"), "litellm",
    ),
    Judge(
        "litellm", ["with_litellm.py", "stream"], "`aws_bedrock_runtime_endpoint=`", "a stream of Strands' events",
        {"pieces": ["Welcome to ", "Understudy Mobile. ", "Which plan ", "may I show you?"]}, invoked("sigv4 200"), "litellm",
        ONBOARDING,
    ),
    Judge(
        "bedrock-agentcore-starter-toolkit", ["with_agentcore_invoke.py"], "`BEDROCK_AGENTCORE_DP_ENDPOINT`",
        "`agentcore invoke`, `agentcore stop-session`",
        {"answer": "Hello there" + json.dumps({"message": ANSWER["response"]}), "stopped": True},
        invoked("sigv4 200") + STOPPED, "starter-toolkit", environment={"BEDROCK_AGENTCORE_DP_ENDPOINT": "{url}"},
    ),
    Judge(
        "capo-bedrock-agentcore", ["with_capo.py"], "`endpoint=`", "an answer, a stream, the end of the session",
        {"answer": ANSWER, "stream": STREAM, "stopped": 200}, invoked("sigv4 200", "sigv4 200") + STOPPED, "capo",
    ),
    Judge(
        "mcp", ["with_mcp.py"], "URL, bearer token", "the handshake, the tools, one called, one that is not there",
        {"server": "warehouse", "tools": TOOLS, "stock": STOCK, "fly": "Unknown tool: fly"},
        invoked("jwt 202", *["jwt 200"] * 5), "mcp", WAREHOUSE,
    ),
    Judge(
        "mcp-proxy-for-aws",
        ["with_stdio_proxy.py", "mcp-proxy-for-aws", "{url}/runtimes/{encoded}/invocations?qualifier=DEFAULT", "--service",
         "bedrock-agentcore", "--region", "us-east-2"],
        "URL argument", "the handshake over standard input, the tools, one called",
        {"protocol": "2025-03-26", "tools": TOOLS, "stock": STOCK}, invoked("sigv4 202", *["sigv4 200"] * 3),
        "mcp-proxy-for-aws", WAREHOUSE,
    ),
    Judge(
        "mcp-agentcore-proxy", ["with_stdio_proxy.py", "mcp-agentcore-proxy"], "`AWS_ENDPOINT_URL_BEDROCK_AGENTCORE`",
        "the same", {"protocol": "2025-03-26", "tools": TOOLS, "stock": STOCK}, invoked("sigv4 202", *["sigv4 200"] * 3),
        "mcp-agentcore-proxy", WAREHOUSE,
        ENDPOINT | {"AGENTCORE_AGENT_ARN": WAREHOUSE, "AWS_DEFAULT_REGION": "us-east-2"},
    ),
    Judge(
        "a2a-sdk", ["with_a2a.py"], "URL, bearer token", "the card, a task that asks back, the same as a stream",
        {
            "asked": ["TASK_STATE_INPUT_REQUIRED", "EUR 240 for the flight and two nights. Shall I?"],
            "done": ["TASK_STATE_COMPLETED", "Booked."],
            "stream": ["task", "status_update", "TASK_STATE_COMPLETED"],
        },
        ["GetAgentCard jwt 200", *invoked("jwt 200", "jwt 200"), "GetAgentCard jwt 200", *invoked("jwt 200")], "a2a", BOOKING,
    ),
    Judge(
        "strands-agents", ["with_strands_a2a.py"], "URL, bearer token", "`A2AAgent`: the card, a question",
        {"stop": "end_turn", "answer": "Friday: the harbour. Saturday: the old town. Sunday: sleep late."},
        ["GetAgentCard jwt 200", *invoked("jwt 200")], "strands", PLANNER,
    ),
    Judge(
        "strands-agents", ["with_strands_mcp.py"], "URL, bearer token", "`MCPClient`: the tools, one called",
        {"tools": TOOLS, "status": "success", "stock": STOCK}, invoked("jwt 202", *["jwt 200"] * 4), "strands",
        WAREHOUSE,
    ),
    Judge(
        "bedrock-agentcore", ["with_runtime_client.py"], "`HTTPS_PROXY` and `SSL_CERT_FILE`",
        "a WebSocket by signed headers, by presigned URL and by token",
        {"signed headers": "Hello there", "presigned": "Hello there", "bearer": "Hello there"},
        [f"InvokeAgentRuntimeWithWebSocketStream {scheme} 101" for scheme in ("sigv4", "sigv4", "jwt")],
        "bedrock-agentcore", environment=PROXY | TRUST,
    ),
    Judge(
        "websockets", ["with_websockets.py"], "`wss` URL, `SSL_CERT_FILE`",
        "a WebSocket by presigned URL, by subprotocol, and with a wrong secret",
        {
            "presigned": ["Hello there", "00ff", None],
            "subprotocol": ["Hello there", "00ff", "base64UrlBearerAuthorization"],
            "wrong secret": 403,
        },
        [f"InvokeAgentRuntimeWithWebSocketStream {result}" for result in ("sigv4 403", "sigv4 101", "jwt 101")],
        "web", environment=TRUST,
    ),
    Judge(
        "httpx", ["with_httpx.py"], "`https` URL, `SSL_CERT_FILE`", "an answer, a stream, `Bearer undefined`",
        {
            "answer": ANSWER, "stream": [line.removeprefix("data: ") for line in STREAM],
            "undefined": [403, {"message": "OAuth authorization failed: Failed to parse token"}],
        },
        invoked("jwt 200", "jwt 200", "jwt 403"), "web", environment=TRUST,
    ),
    Judge(
        "sslyze", ["with_sslyze.py"], "address", "Mozilla's \"intermediate\" profile, resumption, renegotiation, early data",
        {
            "intermediate": "compliant", "offered": ["tls_1_2", "tls_1_3"], "compression": False, "early data": False,
            "renegotiates for clients": False, "resumes by ticket": "FULLY_SUPPORTED",
        },
        [], "sslyze", environment=TRUST,
    ),
    Judge(
        "curl", ["with_curl.sh"], "URL; `--resolve`; `--proxy`; `CURL_CA_BUNDLE`", "`--aws-sigv4`, plain and to AWS's host name",
        {"plain": ANSWER, "by name": ANSWER, "by proxy": ANSWER}, invoked("sigv4 200", "sigv4 200", "sigv4 200"),
        environment=TRUST,
    ),
    Judge(
        "node", ["with_fetch.mjs"], "`https` URL, `NODE_EXTRA_CA_CERTS`", "`fetch`: an answer, a stream",
        {"answer": ANSWER, "stream": STREAM}, invoked("jwt 200", "jwt 200"), environment=TRUST,
    ),
]  # fmt: skip
