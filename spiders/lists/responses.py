"""What requests and responses say besides the page: addresses, validators, charsets."""

from scrapy import Request
from scrapy.http import Response

from crawler import urls
from crawler.extraction.charsets import declared_charset
from crawler.run.site_memory import FIRST, Page, PageMemory
from spiders.lists.listing import Listing


def asked_url(request: Request) -> str:
    """The address that was asked for, before it was redirected."""
    redirected = request.meta.get("redirect_urls") or (request.url,)
    return str(redirected[0])


def section_key(url: str) -> str:
    """What a list is known by: its address without scheme, language and closing slash."""
    return urls.without_locale(url).split("://", 1)[1].rstrip("/")


def kind_of_list(page: Page, depth: int) -> str:
    """A start page or a further page of a list is a listing; a link that may lead to one is a section."""
    return "listing" if depth == 0 or page != FIRST else "section"


def page_memory(asked: str, response: Response, listing: Listing) -> PageMemory | None:
    """What to remember of a page that can be asked for conditionally; None for one without validators."""
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


def is_file(response: Response) -> bool:
    """Whether a file came, no page."""
    kind = response.headers.get("Content-Type") or b""
    return kind.startswith((b"application/", b"image/", b"audio/", b"video/"))


def charset_of(response: Response) -> str | None:
    """Return the charset of the Content-Type header; None where it names none."""
    return declared_charset((response.headers.get("Content-Type") or b"").decode("latin-1"))
