"""What requests and responses say besides the page itself: addresses, validators, charsets, failures."""

import re

from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse
from twisted.python.failure import Failure

from crawler import urls
from crawler.extraction.charsets import declared_charset
from crawler.extraction.tree import flat, is_deep, slim, within_bounds
from crawler.run.failures import of_failure
from crawler.run.site_memory import PageMemory
from spiders.lists.listing import Listing


def asked_url(request: Request) -> str:
    """Return the address that was asked for, before it was redirected."""
    redirected = request.meta.get("redirect_urls") or (request.url,)
    return str(redirected[0])


def make_conditional(request: Request, page: PageMemory) -> None:
    """Let the server answer 304 where the page is as it was when `page` was noted."""
    if page.etag:
        request.headers["If-None-Match"] = page.etag
    if page.last_modified:
        request.headers["If-Modified-Since"] = page.last_modified


def page_memory(asked: str, response: Response, listing: Listing) -> PageMemory | None:
    """Return what to remember of a page of a list; None where the server gave neither ETag nor Last-Modified."""
    etag, modified = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
    if response.status == 304 or not (etag or modified):
        return None
    return PageMemory(
        asked,
        etag.decode("latin-1") if etag else None,
        modified.decode("latin-1") if modified else None,
        [url for url, _ in listing.entries],
        dict(listing.pages),
        list(listing.links),
    )


def as_html(response: TextResponse) -> HtmlResponse:
    """Return a response to be read as HTML, whatever its Content-Type says.

    Scrapy cannot read a page whose <base> is not a URL; there the tag is made void, as browsers do. One that is nested
    deeper than means anything is made flat. Raises PageTooLarge for a page over the bounds, before anything parses it.
    """
    page = response if isinstance(response, HtmlResponse) else response.replace(cls=HtmlResponse)
    if (body := slim(page.body)) is not page.body:
        page = page.replace(body=body)
    kept, is_flat = within_bounds(text := page.text)
    if kept is not text:
        page = _with_text(page, kept)
    try:
        page.selector  # noqa: B018
    except ValueError:
        page = _with_text(page, re.sub(r"<base\b", "<void", page.text, flags=re.IGNORECASE))
    if not is_flat and is_deep(page.selector.root):
        page = _with_text(page, flat(page.text))
    return page


def base_of(response: TextResponse) -> str:
    """Return the address to which the links of a page of HTML are relative."""
    base = response.xpath("//base/@href").get()
    return urls.absolute(response.url, base) or response.url if base else response.url


def _with_text(page: HtmlResponse, text: str) -> HtmlResponse:
    return page.replace(body=text.encode("utf-8", "replace"), encoding="utf-8")


def is_file(response: Response) -> bool:
    """Return whether a file came instead of a page."""
    kind = response.headers.get("Content-Type") or b""
    return kind.startswith((b"application/", b"image/", b"audio/", b"video/"))


def content_type_of(response: Response, default: str = "") -> str:
    """Return the Content-Type header; `default` where there is none."""
    return (response.headers.get("Content-Type") or default.encode("latin-1")).decode("latin-1")


def charset_of(response: Response) -> str | None:
    """Return the charset of the Content-Type header; None where it names none."""
    return declared_charset(content_type_of(response))


def why_failed(failure: Failure) -> tuple[Request, str, str]:
    """Return (request, reason, detail) of a request that failed."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy adds it, Twisted does not know of it
    return request, *of_failure(failure.value or RuntimeError("no reason given"))
