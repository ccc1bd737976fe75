"""Lines that are the portal's, because they are alike on articles of different titles."""

from collections import Counter
from collections.abc import Sequence

from crawler.profile.observation import Observation, digest

_SHARE = 0.8  # of the pages that must have a line
_OF_FRAME = 0.5  # of the pages on which it must be outside the text, where it may be anywhere in it
_HEAD, _FOOT = 3, 6  # lines at the edges of a text among which a label that every text has is looked for


def lines(pages: Sequence[Observation]) -> dict[str, tuple[int, int]]:
    """Return masked line → (pages with it in the text, pages with it elsewhere) for what is no article's own.

    Two kinds: what most pages have outside the text, and one has in it, because its markup is broken; and what nearly
    every text begins or ends with. A line that only the middle of texts shares ("Nơi nhận:") is the editors'.
    """
    inside: Counter[str] = Counter()
    at_edge: Counter[str] = Counter()
    for page in pages:
        own = [line for line in page.body if line]
        inside.update(set(own))
        edges = {line for line in (*page.body[:_HEAD], *page.body[-_FOOT:]) if line}
        at_edge.update(edges)
    wanted = _SHARE * len(pages)
    found: dict[str, tuple[int, int]] = {}
    for line, count in inside.items():
        key = digest(line)
        framed = sum(1 for page in pages if key in page.frame and line not in page.body)
        of_frame = framed >= _OF_FRAME * len(pages) and framed + count >= wanted
        if of_frame or at_edge[line] >= wanted:
            found[line] = (count, framed)
    return found
