"""The spider every site is made of: from its start pages to lists, from lists to articles, newest first."""

from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.exceptions import NotConfigured
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler import urls
from crawler.events import listing_read, page_fetched, page_skipped
from crawler.extraction.problems import page_problem
from crawler.items import Listed, PageItem
from crawler.reasons import Reason, of_failure
from spiders.listing import FIRST, Page, Section, read_listing
from spiders.platform import Platform

_SECTION_DEPTH = 2  # clicks from a start page to a section's list
_MAX_SECTIONS = 400
_SEVERAL = 2  # articles on a page that make it a list, whatever its shape

# Articles come before further lists, pages of a list before further sections: what is new is in first.
_START, _ARTICLE, _PAGE, _SECTION = 30, 20, 10, 0


class PortalSpider(Spider):
    """One portal. A site states facts; a platform module states the rest; nothing here knows a particular site.

    Facts: `name` (the slug), `ward`, `host`, `start_pages` (paths), `platform`; optional: `other_hosts` that serve the
    same site, `scheme`, `unit_old` and `unit_new` (codes of the administrative unit before and since July 2025).
    """

    ward: ClassVar[str]
    host: ClassVar[str]
    platform: ClassVar[Platform]
    start_pages: ClassVar[tuple[str, ...]] = ("/",)
    other_hosts: ClassVar[tuple[str, ...]] = ()
    scheme: ClassVar[str] = "https"
    unit_old: ClassVar[str | None] = None
    unit_new: ClassVar[str | None] = None

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for fact in ("ward", "host", "platform"):
            if not hasattr(self, fact):
                raise NotConfigured(f"{type(self).__name__} states no {fact!r}")
        self.allowed_domains = [self.host, *self.other_hosts]
        self.known: set[str] = set()  # identities stored by earlier runs; the ledger fills it
        self.allowance = float("inf")  # articles that may still be asked for
        self.addresses: dict[str, list[str]] = {}  # identity → URLs under which it was met, in order
        self.section_of: dict[
            str, str
        ] = {}  # identity → title of the first list, the home page aside, that links to it
        self._asked: set[str] = set()  # identities asked for in this run
        self._failed: set[str] = set()  # URLs that gave neither article nor list
        self._sections: dict[str, Section] = {}
        self._held: deque[Request] = deque()  # article requests over the allowance
        self._paused: deque[tuple[str, int]] = deque()  # sections whose next page waits for allowance

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "PortalSpider":
        """Build the spider and connect what frees its allowance when an article turns out not to count."""
        spider: PortalSpider = super().from_crawler(crawler, *args, **kwargs)
        spider.allowance = crawler.settings.getint("TINPHUONG_LIMIT") or float("inf")
        crawler.signals.connect(spider._give_back, signal=signals.item_dropped)
        return spider

    # Requests

    async def start(self) -> AsyncIterator[Request]:
        """Yield the start pages."""
        for path in self.start_pages:
            url = urls.absolute(f"{self.scheme}://{self.host}/", path)
            if url and (request := self._section_request(url, depth=0, priority=_START)):
                yield request

    def _section_request(self, url: str, *, depth: int, priority: int) -> Request | None:
        """A request for a page that may be a list; None if it was asked for before."""
        key = urls.without_locale(url).split("://", 1)[1].rstrip("/")
        if key in self._sections or url in self._failed or len(self._sections) >= _MAX_SECTIONS:
            return None
        self._sections[key] = Section()
        return self._page_request(url, key, page=FIRST, depth=depth, priority=priority)

    def _page_request(self, url: str, section: str, *, page: Page, depth: int, priority: int) -> Request:
        return Request(
            url,
            self.parse,
            errback=self.page_failed,
            priority=priority,
            dont_filter=True,
            cb_kwargs={"section": section, "page": page, "depth": depth},
        )

    def _article_request(self, key: str, url: str, listed: Listed, tried: frozenset[str] = frozenset()) -> Request:
        return Request(
            url,
            self.parse_article,
            errback=self.article_failed,
            priority=_ARTICLE,
            dont_filter=True,
            cb_kwargs={"key": key, "listed": listed, "tried": tried | {url}},
        )

    def _offer(self, entries: Iterable[tuple[str, Listed]]) -> Iterator[Request]:
        """Ask for each article not asked for yet; one identity is fetched once, under the first URL that works."""
        for url, listed in entries:
            key = self.platform.identity(url)
            if key is None:
                continue
            if listed.section:
                self.section_of.setdefault(key, listed.section)
            met = self.addresses.setdefault(key, [])
            if url not in met:
                met.append(url)
            if key in self._asked or url in self._failed:
                continue
            self._asked.add(key)
            if key in self.known:
                self._count("known")
                continue
            self._held.append(self._article_request(key, url, listed))
        yield from self._release()

    def _release(self) -> Iterator[Request]:
        while self._held and self.allowance > 0:
            self.allowance -= 1
            yield self._held.popleft()

    def _give_back(self) -> None:
        """An article did not count against the limit: let the next one go."""
        self.allowance += 1
        for request in self._go_on():
            self.crawler.engine.crawl(request)

    def _go_on(self) -> Iterator[Request]:
        yield from self._release()
        while self._paused and self.allowance > 0:
            yield from self._next_page(*self._paused.popleft())

    # Lists

    def parse(self, response: Response, section: str, page: Page, depth: int) -> Iterator[Request | PageItem]:  # type: ignore[override]
        """Read a page that may be a list: yield its articles, its next page, and the sections it links to."""
        url = urls.absolute(response.url, "") or response.url
        if key := self.platform.identity(url):  # a start page or a section that redirects to an article
            yield from self._offer([(url, Listed())]) if key not in self._asked else ()
            return
        problem = (
            Reason.NOT_HTML if not isinstance(response, TextResponse) else page_problem(response.body, response.url)
        )
        if problem or not isinstance(response, TextResponse):
            self._skip(response.url, str(problem), "in place of a list", kind=_kind(page, depth))
            yield from self._next_page(section, depth)
            return
        listing = read_listing(response, self.platform, set(self.allowed_domains))
        is_list = listing.has_items or len(listing.entries) >= _SEVERAL
        self.crawler.signals.send_catch_log(
            listing_read,
            spider=self,
            url=response.url,
            articles=len(listing.entries),
            items=listing.item_count,
            is_list=is_list,
        )
        yield from self._offer(listing.entries)
        if is_list:
            self._sections[section].read(
                frozenset(self.platform.identity(url) for url, _ in listing.entries), listing.pages
            )
            yield from self._next_page(section, depth)
        if depth < _SECTION_DEPTH and page == FIRST and (is_list or depth == 0):
            for link in listing.links:
                if request := self._section_request(link, depth=depth + 1, priority=_SECTION - depth):
                    yield request

    def _next_page(self, section: str, depth: int) -> Iterator[Request]:
        if self.allowance <= 0:
            self._paused.append((section, depth))
        elif turned := self._sections[section].turn():
            page, url = turned
            yield self._page_request(url, section, page=page, depth=depth, priority=_PAGE)

    def page_failed(self, failure: Failure) -> Iterator[Request]:
        """Count a list that could not be read, and go on with the next page of it that is known."""
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, detail = of_failure(failure.value)
        section, page, depth = (request.cb_kwargs[name] for name in ("section", "page", "depth"))
        self._skip(request.url, reason, detail, kind=_kind(page, depth))
        if page == FIRST:  # the same list under another language prefix gets its chance
            self._failed.add(request.url)
            self._sections.pop(section, None)
        else:
            yield from self._next_page(section, depth)

    # Articles

    def parse_article(
        self, response: Response, key: str, listed: Listed, tried: frozenset[str]
    ) -> Iterator[Request | PageItem]:
        """Hand the page at an article's URL to the pipelines."""
        redirected = response.meta.get("redirect_urls") or ()
        asked = redirected[0] if redirected else response.url
        final = urls.absolute(response.url, "") or response.url
        identity = self.platform.identity(final)
        if identity is None:
            yield from self._without_article(key, listed, tried, asked, Reason.REDIRECTED_AWAY, final)
            return
        if not isinstance(response, TextResponse) and response.headers.get("Content-Type", b"").startswith(
            (b"application/", b"image/", b"audio/", b"video/")
        ):
            yield from self._without_article(key, listed, tried, asked, Reason.NOT_HTML)
            return
        if identity != key:  # the address moved to another article
            self.addresses.setdefault(identity, []).extend(self.addresses.pop(key, ()))
            if identity in self._asked:
                self._give_back()
                return
            self._asked.add(identity)
        canonical = self.platform.canonical(final)
        fetched_at = response.meta.get("captured_at") or datetime.now(UTC)
        seen = [*self.addresses.get(identity, ()), asked, final, *redirected]
        self.crawler.signals.send_catch_log(page_fetched, spider=self, url=response.url)
        yield PageItem(
            site=self.name,
            key=identity,
            url=canonical,
            html=response.body,
            layout=self.platform.layout_at(fetched_at),
            charset=_declared_charset(response),
            fetched_at=fetched_at,
            listed=listed,
            seen_urls=tuple(dict.fromkeys(url for url in seen if url != canonical)),
            capture_id=response.meta.get("capture_id"),
        )

    def article_failed(self, failure: Failure) -> Iterator[Request]:
        """Count an article that could not be fetched, or try another address of it first."""
        request: Request = failure.request  # type: ignore[attr-defined]
        reason, detail = of_failure(failure.value)
        key, listed, tried = (request.cb_kwargs[name] for name in ("key", "listed", "tried"))
        yield from self._without_article(key, listed, tried, request.url, reason, detail)

    def _without_article(
        self, key: str, listed: Listed, tried: frozenset[str], url: str, reason: str, detail: str = ""
    ) -> Iterator[Request]:
        self._failed.add(url)
        others = [other for other in self.addresses.get(key, ()) if other not in tried]
        if others:
            yield self._article_request(key, others[0], listed, tried)
            return
        self._asked.discard(key)  # should it be met under another address later, that one gets its chance
        self._skip(url, reason, detail, kind="article")
        self.allowance += 1
        yield from self._go_on()

    # Facts for the run's report

    def _skip(self, url: str, reason: str, detail: str = "", kind: str = "listing") -> None:
        self.crawler.signals.send_catch_log(
            page_skipped, spider=self, url=url, reason=str(reason), detail=detail, kind=kind
        )

    def _count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"spider/{what}")


def _declared_charset(response: Response) -> str | None:
    header = response.headers.get("Content-Type", b"") or b""
    _, _, charset = header.decode("latin-1").lower().partition("charset=")
    return charset.split(";")[0].split(",")[0].strip(" '\"") or None


def _kind(page: Page, depth: int) -> str:
    """A start page or a further page of a list is a listing; a link that may lead to one is a section."""
    return "listing" if depth == 0 or page != FIRST else "section"
