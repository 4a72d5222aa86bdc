"""Signing a person in on the issuer's pages: the code grant as browsers and programs for them walk through it."""

import base64
import hashlib
import html.parser
import json
import urllib.parse

import httpx
import jwt
import pytest

from understudy import Server, free_port
from world import POOL, arn

CLIENT, SECRET = "web", "web-secret"
CALLBACK = "http://127.0.0.1:9/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
AGENT = arn("token_agent-KLMNOPQRST")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    port, folder = free_port(), tmp_path_factory.mktemp("login")
    discovery = f"http://127.0.0.1:{port}/{POOL}/.well-known/openid-configuration"
    file = folder / "login.json"
    file.write_text(
        json.dumps(
            {
                "understudy": 1,
                "agents": [{"arn": "*", "auth": {"jwt": {"discoveryUrl": discovery, "allowedClients": [CLIENT, "shop"]}}}],
                "users": [
                    {"username": "anna", "password": "Correct-Horse-1", "clientId": CLIENT, "scopes": ["agents/call"]},
                    {
                        "username": "ben", "password": "pw", "clientId": "shop", "clientSecret": SECRET,
                        "redirectUris": ["https://shop.example/cb?from=login", "http://127.0.0.1/cb", "shop.app:/cb"],
                    },
                ],
                "rules": [{"reply": {"text": "in"}}],
            }
        )
    )  # fmt: skip
    with Server(folder, file, port=port) as server:
        yield server


def asking(**changes):
    asked = {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": CALLBACK, "state": "s/1 &",
        "scope": "openid agents/call", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "nonce": "n-1",
    } | changes  # fmt: skip
    return {name: value for name, value in asked.items() if value is not None}


class Form(html.parser.HTMLParser):
    """The page as a browser without scripts has it."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.action, self.text, self.scripts = {}, None, "", 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.action = found["action"]
        if tag == "input":
            self.fields[found["name"]] = found.get("value", "")
        self.scripts += tag == "script"

    def handle_data(self, data):
        self.text += data


def page(url, **changes):
    """Goes where a browser is sent to, and gives what it then shows."""
    sent_on = httpx.get(f"{url}/oauth2/authorize", params=asking(**changes))
    assert sent_on.status_code == 302, sent_on.text
    shown = httpx.get(sent_on.headers["Location"])
    assert shown.status_code == 200 and shown.headers["Content-Type"].startswith("text/html")
    return shown


def sign_in(url, username="anna", password="Correct-Horse-1", **changes):
    form = Form(page(url, **changes).text)
    return httpx.post(form.action, data=form.fields | {"username": username, "password": password})


def query(answer):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["Location"]).query))


def redeem(url, given, auth=None, **changes):
    form = {
        "grant_type": "authorization_code", "code": given, "redirect_uri": CALLBACK, "client_id": CLIENT,
        "code_verifier": VERIFIER,
    } | changes  # fmt: skip
    return httpx.post(
        f"{url}/oauth2/token", data={name: value for name, value in form.items() if value is not None}, auth=auth
    )


def test_a_person_signs_in_and_the_token_opens_the_agent(place):
    back = sign_in(place.url)
    assert back.status_code == 302 and back.headers["Location"].startswith(CALLBACK + "?code=")
    assert query(back)["state"] == "s/1 &"
    tokens = redeem(place.url, query(back)["code"])
    assert tokens.status_code == 200 and tokens.headers["Cache-Control"] == "no-store"
    tokens = tokens.json()
    assert tokens["token_type"] == "Bearer"
    identity = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert (identity["aud"], identity["nonce"], identity["cognito:username"]) == (CLIENT, "n-1", "anna")
    access = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert access["scope"] == "openid agents/call" and "nonce" not in access
    call = f"{place.url}/runtimes/{urllib.parse.quote(AGENT, safe='')}/invocations"
    assert httpx.post(call, headers={"Authorization": f"Bearer {tokens['access_token']}"}, content="{}").text == "in"
    refresh = {"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": tokens["refresh_token"]}
    refreshed = httpx.post(f"{place.url}/oauth2/token", data=refresh).json()
    assert jwt.decode(refreshed["access_token"], options={"verify_signature": False})["scope"] == "openid agents/call"


def test_the_page_works_without_scripts_and_is_nobody_elses(place):
    shown = page(place.url)
    form = Form(shown.text)
    assert form.action == f"{place.url}/login" and form.scripts == 0 and {"username", "password"} <= form.fields.keys()
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "form-action 'self' http://127.0.0.1:9;" in policy
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy
    style = shown.text.split("<style>")[1].split("</style>")[0]
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy
    assert shown.headers["Cache-Control"] == "no-store" and shown.headers["Referrer-Policy"] == "no-referrer"


def test_whatever_comes_from_outside_is_escaped(place):
    evil = "\"><script>alert(1)</script>'&"
    shown = page(place.url, state=evil)
    assert Form(shown.text).scripts == 0 and Form(shown.text).fields["state"] == evil
    wrong = sign_in(place.url, username=evil, state=evil)
    assert wrong.status_code == 400 and "Location" not in wrong.headers
    form = Form(wrong.text)
    assert form.scripts == 0 and form.fields["username"] == evil and "Incorrect username or password." in form.text
    assert form.fields["password"] == "" and "Correct-Horse-1" not in wrong.text


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "stranger"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1.evil.example/"},
        {"redirect_uri": "http://user@127.0.0.1/"},
        {"redirect_uri": CALLBACK + "#fragment"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "//evil.example"},
        {"client_id": "shop", "redirect_uri": "https://shop.example/cb"},
        {"client_id": "shop", "redirect_uri": "http://localhost:1/cb"},
    ],
)
def test_nobody_is_sent_where_the_client_may_not_send_them(place, changes):
    for door in ("/oauth2/authorize", "/login"):
        answer = httpx.get(place.url + door, params=asking(**changes))
        assert answer.status_code == 400 and "Location" not in answer.headers
        assert answer.headers["Content-Type"].startswith("text/html") and "evil" not in answer.text
    posted = httpx.post(f"{place.url}/login", data=asking(**changes) | {"username": "anna", "password": "Correct-Horse-1"})
    assert posted.status_code == 400 and "Location" not in posted.headers


def test_a_parameter_that_stands_twice(place):
    answer = httpx.get(f"{place.url}/oauth2/authorize?client_id=x&" + urllib.parse.urlencode(asking()))
    assert answer.status_code == 400 and "Location" not in answer.headers


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"scope": "openid all"}, "invalid_scope"),
    ],
)
def test_the_client_is_told_what_is_wrong_with_its_request(place, changes, error):
    answer = httpx.get(f"{place.url}/oauth2/authorize", params=asking(**changes))
    assert answer.status_code == 302 and answer.headers["Location"].startswith(CALLBACK + "?")
    assert query(answer)["error"] == error and query(answer)["state"] == "s/1 &"


@pytest.mark.parametrize("uri", ["http://localhost:4321/x", "http://[::1]:1/", "http://127.0.0.1/"])
def test_this_machine_is_good_unless_the_entry_says_otherwise(place, uri):
    back = sign_in(place.url, redirect_uri=uri)
    assert back.headers["Location"].startswith(uri + "?code=")
    assert redeem(place.url, query(back)["code"], redirect_uri=uri).status_code == 200


@pytest.mark.parametrize("uri", ["https://shop.example/cb?from=login", "http://127.0.0.1:5555/cb", "shop.app:/cb"])
def test_what_the_entry_names_and_a_client_with_a_secret(place, uri):
    back = sign_in(place.url, "ben", "pw", client_id="shop", redirect_uri=uri, scope=None, code_challenge=None,
                   code_challenge_method=None)  # fmt: skip
    assert back.headers["Location"].startswith(uri + ("&" if "?" in uri else "?") + "code=")
    code = query(back)["code"]
    options = {"client_id": "shop", "redirect_uri": uri, "code_verifier": None}
    assert redeem(place.url, code, **options).json() == {"error": "invalid_client"}
    assert redeem(place.url, code, auth=("shop", SECRET), **options).status_code == 200


def test_a_code_is_good_once_for_who_asked_and_for_five_minutes(place):
    def code(url=place.url):
        return query(sign_in(url))["code"]

    for changes in [
        {"code_verifier": None},
        {"code_verifier": VERIFIER[:-1] + "X"},
        {"redirect_uri": CALLBACK + "/"},
        {"client_id": "shop"},
        {"code": "x.y"},
    ]:
        good = code()
        assert redeem(place.url, good, **changes).json()["error"] in ("invalid_grant", "invalid_client"), changes
        assert redeem(place.url, good).status_code == 200
        assert redeem(place.url, good).json() == {"error": "invalid_grant"}
    space = f"{place.url}/_space/other"
    assert redeem(place.url, code(space)).json() == {"error": "invalid_grant"}
    late = code(space)
    httpx.put(f"{space}/_understudy/clock", json={"advance": "301s"}).raise_for_status()
    assert redeem(space, late).json() == {"error": "invalid_grant"}
    assert redeem(space, code(space)).status_code == 200


def test_the_journal_keeps_no_password_and_no_code(place):
    back = sign_in(place.url, state="seen")
    code = query(back)["code"]
    redeem(place.url, code)
    text = place.journal_text()
    assert "Correct-Horse-1" not in text and code not in text and VERIFIER not in text and SECRET not in text
    assert "/login" in text


def test_the_discovery_document_names_the_pages(place):
    found = httpx.get(f"{place.url}/{POOL}/.well-known/openid-configuration").json()
    assert found["authorization_endpoint"] == f"{place.url}/oauth2/authorize"
    assert found["response_types_supported"] == ["code"] and found["code_challenge_methods_supported"] == ["S256"]
    assert "authorization_code" in found["grant_types_supported"]
