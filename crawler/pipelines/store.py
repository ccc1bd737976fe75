"""Last stage: saves the article as a row."""

from scrapy.crawler import Crawler

from crawler.extensions.ledger import ledger_of
from crawler.pipelines.article_record import record_of
from crawler.reasons import Reason
from crawler.run.items import NotStored, PageItem
from crawler.run.signals import article_saved
from storage.errors import CapturesUnwritable, Unwritable


class StorePipeline:
    """Saves articles through the run's ledger. Counts under `store/`."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        """Return the pipeline for `crawler`."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Find the collection and the run."""
        self.ledger = ledger_of(self.crawler)

    def process_item(self, item: PageItem) -> PageItem:
        """Save the item and send its outcome; raise NotStored, and end the run, where nothing can be written."""
        if item.article is None:
            return item
        try:
            outcome = self.ledger.collection.save(record_of(item), self.ledger.run_id, twin=item.twin)
        except (Unwritable, CapturesUnwritable) as error:
            self.ledger.stop_run(error)
            raise NotStored(Reason.DATABASE_UNWRITABLE) from None
        self.crawler.stats.inc_value(f"store/{outcome}")
        self.crawler.signals.send_catch_log(article_saved, spider=self.crawler.spider, item=item, outcome=outcome)
        return item
