"""What every `<title>` of a site ends with."""

import re
from collections.abc import Sequence

from crawler.profile.observation import Observation

_SHARE = 0.8
_BREAK = re.compile(r"\s+[-–—|»:•·]+\s+|\s*[|»]\s*|\s+::\s+")


def tail(pages: Sequence[Observation]) -> tuple[str, int]:
    """Return (the longest end, with its separator, of four in five declared titles, on how many), or ("", 0)."""
    counts: dict[str, int] = {}
    for page in pages:
        for found in _BREAK.finditer(page.page_title):
            rest = page.page_title[found.start() :]
            counts[rest] = counts.get(rest, 0) + 1
    shared = [(len(end), end, count) for end, count in counts.items() if count >= _SHARE * len(pages)]
    if not shared:
        return "", 0
    _, end, count = max(shared)
    return end, count
