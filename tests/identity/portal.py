"""A small portal on loopback whose links carry sessions, in the ways in which servers write them."""

import hashlib
import re
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qsl, urlsplit

from tests.serving import Serving

TITLES = (
    "Ra quân dọn vệ sinh bến đò Cây Gạo", "Khai giảng lớp học bơi hè cho thiếu nhi", "Trao nhà cho hộ nghèo ở tổ bảy",
    "Họp dân bàn việc mở rộng ngõ chợ Sáng", "Tiêm phòng cho đàn vật nuôi đợt hai", "Diễn tập chữa cháy ở khu tập thể",
)  # fmt: skip


def text_of(number):
    """The paragraphs of an article."""
    title = TITLES[number]
    return "".join(
        f"<p>Đoạn {n} kể rằng {title.lower()} diễn ra trong buổi sáng thứ {n + 2}, có {20 + n + number} người cùng làm "
        f"và lãnh đạo phường Bến Lá đến dự, động viên bà con các tổ dân phố.</p>"
        for n in range(3)
    )


def page(title, main, head=""):
    """A page of the portal."""
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>"
        "<div id='menu'><ul><li><a href='/gioi-thieu'>Giới thiệu</a></li><li><a href='/lien-he'>Liên hệ</a></ul></div>"
        f"<div id='main'>{main}</div><div id='footer'><p>Cổng thông tin phường Bến Lá</p></div></body></html>"
    )


def article(number, head=""):
    """The page of an article."""
    day = f"<div class='ngay'>Ngày đăng: 1{number}/09/2025 07:30</div>"
    return page(TITLES[number], f"<h1>{TITLES[number]}</h1>{day}<div class='noi-dung'>{text_of(number)}</div>", head)


def listing(addresses, titles=TITLES):
    """A list of articles, and the list of notices that is in the menu of every page."""
    items = "".join(
        f"<div class='tin'><h3><a href='{address}'>{title}</a></h3><span>1{n}/09/2025</span></div>"
        for n, (address, title) in enumerate(zip(addresses, titles, strict=True))
    )
    return page("Tin tức - Phường Bến Lá", f"<h2>Tin tức</h2><div class='danh-sach'>{items}</div>")


class SessionPortal(Serving):
    """Six articles at /tin/bai-301.html …, whose links `mark` marks with a session: address, session → address.

    A new session for every request, or, where `lasts`, for every request that brings none; `asks_for_one`: a request
    without a session is sent to the same address with a new one. `articles`: number → page.
    """

    def __init__(self, mark, found, *, lasts=False, asks_for_one=False, token="1f4e{:06x}9ab07c2d55e8"):
        portal = self
        self.asked: list[str] = []
        sessions = count(1)
        self.articles = {f"/tin/bai-{number + 301}.html": article(number) for number in range(len(TITLES))}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                brought = re.search(found, self.path)
                bare = (self.path[: brought.start()] + self.path[brought.end() :]) if brought else self.path
                bare = "/" + bare.lstrip("/").rstrip("?&")
                session = brought[1] if brought and lasts else token.format(next(sessions) * 7919)
                portal.asked.append(self.path)
                if asks_for_one and not brought and not bare.startswith("/robots"):
                    self.send_response(302)
                    self.send_header("Location", mark(bare, session))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = portal.answer(bare, lambda address: mark(address, session))
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                body = (body or "").encode()
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_port}"

    def answer(self, target, mark):
        """The page at an address without a session, None where there is none."""
        if target == "/":
            return listing([mark(address) for address in self.articles])
        return self.articles.get(target) or self.other(target, mark)

    def other(self, target, mark):
        """A page that a test adds."""

    def asked_for(self, part):
        """How often addresses with `part` were asked for, since it was asked last."""
        number = sum(part in target for target in self.asked)
        self.asked.clear()
        return number


def in_query(name):
    """A session in the query: how a link is marked with it, and where a request has it."""

    def mark(address, session):
        return f"{address}{'&' if urlsplit(address).query else '?'}{name}={session}"

    return mark, rf"[?&]{re.escape(name)}=([^&]*)"


def in_each_link(name):
    """Random letters and digits in the query, others in each link."""

    def mark(address, session):
        return f"{address}?{name}={hashlib.sha256((session + address).encode()).hexdigest()[:12]}7"

    return mark, rf"[?&]{name}=([^&]*)"


def in_folder(form):
    """A session in the path, as ASP.NET writes it."""
    return (lambda address, session: f"/({form.format(session)}){address}"), r"^/\((?:[A-Z]\([^()]*\))*[A-Z]\((\w+)\)\)"


def after_path(name):
    """A session behind the path, as Java's servers write it."""
    return (lambda address, session: f"{address};{name}={session}"), rf";{name}=([^?]*)"


def parameters(target):
    """The parameters of a request."""
    return dict(parse_qsl(urlsplit(target).query))
