"""Last stage: saves the article as a row."""

from typing import Any

from scrapy.crawler import Crawler

from crawler.extensions.ledger import ledger_of
from crawler.pipelines.article_record import record_of
from crawler.pipelines.reread_capture import record_read_again
from crawler.reasons import Reason
from crawler.run.items import NotStored, PageItem
from crawler.run.reading.reader import ReadingStopped
from crawler.run.signals import article_saved
from storage.errors import CapturesUnwritable, Unwritable
from storage.records import Record
from storage.versions import revise, revision


class StorePipeline:
    """Saves articles through the run's ledger. Counts under `store/`.

    `store/read_differently`: texts that today's code reads otherwise than they were stored.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        """Return the pipeline for `crawler`."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Find the collection and the run."""
        self.ledger = ledger_of(self.crawler)

    async def process_item(self, item: PageItem) -> PageItem:
        """Save the item and send its outcome; raise NotStored, and end the run, where nothing can be written."""
        if item.article is None:
            return item
        record = record_of(item)
        try:
            if self._spider_knows(item):
                await self._correct(record)
                item.twin = self.ledger.collection.twin(record)  # others may have been stored meanwhile
            outcome = self.ledger.collection.save(record, self.ledger.run_id, twin=item.twin)
        except (Unwritable, CapturesUnwritable) as error:
            self.ledger.stop_run(error)
            raise NotStored(Reason.DATABASE_UNWRITABLE) from None
        except ReadingStopped:
            raise NotStored(Reason.INTERRUPTED) from None
        self.crawler.stats.inc_value(f"store/{outcome}")
        self.crawler.signals.send_catch_log(article_saved, spider=self.crawler.spider, item=item, outcome=outcome)
        return item

    def _spider_knows(self, item: PageItem) -> bool:
        spider: Any = self.crawler.spider
        return item.key in spider.memory.stored

    async def _correct(self, record: Record) -> None:
        """Where a known text would change, read its own capture again first: what differs then is our reading.

        The row takes that reading without a version, so that only what the site changed counts as an edit.
        """
        collection = self.ledger.collection
        spider: Any = self.crawler.spider
        row = collection.edited_by(record)
        if row is None:
            return
        pages = self.ledger.context.pages
        read = await record_read_again(pages, collection, row, type(spider), self.ledger.learning.profile)
        if read is None:
            return
        found = revision(collection, row, read)
        if found.new_text:
            revise(collection, row, read, found, self.ledger.run_id)
            self.crawler.stats.inc_value("store/read_differently")
