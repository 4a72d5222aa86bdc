"""What another side may do wrong while calls are passed on and recorded: the caller is told, it is recorded, nothing else is lost."""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import sqlite3
import ssl
import struct
import subprocess
import threading

import httpx
import pytest
from plain_agent import PlainAgent, chunked, whole
from understudy import Server, free_port, run

PATH = "/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A209803798463%3Aruntime%2Fbad_agent-ABCDEFGHIJ/invocations"
GOOD = whole(b'{"good": true}')


def recording(folder, url: str, *more: object) -> Server:
    return Server(folder, "--auth", "off", "--upstream", url, "--record", folder / "r.sqlite", "--keep-secrets", *more)


def post(server: Server, **payload) -> httpx.Response:
    return httpx.post(server.url + PATH, json=payload, timeout=60)


def outcomes(folder) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(folder / "r.sqlite")) as library:
        return library.execute("SELECT status, outcome FROM recorded_calls ORDER BY position").fetchall()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
UNREADABLE = {
    "garbage": b"\x00\x01\x02 this is no HTTP\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length and chunks": HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "a length that is none": HEAD + b"Content-Length: 2x\r\n\r\n{}",
    "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "an endless line": HEAD + b"X-Long: " + b"x" * 1_000_000,
    "an endless head": HEAD + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 100) for n in range(10_000)),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_502_and_the_next_call_goes_on(tmp_path, what):
    def answer(connection, request):
        with contextlib.suppress(OSError):
            connection.sendall(GOOD if b"good" in request else UNREADABLE[what])
        return b"good" in request

    with PlainAgent(answer) as agent, recording(tmp_path, agent.url) as server:
        bad = post(server, kind="bad")
        assert bad.status_code == 502 and "does not answer in HTTP" in bad.text, bad.text
        assert server.last_call()["upstream"]["error"]
        assert post(server, kind="good").json() == {"good": True}
        assert server.stop() == 0, server.log.read_text()
    assert outcomes(tmp_path) == [(502, "completed"), (200, "completed")]
    with Server(tmp_path, tmp_path / "r.sqlite", "--auth", "off") as server:
        assert post(server, kind="bad").status_code == 502 and post(server, kind="good").status_code == 200


BROKEN = {
    "ends before it answers": (b"", None),
    "ends in its head": (HEAD, None),
    "promises more than it sends": (HEAD + b"Content-Length: 100\r\n\r\n{", b"{"),
    "ends between chunks": (chunked(b"data: 1\n\n", ends=False), b"data: 1\n\n"),
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("resets", [False, True], ids=["FIN", "RST"])
def test_an_answer_that_breaks_off_breaks_off_here_too_and_is_recorded_so(tmp_path, what, resets):
    said, seen = BROKEN[what]

    def answer(connection, request):
        connection.sendall(GOOD if b"good" in request else said)
        if resets and b"bad" in request:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return b"good" in request

    def broken(server):
        got = b""
        with pytest.raises(httpx.TransportError), httpx.stream("POST", server.url + PATH, json={"kind": "bad"}) as response:
            for piece in response.iter_raw():
                got += piece
        if seen is not None and not resets:
            assert got == seen
        return server.last_call()

    with PlainAgent(answer) as agent, recording(tmp_path, agent.url) as server:
        call = broken(server)
        assert call["outcome"] in ("closed", "reset") and call["upstream"]["error"]
        assert post(server, kind="good").json() == {"good": True}
        assert server.stop() == 0, server.log.read_text()
    (_, first), second = outcomes(tmp_path)
    assert first in ("closed", "reset") and second == (200, "completed")
    with Server(tmp_path, tmp_path / "r.sqlite", "--auth", "off") as server:
        assert broken(server)["outcome"] == first


@pytest.mark.parametrize("bad", [b"zz\r\nmore\r\n", b"4\r\nmoreXX", b"fffffffffffffffff\r\n"])
def test_a_bad_chunk_cuts_what_came_before_it(tmp_path, bad):
    was_read = threading.Event()

    def answer(connection, _):
        connection.sendall(chunked(b"data: 1\n\n", ends=False))
        assert was_read.wait(20)
        connection.sendall(bad)

    with PlainAgent(answer) as agent, recording(tmp_path, agent.url) as server:
        with pytest.raises(httpx.TransportError), httpx.stream("POST", server.url + PATH, json={}) as response:
            for piece in response.iter_raw():
                assert piece.startswith(b"data: 1\n\n") or piece == b"more"
                was_read.set()
        call = server.last_call()
        assert call["outcome"] == "closed" and "chunk" in call["upstream"]["error"].lower(), call["upstream"]
        assert server.stop() == 0
    assert outcomes(tmp_path) == [(200, "closed")]


def pieces_of(answer: bytes):
    """As one, byte by byte, and split once at every point."""
    yield [answer]
    yield [bytes([byte]) for byte in answer]
    yield from ([answer[:place], answer[place:]] for place in range(1, len(answer)))


@pytest.mark.parametrize("bad", [b"zz\r\nmore\r\n", b"4\r\nmoreXX"])
def test_what_was_whole_before_a_bad_chunk_arrives_however_it_was_cut(tmp_path, bad):
    ways = list(pieces_of(chunked(b"data: 1\n\n", b"data: 2\n\n", ends=False) + bad))

    def answer(connection, request):
        for piece in ways[json.loads(request.split(b"\r\n\r\n", 1)[1])["way"]]:
            connection.sendall(piece)

    with PlainAgent(answer) as agent, recording(tmp_path, agent.url) as server:
        errors = set()
        for way in range(len(ways)):
            got = b""
            with pytest.raises(httpx.TransportError), httpx.stream("POST", server.url + PATH, json={"way": way}) as response:
                for piece in response.iter_raw():
                    got += piece
            assert got == b"data: 1\n\ndata: 2\n\n" + (b"more" if bad.startswith(b"4") else b""), way
            errors.add(server.last_call()["upstream"]["error"])
        assert len(errors) == 1 and "chunk" in errors.pop().lower()
        assert server.stop() == 0
    assert outcomes(tmp_path) == [(200, "closed")] * len(ways)


@pytest.mark.parametrize("more", [b"4567", b"\r\n", whole(b'{"smuggled": true}')])
def test_more_than_the_announced_length_is_told_and_nobodys_answer(tmp_path, more):
    def answer(connection, request):
        connection.sendall(GOOD if b"good" in request else HEAD + b"Content-Length: 3\r\n\r\n123" + more)

    with PlainAgent(answer) as agent, recording(tmp_path, agent.url) as server:
        assert post(server, kind="bad").content == b"123"
        call = server.last_call()
        assert call["outcome"] == "completed" and "length" in call["upstream"]["error"], call["upstream"]
        assert post(server, kind="good").json() == {"good": True}
        assert server.last_call()["upstream"]["error"] is None
        assert server.stop() == 0
        assert len(agent.connections) == 2
    assert outcomes(tmp_path) == [(200, "completed")] * 2


@pytest.fixture
def mute():
    """A port whose connections are taken by the system, and by nobody else."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_handshake_that_nobody_answers_has_the_time_of_an_answer(tmp_path, mute):
    with recording(tmp_path, f"https://127.0.0.1:{mute}", "--upstream-timeout", "300ms") as server:
        answer = httpx.post(server.url + PATH, json={}, timeout=30)
        assert answer.status_code == 504 and "TLS handshake" in answer.json()["message"], answer.text
        assert "TLS handshake" in server.last_call()["upstream"]["error"]
        assert server.stop() == 0
    assert outcomes(tmp_path) == [(504, "completed")]


def test_an_agent_whose_handshake_nobody_answers_has_the_time_of_its_initialization(tmp_path, mute):
    file = tmp_path / "agent.json"
    agent = {"arn": "*", "auth": "none", "forward": f"https://127.0.0.1:{mute}", "session": {"initialization": "300ms"}}
    file.write_text(json.dumps({"understudy": 1, "agents": [agent]}))
    with Server(tmp_path, file) as server:
        answer = httpx.post(server.url + PATH, json={}, timeout=30)
        assert answer.status_code == 424 and "initialization time exceeded" in answer.text, answer.text
        assert "TLS handshake" in server.last_call()["upstream"]["error"]


def test_a_side_that_takes_nothing_of_a_request_has_the_time_of_an_answer(tmp_path, mute):
    with Server(tmp_path, "--auth", "off", "--upstream", f"http://127.0.0.1:{mute}", "--upstream-timeout", "300ms") as server:
        answer = httpx.post(server.url + PATH, content=b"x" * 50_000_000, timeout=30)
        assert answer.status_code == 504 and "not taken in time" in answer.text, answer.text


def test_a_side_that_says_nothing_is_504_and_one_that_is_not_there_503(tmp_path):
    silent = threading.Event()
    with PlainAgent(lambda *_: silent.wait(30) and False) as agent:
        with recording(tmp_path, agent.url, "--upstream-timeout", "300ms") as server:
            assert post(server).status_code == 504
            assert server.stop() == 0
        silent.set()
    with recording(tmp_path, f"http://127.0.0.1:{free_port()}") as server:
        assert post(server, other=1).status_code == 503
        assert server.stop() == 0
    assert outcomes(tmp_path) == [(504, "completed"), (503, "completed")]


def test_a_slow_side_is_waited_for(tmp_path):
    def answer(connection, _):
        for byte in GOOD:
            connection.sendall(bytes([byte]))

    with PlainAgent(answer) as agent, recording(tmp_path, agent.url) as server:
        assert post(server).json() == {"good": True}
        assert server.stop() == 0
    assert outcomes(tmp_path) == [(200, "completed")]


def test_100_megabytes_in_one_line_pass_and_memory_does_not_grow_with_them(tmp_path):
    piece, count = b"x" * 1_000_000, 100

    def answer(connection, _):
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % (len(piece) * count))
        for _ in range(count):
            connection.sendall(piece)

    with PlainAgent(answer) as agent, Server(tmp_path, "--auth", "off", "--upstream", agent.url) as server:
        with httpx.stream("POST", server.url + PATH, json={}, timeout=120) as response:
            assert sum(map(len, response.iter_raw())) == len(piece) * count
        status = open(f"/proc/{server.process.pid}/status").read()
        assert int(status.split("VmHWM:")[1].split()[0]) < 80_000, "kB"


# MARK: Certificates


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Makes certificates, and says where its own is."""
    folder = tmp_path_factory.mktemp("ca")

    def openssl(*words: object) -> None:
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, cwd=folder)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key",
            "-out", "ca.pem", "-days", "30", "-subj", "/CN=a test's authority")  # fmt: skip

    def certificate(name: str, *more: str):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "leaf.key", "-out",
                "leaf.csr", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}")  # fmt: skip
        openssl("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-copy_extensions",
                "copy", "-out", "leaf.pem", *more)  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "leaf.pem", folder / "leaf.key")
        return context

    certificate.path = folder / "ca.pem"
    return certificate


class SecuredAgent(PlainAgent):
    """The same over TLS."""

    def __init__(self, context: ssl.SSLContext):
        super().__init__(lambda connection, _: connection.sendall(GOOD))
        self.context, self.url = context, self.url.replace("http://127.0.0.1", "https://localhost")

    def serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            super().serve(self.context.wrap_socket(connection, server_side=True))


CERTIFICATES = {
    "good": ("localhost", ["-days", "3"], True, None),
    "a wrong name": ("other.example", ["-days", "3"], True, "host"),
    "expired": ("localhost", ["-days", "-1"], True, "expired"),
    "of an unknown authority": ("localhost", ["-days", "3"], False, "certificate"),
}


@pytest.mark.parametrize("what", CERTIFICATES)
def test_a_certificate(authority, tmp_path, what):
    name, more, isKnown, problem = CERTIFICATES[what]
    with SecuredAgent(authority(name, *more)) as agent:
        with recording(tmp_path, agent.url, *(["--upstream-ca", authority.path] if isKnown else [])) as server:
            answer = post(server)
            error = server.last_call()["upstream"]["error"]
            assert server.stop() == 0
    if problem is None:
        assert (answer.status_code, error) == (200, None), (answer.text, error)
    else:
        assert answer.status_code == 503 and problem in error.lower(), error


def test_plain_http_where_tls_is_meant(tmp_path):
    class Hasty(PlainAgent):
        def serve(self, connection):
            connection.recv(1)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with Hasty(None) as agent, recording(tmp_path, agent.url.replace("http:", "https:")) as server:
        assert post(server).status_code == 503
        assert server.last_call()["upstream"]["error"]


# MARK: The file


def test_a_disk_that_is_full_is_said_once_and_callers_are_served_on(tmp_path):
    body = b'{"more": "%s"}' % (b"x" * 100_000)
    with PlainAgent(lambda connection, _: connection.sendall(whole(body))) as agent, recording(tmp_path, agent.url) as server:
        assert post(server, number=0).content == body
        # From here on no file of the server's grows beyond this.
        size = (tmp_path / "r.sqlite-wal").stat().st_size + 150_000
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, size))
        assert [post(server, number=number).content == body for number in range(1, 8)] == [True] * 7
        listed = httpx.get(f"{server.control}/recordings").json()["recordings"][0]
        assert listed["failure"], listed
        assert server.stop() == 1
    text = server.log.read_text()
    assert text.count("the recording has stopped, calls are passed on but no longer kept") == 1, text
    with contextlib.closing(sqlite3.connect(tmp_path / "r.sqlite")) as library:
        assert library.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = library.execute("SELECT request_body, coalesce(reply_body, (SELECT bytes FROM recorded_frames LIMIT 0)) FROM recorded_calls").fetchall()
        assert kept and len(kept) == listed["calls"]


def test_what_is_no_recording_is_refused_and_stays_as_it_is(tmp_path):
    with PlainAgent(lambda connection, _: connection.sendall(GOOD)) as agent, recording(tmp_path, agent.url) as server:
        assert post(server).status_code == 200
        assert server.stop() == 0
    whole_file = (tmp_path / "r.sqlite").read_bytes()
    cases = {
        "cut": (whole_file[: len(whole_file) - 5_000], "cut short"),
        "text": (b"this is no database at all, only some text\n" * 200, "neither a scenario file"),
        "newer": (whole_file[:60] + (99).to_bytes(4, "big") + whole_file[64:], "newer"),
        "foreign": (whole_file[:68] + b"ELSE" + whole_file[72:], "another program"),
    }
    for name, (content, reason) in cases.items():
        file = tmp_path / f"{name}.sqlite"
        file.write_bytes(content)
        served = run("serve", file, "--port", "0")
        assert served.returncode == 2 and reason in served.stderr, (name, served.stderr)
        recorded = run("record", "--forward", "http://127.0.0.1:9", "--into", file, "--port", "0")
        assert recorded.returncode == 2 and str(file) in recorded.stderr, (name, recorded.stderr)
        assert file.read_bytes() == content, name
        assert [path.name for path in tmp_path.glob(f"{name}.sqlite*")] == [file.name]


def test_a_recording_that_another_process_writes_is_read_as_far_as_it_is(tmp_path):
    with PlainAgent(lambda connection, _: connection.sendall(GOOD)) as agent, recording(tmp_path, agent.url) as server:
        assert post(server, number=1).status_code == 200
        with Server(tmp_path, tmp_path / "r.sqlite", "--auth", "off") as replaying:
            assert post(replaying, number=1).json() == {"good": True}
            assert post(replaying, number=2).status_code == 404
        assert post(server, number=2).status_code == 200
        assert server.stop() == 0
    assert len(outcomes(tmp_path)) == 2


def test_an_archive_of_another_tool_with_missing_fields(tmp_path):
    url = "https://bedrock-agentcore.us-east-1.amazonaws.com" + PATH
    least = {"request": {"method": "POST", "url": url}, "response": {"status": 200, "content": {"text": "{}"}}}
    cases = [
        ({"log": {"entries": [least]}}, None),
        ({"log": {"entries": [{"request": {"method": "POST"}, "response": least["response"]}]}}, "log.entries[0].request.url"),
        ({"log": {"entries": [{"request": least["request"]}]}}, "log.entries[0].response"),
        ({"log": {}}, "log.entries"),
        ({"entries": []}, "log"),
        ([], "log"),
    ]
    for number, (archive, place) in enumerate(cases):
        file = tmp_path / f"{number}.har"
        file.write_text(json.dumps(archive))
        done = run("load", file, "--into", tmp_path / f"{number}.sqlite")
        if place is None:
            assert done.returncode == 0 and "1 recorded call" in done.stdout, done.stderr
        else:
            assert done.returncode == 2 and place in done.stderr and file.name in done.stderr, (number, done.stderr)
