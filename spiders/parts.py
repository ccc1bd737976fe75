"""Articles that continue on further pages: asks for these, and hands over the article when it is whole."""

from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler.extensions.ledger import ledger_of
from crawler.reasons import Reason
from crawler.run.article_parts import ArticleParts
from crawler.run.items import Listed, PageItem
from crawler.run.reading.reader import PageEnded, PageReader, ReadingStopped
from crawler.run.site import Site
from crawler.text.counted import counted
from spiders.lists.responses import charset_of, why_failed

_PART = 25  # priority: before other articles, after start pages


class SpiderOfParts(Site):
    """A site whose articles may have several pages."""

    @property
    def pages(self) -> PageReader:
        """What reads the site's pages: the run's, in processes that can be ended."""
        pages: PageReader = ledger_of(self.crawler).context.pages
        return pages

    def _article_missed(
        self, key: str, listed: Listed, tried: frozenset[str], url: str, reason: str, detail: str = ""
    ) -> Iterator[Request]:
        """Ask for another address of an article, or report that it could not be had."""
        raise NotImplementedError

    def _go_onward_from(self, gathering: ArticleParts) -> Iterator[Request]:
        """Ask for the page to which an article's address only sends on."""
        raise NotImplementedError

    async def _noted(
        self, gathering: ArticleParts, reading: Coroutine[Any, Any, None]
    ) -> AsyncIterator[Request | PageItem]:
        """Go on with an article once the pager of one of its pages is read; if it cannot be, the article is missed."""
        try:
            await reading
        except PageEnded as ended:
            item = gathering.item
            following: Iterator[Request | PageItem] = self._article_missed(
                item.key, item.listed, gathering.tried, item.url, ended.reason, ended.detail
            )
        except ReadingStopped:
            return
        else:
            following = self._go_onward_from(gathering) if gathering.onward else self._gather(gathering)
        for one in following:
            yield one

    def _gather(self, gathering: ArticleParts) -> Iterator[Request | PageItem]:
        """Ask for the article's next page, or hand over the article when it is whole."""
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
            yield from self._part_missed(gathering, f"more than {counted(len(gathering.read), 'page')}")

    async def parse_part(
        self, response: Response, key: str, gathering: ArticleParts, number: int
    ) -> AsyncIterator[Request | PageItem]:
        """Add a further page to its article."""
        if not isinstance(response, TextResponse) or not gathering.take(number, response, charset_of(response)):
            for request in self._part_missed(gathering, f"page {number} leads to {response.url}"):
                yield request
            return
        async for one in self._noted(gathering, gathering.note(self.pages, response)):
            yield one

    def part_failed(self, failure: Failure) -> Iterator[Request | PageItem]:
        """Report an article of which a further page could not be fetched; without a frame it goes on."""
        request, reason, detail = why_failed(failure)
        number, gathering = request.cb_kwargs["number"], request.cb_kwargs["gathering"]
        if gathering.do_without(number):
            self.crawler.stats.inc_value("spider/frames_missing")
            yield from self._gather(gathering)
        else:
            yield from self._part_missed(gathering, f"page {number}: {detail or reason}")

    def _part_missed(self, gathering: ArticleParts, detail: str) -> Iterator[Request]:
        item, why = gathering.item, Reason.PART_MISSING
        yield from self._article_missed(item.key, item.listed, gathering.tried, item.url, why, detail)
