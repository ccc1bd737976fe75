"""Which of the dates a page shows is the day its article was published."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A string that may name the publication date, as shown, and where it stood.

    `source` is one of `page` (near the title), `meta` (declared metadata), `url`, `listing`, `body`.
    """

    text: str
    source: str
