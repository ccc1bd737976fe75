"""The spider behind every site: from its start pages to lists, from lists to articles, newest first."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import urls
from crawler.extensions.found_platform import keep_platform
from crawler.reasons import Reason, http_reason
from crawler.run.items import Listed
from crawler.run.reading.reader import ReadingStopped
from crawler.run.site import FOUND
from crawler.run.site_memory import FIRST, Page
from spiders.list_requests import SECTION, SECTION_DEPTH, START, SpiderOfLists
from spiders.lists import sitemap_dates
from spiders.lists.forms import request_arguments
from spiders.lists.listing import ArticleInstead, Listing, Refusal
from spiders.lists.reader import Found
from spiders.lists.responses import asked_url, why_failed
from spiders.lists.sections import kind_of_list, section_key
from spiders.lists.unlikely import family, is_data
from spiders.lists.visits import Visits
from spiders.moved_portals import where_to
from spiders.platform_finder import Arrived

_MOST_ONWARD = 4  # pages in a row that only send on to another
_NO_LIST = (http_reason(404), http_reason(410), Reason.NOT_HTML, Reason.NOT_A_FEED, Reason.REDIRECTED_AWAY)
_SEVERAL = 2  # articles on a page from which it is a list, whatever its shape


class PortalSpider(SpiderOfLists):
    """One portal. Its file states facts, a platform module states how its CMS works; nothing here is about one site.

    Facts: `name` (the slug), `ward`, `host`, `start_pages` (paths), `platform` (`generic`
    with `platform_from` UNKNOWN where it is still to be found); optional: `other_hosts` that serve the
    same site, `scheme`, `every` (hours between runs), `tls` (`old` or `any`, how its server is believed), `unit_old`
    and `unit_new` (codes of the administrative unit before and since July 2025), and those that take the place of
    settings (see `crawler.run.site.Site`).
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.visits = Visits(self)
        self._sent_to: set[str] = set()  # addresses to which pages that only send on lead
        self._has_home = any(urlsplit(url).path in ("", "/") for url in self.start_urls_of())

    # Lists

    async def parse(self, response: Response, section: str, page: Page, depth: int) -> AsyncIterator[Request]:
        """Read a page that may be a list: yield its articles, its next page, and the sections it links to."""
        async with self.in_order.a_list():
            if urls.host(response.url) not in self.allowed_domains:
                for request in self._led_away(response.url, self.listed_at(response), section, page, depth):
                    yield request
                if self.finder.is_open:
                    self.finder.waiting -= 1
                    async for request in self._found():
                        yield request
                return
            came = Arrived(response, section, page, depth)
            async for request in self._find_by(came) if self.finder.is_open else self._read(came):
                yield request

    async def _read(self, came: Arrived) -> AsyncIterator[Request]:
        response, section, page, depth = came
        if response.status in urls.REDIRECTS:  # to a page that was asked for
            self.agenda.came(section, page)
            self._note_in_vain(section, page, self.listed_at(response), Reason.REDIRECTED_AWAY)
            for request in self._go_on():
                yield request
            return
        learnt, comes_again = self.reader.learnt, False
        try:
            found = await self.reader.read_apart(self.pages, self.name, response)
            if isinstance(found, Listing) and found.maybe_sessions:
                if self.visits.learn_from(response, found, learnt):
                    found = await self.reader.read_apart(self.pages, self.name, response)
                elif self.visits.wants_again(response, found, learnt, (section, page)):
                    comes_again = True
                    yield self._again_request(response, section, page, depth)
                    return
        except ReadingStopped:
            return
        finally:
            if not comes_again:
                self.agenda.came(section, page)
        for request in self._after_list(response, found, section, page, depth):
            yield request

    # The platform, where it is still to be found

    async def _find_by(self, came: Arrived) -> AsyncIterator[Request]:
        """Look for the platform on a page that came; it is read once that is decided."""
        self.finder.waiting -= 1
        try:
            sends_on = await self.finder.look(self.pages, self.name, came.response)
        except ReadingStopped:
            return
        if not sends_on:
            self.finder.held.append(came)
        else:
            async for request in self._read(came):
                self.finder.waiting += 1
                request.errback = self.start_failed
                yield request
        async for request in self._found():
            yield request

    async def _found(self) -> AsyncIterator[Request]:
        """Ask for the next page that may show the platform; or go on with what is decided, and read what waits."""
        if self.finder.waiting > 0 or not self.finder.is_open:
            return
        if requests := self._ask_to_find():
            yield requests[0]
            return
        waiting = self.finder.decide()
        if self.finder.name != self.platform.name:
            keep_platform(self, self.finder.name)
            for came in waiting:
                url = self.sections[came.section].url
                self.sections.drop(came.section)
                self.sections.begin(url, self.memory, depth=came.depth)
        elif self.finder.saw:
            self.platform_from = FOUND
        requests = list(self._begin())
        for place, request in enumerate(requests):  # they go out before the articles of what waits, as else they do
            request.priority = START + len(requests) - place
            yield request
        for came in waiting:
            async for request in self._read(came):
                yield request

    async def start_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Report a page that could not be read while the platform was to be found on it; look for it elsewhere."""
        async with self.in_order.a_list():
            self.finder.waiting -= 1
            for request in self.page_failed(failure):
                yield request
            async for request in self._found():
                yield request

    async def looked_at(self, response: Response) -> AsyncIterator[Request]:
        """Take a page that was asked for only to find the platform."""
        async with self.in_order.a_list():
            self.finder.waiting -= 1
            try:
                if urls.host(response.url) in self.allowed_domains:
                    await self.finder.look(self.pages, self.name, response)
            except ReadingStopped:
                return
            async for request in self._found():
                yield request

    async def not_looked_at(self, failure: Failure) -> AsyncIterator[Request]:
        """Do without a page that was asked for only to find the platform."""
        why_failed(failure)
        async with self.in_order.a_list():
            self.finder.waiting -= 1
            async for request in self._found():
                yield request

    def _led_away(self, url: str, asked: str, section: str, page: Page, depth: int) -> Iterator[Request]:
        """Read nothing of a page on another host, whoever's it is, and report that the list `asked` leads there."""
        reason, detail = self._why_offsite(url, url, depth)
        self.agenda.came(section, page)
        self.report.skipped(url, reason, detail, kind=kind_of_list(page, depth))
        self._note_in_vain(section, page, asked, reason)
        yield from self._go_on()

    def _why_offsite(self, url: str, detail: str, depth: int) -> tuple[str, str]:
        """Return (reason, detail) of a page that leads to `url` on another host: of a start page, whose that is."""
        return (Reason.OFFSITE, detail) if depth else (Reason.MOVED_TO_ANOTHER, where_to(self, url))

    def _again_request(self, response: Response, section: str, page: Page, depth: int) -> Request:
        """Ask for a list as another visitor, to see which parameters of its links stay."""
        asked = asked_url(response.request) if response.request else response.url
        return Request(
            asked, self.parse_again, errback=self.again_failed, priority=START, dont_filter=True,
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
            finally:
                self.agenda.came(section, page)
            for request in self._after_list(response, found, section, page, depth):
                yield request

    def again_failed(self, failure: Failure) -> Iterator[Request]:
        """Go on with a list that came the first time and not the second."""
        request, _, _ = why_failed(failure)
        section, page, depth = (request.cb_kwargs[name] for name in ("section", "page", "depth"))
        first = self.visits.first((section, page))
        self.agenda.came(section, page)
        yield from self._after_list(first.response, first.found, section, page, depth)

    async def _list_instead(self, response: Response, key: str) -> AsyncIterator[Request]:
        """Read the list that came where the article `key` was expected, as if it had been asked for."""
        self.frontier.give_up(key, response.url)
        url = asked_url(response.request) if response.request else response.url
        kind = "recheck" if key in self.memory.stored else "section"
        self.report.skipped(url, Reason.NO_ARTICLE, "it is a list", kind=kind, key=key)
        if section := self.sections.begin(url, self.memory, depth=0):
            async for request in self.parse(response, section, FIRST, depth=SECTION_DEPTH - 1):
                yield request
        for request in self._release():
            yield request

    def _is_known_list(self, url: str) -> bool:
        """Return whether an address was read as a list in this run, or in an earlier one."""
        return url in self.sections or self.memory.is_list(section_key(url))

    def _after_list(self, response: Response, found: Found, section: str, page: Page, depth: int) -> Iterator[Request]:
        """Note a list that came, ask for what it names, and for what promises most then."""
        yield from self._note_list(response, found, section, page, depth)
        if section in self._discovering and page == FIRST:
            yield from self._discover(found=isinstance(found, Listing) and bool(found.entries or found.pages))
        yield from self._go_on()

    def _note_list(self, response: Response, found: Found, section: str, page: Page, depth: int) -> Iterator[Request]:
        asked = self.listed_at(response)
        if isinstance(found, ArticleInstead):
            yield from self._offer([(found.url, Listed())])
        elif isinstance(found, Refusal):
            reason, detail = found.reason, found.detail
            if reason == Reason.OFFSITE:
                reason, detail = self._why_offsite(detail, detail, depth)
            self.report.skipped(response.url, reason, detail, kind=kind_of_list(page, depth))
            self._note_in_vain(section, page, asked, reason)
            self.agenda.walks[section] = depth
        else:
            if response.status == 304:
                self.crawler.stats.inc_value("spider/not_modified")
            if page == FIRST and found.onward:
                yield from self._go_onward(response, section, found.onward, depth)
                if not found.entries:
                    return
            of_keys = [(link, key) for link, _ in found.entries if (key := self.platform.identity(link))]
            keys = [key for _, key in of_keys]
            is_list = page != FIRST or found.has_items or len(keys) >= _SEVERAL
            is_too_old = bool(keys) and all(self._is_too_old(listed) for _, listed in found.entries)
            if self._reacts and any(self._is_news(key) and not self._is_known_list(link) for link, key in of_keys):
                yield from self._read_put_aside()
            yield from self._offer(found.entries)
            if page == FIRST:
                self.sections.add_address(section, self._address(response.url))
            if is_list:
                self.agenda.article_families.update(kind for url, _ in found.entries if (kind := family(url)))
                self._note_page(section, page, asked, found, keys, is_too_old)
                self.sections[section].note_kind(is_data=is_data(asked), has_titles=self._tells_titles(found))
                self.agenda.read(section, depth)
                self.sections[section].upcoming()  # what is remembered depends on whether the list is at its end
            else:
                self.agenda.in_vain(section, asked)
            self.report.read(response, asked, section, self.sections[section], page, found, is_list=is_list)
            if found.left_out:
                said = f"{found.left_out} more addresses than are read of one list"
                self.report.skipped(asked, Reason.TOO_LARGE, said, kind=kind_of_list(page, depth))
            self._elsewhere += found.spare_feeds
            if page == FIRST and found.frames:
                yield from self._go_onward(response, section, found.frames, depth)
            if depth == 0:
                yield from self._start_page(asked, found)
            elif found.is_index:
                for feed in found.feeds:
                    self.agenda.add(feed, SECTION_DEPTH)
            if page == FIRST and depth < SECTION_DEPTH and (is_list or depth == 0):
                for link in found.links:
                    self.agenda.add(link, depth + 1)

    def _note_page(
        self, section: str, page: Page, asked: str, listing: Listing, keys: list[str], is_too_old: bool
    ) -> None:
        """Note a page of a list in its walk, and where its further pages cannot be asked for."""
        walk = self.sections[section]
        new = set(filter(self._is_news, keys))
        pages, certain = listing.pages, set[Page]()
        if listing.is_index and not self.memory.full:
            pages, certain = sitemap_dates.changed(pages, self.memory.pages)
            self.crawler.stats.inc_value("spider/sitemaps_unchanged", len(listing.pages) - len(pages))
        walk.note(page, keys, new, pages, too_old=is_too_old, is_index=listing.is_index, certain=certain)
        if listing.goes_on_by_script:
            why = "its further pages are asked for by script"
            self.report.skipped(asked, Reason.PAGER_NOT_FOLLOWED, why, kind="section")
        elif walk.is_stuck:
            self.sections.unread[section] = asked, "its pager leads to the same page"

    def _tells_titles(self, listing: Listing) -> bool:
        """Tell whether a list shows titles, or its platform needs none to know an article."""
        titles = sum(bool(listed.title) for _, listed in listing.entries)
        return 2 * titles > len(listing.entries) or not self.platform.items_only

    def _is_news(self, key: str) -> bool:
        """Tell whether an article is new: neither stored nor met, and not got, by an earlier run."""
        known = key in self.memory.stored or key in self.left_out.keys or key in self.memory.refused
        return not known and not self.memory.is_none(key)

    def _note_in_vain(self, section: str, page: Page, url: str, reason: str) -> None:
        """Note a page that could not be read as a list; one that is none is remembered as such."""
        self.agenda.in_vain(section, url)
        self.sections[section].fail(page, url)
        if page == FIRST and reason in _NO_LIST:
            self.sections.none[section] = self.sections[section].url

    def _start_page(self, asked: str, listing: Listing) -> Iterator[Request]:
        """Ask for the feeds that a start page names; report one that only a script fills."""
        if listing.is_frame:
            self.report.skipped(asked, Reason.FILLED_BY_SCRIPT, kind="section")
        is_main = urlsplit(asked).path == "/" or not self._has_home
        first = listing.feeds[: int(is_main)]  # the others, and those of sections, repeat it
        for feed in listing.feeds:
            if feed not in first:
                self.agenda.add(feed, SECTION_DEPTH, spare=True)
        for feed in first:
            known = section_key(feed) in self.agenda.put_aside
            if not known and (request := self._section_request(feed, depth=SECTION_DEPTH, priority=START)):
                yield request

    def _go_onward(self, response: Response, section: str, addresses: list[str], depth: int) -> Iterator[Request]:
        """Ask for the pages that stand in a page's place, as if their addresses had been asked for at once."""
        priority = START if depth == 0 else SECTION
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

    def page_failed(self, failure: Failure) -> Iterator[Request]:
        """Report a list that could not be read, and ask for the next page of it that is known."""
        request, reason, detail = why_failed(failure)
        section, page, depth = (request.cb_kwargs[name] for name in ("section", "page", "depth"))
        if reason == Reason.OFFSITE and urls.host(request.url) not in self.allowed_domains:
            reason, detail = self._why_offsite(request.url, detail, depth)
        self.report.skipped(request.url, reason, detail, kind=kind_of_list(page, depth))
        self.agenda.came(section, page)
        if page == FIRST:  # the same list under another language prefix gets its chance
            self.frontier.failed.update((request.url, asked_url(request)))
            self._note_in_vain(section, page, request.url, reason)
            self.sections.drop(section)
        else:
            self.sections[section].fail(page, request.url)
            self.agenda.walks[section] = depth
        if section in self._discovering and page == FIRST:
            yield from self._discover(found=False)
        yield from self._go_on()
