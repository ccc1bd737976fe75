"""Second stage: decides by the publication date which articles are stored."""

from datetime import datetime

from scrapy.crawler import Crawler

from crawler.dates import parse_date
from crawler.reasons import Reason
from crawler.run.items import NotStored, PageItem

_OWN = ("page", "meta", "url")  # sources of dates on an article's own page


class DatesPipeline:
    """Decides by the dates that were found when the page was read (`stages.complete_dates`). Counts under `dates/`.

    A page that may not be an article (`unsure`) is stored only with a date of its own. With TINPHUONG_SINCE, articles
    whose own date is earlier are not stored.
    """

    def __init__(self, crawler: Crawler):
        self.stats = crawler.stats
        self.since: str | None = crawler.settings.get("TINPHUONG_SINCE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "DatesPipeline":
        """Return the pipeline for `crawler`."""
        return cls(crawler)

    def process_item(self, item: PageItem) -> PageItem:
        """Raise NotStored for an article before TINPHUONG_SINCE, and for an unsure one without a date."""
        article = item.article
        if article is None:
            return item
        if item.unsure and article.published_from not in _OWN:
            raise NotStored(Reason.NO_DATE)
        self.stats.inc_value(f"dates/from_{article.published_from or 'nowhere'}")
        if self.since and article.published_at and _is_before(article.published_at, self.since):
            raise NotStored(Reason.BEFORE_SINCE, article.published_at)
        return item


def _is_before(published: str, since: str) -> bool:
    """Compare two ISO strings as far as both are precise."""
    length = min(len(published), len(since), 10)
    return published[:length] < since[:length]


def read_since(text: str, now: datetime) -> str | None:
    """Return what a user wrote after --since as an ISO date, or None if it cannot be read as a date."""
    found = parse_date(text, base=now)
    return found.isoformat().split("/")[0][:10] if found else None
