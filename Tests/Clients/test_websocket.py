"""WebSockets as programs open them: python websockets, signed four ways, and what RFC 6455 wants of the other end."""

import base64
import json
import os
import socket
import struct
import time
import urllib.parse

import httpx
import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from understudy import Server
from world import KEY, REGION, SECRET, SESSION, SIGNED, arn

SESSION_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
SOCKETS = "InvokeAgentRuntimeWithWebSocketStream"
AGENT = arn("talking_agent-ABCDEFGHIJ")


def address(url, agent=AGENT, **query):
    text = f"{url}/runtimes/{urllib.parse.quote(agent, safe='')}/ws"
    return text + ("?" + urllib.parse.urlencode(query) if query else "")


def ws(url):
    return "ws" + url.removeprefix("http")


def signed(url, **more):
    request = AWSRequest("GET", url)
    SigV4Auth(Credentials(KEY, SECRET), "bedrock-agentcore", REGION).add_auth(request)
    return dict(request.headers) | more


def presigned(url, sign_without_port=False):
    """As the service's helper does: the parameters are signed with the rest of the query."""
    port = urllib.parse.urlsplit(url).port
    request = AWSRequest("GET", url.replace(f":{port}", "") if sign_without_port else url)
    SigV4QueryAuth(Credentials(KEY, SECRET), "bedrock-agentcore", REGION, expires=300).add_auth(request)
    parts = urllib.parse.urlsplit(request.url)
    return urllib.parse.urlunsplit(parts._replace(netloc=urllib.parse.urlsplit(url).netloc))


def open_signed(server, agent=AGENT, session=None, **options):
    url = address(server.url, agent, qualifier="DEFAULT")
    fields = signed(url, **({SESSION_HEADER: session} if session else {}))
    return connect(ws(url), additional_headers=fields, compression=None, **options)


def last(server):
    """The last call that opened, or did not open, a conversation."""
    return server.last_call(operation=SOCKETS)


def said(call):
    return [(m["direction"], m["kind"], m["bytes"]) for m in call["messages"]]


# How a conversation is opened


def test_signed_headers_and_the_journal(builtin):
    session = SESSION + "-ws-1"
    with open_signed(builtin, session=session) as conversation:
        assert conversation.response.status_code == 101
        assert conversation.response.headers[SESSION_HEADER] == session
        conversation.send("hello")
        assert conversation.recv(timeout=5) == "hello"
        conversation.send(b"\x00\xff")
        assert conversation.recv(timeout=5) == b"\x00\xff"
        running = last(builtin)
        assert said(running) == [("in", "text", 5), ("out", "text", 5), ("in", "binary", 2), ("out", "binary", 2)]
        assert running["outcome"] is None
    call = last(builtin)
    assert (call["status"], call["outcome"], call["session"], call["rule"]) == (101, "completed", session, "echo-messages")
    assert call["auth"]["scheme"] == "sigv4" and call["auth"]["verdict"] == "allowed"
    assert said(call)[-2:] == [("in", "close", 2), ("out", "close", 2)]
    moments = [message["at"] for message in call["messages"]]
    assert moments == sorted(moments) and moments[-1] <= call["ended"]


@pytest.mark.parametrize("without_port", [False, True])
def test_a_presigned_query(builtin, without_port):
    session = SESSION + f"-presigned-{without_port}"
    url = address(builtin.url, qualifier="DEFAULT", **{SESSION_HEADER: session})
    with connect(ws(presigned(url, without_port))) as conversation:
        conversation.send("a")
        assert conversation.recv(timeout=5) == "a"
    call = last(builtin)
    assert call["session"] == session and call["auth"]["scheme"] == "sigv4"
    assert "X-Amz-Signature=[redacted]" in call["request"]["path"] or "X-Amz-Signature" not in call["request"]["path"]


def test_a_bearer_field(builtin):
    token = builtin.token(agent=AGENT)
    with connect(ws(address(builtin.url)), additional_headers={"Authorization": f"Bearer {token}"}) as conversation:
        conversation.send("a")
        assert conversation.recv(timeout=5) == "a"
    assert last(builtin)["auth"]["scheme"] == "jwt"


def test_a_browsers_subprotocol(builtin):
    token = builtin.token(agent=AGENT)
    encoded = base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")
    offers = [f"base64UrlBearerAuthorization.{encoded}", "base64UrlBearerAuthorization"]
    # The service's own page writes the ARN as it is.
    with connect(ws(f"{builtin.url}/runtimes/{AGENT}/ws"), subprotocols=offers) as conversation:
        assert conversation.subprotocol == "base64UrlBearerAuthorization"
        conversation.send("a")
        assert conversation.recv(timeout=5) == "a"
    call = last(builtin)
    assert call["auth"]["scheme"] == "jwt" and call["agent"] == AGENT
    assert encoded not in builtin.journal_text() and token not in builtin.journal_text()


def test_compression_is_declined(builtin):
    url = address(builtin.url)
    with connect(ws(url), additional_headers=signed(url), compression="deflate") as conversation:
        assert "Sec-WebSocket-Extensions" not in conversation.response.headers
        conversation.send("a" * 1000)
        assert conversation.recv(timeout=5) == "a" * 1000


@pytest.mark.parametrize(
    "fields, status",
    [
        ({"Upgrade": ""}, 426),
        ({"Connection": "close"}, 426),
        ({"Sec-WebSocket-Version": "8"}, 426),
        ({"Sec-WebSocket-Key": "short"}, 400),
    ],
)
def test_what_is_no_opening_is_refused_and_kept(builtin, fields, status):
    url = address(builtin.url)
    opening = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    }
    answer = httpx.get(url, headers=signed(url) | opening | fields)
    assert answer.status_code == status
    assert answer.headers["x-amzn-ErrorType"] == "ValidationException" and "RFC 6455" in answer.json()["message"]
    if status == 426:
        assert answer.headers["Sec-WebSocket-Version"] == "13"
        # RFC 9110 7.8: whoever sends Upgrade sends the connection option, too.
        assert answer.headers["Upgrade"] == "websocket" and "Upgrade" in answer.headers["Connection"]
    assert last(builtin)["status"] == status


def test_nobody_gets_in_without_a_signature(builtin):
    with pytest.raises(InvalidStatus) as refused:
        connect(ws(address(builtin.url)))
    assert refused.value.response.status_code == 403
    call = last(builtin)
    assert call["status"] == 403 and call["auth"]["verdict"] == "refused" and call["messages"] is None


# What is said in it


@pytest.fixture(scope="module")
def scripted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("talk")
    file = folder / "talk.json"
    file.write_text(json.dumps(SCENARIO))
    with Server(folder, file) as server:
        yield server


SCENARIO = {
    "understudy": 1,
    "agents": [{"arn": "*", "auth": "none"}],
    "rules": [
        {
            "name": "pushing",
            "agent": "pushing_agent-*",
            "operation": SOCKETS,
            "reply": {"websocket": {"open": [{"text": f"push {n}", "after": "100ms"} for n in range(1, 6)], "echo": True}},
        },
        {
            "name": "talk",
            "operation": SOCKETS,
            "reply": {
                "headers": {"X-Agent": "talks"},
                "websocket": {
                    "open": [{"json": {"hello": True}, "after": "50ms"}],
                    "messages": [
                        {
                            "when": {"payload": [{"path": "$.prompt", "contains": "sushi"}], "state": "start"},
                            "then": "asked",
                            "send": [
                                {"json": {"answer": "{{payload.prompt}}", "in": "{{session}}"}},
                                {"text": "second", "after": "20ms"},
                                {"base64": "AAEC"},
                            ],
                        },
                        {
                            "when": {"payload": [{"path": "$.prompt", "contains": "sushi"}], "state": "asked"},
                            "send": [{"text": "again"}],
                            "close": {"code": 1000, "reason": "bye"},
                        },
                    ],
                },
            },
        },
    ],
}


def talk(server, agent="talking_agent", session=None):
    url = address(server.url, arn(f"{agent}-ABCDEFGHIJ"))
    return connect(ws(url), additional_headers={SESSION_HEADER: session} if session else {}, compression=None)


def test_a_scripted_conversation(scripted):
    session = SESSION + "-talk"
    with talk(scripted, session=session) as conversation:
        assert conversation.response.headers["X-Agent"] == "talks"
        assert json.loads(conversation.recv(timeout=5)) == {"hello": True}
        conversation.send(json.dumps({"prompt": "pizza"}))
        conversation.send(json.dumps({"prompt": "sushi"}))
        assert json.loads(conversation.recv(timeout=5)) == {"answer": "sushi", "in": session}
        assert conversation.recv(timeout=5) == "second"
        assert conversation.recv(timeout=5) == b"\x00\x01\x02"
        conversation.send(json.dumps({"prompt": "more sushi"}))
        assert conversation.recv(timeout=5) == "again"
        with pytest.raises(ConnectionClosed) as closed:
            conversation.recv(timeout=5)
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1000, "bye")
    call = last(scripted)
    assert call["outcome"] == "completed" and call["rule"] == "talk"
    pizza = call["messages"][1]
    assert pizza["direction"] == "in" and "pizza" in pizza["nearMisses"][0]["because"]
    assert {"code": 1000, "reason": "bye"}.items() <= call["messages"][-2].items()


def test_nothing_is_waited_for_at_the_greatest_speed(tmp_path):
    file = tmp_path / "talk.json"
    file.write_text(json.dumps(SCENARIO))
    with Server(tmp_path, file, "--speed", "max") as server:
        with talk(server, session=SESSION + "-fast") as conversation:
            assert json.loads(conversation.recv(timeout=5)) == {"hello": True}
            conversation.send(json.dumps({"prompt": "sushi"}))
            assert json.loads(conversation.recv(timeout=5))["answer"] == "sushi"
            assert [conversation.recv(timeout=5) for _ in range(2)] == ["second", b"\x00\x01\x02"]
        with talk(server, "pushing_agent") as conversation:
            assert [conversation.recv(timeout=5) for _ in range(5)] == [f"push {n}" for n in range(1, 6)]
            for _ in range(3):
                conversation.send("back")
                assert conversation.recv(timeout=5) == "back"


def test_pushes_keep_their_distances_and_answers_come_between(scripted):
    with talk(scripted, "pushing_agent") as conversation:
        conversation.send("quick")
        heard = [(conversation.recv(timeout=5), time.monotonic()) for _ in range(6)]
    texts = [text for text, _ in heard]
    assert texts[0] == "quick" and texts[1:] == [f"push {n}" for n in range(1, 6)]
    moments = [m["at"] for m in last(scripted)["messages"] if m["direction"] == "out" and m["bytes"] == 6]
    # By the server's own journal: deadlines are absolute, so distances do not add up.
    assert all(abs(moment - 100 * n) < 60 for n, moment in enumerate(moments[:5], 1)), moments


def test_a_stopped_session_closes_its_socket(scripted):
    session = SESSION + "-stopped"
    with talk(scripted, session=session) as conversation:
        stop = f"{scripted.url}/runtimes/{urllib.parse.quote(AGENT, safe='')}/stopruntimesession"
        assert httpx.post(stop, headers={SESSION_HEADER: session}).status_code == 200
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(5):
                conversation.recv(timeout=5)
    assert closed.value.rcvd.code == 1001
    assert last(scripted)["outcome"] == "closed" and "stopped" in last(scripted)["why"]


def test_an_hour_on_the_spaces_clock(scripted):
    url = address(f"{scripted.url}/_space/hour", arn("other_agent-ABCDEFGHIJ"))
    with connect(ws(url), compression=None) as conversation:
        assert conversation.recv(timeout=5) == '{"hello": true}'
        for advance in ["10m"] * 5:
            conversation.send("still here")
            # The message is heard before the clock is moved: its ping comes back behind it.
            conversation.ping().wait(timeout=5)
            httpx.put(f"{scripted.url}/_space/hour/_understudy/clock", json={"advance": advance}).raise_for_status()
        conversation.send("still here")
        conversation.ping().wait(timeout=5)
        httpx.put(f"{scripted.url}/_space/hour/_understudy/clock", json={"advance": "11m"}).raise_for_status()
        with pytest.raises(ConnectionClosed) as closed:
            conversation.recv(timeout=5)
    assert closed.value.rcvd.code == 1008
    assert closed.value.rcvd.reason == "Max connection duration of 1 hour is exceeded"


def test_an_hour_in_one_jump_of_a_frozen_clock(scripted):
    space = f"{scripted.url}/_space/jump"
    with connect(ws(address(space, arn("other_agent-ABCDEFGHIJ"))), compression=None, ping_interval=None) as conversation:
        assert conversation.recv(timeout=5) == '{"hello": true}'
        for change in [{"freeze": True}, {"advance": "61m"}]:
            httpx.put(f"{space}/_understudy/clock", json=change).raise_for_status()
        with pytest.raises(ConnectionClosed) as closed:
            conversation.recv(timeout=5)
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "Max connection duration of 1 hour is exceeded")


@pytest.mark.parametrize(
    "fault, code, outcome",
    [
        ({"fault": "ws-close", "code": 1011, "reason": "out of tokens", "messages": 2}, 1011, "closed"),
        ({"fault": "ws-drop", "messages": 2}, None, "closed"),
        ({"fault": "reset", "at": "frame 2"}, None, "reset"),
        ({"fault": "close", "at": "frame 2"}, None, "closed"),
    ],
)
def test_faults_strike_after_so_many_messages(builtin, fault, code, outcome):
    space = builtin.url
    httpx.post(f"{space}/_understudy/faults", json=fault | {"name": "cut"}).raise_for_status()
    url = address(space)
    with connect(ws(url), additional_headers=signed(url), compression=None) as conversation:
        for number in range(2):
            conversation.send(str(number))
        heard = []
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                heard.append(conversation.recv(timeout=5))
    assert heard == ["0", "1"] or fault["fault"] == "reset" and heard == ["0", "1"][: len(heard)]
    assert (closed.value.rcvd.code if closed.value.rcvd else None) == code
    call = httpx.get(f"{space}/_understudy/calls").json()["calls"][-1]
    assert (call["outcome"], [fault["name"] for fault in call["faults"]]) == (outcome, ["cut"])


def test_latency_and_a_fault_that_came_too_late(builtin):
    space = builtin.url
    for fault in [
        {"name": "slow", "fault": "latency", "delay": "80ms", "at": "every-frame"},
        {"name": "late", "fault": "ws-drop", "messages": 9},
    ]:
        httpx.post(f"{space}/_understudy/faults", json=fault).raise_for_status()
    url = address(space)
    with connect(ws(url), additional_headers=signed(url), compression=None) as conversation:
        conversation.send("a")
        assert conversation.recv(timeout=5) == "a"
    call = httpx.get(f"{space}/_understudy/calls").json()["calls"][-1]
    moments = {m["direction"]: m["at"] for m in call["messages"] if m["kind"] == "text"}
    assert moments["out"] - moments["in"] >= 79
    assert call["faults"][0]["applied"] and "only 1 frame" in call["faults"][1]["why"]


# RFC 6455 at its edges


class Raw:
    """A client that sends what no library would."""

    def __init__(self, server):
        url = address(server.url)
        target = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((target.hostname, target.port), timeout=10)
        fields = signed(url) | {
            "Host": target.netloc,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.socket.sendall(f"GET {target.path} HTTP/1.1\r\n{lines}\r\n".encode())
        self.bytes = b""
        while b"\r\n\r\n" not in self.bytes:
            self.bytes += self.socket.recv(65_536)
        head, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 101 ")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    @staticmethod
    def frame(first, payload=b"", masked=True, length=None):
        size = len(payload) if length is None else length
        mark = 0x80 if masked else 0
        if size < 126:
            head = struct.pack("!BB", first, mark | size)
        elif size < 65_536:
            head = struct.pack("!BBH", first, mark | 126, size)
        else:
            head = struct.pack("!BBQ", first, mark | 127, size)
        mask = b"\x01\x02\x03\x04"
        return head + (mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)) if masked else payload)

    def send(self, *frames):
        self.socket.sendall(b"".join(frames))

    def _take(self, count):
        while len(self.bytes) < count:
            more = self.socket.recv(65_536)
            assert more, "the server hung up"
            self.bytes += more
        taken, self.bytes = self.bytes[:count], self.bytes[count:]
        return taken

    def heard(self):
        first, size = struct.unpack("!BB", self._take(2))
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8))
        return first, self._take(size)

    def close_heard(self):
        """The code and the text of the close that ends everything, after which nothing comes."""
        first, payload = self.heard()
        while first != 0x88:
            first, payload = self.heard()
        assert self.socket.recv(1) == b""
        return struct.unpack("!H", payload[:2])[0], payload[2:].decode()


FRAME = Raw.frame
KB64 = 65_536


def test_fragments_with_control_frames_between(builtin):
    with Raw(builtin) as raw:
        sushi = "sushi 🍣".encode()
        raw.send(FRAME(0x01, sushi[:7]), FRAME(0x89, b"ping"), FRAME(0x00), FRAME(0x80, sushi[7:]))
        assert raw.heard() == (0x8A, b"ping")
        assert raw.heard() == (0x81, sushi)


def test_byte_by_byte(builtin):
    with Raw(builtin) as raw:
        for byte in FRAME(0x81, b"slow") + FRAME(0x89, b"p") + FRAME(0x88, struct.pack("!H", 1000)):
            raw.send(bytes([byte]))
        assert [raw.heard(), raw.heard()] == [(0x81, b"slow"), (0x8A, b"p")]
        assert raw.close_heard() == (1000, "")


def test_64_kib_pass_and_one_more_does_not(builtin):
    with Raw(builtin) as raw:
        raw.send(FRAME(0x82, b"x" * KB64))
        assert raw.heard() == (0x82, b"x" * KB64)
        # The limit is each frame's: 70 KB in two of them pass, and come back in frames that keep it too.
        raw.send(FRAME(0x02, b"x" * 40_000), FRAME(0x80, b"x" * 30_000))
        assert raw.heard() == (0x02, b"x" * KB64) and raw.heard() == (0x80, b"x" * (70_000 - KB64))
        raw.send(FRAME(0x82, b"", length=KB64 + 1))
        assert raw.close_heard() == (1009, "message size limit of 64 KB for a message frame is exceeded")


@pytest.mark.parametrize(
    "frames, code",
    [
        ([FRAME(0xC1, b"a")], 1002),
        ([FRAME(0x83)], 1002),
        ([FRAME(0x8B)], 1002),
        ([FRAME(0x81, b"a", masked=False)], 1002),
        ([FRAME(0x80, b"a")], 1002),
        ([FRAME(0x01, b"a"), FRAME(0x81, b"b")], 1002),
        ([FRAME(0x09, b"a")], 1002),
        ([FRAME(0x89, b"a" * 126)], 1002),
        ([FRAME(0x81, b"\xff")], 1007),
        ([FRAME(0x01, b"\xf0\x9f"), FRAME(0x80, b"a")], 1007),
        ([FRAME(0x88, b"\x03")], 1002),
        ([FRAME(0x88, struct.pack("!H", 1006))], 1002),
        ([FRAME(0x88, struct.pack("!H", 2999))], 1002),
        ([FRAME(0x88, struct.pack("!H", 1000) + b"\xff")], 1007),
        ([FRAME(0x88, struct.pack("!H", 3000) + b"own")], 3000),
        ([FRAME(0x01)] + [FRAME(0x00)] * 10_000, 1008),
    ],
)
def test_what_no_client_may_send(builtin, frames, code):
    with Raw(builtin) as raw:
        raw.send(FRAME(0x81, b"before"), *frames)
        assert raw.heard() == (0x81, b"before")
        assert raw.close_heard()[0] == code
    assert builtin.last_call(operation=SOCKETS)["outcome"] == ("completed" if code == 3000 else "closed")


def test_250_frames_a_second(builtin):
    with Raw(builtin) as raw:
        raw.send(*[FRAME(0x81, b"a")] * 250)
        assert [raw.heard() for _ in range(250)] == [(0x81, b"a")] * 250
        raw.send(*[FRAME(0x81, b"a")] * 251)
        assert raw.close_heard()[0] == 1008


def test_a_close_without_a_code_and_a_client_that_just_leaves(builtin):
    with Raw(builtin) as raw:
        raw.send(FRAME(0x88))
        assert raw.heard() == (0x88, b"") and raw.socket.recv(1) == b""
    assert last(builtin)["outcome"] == "completed"
    with Raw(builtin) as raw:
        raw.send(FRAME(0x81, b"a"))
        assert raw.heard() == (0x81, b"a")
    waited = {"match": {"operation": SOCKETS, "outcome": "client-closed"}, "atLeast": 1, "within": "10s"}
    httpx.post(f"{builtin.control}/await", json=waited).raise_for_status()


def test_a_client_that_does_not_read_is_held_back(builtin):
    with Raw(builtin) as raw:
        raw.socket.settimeout(1)
        message, sent = FRAME(0x82, b"x" * KB64), 0
        with pytest.raises(TimeoutError):
            for _ in range(240):
                raw.socket.sendall(message)
                sent += 1
        assert sent < 240


def test_a_client_that_answers_no_ping_is_given_up(tmp_path):
    with Server(tmp_path, "--ws-ping", "300ms") as server, Raw(server) as raw:
        for _ in range(5):
            assert raw.heard() == (0x89, b"")
            raw.send(FRAME(0x8A))
        assert raw.heard() == (0x89, b"")
        assert raw.heard() == (0x88, struct.pack("!H", 1001) + b"A ping was not answered")
        raw.send(FRAME(0x88, struct.pack("!H", 1001)))
        assert raw.socket.recv(1) == b""
        call = last(server)
        assert (call["outcome"], [message["kind"] for message in call["messages"]]) == ("closed", ["close", "close"])


def test_a_client_that_says_nothing_ends_with_its_session(builtin):
    with Raw(builtin) as raw:
        raw.send(FRAME(0x81, b"a"))
        assert raw.heard() == (0x81, b"a")
        httpx.put(f"{builtin.control}/clock", json={"advance": "16m"}).raise_for_status()
        assert raw.heard() == (0x88, struct.pack("!H", 1001) + b"The session was idle for too long")


def test_the_server_says_goodbye_when_it_stops(tmp_path):
    with Server(tmp_path) as server:
        conversation = open_signed(server)
        conversation.send("a")
        assert conversation.recv(timeout=5) == "a"
        assert server.stop() == 0
        with pytest.raises(ConnectionClosed) as closed:
            conversation.recv(timeout=5)
        assert closed.value.rcvd.code == 1001


# A library file says the same


def test_load_and_export_without_loss(tmp_path):
    from understudy import run

    source, library = tmp_path / "talk.json", tmp_path / "talk.sqlite"
    source.write_text(json.dumps(SCENARIO))
    assert run("load", source, "--into", library).returncode == 0
    exported = run("export", library)
    assert json.loads(exported.stdout)["rules"] == SCENARIO["rules"]
