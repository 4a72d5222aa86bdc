"""`make order`: the order in which functions stand in the program, written into Sources/IO/Main/function-order.txt.

A call runs through hundreds of functions of the program, and a start through some more; the linker would spread them over
twelve megabytes. Put together, whoever calls before whom it calls, they are more often in the processor's caches, and fewer
pages of the program are mapped. What runs is counted by callgrind; the order is that of call chains (Ottoni and Maher,
"Optimizing Function Placement for Large-Scale Data-Center Applications", 2017): functions, the busiest first, are put behind
the one that calls them most. A name that is no longer there does no harm, and one that is missing stands where it would have
stood.
"""

from __future__ import annotations

import collections
import pathlib
import subprocess

import instructions
import load
import processes
import recordings
import run
import traffic
from costs import without_journal
from scenes import FOLDER, library, rules, scenario, stream_rule

ORDER = pathlib.Path(__file__).parent.parent / "Sources" / "IO" / "Main" / "function-order.txt"
LARGEST_CHAIN = 1 << 20


class Calls:
    """What callgrind saw: instructions of each function of the program, and who called it how often."""

    def __init__(self):
        self.costs: collections.Counter[str] = collections.Counter()
        self.callers: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)

    def read(self, profile: str) -> None:
        place, function, callee_place, callee, is_call = "", "", "", "", False
        for line in profile.splitlines():
            kind, _, value = line.partition("=")
            if kind == "ob":
                place = value
            elif kind == "fn":
                function = bare(value)
            elif kind == "cob":
                callee_place = value
            elif kind == "cfn":
                callee = bare(value)
            elif kind == "calls":
                if ours(place) and ours(callee_place or place):
                    self.callers[callee][function] += int(value.split()[0])
                callee_place, is_call = "", True
            elif line.startswith("0x"):
                if not is_call and ours(place):
                    self.costs[function] += int(line.split()[2])
                is_call = False

    def chains(self, sizes: dict[str, int]) -> list[str]:
        known = {function for function in self.costs if function in sizes}
        density = {function: self.costs[function] / max(sizes[function], 1) for function in known}
        chain_of = {function: function for function in known}
        chains = {function: [function] for function in known}
        for function in sorted(known, key=lambda name: (-density[name], name)):
            callers = [(count, caller) for caller, count in self.callers[function].items() if caller in known and caller != function]
            # Who is called from everywhere belongs to nobody.
            if not callers or max(callers)[0] * 10 < sum(self.callers[function].values()):
                continue
            first, second = chain_of[max(callers)[1]], chain_of[function]
            if first == second or sum(sizes[name] for name in chains[first] + chains[second]) > LARGEST_CHAIN:
                continue
            for name in chains[second]:
                chain_of[name] = first
            chains[first] += chains.pop(second)

        def busy(chain: str) -> float:
            return sum(self.costs[name] for name in chains[chain]) / max(sum(sizes[name] for name in chains[chain]), 1)

        return [name for chain in sorted(chains, key=lambda chain: (-busy(chain), chain)) for name in chains[chain]]


def ours(place: str) -> bool:
    return place.endswith(instructions.STRIPPED.name)


def bare(function: str) -> str:
    """callgrind counts the turns of what calls itself: `function'2`."""
    return function.partition("'")[0]


def sizes() -> dict[str, int]:
    listed = subprocess.run(["nm", "--print-size", instructions.STRIPPED], capture_output=True, text=True, check=True)
    parts = [line.split() for line in listed.stdout.splitlines()]
    return {part[3]: int(part[1], 16) for part in parts if len(part) == 4 and part[2] in "tTwW"}


def watched_calls() -> Calls:
    calls = Calls()
    signed = traffic.write(FOLDER / "requests", traffic.signed())
    unsigned = traffic.write(FOLDER / "unsigned", [traffic.written(number) for number in range(traffic.DISTINCT)])
    streamed = [traffic.written(number, Accept="text/event-stream") for number in range(traffic.DISTINCT)]
    streamed = traffic.write(FOLDER / "streamed", streamed)
    events = scenario("events", rules=stream_rule(5, "0ms", "0ms"))
    with processes.Nginx(FOLDER, 200, [("Content-Type", "application/json")], recordings.BODY) as back:
        recording = ["--upstream", f"http://127.0.0.1:{back.port}", "--record", recordings.fresh("order.sqlite")]
        for requests, arguments in (
            (signed, [scenario("matched", rules=rules(20)), "--journal", without_journal()]),
            (streamed, [events, "--auth", "off"]),
            (unsigned, ["--auth", "off", *recording]),
        ):
            instructions.counted(requests, traffic.DISTINCT, *arguments)
            calls.read(instructions.OUT.read_text())
    without_journal()
    return calls


def watched_starts() -> Calls:
    """With a library, with a scenario, with nothing, and a call each."""
    starts = Calls()
    for arguments in ([library("thousand", rules(1_000)), "--auth", "off"], [scenario("matched", rules=rules(20))], []):
        with instructions.under_callgrind("--instr-atstart=yes", *arguments) as server:
            load.sample(server.port, traffic.signed(1)[0])
        starts.read(instructions.OUT.read_text())
    return starts


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    run.compile_helpers()
    calls, starts = watched_calls(), watched_starts()
    placed = sizes()
    names = list(dict.fromkeys(calls.chains(placed) + starts.chains(placed)))
    ORDER.write_text("".join(f"{name}\n" for name in names))
    print(f"{len(names)} functions in {ORDER.name}")


if __name__ == "__main__":
    main()
