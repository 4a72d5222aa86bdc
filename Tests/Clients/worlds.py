"""The worlds of fixtures/scenarios, served and called with the keys that stand in them."""

from __future__ import annotations

import json
import pathlib

import botocore.exceptions
from botocore.config import Config

from callers import AWS
from resilience import Seen
from understudy import Server, free_port

SCENARIOS = pathlib.Path(__file__).parents[2] / "fixtures/scenarios"
SESSION = "session-0123456789-0123456789-0123456789"

# Region, access key and secret of each world that takes signatures.
KEYS = {
    "coach": ("eu-west-1", "AKIACOACHEXAMPLE0001", "understudy/coach/example/secret/key"),
    "trades": ("us-west-2", "AKIATRADESEXAMPLE001", "understudy/trades/example/secret/key"),
    "warehouse": ("us-east-2", "AKIASTOCKEXAMPLE0001", "understudy/warehouse/example/secret/key"),
    "telco": ("eu-central-1", "AKIATELCOEXAMPLE0001", "understudy/telco/example/secret/key"),
}


def serving(world: str, folder: pathlib.Path, *more: str, options: tuple = ()) -> Server:
    """The world and more of its files, merged. Its own issuer is named with the port of a usual server."""
    port = free_port()
    text = (SCENARIOS / f"{world}.json").read_text().replace("127.0.0.1:8787", f"127.0.0.1:{port}")
    (folder / "world.json").write_text(text)
    files = [SCENARIOS / f"{name}.json" for name in more]
    return Server(folder, folder / "world.json", *files, "--seed", 7, *options, port=port)


def signing(server, world: str, **config):
    region, key, secret = KEYS[world]
    return AWS.client(
        "bedrock-agentcore", endpoint_url=server.url, region_name=region, aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=100, **config),
    )  # fmt: skip


def invoke(client, agent: str, payload: dict, session: str = SESSION) -> Seen:
    seen = Seen()
    try:
        answer = client.invoke_agent_runtime(agentRuntimeArn=agent, runtimeSessionId=session, payload=json.dumps(payload))
        seen.status = answer["statusCode"]
        seen.body = answer["response"].read()
    except botocore.exceptions.ClientError as error:
        seen.status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        seen.code = error.response["Error"]["Code"]
    except botocore.exceptions.BotoCoreError as error:
        seen.error = type(error).__name__
    return seen
