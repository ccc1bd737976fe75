"""The day of the newest news that a front page shows. Pure.

No news are: the page's clock, copyright years, addresses and footers, coming events, and days that lie ahead.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from crawler import urls
from crawler.dates import find_dates
from crawler.dates.local_time import local_day
from crawler.dates.url_dates import date_in_url
from crawler.discovery.front_text import BANNER, BODY, HEADING, FrontText, Line
from crawler.text import fold
from spiders.portals import DIVISION

REFORM = date.fromisoformat(DIVISION)
"""The first day of the new units."""
_MOST = 400  # lines with digits that are read
_PLAIN = re.compile(r"\d{1,2}\s?[/.\-]\s?\d{1,2}|\bngay\b|\bthang\b|\btruoc\b|20\d\d")
_TODAY = re.compile(r"^\W*(?:hom nay|bay gio|thoi gian|gio hien tai|today)\b")
_WEEKDAY = re.compile(r"^\W*(?:thu (?:hai|ba|tu|nam|sau|bay|\d)|chu nhat|t[2-7]|cn)\b")
_LONG_AFTER = 150  # days
_NO_NEWS = re.compile(
    r"ban quyen|copyright|©|giay phep|cap phep|so gp|luot truy cap|tong truy cap|dang truy cap|truy cap hom nay|"
    r"hieu luc|han chot|het han|den ngay|tu ngay|sinh ngay|se (?:dien ra|to chuc)|sap (?:dien ra|toi)|dem nguoc|"
    r"lich (?:cong tac|tiep (?:cong )?dan|lam viec|am|van nien)|am lich|thoi tiet|du bao|nhiet do|ty gia|gia vang"
)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest day, None where there is none, and the words that show it."""

    day: date | None = None
    words: str = ""


def newest_of(page: FrontText, at: datetime, host: str) -> Newest:
    """Return the newest day of news that a page fetched `at` (aware) shows, by its text, else by its own addresses.

    A single line with the day of the fetch, long after all others, is a clock.
    """
    today = date.fromisoformat(local_day(at))
    shown = [(day, words) for day, words in _shown(page, at, today) if day <= today]
    days = sorted({day for day, _ in shown}, reverse=True)
    alone = days[:1] == [today] and sum(day == today for day, _ in shown) == 1
    if alone and (len(days) == 1 or (today - days[1]).days > _LONG_AFTER):
        del days[0]
    if days:
        return Newest(days[0], next(words for day, words in shown if day == days[0]))
    best = Newest()
    for url, _ in page.links:
        found = date_in_url(url) if urls.plain_host(urls.host(url)) == urls.plain_host(host) else None
        if found and found[0].month and found[0].date <= today and (best.day is None or found[0].date > best.day):
            best = Newest(found[0].date, url)
    return best


def _shown(page: FrontText, at: datetime, today: date) -> Iterator[tuple[date, str]]:
    read = 0
    lines = list(page.of(BODY, HEADING, BANNER))
    for number, line in enumerate(lines):
        folded = fold(line.text)
        if not _PLAIN.search(folded) or read >= _MOST:
            continue
        may_be_clock = (line.clock or bool(_WEEKDAY.search(folded))) and not line.linked
        if _TODAY.search(folded) or _NO_NEWS.search(folded) or (number and _announces(lines[number - 1], line)):
            continue
        read += 1
        for found in find_dates(line.text[:400], base=at):
            exact = found.start.day is not None and not found.is_interval and found.kind in ("full", "relative")
            is_clock = may_be_clock and (today - found.start.date).days <= 1
            if exact and not is_clock and found.label not in ("today", "deadline", "effective"):
                yield found.start.date, line.text[:100]


def _announces(before: Line, line: Line) -> bool:
    """Tell whether the line before says that this one is of a coming event or a calendar."""
    return len(before.text) < 60 and len(line.text) < 40 and bool(_NO_NEWS.search(fold(before.text)))
