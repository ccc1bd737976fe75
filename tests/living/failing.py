"""Parts of a crawl that fail when their spider closes, where it is that of $FAILING_SITE."""

import os

from scrapy import signals
from scrapy.core.scheduler import Scheduler
from scrapy.crawler import Crawler


class FailingExtension:
    @classmethod
    def from_crawler(cls, crawler: Crawler):
        extension = cls()
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_closed(self, spider):
        if spider.name == os.environ["FAILING_SITE"]:
            raise KeyError("của người khác")


class FailingPipeline:
    @classmethod
    def from_crawler(cls, crawler: Crawler):
        pipeline = cls()
        pipeline.crawler = crawler
        return pipeline

    def process_item(self, item):
        return item

    def close_spider(self):
        if self.crawler.spider.name == os.environ["FAILING_SITE"]:
            raise KeyError("của người khác")


class FailingScheduler(Scheduler):
    def close(self, reason):
        if self.crawler.spider.name == os.environ["FAILING_SITE"]:
            raise KeyError("của người khác")
        return super().close(reason)
