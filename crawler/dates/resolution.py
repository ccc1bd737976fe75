"""From what is written to a day: years left out, relative days, lunar days. Most need a base, the publication."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from crawler.dates.elements import Element
from crawler.dates.model import HANOI, Moment, is_real
from crawler.dates.vocabulary import can_chi_year

PAST_DAYS, FUTURE_DAYS = 200, 60


def local(base: datetime) -> datetime:
    """Return `base` in Hà Nội's time; a naive one is taken as that already."""
    return base if base.tzinfo is None else base.astimezone(HANOI).replace(tzinfo=None)


def nearest_year(day: int, month: int, base: date, cue: str = "") -> int:
    """Return the year of a day without one, or 0 where it cannot be known.

    `cue` is past, future, until (a deadline, perhaps just over), stamp (the last such day) or empty. Without one a day
    up to PAST_DAYS back or FUTURE_DAYS ahead of `base` is taken, the nearer of the two; between these lies a gap in
    which no answer is given.
    """
    gaps = {}
    for year in (base.year - 1, base.year, base.year + 1):
        if is_real(year, month, day):
            gaps[year] = (date(year, month, day) - base).days
    if cue == "past":
        fitting = [(-gap, year) for year, gap in gaps.items() if -270 <= gap <= 0]
    elif cue == "stamp":
        fitting = [(-gap, year) for year, gap in gaps.items() if gap <= 0]
    elif cue == "until":
        fitting = [(abs(gap), year) for year, gap in gaps.items() if -45 <= gap <= 200]
    elif cue == "future":
        fitting = [(gap, year) for year, gap in gaps.items() if 0 <= gap <= 300]
    else:
        fitting = [(abs(gap), year) for year, gap in gaps.items() if -PAST_DAYS <= gap <= FUTURE_DAYS]
    return min(fitting)[1] if fitting else 0


def lunar_day(element: Element, base: date | None) -> Moment | None:
    """Return the solar day of a lunar one; leap months, can chi years and the eve of Tết as the element's flag says."""
    try:
        return _lunar_day(element, base)
    except (ValueError, OverflowError):
        return None


def _lunar_day(element: Element, base: date | None) -> Moment | None:
    words = element.year_words.split()
    written = int(words[-1]) if words and words[-1].isdigit() else 0
    can_chi = words[:2] if len(words) >= 2 else []
    near = written or (base.year if base else 0)
    year = written
    if can_chi:
        if not near:
            return None
        year = can_chi_year(" ".join(can_chi), near)
        if not year or (written and written != year):
            return None
    elif not written and words:
        return None
    if year:
        # Tết of a year is the first day of that lunar year, its eve the last day of the year before.
        return _to_solar(element, year - 1 if element.flag in ("eve", "before tet") else year)
    if base is None:
        return None
    gaps = []
    for candidate in (base.year - 1, base.year, base.year + 1):
        moment = _to_solar(element, candidate)
        if moment and -PAST_DAYS <= (moment.date - base).days <= FUTURE_DAYS:
            gaps.append((abs((moment.date - base).days), moment))
    return min(gaps)[1] if gaps else None


def _to_solar(element: Element, year: int) -> Moment | None:
    return _convert(element.day, element.month, year, element.flag)


@lru_cache(maxsize=4096)
def _convert(day: int, month: int, year: int, flag: str) -> Moment | None:
    """Return the solar day; `flag` is leap, eve (the last day of that lunar year) or nothing that matters."""
    from lunar_vn import LunarDate, lunar_to_solar, solar_to_lunar

    if not 1900 <= year <= 2099 or not 1 <= month <= 12 or not 1 <= day <= 30:
        return None
    if flag == "eve":
        solar = lunar_to_solar(LunarDate(1, 1, year + 1)) - timedelta(days=1)
        return Moment(solar.year, solar.month, solar.day)
    wanted = LunarDate(day, month, year, flag == "leap")
    try:
        solar = lunar_to_solar(wanted)
        if solar_to_lunar(solar) != wanted:
            return None  # the 30th of a month of 29 days
    except ValueError:
        return None
    return Moment(solar.year, solar.month, solar.day)


def _shift_months(day: date, months: int) -> date | None:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day and is_real(year, month + 1, last):
            return date(year, month + 1, last)
    return None


_ENGLISH_UNITS = {
    "sec": "giay",
    "min": "phut",
    "hou": "gio",
    "day": "ngay",
    "wee": "tuan",
    "mon": "thang",
    "yea": "nam",
}
_OFFSETS = {"nay": 0, "qua": -1, "kia": -2, "mai": 1, "mot": 2}
_SECONDS = {"giay": 1, "phut": 60, "gio": 3600, "tieng": 3600}


def _day_of(day: date) -> Moment:
    return Moment(day.year, day.month, day.day)


def relative_day(element: Element, base: datetime) -> tuple[Moment, Moment] | None:
    """Return the ends of what a relative expression means at `base` (Hà Nội's time), or None where it is not a date."""
    try:
        ends = _relative_day(element, base)
        if ends and all(end.date for end in ends):  # which raises ValueError for the year 10000, or 0
            return ends
        return None
    except (ValueError, OverflowError):
        return None


def _relative_day(element: Element, base: datetime) -> tuple[Moment, Moment] | None:
    today = base.date()
    family = element.year_words.split(" ")[0]
    if family == "now":
        now = Moment(base.year, base.month, base.day, base.hour, base.minute)
        return now, now
    if family == "day":
        offset = _OFFSETS[element.flag]
        found: date | None = today + timedelta(days=offset)
    elif family == "weekday":
        found = _weekday_near(element, today)
    elif family == "period":
        return _period_near(element.flag, today)
    else:
        return _ago(element, base)
    return (_day_of(found), _day_of(found)) if found else None


def _weekday_near(element: Element, today: date) -> date | None:
    monday = today - timedelta(days=today.weekday())
    weeks = {"week truoc": -1, "week nay": 0, "week sau": 1, "week toi": 1}.get(element.flag)
    if weeks is not None:
        return monday + timedelta(days=7 * weeks + element.day)
    if element.flag in ("vua roi", "vua qua"):
        return today - timedelta(days=(today.weekday() - element.day - 1) % 7 + 1)
    return today + timedelta(days=(element.day - today.weekday() - 1) % 7 + 1)


def _period_near(flag: str, today: date) -> tuple[Moment, Moment] | None:
    unit, which = flag.split(" ")
    step = {"truoc": -1, "ngoai": -1, "nay": 0, "sau": 1, "toi": 1, "qua": -1}[which]
    if which == "ngoai" and unit != "nam":
        return None
    if which == "qua":
        return None  # "tháng qua" and "năm qua" are the last thirty days or twelve months: no calendar date
    if unit == "nam":
        year = Moment(today.year + step)
        return year, year
    if unit == "thang":
        count = today.year * 12 + today.month - 1 + step
        month = Moment(count // 12, count % 12 + 1)
        return month, month
    count = today.year * 4 + (today.month - 1) // 3 + step
    return Moment(count // 4, count % 4 * 3 + 1), Moment(count // 4, count % 4 * 3 + 3)


def _ago(element: Element, base: datetime) -> tuple[Moment, Moment] | None:
    unit, direction = element.flag.rsplit(" ", 1)
    unit = _ENGLISH_UNITS.get(unit[:3], unit) if direction == "ago" else unit.split(" ")[0]
    if element.day == 0 and unit not in ("gio", "tieng"):
        return None
    sign = -1 if direction in ("truoc", "ago") else 1
    if unit in _SECONDS:
        seconds = element.day * _SECONDS[unit] + element.month * 60 if element.day else 1800
        moved = base + timedelta(seconds=sign * seconds)
        second = moved.second if unit == "giay" and moved.second else None
        moment = Moment(moved.year, moved.month, moved.day, moved.hour, moved.minute, second)
        return moment, moment
    count = sign * element.day
    if unit in ("thang", "nam"):
        found = _shift_months(base.date(), count if unit == "thang" else 12 * count)
    else:
        found = base.date() + timedelta(days=7 * count if unit == "tuan" else count)
    return (_day_of(found), _day_of(found)) if found else None
