"""From the start pages to lists: asks for those first that promise most, and for the rest within a run's measure."""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any, Self, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES
from twisted.python.failure import Failure

from crawler import urls
from crawler.reasons import Reason
from crawler.run.site import FOUND, STATED
from crawler.run.site_memory import FIRST, Page, Remembered
from crawler.scrapy_internals import lengthen_pauses
from spiders.articles import SpiderOfArticles
from spiders.fingerprint import GENERIC, platforms
from spiders.found_platform import on_platform
from spiders.lists.agenda import Agenda
from spiders.lists.forms import request_arguments
from spiders.lists.pager_pages import first_pages
from spiders.lists.responses import make_conditional
from spiders.lists.section_walk import Bounds
from spiders.lists.sections import Sections, section_key
from spiders.lists.unlikely import is_data, is_unlikely
from spiders.platform_finder import PlatformFinder

SECTION_DEPTH = 2
"""Clicks from a start page to a section's list, at most."""

START, PAGE, SECTION = 30, 10, 0
"""Priorities of requests: articles (20) come before lists, but for start pages and for what says more of news."""


class SpiderOfLists(SpiderOfArticles):
    """A site whose lists are asked for: what is read of them is left to `parse`."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sections = Sections()
        self.agenda = Agenda(self.sections)
        self._discovery: deque[str] = deque()  # addresses of feeds, sitemaps and APIs that were not asked for yet
        self._discovering: set[str] = set()  # keys of the sections that are such
        self._elsewhere: list[str] = []  # feeds that are asked for only where no list names an article
        self._counted = 0, 0  # articles that were asked for, and those of them that are new
        self._reacts = True  # to news: by reading the lists that were put aside
        self.finder = PlatformFinder()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider, with the bounds within which it reads lists."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        bounds = ("TINPHUONG_SECTIONS", "TINPHUONG_LIST_PAGES", "TINPHUONG_LIST_ARTICLES")
        spider.sections.bounds = Bounds(*(crawler.settings.getint(name) for name in bounds))
        crawler.signals.connect(spider.when_idle, signal=signals.spider_idle)
        return spider

    def parse(self, response: Response, section: str, page: Page, depth: int) -> AsyncIterator[Request]:
        """Read a page that may be a list."""
        raise NotImplementedError

    def page_failed(self, failure: Failure) -> Iterator[Request]:
        """Report a page that could not be read."""
        raise NotImplementedError

    def start_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Report a page that could not be read while the platform was to be found on it."""
        raise NotImplementedError

    def looked_at(self, response: Response) -> AsyncIterator[Request]:
        """Take a page that was asked for only to find the platform."""
        raise NotImplementedError

    def not_looked_at(self, failure: Failure) -> AsyncIterator[Request]:
        """Do without a page that was asked for only to find the platform."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Request]:
        """Yield requests for what the run begins with: for one start page alone where it is to show the platform."""
        if self.platform_from != STATED and self.platform.name == GENERIC:
            memory, may_ask = self.memory, not self.memory.was_crawled
            starts = first_pages(self.start_urls_of(), self.platform)
            self.finder.open(starts, memory.instead, memory.refused_platforms, may_ask=may_ask)
        for request in self._ask_to_find() or self._begin():
            yield request

    def take_platform(self, name: str) -> None:
        """Go on with the platform `name`, which was found on the site's pages or kept from an earlier run; a platform
        that there is not, or not any more, is passed over."""
        if name not in platforms():
            return
        self.platform, self.platform_from = platforms()[name], FOUND
        self.__dict__.pop("reader", None)  # of lists; nothing was read by it yet
        self.pages.change(self.name, partial(on_platform, name=name))
        settings = self.crawler.settings
        is_free = (settings.getpriority("DOWNLOAD_DELAY") or 0) <= SETTINGS_PRIORITIES["spider"]
        if is_free and self.delay is None and self.platform.pause > settings.getfloat("DOWNLOAD_DELAY"):
            lengthen_pauses(self.crawler, self.platform.pause)

    @classmethod
    def of_platform(cls, name: str) -> type[Self]:
        """Return the class of the same site as one on the platform `name`, which was found; itself for a platform that
        there is not, or not any more."""
        return cast(type[Self], on_platform(cls, name))

    def _ask_to_find(self) -> list[Request]:
        """Return the request for the next page that may show the platform; none where it is decided."""
        if not self.finder.is_open:
            return []

        def ask(url: str) -> Request | None:
            found = self.report.attempt(url, self._section_request, url, depth=0, priority=START)
            return found[0] if found else None

        def ask_to_decide(url: str) -> Request | None:
            if not self.platform.is_followed(url) or self.is_left_out(url):
                return None
            return Request(url, self.looked_at, errback=self.not_looked_at, priority=START, dont_filter=True)

        request = self.finder.next(ask, ask_to_decide)
        if request is None:
            return []
        self.finder.waiting += 1
        return [request]

    def _begin(self) -> Iterator[Request]:
        """Yield requests for the start pages, the lists that earlier runs found, the articles that an earlier run met
        but did not get, and those that are due for a recheck."""
        self.memory.everything |= self.memory.full or self.crawler.settings.get("TINPHUONG_MODE") == "replay"
        starts = first_pages(self.start_urls_of(), self.platform)
        alone = self.agenda.remember(self.memory, starts, self._is_known_article)
        for url in [*starts, *self.memory.instead]:
            for request in self.report.attempt(url, self._section_request, url, depth=0, priority=START):
                yield request
        self._discovery.extend(self.addresses_of(self.platform.discovery))
        works = any(self.memory.lists(section_key(url)) for url in self._discovery)
        for request in self._discover(found=works or self.platform.guesses):
            yield request
        for url in alone:
            for request in self.report.attempt(url, self._section_request, url, depth=1, priority=PAGE):
                yield request
        for _, url, listed in self.memory.pending:
            for request in self.report.attempt(url, self._offer, [(url, listed)]):
                yield request

    def _discover(self, *, found: bool) -> Iterator[Request]:
        """Ask for the next of the platform's feeds, sitemaps and APIs; where one was `found`, the others can wait."""
        while self._discovery:
            url = self._discovery.popleft()
            if found:
                self.agenda.add(url, SECTION_DEPTH, spare=True)
                continue
            requests = self.report.attempt(url, self._section_request, url, depth=SECTION_DEPTH, priority=PAGE)
            if requests:
                self._discovering.add(requests[0].cb_kwargs["section"])
                yield from requests
                return

    def _is_known_article(self, url: str) -> bool:
        return self.platform.identity(url) in self.memory.stored

    def when_idle(self) -> None:
        """Ask for what is left on the agenda, and after that for the articles that are due for a recheck."""
        self.agenda.forget_awaited()
        requests = list(self._go_on()) or list(self._look_elsewhere()) or list(self._rechecks())
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider
        for url, why in self.sections.not_read_to_the_end():
            self.report.skipped(url, Reason.PAGER_NOT_FOLLOWED, why, kind="section")

    def _look_elsewhere(self) -> Iterator[Request]:
        """Where no list named an article, ask for the feeds that pages named, for the sitemaps that robots.txt names,
        and for /sitemap.xml, whatever the platform reads otherwise."""
        named, self._elsewhere = [*self._elsewhere, *self.robots_sitemaps], []
        if self.frontier.addresses or self.memory.stored or self.frontier.allowance <= 0:
            return
        for url in dict.fromkeys(self.addresses_of((*named, "/sitemap.xml"))):
            if urls.host(url) not in self.allowed_domains:
                continue
            if request := self._section_request(url, depth=SECTION_DEPTH, priority=PAGE):
                yield request

    def _new_articles(self) -> int:
        """Return how many articles this run has met that are not in the collection: counted again once others were
        asked for, as this is asked after each article that is dropped."""
        asked = self.frontier.asked
        if self._counted[0] != len(asked):
            self._counted = len(asked), len(asked - self.memory.stored - self.memory.refused)
        return self._counted[1]

    def _rechecks(self) -> Iterator[Request]:
        due, self.memory.rechecks = self.memory.rechecks[: self.agenda.rechecks(self._new_articles())], []
        for key, addresses, listed in due:
            yield from self.report.attempt(addresses[0], self._recheck, key, addresses, listed)

    def _section_request(self, url: str, *, depth: int, priority: int) -> Request | None:
        """A request for a page that may be a list; None if it was asked for, is known not to be one, or is left out."""
        if self.left_out.has(url):
            return None
        if url in self.frontier.failed or (key := self.sections.begin(url, self.memory, depth=depth)) is None:
            if cut := self.sections.bound_reached():
                self.report.skipped(url, Reason.RUN_BOUND, cut, kind="section")
            return None
        request = self._page_request(url, key, page=FIRST, depth=depth, priority=priority)
        if self.finder.is_open:
            request.errback = self.start_failed
        return request

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
        self.agenda.asked(section, page)
        return request

    def leads_back(self, section: str, url: str) -> bool:
        """Return whether a redirect of the page `section` to `url` leads to a page that this run has asked for."""
        target = self._address(url)
        return section_key(target) != section_key(self.sections[section].url) and target in self.sections

    def _release(self) -> Iterator[Request]:
        """Yield the articles and the pages of lists that were held back and are allowed now."""
        yield from super()._release()
        yield from self._go_on()

    def _go_on(self) -> Iterator[Request]:
        """Ask for what promises most, once all lists that were asked for have come."""
        if self.agenda.is_waiting or self.frontier.allowance <= 0:
            return
        if request := self._told_page() or self._likely_list() or self._further_page():
            yield request
            return
        yield from self.frontier.no_more_lists()
        if self.agenda.has_more and self.agenda.may_spend(self._new_articles()) and (request := self._spare_page()):
            yield request

    def _told_page(self) -> Request | None:
        """A request for a sitemap that an index names, where the platform knows articles by their addresses: after it,
        lists may have nothing more to show."""
        if self.platform.items_only or self.memory.was_crawled:
            return None
        is_waiting = any(self.sections[key].is_whole for key in self.agenda.walks)
        return self._further_page(of_sitemaps=True) if is_waiting and not self.sections.are_told() else None

    def _likely_list(self) -> Request | None:
        is_later = self.memory.was_crawled and not self.memory.everything
        if is_later and self.agenda.looked_at > self._new_articles():
            return None  # in a run without news one page is looked at for the first time
        for url, depth in self.agenda.likely():
            if request := self._candidate(url, depth):
                self.agenda.looked_at += 1
                return request
        return None

    def _spare_page(self) -> Request | None:
        for url, depth in self.agenda.spared():
            if request := self._candidate(url, depth):
                self.agenda.spare_lists.add(request.cb_kwargs["section"])
                return request
        return self._further_page(spare=True)

    def _candidate(self, url: str, depth: int) -> Request | None:
        """A request for a page that may be a list, unless more is known of it by now."""
        if (key := self.platform.identity(url)) in self.frontier.asked or key in self.memory.stored:
            return None
        if not is_data(url) and not self.platform.may_be_list(url, self.reader.learnt):
            return None
        return self._section_request(url, depth=depth, priority=SECTION)

    def _further_page(self, *, spare: bool = False, of_sitemaps: bool = False) -> Request | None:
        """A request for the further page of a list that promises most."""
        for section in self.agenda.going_on(spare=spare):
            if of_sitemaps and section in self.agenda.walks and not self.sections[section].is_whole:
                continue  # one that is at its end is no longer on the agenda: it may be cut short at a bound
            if following := self.sections[section].next_page():
                page, url = following
                depth = self.agenda.walks.pop(section)
                return self._page_request(url, section, page=page, depth=depth, priority=PAGE)
            if cut := self.sections.bound_reached(section):
                self.report.skipped(self.sections[section].url, Reason.RUN_BOUND, cut, kind="section")
        return None

    def _read_put_aside(self) -> Iterator[Request]:
        """Ask for the lists that only show what others show: where there is news, they say more about it."""
        self._reacts = False
        for url in self.agenda.put_aside.values():
            may_help = not is_unlikely(url) or is_data(url)
            if may_help and (request := self._section_request(url, depth=1, priority=START)):
                yield request

    def what_lists_taught(self) -> tuple[dict[str, str], list[tuple[str, Remembered]]]:
        """Return what is to be kept of lists at the end of a run (see `Site.what_lists_taught`)."""
        return self.sections.none, list(self.sections.deferred(self.agenda.walks))
