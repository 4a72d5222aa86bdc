"""The scripts behind make: install-missing on machines that lack something (a PATH of stubs, where nothing is installed for
real), serve on a port that is in use, and what summarise leaves of a test run."""

import os
import pathlib
import pty
import shutil
import socket
import subprocess

import pytest

REPOSITORY = pathlib.Path(__file__).parents[2]
BUILT = ".build/static/release/understudy"
REAL = ["bash", "awk", "sed", "sort", "tr", "readlink", "dirname", "cat", "paste"]


class Machine:
    """A folder of programs that is all of PATH. Each stub tells its arguments in `ran`."""

    def __init__(self, folder: pathlib.Path):
        self.folder, self.log = folder / "bin", folder / "ran"
        self.folder.mkdir()
        self.log.touch()
        for name in REAL:
            (self.folder / name).symlink_to(shutil.which(name))
        # A toolchain that lacks nothing, on Linux, as root; and the libraries' headers.
        self.has("uname", "echo Linux").has("id", "echo 0").has("env", 'while [[ $1 == *=* ]]; do shift; done; exec "$@"')
        self.has("swift").has("swift-build").has("ld").has("pkg-config")
        self.has("clang", 'echo "/usr/lib/${1#-print-file-name=}"')
        self.has("ldd", 'echo "  libc.so.6 => /lib/libc.so.6 (0x1)"')
        self.has("apt-get").has("dpkg-query")

    def has(self, name: str, does: str = "") -> "Machine":
        program = self.folder / name
        program.write_text(f'#!{shutil.which("bash")}\necho "{name} $*" >>"{self.log}"\n{does}\n')
        program.chmod(0o755)
        return self

    def lacks(self, name: str) -> "Machine":
        (self.folder / name).unlink()
        return self

    def lacks_headers(self) -> "Machine":
        return self.has("pkg-config", "exit 1")

    def installs(self, typed: str | None = None, **environment: str) -> subprocess.CompletedProcess:
        """Runs the script; `typed` is what somebody answers at a terminal, None is no terminal."""
        self.log.write_text("")
        terminal, stdin = pty.openpty()
        os.write(terminal, f"{typed}\n".encode())
        try:
            return subprocess.run(
                [self.folder / "bash", REPOSITORY / "Scripts/install-missing", "build"], capture_output=True, text=True,
                timeout=60, env={"PATH": str(self.folder)} | environment,
                **({"input": ""} if typed is None else {"stdin": stdin}),
            )  # fmt: skip
        finally:
            os.close(terminal)
            os.close(stdin)

    @property
    def installed(self) -> list[str]:
        """What apt-get was asked to install for real."""
        asked = [line.split() for line in self.log.read_text().splitlines() if line.startswith("apt-get install -qq")]
        return [word for words in asked for word in words[2:] if not word.startswith("-")]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_nothing_is_said_and_done_where_nothing_is_missing(machine):
    ran = machine.installs()
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert "apt-get" not in machine.log.read_text()


def test_no_toolchain(machine):
    ran = machine.lacks("swift").installs()
    assert ran.returncode == 2 and "there is no Swift toolchain here" in ran.stderr


def test_what_is_missing_is_installed_and_said(machine):
    ran = machine.lacks_headers().installs()
    assert ran.returncode == 0
    assert machine.installed == ["libsqlite3-dev", "libssl-dev"]
    assert ran.stderr == "understudy: installing libsqlite3-dev libssl-dev (apt-get install)\n"


def test_without_network_the_last_word_names_the_packages(machine):
    words = "E: Unable to locate package libsqlite3-dev"
    ran = machine.lacks_headers().has("apt-get", f'echo "{words}" >&2; exit 100').installs()
    assert ran.returncode == 2
    last = ran.stderr.splitlines()[-1]
    assert words in ran.stderr and "could not be installed: libsqlite3-dev libssl-dev." in last
    assert "apt-get update && apt-get install libsqlite3-dev libssl-dev" in last


def test_without_sudo_the_advice_begins_with_the_package_lists(machine):
    ran = machine.lacks_headers().has("id", "echo 1000").installs()
    assert ran.returncode == 2
    assert "As root, run: apt-get update && apt-get install libsqlite3-dev libssl-dev" in ran.stderr
    assert machine.installed == []


def test_what_the_toolchain_needs_is_found_out_before_the_build(machine):
    machine.lacks("ld").has("ldd", 'echo "libncurses.so.6 => not found"; echo "libxml2.so.2 => not found"')
    ran = machine.has("clang", 'echo "${1#-print-file-name=}"').installs()
    needs = ["libncurses6", "libxml2", "binutils", "libc6-dev", "g++"]
    assert ran.stderr.splitlines()[0] == f"understudy: the Swift toolchain needs of this system: {' '.join(needs)}"
    assert (ran.returncode, machine.installed) == (0, needs)


@pytest.mark.parametrize(
    "how, is_allowed",
    [({}, True), ({"UPGRADE": "1"}, True), ({"typed": ""}, False), ({"typed": "n"}, False), ({"typed": "y"}, True)],
)
def test_whoever_can_be_asked_is_asked_before_an_upgrade(machine, how, is_allowed):
    simulated = 'if [[ $2 == -s ]]; then echo "Inst libssl3 [3.0.15-1] (3.0.17-1 Debian:12)"; echo "Inst libssl-dev (3.0.17-1)"; fi'
    machine.lacks_headers().has("apt-get", simulated).has("dpkg-query", 'echo "ii  3.0.15-1"')
    ran = machine.installs(**how)
    if is_allowed:
        assert (ran.returncode, machine.installed) == (0, ["libsqlite3-dev", "libssl-dev"])
    else:
        assert (ran.returncode, machine.installed) == (2, [])
        assert "upgrades libssl3 too" in ran.stderr and "UPGRADE=1" in ran.stderr


def test_the_headers_are_those_of_the_library_that_is_here(machine):
    # The newest headers would bring a newer library along, those of the installed version do not.
    simulated = 'if [[ $2 == -s && $* != *=* ]]; then echo "Inst libssl3 [3.0.15-1] (3.0.17-1 Debian:12)"; fi'
    machine.lacks_headers().has("apt-get", simulated).has("dpkg-query", '[[ $* == *libssl3* ]] && echo "ii  3.0.15-1"')
    assert machine.installs().returncode == 0
    assert machine.installed == ["libsqlite3-dev", "libssl-dev=3.0.15-1"]


def test_a_system_without_apt(machine):
    ran = machine.lacks_headers().lacks("apt-get").installs()
    assert ran.returncode == 2 and "missing: libsqlite3-dev libssl-dev (Debian's names)" in ran.stderr


def serve(folder: pathlib.Path, *options: object) -> subprocess.CompletedProcess:
    program = folder / ".build/release/understudy"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    words = [REPOSITORY / "Scripts/serve", *map(str, options)]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, cwd=folder)


@pytest.mark.parametrize("form", ["--port {}", "--port={}"])
def test_serve_says_how_make_is_told_another_port(tmp_path, form):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = serve(tmp_path, *form.format(taken.getsockname()[1]).split())
        assert (ran.returncode, ran.stdout) == (2, "")
        assert f"port {taken.getsockname()[1]} is in use" in ran.stderr
        assert 'make serve ARGS="--port 9000"' in ran.stderr
    assert serve(tmp_path, "--port", 0, "x.json").stdout == "serve --port 0 x.json\n"


def test_the_static_build_keeps_the_linkers_warnings_about_glibc_to_itself(tmp_path):
    line = "libcrypto.a(libcrypto-lib-bio_addr.o):function BIO_lookup_ex: warning: Using 'getaddrinfo' in statically linked"
    warning = f"{line} applications requires at runtime the shared libraries from the glibc version used for linking"
    bin = tmp_path / "bin"
    bin.mkdir()
    for name, does in [
        ("swift", f'echo "{warning}"; echo "{warning}" >&2; echo "Build complete!"; mkdir -p $(dirname {BUILT}); echo 1 >{BUILT}'),
        ("readelf", "true"),
    ]:
        (bin / name).write_text(f"#!/bin/sh\n{does}\n")
        (bin / name).chmod(0o755)
    ran = subprocess.run(
        [REPOSITORY / "Scripts/build-static"], capture_output=True, text=True, timeout=60, cwd=tmp_path,
        env={"PATH": f"{bin}:{os.environ['PATH']}"},
    )  # fmt: skip
    told = "Build complete!\n.build/static/understudy: 2 bytes, no shared libraries\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, told, "")


RUN = """\
[0/1] Planning build
◇ Test run started.
↳ Testing Library Version: 6.3.1
◇ Suite Hex started.
◇ Test "upper and lower case" started.
✔ Test "upper and lower case" passed after 0.001 seconds.
◇ Test case passing 1 argument text → "z
z" to "no digits" started.
✔ Test case passing 1 argument text → "✔ Test "another" passed after 0.001 seconds.
✘ Test "no digits" recorded an issue with 1 argument text → "zz" at HexTests.swift:12:9: Expectation failed
↳ what was read
✘ Test "no digits" failed after 0.001 seconds with 1 issue.
➜ Test "published vectors" skipped: "the published vectors are not here"
✔ Suite Hex passed after 0.001 seconds.
✘ Test run with 3 tests in 1 suite failed after 0.002 seconds with 1 issue.
"""

LEFT = """\
↳ Testing Library Version: 6.3.1
✘ Test "no digits" recorded an issue with 1 argument text → "zz" at HexTests.swift:12:9: Expectation failed
↳ what was read
✘ Test "no digits" failed after 0.001 seconds with 1 issue.
➜ Test "published vectors" skipped: "the published vectors are not here"
✘ Test run with 3 tests in 1 suite failed after 0.002 seconds with 1 issue.
1 passed, 1 failed, 1 skipped
"""


@pytest.mark.parametrize("status", [0, 1])
def test_of_a_test_run_the_failures_and_the_summary_are_left(tmp_path, status):
    (tmp_path / "run").write_text(RUN)
    words = [REPOSITORY / "Scripts/summarise", "bash", "-c", f"cat run >&2; exit {status}"]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (status, LEFT, "")


def test_of_a_build_the_errors_are_left(tmp_path):
    line = "Sources/Core/Answer.swift:3:7: error: cannot find type"
    words = [REPOSITORY / "Scripts/summarise", "printf", f"[1/2] Compiling Core Answer.swift\\n{line}\\n"]
    assert subprocess.run(words, capture_output=True, text=True, timeout=60).stdout == line + "\n"
