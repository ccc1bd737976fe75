"""Serves portals over real HTTP, each on a loopback address of its own."""

import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from tests.fifty.portals import Plan
from tests.hostile.server import server_context

NETWORK = "127.2.0.0/16"  # what TINPHUONG_ALLOW_PRIVATE names for these sites
UNKNOWN = "invalid"  # the domain that has no names (RFC 6761)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        answer = self.server.portal.answer(self.command, self.path, form)
        if answer is None:
            self.server.closing.wait()
            self.close_connection = True
            return
        self.send_response_only(answer.status, HTTPStatus(answer.status).phrase)
        facts = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))} | answer.headers
        for name, value in facts.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    do_POST = do_GET

    def log_message(self, format, *args):
        """Nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Nothing: some clients go away, and some do not like our certificate."""


class Portals:
    """The portals as a context manager; `table` is what --sites names."""

    def __init__(self, plans: list[Plan], folder: Path):
        self.plans, self.hosts = plans, {}
        self._closing = threading.Event()
        self._servers, self._closed = [], []
        for plan in plans:
            address = f"127.2.{plan.number // 200}.{plan.number % 200 + 1}"
            self.hosts[plan.slug] = self._opened(plan, address, folder)

    def _opened(self, plan: Plan, address: str, folder: Path) -> str:
        """Return the host under which a portal is reached."""
        if plan.failing == "dns":
            return f"phuong{plan.number}.{UNKNOWN}.{UNKNOWN}"
        if plan.failing == "refused":
            self._closed.append(socket.socket())  # bound and not listening
            self._closed[-1].bind((address, 0))
            return f"{address}:{self._closed[-1].getsockname()[1]}"
        server = _Server((address, 0), _Handler)
        server.closing = self._closing
        host = f"{address}:{server.server_address[1]}"
        server.portal = plan.portal(host)
        if plan.failing == "tls":
            context = server_context(folder, address)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        self._servers.append(server)
        return host

    def table(self) -> str:
        """The table of sites."""
        rows = ["slug,name,host,platform,start_pages,scheme"]
        for plan in self.plans:
            start = " ".join(plan.maker.start) if not plan.failing else "/"
            scheme = "https" if plan.failing == "tls" else "http"
            rows.append(f"{plan.slug},Phường {plan.number},{self.hosts[plan.slug]},{plan.platform},{start},{scheme}")
        return "\n".join(rows) + "\n"

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()
        for closed in self._closed:
            closed.close()
