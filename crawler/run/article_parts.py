"""Collects the pages of an article that continues on further pages."""

from dataclasses import dataclass, field, replace

from scrapy.http import Response, TextResponse

from crawler import urls
from crawler.run.items import FurtherPage, PageItem
from crawler.run.reading.reader import Reads
from crawler.run.reading.received import Received
from crawler.run.site import Site, SitePlatform

_MOST = 50  # pages of one article


def further_pages(site: type[Site], page: Received) -> dict[int, str]:
    """Return number → address of the further pages that an article's page names: work for a reader of pages."""
    return site.platform.further_pages(page.response())


@dataclass(slots=True)
class ArticleParts:
    """An article whose further pages are still being fetched. `tried`: addresses of it that were requested."""

    item: PageItem
    platform: SitePlatform
    tried: frozenset[str]
    named: dict[int, str] = field(default_factory=dict)  # number → address
    read: dict[int, FurtherPage] = field(default_factory=dict)

    async def note(self, pages: Reads, response: Response) -> None:
        """Add the further pages that the pager of a page links to. Raises PageEnded and ReadingStopped."""
        if not self.platform.parts or not isinstance(response, TextResponse):
            return
        arguments: dict[str, object] = {}  # those of the spider's callback are not needed, nor can they be handed on
        page = Received.of(response)._replace(arguments=arguments)
        for number, url in (await pages.read(self.item.site, further_pages, page)).items():
            self.named.setdefault(number, url)

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
        if self.platform.part_of(urls.cleaned(response.url)) != self.platform.part_of(self.named[number]):
            return False
        self.read[number] = FurtherPage(urls.cleaned(response.url), response.body, charset)
        return True

    def whole(self) -> PageItem:
        """Return the article with its further pages in order."""
        pages = tuple(self.read[number] for number in sorted(self.read))
        seen = dict.fromkeys((*self.item.seen_urls, *(page.url for page in pages)))
        return replace(self.item, further=pages, seen_urls=tuple(seen)) if pages else self.item
