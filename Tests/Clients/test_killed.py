"""kill -9 at points of chance: the file opens, holds every finished call, and no torn one. `make bench` does it 200 times."""

from __future__ import annotations

from killing import KilledRecorder
from understudy import BINARY, run


def test_a_recorder_that_is_killed_again_and_again(tmp_path):
    recorder = KilledRecorder(BINARY, tmp_path / "k.sqlite", seed=4_711)
    recorder.rounds(8)
    assert recorder.finished, "nobody was answered"
    done = run("fidelity", tmp_path / "k.sqlite", "--speed", "max")
    assert done.returncode == 0, done.stdout + done.stderr
