"""Fourth stage: finds out whether the same text is already in the collection."""

from scrapy.crawler import Crawler

from crawler.extensions.ledger import ledger_of
from crawler.pipelines.article_record import record_of
from crawler.pipelines.stages import fingerprint
from crawler.run.items import PageItem


class DedupePipeline:
    """Adds `content_hash` and, where the collection has the same text under another identity, `twin`.

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
        """Hash title and text, and look the hash up."""
        article = item.article
        if article is None:
            return item
        item.content_hash = fingerprint(article)
        item.twin = self.collection.twin(record_of(item))
        self.crawler.stats.inc_value("dedupe/unlike" if item.twin is None else "dedupe/same_text")
        return item
