"""A small proxy on loopback: plain requests and CONNECT, with a user and password if a test wishes so."""

import base64
import http.client
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.serving import Serving


class Proxy(Serving):
    """`hosts`: host → port on loopback to which the proxy alone knows the way; `user`: "name:password", "" for none;
    `refuses`: the status with which each CONNECT is answered, 0 for a tunnel. `asked`: (method, target) in order;
    `agents`: the user agents that came.
    """

    def __init__(self, hosts, *, user="", refuses=0):
        proxy = self
        self.hosts, self.user = hosts, user
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def admitted(self):
                proxy.asked.append((self.command, self.path))
                given = self.headers.get("Proxy-Authorization", "").removeprefix("Basic ")
                if proxy.user and base64.b64decode(given).decode() != proxy.user:
                    self.answer(407, {"Proxy-Authenticate": "Basic"}, b"")
                    return False
                return True

            def answer(self, status, headers, body):
                self.send_response_only(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                if not self.admitted():
                    return
                proxy.agents.add(self.headers["User-Agent"])
                parts = urlsplit(self.path)
                port = proxy.hosts.get(parts.hostname)
                if port is None:
                    self.answer(502, {}, b"no such host")
                    return
                server = http.client.HTTPConnection("127.0.0.1", port)
                kept = {name: value for name, value in self.headers.items() if name != "Proxy-Authorization"}
                server.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=kept)
                came = server.getresponse()
                self.answer(came.status, dict(came.getheaders()), came.read())

            def do_CONNECT(self):
                if not self.admitted():
                    return
                if refuses:
                    self.answer(refuses, {}, b"")
                    return
                with socket.create_connection(("127.0.0.1", proxy.hosts[self.path.partition(":")[0]])) as server:
                    self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    back = threading.Thread(target=_pour, args=(server, self.connection), daemon=True)
                    back.start()
                    _pour(self.connection, server)
                    back.join()
                self.close_connection = True

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        self.port = self.server.server_port


def _pour(source, target):
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
