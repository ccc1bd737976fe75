"""What the grammar answers with."""

from dataclasses import dataclass
from datetime import date, timedelta, timezone
from typing import NamedTuple

HANOI = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Việt Nam's time zone, without summer time since before the web."""
HANOI_OFFSET = "+07:00"
FIRST_YEAR, LAST_YEAR = 1801, 2099
FIRST_PORTALS = 1997
"""The year before which no portal published anything."""


class Moment(NamedTuple):
    """A point of the civil calendar in Asia/Ho_Chi_Minh, as exact as it was written: what follows a None is None."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None

    @property
    def precision(self) -> str:
        """One of second, minute, day, month, year."""
        if self.second is not None:
            return "second"
        if self.hour is not None:
            return "minute"
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"

    @property
    def date(self) -> date:
        """The day, or the first day of the month or year."""
        return date(self.year, self.month or 1, self.day or 1)

    def isoformat(self) -> str:
        """ISO 8601 without offset: 2023, 2023-12, 2023-12-08, 2023-12-08T15:07, 2023-12-08T15:07:30."""
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        if self.hour is not None:
            text += f"T{self.hour:02d}:{self.minute or 0:02d}"
        if self.second is not None:
            text += f":{self.second:02d}"
        return text


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date found in a text.

    `start` and `end` are equal but for an interval. `raw` is the text it was read from and `span` its offsets there.
    `kind` is one of full, yearless, lunar, relative, month, year, period. `label` is what the words before it call it:
    published, updated, today, effective, cited (the date of a document), deadline, or nothing. `notes` hold what was
    seen and not absorbed, such as a weekday that contradicts the date. `other` is the day that the same numbers mean
    with the month first, where nothing in the string tells which of the two stands first.
    """

    start: Moment
    end: Moment
    raw: str
    span: tuple[int, int]
    kind: str = "full"
    label: str = ""
    notes: tuple[str, ...] = ()
    time_is_placeholder: bool = False
    other: Moment | None = None

    @property
    def is_interval(self) -> bool:
        """Whether two ends are named."""
        return self.start != self.end

    @property
    def precision(self) -> str:
        """One of second, minute, day, month, year; of an interval, that of its ends."""
        return self.start.precision

    def isoformat(self) -> str:
        """ISO 8601 in Asia/Ho_Chi_Minh, without offset; an interval has a slash between its ends."""
        if self.start == self.end:
            return self.start.isoformat()
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


@dataclass(frozen=True, slots=True)
class EventDate:
    """A date named in an article's body: `iso` as FoundDate writes it, `raw` as shown, `start` and `end` its place."""

    iso: str
    raw: str
    start: int
    end: int


def is_real(year: int, month: int, day: int) -> bool:
    """Tell whether the day exists and is none of the zero dates of common systems (1900-01-01, 1970-01-01, ...)."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    if day > 28:
        try:
            date(year, month, day)
        except ValueError:
            return False
    return (year, month, day) not in _ZERO_DATES


_ZERO_DATES = frozenset({(1970, 1, 1), (1969, 12, 31), (1900, 1, 1), (1899, 12, 30), (1899, 12, 31)})


def day_before(first: Moment, last: Moment) -> bool:
    """Tell whether `first` lies on an earlier day, month or year than `last`, both of one precision."""
    return date(first.year, first.month or 1, first.day or 1) < date(last.year, last.month or 1, last.day or 1)
