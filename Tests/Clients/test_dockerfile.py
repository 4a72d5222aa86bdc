"""The image without an engine: its files are there, its build is the one that is tested, and its commands run in an empty root."""

from __future__ import annotations

import fnmatch
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from understudy import BINARY, until

ROOT = pathlib.Path(__file__).parents[2]


def steps() -> list[tuple[str, str]]:
    """Each instruction with its words; what is continued on the next line is one."""
    text = (ROOT / "Dockerfile").read_text()
    lines = re.sub(r"\\\n", "", re.sub(r"^#.*\n", "", text, flags=re.M)).splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1].strip()) for line in lines if line.strip()]


STEPS = steps()
BUILD, IMAGE = [place for place, (word, _) in enumerate(STEPS) if word == "FROM"]


def step(word: str) -> str:
    [found] = [words for name, words in STEPS[IMAGE:] if name == word]
    return found


def recipe(target: str) -> str:
    return re.search(rf"^{target}:.*\n\t(.*)", (ROOT / "Makefile").read_text(), re.M)[1]


def test_the_build_is_the_static_one_and_what_it_makes_is_what_is_taken():
    commands = [words for word, words in STEPS[BUILD:IMAGE] if word == "RUN"]
    assert commands[-1] == "make static"
    assert recipe("static") == "Scripts/build-static"
    binary = re.search(r"^binary=(.*)", (ROOT / "Scripts/build-static").read_text(), re.M)[1]
    [folder] = [words for word, words in STEPS[BUILD:IMAGE] if word == "WORKDIR"]
    assert step("COPY") == f"--from=build {folder}/{binary} /understudy"
    assert dict(STEPS)["FROM"] == "scratch" and STEPS[BUILD][1].endswith(" AS build")


def test_the_build_has_what_it_needs():
    """The packages that `make static` would install by itself, and a toolchain that can read the package."""
    [installs] = [words for word, words in STEPS[BUILD:IMAGE] if word == "RUN" and "apt-get install" in words]
    packages = {"make", "pkg-config", "libsqlite3-dev", "libssl-dev"}
    assert packages <= set(installs.split())
    tools = re.search(r"swift-tools-version: (\d+)\.(\d+)", (ROOT / "Package.swift").read_text())
    image = re.match(r"swift:(\d+)\.(\d+)-", STEPS[BUILD][1])
    assert tuple(map(int, image.groups())) >= tuple(map(int, tools.groups()))


def test_nothing_that_the_build_reads_is_left_out_of_its_context():
    assert ("COPY", ". .") in STEPS[BUILD:IMAGE]
    ignored = (ROOT / ".dockerignore").read_text().split()
    kept = ["Package.swift", "Makefile", "Scripts/build-static", "Scripts/install-missing"]
    kept += [str(path.relative_to(ROOT)) for path in (ROOT / "Sources").rglob("*") if path.is_file()]
    for name in kept:
        assert (ROOT / name).is_file()
        assert not [pattern for pattern in ignored if name == pattern or fnmatch.fnmatch(name, f"{pattern}/*")], name


def libraries(program: str) -> list[str]:
    """What a binary that is not static has beside it; nothing for the one of the image."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True)
    return re.findall(r"(/\S+) \(0x", listed.stdout) if listed.returncode == 0 else []


@pytest.fixture
def image(tmp_path):
    """A root with the binary and nothing else."""
    root = tmp_path / "image"
    root.mkdir()
    shutil.copy(BINARY, root / "understudy")
    for library in libraries(BINARY):
        place = root / library.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, place)
    return root


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may change its root")
def test_its_commands_run_in_an_empty_root_as_nobody(image):
    """In a network of its own, so that the port is the image's."""
    user, group = step("USER").split(":")
    inside = ["chroot", f"--userspec={user}:{group}", str(image)]
    command = json.loads(step("ENTRYPOINT")) + json.loads(step("CMD"))
    network = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    server = subprocess.Popen(
        [*network, *inside, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={"PATH": path})
    try:
        ready = json.loads(server.stdout.readline())
        assert ready["url"].endswith(":" + step("EXPOSE"))
        health = json.loads(step("HEALTHCHECK").split(" CMD ")[1])
        asked = subprocess.run(
            ["nsenter", f"--net=/proc/{server.pid}/ns/net", *inside, *health], capture_output=True, text=True,
            timeout=20, env={"PATH": path})
        assert asked.returncode == 0, asked.stderr
        status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
        assert re.search(rf"^Uid:\t{user}\t{user}", status, re.M)
    finally:
        server.terminate()
        _, said = server.communicate(timeout=20)
    assert server.returncode == 0 and "token" in said
    gone = subprocess.run([*network, *inside, *health], capture_output=True, text=True, timeout=20, env={"PATH": path})
    assert gone.returncode != 0


def has_engine() -> bool:
    return bool(shutil.which("docker")) and subprocess.run(["docker", "info"], capture_output=True).returncode == 0


@pytest.mark.skipif(not has_engine(), reason="there is no container engine")
def test_an_engine_builds_it_and_finds_it_healthy():
    def docker(*words: str) -> str:
        return subprocess.run(["docker", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()

    docker("build", "--tag", "understudy-test", ".")
    container = docker("run", "--rm", "--detach", "understudy-test")
    try:
        until(lambda: docker("inspect", "--format", "{{.State.Health.Status}}", container) == "healthy", seconds=60)
    finally:
        docker("rm", "--force", container)
