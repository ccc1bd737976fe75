"""Hosts that are not registered sites, for tests of a crawler's manners.

| host | behaviour |
|---|---|
| robots-html.test | robots.txt is the HTML of an anti-bot page, with status 200 |
| robots-500.test | robots.txt answers 500 |
| empty.test | a portal built by script: every page is an empty shell |
| blocked.test | every page is the anti-bot page (robots.txt is a 404) |
| slow.test | `/{seconds}` and `/{seconds}/…` answer after that many seconds |
| flood.test | 429 with `Retry-After: 1` to every sixth request, and to all that come within a second after it |

All but `empty.test` and `blocked.test` have a home page, a section `/tin-tuc` and three articles in the markup of
Hà Nội's Liferay 6.2.
"""

import threading
import time
from urllib.parse import urlsplit

from crawler.replica_portals import routes, special
from crawler.replica_portals.model import Article, Block, Section, Site
from crawler.replica_portals.special import Answer

HOSTS = ("robots-html.test", "robots-500.test", "empty.test", "blocked.test", "slow.test", "flood.test")
FLOOD_LIMIT = 5

_TEXTS = (
    (
        "Tổ dân phố số 4 quét vôi lại cổng ngõ",
        "Chủ nhật vừa rồi, bà con tổ dân phố số 4 cùng nhau quét vôi lại cổng ngõ và sơn bảng tên.",
    ),
    (
        "Câu lạc bộ cờ tướng mở giải đầu xuân",
        "Mười sáu kỳ thủ cao tuổi dự giải cờ tướng đầu xuân tại nhà văn hóa, đông người xem đến tận trưa.",
    ),
    (
        "Thông báo cắt tỉa cây đường Hàng Sấu",
        "Công nhân cắt tỉa cây trong hai buổi sáng, đề nghị các hộ không đỗ xe dưới tán cây.",
    ),
)


def _site(host: str) -> Site:
    articles = [
        Article(
            f"a{n}",
            title,
            f"2022-03-1{n} 0{n + 7}:15",
            900100 + n,
            ("tin-tuc",),
            (Block("p", text),),
            slug=f"tin-{n}",
            site="extra",
        )
        for n, (title, text) in enumerate(_TEXTS)
    ]
    section = Section("tin-tuc", "Tin tức")
    return Site("extra", host, "http", "hanoi", "Phường Thử", "Phường Thử", (section,), articles=articles)


EMPTY_SHELL = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8"/><title>Cổng thông tin phường</title>'
    '<script defer="defer" src="/static/js/main.3f1c9a.js"></script></head>'
    '<body><noscript>Bạn cần bật JavaScript.</noscript><div id="root"></div></body></html>'
)


class ExtraHosts:
    """Answers for `HOSTS`; `closing` ends the waits of slow.test."""

    def __init__(self, closing: threading.Event) -> None:
        self._closing = closing
        self._sites = {host: _site(host) for host in HOSTS}
        self._answered = 0  # by flood.test since its last refusal
        self._patience_until = 0.0
        self._lock = threading.Lock()

    def _flooded(self) -> bool:
        """Whether flood.test has had enough; it counts, so that a slow crawl is refused like a fast one."""
        now = time.monotonic()
        with self._lock:
            if now >= self._patience_until and self._answered < FLOOD_LIMIT:
                self._answered += 1
                return False
            if now >= self._patience_until:
                self._answered, self._patience_until = 0, now + 1
            return True

    def answer(self, host: str, target: str) -> Answer:
        """What `host` answers; an unknown host gets a 404."""
        parts = urlsplit(target)
        robots = parts.path == "/robots.txt"
        if host not in self._sites:
            return Answer(b"Unknown host\n", "text/plain", 404)
        if robots and host == "robots-html.test":
            return special.antibot(f"http://{host}{target}")
        if robots and host == "robots-500.test":
            return special.server_error()
        if host == "flood.test" and self._flooded():
            return special.busy(1, 429)
        if robots:
            return special.ROBOTS["missing"]
        if host == "blocked.test":
            return special.antibot(f"http://{host}{target}")
        if host == "empty.test":
            return Answer(EMPTY_SHELL.encode())
        path = parts.path
        first = path.strip("/").split("/")[0]
        if host == "slow.test" and first.replace(".", "", 1).isdigit():
            self._closing.wait(min(float(first), 120))
            path = "/" + path.strip("/").partition("/")[2]
        return routes.answer(self._sites[host], routes.Request(path, parts.query, "http", 1))
