"""Portals by host name on several loopback addresses and one port; the server watches how it is asked."""

import socket
import threading
from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Self

from tests.province.resolver import address
from tests.running import PATIENCE


@dataclass
class Asked:
    """One request: to which server, as which host, and from when to when it was open (seconds)."""

    server: str
    host: str
    begun: float
    ended: float = 0.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        servers = self.server.servers
        host = self.headers["Host"].partition(":")[0]
        asked = servers.begin(self.server.server_address[0], host)
        answer = servers.portals[host].answer(self.command, self.path, "")
        self.send_response_only(answer.status, HTTPStatus(answer.status).phrase)
        facts = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))} | answer.headers
        for name, value in facts.items():
            self.send_header(name, value)
        self.end_headers()
        servers.end(asked)
        self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format, *args):
        """Nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Nothing: some clients go away."""


class Servers:
    """As many servers as named; `portals`: host → what answers for it. The first request to each server is answered
    once all servers have been asked, so that a run which asks one after another comes to nothing."""

    def __init__(self, count: int, portals: dict):
        self.portals, self.asked, self.faults = portals, [], []
        self._open = defaultdict(int)
        self._lock = threading.Lock()
        self._all_asked = threading.Barrier(count)
        self._first = {address(number + 1) for number in range(count)}
        self.port, self._servers = self._bound(count)

    def _bound(self, count):
        for _ in range(20):  # a port that is free on all addresses
            with socket.socket() as probe:
                probe.bind((address(1), 0))
                port = probe.getsockname()[1]
            try:
                return port, [_Server((address(number + 1), port), _Handler) for number in range(count)]
            except OSError:
                continue
        raise OSError("no port is free on all addresses")

    def begin(self, server: str, host: str) -> Asked:
        """Note a request, and that none is open at this server."""
        with self._lock:
            asked = Asked(server, host, monotonic())
            self.asked.append(asked)
            self._open[server] += 1
            if self._open[server] > 1:
                self.faults.append(f"{server} is asked as {host} while another request is open")
            is_first = server in self._first
            self._first.discard(server)
        if is_first:
            self._all_asked.wait(PATIENCE)
        return asked

    def end(self, asked: Asked) -> None:
        """Note that a request is about to be answered."""
        with self._lock:
            self._open[asked.server] -= 1
            asked.ended = monotonic()

    def __enter__(self) -> Self:
        for server in self._servers:
            server.servers = self
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
