"""The spider behind every site: from its start pages to lists, from lists to articles, newest first."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import urls
from crawler.reasons import Reason
from crawler.run.items import Listed
from crawler.run.reading.reader import ReadingStopped
from crawler.run.site_memory import FIRST, Page
from spiders.articles import SpiderOfArticles
from spiders.lists.forms import request_arguments
from spiders.lists.listing import ArticleInstead, Listing, Refusal
from spiders.lists.reader import Found
from spiders.lists.responses import asked_url, make_conditional, why_failed
from spiders.lists.section_walk import Bounds
from spiders.lists.sections import Sections, kind_of_list, section_key
from spiders.lists.visits import Visits

_SECTION_DEPTH = 2  # clicks from a start page to a section's list
_MOST_ONWARD = 4  # pages in a row that only send on to another
_SEVERAL = 2  # articles on a page from which it is a list, whatever its shape

# Articles come before further lists, and further pages of a list before further sections: what is new is in first.
_START, _PAGE, _SECTION = 30, 10, 0


class PortalSpider(SpiderOfArticles):
    """One portal. Its file states facts, a platform module states how its CMS works; nothing here is about one site.

    Facts: `name` (the slug), `ward`, `host`, `start_pages` (paths), `platform`; optional: `other_hosts` that serve the
    same site, `scheme`, `every` (hours between runs), `tls` (`old` or `any`, how its server is believed), `unit_old`
    and `unit_new` (codes of the administrative unit before and since July 2025), and those that take the place of
    settings (see `crawler.run.site.Site`).
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sections = Sections()
        self.visits = Visits(self)
        self._sent_to: set[str] = set()  # addresses to which pages that only send on lead

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider, with the bounds within which it reads lists."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        bounds = ("TINPHUONG_SECTIONS", "TINPHUONG_LIST_PAGES", "TINPHUONG_LIST_ARTICLES")
        spider.sections.bounds = Bounds(*(crawler.settings.getint(name) for name in bounds))
        return spider

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

    def _release(self) -> Iterator[Request]:
        """Yield the articles and the pages of lists that were held back and are allowed now."""
        yield from super()._release()
        while self.frontier.allowance > 0 and (paused := self.sections.unpause()):
            yield from self._next_page(*paused)

    # Lists

    async def parse(self, response: Response, section: str, page: Page, depth: int) -> AsyncIterator[Request]:
        """Read a page that may be a list: yield its articles, its next page, and the sections it links to."""
        async with self.in_order.a_list():
            learnt = self.reader.learnt
            try:
                found = await self.reader.read_apart(self.pages, self.name, response)
                if isinstance(found, Listing) and found.maybe_sessions:
                    if self.visits.learn_from(response, found, learnt):
                        found = await self.reader.read_apart(self.pages, self.name, response)
                    elif self.visits.wants_again(response, found, learnt, (section, page)):
                        yield self._again_request(response, section, page, depth)
                        return
            except ReadingStopped:
                return
            for request in self._after_list(response, found, section, page, depth):
                yield request

    def _again_request(self, response: Response, section: str, page: Page, depth: int) -> Request:
        """Ask for a list as another visitor, to see which parameters of its links stay."""
        asked = asked_url(response.request) if response.request else response.url
        return Request(
            asked, self.parse_again, errback=self.again_failed, priority=_START, dont_filter=True,
            meta={"cookiejar": "another visitor"}, cb_kwargs={"section": section, "page": page, "depth": depth},
            **request_arguments(asked, self.sections[section].url),
        )  # fmt: skip

    async def parse_again(self, response: Response, section: str, page: Page, depth: int) -> AsyncIterator[Request]:
        """Read a list that came a second time; what changed in its links says who asks."""
        async with self.in_order.a_list():
            try:
                found = await self.reader.read_apart(self.pages, self.name, response)
                first = self.visits.first((section, page))
                if isinstance(found, Listing):
                    if self.visits.compare(first, found):
                        found = await self.reader.read_apart(self.pages, self.name, response)
                else:
                    response, found = first.response, first.found
            except ReadingStopped:
                return
            for request in self._after_list(response, found, section, page, depth):
                yield request

    def again_failed(self, failure: Failure) -> Iterator[Request]:
        """Go on with a list that came the first time and not the second."""
        request, _, _ = why_failed(failure)
        section, page, depth = (request.cb_kwargs[name] for name in ("section", "page", "depth"))
        first = self.visits.first((section, page))
        yield from self._after_list(first.response, first.found, section, page, depth)

    async def _list_instead(self, response: Response, key: str) -> AsyncIterator[Request]:
        """Read the list that came where the article `key` was expected, as if it had been asked for."""
        self.frontier.give_up(key, response.url)
        url = asked_url(response.request) if response.request else response.url
        kind = "recheck" if key in self.memory.stored else "section"
        self.report.skipped(url, Reason.NO_ARTICLE, "it is a list", kind=kind, key=key)
        if section := self.sections.begin(url, self.memory, depth=0):
            async for request in self.parse(response, section, FIRST, depth=_SECTION_DEPTH - 1):
                yield request
        for request in self._release():
            yield request

    def _is_known_list(self, url: str) -> bool:
        """Return whether an address was read as a list in this run, or in an earlier one."""
        return url in self.sections or self.memory.is_list(section_key(url))

    def _after_list(self, response: Response, found: Found, section: str, page: Page, depth: int) -> Iterator[Request]:
        asked = self.listed_at(response)
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
                self.sections.add_address(section, self._address(response.url))
            if is_list:
                self._note_page(section, page, asked, found, keys, is_too_old)
                yield from self._next_page(section, depth)
            self.report.read(response, asked, section, self.sections[section], page, found, is_list=is_list)
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
