"""How many instructions a signed call takes, counted by callgrind, which does not care how busy the machine is.

callgrind knows no SHA instructions, so OpenSSL falls back to plain code there, which takes many times as much as on the
processor. What SHA costs is therefore told apart: everything that was executed below the digests' entry points.
"""

from __future__ import annotations

import re
import shutil
import subprocess

import load
import processes
import traffic
from scenes import BINARY, FOLDER, Effort, Table, rules, scenario

OUT = FOLDER / "callgrind.out"
STRIPPED = FOLDER / "understudy"
LIST = FOLDER / "instructions.txt"
# A digest's ways in, as libcrypto exports them. Key schedules and everything else of OpenSSL stays with the call.
SHA = re.compile(r"\b(sha256_block\w*|SHA256_\w+|SHA256|EVP_DigestUpdate|EVP_DigestFinal\w*)\b")


def instructions(effort: Effort) -> Table:
    """instructions a request by callgrind, signed and distinct, SHA told apart; functions in .build/bench/instructions.txt"""
    if not shutil.which("valgrind"):
        raise SystemExit("valgrind is not here")
    table = Table("Instructions a request (callgrind): signed, all different, journal in memory", "what", "instructions", "at most")
    count = traffic.DISTINCT * (1 if effort.is_quick else 2)
    requests = traffic.write(FOLDER / "requests", traffic.signed())
    whole, sha = counted(requests, count)
    table.add("all", f"{whole / count:,.0f}", "")
    table.add("of them SHA-256, which the processor does in a few", f"{sha / count:,.0f}", "")
    table.add("without SHA", f"{(whole - sha) / count:,.0f}", "50,000")
    return table


def counted(requests, count: int) -> tuple[int, int]:
    OUT.unlink(missing_ok=True)
    # valgrind gives up on Swift's debug information; the names of functions stay.
    subprocess.run(["strip", "--strip-debug", "-o", STRIPPED, BINARY], check=True)
    under = ["valgrind", f"--log-file={FOLDER}/valgrind.log", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={OUT}"]
    with processes.Understudy(STRIPPED, scenario("matched", rules=rules(20)), under=under) as server:
        load.measure(server, requests, 300, connections=16, count=traffic.DISTINCT)
        control(server, "on")
        load.measure(server, requests, 300, connections=16, count=count)
        control(server, "off")
    listed = subprocess.run(
        ["callgrind_annotate", "--inclusive=yes", "--threshold=100", "--auto=no", OUT], capture_output=True, text=True, check=True
    )
    LIST.write_text(listed.stdout)
    return read(OUT.read_text())


def control(server: processes.Running, instrumentation: str) -> None:
    words = ["callgrind_control", f"--instr={instrumentation}", str(server.pid)]
    subprocess.run(words, capture_output=True, check=True, timeout=60)


NAME = re.compile(r"(c?fn)=\((\d+)\)(?: (.*))?")


def read(profile: str) -> tuple[int, int]:
    """All instructions, and those below the digests' entry points: what calls from outside into them cost in all."""
    names: dict[str, str] = {}
    whole = sha = 0
    is_sha = {"fn": False, "cfn": False}
    is_call = False
    for line in profile.splitlines():
        if named := NAME.match(line):
            kind, number, name = named.groups()
            if name:
                names[number] = name
            is_sha[kind] = bool(SHA.search(names[number]))
        elif line.startswith("calls="):
            is_call = True
        elif line[:1] in "+-*0123456789" and line:
            cost = int(line.split()[1])
            if not is_call:
                whole += cost
            elif is_sha["cfn"] and not is_sha["fn"]:
                sha += cost
            is_call = False
    return whole, sha
