"""What a hostile kind is, and the few words of HTTP that they are written in."""

import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.living.portal import HTML

ARTICLES = 4  # that a hostile site has besides its trap: what becomes of them shows what the trap has cost
OK = frozenset({"ok"})
FAILED = frozenset({"failed"})
EITHER = OK | FAILED


@dataclass
class Asked:
    """A request to a hostile place: `count` says the how many-th it is, `times` the how many-th for this target.

    `page` is what the portal would have answered. `pause` waits so many seconds; true once the server is closing.
    """

    host: str
    target: str
    count: int
    times: int
    page: bytes
    connection: socket.socket
    pause: Callable[[float], bool]
    elsewhere: str = ""  # an address that nothing may ask for

    def reset(self) -> Iterator[bytes]:
        """Break the connection off, as a router in between does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        return iter(())

    def put(self, markup: str) -> bytes:
        """The portal's page with something behind the last paragraph of the article's text."""
        before, end, after = self.page.rpartition(b"</p></div>")
        return before + end[:4] + markup.encode() + end[4:] + after


Answer = bytes | Iterator[bytes]


@dataclass(frozen=True)
class Kind:
    """One way to be hostile.

    `at`: what it takes over: `home`, `section` (a list), `article` (one of them), `robots`, `everything`, or a path.
    `tried`, `happens`, `bound`: its row in docs/hostile.md. `stored`: how many of the other articles are stored at
    least; `reasons`: one of these words is among what was not stored, or is the reason of the run ("": nothing need
    be); `status`: how the run of the site may end.
    """

    name: str
    at: str
    answer: Callable[[Asked], Answer] = field(repr=False)
    tried: str
    happens: str
    bound: str
    reasons: frozenset[str] = frozenset()
    status: frozenset[str] = EITHER
    stored: int = ARTICLES
    platform: str = "hanoi_liferay62"
    scheme: str = "http"


def head(status: str = "200 OK", kind: str = HTML, **headers: object) -> bytes:
    """The head of an answer; a header with the value None is left out, `_` stands for a dash."""
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {kind}"] if kind else []), "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


def whole(body: bytes | str, status: str = "200 OK", kind: str = HTML, **headers: object) -> bytes:
    """A whole answer with its length."""
    data = body if isinstance(body, bytes) else body.encode()
    return head(status, kind, **{"Content_Length": len(data)} | headers) + data


def slowly(asked: Asked, data: bytes, every: float = 1.0) -> Iterator[bytes]:
    """A byte at a time."""
    for place in range(len(data)):
        yield data[place : place + 1]
        if asked.pause(every):
            return


def forever(piece: bytes) -> Iterator[bytes]:
    """The same again and again, until the other side has enough."""
    while True:
        yield piece
