"""What one page shows, as far as a site's profile is learned from it: plain data that a collection keeps as JSON."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self
from zlib import crc32

LONGEST_LINE = 200
"""Characters; a longer line is an editor's paragraph, not a portal's."""

_DIGITS = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")
_EDGES = " \t\n|·•-–—_*»«>"


def masked(line: str) -> str:
    """Return the line as it is compared with others: every number as 0, no bars, dashes and dots around it."""
    return _SPACES.sub(" ", _DIGITS.sub("0", line)).strip(_EDGES)


def digest(line: str) -> int:
    """Return 32 bits of a masked line: enough where four pages of five must agree on it."""
    return crc32(line.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A string with a date, as shown. `source`: page, meta, url or listing; `place`: the elements it is in, the
    innermost last ("div.tin/p/span.ngay"), "" outside the page."""

    place: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One article's page.

    `key`: the article's identity; `at`: when it was fetched, aware, ISO 8601; `body`: the masked lines of what was
    taken for sapo and text, in order, "" for one over LONGEST_LINE; `frame`: digests of the masked lines of the whole
    page, where that was looked at; `dates`: what may name its date; `elsewhere`: other short strings with a date, of
    places that the page has once, likewise; `signed`: the author's name is in the text.
    """

    key: str
    title: str
    at: str
    page_title: str = ""
    body: tuple[str, ...] = ()
    frame: frozenset[int] = frozenset()
    dates: tuple[ShownDate, ...] = ()
    elsewhere: tuple[ShownDate, ...] = ()
    author: str = ""
    signed: bool = False
    length: int = 0

    @property
    def fetched(self) -> datetime:
        """When the page was fetched."""
        return datetime.fromisoformat(self.at)

    def to_dict(self) -> dict[str, Any]:
        """Return the observation as plain JSON."""
        return asdict(self) | {"frame": sorted(self.frame)}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> Self:
        """Return what `to_dict` gave. Raises TypeError or KeyError for anything else."""
        shown = {name: tuple(ShownDate(**date) for date in facts[name]) for name in ("dates", "elsewhere")}
        return cls(**{**facts, **shown, "body": tuple(facts["body"]), "frame": frozenset(facts["frame"])})
