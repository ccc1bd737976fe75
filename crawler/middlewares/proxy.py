"""Asks through a proxy, where one is named."""

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware

if TYPE_CHECKING:
    from typing import Self


class ProxyMiddleware(HttpProxyMiddleware):
    """Scrapy's proxies of the environment, unless the site's fact `proxy` or TINPHUONG_PROXY names another.

    A named one is used for every host, whatever `no_proxy` says; a site whose fact is "" is asked directly. A user and
    password in its address go into the header Proxy-Authorization, and nowhere else: they are gone from the request's
    meta before anything can log it, and CaptureMiddleware does not keep the header.
    """

    def __init__(self, named: str | None):
        super().__init__("utf-8")
        self._named = named

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Self":
        """Return the middleware for `crawler`."""
        of_site: str | None = getattr(crawler.spidercls, "proxy", None)
        return cls(of_site if of_site is not None else crawler.settings["TINPHUONG_PROXY"] or None)

    def process_request(self, request: Request) -> None:  # type: ignore[override]  # without the spider, as it is called
        """Set the proxy of a request."""
        if self._named is not None:
            request.meta["proxy"] = self._named or None
        super().process_request(request)
