"""What an editor does with an MCP server of its own machine, and these programs pass on to an agent: `with_stdio_proxy.py
PROGRAM…` says the handshake line by line, and waits for each answer."""

import json
import pathlib
import subprocess
import sys

program, *words = sys.argv[1:]
server = subprocess.Popen(
    [sys.executable, pathlib.Path(sys.executable).parent / program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    text=True, bufsize=1,
)  # fmt: skip


def tell(method: str, **message) -> None:
    server.stdin.write(json.dumps({"jsonrpc": "2.0", "method": method, **message}) + "\n")


def ask(number: int, method: str, **params) -> dict:
    """The answer to this question; what else is said in between is passed over."""
    tell(method, id=number, params=params)
    for line in server.stdout:
        said = json.loads(line)
        if said.get("id") == number:
            return said.get("result") or said
    sys.exit(f"{program} ended before it answered {method}")


client = {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "judge", "version": "1"}}
begun = ask(1, "initialize", **client)
tell("notifications/initialized")
tools = ask(2, "tools/list")
stock = ask(3, "tools/call", name="stock_level", arguments={"sku": "BOLT-M8"})
server.stdin.close()
server.wait(timeout=30)
seen = {
    "protocol": begun.get("protocolVersion"),
    "tools": [tool["name"] for tool in tools.get("tools", [])],
    "stock": stock.get("structuredContent"),
}
print(json.dumps(seen))
