"""Third stage: counts the wards and communes that the article is about."""

from scrapy.crawler import Crawler

from crawler.run.items import PageItem


class UnitsPipeline:
    """Counts the links that were found when the page was read (`stages.link_units`) under `units/`, by where they were
    found, and articles without any."""

    def __init__(self, crawler: Crawler):
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "UnitsPipeline":
        """Return the pipeline for `crawler`."""
        return cls(crawler)

    def process_item(self, item: PageItem) -> PageItem:
        """Count the links of the article."""
        if item.article is None:
            return item
        for link in item.units:
            self.stats.inc_value(f"units/in_{link.where}")
        if not item.units:
            self.stats.inc_value("units/none")
        return item
