"""The frame of a replica: addresses to pages; what every ward's portal has around its news."""

import html
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from tests.platforms.stories import paged, published_on

WARD = "Phường An Vĩnh"


@dataclass(frozen=True)
class Asked:
    """A request as a replica sees it."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]


@dataclass
class Answer:
    """What a replica answers."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def esc(text):
    return html.escape(text, quote=True)


def page(title, head, body, attributes=""):
    """A whole page with menu, side box and footer."""
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{esc(title)}</title>{head}</head>'
        f"<body {attributes}>{body}<footer><p>Bản quyền © 2024 {WARD}</p><p>Điện thoại: 0000 000 000</p></footer>"
        "</body></html>"
    )


class Replica(ABC):
    """One invented portal. A platform's replica says how its addresses and pages look.

    `traps`: texts that are in no address that a crawler requests. `sapo`: whether article pages show
    a sapo.
    """

    platform: ClassVar[str]
    host: ClassVar[str]
    start: ClassVar[tuple[str, ...]] = ("/",)
    headers: ClassVar[tuple[tuple[str, str], ...]] = ()
    traps: ClassVar[tuple[str, ...]] = ()
    sapo: ClassVar[bool] = True
    robots: ClassVar[str] = "User-agent: *\nAllow: /\n"

    def __init__(self):
        self.stories = published_on(self.host)
        self.pages = paged(self.stories)

    @abstractmethod
    def address(self, story):
        """Path and query of an article."""

    @abstractmethod
    def article(self, story):
        """The article's page."""

    @abstractmethod
    def route(self, asked):
        """Any other page: text, an Answer, or None for 404."""

    def answer(self, method, target, form=""):
        """Answer a request."""
        parts = urlsplit(target)
        fields = {name: values[0] for name, values in parse_qs(form, keep_blank_values=True).items()}
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        if parts.path == "/robots.txt":
            return self._finish(Answer(self.robots.encode(), "text/plain"))
        if parts.path.endswith((".pdf", ".jpg")):
            return self._finish(Answer(b"%PDF-1.4\n", "application/pdf"))
        found = next(
            (story for story in self.stories if method == "GET" and self.is_at(story, parts.path, query)), None
        )
        made = self.article(found) if found else self.route(Asked(method, unquote(parts.path), query, fields))
        if made is None:
            return self._finish(Answer(page("Không tìm thấy", "", "<h1>404</h1>").encode(), status=404))
        return self._finish(made if isinstance(made, Answer) else Answer(made.encode()))

    def is_at(self, story, path, query):
        """Whether a path and query are an article's."""
        parts = urlsplit(self.address(story))
        wanted = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return (
            unquote(path) == unquote(parts.path)
            and wanted.items() <= query.items()
            and not set(query) & {"print", "in"}
        )

    def _finish(self, answer):
        answer.headers = dict(self.headers) | answer.headers
        return answer

    # Pieces

    def entries(self, number):
        """The entries of a list's page, counted from 1; "" behind the last."""
        return "".join(self.entry(story) for story in self.pages[number - 1]) if 0 < number <= len(self.pages) else ""

    @abstractmethod
    def entry(self, story):
        """One entry of a list."""


def paragraphs(story):
    """The text as HTML paragraphs."""
    return "".join(f"<p>{esc(text)}</p>" for text in story.paragraphs)


def file_link(story, folder="/upload", attributes=""):
    """A link to the attachment, "" for none."""
    return f'<a {attributes} href="{folder}/{story.file}">{story.file}</a>' if story.file else ""


def menu(*links):
    """A menu of (path, name)."""
    items = "".join(f'<li><a href="{esc(path)}">{esc(name)}</a></li>' for path, name in links)
    return f'<div class="menu" id="main-menu"><ul>{items}</ul></div>'


def rss(base, stories, address):
    """An RSS feed."""
    items = "".join(
        f"<item><title>{esc(s.title)}</title><link>{base}{esc(address(s))}</link>"
        f"<pubDate>{s.at('%a, %d %b %Y %H:%M:00')} +0700</pubDate><description>{esc(s.sapo)}</description></item>"
        for s in stories
    )
    text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{WARD}</title>{items}</channel></rss>'
    return Answer(text.encode(), "application/rss+xml; charset=UTF-8")


def sitemap(urls, *, index=False):
    """A sitemap, or the index of some."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    rows = "".join(f"<{inner}><loc>{esc(url)}</loc></{inner}>" for url in urls)
    xml = f'<?xml version="1.0"?><{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{outer}>'
    return Answer(xml.encode(), "text/xml; charset=utf-8")
