"""What a spider must know of a content management system, as data."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from parsel import Selector, SelectorList
from scrapy.http import TextResponse

from crawler import urls
from crawler.dates.model import HANOI
from crawler.extraction.layout import Layout
from crawler.run.items import Listed
from crawler.text import normalize
from spiders.lists.feeds import Feed, read_xml

_MAX_PAGES = 2000  # of one list

# Where no news can be: the doors to an account, other ways to show the same page, calendars, files.
_NEVER = re.compile(
    r"/c/portal/(login|logout|update_language|render_portlet)|p_p_id=(58|49|82|59_INSTANCE_\w+|20|101_INSTANCE_\w+_print)\b"
    r"|p_p_state=(pop_up|exclusive|maximized&.*p_p_id=58)|/pop_up\b|/(login|logout|dang-?nhap|dang-?ky|signin|sso)(?![\w-])"
    r"|[?&](day|month|year|date|calendar|ngay|thang|nam)=|/(print|savefile|rss|feed|search|tim-kiem|lich)(/|\.aspx|\?|$)"
    r"|/_layouts/|p_p_lifecycle=[12]"
    r"|\.(jpe?g|png|gif|svg|webp|ico|css|js|mp[34]|avi|wmv|flv|pdf|docx?|xlsx?|pptx?|zip|rar|7z|xml|json|exe|apk)(\?|$)",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """What a list's entry says: where its link leads, as written; title and date as shown, "" for none."""

    href: str
    title: str
    date: str


@dataclass(frozen=True)
class Platform:
    """How one CMS names its articles, lists and pages them, and lays a page out.

    `articles`: patterns searched in the whole URL (language prefix and noise parameters gone); the group `id` is the
    article's identity on its host. `items`: XPath of one entry of a list; `item_title` (its link) and `item_date` are
    relative to it. `page_parameter`: the name of the query parameter that counts pages, `first_page` where it starts.
    `shown_of_total`: searched in a list's text, groups `last` and `total` of "Hiển thị 11 - 20 of 243 kết quả"; used
    where the pager names no further page. `never`: URLs not to be followed besides those that no platform follows.
    `layouts`: how article pages were laid out before a redesign, each with the last day (ISO, Việt Nam's time) on which
    it was valid, so that captures from before it are still read right.

    For makes that need more: `page_path`, a pager in the path, whose group `page` is what the list's own address lacks
    and whose group `number` counts; `list_parameters`, names of query parameters that say which list a page is;
    `items_only`, the addresses of articles are like those of other pages, so that only what stands in a list's entry, a
    feed, a sitemap or an API is taken for one; `identity_parameters`, names of query parameters without which an
    article's address leads elsewhere; `discovery`, paths of such documents; `sitemaps`, which of an index's
    sitemaps hold articles; `pause`, the seconds between two requests that keep under the make's own limit;
    `parts`, XPath of the links by which an article's page names the pages it goes on at, and `part_urls`, how their
    addresses differ from the article's: the group `page` is what that one lacks, the group `number` counts.
    """

    name: str
    layout: Layout | None
    articles: tuple[re.Pattern[str], ...]
    items: str
    item_title: str = ".//a"
    item_date: str = ""
    page_parameter: re.Pattern[str] = field(default=re.compile(r"page|trang", re.IGNORECASE))
    first_page: int = 1
    shown_of_total: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    layouts: tuple[tuple[str, Layout], ...] = ()
    page_path: re.Pattern[str] | None = None
    list_parameters: re.Pattern[str] | None = None
    items_only: bool = False
    identity_parameters: re.Pattern[str] | None = None
    discovery: tuple[str, ...] = ()
    sitemaps: re.Pattern[str] | None = None
    pause: float = 0.0
    parts: str = ""
    part_urls: tuple[re.Pattern[str], ...] = ()

    def layout_at(self, captured_at: datetime | None) -> Layout | None:
        """Return the layout of article pages captured then (aware; None: today): an older one up to its last day."""
        if captured_at is None:
            return self.layout
        day = captured_at.astimezone(HANOI).date().isoformat()
        older = [(until, layout) for until, layout in self.layouts if day <= until]
        return min(older, key=lambda item: item[0])[1] if older else self.layout

    def identity(self, url: str) -> str | None:
        """Return the identity of the article behind `url` (as urls.absolute gives it), or None for any other page."""
        url = urls.without_locale(url)
        for pattern in self.articles:
            if match := pattern.search(url):
                return match.group("id")
        return None

    def takes(self, url: str, *, told: bool) -> bool:
        """Tell whether a link is taken for an article's. `told`: it stands in a list's entry, a feed or the like."""
        return (told or not self.items_only) and self.identity(url) is not None

    def canonical(self, url: str) -> str:
        """Return the one URL under which the article at `url` is stored: no language prefix, no query that says
        nothing of the article."""
        bare = urls.without_query(urls.without_locale(url))
        if self.identity_parameters is None:
            return bare
        pairs = [pair for pair in urlsplit(url).query.split("&") if pair]
        kept = [pair for pair in pairs if self.identity_parameters.fullmatch(pair.split("=", 1)[0])]
        return f"{bare}?{'&'.join(kept)}" if kept else bare

    def is_followed(self, url: str) -> bool:
        """Tell whether a link may be followed at all."""
        if urls.is_trap(url) or _NEVER.search(url):
            return False
        return self.never is None or not self.never.search(url)

    def page(self, url: str) -> tuple[str, int] | None:
        """Return which page of a list `url` asks for, as (parameter, number); None for none or the first."""
        for name, value in parse_qsl(urlsplit(url).query):
            if self.page_parameter.fullmatch(name) and value.isascii() and value.isdigit():
                return (name, int(value)) if self.first_page < int(value) <= _MAX_PAGES else None
        if self.page_path and (match := self.page_path.search(urlsplit(url).path)):
            return ("", int(match["number"])) if self.first_page < int(match["number"]) <= _MAX_PAGES else None
        return None

    def list_of(self, url: str) -> str:
        """Return what all pages of one list have in common: the address without what counts the pages."""
        parts = urlsplit(self.first_of(url))
        path = parts.path
        if self.page_path:
            path = path.rstrip("/").removesuffix(".htm")
        return f"{parts.netloc}{path.rstrip('/')}?{'&'.join(self._list_names(url))}".rstrip("?")

    def first_of(self, url: str) -> str:
        """Return the address of the list's first page, for a further page whose number stands in the path."""
        parts = urlsplit(url)
        if self.page_path is None or not (match := self.page_path.search(parts.path)):
            return url
        path = parts.path[: match.start("page")] + parts.path[match.end("page") :]
        return urlunsplit(parts._replace(path=path or "/"))

    def names_list(self, url: str) -> bool:
        """Tell whether a link may lead to a list: it has no query, or one that names a list and nothing else."""
        query = urlsplit(url).query
        return not query or len(self._list_names(url)) == len(parse_qsl(query, keep_blank_values=True))

    def _list_names(self, url: str) -> list[str]:
        if self.list_parameters is None:
            return []
        pairs = sorted(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        return [f"{name}={value}" for name, value in pairs if self.list_parameters.fullmatch(name)]

    def read_items(self, response: TextResponse) -> list[Told]:
        """Return what the entries of a list say; one without a link has no address."""
        told = []
        for item in response.xpath(self.items) if self.items else ():
            link = item.xpath(self.item_title)
            date = _text(item.xpath(self.item_date)) if self.item_date else ""
            told.append(Told(link.xpath("@href").get() or "", _text(link[:1]), date))
        return told

    def is_unsure(self, url: str, listed: Listed) -> bool:
        """Tell whether address and lists leave it open that a page is an article, so that its own date decides."""
        return False

    def is_cut(self, response: TextResponse) -> bool:
        """Tell whether a list goes on where no address leads, by a script."""
        return False

    def feeds(self, response: TextResponse) -> list[str]:
        """Return the addresses of feeds that a page names."""
        return []

    def more_pages(self, response: TextResponse, articles: int) -> dict[tuple[str, int], str]:
        """Return pages of the list that no link names, with their addresses (for forms, see `spiders.lists.forms`).

        A page numbered 1 is the list itself, where a script fetches it.

        `articles`: how many the page links to. A pager without an end is at its end where a page has none.
        """
        return {}

    def read_data(self, response: TextResponse) -> Feed | None:
        """Return what a feed, a sitemap or an API says; None for a page of HTML."""
        feed = read_xml(response)
        if feed and self.sitemaps:
            feed.children = [url for url in feed.children if self.sitemaps.search(url)]
        return feed

    def part_of(self, url: str) -> tuple[str, int] | None:
        """Return (identity, number) where `url` is a further page of an article; None for its first and any other."""
        for pattern in self.part_urls:
            if match := pattern.search(url):
                identity = self.identity(url[: match.start("page")] + url[match.end("page") :])
                return (identity, int(match["number"])) if identity else None
        return None

    def further_pages(self, response: TextResponse) -> dict[int, str]:
        """Return number → address of the further pages that an article's page names; {} where it is whole."""
        if not self.parts:
            return {}
        here = urls.cleaned(response.url)
        own = part[0] if (part := self.part_of(here)) else self.identity(here)
        found: dict[int, str] = {}
        for href in response.xpath(self.parts).xpath("@href").getall():
            url = urls.absolute(response.url, href)
            if url and urls.host(url) == urls.host(here) and (part := self.part_of(url)) and part[0] == own:
                found.setdefault(part[1], url)
        return found

    def next_by_count(self, response: TextResponse, url: str) -> tuple[tuple[str, int], str] | None:
        """Return the next page and its URL where the list says that it has more, by the parameter of `url`."""
        if self.shown_of_total is None or (current := self.page(url)) is None:
            return None
        name, number = current
        shown = self.shown_of_total.search(" ".join(response.xpath("//body//small//text()").getall()))
        if shown is None or int(shown["last"].replace(".", "")) >= int(shown["total"].replace(".", "")):
            return None
        return (name, number + 1), urls.with_query_value(url, name, str(number + 1))


def _text(selectors: SelectorList[Selector]) -> str:
    return normalize(" ".join(selectors[:1].xpath(".//text()").getall()))[:500]
