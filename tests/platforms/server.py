"""The replicas of the platforms over real HTTP on loopback; the `Host` header picks one."""

import re
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.platforms import replicas


@dataclass(frozen=True)
class Served:
    """A request that was answered."""

    host: str
    method: str
    target: str
    status: int


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        host = re.sub(r":\d+$", "", self.headers.get("Host", ""))
        replica = self.server.replicas.get(host) or self.server.only
        answer = replica.answer(self.command, self.path, form) if replica else None
        status = answer.status if answer else 404
        self.server.served.append(Served(host, self.command, self.path, status))
        body = answer.body if answer else b"no such host"
        self.send_response_only(status, HTTPStatus(status).phrase)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Type", answer.content_type if answer else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (answer.headers if answer else {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    do_POST = do_GET

    def log_message(self, format, *args):
        """Nothing: requests are kept in `served`."""


class PlatformServer:
    """The replicas as a context manager; `only`: the one replica that answers under any host."""

    def __init__(self, port=0, only=None, served=replicas.ALL):
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self._server.daemon_threads = True
        self._server.replicas = {host: r for r in served for host in (r.host, f"www.{r.host}")}
        self._server.only = only
        self._server.served = []
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self):
        return self._server.server_address[1]

    @property
    def served(self):
        return list(self._server.served)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
