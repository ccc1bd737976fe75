"""Follows no redirect of a list to a page that the run has asked for already: portals send empty sections home."""

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler import urls
from crawler.run.site import Site

if TYPE_CHECKING:
    from typing import Self


class KnownRedirectMiddleware:
    """Hands the redirect itself to the spider, which notes that there is no list of its own. Counts them."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Self":
        """Return the middleware."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response, marked as one that is not followed where it leads to what was asked for."""
        spider = self.crawler.spider
        if response.status not in urls.REDIRECTS or not isinstance(spider, Site) or not request.cb_kwargs.get("depth"):
            return response
        target = urls.absolute(response.url, (response.headers.get("Location") or b"").decode("latin-1"))
        if target and spider.leads_back(request.cb_kwargs["section"], target):
            request.meta["dont_redirect"] = True
            request.meta["handle_httpstatus_list"] = [*request.meta.get("handle_httpstatus_list", ()), response.status]
            self.crawler.stats.inc_value("spider/leads_back")
        return response
