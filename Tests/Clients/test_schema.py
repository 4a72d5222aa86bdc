"""The schema of scenario files, judged by a public validator: it takes what `check` takes, and refuses what is misspelt."""

import copy
import json
import pathlib

import jsonschema
import pytest

from understudy import run
from world import scenario

FIXTURES = sorted((pathlib.Path(__file__).parents[2] / "fixtures/scenarios").glob("*.json"))


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(run("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def read(file, tmp_path):
    """Without its comments: what `load` and `export` make of it."""
    library = tmp_path / "library.sqlite"
    assert run("load", file, "--into", library).returncode == 0
    return json.loads(run("export", library).stdout)


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
def test_every_fixture_is_valid(validator, tmp_path, file):
    assert not [error.message for error in validator.iter_errors(read(file, tmp_path))]


def test_the_clients_own_scenario_is_valid(validator):
    assert not [error.message for error in validator.iter_errors(scenario(8787))]


@pytest.mark.parametrize(
    "path, value",
    [
        (["rulez"], []),
        (["understudy"], 2),
        (["agents", 0, "protocol"], "SOAP"),
        (["agents", 0, "session"], {"coldStart": "soon"}),
        (["rules", 0, "reply"], {"jsn": {}}),
        (["rules", 0, "when"], {"payload": [{"path": "$.a", "includes": "x"}]}),
        (["faults"], [{"fault": "latency", "uniform": {"min": "1s"}}]),
        (["faults"], [{"fault": "explode"}]),
        (["faults"], [{"fault": "stall", "frames": -1}]),
    ],
)
def test_what_is_misspelt_is_refused_by_schema_and_check(validator, tmp_path, path, value):
    broken = copy.deepcopy(scenario(8787))
    place = broken
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert list(validator.iter_errors(broken))
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(broken))
    assert run("check", file).returncode == 2
