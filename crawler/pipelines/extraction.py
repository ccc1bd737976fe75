"""First stage: has the page read, and isolates the article."""

import asyncio
from dataclasses import replace

from scrapy.crawler import Crawler

from crawler.extensions.ledger import ledger_of
from crawler.pipelines.stages import PageRead, read_article
from crawler.reasons import Reason
from crawler.run.items import NotStored, PageItem
from crawler.run.reading.reader import PageEnded, ReadingStopped
from storage import fields


class ExtractionPipeline:
    """Adds `article` to the page; a page without one is not stored. Counts under `extraction/`.

    The page is read in a process of its own (`crawler/run/reading/`), together with what the next two stages decide on:
    one bound on time and memory holds for all three. Pages are handed on in the order in which they came.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.stats = crawler.stats
        self._turn = asyncio.Lock()  # of those whose pages are not being read yet

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ExtractionPipeline":
        """Return the pipeline for `crawler`."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Find what is known of the site."""
        self.ledger = ledger_of(self.crawler)

    async def process_item(self, item: PageItem) -> PageItem:
        """Raise NotStored with the page's reason where it holds no article, or where reading it was ended."""
        try:
            read = await self._read(item)
        except PageEnded as ended:
            self.stats.inc_value(f"extraction/{ended.reason}")
            raise NotStored(ended.reason, ended.detail) from None
        except ReadingStopped:
            raise NotStored(Reason.INTERRUPTED) from None
        article = read.article
        if article.reason:
            self.stats.inc_value(f"extraction/{article.reason}")
            raise NotStored(article.reason)
        self.stats.inc_value("extraction/articles")
        for name in fields.COUNTED:
            if getattr(article, name):
                self.stats.inc_value(f"extraction/with_{name}")
        read.onto(item)
        return item

    async def _read(self, item: PageItem) -> PageRead:
        """Have the page read with what is known of the site now.

        As long as the next pages may be read otherwise for what is learned from this one, they wait until it is stored.
        """
        learning, pages = self.ledger.learning, self.ledger.context.pages
        async with self._turn:
            item.listed = replace(item.listed)  # what lists say from now on is no longer waited for
            item.profile, item.observer = learning.profile, learning.observer(item.key)
            reading = asyncio.ensure_future(pages.read(item.site, read_article, item))
            if pages.in_order is None or learning.is_beginning:
                return await reading
        return await reading
