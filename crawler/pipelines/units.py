"""Third stage: finds the wards and communes that the article is about."""

from typing import Any

from scrapy.crawler import Crawler

from crawler.pipelines.stages import link_units
from crawler.run.items import PageItem
from crawler.units.scope import scope_of


class UnitsPipeline:
    """Adds `units`. Counts under `units/`: links by where they were found, and articles without any."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "UnitsPipeline":
        """Return the pipeline for `crawler`."""
        return cls(crawler)

    def process_item(self, item: PageItem) -> PageItem:
        """Link the article to the units that its title, lead or body names."""
        article = item.article
        if article is None:
            return item
        spider: Any = self.crawler.spider
        # The table of units is loaded with the first article; a run without articles does not load it.
        link_units(item, article, scope_of(spider.name, spider.unit_old, spider.unit_new))
        for link in item.units:
            self.stats.inc_value(f"units/in_{link.where}")
        if not item.units:
            self.stats.inc_value("units/none")
        return item
