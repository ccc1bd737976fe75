"""A proxy that plays any host: what TINPHUONG_PROXY names, so that sites keep their true names."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

from tests.platforms.replica import Answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        parts = urlsplit(self.path)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        self.server.proxy.asked.append((parts.hostname, target))
        if target == "/robots.txt":
            answer = Answer(b"User-agent: *\nDisallow:\n", "text/plain")
        else:
            answer = self.server.proxy.hosts[parts.hostname](target)
        self.send_response_only(answer.status, HTTPStatus(answer.status).phrase)
        facts = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))} | answer.headers
        for name, value in facts.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format, *args):
        """Nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Nothing: some clients go away."""


class Proxy:
    """`hosts`: host → what answers for it, given path and query; `asked`: (host, path and query) of each request."""

    def __init__(self, hosts):
        self.hosts, self.asked = hosts, []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
