"""What a spider must know of a content management system, as data."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from parsel import Selector, SelectorList
from scrapy.http import Response, TextResponse

from crawler import urls
from crawler.dates.model import HANOI
from crawler.extraction.layout import Layout
from crawler.extraction.page_bounds import PageTooLarge
from crawler.run.items import Listed
from crawler.text import normalize
from spiders.lists.address_shapes import Learnt
from spiders.lists.feeds import Feed, read_feed
from spiders.lists.responses import as_html
from spiders.lists.titles import title_for_machines

_MAX_PAGES = 2000  # of one list

# Addresses that never lead to news: accounts, other views of the same page, calendars, files.
_NEVER = re.compile(
    r"/c/portal/(login|logout|update_language|render_portlet)|p_p_id=(58|49|82|59_INSTANCE_\w+|20|101_INSTANCE_\w+_print)\b"
    r"|p_p_state=(pop_up|exclusive|maximized&.*p_p_id=58)|/pop_up\b|/(login|logout|dang-?nhap|dang-?ky|signin|sso)(?![\w-])"
    r"|[?&](day|month|year|date|calendar|ngay|thang|nam)=|/(print|savefile|rss|feed|search|tim-kiem|lich)(/|\.aspx|\?|$)"
    r"|/_layouts/|p_p_lifecycle=[12]"
    r"|\.(jpe?g|png|gif|svg|webp|ico|css|js|mp[34]|avi|wmv|flv|pdf|docx?|xlsx?|pptx?|zip|rar|7z|xml|json|exe|apk)(\?|$)",
    re.IGNORECASE,
)


class ListItem(NamedTuple):
    """An entry of a list: where its link leads, as written; title, date and teaser as shown, "" for none."""

    href: str
    title: str
    date: str
    summary: str = ""


@dataclass(frozen=True)
class Platform:
    """How one CMS names its articles, lists and pages them, and lays a page out. Immutable: one object for all sites.

    `articles`: patterns searched in the whole URL (language prefix and noise parameters gone); the group `id` is
    the article's identity, the key under which it is known on its host. `items`: XPath of one entry of a list;
    `item_title` (its link), `item_date` and `item_summary` are relative to it. `page_parameter`: the name of the
    query parameter that counts pages, `first_page` where it starts. `shown_of_total`: searched in a list's text,
    groups `last` and `total` of "Hiển thị 11 - 20 of 243 kết quả"; used where the pager names no further page.
    `never`: URLs not to be followed, besides those that no platform follows. `layouts`: how article pages were laid
    out before a redesign, each with the last day (ISO, Việt Nam's time) on which it was valid, so that captures
    from before it are still read right.

    For platforms that need more:

    - `page_path`: the pager is in the path. Group `page` is what the address of the first page lacks, group `number`
      counts.
    - `list_parameters`: names of query parameters that say which list a page is.
    - `items_only`: addresses of articles look like those of other pages, so that a link counts as an article's only in
      a list's entry, a feed, a sitemap or an API's answer.
    - `list_mark`: found in the source of a list's page where addresses of lists look like those of articles.
    - `identity_parameters`: names of query parameters without which an article's address leads elsewhere.
    - `believes_canonical`: an article may be known under the address that its page names as its own; elsewhere the
      patterns of `articles` say which addresses are one article's.
    - `discovery`: paths of feeds, sitemaps and APIs; `sitemaps`: which of an index's sitemaps hold articles;
      `guesses`: it is not sure that the site has any of them.
    - `pause`: seconds between two requests that keep the crawl under the platform's own limit.
    - `parts`: XPath of the links from an article's page to its further pages; `part_urls`: how their addresses differ
      from the article's. Group `page` is what the article's address lacks, group `number` counts.
    """

    name: str
    layout: Layout | None
    articles: tuple[re.Pattern[str], ...]
    items: str
    item_title: str = ".//a"
    item_date: str = ""
    item_summary: str = ""
    page_parameter: re.Pattern[str] = field(default=re.compile(r"page|trang", re.IGNORECASE))
    first_page: int = 1
    shown_of_total: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    layouts: tuple[tuple[str, Layout], ...] = ()
    page_path: re.Pattern[str] | None = None
    list_parameters: re.Pattern[str] | None = None
    items_only: bool = False
    list_mark: re.Pattern[bytes] | None = None
    identity_parameters: re.Pattern[str] | None = None
    believes_canonical: bool = False
    discovery: tuple[str, ...] = ()
    guesses: bool = False
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

    def number(self, identity: str) -> str | None:
        """Return what all identities of an article have in common, where it may have several; None where it has one."""
        return None

    def is_article(self, url: str, *, in_entry: bool) -> bool:
        """Return whether a link counts as an article's. `in_entry`: it was found in an entry of a list."""
        return (in_entry or not self.items_only) and self.identity(url) is not None

    def is_list(self, response: Response) -> bool:
        """Return whether the page is a list by its own source, whatever its address looks like."""
        return self.list_mark is not None and self.list_mark.search(response.body) is not None

    def canonical(self, url: str) -> str:
        """Return the one URL under which the article at `url` is stored: without language prefix, and without those
        parts of the query that do not identify the article."""
        bare = urls.without_query(urls.without_locale(url))
        if self.identity_parameters is None:
            return bare
        pairs = [pair for pair in urlsplit(url).query.split("&") if pair]
        kept = [pair for pair in pairs if self.identity_parameters.fullmatch(pair.split("=", 1)[0])]
        return f"{bare}?{'&'.join(kept)}" if kept else bare

    def is_followed(self, url: str) -> bool:
        """Return whether a link may be followed at all."""
        if urls.is_trap(url) or _NEVER.search(url):
            return False
        return self.never is None or not self.never.search(url)

    def page(self, url: str) -> tuple[str, int] | None:
        """Return which page of a list `url` asks for, as (parameter, number); None for the first page and for URLs
        without a page number."""
        for name, value in parse_qsl(urlsplit(url).query):
            if self.page_parameter.fullmatch(name) and value.isascii() and value.isdigit():
                return (name, int(value)) if self.first_page < int(value) <= _MAX_PAGES else None
        if self.page_path and (match := self.page_path.search(urlsplit(url).path)):
            return ("", int(match["number"])) if self.first_page < int(match["number"]) <= _MAX_PAGES else None
        return None

    def list_of(self, url: str) -> str:
        """Return what the addresses of all pages of one list have in common: the address without the page's number."""
        parts = urlsplit(self.first_of(url))
        path = parts.path
        if self.page_path:
            path = path.rstrip("/").removesuffix(".htm")
        return f"{parts.netloc}{path.rstrip('/')}?{'&'.join(self._list_pairs(url))}".rstrip("?")

    def first_of(self, url: str) -> str:
        """Return the address of the list's first page, for a further page whose number is in the path; other URLs
        unchanged."""
        parts = urlsplit(url)
        if self.page_path is None or not (match := self.page_path.search(parts.path)):
            return url
        path = parts.path[: match.start("page")] + parts.path[match.end("page") :]
        return urlunsplit(parts._replace(path=path or "/"))

    def may_be_list(self, url: str, learnt: Learnt | None) -> bool:
        """Return whether a link may lead to a list: it has no query, or one that only says which list it is."""
        query = urlsplit(url).query
        return not query or len(self._list_pairs(url)) == len(parse_qsl(query, keep_blank_values=True))

    def _list_pairs(self, url: str) -> list[str]:
        if self.list_parameters is None:
            return []
        pairs = sorted(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        return [f"{name}={value}" for name, value in pairs if self.list_parameters.fullmatch(name)]

    def fresh_learnt(self) -> Learnt | None:
        """Return what is known of a site before its first page is read; None for a platform that needs to learn
        nothing, because its addresses and lists are described here."""
        return None

    def read_items(self, response: TextResponse, learnt: Learnt | None) -> list[ListItem]:
        """Return the entries of a list; the address of one without a link is "". What the page teaches joins
        `learnt`."""
        items = []
        for item in response.xpath(self.items) if self.items else ():
            links = item.xpath(self.item_title)
            # A picture's link without text may come before the one that is named.
            named = next((link for link in links if link.xpath("normalize-space()").get()), None)
            href = (links if named is None else named).xpath("@href").get() or ""
            date = _text(item.xpath(self.item_date)) if self.item_date else ""
            summary = _text(item.xpath(self.item_summary)) if self.item_summary else ""
            items.append(ListItem(href, _title(item, links, href), date, summary))
        return items

    def is_unsure(self, url: str, listed: Listed, learnt: Learnt | None) -> bool:
        """Return whether it is uncertain that a page is an article: then it is stored only if it shows a date."""
        return False

    def goes_on_by_script(self, response: TextResponse) -> bool:
        """Return whether a list has further pages that only a script can fetch: no address leads to them."""
        return False

    def feeds(self, response: TextResponse) -> list[str]:
        """Return the addresses of feeds that a page names."""
        return []

    def more_pages(self, response: TextResponse, articles: int) -> dict[tuple[str, int], str]:
        """Return pages of the list that no link leads to, with their addresses (for forms, see `spiders.lists.forms`).

        A page numbered 1 is the list itself, where a script fetches its entries. `articles`: how many the page links
        to; a pager that never says "last page" ends where a page links to none.
        """
        return {}

    def read_data(self, response: TextResponse) -> Feed | None:
        """Return the contents of a feed, a sitemap or an API's answer; None for a page of HTML."""
        feed = read_feed(response)
        if feed and self.sitemaps:
            feed.children = [url for url in feed.children if self.sitemaps.search(url)]
        return feed

    def part_of(self, url: str) -> tuple[str, int] | None:
        """Return (identity, number) where `url` is a further page of an article; None for first pages and all other
        URLs."""
        for pattern in self.part_urls:
            if match := pattern.search(url):
                identity = self.identity(url[: match.start("page")] + url[match.end("page") :])
                return (identity, int(match["number"])) if identity else None
        return None

    def further_pages(self, response: TextResponse) -> dict[int, str]:
        """Return number → address of the further pages that an article's page names; {} where it has one page."""
        if not self.parts:
            return {}
        try:
            response = as_html(response)
        except PageTooLarge:
            return {}  # and extraction refuses it
        here = urls.cleaned(response.url)
        own = part[0] if (part := self.part_of(here)) else self.identity(here)
        found: dict[int, str] = {}
        for href in response.xpath(self.parts).xpath("@href").getall():
            url = urls.absolute(response.url, href)
            if url and urls.host(url) == urls.host(here) and (part := self.part_of(url)) and part[0] == own:
                found.setdefault(part[1], url)
        return found

    def next_by_count(self, response: TextResponse, url: str) -> tuple[tuple[str, int], str] | None:
        """Return the next page and its URL where the list's text says that it has more entries; None where it does not,
        or `url` has no page parameter."""
        if self.shown_of_total is None or (current := self.page(url)) is None:
            return None
        name, number = current
        shown = self.shown_of_total.search(" ".join(response.xpath("//body//small//text()").getall()))
        if shown is None or int(shown["last"].replace(".", "")) >= int(shown["total"].replace(".", "")):
            return None
        return (name, number + 1), urls.with_query_value(url, name, str(number + 1))


def _text(selectors: SelectorList[Selector]) -> str:
    return normalize(" ".join(selectors[:1].xpath(".//text()").getall()))[:500]


def _title(item: Selector, links: SelectorList[Selector], href: str) -> str:
    """The text of the first link that has any; of several in an entry, of the first to the same address. Where no link
    shows a text: what one is called for those who do not see it."""
    same = [link for link in links if (link.xpath("@href").get() or "") == href]
    if not any(_text(link.xpath(".")) for link in same) and href:
        same += [link for link in item.xpath(".//a[@href=$href]", href=href) if link not in same]
    shown = next((text for link in same if (text := _text(link.xpath(".")))), "")
    return shown or next((text for link in same if (text := title_for_machines(link.root))), "")
