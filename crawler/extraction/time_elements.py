"""What elements of time say besides what they show: `<time datetime>`, and titles of `abbr` and `span`."""

import re
from typing import Any

from crawler.extraction.xpaths import text_of
from crawler.text import normalize

_MOMENT = re.compile(r"\s*(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?\s*")


def finer(line: str, node: Any) -> str:
    """Return what the one element of time in or around a line's element says to the minute, where the line shows a day.

    Such an element is a `<time>`, or else an `abbr` or a `span` whose title is a moment, as hAtom has them:
    `<abbr class="published" title="2026-10-29T12:48:00+07:00">`.
    """
    times = [node] if node.tag == "time" else list(node.iter("time")) or list(node.iterancestors("time"))
    times = times or [el for el in node.iter("abbr", "span") if _moment_of(el)]
    if len(times) != 1 or not (shown := text_of(times[0])) or shown not in line:
        return line
    said = of_time(times[0])
    return said if said != shown else line


def of_time(el: Any) -> str:
    """Return what an element of time says: what it shows, or its `datetime` or title where that is finer or all it has.

    Cures: `<time datetime="2016-01-18T20:00Z">18/01/2016</time>`, where the server's zone has put it on another day.
    """
    from crawler.dates import parse_date

    shown, said = text_of(el), normalize(el.get("datetime") or _moment_of(el))[:60]
    visible = parse_date(shown) if 0 < len(shown) < 160 else None
    declared = parse_date(said) if said else None
    if visible is None:
        return said if declared is not None else ""
    if visible.other is not None and declared is not None and visible.other[:3] == declared.start[:3]:
        return said  # month first
    finer = visible.start.hour is None and declared is not None and declared.start[:3] == visible.start[:3]
    return said if finer else shown


def said_by_class(el: Any) -> str:
    """Return what the class of a `<time>` says that it shows, "published" or "updated", or ""."""
    names = set((el.get("class") or "").lower().split())
    if names & {"published", "pubdate", "dt-published", "date-published"}:
        return "published"
    return "updated" if names & {"updated", "modified", "dt-updated", "date-updated", "date-modified"} else ""


def _moment_of(el: Any) -> str:
    """Return the title of an element where it is a moment, year first; "" otherwise: other orders are ambiguous."""
    title = el.get("title") or ""
    return title if el.tag != "time" and _MOMENT.fullmatch(title) else ""
