"""A page of another origin that calls agents as the service's own samples do: over TLS, by AWS's host name, with a token."""

from __future__ import annotations

import functools
import http.server
import os
import pathlib
import subprocess
import threading

import httpx
import pytest

from conftest import chromium
from understudy import Server, run

HERE = pathlib.Path(__file__).parent
HOST = "bedrock-agentcore.us-east-1.amazonaws.com"
SESSION = "page-0123456789-0123456789-0123456789"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def secured(home, tmp_path_factory):
    """A server that verifies tokens, with an authority that Chromium trusts: by the very command that `ca` prints."""
    environment = os.environ | {"HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    with Server(tmp_path_factory.mktemp("secured"), "--tls-port", 0, "--quiet", environment=environment) as server:
        (home / ".pki/nssdb").mkdir(parents=True)
        new = ["certutil", "-d", f"sql:{home}/.pki/nssdb", "-N", "--empty-password"]
        subprocess.run(new, check=True, env=environment)
        told = run("ca", env=environment).stdout
        [trust] = [line.strip() for line in told.splitlines() if "certutil" in line]
        subprocess.run(trust, shell=True, check=True, env=environment)
        yield server


@pytest.fixture(scope="module")
def site():
    """Where the page lies: another origin than the service's."""
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=HERE)) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://localhost:{site.server_port}/agents.html"
        site.shutdown()


@pytest.fixture(scope="module")
def opened(playwright, secured, home, site):
    """The page. Its Chromium finds AWS's host here, as with a line in the hosts file."""
    port = secured.ready["tls"].rsplit(":", 1)[1]
    browser = playwright.chromium.launch(
        executable_path=chromium(), env=os.environ | {"HOME": str(home)},
        args=["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{port}"],
    )  # fmt: skip
    page = browser.new_page()
    page.set_default_timeout(15_000)
    page.goto(site)
    yield page
    browser.close()


@pytest.fixture
def armed(secured):
    """Arms a fault, and disarms it behind the test."""
    yield lambda **fault: httpx.post(f"{secured.control}/faults", json={"name": "cut", **fault}).raise_for_status()
    httpx.delete(f"{secured.control}/faults").raise_for_status()


def test_an_answer_is_streamed_across_origins(opened, secured):
    seen = opened.evaluate("([token, id]) => stream(token, id)", [secured.token(), SESSION])
    words = [f'data: "{word}"' for word in ("one ", "word ", "after ", "another")]
    assert seen["status"] == 200 and seen["events"][:-1] == words
    assert seen["session"] == SESSION, "a page may read the session's header"
    asked, call = secured.calls()[-2:]
    assert asked["request"]["method"] == "OPTIONS" and asked["status"] == 200
    assert (call["status"], call["auth"]["scheme"], call["auth"]["verdict"]) == (200, "jwt", "allowed")
    assert call["request"]["headers"]["Host"] == HOST


def test_an_event_is_seen_before_the_next_is_sent(opened, secured, armed):
    armed(fault="stall", frames=1)
    seen = opened.evaluate("([token, id]) => stream(token, id, 1)", [secured.token(), SESSION])
    assert seen["events"] == ['data: "one "']


def test_a_socket_is_opened_with_the_subprotocol(opened, secured):
    seen = opened.evaluate("(token) => talk(token, ['Hello', 'there'], 2)", secured.token())
    assert seen == {
        "heard": ["Hello", "there"], "protocol": "base64UrlBearerAuthorization", "code": 1000, "reason": "", "clean": True,
    }  # fmt: skip
    call = secured.last_call()
    assert (call["status"], call["auth"]["scheme"], call["outcome"]) == (101, "jwt", "completed")


def test_the_server_closes_a_socket(opened, secured, armed):
    armed(fault="ws-close", code=1011, reason="out of tokens", messages=1)
    seen = opened.evaluate("(token) => talk(token, ['Hello', 'there'], 9)", secured.token())
    assert (seen["heard"], seen["code"], seen["reason"]) == (["Hello"], 1011, "out of tokens")


def test_without_a_good_token_there_is_neither(opened, secured):
    seen = opened.evaluate("([token, id]) => stream(token, id)", ["not.a.token", SESSION])
    assert seen["status"] == 403
    seen = opened.evaluate("(token) => talk(token, ['Hello'], 1)", "not.a.token")
    assert (seen["protocol"], seen["code"]) == (None, 1006)
    assert secured.last_call()["status"] == 403
