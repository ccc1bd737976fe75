"""A small portal on loopback, over http or https, that answers as a test wishes and notes what it is asked."""

import ssl
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.serving import Serving

ARTICLES = ("Ra quân dọn vệ sinh bến đò", "Khai giảng lớp học bơi hè", "Trao nhà cho hộ khó khăn")


def article(number, more=""):
    """The path and the page of an article; `more` is markup at its end."""
    title = ARTICLES[number % len(ARTICLES)]
    text = "".join(
        f"<p>Đoạn {n} kể rằng {title.lower()} diễn ra trong buổi sáng thứ {n + 2}, có {20 + n} người dân cùng làm và "
        f"lãnh đạo phường Bến Lá đến dự, động viên bà con các tổ dân phố.</p>"
        for n in range(3)
    )
    return f"/tin-tuc/bai-{number + 301}.html", (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title></head><body><div id='main'>"
        f"<h1>{title}</h1><div class='ngay'>Ngày đăng: 1{number}/09/2025 07:30</div><div class='noi-dung'>{text}{more}"
        "</div></div></body></html>"
    )


def pages(more=""):
    """The pages of the portal by path; the first article ends with `more`."""
    found = dict(article(number, more if number == 0 else "") for number in range(len(ARTICLES)))
    items = "".join(
        f"<div class='tin'><h3><a href='{path}'>{title}</a></h3><span>1{n}/09/2025</span></div>"
        for n, (path, title) in enumerate(zip(found, ARTICLES, strict=True))
    )
    found["/"] = (
        "<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>Phường Bến Lá</title></head><body>"
        f"<h2>Tin tức</h2>{items}</body></html>"
    )
    return found


class Portal(Serving):
    """`answers`: path → page, or (status, headers, body); for other paths `otherwise`. `asked`: what came, in order."""

    def __init__(self, answers, *, certificate=None, address="127.0.0.1", otherwise=None, tune=None):
        portal = self
        self.answers, self.otherwise = answers, otherwise or (404, {}, b"")
        self.asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                portal.asked.append(self.path)
                answer = portal.answers.get(self.path, portal.otherwise)
                if not isinstance(answer, tuple):
                    answer = (200, {"Content-Type": "text/html; charset=utf-8"}, answer)
                status, headers, body = answer
                body = body if isinstance(body, bytes) else body.encode()
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer((address, 0), Handler)
        self.server.handle_error = lambda *_: None  # clients that do not believe us hang up
        self.server.daemon_threads = True
        self.port = self.server.server_port
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.load_cert_chain(certificate)
            if tune:
                tune(context)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
