"""The scenario that the client tests play in, and the names in it."""

from __future__ import annotations

ACCOUNT = "209803798463"
REGION = "us-east-1"
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SESSION = "session-0123456789-0123456789-0123456789"
POOL = "us-east-1_Understudy"

TEMPORARY = {"accessKeyId": "ASIATEMPORARY", "secretAccessKey": "temporary-secret", "sessionToken": "Temp/Token+Value=="}
EXPIRED = {
    "accessKeyId": "ASIAEXPIRED",
    "secretAccessKey": "expired-secret",
    "sessionToken": "ExpiredTokenValue==",
    "expires": "2024-01-01T00:00:00Z",
}
DENIED = {
    "accessKeyId": "AKIADENIED",
    "secretAccessKey": "denied-secret",
    "deny": ["bedrock-agentcore:InvokeAgentRuntime"],
}

ANNA = {"username": "anna", "password": "Correct-Horse-1", "clientId": "app-client", "groups": ["cooks"]}
MACHINE = {
    "username": "machine",
    "clientId": "machine-client",
    "clientSecret": "machine-secret",
    "scopes": ["agents/invoke"],
}


def arn(agent: str) -> str:
    return f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:runtime/{agent}"


SIGNED = arn("signed_agent-ABCDEFGHIJ")
TOKEN = arn("token_agent-KLMNOPQRST")
TOKEN_2026 = arn("token_agent_2026-KLMNOPQRST")
OPEN = arn("open_agent-UVWXYZABCD")
UNKNOWN = arn("nobody_knows_me-ABCDEFGHIJ")

WORDS = ["Hel", "lo ", "wörld ", "🍣"]
EVERY_SECONDS = 0.2


def scenario(port: int) -> dict:
    authorizer = {
        "jwt": {
            "discoveryUrl": f"http://127.0.0.1:{port}/{POOL}/.well-known/openid-configuration",
            "allowedClients": [ANNA["clientId"], MACHINE["clientId"]],
        }
    }
    return {
        "understudy": 1,
        "agents": [
            {"arn": SIGNED, "auth": "sigv4", "endpoints": ["DEFAULT", "prod"]},
            {"arn": TOKEN, "auth": authorizer},
            {"arn": TOKEN_2026, "auth": authorizer, "dialect": "2026"},
            {"arn": OPEN, "auth": "none"},
        ],
        "credentials": [{"accessKeyId": KEY, "secretAccessKey": SECRET}, TEMPORARY, EXPIRED, DENIED],
        "users": [ANNA, MACHINE],
        "rules": [
            {
                "name": "stream",
                "when": {"payload": [{"path": "$.prompt", "equals": "stream"}]},
                "reply": {"stream": {"every": "200ms", "events": [{"data": {"data": word}} for word in WORDS]}},
            },
            {
                "name": "busy",
                "when": {"payload": [{"path": "$.prompt", "equals": "busy"}]},
                "reply": {"error": {"name": "ThrottlingException", "message": "Slow down"}},
            },
            {
                "name": "broken",
                "when": {"payload": [{"path": "$.prompt", "equals": "broken"}]},
                "reply": {"agentError": 500},
            },
            {
                "name": "picture",
                "when": {"payload": [{"path": "$.prompt", "equals": "picture"}]},
                "reply": {"base64": "iVBORw0KGgo=", "contentType": "image/png"},
            },
            {
                "name": "first",
                "when": {"payload": [{"path": "$.prompt", "equals": "again"}], "state": "start"},
                "then": "greeted",
                "reply": {"json": {"turn": "first", "call": "{{call}}"}},
            },
            {
                "name": "second",
                "when": {"payload": [{"path": "$.prompt", "equals": "again"}], "state": "greeted"},
                "reply": {"json": {"turn": "second", "call": "{{call}}"}},
            },
            {
                "name": "sushi",
                "when": {"payload": [{"path": "$.prompt", "contains": "sushi"}]},
                "reply": {"json": {"answer": "You said {{payload.prompt}}", "session": "{{session}}"}},
            },
            {
                "name": "mirror",
                "when": {"payload": [{"path": "$.mirror", "exists": True}]},
                "reply": {"json": {"mirror": "{{payload.mirror}}"}},
            },
            {"name": "echo", "when": {"payload": [{"path": "$.echo", "exists": True}]}, "reply": {"echo": True}},
        ],
    }
