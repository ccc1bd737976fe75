"""The dates an article's text names: when things happened, happen or fall due."""

from datetime import datetime

from crawler.dates.model import EventDate
from crawler.dates.parser import find_dates

_NOT_EVENTS = frozenset({"cited", "published", "updated"})
_OLDEST = 5  # years before publication from which a date is history, not the article's event


def find_event_dates(body: str, *, published: str | None) -> list[EventDate]:
    """Return the days and intervals of days named in `body`, in order, years and relative days resolved.

    `published` is the publication date as stored (2023-12-08, 2023-12-08T15:07+07:00); without a day in it, days that
    leave the year out have no answer. Left out: dates of cited documents, the page's own stamps, anniversary ranges,
    months, years, history.
    """
    base = _base(published)
    dates = []
    for found in find_dates(body, base=base):
        if found.start.day is None or found.label in _NOT_EVENTS or "anniversary range" in found.notes:
            continue
        if base is not None and found.end.year < base.year - _OLDEST:
            continue
        dates.append(EventDate(found.isoformat(), found.raw, *found.span))
    return dates


def _base(published: str | None) -> datetime | None:
    if not published or len(published) < 10:
        return None
    try:
        return datetime.fromisoformat(published)
    except ValueError:
        return None
