"""Answering requests from an archive file instead of the network."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.shared import Shared
from storage.archive import Archive


class ReplayMiddleware:
    """Answers every request from the archive in TINPHUONG_SHARED; nothing reaches the network.

    What the archive lacks is answered with 404 and the flag `not-in-archive`. Counts under `replay/`.
    """

    def __init__(self, archive: Archive, crawler: Crawler):
        self.archive = archive
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ReplayMiddleware":
        """Build where an archive is given, else switch off."""
        shared: Shared | None = crawler.settings.get("TINPHUONG_SHARED")
        if shared is None or shared.archive is None:
            raise NotConfigured
        return cls(shared.archive, crawler)

    def process_request(self, request: Request) -> Response:
        """Return the archived response to `request`, with the capture's time in its meta."""
        capture = self.archive.find(request.url)
        if capture is None:
            self.stats.inc_value("replay/missing")
            return Response(request.url, status=404, flags=["not-in-archive"], request=request)
        self.stats.inc_value("replay/found")
        headers = Headers(capture.headers)
        headers.pop("Content-Encoding", None)  # the archive hands out decoded bytes
        headers.pop("Transfer-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=capture.body)
        request.meta["captured_at"] = capture.time
        return kind(request.url, status=capture.status, headers=headers, body=capture.body, request=request)
