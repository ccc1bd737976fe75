"""Pages that list articles rather than being one."""

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from crawler.extraction.blocks import Block
from crawler.extraction.page_metadata import split_url
from crawler.extraction.rules.attachment_links import file_type

_NUMBER = re.compile(r"(?:^|[-_.])\d{4,}")
_PICTURE = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp")


def heads_another(block: Block, url: str) -> bool:
    """Return True for a heading that is a link to another page: the head of a list's item.

    Cures: a category page whose title fits `<title>` and whose first item's teaser or text looks like a body.
    """
    if block.kind != "h" or len(block.text) < 12 or block.density < 0.8:
        return False
    return any(leads_away(run.href, url) for run in block.runs if run.href)


@lru_cache(maxsize=16_384)
def leads_away(href: str, url: str) -> bool:
    """Return True for a link to another page of the web: not to this page, the home page, a file or a picture."""
    href = href.strip()
    if href.startswith(("#", "javascript:", "mailto:", "tel:")) or file_type(href) is not None:
        return False
    try:
        there, here = urlsplit(urljoin(url, href)), urlsplit(url)
    except ValueError:
        return False
    if there.path.lower().endswith(_PICTURE):
        return False
    if not there.path.strip("/") and not there.query:
        return False
    return (there.path.rstrip("/"), there.query) != (here.path.rstrip("/"), here.query)


def _links_away(href: str, url: str) -> bool:
    """Return True for a picture's link to another page, or to the home page of another site: a banner."""
    try:
        there = split_url(urljoin(url, href)) if not href.lower().endswith(_PICTURE) else None
    except ValueError:
        return False  # it is no address, so it leads nowhere
    banner = there is not None and not there.path.strip("/") and there.netloc not in ("", split_url(url).netloc)
    return banner or leads_away(href, url)


def names_an_article(url: str) -> bool:
    """Return True for a URL whose last part reads like an article's: a long slug, or one with a number of 4 digits."""
    last = split_url(url).path.rstrip("/").rsplit("/", 1)[-1]
    return last.count("-") >= 5 or _NUMBER.search(last) is not None


def is_listing(blocks: Sequence[Block], index: int | None, start: int, end: int, url: str) -> bool:
    """Return True where the text found belongs to a list: another page's heading is over it, or three are in it.

    `index` is the block of the page's title, if there is one before `start`.
    """
    first = index + 1 if index is not None and index < start else max(0, start - 3)
    if any(heads_another(block, url) for block in blocks[first:start]):
        return True
    return sum(1 for block in blocks[start:end] if heads_another(block, url)) >= 3


def own_images(block: Block, url: str) -> int:
    """Return how many pictures of the block do not link to another page, as a list's thumbnails do."""
    return sum(1 for run in block.runs if run.image is not None and not (run.href and _links_away(run.href, url)))
