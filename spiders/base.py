"""The spider behind every site: from its start pages to lists, from lists to articles, newest first."""

from collections.abc import AsyncIterator, Iterator
from functools import cached_property
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler import clock, urls
from crawler.dates import parse_date
from crawler.reasons import Reason
from crawler.run.article_parts import ArticleParts
from crawler.run.frontier import Frontier
from crawler.run.items import Listed, PageItem
from crawler.run.reading.reader import ReadingStopped
from crawler.run.site_memory import FIRST, Page, SiteMemory
from spiders.lists.forms import address_of, request_arguments
from spiders.lists.in_order import InOrder
from spiders.lists.left_out import LeftOut
from spiders.lists.listing import ArticleInstead, Listing, Refusal
from spiders.lists.reader import Found, ListReader
from spiders.lists.responses import asked_url, charset_of, is_file, make_conditional, why_failed
from spiders.lists.section_walk import Bounds
from spiders.lists.sections import Sections, kind_of_list
from spiders.parts import SpiderOfParts
from spiders.platform import Platform
from spiders.reports import Reports

_SECTION_DEPTH = 2  # clicks from a start page to a section's list
_MOST_ONWARD = 4  # pages in a row that only send on to another
_SEVERAL = 2  # articles on a page from which it is a list, whatever its shape

# Articles come before further lists, and further pages of a list before further sections: what is new is in first. An
# article of which nothing but its address is known waits for the lists, which may show its date.
_START, _ARTICLE, _PAGE, _SECTION, _BARE, _RECHECK = 30, 20, 10, 0, -5, -10


class PortalSpider(SpiderOfParts):
    """One portal. Its file states facts, a platform module states how its CMS works; nothing here is about one site.

    Facts: `name` (the slug), `ward`, `host`, `start_pages` (paths), `platform`; optional: `other_hosts` that serve the
    same site, `scheme`, `every` (hours between runs), `tls` (`old` or `any`, how its server is believed), `unit_old`
    and `unit_new` (codes of the administrative unit before and since July 2025), and those that take the place of
    settings (see `crawler.run.site.Site`).
    """

    platform: Platform
    in_order: InOrder

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for fact in ("ward", "host", "platform"):
            if not hasattr(self, fact):
                raise NotConfigured(f"{type(self).__name__} states no {fact!r}")
        self.allowed_domains = self.hosts_with_www()
        self.memory = SiteMemory()  # the ledger fills it
        self.frontier = Frontier()
        self.sections = Sections()
        self._sent_to: set[str] = set()  # addresses to which pages that only send on lead
        self.report = Reports(self)
        self.left_out = LeftOut(self, self.report)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider, and let an article that is dropped make room for another where articles are limited."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.in_order = InOrder(crawler)
        spider.frontier.allowance = crawler.settings.getint("TINPHUONG_LIMIT") or float("inf")
        bounds = ("TINPHUONG_SECTIONS", "TINPHUONG_LIST_PAGES", "TINPHUONG_LIST_ARTICLES")
        spider.sections.bounds = Bounds(*(crawler.settings.getint(name) for name in bounds))
        for signal in (signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider._free_allowance, signal=signal)
        return spider

    @classmethod
    def hosts_with_www(cls) -> list[str]:
        """Return the hosts that serve the site, without ports: each with and without `www.`."""
        bare = dict.fromkeys(host.removeprefix("www.") for host in cls.host_names())
        return [name for host in bare for name in (host, f"www.{host}")]

    @cached_property
    def reader(self) -> ListReader:
        """The reader of the site's lists; made when the first page comes, after the ledger has filled `memory`."""
        known, hosts = self.platform.fresh_learnt(), frozenset(self.allowed_domains)
        return ListReader(self.platform, hosts, known, self.memory.pages)

    # Requests

    async def start(self) -> AsyncIterator[Request]:
        """Yield requests for the start pages, the lists that earlier runs found, the articles that an earlier run met
        but did not get, and those that are due for a recheck."""
        for url in [*self.start_urls_of(), *self.memory.instead]:
            for request in self.report.attempt(url, self._section_request, url, depth=0, priority=_START):
                yield request
        for path in self.platform.discovery:
            if feed := urls.absolute(f"{self.scheme}://{self.host}/", path):
                more = {"depth": _SECTION_DEPTH, "priority": _PAGE}
                for request in self.report.attempt(feed, self._section_request, feed, **more):
                    yield request
        for remembered in self.memory.sections.values():
            if remembered.is_list:
                url = remembered.url
                for request in self.report.attempt(url, self._section_request, url, depth=1, priority=_PAGE):
                    yield request
        for _, url, listed in self.memory.pending:
            for request in self.report.attempt(url, self._offer, [(url, listed)]):
                yield request
        for key, addresses, listed in self.memory.rechecks:
            for request in self.report.attempt(addresses[0], self._recheck, key, addresses, listed):
                yield request

    def _recheck(self, key: str, addresses: list[str], listed: Listed) -> Request:
        """Ask for a stored article again, at the first of its addresses that works."""
        pages = [url for url in addresses if self.platform.part_of(url) is None] or addresses
        self.frontier.addresses[key] = pages
        self.frontier.asked.add(key)
        return self._article_request(key, pages[0], listed, priority=_RECHECK)

    def look_further(self) -> None:
        """Ask for one more stored article, as one is gone: others show whether it is that one or the whole site."""
        if self.memory.witnesses:
            self.crawler.engine.crawl(self._recheck(*self.memory.witnesses.pop(0)))

    def _section_request(self, url: str, *, depth: int, priority: int) -> Request | None:
        """A request for a page that may be a list; None if it was asked for, is known not to be one, or is left out."""
        if self.left_out.has(url):
            return None
        if url in self.frontier.failed or (key := self.sections.begin(url, self.memory, depth=depth)) is None:
            if cut := self.sections.bound_reached():
                self.report.skipped(url, Reason.RUN_BOUND, cut, kind="section")
            return None
        return self._page_request(url, key, page=FIRST, depth=depth, priority=priority)

    def _page_request(self, url: str, section: str, *, page: Page, depth: int, priority: int) -> Request:
        request = Request(
            url,
            self.parse,
            errback=self.page_failed,
            priority=priority,
            dont_filter=True,
            meta={"handle_httpstatus_list": [304]},
            cb_kwargs={"section": section, "page": page, "depth": depth},
            **request_arguments(url, self.sections[section].url),
        )
        if (seen := self.memory.pages.get(url)) and not self.memory.full:
            make_conditional(request, seen)
        return request

    def _article_request(
        self, key: str, url: str, listed: Listed, tried: frozenset[str] = frozenset(), *, priority: int = _ARTICLE
    ) -> Request:
        return Request(
            url,
            self.parse_article,
            errback=self.article_failed,
            priority=priority,
            dont_filter=True,
            cb_kwargs={"key": key, "listed": listed, "tried": tried | {url}},
        )

    def _offer(self, entries: list[tuple[str, Listed]]) -> Iterator[Request]:
        """Ask for each article that is neither stored nor asked for yet."""
        for url, listed in entries:
            key = self.platform.identity(url)
            if key is None or self.left_out.has(url, key):
                continue
            known = self.frontier.listed.setdefault(key, listed)
            more = known is not listed and known.complete(listed)
            if not self.frontier.meet(key, url, listed):
                if more and key not in self.memory.stored:
                    self.report.met(key, url, known)
                continue
            if key in self.memory.stored and not self.memory.full:
                self.crawler.stats.inc_value("spider/known")
            elif self.memory.is_none(key):
                self.crawler.stats.inc_value("spider/no_article")
            elif self._is_too_old(known):
                self.report.skipped(url, Reason.BEFORE_SINCE, known.date, kind="article")
            else:
                priority = _ARTICLE if known.date or known.section else _BARE
                self.frontier.hold(self._article_request(key, url, known, priority=priority))
                self.report.met(key, url, known)
        yield from self.frontier.release()

    def _is_too_old(self, listed: Listed) -> bool:
        if self.memory.since is None or not listed.date:
            return False
        found = parse_date(listed.date)
        return found is not None and found.isoformat()[:10] < self.memory.since[: len(found.isoformat()[:10])]

    def _free_allowance(self) -> None:
        """Let another article go for one that does not count against the limit."""
        self.frontier.allowance += 1
        for request in self._release():
            self.crawler.engine.crawl(request)

    def _release(self) -> Iterator[Request]:
        """Yield the articles and the pages of lists that were held back and are allowed now."""
        yield from self.frontier.release()
        while self.frontier.allowance > 0 and (paused := self.sections.unpause()):
            yield from self._next_page(*paused)

    # Lists

    async def parse(self, response: Response, section: str, page: Page, depth: int) -> AsyncIterator[Request]:
        """Read a page that may be a list: yield its articles, its next page, and the sections it links to."""
        async with self.in_order.a_list():
            try:
                found = await self.reader.read_apart(self.pages, self.name, response)
            except ReadingStopped:
                return
            for request in self._after_list(response, found, section, page, depth):
                yield request

    def _after_list(self, response: Response, found: Found, section: str, page: Page, depth: int) -> Iterator[Request]:
        asked = address_of(response)
        if isinstance(found, ArticleInstead):
            yield from self._offer([(found.url, Listed())])
        elif isinstance(found, Refusal):
            self.report.skipped(response.url, found.reason, found.detail, kind=kind_of_list(page, depth))
            self.sections[section].fail(page, asked)
            yield from self._next_page(section, depth)
        else:
            if response.status == 304:
                self.crawler.stats.inc_value("spider/not_modified")
            if page == FIRST and found.onward:
                yield from self._go_onward(response, section, found.onward, depth)
                if not found.entries:
                    return
            keys = [key for link, _ in found.entries if (key := self.platform.identity(link))]
            is_list = page != FIRST or found.has_items or len(keys) >= _SEVERAL
            is_too_old = bool(keys) and all(self._is_too_old(listed) for _, listed in found.entries)
            yield from self._offer(found.entries)
            if page == FIRST:
                self.sections.add_address(section, urls.cleaned(response.url))
            if is_list:
                self._note_page(section, page, asked, found, keys, is_too_old)
                yield from self._next_page(section, depth)
            self.report.read(response, section, self.sections[section], page, found, is_list=is_list)
            if found.left_out:
                said = f"{found.left_out} more addresses than are read of one list"
                self.report.skipped(asked, Reason.TOO_LARGE, said, kind=kind_of_list(page, depth))
            if depth == 0:
                yield from self._start_page(asked, found)
            if page == FIRST and depth < _SECTION_DEPTH and (is_list or depth == 0):
                yield from self._follow(found.links, depth + 1)

    def _note_page(
        self, section: str, page: Page, asked: str, listing: Listing, keys: list[str], is_too_old: bool
    ) -> None:
        """Note a page of a list in its walk; report a list whose further pages cannot be asked for."""
        walk = self.sections[section]
        new = {key for key in keys if key not in self.memory.stored and key not in self.left_out.keys}
        walk.note(page, keys, new, listing.pages, too_old=is_too_old, is_index=listing.is_index)
        if listing.goes_on_by_script:
            self.report.skipped(
                asked, Reason.PAGER_NOT_FOLLOWED, "its further pages are asked for by script", kind="section"
            )
        elif walk.is_stuck:
            self.report.skipped(asked, Reason.PAGER_NOT_FOLLOWED, "its pager leads to the same page", kind="section")

    def _next_page(self, section: str, depth: int) -> Iterator[Request]:
        """Ask for the next page of a list, if there is one and more articles are allowed."""
        if self.frontier.allowance <= 0:
            self.sections.pause(section, depth)
        elif following := self.sections[section].next_page():
            page, url = following
            yield self._page_request(url, section, page=page, depth=depth, priority=_PAGE)
        elif cut := self.sections.bound_reached(section):
            self.report.skipped(self.sections[section].url, Reason.RUN_BOUND, cut, kind="section")

    def _start_page(self, asked: str, listing: Listing) -> Iterator[Request]:
        """Ask for the feeds that a start page names; report one that only a script fills."""
        if listing.is_frame:
            self.report.skipped(asked, Reason.FILLED_BY_SCRIPT, kind="section")
        for feed in listing.feeds:
            if request := self._section_request(feed, depth=_SECTION_DEPTH, priority=_PAGE):
                yield request

    def _go_onward(self, response: Response, section: str, addresses: list[str], depth: int) -> Iterator[Request]:
        """Ask for the pages that stand in a page's place, as if their addresses had been asked for at once."""
        priority = _START if depth == 0 else _SECTION
        steps = response.meta.get("steps_onward", 0) + 1
        if steps > _MOST_ONWARD:
            why = f"it sends on more than {_MOST_ONWARD} times, last to {addresses[0]}"
            self.report.skipped(response.url, Reason.REDIRECT_LOOP, why, kind=kind_of_list(FIRST, depth))
            return
        for address in addresses:
            request = self._section_request(address, depth=depth, priority=priority)
            begun = self.sections.walk_at(address)
            if request is None and begun and begun.url != address and address not in self._sent_to:  # / sends to /vi/
                request = self._page_request(address, section, page=FIRST, depth=depth, priority=priority)
            self._sent_to.add(address)
            if request:
                request.meta["steps_onward"] = steps
                yield request

    def _follow(self, links: list[str], depth: int) -> Iterator[Request]:
        """Ask for pages that may be lists, `depth` clicks from a start page."""
        for link in links:
            if (key := self.platform.identity(link)) in self.frontier.asked or key in self.memory.stored:
                continue
            if request := self._section_request(link, depth=depth, priority=_SECTION + 1 - depth):
                yield request

    def page_failed(self, failure: Failure) -> Iterator[Request]:
        """Report a list that could not be read, and ask for the next page of it that is known."""
        request, reason, detail = why_failed(failure)
        section, page, depth = (request.cb_kwargs[name] for name in ("section", "page", "depth"))
        self.report.skipped(request.url, reason, detail, kind=kind_of_list(page, depth))
        if page == FIRST:  # the same list under another language prefix gets its chance
            self.frontier.failed.update((request.url, asked_url(request)))
            self.sections.drop(section)
        else:
            self.sections[section].fail(page, request.url)
            yield from self._next_page(section, depth)

    # Articles

    async def parse_article(
        self, response: Response, key: str, listed: Listed, tried: frozenset[str]
    ) -> AsyncIterator[Request | PageItem]:
        """Hand the page at an article's address to the pipelines, with its further pages if it has any."""
        async with self.in_order.an_article():
            found = list(self._article(response, key, listed, tried))
        for one in found:
            if not isinstance(one, ArticleParts):
                yield one
                continue
            async for other in self._noted(one, one.note(self.pages, response)):
                yield other

    def _article(
        self, response: Response, key: str, listed: Listed, tried: frozenset[str]
    ) -> Iterator[Request | ArticleParts]:
        redirected = response.meta.get("redirect_urls") or ()
        asked = redirected[0] if redirected else response.url
        final = urls.cleaned(response.url)
        identity = self.platform.identity(final)
        if identity is None:
            yield from self._article_missed(key, listed, tried, asked, Reason.REDIRECTED_AWAY, final)
            return
        if not isinstance(response, TextResponse) and is_file(response):
            yield from self._article_missed(key, listed, tried, asked, Reason.NOT_HTML)
            return
        if identity != key and not self.frontier.moved(key, identity):
            self._free_allowance()
            return
        canonical = self.platform.canonical(final)
        fetched_at = response.meta.get("captured_at") or clock.now()
        seen = [*self.frontier.addresses.get(identity, ()), asked, final, *redirected]
        item = PageItem(
            site=self.name,
            key=identity,
            url=canonical,
            html=response.body,
            layout=self.platform.layout_at(fetched_at),
            charset=charset_of(response),
            fetched_at=fetched_at,
            listed=listed,
            seen_urls=tuple(dict.fromkeys(url for url in seen if url != canonical)),
            capture_id=response.meta.get("capture_id"),
            unsure=self.platform.is_unsure(canonical, listed, self.reader.learnt),
        )
        yield ArticleParts(item, self.platform, tried)

    def article_failed(self, failure: Failure) -> Iterator[Request]:
        """Ask for another address of an article that could not be fetched; report it when there is none."""
        request, reason, detail = why_failed(failure)
        key, listed, tried = (request.cb_kwargs[name] for name in ("key", "listed", "tried"))
        yield from self._article_missed(key, listed, tried, asked_url(request), reason, detail)

    def _article_missed(
        self, key: str, listed: Listed, tried: frozenset[str], url: str, reason: str, detail: str = ""
    ) -> Iterator[Request]:
        self.frontier.answers.setdefault(key, {})[url] = str(reason)
        if other := self.frontier.other_address(key, tried):
            yield self._article_request(key, other, listed, tried)
            return
        self.frontier.give_up(key, url)
        self.report.skipped(url, reason, detail, kind="recheck" if key in self.memory.stored else "article", key=key)
        yield from self._release()
