"""Second stage: when the article was published, and which days it names."""

from datetime import datetime

from scrapy.crawler import Crawler

from crawler.dates import parse_date
from crawler.pipelines.stages import complete_dates
from crawler.reasons import Reason
from crawler.run.items import NotStored, PageItem

_OWN = ("page", "meta", "url")  # dates that an article's page bears itself


class DatesPipeline:
    """Chooses the publication date and finds the event dates. Counts under `dates/`.

    A page of which it is unsure that it is an article is not stored without a date of its own. With TINPHUONG_SINCE,
    articles that are older, by their own date, are not stored.
    """

    def __init__(self, crawler: Crawler):
        self.stats = crawler.stats
        self.since: str | None = crawler.settings.get("TINPHUONG_SINCE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "DatesPipeline":
        """Build from the crawler."""
        return cls(crawler)

    def process_item(self, item: PageItem) -> PageItem:
        """Complete the article's dates; raise NotStored for one before TINPHUONG_SINCE."""
        article = item.article
        if article is None:
            return item
        complete_dates(item, article)
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
    """Return what a user wrote after --since as an ISO date, or None if it is no date."""
    found = parse_date(text, base=now)
    return found.isoformat().split("/")[0][:10] if found else None
