"""Reading what comes where a list was asked for: pages of HTML, feeds, sitemaps, APIs, and answers without news."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse, Response, TextResponse

from crawler import urls
from crawler.extraction import frames
from crawler.extraction.onward import sends_on_to
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.page_problems import is_frame, page_problem
from crawler.extraction.rights_lines import rights_lines
from crawler.reasons import Reason, http_reason
from crawler.run.items import Listed
from crawler.run.reading.reader import PageEnded, Reads
from crawler.run.reading.received import Received
from crawler.run.session_parameters import may_be_sessions
from crawler.run.site import Site
from crawler.run.site_memory import FIRST, PageMemory
from crawler.text import normalize
from spiders.lists import feed_links, sitemap_dates
from spiders.lists.address_shapes import Learnt
from spiders.lists.answers import as_text, is_other_data, page_of, text_of, unpacked
from spiders.lists.empty_lists import why_empty
from spiders.lists.forms import address_of
from spiders.lists.listing import ArticleInstead, Listing, Refusal
from spiders.lists.responses import base_of, charset_of
from spiders.platform import Platform

_LEVELS = 4  # elements above a link in which its date is looked for
_LONGEST_STAMP = 60  # characters
_STAMP = re.compile(
    r"\W*(?:ngày đăng|đăng ngày|ngày|cập nhật|publish date)?\W*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"(?:\W+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M|\s*SA|\s*CH)?)?\W*",
    re.IGNORECASE,
)
Element = Any  # an lxml element: lxml has no types


Found = Listing | ArticleInstead | Refusal


def read_list(
    site: type[Site], hosts: Collection[str], page: Received, learnt: Learnt | None, sessions: Collection[str] = ()
) -> tuple[Found, Learnt | None]:
    """Return what came, and what is known of the site's addresses then: work for a reader of pages."""
    platform: Any = site.platform
    response = page.response()
    is_first = page.arguments.get("page") == FIRST
    found = ListReader(platform, hosts, learnt, sessions=sessions, reads_rights=is_first).read(response)
    is_start = page.arguments.get("depth") == 0 and is_first
    if is_start and isinstance(found, Listing) and not (found.entries or found.onward or found.frames):
        found.empty_because = why_empty(response, platform)
    return found, learnt


@dataclass
class ListReader:
    """Reads the lists of one site: those of its platform, with links to `hosts` only.

    `learnt`: what the pages read so far have taught; every page that is read adds to it. None: each page is read as if
    it were the only one. `pages`: URL → what the page held when the server last sent it, for answers "not modified".
    `sessions`: parameters of addresses that say who asks; no address that is read keeps them.
    `reads_rights`: whether to look for lines that speak of reuse, which further pages of a list only repeat.
    """

    platform: Platform
    hosts: Collection[str]
    learnt: Learnt | None = None
    pages: Mapping[str, PageMemory] = field(default_factory=dict)
    sessions: Collection[str] = ()
    reads_rights: bool = False

    async def read_apart(self, pages: Reads, site: str, response: Response) -> Found:
        """Return what came, read by `pages` in a process that can be ended. One list after the other, please.

        Raises ReadingStopped, and what a bug raises.
        """
        if response.status == 304:
            return self.read(response)
        try:
            found, self.learnt = await pages.read(
                site, read_list, self.hosts, Received.of(response), self.learnt, self.sessions
            )
        except PageEnded as ended:
            return Refusal(ended.reason, ended.detail)
        return found

    def read(self, response: Response) -> Found:
        """Return what came. Never raises for what a server may send."""
        if self.learnt is not None:
            self.learnt.sessions = frozenset(self.sessions)
        try:
            return self._read(response)
        except PageTooLarge:
            return Refusal(Reason.TOO_LARGE)

    def _read(self, response: Response) -> Listing | ArticleInstead | Refusal:
        url = self.address(response.url, response.url) or response.url
        if self.platform.is_article(url, in_entry=False) and not self.platform.is_list(response):
            return ArticleInstead(url)
        if response.status == 304:
            return self._as_remembered(self._asked(response))
        answer = unpacked(response)
        if isinstance(answer, Reason):
            return Refusal(answer)
        text = as_text(answer)
        if text is None:
            return Refusal(Reason.NOT_HTML)
        if (listing := self._read_data(text)) is not None:
            return listing
        if (feeds := self._feeds_listed(text)) is not None:
            return Listing(feeds=feeds, is_index=True) if feeds else Refusal(Reason.NOT_A_FEED)
        if is_other_data(text):
            return Refusal(Reason.NOT_A_FEED)
        if onward := sends_on_to(text.body, text.url, charset_of(text)):
            listing = self._read_page(page_of(text))
            links = (self.address(url, url) for url in onward)
            listing.onward = [link for link in links if link and urls.host(link) in self.hosts]
            return listing if listing.onward or listing.entries else Refusal(Reason.OFFSITE, onward[0])
        if problem := page_problem(text.body, response.url):
            return Refusal(problem)
        return self._read_page(page_of(text))

    def _asked(self, response: Response) -> str:
        return urls.without_parameters(urls.without_session(address_of(response)), self.sessions)

    def _as_remembered(self, url: str) -> Listing | Refusal:
        """The list as it was when the server last sent it."""
        page = self.pages.get(url)
        if page is None:
            return Refusal(http_reason(304))
        entries = [(link, Listed()) for link in page.entries]
        listing = Listing(entries, len(entries), sitemap_dates.others(page.pages), list(page.links))
        listing.is_index = bool(listing.pages) and all(map(sitemap_dates.is_sitemap, listing.pages))
        listing.item_count += len(listing.pages) if listing.is_index else 0
        return listing

    def _read_data(self, response: TextResponse) -> Listing | None:
        """A feed, a sitemap or an API's answer; None for anything else."""
        feed = self.platform.read_data(response)
        if feed is None:
            return None
        count = len(feed.entries) + len(feed.children) + len(feed.pages)
        listing = Listing(item_count=count, left_out=feed.left_out)
        for named, listed in feed.entries:
            url = urls.without_parameters(named, self.sessions)
            if self._is_followed(url) and self.platform.is_article(url, in_entry=True):
                listed.page = response.url
                listing.entries.append((url, listed))
                if self.learnt is not None and listed.title and listed.by_feed:
                    self.learnt.note_dated(url)
        listing.is_index = bool(feed.children) and not feed.entries
        own = [url for url in feed.children if urls.host(url) in self.hosts]
        listing.pages.update(sitemap_dates.pages_of(urlsplit(response.url).path, own, feed.dates))
        listing.pages.update((page, url) for page, url in feed.pages.items() if urls.host(url) in self.hosts)
        return listing

    def _feeds_listed(self, response: TextResponse) -> list[str] | None:
        """The feeds that an OPML file, or the page in the place of a feed that every site may have, names; None for any
        other page."""
        if is_other_data(response):
            return feed_links.outlined_in(text_of(response), response.url)
        if any(response.url.endswith(path) for path in self.platform.discovery):
            return feed_links.linked_from(page_of(response))
        return None

    def _read_page(self, response: HtmlResponse) -> Listing:
        """A page of HTML: its entries, its other pages, and links to what may be lists."""
        platform, title = self.platform, _list_title(response)
        here = self.address(response.url, response.url) or response.url
        rights = rights_lines(response.text) if self.reads_rights else []
        feeds = [urls.without_parameters(feed, self.sessions) for feed in platform.feeds(response)]
        listing = Listing(feeds=feeds, is_frame=is_frame(response.text), rights=rights)
        listing.maybe_sessions = may_be_sessions(self._own_links(response))
        items = self._items(response, listing)
        of_list, linked = platform.list_of(here), set[str]()
        for url, link in self._links(response, items):
            if platform.is_article(url, in_entry=url in items):
                listed = items.setdefault(url, Listed())
                listed.page, listed.section = response.url, title
                listed.date = listed.date or ("" if link is None else _date_beside(link))
                listing.entries.append((url, listed))
            elif url != here and not self._is_page_of(url, of_list, listing) and platform.may_be_list(url, self.learnt):
                first = platform.first_of(url)  # a home page may show the pager of another list
                if first == url or (first != here and first not in linked):
                    listing.links.append(first)
                    linked.add(first)
        self._add_pages(response, here, listing)
        others = set(listing.pages.values())
        listing.links = [u for u in listing.links if u not in others and platform.may_be_list(u, self.learnt)]
        if not listing.entries and not listing.feeds:
            listing.spare_feeds = feed_links.named_by(response)
        if not listing.entries:
            listing.frames = [url for url in frames.named(response.body, response.url) if self._is_followed(url)]
            if feed_links.is_address_of_feed(here):
                listing.feeds = feed_links.linked_from(response)
                listing.is_index = bool(listing.feeds)
        listing.goes_on_by_script = bool(listing.entries) and not listing.pages and platform.goes_on_by_script(response)
        return listing

    def _items(self, response: HtmlResponse, listing: Listing) -> dict[str, Listed]:
        """URL → title, date and teaser that the list shows, for its entries; these are counted in `listing`."""
        items: dict[str, Listed] = {}
        base = base_of(response)
        for href, title, date, summary in self.platform.read_items(response, self.learnt):
            listing.item_count += 1
            if url := self.address(base, href):
                items.setdefault(url, Listed(title=title, date=date, summary=summary))
        return items

    def _links(self, response: HtmlResponse, items: Collection[str]) -> Iterator[tuple[str, Element | None]]:
        """Each address of the site that the page links to, with the first link to it; then those of `items` that no
        link leads to: cards that a script opens."""
        seen: set[str] = set()
        base = base_of(response)
        for link in response.xpath("//a[@href] | //area[@href]"):
            url = self.address(base, link.root.get("href"))
            if url is not None and url not in seen and self._is_followed(url):
                yield url, link.root
            if url is not None:
                seen.add(url)
        yield from ((url, None) for url in items if url not in seen and self._is_followed(url))

    def _own_links(self, response: HtmlResponse) -> Iterator[str]:
        """The address of every link to the site's hosts, as it is written but for its usual noise."""
        base = base_of(response)
        for link in response.xpath("//a[@href] | //area[@href]"):
            if (url := self.address(base, link.root.get("href"))) and "?" in url and urls.host(url) in self.hosts:
                yield url

    def address(self, base: str, href: str) -> str | None:
        """Return the address of a link without a visitor's session; None where it leads to no page."""
        url = urls.absolute(base, href)
        return urls.without_parameters(url, self.sessions) if url else None

    def _is_followed(self, url: str) -> bool:
        return urls.host(url) in self.hosts and self.platform.is_followed(url)

    def _is_page_of(self, url: str, of_list: str, listing: Listing) -> bool:
        """Whether `url` is another page of the list that all addresses with `of_list` are of; if so, it is noted."""
        platform = self.platform
        if (platform.page_path is None and "?" not in url) or platform.list_of(url) != of_list:
            return False
        if page := platform.page(url):
            listing.pages.setdefault(page, url)
        return page is not None

    def _add_pages(self, response: HtmlResponse, here: str, listing: Listing) -> None:
        """Add the pages that no plain link leads to."""
        for page, url in self.platform.more_pages(response, len(listing.entries)).items():
            listing.pages.setdefault(page, urls.without_parameters(url, self.sessions))
            listing.is_scripted = listing.is_scripted or page[1] == 1
            if self.learnt is not None:
                self.learnt.note_page(response.url, url)
        if missing := self.platform.next_by_count(response, here):
            listing.pages.setdefault(*missing)


def _list_title(response: HtmlResponse) -> str:
    """What <title> says before the site's name; "" for the home page."""
    if urls.without_locale(response.url).split("://", 1)[1].rstrip("/").count("/") == 0:
        return ""
    first = re.split(r"\s+[-–|:»]\s+", normalize(response.xpath("string(//title)").get() or ""))[0]
    return first if 1 < len(first) <= _LONGEST_STAMP else ""


def _date_beside(link: Element) -> str:
    """The date, as shown, that has an element to itself near a link and near no other link; "" for none.

    Portals on all platforms show dates so, in a span or div of their own: (24/08/2022), 21/07/2022 | 10:00 AM.
    """
    box, href = link, link.get("href")
    for _ in range(_LEVELS):
        parent = box.getparent()
        if parent is None or any(other.get("href") != href for other in parent.iter("a")):
            break
        box = parent
    for element in box.iter():
        for text in (element.text, element.tail if element is not box else None):
            if text and len(text) < _LONGEST_STAMP * 3 and _STAMP.fullmatch(stripped := normalize(text)):
                return stripped
    return ""
