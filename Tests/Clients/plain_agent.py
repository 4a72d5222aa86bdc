"""An agent that says what it is told, byte by byte: what a web framework would not let it say."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Callable


def whole(body: bytes, *lines: str, kind: str = "application/json") -> bytes:
    head = ["HTTP/1.1 200 OK", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def chunked(*pieces: bytes, kind: str = "text/event-stream", ends: bool = True) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + (b"0\r\n\r\n" if ends else b"")


class PlainAgent:
    """Answers `/ping`, and hands every other request to `answer` with its connection and its bytes. Use it in a `with`."""

    def __init__(self, answer: Callable[[socket.socket, bytes], object]):
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.connections: list[socket.socket] = []

    def __enter__(self) -> "PlainAgent":
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.listener.close()
        for connection in self.connections:
            connection.close()

    def accept(self) -> None:
        # Until the listener is closed.
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections.append(connection)
                threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while request := one_request(connection):
                if b"/ping" in request.split(b"\r\n")[0]:
                    connection.sendall(whole(b'{"status": "Healthy"}'))
                elif self.answer(connection, request) is False:
                    return connection.close()


def one_request(connection: socket.socket) -> bytes:
    """Head and body; empty when there is none."""
    request = b""
    while b"\r\n\r\n" not in request:
        more = connection.recv(65_536)
        if not more:
            return b""
        request += more
    head, body = request.split(b"\r\n\r\n", 1)
    lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    parts, left = [request], sum(lengths) - len(body)
    while left > 0:
        more = connection.recv(min(left, 1 << 20))
        if not more:
            return b""
        parts.append(more)
        left -= len(more)
    return b"".join(parts)
