"""Sends real HTTP requests to a local server that plays the sites' hosts."""

from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.network.addresses import Reach
from crawler.network.connections import GuardedHandler


class LoopbackHandler(GuardedHandler):
    """Sends every request, http and https alike, to TINPHUONG_LOOPBACK_PORT on 127.0.0.1, under its own Host header.

    Spiders, middlewares and the store see the true URL; the server finds the scheme in X-Forwarded-Proto.
    """

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self.port = crawler.settings.getint("TINPHUONG_LOOPBACK_PORT")
        if not self.port:
            raise NotConfigured("TINPHUONG_LOOPBACK_PORT is not set")

    def reach(self, crawler: Crawler) -> Reach:
        """Allow the one address to which all requests go."""
        return Reach.of_names(["127.0.0.1"])

    async def download_request(self, request: Request) -> Response:
        """Fetch the page from the loopback server and return it under the URL that was requested."""
        parts = urlsplit(request.url)
        local = request.replace(url=urlunsplit(("http", f"127.0.0.1:{self.port}", parts.path, parts.query, "")))
        local.meta.pop("proxy", None)  # a proxy from the environment is meant for real hosts
        local.headers.pop("Proxy-Authorization", None)
        local.headers["Host"] = parts.netloc
        local.headers["X-Forwarded-Proto"] = parts.scheme
        response = await super().download_request(local)
        return response.replace(url=request.url)
