"""How many addresses one feed, sitemap or answer of an API may name, seen before it is parsed. Pure."""

import re

from crawler.extraction.page_bounds import PageTooLarge

MAX_ADDRESSES = 50_000
"""Addresses of one sitemap, as its protocol says; of a longer one the newest are read."""

MAX_TAGS = 1_000_000
"""Tags of a feed, start and end: those of a sitemap of 50,000 addresses with pictures."""

_BLOCK = re.compile(
    rb"<(?P<name>(?:\w{1,20}:)?(?:url|item|entry|sitemap))\b[^>]*+>(?:[^<]++|<(?!/?(?P=name)[\s>]))*+</(?P=name)\s*>",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    rb"<(?:\w{1,20}:)?(?:lastmod|publication_date|pubdate|published|updated|date)>\s*((?:19|20)\d\d-[\d:TZ.+-]{2,25})",
    re.IGNORECASE,
)


def newest(body: bytes) -> tuple[bytes, int]:
    """Return an XML document with `MAX_ADDRESSES` addresses at most, and how many were left out.

    Those stay that have changed last, by what the document says; where it says that of none, the first and the last
    half, as either may be the newest. They keep their order. Raises PageTooLarge for more than `MAX_TAGS` tags that
    are no addresses.
    """
    left_out = 0
    if len(body) > 32 * MAX_ADDRESSES:
        blocks = list(_BLOCK.finditer(body))
        if (left_out := max(0, len(blocks) - MAX_ADDRESSES)) > 0:
            body = b"".join(
                (body[: blocks[0].start()], *(block[0] for block in _chosen(blocks)), body[blocks[-1].end() :])
            )
    if body.count(b"<") > MAX_TAGS:
        raise PageTooLarge(f"more than {MAX_TAGS} tags")
    return body, left_out


def _chosen(blocks: list[re.Match[bytes]]) -> list[re.Match[bytes]]:
    """The blocks to be read, in their order."""
    changed = [said[1] if (said := _CHANGED.search(block[0])) else b"" for block in blocks]
    if any(changed):
        places = sorted(range(len(blocks)), key=lambda place: changed[place], reverse=True)[:MAX_ADDRESSES]
        return [blocks[place] for place in sorted(places)]
    half = MAX_ADDRESSES // 2
    return [*blocks[: MAX_ADDRESSES - half], *blocks[len(blocks) - half :]]
