"""Clients that cannot be told another URL: over TLS by name, and through the server as a proxy."""

import contextlib
import json
import os
import pathlib
import random
import socket
import ssl
import subprocess
import sys
import urllib.request

import boto3
import httpx
import pytest
from botocore.config import Config
from understudy import Server, run

REGION = "us-east-1"
HOST = f"bedrock-agentcore.{REGION}.amazonaws.com"
ARN = f"arn:aws:bedrock-agentcore:{REGION}:123456789012:runtime/my_agent-AbCdEf1234"
ENCODED = urllib.request.quote(ARN, safe="")
AWS = pathlib.Path(sys.executable).parent / "aws"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def secured(home, tmp_path_factory):
    before = os.environ.get("XDG_DATA_HOME")
    os.environ["XDG_DATA_HOME"] = str(home)
    try:
        with Server(tmp_path_factory.mktemp("secured"), "--tls-port", 0) as server:
            yield server
    finally:
        os.environ.pop("XDG_DATA_HOME")
        if before:
            os.environ["XDG_DATA_HOME"] = before


@pytest.fixture(scope="module")
def authority(secured, home):
    path = home / "understudy" / "ca.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (home / "understudy" / "authority.pem").stat().st_mode & 0o777 == 0o600
    return str(path)


def proxied(secured, authority, user="", **more):
    """The environment of a program that knows nothing of another URL."""
    proxy = secured.url.replace("://", f"://{user}@") if user else secured.url
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_ENDPOINT")} | KEYS | {
        "HTTPS_PROXY": proxy, "AWS_CA_BUNDLE": authority, "SSL_CERT_FILE": authority, "REQUESTS_CA_BUNDLE": authority,
        "NODE_EXTRA_CA_CERTS": authority,
    } | more  # fmt: skip


def last_call_of(secured, space):
    return httpx.get(f"{secured.url}/_space/{space}/_understudy/calls").raise_for_status().json()["calls"][-1]


def said(text):
    return {"response": {"role": "assistant", "content": [{"text": text}]}}


def test_boto3_by_proxy_in_a_space(secured, authority):
    client = boto3.client(
        "bedrock-agentcore", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test", verify=authority,
        config=Config(proxies={"https": secured.url.replace("://", "://worker-1:x@")}),
    )  # fmt: skip
    for _ in range(3):
        answer = client.invoke_agent_runtime(agentRuntimeArn=ARN, payload=b'{"prompt":"Hello"}')
        assert json.loads(answer["response"].read()) == said("Hello")
    call = last_call_of(secured, "worker-1")
    assert call["space"] == "worker-1" and call["auth"]["verdict"] == "allowed", call
    assert HOST in json.dumps(call["request"]["headers"])


def test_a_wrong_secret_is_refused_by_proxy_too(secured, authority):
    client = boto3.client(
        "bedrock-agentcore", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="wrong", verify=authority,
        config=Config(proxies={"https": secured.url}),
    )  # fmt: skip
    with pytest.raises(client.exceptions.ClientError, match="InvalidSignatureException"):
        client.invoke_agent_runtime(agentRuntimeArn=ARN, payload=b"{}")


def test_boto3_by_nothing_but_the_environment(secured, authority):
    code = f"""
import boto3, json
client = boto3.client("bedrock-agentcore")
answer = client.invoke_agent_runtime(agentRuntimeArn={ARN!r}, payload=b'{{"prompt":"Hello"}}')
assert json.loads(answer["response"].read()) == {said("Hello")!r}
"""
    environment = {name: value for name, value in proxied(secured, authority, "boto3:x").items() if "ENDPOINT" not in name}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=environment)
    assert ran.returncode == 0, ran.stderr
    call = last_call_of(secured, "boto3")
    assert (call["space"], call["status"], call["auth"]["verdict"]) == ("boto3", 200, "allowed")


def test_the_aws_cli_by_proxy(secured, authority, tmp_path):
    ran = subprocess.run(
        [sys.executable, AWS, "bedrock-agentcore", "invoke-agent-runtime", "--agent-runtime-arn", ARN,
         "--payload", '{"prompt":"Hello"}', tmp_path / "out.json"],
        capture_output=True, text=True, timeout=60, env=proxied(secured, authority, "cli:x"), stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads((tmp_path / "out.json").read_text()) == said("Hello")
    assert last_call_of(secured, "cli")["space"] == "cli"


def test_requests_and_httpx_by_proxy(secured, authority):
    code = f"""
import json, os, sys, httpx, requests
url = "https://{HOST}/runtimes/{ENCODED}/invocations"
headers = {{"Authorization": "Bearer " + sys.argv[1]}}
for library in (httpx, requests):
    answer = library.post(url, headers=headers, json={{"prompt": "Hello"}})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {said("Hello")!r}, answer.text
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, secured.token()], capture_output=True, text=True, timeout=60,
        env=proxied(secured, authority),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr


def test_httpx_over_tls_by_address_and_by_space(secured, authority):
    context = ssl.create_default_context(cafile=authority)
    if hasattr(ssl, "VERIFY_X509_STRICT"):
        context.verify_flags |= ssl.VERIFY_X509_STRICT
    port = secured.ready["tls"].rsplit(":", 1)[1]
    with httpx.Client(verify=context) as client:
        assert client.get(f"{secured.ready['tls']}/_understudy/health").json()["status"] == "ok"
        assert client.get(f"https://localhost:{port}/_understudy/health").json()["status"] == "ok"
        url = f"https://127.0.0.1:{port}/runtimes/{ENCODED}/invocations"
        headers = {"Authorization": f"Bearer {secured.token()}"}
        answer = client.post(
            url, headers=headers | {"Host": "tls-space.localhost"}, json={"prompt": "Hello"},
            extensions={"sni_hostname": "tls-space.localhost"},
        )  # fmt: skip
        assert answer.json() == said("Hello")
    assert last_call_of(secured, "tls-space")["space"] == "tls-space"


def curl(*arguments):
    return subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "30", *arguments], capture_output=True, text=True, timeout=60
    )


def test_curl_by_name(secured, authority):
    port = secured.ready["tls"].rsplit(":", 1)[1]
    ran = curl(
        "--cacert", authority, "--resolve", f"{HOST}:{port}:127.0.0.1", "--aws-sigv4",
        f"aws:amz:{REGION}:bedrock-agentcore", "--user", "test:test", "-d", '{"prompt":"Hello"}',
        "-H", "Content-Type: application/json",
        f"https://{HOST}:{port}/runtimes/my_agent-AbCdEf1234/invocations?accountId=123456789012",
    )  # fmt: skip
    assert ran.returncode == 0 and json.loads(ran.stdout) == said("Hello"), (ran.stdout, ran.stderr)


def test_curl_does_not_trust_a_stranger(secured, authority):
    ran = curl(secured.ready["tls"] + "/_understudy/health")
    assert ran.returncode == 60, ran.stderr


def test_curl_by_proxy_is_refused_what_is_none_of_the_servers_business(secured):
    ran = curl("--proxy", secured.url, "--write-out", "%{http_connect}", "https://example.com/")
    assert ran.returncode != 0 and ran.stdout.endswith("403"), ran.stderr
    assert "NO_PROXY" in json.dumps(secured.last_call())
    ran = curl("--proxy", secured.url, "--write-out", "\n%{http_code}", "http://example.com/")
    assert ran.stdout.endswith("403") and "NO_PROXY" in ran.stdout


def test_fetch_trusts_the_authority(secured, authority):
    code = f"""
const answer = await fetch("{secured.ready["tls"].replace("127.0.0.1", "localhost")}/runtimes/{ENCODED}/invocations", {{
  method: "POST", headers: {{ authorization: "Bearer " + process.argv[1] }}, body: JSON.stringify({{ prompt: "Hello" }}) }});
console.log(JSON.stringify(await answer.json()));
"""
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", code, secured.token()], capture_output=True, text=True, timeout=60,
        env=os.environ | {"NODE_EXTRA_CA_CERTS": authority},
    )  # fmt: skip
    assert ran.returncode == 0 and json.loads(ran.stdout) == said("Hello"), ran.stderr


def test_plain_http_at_the_port_for_tls(secured):
    answer = httpx.get(secured.ready["tls"].replace("https", "http") + "/_understudy/health")
    assert answer.status_code == 400 and "write https://" in answer.text
    assert secured.last_call()["status"] == 400


def test_tls_at_the_plain_port(secured):
    with pytest.raises(httpx.ConnectError):
        httpx.get(secured.url.replace("http", "https") + "/")
    assert "write http://" in json.dumps(secured.last_call())


def test_weaker_protocols_are_not_offered(secured, authority):
    port = int(secured.ready["tls"].rsplit(":", 1)[1])

    def shake(**options):
        words = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", "-CAfile", authority]
        words += [word for name, value in options.items() for word in (f"-{name}", value) if word is not None]
        return subprocess.run(words, input="", capture_output=True, text=True, timeout=30)

    for options in [
        {"tls1_1": None, "cipher": "ALL:@SECLEVEL=0"}, {"tls1": None, "cipher": "ALL:@SECLEVEL=0"},
        {"tls1_2": None, "cipher": "AES128-SHA"}, {"tls1_2": None, "cipher": "ECDHE-ECDSA-AES128-SHA256"},
        {"groups": "P-521"}, {"alpn": "h2"},
    ]:  # fmt: skip
        assert shake(**options).returncode != 0, options
    for options in [
        {"tls1_2": None}, {"tls1_3": None}, {"groups": "X25519"}, {"groups": "P-384"}, {"alpn": "h2,http/1.1"},
        {"tls1_2": None, "cipher": "ECDHE-ECDSA-CHACHA20-POLY1305"},
    ]:  # fmt: skip
        assert "Verify return code: 0 (ok)" in shake(**options).stdout, options


def test_garbage_inside_a_handshake_and_inside_a_session(secured, authority):
    address = ("127.0.0.1", int(secured.ready["tls"].rsplit(":", 1)[1]))
    context = ssl.create_default_context(cafile=authority)

    def hello(version):
        context.maximum_version = version
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        with pytest.raises(ssl.SSLWantReadError):
            context.wrap_bio(incoming, outgoing, server_hostname="localhost").do_handshake()
        return outgoing.read()

    def ends(raw):
        raw.settimeout(20)
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            while raw.recv(65_536):
                pass

    chance = random.Random(7)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        for junk in [chance.randbytes(300), b"\x16\x03\x03\x00\x20" + chance.randbytes(32), b"\x17\x03\x03\xff\xff" + chance.randbytes(65_535)]:
            with socket.create_connection(address) as raw:
                raw.sendall(hello(version))
                assert raw.recv(1) == b"\x16"
                raw.sendall(junk)
                ends(raw)
            with context.wrap_socket(socket.create_connection(address), server_hostname="localhost") as session:
                session.sendall(b"GET /_understudy/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert session.recv(65_536).startswith(b"HTTP/1.1 200 ")
                with socket.socket(fileno=session.detach()) as raw:
                    raw.sendall(junk)
                    ends(raw)
    context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
    assert httpx.get(f"{secured.ready['tls']}/_understudy/health", verify=context).status_code == 200


def test_neither_renegotiation_nor_early_data(secured, authority, tmp_path):
    port = int(secured.ready["tls"].rsplit(":", 1)[1])

    def client(*words, said=""):
        connect = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", "-CAfile", authority]
        ran = subprocess.run([*connect, *words], input=said, capture_output=True, text=True, timeout=30)
        return ran.stdout + ran.stderr

    # `R` on a line of its own asks for a new handshake inside the session.
    again = client("-tls1_2", said="R\n")
    assert "RENEGOTIATING" in again and "no renegotiation" in again
    # One answer, and with it the tickets have come.
    asked = f"GET /_understudy/health HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
    first = client("-tls1_3", "-ign_eof", "-sess_out", tmp_path / "session.pem", said=asked)
    assert '"status":"ok"' in first and "Max Early Data: 0" in first
    (tmp_path / "early.txt").write_text(asked)
    resumed = client("-tls1_3", "-sess_in", tmp_path / "session.pem", "-early_data", tmp_path / "early.txt")
    assert "Reused, TLSv1.3" in resumed and "Early data was not sent" in resumed


def test_sessions_are_resumed(secured, authority):
    context = ssl.create_default_context(cafile=authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    port = int(secured.ready["tls"].rsplit(":", 1)[1])
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost") as first:
        session = first.session
    with context.wrap_socket(
        socket.create_connection(("127.0.0.1", port)), server_hostname="localhost", session=session
    ) as second:
        assert second.session_reused and second.version() == "TLSv1.2"


@pytest.mark.parametrize("name", ["other.localhost", None])
def test_a_session_is_not_resumed_under_another_name(secured, authority, name):
    context = ssl.create_default_context(cafile=authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    address = ("127.0.0.1", int(secured.ready["tls"].rsplit(":", 1)[1]))
    with context.wrap_socket(socket.create_connection(address), server_hostname="localhost") as first:
        session = first.session
    # RFC 6066 3: the server "MUST NOT accept the request to resume the session".
    with context.wrap_socket(socket.create_connection(address), server_hostname=name, session=session) as second:
        assert not second.session_reused and second.version() == "TLSv1.2"
        assert name is None or ("DNS", name) in second.getpeercert()["subjectAltName"]


def test_ones_own_certificate(tmp_path):
    def make(name, *key):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", *key, "-nodes", "-keyout", tmp_path / "key.pem", "-out",
             tmp_path / "cert.pem", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"],
            check=True, capture_output=True,
        )  # fmt: skip

    rsa, ec = ["rsa:2048"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    make("one.example", *ec)
    files = ["--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "key.pem"]
    with Server(tmp_path, "--tls-port", 0, *files) as server:
        port = int(server.ready["tls"].rsplit(":", 1)[1])
        assert ssl.get_server_certificate(("127.0.0.1", port)) == (tmp_path / "cert.pem").read_text()
        # Clients like elliptic curves better: the one before it must be gone, not only joined.
        for name, key in (("two.example", rsa), ("three.example", ec), ("four.example", ec)):
            make(name, *key)
            for _ in range(2):
                assert ssl.get_server_certificate(("127.0.0.1", port)) == (tmp_path / "cert.pem").read_text()
    for words in [["--tls-cert", "x"], ["--tls-port", 0, "--tls-key", "x"], ["--tls-port", 0, *files[:2], "--tls-key", "x"]]:
        ran = run("serve", "--port", 0, *words)
        assert ran.returncode == 2 and "--tls-" in ran.stderr, ran.stderr


def test_the_authority_is_told(authority, home):
    environment = os.environ | {"XDG_DATA_HOME": str(home)}
    told = run("ca", env=environment).stdout
    assert told.splitlines()[0] == authority
    for name in ["AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "curl", "Java", "Go", "Firefox"]:
        assert name in told
    assert run("ca", "--print", env=environment).stdout == pathlib.Path(authority).read_text()


def test_commands_ask_over_tls(secured, authority, home, tmp_path):
    own, elsewhere = os.environ | {"XDG_DATA_HOME": str(home)}, os.environ | {"XDG_DATA_HOME": str(tmp_path)}
    tls = secured.ready["tls"].replace("127.0.0.1", "localhost")
    (tmp_path / "expect.json").write_text('{"expect": [{"name": "called", "calls": {"count": {"min": 1}}}]}')
    token = run("token", "--server", tls, env=own).stdout.strip()
    assert secured.token().split(".")[0] == token.split(".")[0]
    httpx.post(f"{secured.url}/runtimes/{ENCODED}/invocations", headers={"Authorization": f"Bearer {token}"}, json={})
    for words in [
        ["health", tls], ["journal", tls, "--limit", 1], ["verify", tmp_path / "expect.json", "--server", tls],
        ["report", "calls", tls], ["clock", "--server", tls], ["space", "list", "--server", tls],
        ["fault", "add", "hang", "--server", tls], ["fault", "remove", "--all", "--server", tls],
    ]:  # fmt: skip
        ran = run(*words, env=own)
        assert ran.returncode == 0 and ran.stdout, (words, ran.stderr)
        assert run(*words, "--ca", authority, env=elsewhere).returncode == 0, words
        refused = run(*words, env=elsewhere)
        assert refused.returncode in (1, 2) and "signed by nobody who is trusted here" in refused.stderr, (words, refused)


def doctor(home, **environment):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    ran = run("doctor", "--json", env=kept | {"AWS_CONFIG_FILE": os.devnull, "XDG_DATA_HOME": str(home)} | environment)
    return ran.returncode, json.loads(ran.stdout)


def test_the_doctor(secured, authority, home):
    code, found = doctor(home, **KEYS)
    assert code == 1 and found["reachesService"]
    assert {route["program"]: route["reaches"] for route in found["programs"]}["boto3"] == "service"
    code, found = doctor(home, **KEYS, AWS_ENDPOINT_URL=secured.url)
    assert code == 0 and not [one for one in found["findings"] if one["level"] == "error"], found
    code, found = doctor(home, **KEYS, HTTPS_PROXY=secured.url, AWS_CA_BUNDLE=authority)
    assert code == 0 and found["programs"][0]["reaches"] == "emulator", found
    code, found = doctor(home, **KEYS, AWS_ENDPOINT_URL=secured.ready["tls"], AWS_CA_BUNDLE=authority)
    assert code == 0 and found["programs"][0]["reaches"] == "emulator", found
    assert not [one for one in found["findings"] if one["level"] == "error"], found
    # Each port speaks its own tongue only, and the one for TLS says so to whoever comes in plain.
    for wrong, right in ((secured.ready["tls"].replace("https", "http"), secured.ready["tls"]),
                         (secured.url.replace("http", "https"), secured.url)):  # fmt: skip
        code, found = doctor(home, **KEYS, AWS_ENDPOINT_URL=wrong, AWS_CA_BUNDLE=authority)
        errors = [one for one in found["findings"] if one["level"] == "error"]
        assert [(one["text"], one["set"]) for one in errors] == [
            (f"AWS_ENDPOINT_URL is {wrong}, but port {wrong.rsplit(':', 1)[1]} speaks "
             f"{'TLS' if wrong.startswith('http:') else 'plain HTTP'}.", f"AWS_ENDPOINT_URL={right}")
        ], found  # fmt: skip
        assert found["programs"][0]["reaches"] == "elsewhere", found
