"""ReplayWeb.page over a WACZ, in a real Chromium: its files served on loopback as its embedding guide says."""

import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.running import PATIENCE
from tests.serving import Serving
from tests.validators import replayweb

_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>replay</title><script src="/ui.js"></script>
<style>html, body {{ margin: 0; height: 100% }} replay-web-page {{ height: 100vh }}</style>
<body><replay-web-page source="/{package}" url="{url}" ts="{timestamp}" embed="replayonly"></replay-web-page></body>
"""
_COLLECTION = re.compile(r"/replay/w/[^/]+/")
_LOADS = 5  # of a page, at most
_FETCH = """
async address => {
  const answer = await fetch(address);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return [answer.status, text];
}
"""


class Embedding(Serving):
    """A server of ReplayWeb.page's two scripts, of WACZ files, and of a page for what is to be shown."""

    def __init__(self, program, folder):
        """`program`: the folder of ReplayWeb.page; `folder`: that of the WACZ files."""
        self.shown = {}
        shown = self.shown

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = urlsplit(self.path).path.strip("/")
                if path.endswith(".html"):
                    return self.answer(_PAGE.format(**shown).encode(), "text/html; charset=utf-8")
                if path in ("ui.js", "replay/sw.js"):
                    return self.answer((program / path.split("/")[-1]).read_bytes(), "text/javascript")
                if path.endswith(".wacz") and (folder / path).is_file():
                    return self.answer((folder / path).read_bytes(), "application/wacz")
                return self.answer(b"", "text/plain", 404)

            do_HEAD = do_GET

            def answer(self, data, kind, status=200):
                part = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
                self.send_response(206 if part else status)
                if part:
                    first, last = part[1], part[2]
                    start = int(first) if first else max(0, len(data) - int(last))
                    end = min(int(last), len(data) - 1) if first and last else len(data) - 1
                    self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
                    data = data[start : end + 1]
                self.send_header("Accept-Ranges", "bytes")
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://localhost:{self.server.server_port}"


class Replay:
    """A tab that shows a WACZ."""

    def __init__(self, tab, embedding, package):
        self.tab, self.embedding, self.package = tab, embedding, package

    def show(self, url, timestamp):
        """Open the page as its readers do, and return the frame in which it is shown, when it is there.

        On a busy machine the player and its service worker may miss each other when they start: then nothing is shown,
        and a reader would load the page again.
        """
        from playwright.sync_api import TimeoutError as Missed

        self.embedding.shown.update(package=self.package, url=url, timestamp=timestamp)
        for last in (False,) * (_LOADS - 1) + (True,):
            try:
                with self.tab.expect_event(
                    "framenavigated", lambda frame: f"mp_/{url}" in frame.url, timeout=PATIENCE * 1000 / _LOADS
                ) as found:
                    self.tab.goto(f"{self.embedding.address}/page.html")
                break
            except Missed:
                if last:
                    raise
        found.value.wait_for_load_state()
        return found.value

    def fetch(self, url, timestamp):
        """Return (status, bytes) of what the service worker of ReplayWeb.page answers to an address."""
        shown = next(frame.url for frame in self.tab.frames if _COLLECTION.search(frame.url))
        own = next(frame for frame in self.tab.frames if "/replay/?" in frame.url)
        status, text = own.evaluate(_FETCH, f"{_COLLECTION.search(shown)[0]}{timestamp}mp_/{url}")
        return status, text.encode("latin-1")


@contextmanager
def replaying(browser, package):
    """Give a `Replay` of a WACZ; nothing but loopback is asked."""
    with Embedding(replayweb(), package.parent) as embedding:
        context = browser.new_context(viewport={"width": 1100, "height": 1100})
        context.set_default_timeout(PATIENCE * 1000)  # milliseconds
        asked = []
        context.on("request", lambda sent: asked.append(sent.url))
        yield Replay(context.new_page(), embedding, package.name)
        context.close()
        strange = [url for url in asked if url.startswith("http") and not url.startswith(embedding.address)]
        assert strange == []
