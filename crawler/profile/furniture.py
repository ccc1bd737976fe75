"""Lines that are the portal's, because they are alike on articles of different titles."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from crawler.profile.observation import Observation, digest
from crawler.profile.people import is_person

_SHARE = 0.8  # of the pages that must have a line
_OF_FRAME = 0.5  # of the pages on which it must be outside the text, where it may be anywhere in it
# What editors close every notice with: offices, greetings, bylines. It is theirs, however often it comes.
_CLOSING = re.compile(
    r"(?i)^[^\w]*(?:tm|kt|tl|tuq|t/m)\b|chủ tịch|bí thư|trưởng|giám đốc|nơi nhận|kính (?:gửi|mời)|[uủ][yỷ] ban|ubnd"
    r"|trân trọng|^(?:tin|bài|ảnh|nguồn|tác giả|người viết)\b"
)


def lines(pages: Sequence[Observation]) -> dict[str, tuple[int, int]]:
    """Return masked line → (pages with it in the text, pages with it elsewhere) for what is no article's own.

    Two kinds: what most pages have outside the text, and one has in it, because its markup is broken; and what nearly
    every text begins or ends with, unless it is a sentence, a name or an office. A line that only the middle of texts
    shares is the editors'.
    """
    inside: Counter[str] = Counter()
    for page in pages:
        inside.update({line for line in page.body if _has_words(line)})
    wanted = _SHARE * len(pages)
    labels = {line for line, count in inside.items() if count >= wanted and not _is_editors(line)}
    at_edge: Counter[str] = Counter()
    for page in pages:
        head = takewhile(labels.__contains__, page.body)
        at_edge.update({*head, *takewhile(labels.__contains__, reversed(page.body))})
    found: dict[str, tuple[int, int]] = {}
    whole = [page for page in pages if page.frame]
    for line, count in inside.items():
        key = digest(line)
        shown = sum(1 for page in whole if key in page.frame)
        framed = sum(1 for page in whole if key in page.frame and line not in page.body)
        of_frame = bool(framed) and framed >= _OF_FRAME * len(whole) and shown >= _SHARE * len(whole)
        if of_frame or at_edge[line] >= wanted:
            found[line] = (count, framed)
    return found


def _has_words(line: str) -> bool:
    """Tell whether a masked line says anything: a number alone may be an editor's in each text."""
    return sum(map(str.isalpha, line)) > 1


def _is_editors(line: str) -> bool:
    """Tell whether a line that every text ends with may be the editors' all the same."""
    return (
        (line.endswith((".", "!", "?", "…", ";", "/")) and not (line.endswith(("...", "…")) and len(line.split()) < 5))
        or (line.isupper() and " " in line)
        or is_person(line)
        or _CLOSING.search(line) is not None
    )
