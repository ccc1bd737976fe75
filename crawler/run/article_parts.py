"""Collects the pages of an article that continues on further pages."""

from dataclasses import dataclass, field, replace

from scrapy.http import Response, TextResponse

from crawler import urls
from crawler.extraction import frames
from crawler.extraction.onward import may_send_on, sends_on_to
from crawler.run.items import FurtherPage, PageItem
from crawler.run.reading.reader import Reads
from crawler.run.reading.received import Received
from crawler.run.site import Site, SitePlatform

_MOST = 50  # pages of one article


def further_pages(site: type[Site], page: Received) -> dict[int, str]:
    """Return number → address of the further pages that an article's page names: work for a reader of pages."""
    return site.platform.further_pages(page.response())


def standing_for(site: type[Site], page: Received, item: PageItem) -> tuple[list[str], list[str]]:
    """Return (where a page at an article's address sends its readers, the frames with its text): work for a reader."""
    onward = sends_on_to(item.html, page.url, item.charset, frames_too=False) if may_send_on(item.html) else []
    return onward, [] if onward else frames.holding_text(item.html, page.url, item.layout, item.charset)


@dataclass(slots=True)
class ArticleParts:
    """An article whose frames and further pages are still being fetched. `tried`: addresses of it that were requested.

    Frames have numbers below zero. `onward`: where the page only sends its readers on to; `sent_on`: the addresses that
    led to it, its own the last.
    """

    item: PageItem
    platform: SitePlatform
    tried: frozenset[str]
    named: dict[int, str] = field(default_factory=dict)  # number → address
    read: dict[int, FurtherPage] = field(default_factory=dict)
    onward: list[str] = field(default_factory=list)
    sent_on: tuple[str, ...] = ()
    lacks_frame: bool = False

    async def note(self, pages: Reads, response: Response) -> None:
        """Add the frames of an article's page, and the further pages to which the pager of a page links.

        Raises PageEnded and ReadingStopped.
        """
        if not isinstance(response, TextResponse):
            return
        arguments: dict[str, object] = {}  # those of the spider's callback are not needed, nor can they be handed on
        page = Received.of(response)._replace(arguments=arguments)
        if not self.read and (may_send_on(response.body) or frames.named(response.body, response.url)):
            self.onward, framed = await pages.read(self.item.site, standing_for, page, self.item)
            self.named.update((number - len(framed), url) for number, url in enumerate(framed))
        if not self.platform.parts or self.onward:
            return
        for number, url in (await pages.read(self.item.site, further_pages, page)).items():
            self.named.setdefault(number, url)

    def do_without(self, number: int) -> bool:
        """Leave out a page that cannot be had; False where the article is none without it, as it is not a frame."""
        self.lacks_frame = self.lacks_frame or number < 0
        return number < 0 and self.named.pop(number, None) is not None

    def next(self) -> tuple[int, str] | None:
        """Return the next page to request as (number, address); None where all are read, or too many."""
        waiting = sorted(number for number in self.named if number not in self.read)
        return (waiting[0], self.named[waiting[0]]) if waiting and len(self.read) < _MOST else None

    @property
    def is_whole(self) -> bool:
        """Whether every page that a pager links to was read."""
        return self.named.keys() <= self.read.keys()

    def take(self, number: int, response: TextResponse, charset: str | None) -> bool:
        """Add the page that came, to be noted then; False where it is not the one that was requested."""
        url, named = urls.cleaned(response.url), self.named[number]
        if number > 0 and self.platform.part_of(url) != self.platform.part_of(named):
            return False
        self.read[number] = FurtherPage(url, response.body, charset, named if number < 0 else "")
        return True

    def whole(self) -> PageItem:
        """Return the article with its frames and further pages in order; a frame's address is none of the article's."""
        pages = tuple(self.read[number] for number in sorted(self.read))
        seen = dict.fromkeys((*self.item.seen_urls, *(page.url for page in pages if not page.frame)))
        if not pages and not self.lacks_frame:
            return self.item
        return replace(self.item, further=pages, seen_urls=tuple(seen), lacks_frame=self.lacks_frame)
