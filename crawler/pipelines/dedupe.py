"""Fourth stage: finds out whether the same text is already in the collection."""

from scrapy.crawler import Crawler

from crawler.extensions.ledger import ledger_of
from crawler.pipelines.article_record import record_of
from crawler.run.items import PageItem


class DedupePipeline:
    """Adds `twin` where the collection has the same text under another identity.

    Counts under `dedupe/`.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "DedupePipeline":
        """Return the pipeline for `crawler`."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Find the collection to compare with."""
        self.collection = ledger_of(self.crawler).collection

    def process_item(self, item: PageItem) -> PageItem:
        """Look up the hash of title and text."""
        if item.article is None:
            return item
        item.twin = self.collection.twin(record_of(item))
        self.crawler.stats.inc_value("dedupe/unlike" if item.twin is None else "dedupe/same_text")
        return item
