"""One server for each set of libraries and options, shared by all workers of a run."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import pathlib
import signal
import time
from typing import Any, Iterator, Mapping, Sequence

from .process import STOP_SECONDS, ServerProcess


@dataclasses.dataclass(frozen=True)
class Server:
    url: str
    pid: int
    seed: int
    log: pathlib.Path


def arguments(libraries: Sequence[pathlib.Path], options: Mapping[str, Any]) -> "list[str]":
    """`speed="max"` is `--speed max`, `auth_echo="off"` is `--auth-echo off`; True is an option without a value."""
    words = [str(library) for library in libraries]
    for name, value in sorted(options.items()):
        option = "--" + name.replace("_", "-")
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if each is not False and each is not None:
                words += [option] if each is True else [option, str(each)]
    return words


def shared(run: pathlib.Path, binary: str, words: Sequence[str]) -> Server:
    """The run's server for these words: the first who asks starts it, the others find it."""
    key = hashlib.sha256("\0".join([binary, *words]).encode()).hexdigest()[:16]
    with _alone(run / f"{key}.lock"):
        ready, log = run / f"{key}.json", run / f"{key}.log"
        known = _read(ready)
        if known is None or not _is_running(known["pid"]):
            started = ServerProcess(run, *words, program=binary, name=key, outlives_terminal=True)
            started.start()
            known = started.ready
    return Server(url=known["url"], pid=known["pid"], seed=known["seed"], log=log)


def stop_all(run: pathlib.Path) -> None:
    """Ends whatever the run has started."""
    pids = [known["pid"] for known in map(_read, run.glob("*.json")) if known is not None]
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    while time.monotonic() < end and any(map(_is_running, pids)):
        time.sleep(0.02)
    for pid in filter(_is_running, pids):
        os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def _alone(path: pathlib.Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read(ready: pathlib.Path) -> "dict[str, Any] | None":
    try:
        known = json.loads(ready.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return known if isinstance(known, dict) else None


def _is_running(pid: int) -> bool:
    """Also of a child that has ended and was not waited for it has to be said that it does not run."""
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
