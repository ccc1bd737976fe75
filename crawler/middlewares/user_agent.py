"""Says who asks, in every request."""

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler

if TYPE_CHECKING:
    from typing import Self


class UserAgentMiddleware:
    """Sets the header User-Agent to USER_AGENT, which a site's fact `user_agent` changes for its crawl.

    It is also the name by which robots.txt is judged, and stands in the request record of each capture. Scrapy's own
    middleware takes an attribute of the spider in its place, and warns of it.
    """

    def __init__(self, user_agent: str):
        self.user_agent = user_agent

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Self":
        """Return the middleware for `crawler`."""
        return cls(crawler.settings["USER_AGENT"])

    def process_request(self, request: Request) -> None:
        """Set the header where the request has none."""
        request.headers.setdefault(b"User-Agent", self.user_agent)
