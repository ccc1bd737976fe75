"""Lets hosts of one site that are on one server share a queue and a pause, as if they were one host."""

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler import urls
from crawler.run.servers import is_asked_directly

if TYPE_CHECKING:
    from typing import Self

    from crawler.run.context import RunContext


class ServerSlotsMiddleware:
    """Names the server of each request (`crawler.run.servers`) as its slot in the downloader.

    First of all, as those who lengthen a pause look for the slot. Off where a site runs by itself, or from an archive.
    """

    def __init__(self, context: "RunContext", *, is_direct: bool):
        self._servers = context.servers
        self._is_direct = is_direct

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Self":
        """Return the middleware, or switch it off."""
        context = crawler.settings.get("TINPHUONG_CONTEXT")
        if context is None or context.archive is not None:
            raise NotConfigured
        return cls(context, is_direct=is_asked_directly(crawler.spidercls, crawler.settings))

    async def process_request(self, request: Request) -> None:
        """Name the request's slot anew: a redirect brings that of another host along."""
        host = urls.host(request.url)
        request.meta["download_slot"] = await self._servers.look_up(host) if self._is_direct else self._servers.of(host)
