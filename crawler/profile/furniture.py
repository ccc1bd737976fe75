"""Lines that are the portal's, because they are alike on articles of different titles."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from crawler.profile.observation import Observation, digest
from crawler.profile.people import is_person

_SHARE = 0.8  # of the pages that must have a line
_FEWEST = 4  # pages that were looked at as a whole
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
    labels = {line for line, count in inside.items() if count >= wanted and not may_be_editors(line)}
    at_edge: Counter[str] = Counter()
    for page in pages:
        head = takewhile(labels.__contains__, page.body)
        at_edge.update({*head, *takewhile(labels.__contains__, reversed(page.body))})
    whole = [page for page in pages if page.frame]
    around = frame(pages)
    found: dict[str, tuple[int, int]] = {}
    for line, count in inside.items():
        key = digest(line)
        if key in around or at_edge[line] >= wanted:
            found[line] = (count, sum(1 for page in whole if key in page.frame and line not in page.body))
    return found


def frame(pages: Sequence[Observation]) -> frozenset[int]:
    """Return the digests of the lines that stand outside the text on four in five of the pages looked at as a whole.

    A text that a broken page lets the frame into does not take it out of the frame: it is one page of many.
    """
    whole = [page for page in pages if page.frame]
    shown = Counter(key for page in whole for key in page.frame - {digest(line) for line in page.body if line})
    wanted = max(_FEWEST, _SHARE * len(whole))
    return frozenset(key for key, count in shown.items() if count >= wanted)


def _has_words(line: str) -> bool:
    """Tell whether a masked line says anything: a number alone may be an editor's in each text."""
    return sum(map(str.isalpha, line)) > 1


def may_be_editors(line: str) -> bool:
    """Tell whether a line may be the editors', however many pages it stands on: a sentence, a name, an office."""
    return (
        (line.endswith((".", "!", "?", "…", ";", "/")) and not (line.endswith(("...", "…")) and len(line.split()) < 5))
        or (line.isupper() and " " in line)
        or is_person(line)
        or _CLOSING.search(line) is not None
    )
