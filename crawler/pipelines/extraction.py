"""First stage: has the page read, and isolates the article."""

import asyncio

from scrapy.crawler import Crawler

from crawler.extensions.ledger import ledger_of
from crawler.pipelines.stages import read_article
from crawler.reasons import Reason
from crawler.run.items import NotStored, PageItem
from crawler.run.reading.reader import PageEnded, ReadingStopped
from storage import fields


class ExtractionPipeline:
    """Adds `article` to the page; a page without one is not stored. Counts under `extraction/`.

    The page is read in a process of its own (`crawler/run/reading/`), together with what the next two stages decide on:
    one bound on time and memory holds for all three.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.stats = crawler.stats
        self._in_order = asyncio.Lock()  # a page is read with what is known once the one before it is stored

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ExtractionPipeline":
        """Return the pipeline for `crawler`."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Find what is known of the site."""
        self.ledger = ledger_of(self.crawler)

    async def process_item(self, item: PageItem) -> PageItem:
        """Raise NotStored with the page's reason where it holds no article, or where reading it was ended."""
        learning = self.ledger.learning
        try:
            async with self._in_order:
                item.profile, item.observer = learning.profile, learning.observer(item.key)
                read = await self.ledger.context.pages.read(item.site, read_article, item)
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
