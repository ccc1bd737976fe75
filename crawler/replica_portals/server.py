"""The replica portals over real HTTP on loopback.

The site is picked by the `Host` header and the scheme by `X-Forwarded-Proto` (`http` where it is missing), so a client
that connects here but keeps the true address sees the portal it asked for. Asked for by its own address
(`127.0.0.1:port`) the server shows an index of the portals, with their links led back here, for people with a browser;
or it is one of the portals, for a crawl of a site with that address.
"""

import gzip
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

from crawler.replica_portals import extra_hosts, routes
from crawler.replica_portals.model import Site
from crawler.replica_portals.sites import sites
from crawler.replica_portals.special import Answer

_SMALLEST_GZIP = 600
_CACHE_LIMIT = 4000
_LONGEST_HOLD = 30.0  # seconds


@dataclass(frozen=True)
class Served:
    """One request that was answered. `time` is `time.monotonic()` at its arrival, `status` what it got."""

    host: str
    path: str
    time: float
    headers: dict[str, str]
    scheme: str
    status: int


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Apache-Coyote/1.1"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server: "_Server"

    def do_GET(self) -> None:
        arrived = time.monotonic()
        host = (self.headers.get("Host") or "").lower()
        scheme = (self.headers.get("X-Forwarded-Proto") or "http").lower()
        answer = self.server.answer(host, scheme, self.path)
        self.server.keep_back(answer, self.path)
        self.server.note(
            Served(re.sub(r":\d+$", "", host), self.path, arrived, dict(self.headers), scheme, answer.status)
        )
        self._send(answer)
        self.server.sent(answer)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def _send(self, answer: Answer) -> None:
        body, headers = answer.body, dict(answer.headers)
        if len(body) > _SMALLEST_GZIP and "gzip" in (self.headers.get("Accept-Encoding") or ""):
            if answer.packed is None:
                answer.packed = gzip.compress(body, 6, mtime=0)
            body = answer.packed
            headers["Content-Encoding"] = "gzip"
        self.send_response_only(answer.status, HTTPStatus(answer.status).phrase)
        self.send_header("Server", headers.pop("Server", self.server_version))
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the requests are kept in `PortalServer.requests`."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, only: str) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.by_slug = sites()
        self.only = self.by_slug[only] if only else None
        self.by_host = {site.host: site for site in self.by_slug.values()}
        self.closing = threading.Event()
        self.served: list[Served] = []
        self._lock = threading.Lock()
        self._cache: dict[tuple[str, str, str], Answer] = {}
        self._hits: dict[tuple[str, str], int] = {}
        self._shown: set[str] = set()  # articles, as site:key
        self.kept_back: Callable[[str], bool] = lambda target: False
        self.before_that = 0
        self._extra = extra_hosts.ExtraHosts(self.closing)

    def note(self, served: Served) -> None:
        with self._lock:
            self.served.append(served)

    def keep_back(self, answer: Answer, target: str) -> None:
        """Return at once, or as the server closes where the answer is to be kept back."""
        if answer.status == 200 and self.kept_back(target):
            with self._lock:
                self.before_that -= 1
                wait = self.before_that < 0
            if wait:
                self.closing.wait()

    def answer(self, host: str, scheme: str, target: str) -> Answer:
        """The answer to a request, from the cache where it can be."""
        host = re.sub(r":\d+$", "", host)
        if host in ("127.0.0.1", "localhost"):
            return self._as_its_own(self.only, target) if self.only else self._for_people(target)
        site = self.by_host.get(host)
        if site is None:
            return self._extra.answer(host, target)
        parts = urlsplit(target)
        changing = routes.is_stateful(site, parts.path)
        key = (host, scheme, target)
        if not changing and key in self._cache:
            return self._in_turn(self._cache[key])
        with self._lock:
            hits = self._hits[host, target] = self._hits.get((host, target), 0) + 1
        found = routes.answer(site, routes.Request(parts.path, parts.query, scheme, hits))
        if not changing and len(self._cache) < _CACHE_LIMIT:
            self._cache[key] = found
        return self._in_turn(found)

    def _in_turn(self, answer: Answer) -> Answer:
        """Hold a copy back until its original on another portal has been sent, if anybody is looking there.

        Which of the two comes first gives the row its address: so it is the same however busy the machine is.
        """
        other = self.by_slug.get(answer.copy_of.partition(":")[0])
        deadline = time.monotonic() + _LONGEST_HOLD
        while (
            other and answer.copy_of not in self._shown and time.monotonic() < deadline
            and any(served.host == other.host for served in list(self.served))
        ):  # fmt: skip
            self.closing.wait(0.02)
        if other:
            self.closing.wait(0.05)  # a head start only: what was sent first is read first
        return answer

    def sent(self, answer: Answer) -> None:
        """Note what a client has in its hands: a copy of it may follow."""
        self._shown.add(answer.article)

    def _as_its_own(self, site: Site, target: str) -> Answer:
        """A page of a portal whose links to itself lead to this server's own address."""
        answer = self.answer(site.host, site.scheme, target)
        there, here = re.compile(rf"https?://{re.escape(site.host)}(?::\d+)?"), f"http://127.0.0.1:{self.server_port}"
        headers = {name: there.sub(here, value) for name, value in answer.headers.items()}
        body = answer.body
        if answer.content_type.startswith("text/"):
            body = re.sub(there.pattern.encode(), here.encode(), body)
        return Answer(body, answer.content_type, answer.status, headers)

    def _for_people(self, target: str) -> Answer:
        """`/` lists the portals; `/_/{host}/…` is a page of one with its links led back to this server."""
        match = re.match(r"^/_/([^/?]+)(.*)$", target)
        if not match or match[1] not in self.by_host:
            rows = "".join(f'<li><a href="/_/{h}/">{s.name}</a> {s.origin}</li>' for h, s in self.by_host.items())
            page = f'<!DOCTYPE html><meta charset="utf-8"><title>Replica portals</title><ul>{rows}</ul>'
            return Answer(page.encode())
        site = self.by_host[match[1]]
        answer = self.answer(site.host, site.scheme, match[2] or "/")
        location = answer.headers.get("Location")
        if location:
            parts = urlsplit(location)
            return Answer(b"", answer.content_type, answer.status, {"Location": f"/_/{parts.hostname}{parts.path}"})
        if "html" not in answer.content_type:
            return answer
        hosts = b"|".join(re.escape(h).encode() for h in self.by_host)
        body = re.sub(rb'((?:href|src|action)=" *)https?://(' + hosts + rb")(?::\d+)?", rb"\1/_/\2", answer.body)
        body = re.sub(rb'((?:href|src|action)=" *)/(?!_/)', rb"\1/_/" + site.host.encode() + b"/", body)
        return Answer(body, answer.content_type, answer.status)


class PortalServer:
    """The portals as a context manager: `with PortalServer() as portals: … portals.port`.

    `port` 0 takes a free one. `only`: the slug of the portal that answers at the server's own address. Everything that
    changes from request to request (first 500, then 200) starts afresh with each server.
    """

    def __init__(self, port: int = 0, only: str = "") -> None:
        self._server = _Server(port, only)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return self._server.server_address[1]

    @property
    def requests(self) -> list[Served]:
        """Every request served so far, in the order of arrival at the log (a copy)."""
        return list(self._server.served)

    def keep_back(self, is_such: Callable[[str], bool], *, after: int) -> None:
        """Give `after` answers with such a path; what is asked for further waits until the server closes."""
        self._server.kept_back, self._server.before_that = is_such, after

    def start(self) -> Self:
        """Serve in a thread."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()
