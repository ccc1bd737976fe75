"""What an article's page shows that many pages of its site may have in common."""

import re
from typing import Any

from crawler.dates.publication import DateCandidate
from crawler.extraction.article import Article
from crawler.extraction.blocks import Block, Walker
from crawler.extraction.page_metadata import Declared
from crawler.extraction.shown_dates import candidate, place_of
from crawler.profile.observation import LONGEST_LINE, Observation, ShownDate, digest, masked
from crawler.text import fold, normalize

_DATED = re.compile(r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{2,4}|\d{4}[-/]\d{2}[-/]\d{2}|ngày \d{1,2} tháng")
_LONGEST_DATED = 90  # characters of a string beside a date
_MOST = 8  # places with a date that are noted of one page


class Observer:
    """Looks on while one page is read, and makes an observation of it."""

    def __init__(self, *, whole: bool = True, reads_along: bool = False) -> None:
        """`whole`: look at the whole page, not only at what is taken from it. `reads_along`: the second reader reads
        this page too; `agreement` then says how far both read the same."""
        self.reads_along = reads_along
        self._whole = whole
        self.agreement: float | None = None
        self._page_title = self._author = ""
        self._body: tuple[str, ...] = ()
        self._frame: frozenset[int] = frozenset()
        self._elsewhere: tuple[ShownDate, ...] = ()

    def text(self, summary: str | None, blocks: list[Block], author: str | None) -> None:
        """Note sapo, text and author as they were taken, before what is known of the site is taken out."""
        self._author = author or ""
        lines = [line for text in (summary or "", *(block.text for block in blocks)) for line in text.split("\n")]
        self._body = tuple(masked(line) if len(line) <= LONGEST_LINE else "" for line in lines if line)

    def page(self, root: Any, declared: Declared) -> None:
        """Note the lines of the whole page, and its strings with a date; `root` is the page without its scripts."""
        self._page_title = declared.title
        if not self._whole:
            return
        body = root.find("body")
        blocks = Walker().walk(root if body is None else body)
        lines = (line for block in blocks for line in block.text.split("\n") if len(line) <= LONGEST_LINE)
        self._frame = frozenset(digest(line) for line in map(masked, lines) if line)
        self._elsewhere = _dated(blocks)

    def observation(self, article: Article, key: str, listed_date: str, fetched_at: str) -> Observation:
        """Return what the page of `article` showed."""
        dates = [ShownDate(c.place, c.text[:120], c.source) for c in article.date_candidates if c.source != "listing"]
        if listed_date:
            dates.append(ShownDate("", listed_date[:120], "listing"))
        author = self._author
        return Observation(
            key=key,
            title=article.title or "",
            at=fetched_at,
            page_title=self._page_title[:300],
            body=self._body,
            frame=self._frame,
            dates=tuple(dates),
            elsewhere=self._elsewhere,
            author=author,
            signed=bool(author) and fold(author) in fold(article.body[-400:]),
            length=len(article.body),
        )


def _dated(blocks: list[Block]) -> tuple[ShownDate, ...]:
    """Return the short strings with a date, of places that the page has once: those of a list come several times."""
    found: dict[str, str] = {}
    several = set()
    for block in blocks:
        if len(block.text) > _LONGEST_DATED or block.density > 0.5 or not _DATED.search(block.text):
            continue
        place = place_of(block.node)
        if place in found:
            several.add(place)
        found[place] = block.text.replace("\n", " ")
    once = [ShownDate(place, text, "page") for place, text in found.items() if place not in several]
    return tuple(once[:_MOST])


def date_at(root: Any, place: str) -> DateCandidate | None:
    """Return the string of the one element at a place, None where the page has none or several."""
    body = root.find("body")
    found = {
        id(block.node): block
        for block in Walker().walk(root if body is None else body)
        if _DATED.search(block.text) and len(block.text) <= _LONGEST_DATED and place_of(block.node) == place
    }
    if len(found) != 1:
        return None
    block = next(iter(found.values()))
    return candidate(normalize(block.text.replace("\n", " ")), block.node)
