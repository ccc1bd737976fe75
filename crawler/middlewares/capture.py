"""Keeps every response as it came in, before anything else has changed it."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler import clock, urls
from crawler.extensions.ledger import ledger_of
from crawler.extraction.requisites import is_page
from crawler.middlewares.transfer import TRUNCATED, unpacked_body
from crawler.reasons import Reason
from crawler.run.log_fields import about
from crawler.run.site_memory import FIRST
from storage.archives.archive import Capture
from storage.archives.captures import CaptureKind, Captures, kind_of_capture
from storage.archives.kept_records import KeptRecords
from storage.archives.warc import Exchange
from storage.errors import CapturesUnwritable

if TYPE_CHECKING:
    from scrapy.http import Headers

logger = logging.getLogger(__name__)

# Headers of the transfer, not of the page; that for a proxy holds a password.
_FRAMING = frozenset({b"transfer-encoding", b"connection", b"keep-alive", b"proxy-authorization"})

# Scrapy's and our own flags of bodies that are not whole, as WARC-Truncated says it; of a robots.txt more came than is
# read of it.
FINISHED_PAGE = "finished-page"
"""The flag of a response that is no answer of a server but a page as it was when a browser had run its scripts."""

ANY_DATA = "any_data"
"""The key of a request's meta that says: what comes is for a script, and may be anything, even a web page."""

REPLAYED = "replayed_capture"
"""The key of a request's meta under which the capture of the archive is that answered it, until it is kept."""

CAPTURE_KIND = "capture_kind"
"""The key of a request's meta under which the kind of capture is that it makes, where nothing else tells."""

_CUT = {"dataloss": "disconnect", "download_stopped": "length", TRUNCATED: "unspecified"}


class CaptureMiddleware:
    """Writes each response to the run's captures and puts its id into `capture_id` of the request's meta.

    What a replay read of an archive is kept as it is there (storage.archives.kept_records).

    It is the last middleware before the downloader: bodies are still compressed, redirects and errors are still
    visible. Everything is kept except the error pages behind links that were only tried because they might have led
    to a list, and web pages that come in the place of what a page needs to look as it did. Where a capture cannot be
    written, the page is not used either, and the site's run ends as failed.
    Counts under `capture/`.
    """

    def __init__(self, captures: Captures, kept: KeptRecords | None, crawler: Crawler):
        """`kept`: what keeps records of the archive that a replay reads."""
        self.captures = captures
        self.kept = kept
        self.crawler = crawler
        self.largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "CaptureMiddleware":
        """Return the middleware, or switch it off where the run keeps no captures."""
        context = crawler.settings.get("TINPHUONG_CONTEXT")
        if context is None or context.captures is None:
            raise NotConfigured
        return cls(context.captures, context.kept, crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the response. Raises CapturesUnwritable, which ends the request with its errback."""
        request.meta.pop("capture_id", None)
        replayed: Capture | None = request.meta.pop(REPLAYED, None)
        if not _is_kept(request, response):
            self.crawler.stats.inc_value("capture/left_out")
            return response
        ledger = ledger_of(self.crawler)
        kind = kind_of(request, response)
        try:
            if replayed is not None and self.kept is not None:
                keep: Callable[..., int | None] = partial(self.kept.keep, replayed)
            else:
                exchange = exchange_of(request, response, truncated(request, response, self.largest))
                keep = partial(self.captures.keep, exchange)
            request.meta["capture_id"] = keep(site=ledger.report.site, kind=kind, run_id=ledger.run_id)
        except CapturesUnwritable as error:
            if not ledger.report.broken:
                logger.error("%s", error, extra=about(ledger.report.site, url=request.url, reason=Reason.NOT_KEPT))
                ledger.report.broken = Reason.NOT_KEPT
                engine = self.crawler.engine
                self._closing = asyncio.ensure_future(engine.close_spider_async(reason=Reason.NOT_KEPT.value))
            raise
        self.crawler.stats.inc_value(f"capture/{kind}")
        return response


def _is_kept(request: Request, response: Response) -> bool:
    if "not-in-archive" in response.flags:
        return False
    is_requisite = request.meta.get("file") == CaptureKind.REQUISITE and not request.meta.get(ANY_DATA)
    if is_requisite and response.status not in urls.REDIRECTS:
        return not is_page(response.body)
    guess = request.cb_kwargs.get("page") == FIRST and request.cb_kwargs.get("depth", 0) > 0
    return not (guess and response.status >= 400)


def kind_of(request: Request, response: Response) -> CaptureKind:
    """Return what a response is to the archive; the status says whether what was asked for came."""
    is_redirect = response.status in urls.REDIRECTS and bool(response.headers.get("Location"))
    return kind_of_capture(request.url, _asked_for(request), is_redirect=is_redirect)


def _asked_for(request: Request) -> CaptureKind:
    if file := request.meta.get("file"):
        return CaptureKind(file)
    if kind := request.meta.get(CAPTURE_KIND):
        return CaptureKind(kind)
    if "key" in request.cb_kwargs:
        return CaptureKind.ARTICLE
    return CaptureKind.LISTING if "section" in request.cb_kwargs else CaptureKind.OTHER


def exchange_of(request: Request, response: Response, truncated: str | None) -> Exchange:
    """Return a request and its response as the WARC records show them.

    Header names are capitalised and the reason phrase is the standard one, because the HTTP client keeps neither. The
    framing of the transfer (chunks) is undone and its headers are left out. Values and body are untouched.
    """
    parts = urlsplit(response.url)
    phrase = HTTPStatus(response.status).phrase if response.status in set(HTTPStatus) else ""
    return Exchange(
        url=urldefrag(response.url).url,  # without the form that `urls.with_form` appends
        status=response.status,
        headers=_consistent(_headers(response.headers), response),
        body=response.body,
        time=request.meta.get("captured_at") or clock.now(),
        method=request.method,
        request_body=request.body,
        request_target=f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/",
        request_headers=[(b"Host", parts.netloc.encode("idna" if not parts.netloc.isascii() else "ascii")),
                         *(item for item in _headers(request.headers) if item[0] != b"Host")],
        protocol=response.protocol or "HTTP/1.1",
        reason=phrase,
        address=str(response.ip_address) if response.ip_address else None,
        truncated=truncated,
        tls=next((flag.removeprefix("tls=") for flag in response.flags if flag.startswith("tls=")), ""),
        finished=FINISHED_PAGE in response.flags,
    )  # fmt: skip


def truncated(request: Request, response: Response, most: int) -> str | None:
    """Return the word of WARC-Truncated for a body that is not whole, None for one that is.

    Scrapy's flag `partial` only says that the server gave no length and closed the connection, as HTTP/1.0 does.
    """
    said = next((_CUT[flag] for flag in response.flags if flag in _CUT), None)
    if said is not None:
        return said
    _, fault = unpacked_body(request, response, most)
    return "unspecified" if fault == Reason.TRUNCATED else None


def _headers(headers: "Headers") -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, values in headers.items() for value in values if name.lower() not in _FRAMING]


def _consistent(headers: list[tuple[bytes, bytes]], response: Response) -> list[tuple[bytes, bytes]]:
    """Correct Content-Length where it is wrong: a replayed archive gives bodies whose encoding is already undone."""
    if response.status == 304 or not any(name == b"Content-Length" for name, _ in headers):
        return headers
    length = str(len(response.body)).encode()
    return [(name, length if name == b"Content-Length" else value) for name, value in headers]
