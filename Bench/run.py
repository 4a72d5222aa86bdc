"""`make bench`: what Understudy costs, beside nginx on this machine, in the same minutes.

Parts may be named, `make bench ARGS="cost calls"`, and `--quick` makes each of them short: figures for whoever changes
something just now. Tables are printed as they come and written to .build/bench/figures.md; a whole run that is not quick
writes them into docs/figures.md too.
"""

from __future__ import annotations

import argparse
import datetime
import os
import pathlib
import platform
import re
import resource
import subprocess
import sys
import time

import costs
import faults
import instructions
import journal
import recordings
import secure
import sockets
import starts
import streams
import verdicts
from scenes import FOLDER, Effort, Table

HERE = pathlib.Path(__file__).parent
DOCUMENT = HERE.parent / "docs" / "figures.md"
BEGIN, END = "<!-- made by make bench: begin -->", "<!-- made by make bench: end -->"

PARTS = {
    "cost": costs.cost, "instructions": instructions.instructions, "walk": instructions.walk, "start": starts.start,
    "calls": journal.calls, "tokens": costs.tokens_cost, "frames": costs.frames, "growth": costs.growth,
    "streams": streams.streams, "memory": streams.memory, "faults": faults.faults, "verdicts": verdicts.verdicts,
    "passing": recordings.passing, "latency": recordings.latency, "replays": recordings.replays, "among": recordings.among,
    "long": recordings.long, "kills": recordings.kills,
    "tls": secure.secure, "sockets": sockets.sockets,
}  # fmt: skip


def compile_helpers() -> None:
    for name in ("load", "streams", "start", "secure", "sockets"):
        libraries = ["-lssl", "-lcrypto"] if name == "secure" else []
        subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-o", FOLDER / name, HERE / f"{name}.c", *libraries], check=True)


def raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 20_000 if hard == resource.RLIM_INFINITY else min(hard, 20_000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < 11_000:
        raise SystemExit(f"bench: {wanted} open files are not enough for 10,000 streams; raise `ulimit -Hn` to 20000")


def measured(name: str, effort: Effort) -> tuple[Table, bool]:
    """What cannot be measured is said, and the rest goes on."""
    try:
        return PARTS[name](effort), True
    except (SystemExit, OSError, subprocess.SubprocessError, ValueError) as problem:
        table = Table(name, "what", "figure")
        table.add(name, f"could not be measured: {problem}")
        return table, False


def options() -> argparse.Namespace:
    listed = "\n".join(f"  {name:14}{part.__doc__.strip()}" for name, part in PARTS.items())
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=f"parts:\n{listed}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="all of them unless some are named")
    parser.add_argument("--quick", action="store_true", help="two short rounds, smaller numbers; good enough while working")
    parser.add_argument("--rounds", type=int, help="how often each server of a table is measured, 5 unless told")
    parser.add_argument("--seconds", type=float, help="how long each time, 2 unless told")
    chosen = parser.parse_args()
    if unknown := [part for part in chosen.parts if part not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return chosen


def write_document(text: str) -> None:
    pattern = re.compile(f"({re.escape(BEGIN)}\n).*?({re.escape(END)})", re.S)
    document = DOCUMENT.read_text()
    if not pattern.search(document):
        raise SystemExit(f"bench: {DOCUMENT} lacks the marks {BEGIN}")
    DOCUMENT.write_text(pattern.sub(lambda found: f"{found[1]}\n{text}\n{found[2]}", document))


def main() -> int:
    chosen = options()
    effort = Effort(chosen.rounds or (2 if chosen.quick else 5), chosen.seconds or (0.7 if chosen.quick else 2), chosen.quick)
    FOLDER.mkdir(parents=True, exist_ok=True)
    raise_file_limit()
    compile_helpers()

    began = time.monotonic()
    words = " ".join(sys.argv[1:])
    command = f'make bench ARGS="{words}"' if words else "make bench"
    where = f"`{command}`, {datetime.date.today()}: {os.cpu_count()} processors ({platform.machine()}, {platform.system()}), load {os.getloadavg()[0]:.1f} before."
    print(where, flush=True)
    results = [measured(name, effort) for name in chosen.parts or PARTS]
    text = f"{where}\n\n" + "\n".join(table.markdown() for table, _ in results)
    figures = FOLDER / "figures.md"
    figures.write_text(text)
    if not chosen.parts and not chosen.quick:
        write_document(text)
    print(f"\n{time.monotonic() - began:.0f} s; as Markdown in {os.path.relpath(figures)}")
    return 0 if all(good for _, good in results) else 1


if __name__ == "__main__":
    sys.exit(main())
