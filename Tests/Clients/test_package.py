"""The manual page and the Debian package, by the programs that read them."""

from __future__ import annotations

import pathlib
import shutil
import subprocess

import pytest

from understudy import BINARY, run

ROOT = pathlib.Path(__file__).parents[2]


def output(*command: object, **options) -> str:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True, **options).stdout


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff")
def test_the_manual_page_is_one_that_groff_has_no_doubts_about():
    page = run("man").stdout
    shown = subprocess.run(
        ["groff", "-man", "-ww", "-Tascii", "-P-cbou"], input=page.encode("ascii", "xmlcharrefreplace"), capture_output=True)
    assert shown.returncode == 0 and shown.stderr == b"", shown.stderr
    text = shown.stdout.decode()
    assert "EXIT STATUS" in text and "--other-services" in text and "understudy - a local stand-in" in text


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="there is no dpkg-deb")
def test_the_package_holds_the_binary_its_page_and_completions(tmp_path):
    said = output("Scripts/build-deb", BINARY, tmp_path, cwd=ROOT)
    package = said.split(":")[0]
    names = [line.split()[-1] for line in output("dpkg-deb", "--contents", package).splitlines()]
    for name in [
        "./usr/bin/understudy", "./usr/share/man/man1/understudy.1.gz", "./usr/share/doc/understudy/copyright",
        "./usr/share/bash-completion/completions/understudy",
    ]:  # fmt: skip
        assert name in names
    fields = output("dpkg-deb", "--field", package)
    assert "Package: understudy" in fields and f"Version: {run('--version').stdout.split()[1]}" in fields
    output("dpkg-deb", "--extract", package, tmp_path / "root")
    assert "usage: understudy" in output(tmp_path / "root/usr/bin/understudy", "--help")
