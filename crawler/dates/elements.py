"""The parts a date is assembled from, found in one pass over digits and one over each family of words."""

from typing import NamedTuple

from crawler.dates.model import Moment


class Clock(NamedTuple):
    """A time of day. `shift`: minutes to add for Hà Nội's time where another zone was written, else None."""

    hour: int
    minute: int
    second: int | None = None
    shift: int | None = None
    placeholder: bool = False


class Element(NamedTuple):
    """A part found at `start`:`end` of the folded text.

    `kind`: day (with a year), dm (day and month), month, m (a month alone), year, period (`first` to `last`), clock,
    lead (the first day of "1-15/12" or "2, 3 và 4/9"), lunar, relative, now, bad (a date's shape, but impossible).
    `machine` marks year-first forms, in which midnight means no time. `rule` names the shape, `flag` what it needs.
    `month_first` is the day that numbers such as 10/11/2026 mean where the month stands first.
    """

    kind: str
    start: int
    end: int
    first: Moment | None = None
    last: Moment | None = None
    day: int = 0
    month: int = 0
    clock: Clock | None = None
    until: Clock | None = None
    machine: bool = False
    flag: str = ""
    year_words: str = ""
    month_first: Moment | None = None
