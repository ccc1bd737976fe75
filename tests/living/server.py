"""The changing portals over real HTTP on loopback, picked by the Host header."""

import socket
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.fork_server import PATIENCE
from tests.living.portal import HTML, Answer, Portal


@dataclass(frozen=True)
class Served:
    """One request that was answered: `time` is `time.monotonic()` at its arrival, `sent` the body's bytes."""

    host: str
    path: str
    time: float
    status: int
    sent: int
    conditional: bool


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = PATIENCE  # of an idle connection
    server: "_Server"

    def do_GET(self) -> None:
        arrived = time.monotonic()
        host = (self.headers.get("Host") or "").lower().split(":")[0]
        portal = self.server.portals.get(host)
        answer = portal.answer(self.path, dict(self.headers)) if portal else Answer(b"no such host", 404)
        conditional = "If-None-Match" in self.headers
        self.server.served.append(Served(host, self.path, arrived, answer.status, len(answer.body), conditional))
        if answer.silent:
            self.server.closing.wait()
        if answer.gate:
            answer.gate.hold()
        if self.server.closing.is_set():
            self.close_connection = True
            return
        if answer.wire:
            answer.wire(answer.body, self.connection, self.server.closing)
            self.close_connection = True
            return
        self.send_response_only(answer.status, HTTPStatus(answer.status).phrase)
        headers = {"Content-Type": HTML, "Content-Length": str(len(answer.body))} | answer.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(answer.body)
            self.wfile.flush()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the requests are kept."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, portals: dict[str, Portal]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.portals = portals
        self.served: list[Served] = []
        self.closing = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: crawls are killed on purpose here."""


class World:
    """Portals on one port, as a context manager, and the requests to them."""

    def __init__(self, *portals: Portal) -> None:
        self.portals = {portal.host: portal for portal in portals}
        self._server = _Server(self.portals)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._closed = socket.socket()  # bound and not listening: a connection to it is refused
        self._closed.bind(("127.0.0.1", 0))

    def ports(self) -> dict[str, int]:
        """Host → where it is reached: 0 for a name that does not resolve."""
        open_ = self._server.server_address[1]
        return {
            host: {"dns": 0, "refused": self.refusing}.get(p.failing or "", open_) for host, p in self.portals.items()
        }

    @property
    def refusing(self) -> int:
        """A port where every connection is refused."""
        return self._closed.getsockname()[1]

    @property
    def requests(self) -> list[Served]:
        return list(self._server.served)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.closing.set()
        for portal in self.portals.values():
            portal.open_gates()
        self._server.shutdown()
        self._server.server_close()
        self._closed.close()
