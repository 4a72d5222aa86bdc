"""How long it takes from the start of a process to its first answer."""

from __future__ import annotations

import statistics
import subprocess

import processes
import traffic
from scenes import BINARY, FOLDER, STATIC, Effort, Table, library, rules


def binaries() -> dict[str, str]:
    return {"dynamic": BINARY} | ({"static": str(STATIC)} if STATIC.exists() else {})


def start(effort: Effort) -> Table:
    """start to first answer with 1,000 rules in an SQLite library, beside nginx's"""
    table = Table("Start to first answer", "what", "ms", "best", "× nginx (lowest to highest)", "at most")
    served = library("thousand", rules(1_000))
    with processes.Nginx(FOLDER, 200, [("Content-Type", "application/json")], b"{}") as nginx:
        commands = {"nginx": (nginx.port, nginx.command)}
    for name, binary in binaries().items():
        port = processes.free_port()
        words = [binary, "serve", str(served), "--auth", "off", "--quiet", "--port", str(port)]
        commands[f"understudy, {name}, 1,000 rules"] = (port, words)
    rounds: dict[str, list[list[float]]] = {name: [] for name in commands}
    for _ in range(effort.rounds):
        for name, (port, command) in commands.items():
            rounds[name].append(started(port, command, 5))
    for name, found in rounds.items():
        every = sorted(figure for times in found for figure in times)
        ratios = [statistics.median(ours) / statistics.median(theirs) for ours, theirs in zip(found, rounds["nginx"])]
        ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        table.add(name, f"{statistics.median(every):.2f}", f"{every[0]:.2f}", ratio, "0.4" if "static" in name else "")
    return table


def started(port: int, command: list[str], times: int) -> list[float]:
    request = FOLDER / "request"
    request.write_bytes(traffic.written(0))
    ran = subprocess.run([FOLDER / "start", str(port), request, str(times), *command], capture_output=True, text=True, timeout=120)
    if ran.returncode != 0:
        raise SystemExit(ran.stderr)
    return [float(line) / 1000 for line in ran.stdout.split()]
