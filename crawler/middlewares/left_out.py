"""Sends no request for a page of a section that is left out, however it was led there."""

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.reasons import Reason
from crawler.run.failures import NotUsed
from crawler.run.site import Site

if TYPE_CHECKING:
    from typing import Self


class LeftOutMiddleware:
    """Holds back the lists and articles in the sections that the site's fact `leave_out` names.

    The spider does not ask for them; redirects, pagers and further pages of an article may lead there all the same.
    Files and pictures of articles, and robots.txt, are fetched from anywhere. Counts under `left_out/`.
    """

    def __init__(self, crawler: Crawler):
        site = crawler.spidercls
        if not issubclass(site, Site) or not site.leave_out:
            raise NotConfigured
        self.site = site
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Self":
        """Return the middleware, or switch it off for a site that leaves out nothing."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise NotUsed for a page that is left out."""
        if {"section", "key"} & set(request.cb_kwargs) and self.site.is_left_out(request.url):
            self.stats.inc_value("left_out/refused")
            raise NotUsed(Reason.LEFT_OUT, "it was led there")
