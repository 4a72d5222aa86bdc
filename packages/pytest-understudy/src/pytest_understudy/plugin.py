"""The fixture `understudy`, the marker and the ini option of the same family, and what a failed test prints."""

from __future__ import annotations

import hashlib
import itertools
import os
import pathlib
import shutil
import tempfile
from typing import Any, Dict, Generator, Iterator, Optional, Tuple

import pytest

from . import binary, server
from .process import DidNotStart
from .server import Server
from .space import Space
from .steering import Refused, Steering

#: The servers that this process knows, each by the words of `understudy serve`.
Servers = Dict[Tuple[str, ...], Tuple[Server, Steering]]

_RUN = pytest.StashKey[pathlib.Path]()
_SPACE = pytest.StashKey[Space]()
_OWNS_RUN = pytest.StashKey[bool]()
_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "understudy_libraries", "what the server serves unless a marker says otherwise", type="paths", default=[]
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        'understudy(*libraries, **options): what the fixture `understudy` serves, and options of `understudy serve`: '
        '@pytest.mark.understudy("a.json", speed="max")',
    )
    given = getattr(config, "workerinput", {}).get("understudy_run")
    config.stash[_OWNS_RUN] = given is None
    config.stash[_RUN] = pathlib.Path(given or tempfile.mkdtemp(prefix="understudy-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Every worker of pytest-xdist shares the servers of the run."""
    node.workerinput["understudy_run"] = str(node.config.stash[_RUN])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever began the run ends its servers; by then all workers have gone."""
    if config.stash.get(_OWNS_RUN, False):
        server.stop_all(config.stash[_RUN])
        shutil.rmtree(config.stash[_RUN], ignore_errors=True)


@pytest.fixture(scope="session")
def _understudy_servers(pytestconfig: pytest.Config) -> Iterator[Servers]:
    servers: Servers = {}
    yield servers
    for _, steering in servers.values():
        steering.close()


@pytest.fixture
def understudy(request: pytest.FixtureRequest, _understudy_servers: Servers) -> Iterator[Space]:
    """A space of its own on the run's server; see the package's README."""
    words, control_token = _wanted(request)
    found = _understudy_servers.get(words)
    if found is None:
        running = _serve(request, words)
        found = _understudy_servers[words] = (running, Steering(running.url, control_token))
    running, steering = found
    space = Space(running, _name(request.node.nodeid), steering)
    steering.ask("PUT", f"spaces/{space.name}")
    request.node.stash[_SPACE] = space
    yield space
    try:
        steering.ask("DELETE", f"spaces/{space.name}")
    except Refused as refused:
        # A test may have reset the server, and its space with it.
        if refused.status != 404:
            raise


def _wanted(request: pytest.FixtureRequest) -> Tuple[Tuple[str, ...], Optional[str]]:
    """The words of `understudy serve` for this test."""
    marker = request.node.get_closest_marker("understudy")
    options = dict(marker.kwargs) if marker else {}
    libraries = [_located(library, request) for library in marker.args] if marker else []
    libraries = libraries or [pathlib.Path(path) for path in request.config.getini("understudy_libraries")]
    return tuple(server.arguments(libraries, options)), options.get("control_token")


def _located(library: Any, request: pytest.FixtureRequest) -> pathlib.Path:
    """Beside the test, else below the root of the tests."""
    beside = request.path.parent / library
    below: pathlib.Path = request.config.rootpath / library
    return beside if beside.exists() else below


def _serve(request: pytest.FixtureRequest, words: Tuple[str, ...]) -> Server:
    try:
        program = binary.find(request.config.rootpath)
        return server.shared(request.config.stash[_RUN], program, words)
    except (binary.NotFound, DidNotStart) as error:
        pytest.fail(str(error), pytrace=False)


def _name(nodeid: str) -> str:
    """Unlike any other of the run, and like the test in the journal."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    digest = hashlib.sha256(f"{nodeid} {os.getpid()}".encode()).hexdigest()[:8]
    return f"{worker}-{next(_numbers)}-{digest}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    space = item.stash.get(_SPACE, None)
    if report.when == "call" and report.failed and space is not None:
        try:
            report.sections.append(("Understudy", space.told()))
        except Exception as error:  # noqa: BLE001: whatever happened to the server, the test's own failure is told
            report.sections.append(("Understudy", f"the journal could not be read: {error}\n{_end_of(space)}"))
    return report


def _end_of(space: Space) -> str:
    try:
        return space.server.log.read_text()[-2000:]
    except OSError:
        return ""
