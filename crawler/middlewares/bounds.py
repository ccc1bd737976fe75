"""Ends the requests of a site's run at the bound of one run."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.reasons import Reason
from crawler.run.failures import NotUsed
from crawler.text.counted import counted


class BoundsMiddleware:
    """Lets TINPHUONG_REQUESTS requests of a site's run pass; the rest are left to the next run.

    Redirects and retries are requests too. Counts under `bounds/`.
    """

    def __init__(self, crawler: Crawler):
        self.stats = crawler.stats
        self.most = crawler.settings.getint("TINPHUONG_REQUESTS")
        if not self.most:
            raise NotConfigured
        self._made = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "BoundsMiddleware":
        """Return the middleware, or switch it off without TINPHUONG_REQUESTS."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Count a request. Raises NotUsed for one too many."""
        if self._made >= self.most:
            self.stats.inc_value("bounds/refused")
            raise NotUsed(Reason.RUN_BOUND, f"{counted(self.most, 'request was', 'requests were')} made")
        self._made += 1
