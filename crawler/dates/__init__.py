"""Vietnamese dates, as ward portals write them. Pure functions that need nothing else of this project.

>>> parse_date("Ngày đăng 03/01/2018 | 05:01").isoformat()
'2018-01-03T05:01'
"""

from crawler.dates.events import find_event_dates
from crawler.dates.model import EventDate, FoundDate, Moment
from crawler.dates.publication import DateCandidate, Publication, choose_publication
from crawler.dates.reading import find_dates, parse_date

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
