"""Finds the platform of a site whose facts state none, on the first pages that a run fetches anyway.

Until it is decided nothing is read of these pages, so that no list is read by one platform's rules and the next by
another's. A page that only sends its readers on, or is none of the portal's (a firewall's, an error's), says nothing:
then the next one decides. Where a home page has marks that are too few to name a platform, the first page that it links
to as news is looked at besides.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scrapy.http import HtmlResponse, Response

from crawler import urls
from crawler.extraction.onward import sends_on_to
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.page_problems import page_problem
from crawler.reasons import Reason
from crawler.run.reading.reader import PageEnded, PageReader
from crawler.run.reading.received import Received
from crawler.run.site import Site
from crawler.run.site_memory import Page
from spiders.fingerprint import GENERIC, Seen, identify, platforms
from spiders.lists.answers import as_text, feed_in, page_of, unpacked
from spiders.lists.empty_lists import is_list_of
from spiders.lists.responses import charset_of

_FEWEST = 2  # entries that are a list
_MOST_INSTEAD = 3  # pages of an archive without a start page that may decide


class Look(NamedTuple):
    """What pages say of their platform. `name`: the platform, GENERIC where no evidence is enough; `seen`: the pages so
    far, none of which said nothing; `has_marks`: there is some evidence; `sends_on`: the last page only sends its
    readers on; `link`: where it shows its first news, "" where nowhere."""

    name: str
    seen: tuple[Seen, ...]
    has_marks: bool = False
    sends_on: bool = False
    link: str = ""


class Arrived(NamedTuple):
    """A page that waits to be read as a list until the platform is decided."""

    response: Response
    section: str
    page: Page
    depth: int


def look_at(site: type[Site], page: Received, before: tuple[Seen, ...], refused: frozenset[str]) -> Look:
    """Return what a page says, together with those `before`: work for a reader of pages. `refused`: platforms that
    were found before and did not fit: they fit where they find a list now."""
    nothing = Look(GENERIC, before)
    response = page.response()
    answer = unpacked(response)
    text = None if isinstance(answer, Reason) else as_text(answer)
    try:
        if text is None or feed_in(text) is not None:
            return nothing
        html = page_of(text)
        if sends_on_to(text.body, text.url, charset_of(text)) and not platforms()[GENERIC].read_items(html, None):
            return nothing._replace(sends_on=True)
        if page_problem(text.body, text.url, charset_of(text)):
            return nothing
        seen = (*before, Seen.of_page(html))
        name, matches = identify(seen)
        in_vain = name in refused and not is_list_of(name, html)  # it may have been another page for a day
        if name != GENERIC and (in_vain or _is_read_better_without(name, html)):
            return Look(GENERIC, seen)
        return Look(name, seen, bool(matches), link=_first_news(html) if matches and name == GENERIC else "")
    except PageTooLarge:
        return nothing


def _is_read_better_without(name: str, page: HtmlResponse) -> bool:
    """Tell whether a page lists articles to `generic` alone: so it does where a theme leaves nothing of the platform
    but its marks. Where a platform has feeds or an API, its pages need not list anything."""
    if platforms()[name].discovery or is_list_of(name, page):
        return False
    return len(platforms()[GENERIC].read_items(page, None)) >= _FEWEST


def _first_news(page: HtmlResponse) -> str:
    for item in platforms()[GENERIC].read_items(page, None):
        url = urls.absolute(page.url, item.href)
        if url and urls.host(url) == urls.host(page.url):
            return url
    return ""


@dataclass(slots=True)
class PlatformFinder:
    """The search in one run. `is_open`: nothing was decided yet; `name`: what was; `waiting`: requests whose answers
    may decide; `held`: pages that came."""

    is_open: bool = False
    may_ask: bool = False  # for a page that is asked for to decide alone
    name: str = GENERIC
    waiting: int = 0
    held: list[Arrived] = field(default_factory=list)
    candidates: deque[str] = field(default_factory=deque)
    refused: frozenset[str] = frozenset()
    _look: Look = field(default=Look(GENERIC, ()))

    @property
    def saw(self) -> bool:
        """Whether a page of the portal was looked at."""
        return bool(self._look.seen)

    def open(self, starts: Iterable[str], instead: list[str], refused: Iterable[str], *, may_ask: bool) -> None:
        """Begin the search at the start pages, or the pages that an archive has instead of them."""
        self.is_open, self.may_ask, self.refused = True, may_ask, frozenset(refused)
        self.candidates.extend([*starts, *instead[:_MOST_INSTEAD]])

    async def look(self, pages: PageReader, site: str, response: Response) -> bool:
        """Look at a page that came; True where it only sends its readers on. Raises ReadingStopped."""
        if response.status == 304 or response.status in urls.REDIRECTS:
            return False
        page = Received.of(response)._replace(arguments={})
        try:
            self._look = await pages.read(site, look_at, page, self._look.seen, self.refused)
        except PageEnded:
            return False  # reading it as a list says so
        return self._look.sends_on

    def next(self, ask: Callable[[str], Any], ask_to_decide: Callable[[str], Any]) -> Any:
        """Return what `ask` makes of a start page that is to decide, or `ask_to_decide` of another page; None where all
        is decided that can be."""
        look = self._look
        if look.name != GENERIC or (self.held and not look.has_marks):
            return None
        while self.candidates:
            if request := ask(self.candidates.popleft()):
                return request
        if self.held and self.may_ask and look.link:
            self.may_ask = False
            return ask_to_decide(look.link)
        return None

    def decide(self) -> list[Arrived]:
        """End the search; returns the pages that wait to be read."""
        self.is_open, self.name = False, self._look.name
        held, self.held = self.held, []
        return held
