"""First stage: isolates the article from its page."""

from scrapy.crawler import Crawler

from crawler.extensions.ledger import ledger_of
from crawler.pipelines.stages import isolate_article
from crawler.run.items import NotStored, PageItem
from storage import fields


class ExtractionPipeline:
    """Adds `article` to the page; a page without one is not stored. Counts under `extraction/`."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ExtractionPipeline":
        """Return the pipeline for `crawler`."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Find what is known of the site."""
        self.ledger = ledger_of(self.crawler)

    def process_item(self, item: PageItem) -> PageItem:
        """Raise NotStored with the page's reason where it holds no article."""
        learning = self.ledger.learning
        item.profile, item.observer = learning.profile, learning.observer(item.key)
        article = isolate_article(item)
        if article.reason:
            self.stats.inc_value(f"extraction/{article.reason}")
            raise NotStored(article.reason)
        self.stats.inc_value("extraction/articles")
        for name in fields.COUNTED:
            if getattr(article, name):
                self.stats.inc_value(f"extraction/with_{name}")
        item.article = article
        return item
