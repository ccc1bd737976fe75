"""The spider every site is made of: from its start pages to lists, from lists to articles, newest first."""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, signals
from scrapy.exceptions import NotConfigured
from scrapy.http import Response, TextResponse
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler import clock, urls
from crawler.dates import parse_date
from crawler.extraction.page_problems import is_frame, page_problem
from crawler.reasons import Reason, http_reason
from crawler.run.article_parts import ArticleParts
from crawler.run.failures import of_failure
from crawler.run.frontier import Frontier
from crawler.run.items import Listed, PageItem
from crawler.run.signals import article_met, listing_read, page_skipped
from crawler.run.site import Site
from crawler.run.site_memory import FIRST, Page, Remembered, SiteMemory
from spiders.lists.forms import request_arguments
from spiders.lists.listing import Listing, read_data, read_listing
from spiders.lists.responses import asked_url, charset_of, is_file, kind_of_list, page_memory, section_key
from spiders.lists.section_walk import Section
from spiders.platform import Platform

_SECTION_DEPTH = 2  # clicks from a start page to a section's list
_MAX_SECTIONS = 400
_SEVERAL = 2  # articles on a page that make it a list, whatever its shape

# Articles come before further lists, pages of a list before further sections: what is new is in first. An article of
# which nothing but its address is known waits for the lists, which may show its date.
_START, _PART, _ARTICLE, _PAGE, _SECTION, _BARE, _RECHECK = 30, 25, 20, 10, 0, -5, -10


class PortalSpider(Site):
    """One portal. A site states facts; a platform module states the rest; nothing here knows a particular site.

    Facts: `name` (the slug), `ward`, `host`, `start_pages` (paths), `platform`; optional: `other_hosts` that serve the
    same site, `scheme`, `every` (hours between runs), `unit_old` and `unit_new` (codes of the administrative unit
    before and since July 2025).
    """

    platform: Platform

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for fact in ("ward", "host", "platform"):
            if not hasattr(self, fact):
                raise NotConfigured(f"{type(self).__name__} states no {fact!r}")
        bare = [urls.host(f"//{host}").removeprefix("www.") for host in (self.host, *self.other_hosts)]
        self.allowed_domains = [name for host in bare for name in (host, f"www.{host}")]
        self.memory = SiteMemory()  # the ledger fills it
        self.frontier = Frontier()
        self._sections: dict[str, Section] = {}
        self._paused: deque[tuple[str, int]] = deque()  # sections whose next page waits for allowance

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "PortalSpider":
        """Build the spider and connect what frees its allowance when an article turns out not to count."""
        spider: PortalSpider = super().from_crawler(crawler, *args, **kwargs)
        spider.frontier.allowance = crawler.settings.getint("TINPHUONG_LIMIT") or float("inf")
        crawler.signals.connect(spider._give_back, signal=signals.item_dropped)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Slow the site down where its make answers only so many requests; what a run itself sets stays."""
        super().update_settings(settings)
        if cls.platform.pause > settings.getfloat("DOWNLOAD_DELAY"):
            settings.set("DOWNLOAD_DELAY", cls.platform.pause, priority="spider")

    # Requests

    async def start(self) -> AsyncIterator[Request]:
        """Yield the start pages, the lists that earlier runs found, the articles that one met and did not get, and
        those to be looked at again."""
        for url in [*self.start_urls_of(), *self.memory.instead]:
            if request := self._section_request(url, depth=0, priority=_START):
                yield request
        for path in self.platform.discovery:
            feed = urls.absolute(f"{self.scheme}://{self.host}/", path)
            if feed and (request := self._section_request(feed, depth=_SECTION_DEPTH, priority=_PAGE)):
                yield request
        for remembered in self.memory.sections.values():
            if remembered.is_list and (request := self._section_request(remembered.url, depth=1, priority=_PAGE)):
                yield request
        for request in self._offer([(url, listed) for _, url, listed in self.memory.pending]):
            yield request
        for key, addresses, listed in self.memory.rechecks:
            self.frontier.addresses[key] = [url for url in addresses if self.platform.part_of(url) is None]
            self.frontier.asked.add(key)
            yield self._article_request(key, addresses[0], listed, priority=_RECHECK)

    def _section_request(self, url: str, *, depth: int, priority: int) -> Request | None:
        """A request for a page that may be a list; None if it was asked for, or is known to be none."""
        key = section_key(url)
        if key in self._sections or url in self.frontier.failed or len(self._sections) >= _MAX_SECTIONS:
            return None
        remembered = self.memory.sections.get(key)
        if remembered and not remembered.is_list and depth:
            return None
        self._sections[key] = Section(url, remembered or Remembered(), full=self.memory.full)
        return self._page_request(url, key, page=FIRST, depth=depth, priority=priority)

    def _is_section(self, url: str) -> bool:
        return section_key(url) in self._sections

    def _page_request(self, url: str, section: str, *, page: Page, depth: int, priority: int) -> Request:
        request = Request(
            url,
            self.parse,
            errback=self.page_failed,
            priority=priority,
            dont_filter=True,
            meta={"handle_httpstatus_list": [304]},
            cb_kwargs={"section": section, "page": page, "depth": depth},
            **request_arguments(url, self._sections[section].url),
        )
        if (seen := self.memory.pages.get(url)) and not self.memory.full:
            if seen.etag:
                request.headers["If-None-Match"] = seen.etag
            if seen.last_modified:
                request.headers["If-Modified-Since"] = seen.last_modified
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
            if key is None:
                continue
            known = self.frontier.listed.setdefault(key, listed)
            more = known is not listed and known.complete(listed)
            if not self.frontier.meet(key, url, listed):
                if more and key not in self.memory.stored:
                    self._tell_met(key, url, known)
                continue
            if key in self.memory.stored and not self.memory.full:
                self.crawler.stats.inc_value("spider/known")
            elif self.memory.is_none(key):
                self.crawler.stats.inc_value("spider/no_article")
            elif self._is_too_old(known):
                self._skip(url, Reason.BEFORE_SINCE, known.date, kind="article")
            else:
                priority = _ARTICLE if known.date or known.section else _BARE
                self.frontier.hold(self._article_request(key, url, known, priority=priority))
                self._tell_met(key, url, known)
        yield from self.frontier.release()

    def _tell_met(self, key: str, url: str, listed: Listed) -> None:
        self.crawler.signals.send_catch_log(article_met, spider=self, key=key, url=url, listed=listed)

    def _is_too_old(self, listed: Listed) -> bool:
        if self.memory.since is None or not listed.date:
            return False
        found = parse_date(listed.date)
        return found is not None and found.isoformat()[:10] < self.memory.since[: len(found.isoformat()[:10])]

    def _give_back(self) -> None:
        """An article did not count against the limit: let the next one go."""
        self.frontier.allowance += 1
        for request in self._go_on():
            self.crawler.engine.crawl(request)

    def _go_on(self) -> Iterator[Request]:
        yield from self.frontier.release()
        while self._paused and self.frontier.allowance > 0:
            yield from self._next_page(*self._paused.popleft())

    # Lists

    def parse(self, response: Response, section: str, page: Page, depth: int) -> Iterator[Request | PageItem]:
        """Read a page that may be a list: yield its articles, its next page, and the sections it links to."""
        url = urls.cleaned(response.url)
        # a start page or a section that redirects to an article
        if self.platform.takes(url, told=False):
            yield from self._offer([(url, Listed())])
            return
        asked = response.request.url if response.request else response.url
        listing = self._unchanged(asked) if response.status == 304 else self._read(response)
        if isinstance(listing, str):
            self._skip(response.url, listing, "in place of a list", kind=kind_of_list(page, depth))
            self._sections[section].fail(page, asked)
            yield from self._next_page(section, depth)
            return
        identities = [key for link, _ in listing.entries if (key := self.platform.identity(link))]
        new = {key for key in identities if key not in self.memory.stored}
        is_list = page != FIRST or listing.has_items or len(identities) >= _SEVERAL
        too_old = bool(identities) and all(self._is_too_old(listed) for _, listed in listing.entries)
        yield from self._offer(listing.entries)
        walk = self._sections[section]
        if page == FIRST:  # a start page may have been sent on to a page that menus name
            self._sections.setdefault(section_key(url), walk)
        if is_list:
            walk.read(page, identities, new, listing.pages, too_old=too_old)
            if listing.is_cut or walk.is_stuck:
                why = (
                    "its further pages are asked for by script"
                    if listing.is_cut
                    else "its pager leads to the same page"
                )
                self._skip(asked, Reason.PAGER_NOT_FOLLOWED, why, kind="section")
            yield from self._next_page(section, depth)
        self.crawler.signals.send_catch_log(
            listing_read,
            spider=self,
            url=response.url,
            articles=len(listing.entries),
            items=listing.item_count,
            section=section,
            was_list=page == FIRST and walk.memory.is_list and bool(walk.memory.top),
            remembered=walk.remembered(page, asked) if is_list else Remembered(walk.url, is_list=False),
            page=page_memory(asked, response, listing),
        )
        if depth == 0 and isinstance(response, TextResponse):
            if is_frame(response.text):
                self._skip(asked, Reason.FILLED_BY_SCRIPT, kind="section")
            for feed in self.platform.feeds(response):
                if request := self._section_request(feed, depth=_SECTION_DEPTH, priority=_PAGE):
                    yield request
        if depth < _SECTION_DEPTH and page == FIRST and (is_list or depth == 0):
            for link in listing.links:
                if (key := self.platform.identity(link)) in self.frontier.asked or key in self.memory.stored:
                    continue
                if request := self._section_request(link, depth=depth + 1, priority=_SECTION - depth):
                    yield request

    def _read(self, response: Response) -> Listing | str:
        """The list on a page, or the reason why it is no page of the portal."""
        if not isinstance(response, TextResponse):
            return Reason.NOT_HTML
        if (listing := read_data(response, self.platform, set(self.allowed_domains))) is not None:
            return listing
        if any(response.url.endswith(path) for path in self.platform.discovery):
            return Reason.NOT_A_FEED
        if problem := page_problem(response.body, response.url):
            return str(problem)
        return read_listing(response, self.platform, set(self.allowed_domains))

    def _unchanged(self, url: str) -> Listing | str:
        """The list as it was when the server last sent it."""
        seen = self.memory.pages.get(url)
        if seen is None:
            return http_reason(304)
        self.crawler.stats.inc_value("spider/not_modified")
        entries = [(link, Listed()) for link in seen.entries]
        return Listing(entries, len(seen.entries), dict(seen.pages), list(seen.links))

    def _next_page(self, section: str, depth: int) -> Iterator[Request]:
        if self.frontier.allowance <= 0:
            self._paused.append((section, depth))
        elif turned := self._sections[section].turn():
            page, url = turned
            yield self._page_request(url, section, page=page, depth=depth, priority=_PAGE)

    def page_failed(self, failure: Failure) -> Iterator[Request]:
        """Count a list that could not be read, and go on with the next page of it that is known."""
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, detail = of_failure(failure.value or RuntimeError("no reason given"))
        section, page, depth = (request.cb_kwargs[name] for name in ("section", "page", "depth"))
        self._skip(request.url, reason, detail, kind=kind_of_list(page, depth))
        if page == FIRST:  # the same list under another language prefix gets its chance
            self.frontier.failed.update((request.url, asked_url(request)))
            self._sections.pop(section, None)
        else:
            self._sections[section].fail(page, request.url)
            yield from self._next_page(section, depth)

    # Articles

    def parse_article(
        self, response: Response, key: str, listed: Listed, tried: frozenset[str]
    ) -> Iterator[Request | PageItem]:
        """Hand the page at an article's URL to the pipelines."""
        redirected = response.meta.get("redirect_urls") or ()
        asked = redirected[0] if redirected else response.url
        final = urls.cleaned(response.url)
        identity = self.platform.identity(final)
        if identity is None:
            yield from self._without_article(key, listed, tried, asked, Reason.REDIRECTED_AWAY, final)
            return
        if not isinstance(response, TextResponse) and is_file(response):
            yield from self._without_article(key, listed, tried, asked, Reason.NOT_HTML)
            return
        if identity != key and not self.frontier.moved(key, identity):
            self._give_back()
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
            unsure=self.platform.is_unsure(canonical, listed),
        )
        gathering = ArticleParts(item, self.platform, tried)
        if isinstance(response, TextResponse):
            gathering.note(response)
        yield from self._gather(gathering)

    def _gather(self, gathering: ArticleParts) -> Iterator[Request | PageItem]:
        """Ask for the article's next page, or hand over the article; never a part of it for the whole."""
        item = gathering.item
        if asked := gathering.next():
            number, url = asked
            yield Request(
                url,
                self.parse_part,
                errback=self.part_failed,
                priority=_PART,
                dont_filter=True,
                cb_kwargs={"key": item.key, "gathering": gathering, "number": number},
            )
        elif gathering.is_whole:
            self.crawler.stats.inc_value("spider/further_pages", len(gathering.read))
            yield gathering.whole()
        else:
            yield from self._without_part(gathering, f"more than {len(gathering.read)} pages")

    def parse_part(
        self, response: Response, key: str, gathering: ArticleParts, number: int
    ) -> Iterator[Request | PageItem]:
        """Add a further page to its article."""
        charset = charset_of(response)
        if isinstance(response, TextResponse) and gathering.take(number, response, charset):
            yield from self._gather(gathering)
        else:
            yield from self._without_part(gathering, f"page {number} leads to {response.url}")

    def part_failed(self, failure: Failure) -> Iterator[Request]:
        """Count an article of which a further page could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, detail = of_failure(failure.value or RuntimeError("no reason given"))
        number, gathering = request.cb_kwargs["number"], request.cb_kwargs["gathering"]
        yield from self._without_part(gathering, f"page {number}: {detail or reason}")

    def _without_part(self, gathering: ArticleParts, detail: str) -> Iterator[Request]:
        item, why = gathering.item, Reason.PART_MISSING
        yield from self._without_article(item.key, item.listed, gathering.tried, item.url, why, detail)

    def article_failed(self, failure: Failure) -> Iterator[Request]:
        """Count an article that could not be fetched, or try another address of it first."""
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, detail = of_failure(failure.value or RuntimeError("no reason given"))
        key, listed, tried = (request.cb_kwargs[name] for name in ("key", "listed", "tried"))
        yield from self._without_article(key, listed, tried, asked_url(request), reason, detail)

    def _without_article(
        self, key: str, listed: Listed, tried: frozenset[str], url: str, reason: str, detail: str = ""
    ) -> Iterator[Request]:
        if other := self.frontier.other_address(key, tried):
            yield self._article_request(key, other, listed, tried)
            return
        self.frontier.give_up(key, url)
        self._skip(url, reason, detail, kind="recheck" if key in self.memory.stored else "article", key=key)
        yield from self._go_on()

    # Facts for the run's report

    def _skip(self, url: str, reason: str, detail: str = "", kind: str = "listing", key: str | None = None) -> None:
        self.crawler.signals.send_catch_log(
            page_skipped, spider=self, url=url, reason=str(reason), detail=detail, kind=kind, key=key
        )
