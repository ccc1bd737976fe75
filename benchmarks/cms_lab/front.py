"""The server in front of a CMS: it answers on loopback, counts what is asked, and records it if it is to.

What stands behind it is a function from (target, headers) to an `Answer`: files of a folder, another server, or a
recording.
"""

import mimetypes
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from hashlib import md5
from html import unescape
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "proxy-connection", "upgrade"}
_LINKS = re.compile(r"""(?:\bhref|<loc)\s*(?:=\s*["']|>)\s*([^"'<>]+)""")
_MANAGING = re.compile(r"wp-login|wp-admin|/admin|/administrator|replytocom|add-to-cart|/logout|/user/")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. `reason` goes into recordings."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    reason: str = ""


@dataclass(frozen=True)
class Asked:
    """A request that came: its target (path and query) and the status of the answer."""

    target: str
    status: int


Behind = Callable[[str, Mapping[str, str]], Answer]


def of_folder(folder: Path) -> Behind:
    """The files of a folder as a plain web server serves them: index.html, ETag, Last-Modified, 301 to folders, 404."""

    def answer(target: str, headers: Mapping[str, str]) -> Answer:
        path = unquote(urlsplit(target).path)
        file = (folder / path.lstrip("/")).resolve()
        if not file.is_relative_to(folder.resolve()):
            return Answer(404, [("Content-Type", "text/html")], b"404")
        if file.is_dir() and not path.endswith("/"):
            return Answer(301, [("Location", path + "/")], b"")
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            missing = folder / "404.html"
            return Answer(404, [("Content-Type", "text/html")], missing.read_bytes() if missing.is_file() else b"404")
        body, changed = file.read_bytes(), file.stat().st_mtime
        tag = f'"{md5(body, usedforsecurity=False).hexdigest()[:16]}"'
        kept = [("ETag", tag), ("Last-Modified", formatdate(changed, usegmt=True))]
        since = headers.get("if-modified-since")
        if headers.get("if-none-match") == tag or (
            since and "if-none-match" not in headers and parsedate_to_datetime(since).timestamp() >= int(changed)
        ):
            return Answer(304, kept, b"")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        kind += "; charset=utf-8" if kind.startswith("text/") else ""
        return Answer(200, [("Content-Type", kind), *kept], body)

    return answer


def of_server(port: int) -> Behind:
    """What another server on loopback answers, which is told the address that was asked for."""

    def answer(target: str, headers: Mapping[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            passed = {name: value for name, value in headers.items() if name not in HOP_BY_HOP}
            connection.request("GET", target, headers=passed)
            response = connection.getresponse()
            kept = [(name, value) for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP]
            return Answer(response.status, kept, response.read(), response.reason)
        finally:
            connection.close()

    return answer


class Front:
    """A server on a free port of loopback: `with Front(behind) as front: front.address`."""

    def __init__(self, behind: Behind | None = None) -> None:
        self.behind = behind
        self.asked: list[Asked] = []
        self.answers: dict[str, Answer] = {}  # the first full answer for each target
        self._lock = threading.Lock()
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                front._answer(self)

            def do_HEAD(self) -> None:
                front._answer(self, body=False)

            def log_message(self, *_: object) -> None:
                """Nothing: the requests are kept in `asked`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self.address = f"http://{self.host}"

    def _answer(self, handler: BaseHTTPRequestHandler, *, body: bool = True) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        if self.behind is None:
            answer = Answer(503, [("Content-Type", "text/plain")], b"nothing is behind this yet")
        else:
            try:
                answer = self.behind(handler.path, headers)
            except OSError as problem:
                answer = Answer(502, [("Content-Type", "text/plain")], str(problem).encode())
        with self._lock:
            self.asked.append(Asked(handler.path, answer.status))
            if answer.status != 304:
                self.answers.setdefault(handler.path, answer)
        handler.send_response_only(answer.status)
        for name, value in answer.headers:
            handler.send_header(name, value)
        if answer.status != 304:
            handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        if body and answer.status != 304:
            handler.wfile.write(answer.body)

    def taken(self) -> list[Asked]:
        """The requests since this was last asked."""
        with self._lock:
            taken, self.asked = self.asked, []
        return taken

    def forget(self) -> None:
        """Forget what was asked so far: a CMS asks itself for pages while it is set up."""
        with self._lock:
            self.asked, self.answers = [], {}

    def look_around(self, addresses: Iterable[str], *, at_most: int = 1500) -> None:
        """Ask for these pages and for all that they and the home page lead to, so that a recording is whole."""
        self.taken()
        targets = ["/", "/robots.txt", "/sitemap.xml", *(address.removeprefix(self.address) for address in addresses)]
        done: set[str] = set()
        while targets and len(done) < at_most:
            target = targets.pop(0).partition("#")[0]
            if target in done or not target.startswith("/") or target.startswith("//"):
                continue
            done.add(target)
            self._look(target, targets)
        self.taken()

    def _look(self, target: str, targets: list[str]) -> None:
        """Ask for one page, and add what it leads to."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET", quote(target, safe="/%?&=+:;,@!$'()*~[]#|"))
            response = connection.getresponse()
            body, kind = response.read().decode("utf-8", "replace"), response.getheader("Content-Type") or ""
        finally:
            connection.close()
        found = [response.getheader("Location") or ""]
        if "html" in kind or "xml" in kind:
            found += [unescape(link) for link in _LINKS.findall(body)]
        base = urljoin(self.address, target)
        for link in found:
            url = urlsplit(urljoin(base, link.strip()))
            if link and url.netloc == self.host and not _MANAGING.search(url.path + url.query):
                targets.append(url.path + (f"?{url.query}" if url.query else ""))

    def record(self, file: Path) -> None:
        """Write the first answer for each target so far into a WARC file."""
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.warcwriter import WARCWriter

        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            writer = WARCWriter(stream, gzip=True)
            for target, answer in self.answers.items():
                head = StatusAndHeaders(f"{answer.status} {answer.reason or 'OK'}", answer.headers, protocol="HTTP/1.1")
                url = self.address + target
                writer.write_record(
                    writer.create_warc_record(url, "response", payload=BytesIO(answer.body), http_headers=head)
                )

    def __enter__(self) -> "Front":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def of_recording(file: Path, host: str) -> tuple[Behind, str]:
    """The pages of a WARC file, moved to this host; also the address at which they were recorded.

    Pauses that robots.txt asks for are left out: nobody is to be spared here.
    """
    from warcio.archiveiterator import ArchiveIterator

    pages: dict[str, Answer] = {}
    recorded = ""
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type != "response":
                continue
            url = urlsplit(record.rec_headers["WARC-Target-URI"])
            recorded = recorded or url.netloc
            target = (url.path or "/") + (f"?{url.query}" if url.query else "")
            status = int(record.http_headers.statusline.split()[0])
            dropped = HOP_BY_HOP | {"content-encoding"}
            headers = [
                (name, value.replace(recorded, host))
                for name, value in record.http_headers.headers
                if name.lower() not in dropped
            ]
            body = record.content_stream().read().replace(recorded.encode(), host.encode())
            if url.path == "/robots.txt":
                body = re.sub(rb"(?im)^crawl-delay.*$", b"", body)
            pages.setdefault(target, Answer(status, headers, body))

    def answer(target: str, headers: Mapping[str, str]) -> Answer:
        page = pages.get(target)
        if page is None:
            return Answer(404, [("Content-Type", "text/html")], b"<html><title>404</title><h1>Not found</h1></html>")
        tags = [value for name, value in page.headers if name.lower() == "etag"]
        if tags and headers.get("if-none-match") == tags[0]:
            return Answer(304, [("ETag", tags[0])], b"")
        return page

    return answer, f"http://{recorded}"
