"""What callgrind sees of a signed call: how many instructions it takes, where, and which files it runs through.

Unlike time, that does not depend on how busy the machine is. callgrind knows no SHA instructions, so OpenSSL falls back to
plain code there, which takes many times as much as on the processor. What SHA costs is therefore told apart: everything that
was executed below the digests' entry points.
"""

from __future__ import annotations

import collections
import json
import pathlib
import re
import shutil
import subprocess

import load
import processes
import traffic
from costs import without_journal
from scenes import BINARY, FOLDER, Effort, Table, rules, scenario

OUT = FOLDER / "callgrind.out"
STRIPPED = FOLDER / "understudy"
# A digest's ways in, as libcrypto exports them. Key schedules and everything else of OpenSSL stays with the call.
SHA = re.compile(r"\b(sha256_block\w*|SHA256_\w+|SHA256|EVP_DigestUpdate|EVP_DigestFinal\w*)\b")


def instructions(effort: Effort) -> Table:
    """instructions a request by callgrind, signed and distinct, SHA told apart, by module; functions in .build/bench/instructions.txt"""
    table = Table("Instructions a request (callgrind): signed, all different, journal in memory", "what", "instructions", "at most")
    count = traffic.DISTINCT * (1 if effort.is_quick else 2)
    profile = Profile(count)
    listed = subprocess.run(
        ["callgrind_annotate", "--inclusive=yes", "--threshold=100", "--auto=no", OUT], capture_output=True, text=True, check=True
    )
    (FOLDER / "instructions.txt").write_text(listed.stdout)
    table.add("without SHA", f"{(profile.whole - profile.sha) / count:,.0f}", "50,000")
    table.add("SHA-256, which the processor does in a few", f"{profile.sha / count:,.0f}", "")
    for module, cost in profile.modules().most_common():
        if cost / count >= 100:
            table.add(f"without SHA, in {module}", f"{cost / count:,.0f}", "")
    return table


def walk(effort: Effort) -> Table:
    """source files and functions that a signed call runs through, journal in a file; listed in .build/bench/walk.txt"""
    table = Table("What a signed call runs through, journal in a file", "what", "count")
    profile = Profile(100, "--journal", without_journal())
    without_journal()
    functions = profile.functions()
    files = {file for file, _ in functions}
    lines = [f"{file}  {name}" for file, name in sorted(functions)]
    (FOLDER / "walk.txt").write_text("\n".join(lines) + "\n")
    table.add("source files", f"{len(files)}")
    table.add("functions, those that the compiler inlined too", f"{len(functions)}")
    return table


class Profile:
    """The costs of `count` signed calls, by object and address."""

    def __init__(self, count: int, *arguments: str):
        if not shutil.which("valgrind"):
            raise SystemExit("valgrind is not here")
        requests = traffic.write(FOLDER / "requests", traffic.signed())
        counted(requests, count, scenario("matched", rules=rules(20)), *arguments)
        self.costs: collections.Counter[tuple[str, str]] = collections.Counter()
        self.sha = 0
        self.read(OUT.read_text())
        self.whole = self.costs.total()
        self.places = self.symbolized()

    def read(self, profile: str) -> None:
        """Costs stand behind addresses; behind `calls=` stands what the callee cost in all."""
        place, function, callee, is_call = "", "", "", False
        for line in profile.splitlines():
            if line.startswith("ob="):
                place = line[3:]
            elif line.startswith("fn="):
                function = line[3:]
            elif line.startswith("cfn="):
                callee = line[4:]
            elif line.startswith("calls="):
                is_call = True
            elif line.startswith("0x"):
                address, _, cost = line.split()[:3]
                if not is_call:
                    self.costs[place, address] += int(cost)
                elif SHA.search(callee) and not SHA.search(function):
                    self.sha += int(cost)
                is_call = False

    def symbolized(self) -> dict[str, list[tuple[str, str]]]:
        """For each address of the program the files and functions that it belongs to, the innermost first."""
        addresses = [address for place, address in self.costs if place.endswith(STRIPPED.name)]
        ran = subprocess.run(
            ["llvm-symbolizer", f"--obj={BINARY}", "--inlines", "--output-style=JSON"],
            input="\n".join(addresses), capture_output=True, text=True, check=True,
        )  # fmt: skip
        places = {}
        for address, line in zip(addresses, ran.stdout.splitlines(), strict=True):
            found = [(re.search(r"/(Sources/.*)", symbol["FileName"]), symbol["FunctionName"]) for symbol in json.loads(line)["Symbol"]]
            places[address] = [(file[1], name) for file, name in found if file]
        return places

    def functions(self) -> set[tuple[str, str]]:
        return {place for places in self.places.values() for place in places}

    def modules(self) -> collections.Counter[str]:
        """Costs by module, SHA left out."""
        modules: collections.Counter[str] = collections.Counter()
        for (place, address), cost in self.costs.items():
            if not place.endswith(STRIPPED.name):
                modules[pathlib.Path(place).name.split(".so")[0]] += cost
            elif places := self.places[address]:
                modules[str(pathlib.Path(places[0][0]).relative_to("Sources").parent).split("/")[1]] += cost
            else:
                modules["Swift's own libraries"] += cost
        modules["libcrypto"] -= self.sha
        return modules


def counted(requests: pathlib.Path, count: int, *arguments: object) -> None:
    """Lets callgrind count what `count` of these requests take, behind as many as there are."""
    with under_callgrind("--instr-atstart=no", *arguments) as server:
        load.measure(server, requests, 300, connections=16, count=traffic.DISTINCT)
        control(server, "on")
        load.measure(server, requests, 300, connections=16, count=count)
        control(server, "off")


def under_callgrind(instrumentation: str, *arguments: object) -> processes.Understudy:
    OUT.unlink(missing_ok=True)
    # valgrind gives up on Swift's debug information; the names of functions stay.
    subprocess.run(["strip", "--strip-debug", "-o", STRIPPED, BINARY], check=True)
    under = [
        "valgrind", f"--log-file={FOLDER}/valgrind.log", "--tool=callgrind", instrumentation, "--dump-instr=yes",
        "--compress-pos=no", "--compress-strings=no", f"--callgrind-out-file={OUT}",
    ]  # fmt: skip
    return processes.Understudy(STRIPPED, *arguments, under=under)


def control(server: processes.Running, instrumentation: str) -> None:
    words = ["callgrind_control", f"--instr={instrumentation}", str(server.pid)]
    subprocess.run(words, capture_output=True, check=True, timeout=60)
