"""Answers that go wrong on the wire: packed and cut, shorter than they say, a byte now and then, or never.

Each function makes a wire: it takes the page, a connection, and an event that is set when the server closes.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

Wire = Callable[[bytes, socket.socket, threading.Event], None]
_TYPE = "Content-Type: text/html; charset=utf-8"


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", _TYPE, *lines, "Connection: close", "", ""]).encode()


def sends(make: Callable[[bytes], bytes]) -> Wire:
    """Sends what `make` makes of the page, all at once."""

    def wire(page: bytes, connection: socket.socket, closing: threading.Event) -> None:
        connection.sendall(make(page))

    return wire


def coded(coding: str, pack: Callable[[bytes], bytes]) -> Wire:
    """Sends the page packed, under a Content-Encoding ("" for none) and with the true length."""

    def make(page: bytes) -> bytes:
        body = pack(page)
        named = [f"Content-Encoding: {coding}"] if coding else []
        return head(*named, f"Content-Length: {len(body)}") + body

    return sends(make)


def shorter(page: bytes) -> bytes:
    """Less than Content-Length says."""
    return head(f"Content-Length: {len(page)}") + page[: len(page) * 2 // 3]


def chunked(page: bytes, end: bytes = b"", coding: str = "identity") -> bytes:
    return head("Transfer-Encoding: chunked", f"Content-Encoding: {coding}") + b"%x\r\n%b\r\n" % (len(page), page) + end


def without_length(page: bytes) -> bytes:
    """As HTTP/1.0 does it: the body ends where the connection does."""
    return head() + page


def dribbles(after: Callable[[bytes], int]) -> Wire:
    """Sends so many bytes of the answer at once, and the rest byte by byte, a few in a second."""

    def wire(page: bytes, connection: socket.socket, closing: threading.Event) -> None:
        answer = head(f"Content-Length: {len(page)}") + page
        begin = after(answer)
        connection.sendall(answer[:begin])
        with suppress(OSError):
            for byte in answer[begin:]:
                if closing.wait(0.05):
                    return
                connection.sendall(bytes([byte]))

    return wire


def silent(begin: bytes = b"") -> Wire:
    """Sends the beginning of an answer and nothing more."""

    def wire(page: bytes, connection: socket.socket, closing: threading.Event) -> None:
        connection.sendall(begin)
        closing.wait()

    return wire
