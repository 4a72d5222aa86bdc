import json
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from understudy import Server, TestSpace, free_port  # noqa: E402
from world import scenario  # noqa: E402

# No machine's own AWS configuration may leak into a test, and no test onto the network.
for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
    del os.environ[name]
os.environ |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


@pytest.fixture
def builtin(understudy):
    """The built-in library, what `make serve` gives a newcomer, in a space of this test's own."""
    return TestSpace(understudy.url)


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The scenario of world.py as a file, with a port that nobody else has."""
    port = free_port()
    file = tmp_path_factory.mktemp("world") / "world.json"
    file.write_text(json.dumps(scenario(port), indent=2))
    return file, port


@pytest.fixture(scope="session")
def server(library, tmp_path_factory):
    """A server with the scenario of world.py."""
    file, port = library
    with Server(tmp_path_factory.mktemp("server"), file, port=port) as server:
        yield server
