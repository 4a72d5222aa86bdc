"""TLS: what a request and a handshake cost, beside nginx over TLS with the same key, and what idle sessions take."""

from __future__ import annotations

import contextlib
import json
import pathlib
import statistics
import subprocess

import load
import processes
import traffic
from costs import told
from scenes import BINARY, FOLDER, Effort, Table


def secure(effort: Effort) -> Table:
    """TLS: keep-alive requests and full handshakes beside nginx over TLS, and idle sessions"""
    table = Table(
        "TLS 1.3, one P-256 key for both, `--auth off`, the built-in echo", "what", "CPU µs each: nginx", "understudy",
        "× nginx (lowest to highest)", "at most",
    )  # fmt: skip
    file, certificate = traffic.write(FOLDER / "requests", [traffic.written(n) for n in range(traffic.DISTINCT)]), key_pair()
    with contextlib.ExitStack() as running:
        ours = running.enter_context(served(certificate))
        answer = load.sample(ours.port, traffic.written(0))
        theirs = running.enter_context(processes.Nginx(FOLDER, *answer, certificate=certificate))
        ports = {"understudy": (ours, ours.tls_port), "nginx": (theirs, theirs.port)}
        for what, most, words in (
            ("a request, 64 connections kept", "1.3", ("requests", 64, effort.seconds, file)),
            ("a full handshake", "1.1", ("handshakes", effort.seconds)),
        ):
            rows = {name: [] for name in ports}
            for number in range(effort.rounds + 1):
                for name in list(ports)[:: 1 if number % 2 else -1]:
                    rows[name].append(cost(*ports[name], *words))
            # The first round only warms up.
            ratios = [mine / its for mine, its in zip(rows["understudy"][1:], rows["nginx"][1:])]
            middles = [f"{statistics.median(rows[name][1:]):.1f}" for name in ("nginx", "understudy")]
            table.add(what, *middles, told(ratios), most)
    count = 1_000 if effort.is_quick else 5_000
    table.add(f"{count:,} idle sessions that made one call: resident memory", "", f"{idle(count, certificate, file):,.0f} B each", "", "16 KB")
    return table


def served(certificate: tuple[pathlib.Path, pathlib.Path]) -> processes.Understudy:
    words = ["--auth", "off", "--journal-limit", "100", "--tls-port", "0", "--tls-cert", certificate[0], "--tls-key", certificate[1]]
    return processes.Understudy(BINARY, *words)


def key_pair() -> tuple[pathlib.Path, pathlib.Path]:
    certificate, key = FOLDER / "certificate.pem", FOLDER / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def cost(server: processes.Running, port: int, *words: object) -> float:
    """Microseconds of the server's processor for each request, or handshake."""
    before = processes.settled_cpu_seconds(server.pid)
    ran = subprocess.run([FOLDER / "secure", str(port), *map(str, words)], capture_output=True, text=True, timeout=600)
    if ran.returncode != 0:
        raise SystemExit(f"secure failed: {ran.stderr}")
    done = json.loads(ran.stdout)
    if done["failed"] or not done["done"]:
        raise SystemExit(f"{done['failed']} of {done['done']} requests failed")
    return (processes.settled_cpu_seconds(server.pid) - before) / done["done"] * 1e6


def idle(count: int, certificate: tuple[pathlib.Path, pathlib.Path], file: pathlib.Path) -> float:
    """By how much the server has grown for each; the two hundred before them have made what all share."""
    with served(certificate) as server:
        hold(server, 200, file)
        before = processes.resident_bytes(server.pid)
        return (hold(server, count, file) - before) / count


def hold(server: processes.Understudy, count: int, file: pathlib.Path) -> int:
    """Resident memory while so many are open."""
    words = [FOLDER / "secure", str(server.tls_port), "idle", str(count), str(file)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        if client.stdout.readline() != "open\n":
            raise SystemExit("not every session opened")
        return processes.resident_bytes(server.pid)
