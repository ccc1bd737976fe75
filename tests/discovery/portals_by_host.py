"""One HTTP server on loopback that plays any number of hosts: it answers by the Host of each request.

It is reached in three ways: as a proxy (`TINPHUONG_PROXY=http://127.0.0.1:PORT`), which plays any host to the real
command line over http; by `crawler.handlers.loopback` (`TINPHUONG_LOOPBACK_PORT`), with the scheme in
X-Forwarded-Proto; and plainly, by the Host header.
"""

import ssl
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tests.platforms.replica import Answer as ReplicaAnswer
from tests.serving import Serving

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What a host answers: `location` makes it a redirect."""

    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Host:
    """A host that is played. `pages`: path → answer, or a function of (host, path) and, for a POST, its form; other
    paths are 404.

    `schemes`: those that it speaks; a request by another one is cut off without an answer.
    """

    pages: Mapping[str, Answer] | Callable[..., Answer | None]
    schemes: frozenset[str] = frozenset({"http", "https"})

    def answer(self, host: str, path: str, form: str | None = None) -> Answer:
        """Return what a path of the host answers; `form`: what a POST carries, None for a GET."""
        posted = () if form is None else (form,)
        found = self.pages(host, path, *posted) if callable(self.pages) else self.pages.get(path)
        return found or Answer(b"<html><title>404</title><p>Not found</p></html>", 404)


def by_replica(answer: Callable[[str], ReplicaAnswer]) -> Host:
    """Return a host whose pages are what `answer` makes of path and query; its robots.txt allows all."""
    return Host(lambda _, path: Answer(content_type="text/plain") if path == "/robots.txt" else made(answer(path)))


def made(answer: ReplicaAnswer) -> Answer:
    """Return the answer of a platform's replica."""
    headers = dict(answer.headers)
    return Answer(answer.body, answer.status, answer.content_type, headers.pop("Location", ""), headers)


def front(html: str | bytes, **answer) -> Host:
    """Return a host that has a front page and nothing else."""
    body = html if isinstance(html, bytes) else html.encode()
    return Host({"/": Answer(body, **answer)})


def sends_to(url: str, status: int = 301) -> Host:
    """Return a host that sends its readers to another address."""
    return Host(lambda _, path: Answer(b"", status, location=url) if path == "/" else None)


class PortalsByHost(Serving):
    """Plays `hosts`; `any_host`: suffix → the host that answers for every other name under it ("" for all names).

    `hold`: is called with the host before each answer; `certificate`: a file with which it speaks https alone, to whom
    connects to it directly.

    `asked`: (scheme, host, path) of each request, in order; `at_once`: the most requests that were open at a time, by
    `address_of` the host (each host has an address of its own where that says nothing).
    """

    def __init__(
        self,
        hosts: Mapping[str, Host],
        any_host: Mapping[str, Host] | None = None,
        address_of: Callable[[str], str] = str,
        hold: Callable[[str], None] = lambda _: None,
        certificate: Path | None = None,
    ):
        self.hosts, self.any_host = dict(hosts), dict(any_host or {})
        self.asked: list[tuple[str, str, str]] = []
        self.at_once: Counter[str] = Counter()
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()
        portals = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.do_GET(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

            def do_GET(self, form=None):
                parts = urlsplit(self.path)
                scheme = self.headers.get("X-Forwarded-Proto") or parts.scheme or "http"
                host = (parts.hostname or self.headers["Host"].partition(":")[0]).lower()
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                address = address_of(host)
                with portals._lock:
                    portals.asked.append((scheme, host, path))
                    portals._open[address] += 1
                    portals.at_once[address] = max(portals.at_once[address], portals._open[address])
                try:
                    hold(host)
                    self.answer_of(host, scheme, path, form)
                finally:
                    with portals._lock:
                        portals._open[address] -= 1

            def answer_of(self, host, scheme, path, form):
                played = portals.played(host)
                if played is None:
                    self.send(Answer(b"no such host", 502, "text/plain"))
                elif scheme not in played.schemes:
                    self.close_connection = True
                    self.connection.close()
                else:
                    self.send(played.answer(host, path, form))

            def send(self, answer):
                self.send_response_only(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(answer.body)))
                if answer.location:
                    self.send_header("Location", answer.location)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def do_CONNECT(self):
                portals.asked.append(("connect", self.path, ""))
                self.send(Answer(b"only http is played", 502, "text/plain"))

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port

    @property
    def proxy(self) -> str:
        """Its address as a proxy."""
        return f"http://127.0.0.1:{self.port}"

    def played(self, host: str) -> Host | None:
        """Return what plays a host, None for a name that nobody has."""
        if host in self.hosts:
            return self.hosts[host]
        return next((played for suffix, played in self.any_host.items() if host.endswith(suffix)), None)

    def requests_to(self, host: str) -> list[str]:
        """Return the paths that were asked of a host."""
        return [path for _, asked, path in self.asked if asked == host]
