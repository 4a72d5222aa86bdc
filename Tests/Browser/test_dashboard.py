"""What a person sees who opens the page: calls as they come, one of them opened, faults armed, the clock moved."""

from __future__ import annotations

import json
import os
import pathlib
import re

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from caller import AGENT, OTHER, SESSION, call
from understudy import Server

PICTURES = pathlib.Path(__file__).parents[2] / "docs/pictures"
HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>"\'`${alert(3)}</script>'
STREAM = {
    "understudy": 1,
    "agents": [{"arn": "*", "auth": "any"}],
    "credentials": [{"accessKeyId": "test", "secretAccessKey": "test"}],
    "rules": [
        {"name": "one word at a time", "when": {"payload": [{"path": "$.prompt", "contains": "stream"}]},
         "reply": {"stream": {"firstAfter": "80ms", "every": "40ms",
                              "events": [{"data": {"text": word}} for word in "a stream of a few words".split()]}}},
        {"name": "sushi", "when": {"payload": [{"path": "$.prompt", "contains": "sushi"}]},
         "reply": {"json": {"answer": "You said {{payload.prompt}}", "dishes": [{"name": "maki", "price": 4.50}]}}},
    ],
}


def rows(page):
    return page.locator(".rows-body .row:not([hidden])")


def opened(page, server, path=""):
    page.goto(f"{server.control}/{path}")
    expect(page.locator("#link")).to_have_text("live")
    return page


def pictured(page, name):
    if os.environ.get("PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")


@pytest.fixture
def talking(tmp_path):
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(STREAM))
    with Server(tmp_path, file, "--quiet", "--auth", "off") as server:
        yield server


def test_calls_come_into_the_list_and_one_is_opened(page, talking):
    call(talking.url, {"prompt": "sushi, please"}, **{SESSION: "s" * 40})
    opened(page, talking)
    expect(rows(page)).to_have_count(1)
    call(talking.url, {"prompt": "stream it"})
    call(talking.url, {"prompt": "nothing for this"}, agent=OTHER)
    expect(rows(page)).to_have_count(3)
    expect(rows(page).nth(0)).to_contain_text("booking_agent-XyZ1234567")
    expect(rows(page).nth(1)).to_contain_text("one word at a time")

    page.locator(".rows").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    panel = page.locator("#opened")
    expect(panel).to_contain_text("Call 2")
    expect(panel).to_contain_text("6 frames")
    assert panel.locator(".timeline .sent").count() == 6
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()

    rows(page).nth(0).click()
    expect(panel).to_contain_text("No rule matched")
    expect(panel.locator("ol li")).to_have_count(2)
    expect(panel).to_contain_text("sushi")


def test_a_call_becomes_a_rule_and_a_command(page, talking):
    call(talking.url, {"prompt": "sushi, please"})
    opened(page, talking, "#call=1")
    page.get_by_role("button", name="as rule").click()
    text = page.locator("dialog#text pre")
    expect(text).to_contain_text('"reply"')
    rule = json.loads(text.text_content())
    rule["reply"] = {"text": "from the rule"}
    httpx.patch(f"{talking.control}/scenario", json={"understudy": 1, "rules": [rule]}).raise_for_status()
    assert call(talking.url, {"prompt": "sushi, please"}).text == "from the rule"
    page.get_by_role("button", name="Close").last.click()
    page.get_by_role("button", name="as curl").click()
    expect(page.locator("dialog#text pre")).to_contain_text("curl --silent")


def test_what_strangers_send_is_only_ever_text(page, server):
    hostile = httpx.get(server.url + "/%3Cscript%3Ealert(1)%3C/script%3E?x=%3Cimg%20src=x%20onerror=alert(1)%3E")
    assert hostile.status_code == 404
    call(server.url, {"prompt": HOSTILE, HOSTILE: [HOSTILE, "\u202egnp.exe", "\u2066"]}, **{"X_Hostile": HOSTILE.encode("ascii", "replace").decode()})
    call(server.url, b'{"half": [1, 2, ')
    call(server.url, bytes(range(256)))
    call(server.url, {"deep": {"b": [1.10, 12345678901234567890, None, True, "x" * 90_000]}})
    opened(page, server)
    expect(rows(page)).to_have_count(5)
    for number in range(1, 6):
        page.goto(f"{server.control}/#call={number}")
        expect(page.locator("#opened h3")).to_have_text(f"Call {number}")
        for summary in page.locator("#opened summary").all():
            if summary.is_visible():
                summary.click()
    expect(page.locator("#opened")).to_contain_text("12345678901234567890")
    assert page.evaluate("document.scripts.length") == 1
    assert page.locator("#opened img, #opened script").count() == 0
    page.goto(f"{server.control}/#call=2")
    expect(page.locator("#opened")).to_contain_text("alert(2)")
    assert "\u202e" not in page.locator("#opened").text_content()


def test_nothing_runs_but_the_pages_own_files(page, server):
    answer = httpx.get(f"{server.control}/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
    assert httpx.get(server.control).headers["Location"] == "_understudy/"
    opened(page, server)
    attempts = ["document.body.innerHTML = '<b>x</b>'", "document.createElement('p').setAttribute('onclick', 'window.ran = 1')",
                "document.createElement('script').textContent = 'window.ran = 1'"]
    for attempt in attempts:
        assert page.evaluate("(attempt) => { try { Function; " + attempt + "; return false; } catch { return true; } }"), attempt
    assert page.evaluate("window.ran") is None
    page.wrong.clear()


def test_filters_are_the_query_of_calls(page, server):
    for status in (200, 503, 429):
        if status != 200:
            httpx.post(f"{server.control}/faults", json={"name": "now", "fault": "error", "status": status})
        call(server.url, agent=AGENT if status == 200 else OTHER)
        httpx.delete(f"{server.control}/faults")
    opened(page, server)
    expect(rows(page)).to_have_count(3)
    page.locator("#filters [name=status]").fill("5xx,429")
    expect(rows(page)).to_have_count(2)
    page.locator("#filters [name=agent]").fill("*search*")
    expect(rows(page)).to_have_count(0)
    page.locator("#filters [name=status]").fill("nonsense")
    expect(page.locator("#found")).to_contain_text("none of 404, 4xx, 200-299")
    page.get_by_role("button", name="Clear").click()
    expect(rows(page)).to_have_count(3)
    call(server.url)
    expect(rows(page)).to_have_count(4)
    page.get_by_label("nothing matched").check()
    expect(rows(page)).to_have_count(0)
    page.get_by_label("nothing matched").uncheck()
    page.locator("#filters [name=fault]").fill("now")
    expect(rows(page)).to_have_count(2)


def test_the_journal_is_emptied_under_the_page(page, server):
    call(server.url)
    opened(page, server)
    expect(rows(page)).to_have_count(1)
    httpx.post(f"{server.control}/reset").raise_for_status()
    expect(rows(page)).to_have_count(0)
    call(server.url, agent=OTHER)
    expect(rows(page)).to_have_count(1)
    expect(rows(page).nth(0)).to_contain_text("booking_agent")


def test_the_page_comes_back_when_the_server_does(page, tmp_path):
    with Server(tmp_path, "--auth", "off", "--quiet") as server:
        port = int(server.url.rsplit(":", 1)[1])
        opened(page, server)
    expect(page.locator("#link")).to_contain_text("does not answer")
    with Server(tmp_path, "--auth", "off", "--quiet", port=port) as server:
        call(server.url)
        expect(page.locator("#link")).to_have_text("live")
        expect(rows(page)).to_have_count(1)


def test_a_fault_is_armed_switched_changed_and_disarmed(page, server):
    opened(page, server, "#faults")
    expect(page.locator("#faults")).to_contain_text("No fault is armed here.")
    page.locator("#faults [name=fault]").select_option("error")
    page.locator("#faults [name=status]").fill("503")
    page.locator("#faults [name='on.calls']").fill("2-3")
    page.locator("#faults [name=name]").fill("busy")
    page.get_by_role("button", name="Arm", exact=True).click()
    expect(page.locator("#faults table")).to_contain_text("busy")
    expect(page.locator(".strip .struck")).to_have_count(2)
    assert [call(server.url).status_code for _ in range(3)] == [200, 503, 503]
    expect(page.locator("#faults tbody td").nth(4)).to_have_text("2")
    page.get_by_role("switch").click()
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "false")
    page.get_by_role("button", name="Change busy").click()
    page.locator("#faults [name=status]").fill("429")
    page.locator("#faults [name='on.calls']").fill("")
    page.get_by_role("button", name=re.compile("Change “busy”")).click()
    expect(page.locator("#faults tbody")).to_contain_text("429")
    assert call(server.url).status_code == 429
    page.locator("#faults [name=status]").fill("9999")
    page.get_by_role("button", name="Arm", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("status")
    page.get_by_role("button", name="Disarm busy").click()
    expect(page.locator("#faults")).to_contain_text("No fault is armed here.")


def test_a_changed_fault_keeps_what_it_said(page, server):
    said = [
        {"name": "busy", "fault": "error", "status": 503, "headers": {"X-Reason": "full"}, "retryAfter": 2, "on": {"every": 3}},
        {"name": "fast", "fault": "throttle", "rate": "1/s", "retryAfter": "3s"},
        {"name": "gone", "fault": "ws-close", "code": 1011, "messages": 2},
        {"name": "lost", "fault": "ws-drop", "messages": 4},
    ]
    for fault in said:
        httpx.post(f"{server.control}/faults", json=fault).raise_for_status()
    before = httpx.get(f"{server.control}/faults").json()["faults"]
    opened(page, server, "#faults")
    for fault in said:
        page.get_by_role("button", name=f"Change {fault['name']}", exact=True).click()
        page.get_by_role("button", name=f"Change “{fault['name']}”").click()
        expect(page.locator("#faults form")).to_contain_text(f"“{fault['name']}” is armed.")
    assert httpx.get(f"{server.control}/faults").json()["faults"] == before


def test_waiting_is_told_to_take_no_time(page, server):
    opened(page, server, "#people")
    page.locator("#people [name=speed]").fill("max")
    page.get_by_role("button", name="Use").click()
    expect(page.locator("#people")).to_contain_text("waiting takes no time")
    assert httpx.get(f"{server.control}/clock").json()["speed"] == "max"


def test_sessions_agents_spaces_and_the_clock(page, server):
    call(server.url, **{SESSION: "s" * 40})
    opened(page, server, "#people")
    people = page.locator("#people")
    expect(people).to_contain_text("s" * 40)
    expect(people).to_contain_text("search_agent-AbCdEf1234")
    page.locator("#people [name=advance]").fill("14m")
    page.get_by_role("button", name="Advance").click()
    expect(people).to_contain_text(re.compile(r"in (59|\d\d?)\.?\d* ?(s|min)"))
    page.get_by_role("button", name="Freeze").click()
    expect(people).to_contain_text("(frozen)")
    assert httpx.get(f"{server.control}/clock").json()["frozen"] is True
    page.locator("#people [name=name]").fill("worker-1")
    page.get_by_role("button", name="Make").click()
    page.get_by_role("button", name="Look at worker-1").click()
    expect(people).to_contain_text("No session lives.")
    expect(page.locator("#space")).to_have_value("worker-1")
    call(f"{server.url}/_space/worker-1", agent=OTHER)
    page.get_by_role("link", name="Calls").click()
    expect(rows(page)).to_have_count(1)
    expect(rows(page).nth(0)).to_contain_text("booking_agent")


def test_the_control_token_is_asked_for_once(page, tmp_path):
    with Server(tmp_path, "--auth", "off", "--quiet", "--control-token", "a-token") as server:
        assert httpx.get(f"{server.control}/calls").status_code == 401
        page.goto(f"{server.control}/")
        page.locator("dialog [name=token]").fill("a-token")
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("#link")).to_have_text("live")
        page.get_by_role("link", name="Sessions").click()
        expect(page.locator("#people")).to_contain_text("Agents")
        page.evaluate("sessionStorage.clear()")
        page.goto("about:blank")
        page.goto(f"{server.control}/#token=a-token")
        expect(page.locator("#link")).to_have_text("live")
        assert "token" not in page.url


def test_a_refused_signature_is_shown_with_what_the_server_computed(page, tmp_path):
    with Server(tmp_path, "--quiet") as server:
        amz = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/bedrock-agentcore/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + "0" * 64
        from datetime import datetime, timezone

        now = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        call(server.url, **{"Authorization": amz.replace("20260101", now[:8]), "X_Amz_Date": now})
        opened(page, server, "#call=1")
        panel = page.locator("#opened")
        expect(panel).to_contain_text("refused (sigv4)")
        computed = panel.locator(".lines").first.text_content()
        assert computed.startswith("POST")
        lines = httpx.get(f"{server.control}/calls/1").json()["auth"]["canonicalRequest"].split("\n")
        lines[1] = "/another/path"
        panel.locator("textarea").first.fill("\n".join(lines))
        expect(panel.locator("mark")).to_have_count(1)
        expect(panel).to_contain_text("Line 2 differs")


def test_a_picture_is_worth_its_bytes(page, talking):
    """What the documents show: calls of two agents, some slow, some refused, a stream opened."""
    for fault in ({"fault": "latency", "delay": "90ms", "on": {"every": 3}}, {"fault": "error", "status": 503, "on": {"calls": "4-5"}, "agent": "booking*"}):
        httpx.post(f"{talking.control}/faults", json=fault).raise_for_status()
    for number in range(12):
        call(talking.url, {"prompt": "sushi, please" if number % 4 else "stream it"}, **{SESSION: f"guest-{number % 3}" + "0" * 32})
        call(talking.url, {"prompt": "sushi for two" if number % 5 else "a table?"}, agent=OTHER, **{SESSION: f"guest-{number % 3}" + "0" * 32})
    page.set_viewport_size({"width": 1120, "height": 560})
    opened(page, talking)
    expect(page.locator("#found")).to_have_text("24 calls")
    page.locator(".row .rule").get_by_text("one word at a time", exact=True).first.click()
    expect(page.locator("#opened")).to_contain_text("6 frames")
    assert "null" not in page.locator("#opened").text_content()
    pictured(page, "call")
    page.get_by_role("link", name="Faults").click()
    expect(page.locator(".strip").first).to_be_visible()
    page.emulate_media(color_scheme="dark")
    pictured(page, "faults")


def test_expectations_are_judged_and_drawn(page, server):
    httpx.post(f"{server.control}/faults", json={"fault": "error", "status": 503, "on": {"calls": "1-3"}}).raise_for_status()
    for _ in range(4):
        call(server.url)
    opened(page, server, "#verdicts")
    source = page.locator("#expectations")
    expect_calls = {"name": "four calls", "calls": {"match": {"agent": "*search*"}, "count": 4}}
    breaker = {"name": "a breaker", "breaker": {"opensAfter": 3, "openFor": "60s"}}
    too_many = {"name": "one call", "calls": {"match": {"agent": "*search*"}, "count": 1}}
    source.fill(json.dumps({"expect": [expect_calls, breaker, too_many]}))
    page.get_by_role("button", name="Judge the calls").click()
    results = page.locator("#verdicts")
    expect(results.locator(".verdict.pass")).to_have_count(1)
    expect(results.locator("h3 .verdict")).to_have_text("fail")
    drawn = results.get_by_role("region", name="States of the circuit breaker, drawn")
    expect(drawn.locator(".state").first).to_be_visible()
    expect(drawn).to_contain_text("a breaker of search_agent-AbCdEf1234")
    page.set_viewport_size({"width": 1120, "height": 560})
    drawn.scroll_into_view_if_needed()
    pictured(page, "verdicts")
    results.get_by_role("link", name="1", exact=True).first.click()
    expect(page.locator("#opened h3")).to_have_text("Call 1")
    page.get_by_role("link", name="Verdicts").click()
    source.fill('{"expect": [{"name": "x", "braker": {}}]}')
    page.get_by_role("button", name="Judge the calls").click()
    expect(page.get_by_role("alert").first).to_contain_text("breaker")


def test_waits_and_tokens_are_drawn_with_words_that_can_be_read(page, tmp_path):
    """Against the declared policy; what somebody called them is text there too."""
    hostile = "waits <img src=x onerror=alert(1)>\u202e & \"quotes\""
    expectations = [{"name": hostile, "backoff": {"policy": "constant", "base": "1s"}}, {"tokenRefresh": {"within": "5s"}}]
    results = page.locator("#verdicts")
    with Server(tmp_path, "--quiet") as server:
        httpx.post(f"{server.control}/faults", json={"fault": "error", "status": 503, "on": {"calls": "1-3"}}).raise_for_status()
        token = server.token()
        for _ in range(4):
            call(server.url, **{"Authorization": f"Bearer {token}", SESSION: "s" * 40})
        opened(page, server, "#verdicts")
        page.locator("#expectations").fill(json.dumps({"expect": expectations}))
        page.get_by_role("button", name="Judge the calls").click()
        waits = page.get_by_role("region", name="Waits between attempts, and the policy's band, drawn")
        expect(waits).to_contain_text("waits <img src=x onerror=alert(1)>\ufffd & \"quotes\"")
        expect(waits.locator("rect.band").first).to_be_visible()
        tokens = page.get_by_role("region", name="Lives of the tokens, drawn")
        expect(tokens.locator("rect.band").first).to_be_visible()
        heard = results.aria_snapshot()
        assert "policy after failure 3: 1 s to 1 s" in heard and re.search("token [0-9a-f]{8}", heard)
        assert results.locator("img, script, style").count() == 0
        held = []
        page.route("**/verify", lambda route: route.continue_() if held else held.append(route))
        page.get_by_role("button", name="Judge the calls").click()
        page.locator("#expectations").fill(json.dumps({"expect": expectations[:1]}))
        page.get_by_role("button", name="Judge the calls").click()
        expect(results.locator(".picture")).to_have_count(1)
        # The first answer comes last, and is no longer wanted.
        with page.expect_response("**/verify") as first:
            held[0].continue_()
        first.value.finished()
        page.evaluate("new Promise(requestAnimationFrame)")
        expect(results.locator("section")).to_have_count(1)
        page.unroute("**/verify")
        page.locator("#expectations").fill(json.dumps({"expect": expectations}))
        page.route("**/reports/refresh", lambda route: route.abort())
        page.get_by_role("button", name="Judge the calls").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        expect(results.locator("h3 .verdict")).to_have_text("fail")
        expect(results.locator(".picture")).to_have_count(1)
        page.locator("#expectations").fill('{"expect": [{"backoff": {"policy": "constant"')
        page.get_by_role("button", name="Judge the calls").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        expect(results.locator(".picture")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 380])
def test_nothing_keeps_anybody_out(page, talking, scheme, width):
    call(talking.url, {"prompt": "stream it"}, **{SESSION: "s" * 40})
    call(talking.url, {"prompt": "nothing for this"})
    httpx.post(f"{talking.control}/faults", json={"fault": "latency", "delay": "1ms", "on": {"calls": "5+"}})
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    for view in ("calls", "call=1", "faults", "people", "verdicts"):
        opened(page, talking, f"#{view}")
        if view == "call=1":
            expect(page.locator("#opened h3")).to_have_text("Call 1")
        elif view in ("faults", "people"):
            expect(page.locator(f"#{view} table").first).to_be_visible()
        elif view == "verdicts":
            page.get_by_role("button", name="Judge the calls").click()
            expect(page.locator("#verdicts .picture")).to_have_count(2)
        found = Axe().run(page).response["violations"]
        serious = [f"{v['id']}: {[n['html'] for n in v['nodes']][:3]}" for v in found if v["impact"] in ("serious", "critical")]
        assert not serious, f"{view}: {serious}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{view} is wider than the screen"
