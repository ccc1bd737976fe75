"""Unpacks bodies, and lets no page pass of which only a part came."""

import logging
import sys
from http import HTTPStatus

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes

from crawler.reasons import Reason
from crawler.run.failures import NotUsed
from crawler.run.log_fields import about
from crawler.text.content_coding import Decoded, decoded, gunzipped, is_known
from crawler.text.counted import counted

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
        body, fault = unpacked_body(request, response, self.largest)
        request.meta.pop(_UNPACKED, None)
        codings = _codings(response)
        if fault == Reason.TOO_LARGE:
            said = f"more than {_most(request, self.largest)} bytes when unpacked"
            of_page = about(url=response.url, reason=Reason.TOO_LARGE)
            logger.warning("%s is not used: %s", response.url, said, extra=of_page)
            raise NotUsed(Reason.TOO_LARGE, said)
        if fault == Reason.UNDECODABLE and not is_known(codings) and response.status < HTTPStatus.MULTIPLE_CHOICES:
            raise NotUsed(Reason.UNDECODABLE, f"its Content-Encoding {codings[:100]} is none that can be undone")
        flags = [*response.flags, TRUNCATED] if fault else response.flags
        if body is response.body and "Content-Encoding" not in response.headers:
            return response.replace(flags=flags) if fault else response
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        if (headers.get("Content-Type") or b"").startswith(_PACKED_TYPES) and not request.meta.get("file"):
            headers.pop("Content-Type")  # what is inside is not said
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        if fault:
            what = "ends early" if fault == Reason.TRUNCATED else "is damaged"
            request.meta["flaw"] = f"its {codings or 'gzip'} {what}"
        more = {"encoding": None} if issubclass(kind, TextResponse) else {}
        return response.replace(cls=kind, headers=headers, body=body, flags=flags, **more)


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
        raise NotUsed(Reason.TRUNCATED, request.meta.get("flaw") or f"{counted(len(response.body), 'byte')} came")


def is_whole(response: Response) -> bool:
    """Tell whether all of a page came; a redirect or an error page says what it says without its end."""
    return response.status >= 300 or not {TRUNCATED, "dataloss"} & set(response.flags)


def unpacked_body(request: Request, response: Response, largest: int) -> Decoded:
    """Return the body unpacked, up to `largest` bytes, and why it is not whole; this is done once, for the capture and
    for the page. gzip is undone also where nothing names it, but for files."""
    known = request.meta.get(_UNPACKED)
    if known and known[0] is response.body:
        found: Decoded = known[1]
        return found
    limit = _most(request, largest)
    body, fault = decoded(response.body, _codings(response) if request.method != "HEAD" else "", limit=limit)
    if fault is None and _is_page(request, response):
        body, fault = gunzipped(body, limit=limit)
    request.meta[_UNPACKED] = response.body, (body, fault)
    return body, fault


def _codings(response: Response) -> str:
    return b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")


def _most(request: Request, largest: int) -> int:
    """Return how many bytes an answer may have."""
    return int(request.meta.get("download_maxsize", largest)) or sys.maxsize


def _is_page(request: Request, response: Response) -> bool:
    """Tell whether a response is to be read as text, so that bytes of gzip are a mistake of its server."""
    kind = (response.headers.get("Content-Type") or b"text/html").lower()
    return not request.meta.get("file") and (kind.startswith((b"text/", *_PACKED_TYPES)) or b"ml" in kind)
