"""A small world that faults are tried in: a JSON answer and a stream, for callers that sign and callers with a token."""

from __future__ import annotations

from world import ACCOUNT, KEY, POOL, REGION, SECRET


def arn(agent: str) -> str:
    return f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:runtime/{agent}"


SIGNED = arn("signed_agent-ABCDEFGHIJ")
TOKEN = arn("token_agent-KLMNOPQRST")
OPEN = arn("open_agent-UVWXYZABCD")
CLIENT, USER, PASSWORD = "app-client", "anna", "Correct-Horse-1"

# The third has a character of two bytes, the fourth one of four.
WORDS = ["Hel", "lo ", "wörld ", "🍣", "!"]
FRAMES = [f'"{word}"' for word in WORDS]
JSON_ANSWER = {"answer": "grüß Gott", "number": 7}
BODY = '{"answer": "grüß Gott", "number": 7}'.encode()


def scenario(port: int) -> dict:
    authorizer = {
        "jwt": {
            "discoveryUrl": f"http://127.0.0.1:{port}/{POOL}/.well-known/openid-configuration",
            "allowedClients": [CLIENT],
        }
    }
    return {
        "understudy": 1,
        "agents": [
            {"arn": SIGNED, "auth": "sigv4"},
            {"arn": TOKEN, "auth": authorizer},
            {"arn": OPEN, "auth": "none"},
        ],
        "credentials": [{"accessKeyId": KEY, "secretAccessKey": SECRET}],
        "users": [{"username": USER, "password": PASSWORD, "clientId": CLIENT}],
        "rules": [
            {
                "name": "stream",
                "when": {"payload": [{"path": "$.prompt", "equals": "stream"}]},
                "reply": {"stream": {"every": "2ms", "events": [{"data": word} for word in WORDS]}},
            },
            {"name": "json", "reply": {"json": JSON_ANSWER}},
        ],
    }
