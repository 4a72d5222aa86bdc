"""The public suite of WebSocket conformance, Autobahn's, in a process of its own: `conformance.py URL [CASE…]` prints what
became of each case, a line of JSON each.

Its runner here is kosoku, which plays Autobahn's own case files; the original needs Python 2. Groups 12 and 13 are about a
compression that we decline, group 9 about messages that the service does not take: frames beyond 64 KB, more than 250 a
second. What is left are the 247 cases of the protocol itself.
"""

import asyncio
import json
import os
import sys

from kosoku import FailureError, run_fuzzingclient

LEFT_OUT = ["9.*", "12.*", "13.*"]


async def results(url: str):
    try:
        return await run_fuzzingclient(url, exclude_cases=LEFT_OUT, concurrency=4)
    except FailureError as failed:
        return failed.results


def main() -> None:
    for one in asyncio.run(results(sys.argv[1])):
        told = {
            "case": one.case_id, "result": one.behavior.value, "close": one.behavior_close.value,
            "why": f"{one.result} {one.result_close} ({one.remote_close_code} {one.remote_close_reason})",
        }  # fmt: skip
        print(json.dumps(told))
    sys.stdout.flush()
    # Its threads abort when the interpreter takes itself apart.
    os._exit(0)


if __name__ == "__main__":
    main()
