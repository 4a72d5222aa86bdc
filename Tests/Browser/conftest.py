import pathlib
import shutil
import sys

import pytest
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "Tests/Clients"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from understudy import Server  # noqa: E402


def chromium() -> str:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "there is no Chromium: Scripts/install-missing browser installs Debian's"
    return program


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright):
    """Chromium of this system, without a screen. It runs as whoever runs the tests, so without a sandbox of its own."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
    yield browser
    browser.close()


@pytest.fixture
def server(tmp_path):
    """A server of its own for each test, which lets every caller in."""
    with Server(tmp_path, "--auth", "off", "--quiet") as server:
        yield server


@pytest.fixture
def page(browser):
    """A page that fails its test when anything in it goes wrong, or leaves the server."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda message: page.wrong.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: (page.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield page
    wrong = [text for text in page.wrong if "status of 4" not in text and "ERR_" not in text]
    context.close()
    assert not wrong
