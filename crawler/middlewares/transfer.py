"""Unpacks bodies, and lets no page pass of which only a part came."""

import logging

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes

from crawler.reasons import Reason
from crawler.run.failures import NotUsed
from crawler.text.content_coding import TooMuch, Unpacked, unpacked

logger = logging.getLogger(__name__)

TRUNCATED = "truncated"
"""The flag of a response whose body is not whole. Of one whose transfer broke, Scrapy's flag is `dataloss`."""

_UNPACKED = "unpacked"
_PACKED_TYPES = (b"application/gzip", b"application/x-gzip")


class UnpackingMiddleware:
    """Undoes the Content-Encoding of every response, in place of Scrapy's HttpCompressionMiddleware.

    Scrapy's passes on what there is of a body that ends early, and fails where a plain body is called packed. Here such
    a response gets the flag `truncated`. gzip is undone also where a page does not name it.
    """

    def __init__(self, crawler: Crawler):
        self.largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "UnpackingMiddleware":
        """Return the middleware for `crawler`."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response unpacked. Raises NotUsed where it is too large then, or where nothing can unpack it."""
        try:
            found = unpacked_body(request, response, self.largest)
        except TooMuch as error:
            logger.warning("%s is not used: %s", response.url, error)
            raise NotUsed(Reason.TOO_LARGE, str(error)) from None
        request.meta.pop(_UNPACKED, None)
        if found.unknown and response.status < 300:
            raise NotUsed(Reason.UNDECODABLE, f"its Content-Encoding {found.unknown} is not one that was asked for")
        flags = [*response.flags, TRUNCATED] if found.flaw else response.flags
        if found.body is response.body and "Content-Encoding" not in response.headers:
            return response.replace(flags=flags) if found.flaw else response
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        if (headers.get("Content-Type") or b"").startswith(_PACKED_TYPES) and not request.meta.get("file"):
            headers.pop("Content-Type")  # what is inside is not said
        kind = responsetypes.from_args(headers=headers, url=response.url, body=found.body)
        if found.flaw:
            request.meta["flaw"] = found.flaw
        more = {"encoding": None} if issubclass(kind, TextResponse) else {}
        return response.replace(cls=kind, headers=headers, body=found.body, flags=flags, **more)


class WholeMiddleware:
    """Refuses what was asked for again and still came in part only. Counts under `transfer/`."""

    def __init__(self, crawler: Crawler):
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "WholeMiddleware":
        """Return the middleware for `crawler`."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response. Raises NotUsed where it is not whole."""
        if is_whole(response):
            return response
        self.stats.inc_value("transfer/truncated")
        raise NotUsed(Reason.TRUNCATED, request.meta.get("flaw") or f"{len(response.body)} bytes came")


def is_whole(response: Response) -> bool:
    """Tell whether all of a page came; a redirect or an error page says what it says without its end."""
    return response.status >= 300 or not {TRUNCATED, "dataloss"} & set(response.flags)


def unpacked_body(request: Request, response: Response, most: int) -> Unpacked:
    """Return the body unpacked; this is done once, for the capture and for the page. Raises TooMuch."""
    known = request.meta.get(_UNPACKED)
    if known and known[0] is response.body:
        found: Unpacked = known[1]
        return found
    codings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
    found = unpacked(
        response.body,
        codings if request.method != "HEAD" else "",
        most=request.meta.get("download_maxsize", most),
        unnamed=_is_page(request, response),
    )
    request.meta[_UNPACKED] = response.body, found
    return found


def _is_page(request: Request, response: Response) -> bool:
    """Tell whether a response is to be read as text, so that bytes of gzip are a mistake of its server."""
    kind = (response.headers.get("Content-Type") or b"text/html").lower()
    return not request.meta.get("file") and (kind.startswith((b"text/", *_PACKED_TYPES)) or b"ml" in kind)
