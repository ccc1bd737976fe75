"""A small portal that changes: it publishes, edits, removes, pins, is redesigned, fails and comes back.

Its markup is the one of Hà Nội's Liferay 6.2 (`view_content`), cut down to what a crawler reads; its texts are
invented. A day on it is whatever `today` says. `tests.living.server` serves it.
"""

# ruff: noqa: E501 (markup keeps its long lines)

import threading
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import md5
from html import escape
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

from crawler.replica_portals.special import antibot
from tests.living import texts
from tests.living.wires import Wire

HTML = "text/html;charset=UTF-8"
PAGE = "p_p_id=101&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&_101_delta={size}&p_r_p_564233524_resetCur=false&_101_cur={n}"


@dataclass
class Piece:
    """An article of the portal. `bodies`: its text after each edit, paragraphs parted by an empty line."""

    id: int
    title: str
    sapo: str
    day: date
    section: str
    bodies: list[str]
    at: str = "there"  # there, gone (404), home (a redirect to the home page) or moved (a redirect to `to`)
    to: int = 0

    @property
    def body(self) -> str:
        return self.bodies[-1]


@dataclass
class Answer:
    """An HTTP answer; `silent`: none comes as long as the server is there; `gate`: none comes before it is opened;
    `wire`: sends it in a way of its own."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    gate: "Gate | None" = None
    wire: Wire | None = None


class Gate:
    """Keeps back the answers to requests whose target holds `part`, from the `nth` on, until it is opened."""

    def __init__(self, part: str, nth: int = 1) -> None:
        self.part, self._nth, self._count = part, nth, 0
        self._arrived, self._opened = threading.Event(), threading.Event()

    def takes(self, target: str) -> bool:
        """Count a request; whether it is kept back."""
        self._count += self.part in target
        return self.part in target and self._count >= self._nth

    def __str__(self) -> str:
        return f"request {self._nth} for …{self.part}…"

    def reached(self, within: float = 0.0) -> bool:
        """Whether a request has come that is kept back; waits for it as many seconds."""
        return self._arrived.wait(within)

    def hold(self) -> None:
        """Wait in the place of the answer."""
        self._arrived.set()
        self._opened.wait()

    def open(self) -> None:
        """Let through what waits, and whatever comes."""
        self._opened.set()


class Portal:
    """One host. Every method that changes it is seen by the next request."""

    def __init__(
        self, host: str, *, sections: tuple[str, ...] = ("tin-tuc", "thong-bao"), page_size: int = 5,
        today: date = date(2025, 1, 1), validators: bool = False,
    ) -> None:  # fmt: skip
        self.host, self.page_size, self.today, self.validators = host, page_size, today, validators
        self.order: dict[str, list[int]] = {section: [] for section in sections}
        self.pieces: dict[int, Piece] = {}
        self.pinned: list[int] = []
        self.lists, self.home_links, self.articles, self.dates = "first", "first", "first", "shown"
        self.failing: str | None = None
        self.broken: dict[str, int] = {}  # a path with its query, or a part of it → status
        self.visits = 0  # shown in every page's foot, and in every article's counter
        self.gates: list[Gate] = []
        self.wires: dict[str, list[Wire]] = {}  # a part of a path → how it is sent, in turn; then always as the last

    # What happens to it

    def publish(self, count: int = 1, *, section: str | None = None, days_ago: int = 0) -> list[int]:
        """Put `count` new articles on top of their lists; without `section` the lists take turns."""
        made = []
        for _ in range(count):
            number = 4_000_000 + 10_000 * (crc32(self.host.encode()) % 500) + 7 * len(self.pieces)
            chosen = section or list(self.order)[len(self.pieces) % len(self.order)]
            seed = f"{self.host}/{number}"
            body = "\n\n".join(texts.paragraph(f"{seed}/{n}") for n in range(3))
            day = self.today - timedelta(days=days_ago)
            sapo = texts.paragraph(f"{seed}/sapo")
            self.pieces[number] = Piece(number, texts.title(seed), sapo, day, chosen, [body])
            self.order[chosen].insert(0, number)
            made.append(number)
        return made

    def edit(self, number: int) -> str:
        """Write the article's second paragraph anew; returns the new body."""
        piece = self.pieces[number]
        first, _, last = piece.body.split("\n\n")
        middle = texts.paragraph(f"{self.host}/{number}/edit {len(piece.bodies)}")
        piece.bodies.append("\n\n".join((first, middle, last)))
        return piece.body

    def count(self) -> None:
        """Other counters and session tokens on every page; no text changes."""
        self.visits += 1

    def remove(self, number: int) -> None:
        """Take an article down: its address answers 404 and no list links to it."""
        self._take(number, "gone")

    def redirect_home(self, number: int) -> None:
        """Take an article down: its address leads to the home page."""
        self._take(number, "home")

    def _take(self, number: int, at: str) -> None:
        piece = self.pieces[number]
        piece.at = at
        self.order[piece.section].remove(number)

    def restore(self, number: int) -> None:
        """Put an article that was taken down back to its place."""
        piece = self.pieces[number]
        piece.at = "there"
        listed = self.order[piece.section]
        place = next((i for i, other in enumerate(listed) if self.pieces[other].day <= piece.day), len(listed))
        listed.insert(place, number)

    def renumber(self, *numbers: int, at: str = "gone", adds: str = "") -> dict[int, int]:
        """Give articles (default: all) another number, so another address; returns old → new.

        `at`: what the old addresses answer; `adds`: a line that stands below the text of all at their new addresses.
        """
        new: dict[int, int] = {}
        for number in numbers or list(self.pieces):
            piece = self.pieces[number]
            new[number] = number + 1_000_000
            bodies = [piece.body + (f"\n\n{adds}" if adds else "")]
            self.pieces[new[number]] = Piece(new[number], piece.title, piece.sapo, piece.day, piece.section, bodies)
            listed = self.order[piece.section]
            listed[listed.index(number)] = new[number]
            piece.at, piece.to = at, new[number]
        return new

    def pin(self, number: int) -> None:
        """Show an article on top of its list, whatever comes after."""
        self.pinned.append(number)

    def resort(self) -> None:
        """Sort every list by title."""
        for listed in self.order.values():
            listed.sort(key=lambda number: self.pieces[number].title)

    def redesign_lists(self, kind: str = "links", *, home: bool = True) -> None:
        """`links`: the lists' entries lead to addresses of a new form; `shape`: and their blocks look different too.

        With `home` False the home page still links in the old form.
        """
        self.lists = kind
        self.home_links = kind if home else "first"

    def redesign_articles(self, kind: str = "container") -> None:
        """`container`: other class names and other words around the text; `fields`: title, lead and date are gone;
        `script`: the text is no longer in the page."""
        self.articles = kind

    def break_dates(self) -> None:
        """Lists and articles show the day in words that say nothing."""
        self.dates = "broken"

    def fail(self, mode: str) -> None:
        """`dns`, `refused`, `timeout`, `500`, `antibot`, `robots` (a page of HTML in its place)."""
        self.failing = mode

    def recover(self) -> None:
        """Answer again as before `fail`."""
        self.failing = None

    def keep_back(self, part: str, nth: int = 1) -> Gate:
        """Answer no request whose target holds `part`, from the `nth` on, before the gate that is returned is opened."""
        self.gates.append(Gate(part, nth))
        return self.gates[-1]

    def open_gates(self) -> None:
        """Keep back nothing any more."""
        for gate in self.gates:
            gate.open()
        self.gates.clear()

    def rebuild_as_before(self) -> None:
        """Undo every redesign."""
        self.lists = self.home_links = self.articles = "first"
        self.dates = "shown"

    # What it answers

    def url(self, number: int) -> str:
        """The canonical address of an article."""
        return f"http://{self.host}/{self.pieces[number].section}/-/view_content/{number}-{self._slug(number)}.html"

    def answer(self, target: str, headers: dict[str, str]) -> Answer:
        """The answer to a request."""
        answer = self._answer(target, headers)
        answer.gate = next((gate for gate in self.gates if gate.takes(target)), None)
        if turns := next((turns for part, turns in self.wires.items() if part in target), None):
            answer.wire = turns.pop(0) if len(turns) > 1 else turns[0]
        return answer

    def _answer(self, target: str, headers: dict[str, str]) -> Answer:
        parts = urlsplit(target)
        if self.failing == "timeout":
            return Answer(b"", silent=True)
        if self.failing == "500":
            return Answer(b"Internal Server Error", 500)
        if parts.path == "/robots.txt":
            text = b"<html><body>Trang chu</body></html>" if self.failing == "robots" else b"User-agent: *\nDisallow:\n"
            return Answer(text, headers={"Content-Type": "text/plain"})
        if self.failing == "antibot":
            return Answer(antibot(target).body)
        if status := next((status for part, status in self.broken.items() if part in target), 0):
            return Answer(b"Error", status)
        return self._conditional(self._page(parts.path, parse_qs(parts.query)), headers)

    def _conditional(self, answer: Answer, headers: dict[str, str]) -> Answer:
        if not self.validators or answer.status != 200:
            return answer
        etag = f'"{md5(answer.body, usedforsecurity=False).hexdigest()}"'
        if headers.get("If-None-Match") == etag:
            return Answer(b"", 304, {"ETag": etag})
        answer.headers["ETag"] = etag
        return answer

    def _page(self, path: str, query: dict[str, list[str]]) -> Answer:
        first, _, rest = path.strip("/").partition("/")
        if not first:
            return self._html("Trang chủ", self._home())
        if rest.startswith("-/view_content/") or first == "chi-tiet":
            digits = (rest.removeprefix("-/view_content/") if first != "chi-tiet" else rest).split("-")[0]
            piece = self.pieces.get(int(digits)) if digits.isdigit() else None
            if piece is None or piece.at == "gone":
                return self._html("Không tìm thấy", "<h3>Không tìm thấy trang</h3>", 404)
            if piece.at == "home":
                return Answer(b"", 302, {"Location": f"http://{self.host}/"})
            if piece.at == "moved":
                return Answer(b"", 301, {"Location": self.url(piece.to)})
            return self._html(piece.title, self._article(piece))
        if first in self.order and not rest:
            return self._html(
                first.replace("-", " ").capitalize(), self._list(first, int(query.get("_101_cur", ["1"])[0]))
            )
        return self._html("Không tìm thấy", "<h3>Không tìm thấy trang</h3>", 404)

    def _html(self, title: str, main: str, status: int = 200) -> Answer:
        token = md5(f"{self.host}{self.visits}".encode(), usedforsecurity=False).hexdigest()[:8]
        menu = "".join(f'<li><a href="http://{self.host}/{s}">{s.replace("-", " ")}</a></li>' for s in self.order)
        page = (
            f'<!DOCTYPE html><html class="aui ltr" lang="vi-VN"><head><title>{escape(title)} - {self.host}</title>'
            f'<meta content="{HTML}" http-equiv="content-type" /><script>Liferay.authToken="{token}";</script></head>'
            f'<body class="yui3-skin-sam public-page site"><nav id="navigation"><ul class="navi">{menu}</ul></nav>'
            f'<div id="main"><div class="portlet-asset-publisher">{main}</div></div><div class="footer-wrapper">'
            f'<a href="/c/portal/login?p_auth={token}">Đăng nhập</a> Lượt truy cập: {9000 + self.visits}</div></body></html>'
        )
        return Answer(page.encode(), status)

    def _slug(self, number: int) -> str:
        return f"bai-so-{number % 997}"

    def _link(self, number: int, kind: str, section: str = "") -> str:
        if kind != "first":
            return f"http://{self.host}/chi-tiet/{number}-{self._slug(number)}"
        place = section or self.pieces[number].section
        return f"http://{self.host}/{place}/-/view_content/{number}-{self._slug(number)}.html"

    def _stamp(self, piece: Piece, *, in_list: bool = False) -> str:
        shown = self.dates == "shown" or (self.dates == "lists" and in_list)
        return f"{piece.day:%d/%m/%Y} | 08:{piece.id % 50 + 10}" if shown else "Đang cập nhật"

    def listed(self, section: str) -> list[int]:
        """The articles of a list in its order, the pinned ones first."""
        pinned = [number for number in self.pinned if self.pieces[number].section == section]
        return pinned + [number for number in self.order[section] if number not in pinned]

    def _home(self) -> str:
        boxes = ""
        for section in self.order:
            rows = "".join(
                f'<li class="tin_tiep"><a href="{self._link(n, self.home_links)}">{escape(self.pieces[n].title)}</a></li>'
                for n in self.listed(section)[:3]
            )
            boxes += f'<div class="box_tp"><ul>{rows}</ul></div>'
        return boxes

    def _list(self, section: str, page: int) -> str:
        listed = self.listed(section)
        last = max(1, -(-len(listed) // self.page_size))
        here = listed[(page - 1) * self.page_size : page * self.page_size]
        box, heading = ("the-tin", "ten-tin") if self.lists == "shape" else ("asset-bounddary", "asset-title")
        items = "".join(
            f'<div class="{box}"><h3 class="{heading}"><a href="{self._link(n, self.lists)}">{escape(piece.title)}</a></h3>'
            f'<div class="assetPublishDate block_timer">{self._stamp(piece, in_list=True)}</div>'
            f'<div class="asset-summary">{escape(piece.sapo[:80])}...</div></div>'
            for n in here
            for piece in (self.pieces[n],)
        )
        pager = "".join(
            f'<li><a href="http://{self.host}/{section}?{escape(PAGE.format(size=self.page_size, n=n))}">{n}</a></li>'
            for n in range(1, last + 1)
        )
        return f'{items}<ul class="lfr-menu-list">{pager}</ul>'

    def _article(self, piece: Piece) -> str:
        body = "".join(f"<p>{escape(text)}</p>" for text in piece.body.split("\n\n"))
        stamp = f"{self._stamp(piece)} | Lượt xem: {self.visits + 3}"
        match self.articles:
            case "script":
                return '<div id="app"></div><script>fetch("/api/tin")</script>'
            case "fields":
                return f'<div class="asset-full-content"><div class="journal-content-article">{body}</div></div>'
            case "container":
                return (
                    f'<h1 class="ten-bai">{escape(piece.title)}</h1><span class="luc">{stamp}</span>'
                    f'<div class="noi-dung"><div class="dan">{escape(piece.sapo)}</div><div class="than">{body}</div></div>'
                )
        return (
            f'<div class="asset-full-content-title">{escape(piece.title)}</div>'
            f'<div class="assetPublishDate block_timer">{stamp}</div>'
            '<div class="asset-full-content show-asset-title"><div class="asset-content">'
            f'<div class="sapo-wrapper clearfix"><p class="sapo"><strong>{escape(piece.sapo)}</strong></p></div>'
            f'<div class="journal-content-article">{body}</div></div></div>'
        )
