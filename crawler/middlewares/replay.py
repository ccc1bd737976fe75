"""Answers requests from an archive file instead of the network."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from itertools import chain

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.extraction import isolate
from crawler.extraction.charsets import declared_charset
from crawler.middlewares.capture import FINISHED_PAGE, REPLAYED
from crawler.run.context import ArchiveOnly, RunContext
from crawler.run.failures import CaptureNotWhole
from crawler.run.reading.reader import PageEnded, PageReader, ReadingStopped
from crawler.run.site import Site
from storage.archives.archive import Archive, Capture

_ENDED = 2  # captures of an address that may be too slow to read before the newest is taken


class ReplayMiddleware:
    """Answers every request from the archive of the run; nothing reaches the network.

    What the archive lacks is answered with 404 and the flag `not-in-archive`. Counts under `replay/`.
    """

    def __init__(self, archive: Archive, pages: PageReader | None, crawler: Crawler):
        """`pages` reads articles, where articles are asked for."""
        self.archive = archive
        self.pages = pages
        self.crawler = crawler
        self._in_order = asyncio.Lock()  # an answer that takes no reading does not overtake one that does
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ReplayMiddleware":
        """Return the middleware, or switch it off where the run replays no archive."""
        context: RunContext | ArchiveOnly | None = crawler.settings.get("TINPHUONG_CONTEXT")
        if context is None or context.archive is None:
            raise NotConfigured
        return cls(context.archive, context.pages, crawler)

    async def process_request(self, request: Request) -> Response:
        """Return the archived response to `request`, with the capture's time in its meta.

        Raises CaptureNotWhole where all that is archived of it is a part.
        """
        async with self._in_order:
            return await self._answer(request)

    async def _answer(self, request: Request) -> Response:
        capture = await self._article(request) if "key" in request.cb_kwargs else self.archive.find(request.url)
        request.meta.pop("capture_id", None)
        if capture is None and (fault := self.archive.fault(request.url)):
            self.stats.inc_value(f"replay/{fault}")
            raise CaptureNotWhole(fault)
        if capture is None:
            self.stats.inc_value("replay/missing")
            return Response(request.url, status=404, flags=["not-in-archive"], request=request)
        self.stats.inc_value("replay/found")
        headers = Headers(capture.headers)
        headers.pop("Content-Encoding", None)  # the archive hands out decoded bytes
        headers.pop("Transfer-Encoding", None)
        if capture.content_type:
            headers["Content-Type"] = capture.content_type  # where several were sent
        kind = responsetypes.from_args(headers=headers, url=request.url, body=capture.body)
        request.meta.update(captured_at=capture.time, captured_url=capture.url, capture_id=capture.row)
        request.meta[REPLAYED] = capture
        flags = [FINISHED_PAGE] if capture.finished else []
        return kind(
            request.url, status=capture.status, headers=headers, body=capture.body, flags=flags, request=request
        )

    async def _article(self, request: Request) -> Capture | None:
        """Return the newest capture of an article's address that shows an article, or the newest if none does.

        After a portal is shut, archives go on capturing its addresses: a home page, a notice, a parked domain.
        """
        captures = self.archive.every(request.url)
        newest = next(captures, None)
        if newest is None or self.pages is None or len(self.archive.times(request.url)) == 1:
            return newest
        ended = 0
        site = self.crawler.spider.name if self.crawler.spider else ""
        for capture in chain([newest], captures):
            try:
                if capture.status == HTTPStatus.OK and await self.pages.read(site, shows_article, *_page(capture)):
                    return capture
            except PageEnded:
                ended += 1
                if ended >= _ENDED:
                    break
            except ReadingStopped:
                break
        return newest


def shows_article(site: type[Site], html: bytes, url: str, content_type: str, time: datetime) -> bool:
    """Tell whether a captured page holds an article: work for a reader of pages."""
    charset = declared_charset(content_type)
    return not isolate(html, url, layout=site.platform.layout_at(time), charset=charset).reason


def _page(capture: Capture) -> tuple[bytes, str, str, datetime]:
    return capture.body, capture.url, capture.content_type, capture.time
