"""A small web archive over real HTTP: a CDX server and raw captures, with the faults that such servers have.

`/coll/cdx` answers as pywb does (JSON lines; pages of `page_size`, or `paged=False`: every page the same), `/ia/cdx` as
the Internet Archive does (a list of lists); `/coll/<time>id_/<url>` hands out captures. `faults` maps (time, url) to
what happens at each next request for it. `asked` is the log of paths.
"""

import json
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Held:
    """A capture as the archive holds it."""

    url: str
    time: str
    body: bytes = b""
    status: int = 200
    mime: str = "text/html"
    digest: str = ""
    headers: tuple = ()
    listed_as: dict = field(default_factory=dict)  # what the index says otherwise; None leaves a field out

    def line(self):
        facts = {"urlkey": "x", "timestamp": self.time, "url": self.url, "mime": self.mime, "status": str(self.status)}
        facts |= {"digest": self.digest or f"D{hash(self.body)}", "length": "9", "offset": "0", "filename": "a.warc.gz"}
        return {name: value for name, value in (facts | self.listed_as).items() if value is not None}


class WebArchive:
    def __init__(self):
        self.captures, self.faults, self.asked = [], defaultdict(list), []
        self.page_size, self.paged, self.extra_lines, self.files = 1000, True, [], {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/coll/cdx"

    def hold(self, url, time, body=b"", **facts):
        self.captures.append(Held(url, time, body, **facts))
        return self.captures[-1]

    def captures_asked_for(self):
        return [path for path in self.asked if "id_/" in path]

    # Answers: (status, headers, body)

    def index(self, query, *, as_list=False):
        host = query["url"].removesuffix("/*")
        lines = [json.dumps(held.line()) for held in self.captures if urlsplit(held.url).hostname == host]
        lines += self.extra_lines
        page, size = int(query.get("page", 0)), self.page_size if self.paged else 10**9
        begin = page * size if self.paged else 0
        if begin and begin >= len(lines):
            return 400, {}, b'{"message": "Page invalid"}'
        part = lines[begin : begin + size]
        if as_list:
            rows = [list(json.loads(line).values()) for line in part]
            names = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
            part = [json.dumps([names, *(row[:7] for row in rows)])] if rows and not page else []
        return 200, {"Content-Type": "text/x-ndjson"}, "\n".join(part).encode()

    def capture(self, time, url):
        held = next((item for item in self.captures if (item.time, item.url) == (time, url)), None)
        if held is None:
            return 404, {"Content-Type": "text/html"}, b"<html>not here"
        moment = datetime.strptime(time, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        headers = {"Memento-Datetime": format_datetime(moment, usegmt=True), "Server": "archive", "Link": "<x>"}
        headers |= {"X-Archive-Orig-Server": "Portal/1", "X-Archive-Orig-Content-Length": "77"}
        headers |= {"Content-Type": held.mime} | dict(held.headers)
        if 300 <= held.status < 400:
            headers["Location"] = f"http://127.0.0.1:{self.port}/coll/{time}id_/{headers['Location']}"
        return held.status, headers, held.body

    def record(self, path, range_):
        data = self.files[path]
        first, last = map(int, range_.removeprefix("bytes=").split("-"))
        return 206, {}, data[first : last + 1]

    def answer(self, path, headers):
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path in self.files:
            return self.record(parts.path, headers["Range"])
        if parts.path.endswith("collinfo.json"):
            api = [f"http://127.0.0.1:{self.port}/CC-MAIN-{week}-index" for week in ("2018-26", "2019-26", "2023-14")]
            return 200, {}, json.dumps([{"cdx-api": url} for url in api]).encode()
        if parts.path == "/ia/cdx":
            return self.index(query, as_list=True)
        if parts.path.endswith(("/cdx", "-index")):
            return self.index(query)
        time, _, url = path.removeprefix("/coll/").partition("id_/")
        return self.capture(time, unquote(url)) if url else (200, {}, b"<html>a web site</html>")


@contextmanager
def serving():
    """Run a WebArchive on a free port of the loopback address."""
    archive = WebArchive()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            archive.asked.append(self.path)
            time, _, url = self.path.removeprefix("/coll/").partition("id_/")
            faults = archive.faults[time, unquote(url)]
            status, headers, body = archive.answer(self.path, self.headers)
            cut = 0
            if faults and (fault := faults.pop(0)):
                if fault == "cut":
                    cut = 10
                else:
                    status, headers, body = fault
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value.encode().decode("latin-1"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) - cut])
            if cut:
                self.close_connection = True

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    archive.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield archive
    finally:
        server.shutdown()
        server.server_close()
