"""One `understudy serve` as a child process: started, waited for until it serves, and ended."""

from __future__ import annotations

import json
import os
import pathlib
import select
import signal
import subprocess
from typing import Any, Mapping, Optional, TypeVar

from . import binary

START_SECONDS = 30.0
STOP_SECONDS = 20.0


Own = TypeVar("Own", bound="ServerProcess")


class DidNotStart(Exception):
    """The program ended, or said nothing, instead of serving."""


class ServerProcess:
    """A server of a test's own, for what a shared one cannot do: be restarted, killed, given a port. Use it in a `with`.

    `folder` takes its log and its ready file; `words` are those of `understudy serve`.
    """

    process: "subprocess.Popen[str]"
    #: What the server says when it serves: `url`, `tls`, `pid`, `seed` and the like.
    ready: "dict[str, Any]"
    url: str

    def __init__(
        self,
        folder: pathlib.Path,
        *words: object,
        port: int = 0,
        environment: Optional[Mapping[str, str]] = None,
        program: Optional[str] = None,
        name: Optional[str] = None,
        outlives_terminal: bool = False,
    ):
        self.log = folder / f"{name or 'server'}.log"
        self.ready_file = folder / f"{name or 'ready-' + os.urandom(4).hex()}.json"
        self.command = [program or binary.find(pathlib.Path.cwd()), "serve", "--port", str(port)]
        self.command += ["--ready-file", str(self.ready_file), *map(str, words)]
        self._environment = environment
        # A session of its own: a Ctrl-C at the terminal is for the tests, which still want to ask for the journal.
        self._own_session = outlives_terminal

    def start(self) -> None:
        with self.log.open("a") as errors:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=self._environment,
                start_new_session=self._own_session,
            )
        assert self.process.stdout is not None
        answered, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        line = self.process.stdout.readline() if answered else ""
        if not line:
            self.process.kill()
            self.process.wait()
            raise DidNotStart(f"`{' '.join(self.command)}` did not start:\n{self.log.read_text()[-4000:]}")
        self.ready = json.loads(line)
        self.url = self.ready["url"]

    def stop(self, by: int = signal.SIGTERM) -> int:
        """The exit code."""
        self.process.send_signal(by)
        try:
            return self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the server did not stop: {self.log.read_text()[-4000:]}") from None

    def __enter__(self: Own) -> Own:
        self.start()
        return self

    def __exit__(self, *_: Any) -> None:
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout is not None
        self.process.stdout.close()
