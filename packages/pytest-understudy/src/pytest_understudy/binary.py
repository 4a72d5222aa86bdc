"""Where the program is: UNDERSTUDY_BIN, then PATH, then a checkout that can build it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import pathlib
import shutil
import subprocess
import urllib.parse
import urllib.request
from typing import Iterator, Optional

BUILT = pathlib.Path(".build/release/understudy")


class NotFound(Exception):
    """There is no binary, and nothing to build one from."""


def find(start: pathlib.Path) -> str:
    """The program's path. `start` is where a checkout is looked for last, with all folders above it."""
    named = os.environ.get("UNDERSTUDY_BIN")
    if named:
        path = pathlib.Path(named).resolve()
        if not os.access(path, os.X_OK):
            raise NotFound(f"UNDERSTUDY_BIN names {named}, which is not a program that can be run")
        return str(path)
    on_path = shutil.which("understudy")
    if on_path:
        return on_path
    checkout = next((folder for folder in _candidates(start) if _is_checkout(folder)), None)
    if checkout is None:
        raise NotFound(
            "the understudy program was not found: name it in UNDERSTUDY_BIN, put it on PATH, "
            "or install this package from a checkout, which is then built"
        )
    return _build(checkout)


def _candidates(start: pathlib.Path) -> Iterator[pathlib.Path]:
    source = _installed_from()
    if source is not None:
        yield from (source, *source.parents)
    yield from (start, *start.parents)
    yield from pathlib.Path(__file__).resolve().parents


def _installed_from() -> Optional[pathlib.Path]:
    """The folder that `pip install ./packages/pytest-understudy` was given: pip notes it (PEP 610)."""
    try:
        noted = importlib.metadata.distribution("pytest-understudy").read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return None
    address = urllib.parse.urlsplit(json.loads(noted)["url"] if noted else "")
    return pathlib.Path(urllib.request.url2pathname(address.path)) if address.scheme == "file" else None


def _is_checkout(folder: pathlib.Path) -> bool:
    return (folder / "Sources/IO/UnderstudyCLI").is_dir() and (folder / "Makefile").is_file()


def _build(checkout: pathlib.Path) -> str:
    made = subprocess.run(["make", "build"], cwd=checkout, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if made.returncode != 0:
        raise NotFound(f"`make build` failed in {checkout}:\n{made.stdout[-2000:]}{made.stderr[-2000:]}")
    return str(checkout / BUILT)
