"""Vietnamese dates, as ward portals write them. Pure functions that need nothing else of this project.

>>> parse_date("Ngày đăng 03/01/2018 | 05:01").isoformat()
'2018-01-03T05:01'

The names are loaded on first use, so that a command which reads no date does not pay for the grammar.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.dates.event_dates import find_event_dates
    from crawler.dates.model import EventDate, FoundDate, Moment
    from crawler.dates.parser import find_dates, parse_date
    from crawler.dates.publication import DateCandidate, Publication, choose_publication

_HOMES = {
    "DateCandidate": "publication",
    "EventDate": "model",
    "FoundDate": "model",
    "Moment": "model",
    "Publication": "publication",
    "choose_publication": "publication",
    "find_dates": "parser",
    "find_event_dates": "event_dates",
    "parse_date": "parser",
}

__all__ = [
    "DateCandidate",
    "EventDate",
    "FoundDate",
    "Moment",
    "Publication",
    "choose_publication",
    "find_dates",
    "find_event_dates",
    "parse_date",
]


def __getattr__(name: str) -> object:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
