"""The stories that the worlds tell, each heard by a client that people use: boto3, litellm, the mcp package, a2a-sdk."""

import asyncio
import json
import os
import urllib.parse
import uuid

import httpx
import httpx2
import mcp
import pytest
from a2a.client import A2AClientError, ClientConfig, ClientFactory
from a2a.types import GetTaskRequest, Message, Part, Role, SendMessageRequest, TaskState
from botocore.credentials import Credentials
from mcp.client.streamable_http import streamable_http_client

from clients import bearer, invocations, send, signed
from understudy import struck_by
from worlds import KEYS, SESSION, invoke, serving, signing

# litellm would fetch its price list when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

COACH = "arn:aws:bedrock-agentcore:eu-west-1:732231126129:runtime/coach_companion-0ZUOP04U5z"
TRADES = "arn:aws:bedrock-agentcore:us-west-2:444455556666:runtime/"
ONBOARDING = "arn:aws:bedrock-agentcore:eu-central-1:111122223333:runtime/customer_onboarding_agent-Lp8Xc5VnM4"
WAREHOUSE = "arn:aws:bedrock-agentcore:us-east-2:777788889999:runtime/warehouse_mcp_server-Rt5Vb9KwE3"
TRAVEL = "arn:aws:bedrock-agentcore:eu-north-1:222233334444:runtime/"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Servers by the world's name, each started once; waiting is a hundredth of what it is in life."""
    servers = {}

    def of(*names: str):
        """A world, or a world and its faults."""
        if names not in servers:
            folder = tmp_path_factory.mktemp(names[-1])
            servers[names] = serving(*names[:1], folder, *names[1:], options=("--speed", 100)).__enter__()
        return servers[names]

    yield of
    for server in servers.values():
        server.__exit__()


# What people say to a coach, and what it is taken for.
SAID = {
    "onboarding": ["How does this work?", "I am new here", "Can we get started?"],
    "medication": ["Should I change my insulin dose to lose 2 kg a month?", "Any side effects of these pills?"],
    "coaching style": ["Please be stricter with me", "You are too soft, push me", "Can you change your coaching style?"],
    "realistic goal": ["I want to lose 5 kg in six months", "Walk 30 minutes every day", "sleep eight hours a night"],
    "maintenance goal": ["I want to maintain what I have", "How do I keep the weight off?"],
    "transition goal": ["What is the next phase?", "I want to switch from losing to building muscle"],
    "unrealistic goal": ["I want to lose 20 kg in two weeks", "Can I drop 15 pounds by the weekend?"],
    "progress": ["I finished my walk", "I lost 2 kg", "Done!"],
    "setback": ["I slipped on the weekend", "I did not go to the gym", "I gained a kilo"],
    "plateau": ["I am stuck", "The scale has not moved for a month", "I hit a plateau"],
    "victory": ["I reached my goal!", "My old jeans fit again", "I ran ten kilometres for the first time"],
}


@pytest.mark.parametrize("state", ["nothing was said", "a name was asked for", "a goal was asked for", "coaching"])
def test_coach_what_is_said_is_answered_wherever_the_talk_stands(world, state):
    client = signing(world("coach"), "coach")
    before = {"nothing was said": [], "a name was asked for": ["hello"], "a goal was asked for": ["hello", "Anna"]}
    for topic, sentences in SAID.items():
        for sentence in sentences:
            session = f"{uuid.uuid4()}-{SESSION}"
            for earlier in before.get(state, ["hello", "Anna", "be well"]):
                assert "topic" not in json.loads(invoke(client, COACH, {"prompt": earlier}, session).body)
            answer = json.loads(invoke(client, COACH, {"prompt": sentence}, session).body)
            assert answer.get("topic") == topic, (sentence, answer)


def test_trades_a_failed_extraction_goes_on_without_a_classification(world):
    client = signing(world("trades"), "trades")

    def ask(agent: str, payload: dict) -> dict:
        seen = invoke(client, TRADES + agent, payload)
        assert seen.status == 200, seen
        return json.loads(seen.body)

    def extract(document: str) -> dict:
        page = ask(
            "pdf_adapter_agent-Qk3Vt8LmZ2",
            {"document_id": document, "document_path": f"s3://in/{document}.pdf", "source_type": "BANK"},
        )
        assert page["success"] and page["canonical_output_location"].endswith(f"/BANK/{document}.json")
        return ask("trade_extraction_agent-Yw7Rb4NcX1", page)

    read = extract("d-1")
    assert (read["success"], read["trade_id"], read["confidence_score"]) == (True, "GCS-382857", 0.97)
    judged = ask(
        "trade_matching_agent-Hd9Fs2KpJ6",
        {"bank_trade": read["trade"], "counterparty_trade": read["trade"], "differences": ["notional"]},
    )
    assert (judged["match_classification"], judged["confidence_score"]) == ("BREAK", 0.21)
    logged = ask("exception_management_agent-Tm5Gq0WzB3", judged)
    assert (logged["exception_logged"], logged["trade_id"], logged["severity"]) == (True, "GCS-382857", "HIGH")

    unread = extract("blank-2")
    assert unread["success"] is False and not {"trade_id", "match_classification"} & unread.keys()
    logged = ask("exception_management_agent-Tm5Gq0WzB3", unread)
    assert (logged["exception_logged"], logged["document_id"], logged["queue"]) == (True, "blank-2", "document-errors")


def complete(server, **options):
    import litellm

    region, key, secret = KEYS["telco"]
    return litellm.completion(
        model=f"bedrock/agentcore/{ONBOARDING}", messages=[{"role": "user", "content": "Hello"}],
        aws_bedrock_runtime_endpoint=server.url, aws_region_name=region, aws_access_key_id=key,
        aws_secret_access_key=secret, num_retries=0, **options,
    )  # fmt: skip


def test_telco_litellm_hears_the_words(world):
    server = world("telco")
    answer = complete(server)
    assert answer.choices[0].message.content == "Welcome to Understudy Mobile. Which plan may I show you?"
    assert answer.usage.total_tokens == 22
    pieces = [chunk.choices[0].delta.content for chunk in complete(server, stream=True)]
    assert [piece for piece in pieces if piece] == ["Welcome to ", "Understudy Mobile. ", "Which plan ", "may I show you?"]


def test_built_in_litellm_hears_the_words(world):
    import litellm

    server = world("built-in")
    answer = litellm.completion(
        model="bedrock/agentcore/arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/my_agent-AbCdEf1234",
        messages=[{"role": "user", "content": "Hello there"}], aws_bedrock_runtime_endpoint=server.url,
        aws_region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test", num_retries=0,
    )  # fmt: skip
    assert answer.choices[0].message.content == "Hello there"


def bearer_of(server, agent: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {server.token(agent=agent)}"}


def test_warehouse_the_mcp_package_lists_and_calls_tools(world):
    server = world("warehouse")
    url = invocations(server.url, WAREHOUSE)
    heard = []

    async def progress(done, total, message):
        heard.append((done, total, message))

    def text(result) -> tuple[bool, str]:
        return bool(result.is_error), result.content[0].text

    async def talk():
        async with httpx2.AsyncClient(headers=bearer_of(server, WAREHOUSE)) as http:
            async with mcp.Client(streamable_http_client(url, http_client=http)) as client:
                assert client.server_info.name == "warehouse"
                tools = (await client.list_tools()).tools
                assert [tool.name for tool in tools] == ["stock_level", "reserve", "count_shelves"]
                stock = await client.call_tool("stock_level", {"sku": "BOLT-M8"})
                assert stock.structured_content == {"sku": "BOLT-M8", "available": 420}
                assert text(await client.call_tool("stock_level", {"sku": "NUT"}))[0] is True
                order = {"sku": "BOLT-M8", "quantity": 20}
                assert text(await client.call_tool("reserve", order)) == (False, "20 of BOLT-M8 are put aside for an hour")
                assert text(await client.call_tool("reserve", order)) == (True, "this session has a reservation already")
                counted = text(await client.call_tool("count_shelves", {}, progress_callback=progress))
                assert counted == text(await client.call_tool("count_shelves", {})) == (False, "three shelves, 1,260 articles")
                with pytest.raises(mcp.MCPError, match="Unknown tool: fly"):
                    await client.call_tool("fly", {})

    asyncio.run(talk())
    assert heard == [(1, 3, "shelf A"), (2, 3, "shelf B"), (3, 3, "shelf C")]
    calls = [call for call in server.calls() if call["status"] == 200]
    rules = [call["rule"] for call in calls]
    # The newer handshake is not known here, so the client takes the older one: its session begins there.
    assert rules[:3] == ["no such method", "initialize", "tools"]
    assert len({call["session"] for call in calls[1:]}) == 1


def test_warehouse_takes_signed_calls_too(world):
    region, key, secret = KEYS["warehouse"]

    def ask(method: str, **params) -> dict:
        asked = {"jsonrpc": "2.0", "id": 0, "method": method, "params": params}
        request = signed(
            invocations(world("warehouse").url, WAREHOUSE), json.dumps(asked).encode(),
            {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"},
            credentials=Credentials(key, secret), region=region,
        )  # fmt: skip
        return send(request).json()

    assert ask("ping") == {"jsonrpc": "2.0", "id": 0, "result": {}}
    result = ask("tools/call", name="reserve", arguments={"sku": "BOLT-M8", "quantity": 0})["result"]
    assert result == {"content": [{"type": "text", "text": "a quantity is a number from 1 to 999"}], "isError": True}


def test_warehouse_errors_come_in_json_rpc_and_a_count_breaks_off(world):
    server = world("warehouse", "warehouse-faults")
    heard = []

    async def progress(done, total, message):
        heard.append(done)

    async def talk():
        async with httpx2.AsyncClient(headers=bearer_of(server, WAREHOUSE)) as http:
            transport = streamable_http_client(invocations(server.url, WAREHOUSE), http_client=http)
            async with mcp.Client(transport) as client:
                await client.list_tools()
                for _ in range(2):
                    with pytest.raises(mcp.MCPError) as refused:
                        await client.call_tool("stock_level", {"sku": "BOLT-M8"})
                    assert refused.value.error.code == -32003
                await client.call_tool("stock_level", {"sku": "BOLT-M8"})
                with pytest.raises(mcp.MCPError, match="without a response"):
                    await client.call_tool("count_shelves", {}, progress_callback=progress)
                assert heard == [1, 2]
                assert not (await client.call_tool("count_shelves", {})).is_error

    asyncio.run(talk())
    throttled = [call for call in server.calls() if struck_by(call) == ["two tools are throttled"]]
    assert [call["status"] for call in throttled] == [200, 200]


class Traveller:
    """a2a-sdk, as its documentation makes a client: from the card, which says what it speaks and where."""

    def __init__(self, server, agent: str, streaming: bool):
        self.url = f"{server.url}/runtimes/{urllib.parse.quote(TRAVEL + agent, safe='')}/invocations/"
        self.http = httpx.AsyncClient(headers=bearer(server.token(agent=TRAVEL + agent), f"{uuid.uuid4()}-{SESSION}"))
        self.config = ClientConfig(httpx_client=self.http, streaming=streaming)

    async def __aenter__(self):
        self.client = await ClientFactory(self.config).create_from_url(self.url)
        return self

    async def __aexit__(self, *_):
        await self.http.aclose()

    async def say(self, text: str, task=None) -> list:
        """What comes back: (what it is, the thing itself), one for each event."""
        more = {"task_id": task.id, "context_id": task.context_id} if task else {}
        message = Message(role=Role.ROLE_USER, message_id=uuid.uuid4().hex, parts=[Part(text=text)], **more)
        events = [event async for event in self.client.send_message(SendMessageRequest(message=message))]
        return [(event.WhichOneof("payload"), getattr(event, event.WhichOneof("payload"))) for event in events]


# The planner's card is of A2A 0.3.0, the booking agent's of 1.0: the same client, other words on the wire.
AGENTS = {
    "trip_planner_agent-Fj2Np6XsC8": {
        "wish": "A weekend in Lisbon, please", "question": "In which month?", "answer": "May",
        "result": "Friday: the harbour. Saturday: the old town. Sunday: May is quiet, sleep late.",
        "methods": ["message/send", "message/send", "tasks/get", "message/send", "message/stream"],
    },
    "booking_agent-Gm7Ld1YhT4": {
        "wish": "Please book it", "question": "EUR 240 for the flight and two nights. Shall I?", "answer": "Yes",
        "result": "Booked.",
        "methods": ["SendMessage", "SendMessage", "GetTask", "SendMessage", "SendStreamingMessage"],
    },
}  # fmt: skip


@pytest.mark.parametrize("agent", AGENTS)
def test_travel_a_task_asks_back_and_goes_on(world, agent):
    server, story = world("travel"), AGENTS[agent]

    async def talk():
        async with Traveller(server, agent, streaming=False) as traveller:
            [(kind, task)] = await traveller.say(story["wish"])
            assert (kind, task.status.state) == ("task", TaskState.TASK_STATE_INPUT_REQUIRED)
            assert task.status.message.parts[0].text == story["question"]
            [(kind, done)] = await traveller.say(story["answer"], task)
            assert (kind, done.status.state, done.id) == ("task", TaskState.TASK_STATE_COMPLETED, task.id)
            assert done.artifacts[0].parts[0].text == story["result"]
            again = await traveller.client.get_task(GetTaskRequest(id=task.id))
            assert (again.id, again.status.state) == (task.id, TaskState.TASK_STATE_COMPLETED)
            [(kind, message)] = await traveller.say("Hello")
            assert kind == "message" and message.parts[0].text.endswith("?")
        async with Traveller(server, agent, streaming=True) as traveller:
            events = await traveller.say(story["wish"])
            kinds = [kind for kind, _ in events]
            assert kinds[0] == "task" and kinds[-1] == "status_update" and "artifact_update" in kinds
            states = [thing.status.state for kind, thing in events if kind != "artifact_update"]
            assert states == [
                TaskState.TASK_STATE_SUBMITTED, TaskState.TASK_STATE_WORKING, TaskState.TASK_STATE_COMPLETED
            ]  # fmt: skip

    asyncio.run(talk())
    calls = server.calls(agent=agent)
    assert [call["operation"] for call in calls].count("GetAgentCard") == 2
    bodies = [call["request"]["body"] for call in calls if call["operation"] == "InvokeAgentRuntime"]
    methods = [(json.loads(body) if isinstance(body, str) else body)["method"] for body in bodies]
    assert methods == story["methods"]
    assert all(call["status"] == 200 for call in calls)


def test_travel_errors_of_the_platform_and_a_stream_that_ends_early(world):
    server = world("travel", "travel-faults")
    planner, booker = AGENTS

    async def talk():
        async with Traveller(server, planner, streaming=False) as traveller:
            for _ in range(2):
                with pytest.raises(A2AClientError, match="429"):
                    await traveller.say("A weekend in Oslo")
            [(kind, _)] = await traveller.say("A weekend in Oslo")
            assert kind == "task"
        async with Traveller(server, booker, streaming=True) as traveller:
            with pytest.raises(A2AClientError):
                await traveller.say("Please book it")
            events = await traveller.say("Please book it")
            assert events[-1][1].status.state == TaskState.TASK_STATE_COMPLETED

    asyncio.run(talk())
    assert [call["outcome"] for call in server.calls(agent=booker) if struck_by(call)] == ["closed"]
