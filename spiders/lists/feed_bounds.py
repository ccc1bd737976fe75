"""How many addresses one feed, sitemap or answer of an API may name, seen before it is parsed. Pure."""

import re
from collections import deque
from heapq import heappush, heappushpop

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
        count = sum(1 for _ in _BLOCK.finditer(body))
        if (left_out := max(0, count - MAX_ADDRESSES)) > 0:
            chosen, begin, end = _chosen(body)
            body = b"".join((body[:begin], *(body[start:stop] for start, stop in chosen), body[end:]))
    if body.count(b"<") > MAX_TAGS:
        raise PageTooLarge(f"more than {MAX_TAGS} tags")
    return body, left_out


def _chosen(body: bytes) -> tuple[list[tuple[int, int]], int, int]:
    """Return where the blocks to be read are, in order, where the first of all begins, and where the last ends."""
    half = MAX_ADDRESSES // 2
    first: list[tuple[int, int]] = []
    last: deque[tuple[int, int]] = deque(maxlen=half)
    latest: list[tuple[bytes, int, int]] = []  # a heap; of blocks that changed at the same time the first stay
    end = 0
    for block in _BLOCK.finditer(body):
        start, end = block.span()
        if len(first) < MAX_ADDRESSES - half:
            first.append((start, end))
        else:
            last.append((start, end))
        said = _CHANGED.search(body, start, end)
        entry = (said[1] if said else b"", -start, end)
        if len(latest) < MAX_ADDRESSES:
            heappush(latest, entry)
        else:
            heappushpop(latest, entry)
    if any(changed for changed, _, _ in latest):
        return sorted((-start, stop) for _, start, stop in latest), first[0][0], end
    return [*first, *last], first[0][0], end
