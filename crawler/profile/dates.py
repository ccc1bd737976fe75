"""Which of the dates on a site's pages is the articles', and in which order it is written."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from crawler.dates import parse_date
from crawler.profile.model import Order
from crawler.profile.observation import Observation, ShownDate

_SHARE = 0.8
_FEWEST = 4  # pages that must show a clock
_AT_ONCE = timedelta(minutes=5)
_HANOI = timezone(timedelta(hours=7))
# The minutes of "17:26 - 18/01/2016" are no day.
_NUMERIC = re.compile(r"(?<![\d:])(\d{1,2})\s?(?P<mark>[/.\-])\s?(\d{1,2})\s?(?P=mark)\s?(\d{4}|\d{2})(?!\d)")
_WEEKDAYS = (
    r"thứ (?:hai|2)|th[uứ]\s?2|mon(?:day)?", r"thứ (?:ba|3)|tue(?:s(?:day)?)?", r"thứ (?:tư|4)|wed(?:nesday)?",
    r"thứ (?:năm|5)|thu(?:rs(?:day)?)?", r"thứ (?:sáu|6)|fri(?:day)?", r"thứ (?:bảy|7)|sat(?:urday)?",
    r"chủ nhật|cn|sun(?:day)?",
)  # fmt: skip
_WEEKDAY = re.compile("|".join(rf"(?P<d{n}>\b(?:{names})\b)" for n, names in enumerate(_WEEKDAYS)), re.IGNORECASE)


def clocks(pages: Sequence[Observation]) -> dict[str, int]:
    """Return the places that show the moment of the fetch → on how many pages.

    Sure is a time of day within five minutes of the fetch on four pages. A day alone is a clock where it is the day of
    the fetch on every page and another source says another day on half of them: news of one morning is no clock.
    """
    moments: Counter[str] = Counter()
    days: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    contradicted: Counter[str] = Counter()
    for page in pages:
        fetched = page.fetched.astimezone(_HANOI)
        others = {day for one in page.dates if (day := _day(one, fetched)) and day != fetched.date()}
        for place, one in _by_place(page):
            moment = _moment(one.text, fetched)
            if moment is None:
                continue
            shown[place] += 1
            if isinstance(moment, datetime):
                moments[place] += abs(moment - fetched) <= _AT_ONCE
            days[place] += _date(moment) == fetched.date()
            contradicted[place] += bool(others)
    found = {}
    for place, count in shown.items():
        sure = moments[place] >= _FEWEST and moments[place] >= _SHARE * count
        likely = days[place] == count >= _FEWEST and contradicted[place] >= count / 2
        if sure or likely:
            found[place] = count
    return found


def constants(pages: Sequence[Observation], clocks: dict[str, int]) -> dict[str, int]:
    """Return the places that show one and the same date on nearly all pages → on how many.

    Where lists or metadata name that day too, the articles were published in bulk, and the date is theirs.
    """
    texts: dict[str, Counter[str]] = defaultdict(Counter)
    backed: Counter[str] = Counter()
    for page in pages:
        fetched = page.fetched.astimezone(_HANOI)
        others = {_day(one, fetched) for one in page.dates if one.source != "page"}
        for place, one in _by_place(page):
            texts[place][one.text] += 1
            backed[place] += _day(one, fetched) in others
    return {
        place: count
        for place, seen in texts.items()
        if place not in clocks
        and not backed[place]
        and (count := seen.most_common(1)[0][1]) >= max(_FEWEST, _SHARE * _whole(pages), _SHARE * seen.total())
    }


def place_of_date(pages: Sequence[Observation], clocks: dict[str, int]) -> tuple[str, int]:
    """Return (the place whose date varies from article to article and fits, on how many pages), or ("", 0).

    It fits where it is never later than the fetch, and where lists, metadata and addresses, as far as they know a day,
    mostly name the same.
    """
    texts: dict[str, list[str]] = defaultdict(list)
    wrong: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for page in pages:
        fetched = page.fetched.astimezone(_HANOI)
        others = {day for one in page.dates if one.source != "page" and (day := _day(one, fetched))}
        for place, one in _by_place(page):
            day = _day(one, fetched)
            if place in clocks or day is None:
                continue
            texts[place].append(one.text)
            wrong[place] += day > fetched.date() + timedelta(days=1)
            asked[place] += bool(others)
            agreed[place] += day in others
    fit = [
        (agreed[place], len(seen), place)
        for place, seen in texts.items()
        if len(seen) >= max(_FEWEST, _SHARE * _whole(pages))
        and not wrong[place]
        and len(set(seen)) >= max(3, 0.5 * len(seen))
        and agreed[place] >= _SHARE * asked[place]
    ]
    if not fit:
        return "", 0
    _, count, place = max(fit)
    return place, count


def order(pages: Sequence[Observation]) -> Order:
    """Return how many articles show that the day comes first, how many that the month does, how many neither.

    What tells: a number over 12, the weekday, another source's day, the moment of the fetch; each page has one vote.
    """
    votes: Counter[str] = Counter()
    for page in pages:
        fetched = page.fetched.astimezone(_HANOI)
        iso = {day for one in page.dates if one.source in ("meta", "url") and (day := _unambiguous(one.text))}
        said = {vote for one in page.dates if one.source == "page" and (vote := _vote(one.text, iso, fetched.date()))}
        if len({vote.removeprefix("sure_") for vote in said}) == 1:
            votes.update(said | {vote.removeprefix("sure_") for vote in said})
    return Order(votes["day"], votes["month"], votes["sure_day"], votes["sure_month"], votes["astray"])


def _vote(text: str, others: set[date], fetched: date) -> str:
    found = _NUMERIC.search(text)
    if found is None:
        return ""
    first, second, year = (int(found[group]) for group in (1, 3, 4))
    year += 2000 if year < 100 else 0
    if first > 12 or second > 12 or first == second:
        return "sure_day" if first > 12 >= second else "sure_month" if second > 12 >= first else ""
    try:
        readings = {"day": date(year, second, first), "month": date(year, first, second)}
    except ValueError:
        return ""
    if weekday := _WEEKDAY.search(text):
        wanted = int((weekday.lastgroup or "d0")[1:])
        fits = [name for name, day in readings.items() if day.weekday() == wanted]
        if len(fits) < 2:
            return fits[0] if fits else "astray"
    agreeing = [name for name, day in readings.items() if day in others]
    if len(agreeing) == 1:
        return agreeing[0]
    past = [name for name, day in readings.items() if day <= fetched + timedelta(days=1)]
    return past[0] if len(past) == 1 else ""


def _whole(pages: Sequence[Observation]) -> int:
    """Return how many pages were looked at as a whole."""
    return sum(1 for page in pages if page.frame)


def _by_place(page: Observation) -> Iterator[tuple[str, ShownDate]]:
    """Yield each place that shows a date, once."""
    seen = set()
    for one in (*page.dates, *page.elsewhere):
        if one.place and one.place not in seen:
            seen.add(one.place)
            yield one.place, one


def _unambiguous(text: str) -> date | None:
    found = re.search(r"(?<!\d)((?:19|20)\d\d)[-/](\d\d)[-/](\d\d)(?!\d)", text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _day(one: ShownDate, base: datetime) -> date | None:
    if one.source == "url":
        return _unambiguous(one.text)
    moment = _moment(one.text, base)
    return _date(moment) if moment is not None else None


@lru_cache(maxsize=4096)
def _moment(text: str, base: datetime) -> datetime | date | None:
    """Return the moment, aware, or the day that a string names; None for anything less exact."""
    found = parse_date(text[:200], base=base.replace(tzinfo=None))
    if found is None or found.is_interval or found.start.day is None or found.start.month is None:
        return None
    start = found.start
    if start.hour is None:
        return date(start.year, found.start.month, found.start.day)
    return datetime(
        start.year, found.start.month, found.start.day, start.hour, start.minute or 0, start.second or 0, tzinfo=_HANOI
    )


def _date(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
