"""Sites on loopback that are odd in one way each: a name, and what answers a path."""

import gzip
import re
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ADDRESS = "127.4.0.{}"
NAV = '<ul><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc">Tin tức</a></li></ul>'
SHELL = '<title>Phường</title><script src="/main.js"></script><div id="root"></div>'
ARTICLES = range(1, 7)


def page(body, title="Phường An Vĩnh"):
    return f'<!DOCTYPE html><meta charset="utf-8"><title>{title}</title><body>{NAV}{body}'.encode()


def path_of(number):
    return f"/tin-tuc/hop-to-dan-pho-so-{number}-{500 + number}.html"


def title_of(number):
    return f"Tổ dân phố số {number} họp bàn sửa đường ngõ"


LIST = page(
    "".join(
        f'<div class="tin"><h3><a href="{path_of(n)}">{title_of(n)}</a></h3><span>0{n}/10/2025</span>'
        f"<p>Tóm tắt của tin {n} trong danh sách.</p></div>"
        for n in ARTICLES
    )
)
BARE = page("<p>Chào mừng quý vị.</p>")


def article(path):
    found = re.search(r"-so-(\d)-50\d\.html$", path)
    text = "Bà con bàn việc góp công sửa đường, chia nhau từng đoạn và hẹn ngày khởi công. " * 5
    return (
        page(f"<h1>{title_of(found[1])}</h1><span>0{found[1]}/10/2025 08:30</span><div><p>{text}</p></div>")
        if found
        else None
    )


def feed(host):
    items = "".join(
        f"<item><title>{title_of(n)}</title><link>http://{host}{path_of(n)}</link>"
        f"<pubDate>Wed, 0{n} Oct 2025 08:00:00 +0700</pubDate></item>"
        for n in ARTICLES
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def sitemap(host):
    paths = ["/", "/gioi-thieu", *map(path_of, ARTICLES)]
    rows = "".join(f"<url><loc>http://{host}{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


def site(pages):
    """A site with the six articles, and these pages: path → body, or (body, type), or a function of the host."""

    def answer(path, host):
        body = pages.get(path) or article(path)
        body = body(host) if callable(body) else body
        return body if isinstance(body, tuple) else (body, "text/html")

    return answer


def always(*answer):
    return lambda path, host: answer if path != "/robots.txt" else (None, "")


SITES = {
    "good": site({"/": LIST, "/tin-tuc": LIST}),
    "status_404": always(404, ""),
    "status_403": always(403, ""),
    "status_500": always(500, ""),
    "loop": lambda path, host: (302, f"{path}x" if len(path) < 30 else "/"),
    "leads_away": always(302, f"http://{ADDRESS.format(1)}:PORT/"),
    "leads_nowhere": always(302, "ftp://a.test/"),
    "pdf": always(b"%PDF-1.4\n" + bytes(3000), "application/pdf"),
    "image": always(b"\x89PNG\r\n\x1a\n" + bytes(3000), "text/html"),
    "empty": always(b" ", "text/html"),
    "json": always(b'{"a": [1, 2]}', "application/json"),
    "number": always(b"123", "text/html"),
    "login": always("<title>Đăng nhập</title><form><input type=password name=p></form>".encode(), "text/html"),
    "antibot": always(b"<title>Access Denied</title><h1>Access Denied</h1>Viettel WAF System", "text/html"),
    "forbidden": site({"/robots.txt": (b"User-agent: *\nDisallow: /", "text/plain"), "/": LIST}),
    "large": always(b"<p>abc</p>" * 3_000_000, "text/html"),
    "many_links": always(page('<a href="/x">x</a>' * 100_000), "text/html"),
    "wrong_charset": site({"/": (LIST, "text/html; charset=utf-16"), "/tin-tuc": (LIST, "text/html; charset=none")}),
    "frames": site({"/": b'<frameset><frame src="/trai"><frame src="/giua"></frameset>', "/trai": BARE, "/giua": LIST}),
    "script_only": site({"/": SHELL.encode()}),
    "fed": site({"/": SHELL.encode(), "/tin.rss": lambda host: (feed(host), "application/rss+xml")}),
    "in_feed": site({"/": BARE, "/tin-tuc": BARE, "/feed/": lambda host: (feed(host), "text/xml")}),
    "in_sitemap": site({"/": BARE, "/sitemap.xml": lambda host: (sitemap(host), "text/xml")}),
    "named_by_robots": site(
        {
            "/": BARE,
            "/robots.txt": lambda host: (f"Sitemap: http://{host}/so-do/1.xml.gz".encode(), "text/plain"),
            "/so-do/1.xml.gz": lambda host: (gzip.compress(sitemap(host)), "application/gzip"),
        }
    ),
    "nothing_yet": site({"/": page("<div><p>Chưa có bài viết nào.</p></div>")}),
    "template": site({"/": page('<div v-for="tin in ds"><a :href="tin.url">{{ tin.ten }}</a></div>')}),
    "articles_gone": lambda path, host: (LIST if path in ("/", "/tin-tuc") else 404, "text/html"),
}
NUMBERS = {name: number for number, name in enumerate(SITES, start=1)}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        server = self.server
        name = server.names[self.connection.getsockname()[0]]
        body, kind = SITES[name](self.path, self.headers["Host"])
        status = body if isinstance(body, int) else 404 if body is None else 200
        server.asked.append((name, self.path))
        self.send_response_only(status, HTTPStatus(status).phrase)
        if status in (301, 302):
            self.send_header("Location", kind.replace("PORT", str(server.server_address[1])))
        else:
            self.send_header("Content-Type", kind or "text/html")
        body = body if isinstance(body, bytes) else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, format, *args):
        """Nothing: requests are kept in `asked`."""


class OddServer:
    """All of them on one port, each at a loopback address of its own; `asked`: (name, path) of each request."""

    def __init__(self):
        self._server = ThreadingHTTPServer(("0.0.0.0", 0), _Handler)
        self._server.daemon_threads = True
        self._server.names = {ADDRESS.format(number): name for name, number in NUMBERS.items()}
        self._server.asked = self.asked = []
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def host(self, name):
        return f"{ADDRESS.format(NUMBERS[name])}:{self._server.server_address[1]}"

    def url(self, name, path="/"):
        return f"http://{self.host(name)}{path}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
