"""A WebSocket echo on python `websockets`, to be measured beside Understudy's: prints its port."""

import asyncio
import contextlib

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed


async def echo(conversation) -> None:
    # The client of the bench leaves without a close.
    with contextlib.suppress(ConnectionClosed):
        async for message in conversation:
            await conversation.send(message)


async def main() -> None:
    async with serve(echo, "127.0.0.1", 0, ping_interval=None, backlog=4096) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
