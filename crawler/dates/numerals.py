"""Everything that begins with a digit, in one pass: dates, times, lists, and the numbers that are neither."""

import re
from collections.abc import Iterator
from itertools import islice

from crawler.dates import times_of_day
from crawler.dates.elements import Clock, Element
from crawler.dates.folded_text import Folded
from crawler.dates.model import Moment, is_real
from crawler.dates.times_of_day import read_clock, zone_shift
from crawler.dates.vocabulary import EN, YW, M, compiled, month_number, says_month, year_number

_DOCUMENT = r"(?!/[a-z]|-(?:nd|qd|cp|tt|nq|kh|tb|ct|bc|cv|ub)[a-z\-]*(?![a-z]))"
_END = r"(?!\d)(?! ?[/\\]\d)(?!\.\d)(?!-\d(?!\d?[:h])(?!\d?[/.]\d))" + _DOCUMENT
_ALTERNATIVES = (
    # a number before another one, unless the two begin 08 12 2023: no date, and the costliest to find out otherwise
    r"(?!\d\d \d\d \d{4}(?!\d))\d+ (?=\d)",
    # 2023-12-08, 2023/12/08 10:14:25, 2023-12-08T10:14:00.000+07:00
    r"(?P<y>\d{4}) ?(?P<ys>[-/.]) ?(?P<ym>\d{1,2}) ?(?P=ys) ?(?P<yd>\d{1,2})(?!\d)(?! ?[/.]\d(?!\d{3}-))(?!-\d)"
    r"(?:(?:t| )(?P<yh>\d{1,2}):(?P<yi>\d{2})(?::(?P<yss>\d{2})(?:[.,]\d{1,9})?)?(?!\d)"
    r"(?: ?(?P<yz>z|utc|gmt|"
    + times_of_day.ZONES
    + r"|[+-]\d\d:?\d\d|[+-]\d\d|ict)(?![a-z0-9]))?(?! ?(?:am|pm|sa|ch)(?![a-z])))?",
    # 20231208T101400+0700
    r"(?P<c>\d{8})t(?P<ct>\d{6}|\d{4})(?P<cz>z|[+-]\d\d:?\d\d)?(?![a-z0-9])",
    # 08/12/2023, 8.12.2023, 08 - 12 - 2023, 8/12/23, 8/12 năm 2023
    r"(?P<d>\d{1,2}) ?(?P<ds>[-/.\\]) ?(?P<dm>\d{1,2})(?: ?(?P=ds) ?(?P<dy>\d{4}|\d\d)|,? nam (?P<dy2>\d{4}))" + _END,
    # 08 12 2023
    r"(?P<s>\d\d) (?P<sm>\d\d) (?P<sy>\d{4})(?!\d)(?! \d)",
    # 8 tháng 12 năm 2023, 08 Th12 2023, 8/tháng 12/năm 2023, 13 tháng 01
    r"(?P<w>\d{1,2}) ?[-/.,]? ?(?:thang|thg|th)\.? ?(?P<wm>" + M + r"|\d{1,2}(?![\d/]))(?P<wl> nhuan)?"
    r"(?: ?[-/.,]? ?(?P<wn>nam ?)?(?P<wy>\d{4}(?!\d)|" + YW + r"))?",
    # 6 tháng đầu năm 2023
    r"(?P<p>\d{1,2}) thang (?P<pp>dau|cuoi) nam (?P<py>\d{4})(?!\d)",
    # 8 December 2023, 8-Dec-2023, 8th of Dec, 2023, 8 Dec 23 10:14 as mail and old feeds write it
    r"(?P<e>\d{1,2})(?:st|nd|rd|th)?[ \-./]{0,2}(?:of )?(?P<em>"
    + EN
    + r")[ \-./,]{0,2}(?P<ey>\d{4}|(?<=-)\d\d|(?<= )\d\d(?= \d\d:\d\d))(?![\d:])",
    # 2 giờ trước, 3 tuần sau
    r"(?P<r>\d{1,3}) ?(?P<ru>giay|phut|gio|tieng dong ho|tieng|ngay|hom|tuan|thang|nam|"
    r"(?:sec(?:ond)?|min(?:ute)?|hour|day|week|month|year)s?)(?: (?P<r2>\d{1,2}) phut)?"
    r" (?P<rd>truoc|sau|nua|ago)(?![a-z])",
    # 25 phút: how long ago a stamp is
    r"(?P<n>[1-9]|[1-5]\d) ?(?P<nu>phut|mins?|minutes?)(?=[ .)]*$)",
    # 15:07, 15h07, 14 giờ 30 phút
    times_of_day.PATTERN + times_of_day.ZONE,
    # 12/2023
    r"(?P<m>\d{1,2}) ?(?P<ms>[-/.]) ?(?P<my>\d{4})" + _END,
    # 13/01, 13.1, 17-10
    r"(?P<b>\d{1,2})(?P<bs> ?/ ?|[.\-])(?P<bm>\d{1,2})(?!\d)(?:(?=-\d{1,2}/\d)|(?! ?[-/.\\]\d)(?!/[a-z]"
    r"|-[a-z])(?! ?(?:thang|thg) ?\d))",
    # the first day of 1-15/12, 2, 3 và 4/9, 1 đến ngày 15/12
    r"(?P<l>\d{1,2}) ?(?:[,;&~÷\-]|(?:va|den|toi) |(?:, ?)?(?=rang sang ))"
    r"(?: ?(?:het )?(?:(?:rang sang|sang|trua|chieu|toi|dem) )?(?:ngay )?)(?=\d{1,2}(?!\d))",
    # numbers that are not dates: consumed whole, so that no part of them is read
    r"\d+(?:[/.\-,]\d+|:(?!\d{1,2}[/.\-]\d{1,2}[/.\-]\d|\d/\d)\d+)*",
)


FIRST_US_YEAR = 1990  # no portal is older than its English settings
_PATTERN = "(?=\\d)(?:" + "|".join(_ALTERNATIVES) + ")"


def _day(
    match: re.Match[str], year: int, month: int, day: int, *, clock: Clock | None = None, machine: bool = False,
    flag: str = "",
) -> Element:  # fmt: skip
    if not is_real(year, month, day):
        return Element("bad", match.start(), match.end())
    found = Moment(year, month, day)
    return Element("day", match.start(), match.end(), found, clock=clock, machine=machine, flag=flag)


def _year_first(match: re.Match[str]) -> Element:
    time = None
    if match["yh"]:
        hour, minute, second = int(match["yh"]), int(match["yi"]), int(match["yss"] or 0)
        if hour < 24 and minute < 60 and second < 60:
            zero = hour == minute == second == 0
            seconds = second if match["yss"] else None
            time = Clock(hour, minute, seconds, zone_shift(_full_zone(match["yz"])), zero)
    return _day(match, int(match["y"]), int(match["ym"]), int(match["yd"]), clock=time, machine=True)


def _full_zone(zone: str | None) -> str | None:
    return zone + "00" if zone and len(zone) == 3 and zone[0] in "+-" else zone


def _compact(match: re.Match[str]) -> Element:
    digits, time_digits = match["c"], match["ct"]
    hour, minute, second = int(time_digits[:2]), int(time_digits[2:4]), int(time_digits[4:] or 0)
    time = None
    if hour < 24 and minute < 60 and second < 60:
        seconds = second if len(time_digits) > 4 else None
        time = Clock(hour, minute, seconds, zone_shift(match["cz"]), hour == minute == second == 0)
    return _day(match, int(digits[:4]), int(digits[4:6]), int(digits[6:]), clock=time, machine=True)


def _is_glued_lookalike(text: Folded, start: int) -> bool:
    """Tell whether a lone letter is glued before: O8/12/2023, l8/12/2023, v1.2.2023. An author's name is longer."""
    plain = text.plain
    return start > 0 and plain[start - 1].isalpha() and (start == 1 or not plain[start - 2].isalpha())


def _day_first(match: re.Match[str], text: Folded) -> Element:
    year_text = match["dy"] or match["dy2"]
    year, month, day = int(year_text), int(match["dm"]), int(match["d"])
    if _is_glued_lookalike(text, match.start()):
        return Element("bad", match.start(), match.end())
    if len(year_text) == 2:
        if compiled(r" ?\d\d(?!\d|[ .]?[:hg])").match(text.plain, match.end()):
            return Element("bad", match.start(), match.end())  # "08/12/20 23"
        if " " in match[0] or not 0 <= year <= 49 or not (1 <= month <= 12 and 1 <= day <= 31):
            return Element("bad" if month > 12 else "junk", match.start(), match.end())
        return _day(match, 2000 + year, month, day, flag="short year")
    if month > 12 and year >= FIRST_US_YEAR and is_real(year, day, month):
        return Element("bad", match.start(), match.end(), Moment(year, day, month), flag="month first")
    if match["ds"] == ".":
        return _day(match, year, month, day, flag=".")
    swapped = match["dy"] and month != day and day <= 12 and year >= FIRST_US_YEAR and is_real(year, day, month)
    return _day(match, year, month, day)._replace(month_first=Moment(year, day, month) if swapped else None)


def _worded(match: re.Match[str], text: Folded) -> Element:
    day, word = int(match["w"]), match["wm"]
    month = month_number(word)
    start, end = match.span()
    if not month:
        return Element("bad", start, end)
    if not says_month(text, *match.span("wm")):
        if word == "sau" and not match["wy"]:  # "3 tháng sau" is not June
            return Element("relative", start, match.end("wm"), day=day, flag="thang sau")
        return Element("junk", start, end)
    year = year_number(match["wy"]) if match["wy"] else 0
    special = "leap" if match["wl"] else word if word in ("gieng", "chap") else ""
    if special == "gieng" and year and not match["wn"]:
        special = ""  # "15 Tháng Giêng, 2021": an old locale's name of January
    if special:
        return Element("lunar", start, end, day=day, month=month, flag=special, year_words=match["wy"] or "")
    if not year:
        if word == "nam" and not match["wy"] and compiled(r" ?\d").match(text.plain, end):
            return Element("junk", start, end)
        return Element("dm", start, end, day=day, month=month, flag="worded")
    if word == "nam" and not match["wn"] and "," not in match[0]:
        return _months_or_may(match, text, year, day)
    return _day(match, year, month, day, flag="worded")


def _months_or_may(match: re.Match[str], text: Folded, year: int, count: int) -> Element:
    """Read "9 tháng năm 2023", nine months of 2023, apart from "9 Tháng Năm 2023" and "ngày 9 tháng năm 2023"."""
    start, end = match.span()
    if not 1800 < year < 2100:
        return Element("bad", start, end)
    if count > 12 or text.is_capital(match.start("wm")) or text.plain.endswith("ngay ", 0, start):
        return _day(match, year, 5, count, flag="worded")
    if count in (3, 6, 9):
        return Element("period", start, end, Moment(year, 1), Moment(year, count))
    return Element("junk", start, end)


def _months_of_year(match: re.Match[str]) -> Element:
    count, year = int(match["p"]), int(match["py"])
    if not 1 <= count <= 11 or not 1800 < year < 2100:
        return Element("junk", match.start(), match.end())
    first, last = (1, count) if match["pp"] == "dau" else (13 - count, 12)
    return Element("period", match.start(), match.end(), Moment(year, first), Moment(year, last))


def _month_of_year(match: re.Match[str], text: Folded) -> Element:
    month, year = int(match["m"]), int(match["my"])
    before = text.plain[match.start() - 1 : match.start()]
    if not (1 <= month <= 12 and 1900 <= year <= 2099) or before.isalpha() or before in tuple("/_."):
        return Element("bad", match.start(), match.end())
    if before == "-" and not compiled(r"thang \d{1,2}-$").search(text.plain[: match.start()][-10:]):
        return Element("bad", match.start(), match.end())
    return Element("month", match.start(), match.end(), Moment(year, month), flag="bare")


def _day_month(match: re.Match[str], text: Folded) -> Element:
    day, month = int(match["b"]), int(match["bm"])
    before = text.plain[match.start() - 1 : match.start()]
    if not (1 <= month <= 12 and 1 <= day <= 31) or before.isalpha() or before in tuple("/_."):
        return Element("junk", match.start(), match.end())
    return Element("dm", match.start(), match.end(), day=day, month=month, flag=match["bs"].strip())


def _read(match: re.Match[str], text: Folded) -> Element | None:
    start, end = match.span()
    if match["y"]:
        return _year_first(match)
    if match["d"]:
        return _day_first(match, text)
    if match["hour"]:
        time = read_clock(match, text)
        glued = start > 0 and text.plain[start - 1].isalnum()
        if glued and text.plain[start - 1] == "t" and start > 1 and text.plain[start - 2].isdigit():
            glued = False  # 08/12/2023T10:14
        if time is None or glued:
            return Element("no clock", start, end)
        return Element("clock", start, end, clock=time)
    if match["w"]:
        return _worded(match, text)
    if match["b"]:
        return _day_month(match, text)
    if match["l"]:
        if text.plain[max(0, start - 4) : start] in ("thu ", "thu") or re.search(r"(?<![a-z])t$", text.plain[:start]):
            return None  # "17:26 Thứ 2, 18/01/2016": a weekday
        return Element("lead", start, end, day=int(match["l"]), flag=match[0].lstrip("0123456789 "))
    if match["m"]:
        return _month_of_year(match, text)
    if match["c"]:
        return _compact(match)
    if match["s"]:
        return _day(match, int(match["sy"]), int(match["sm"]), int(match["s"]), flag="spaced")
    if match["e"]:
        if text.written(*match.span("em")) != match["em"]:
            return None
        return _day(
            match, int(match["ey"]) + (2000 if len(match["ey"]) == 2 else 0), month_number(match["em"]), int(match["e"])
        )
    if match["p"]:
        return _months_of_year(match)
    if match["n"]:
        return Element("relative", start, end, day=int(match["n"]), flag="phut truoc", year_words="stamp")
    if match["r"]:
        return Element(
            "relative",
            start,
            end,
            day=int(match["r"]),
            flag=f"{match['ru']} {match['rd']}",
            month=int(match["r2"] or 0),
        )
    return None


def find_numerals(text: Folded, most: int) -> list[Element]:
    """Return the elements that begin with a digit, in order, `most` at most, in time linear in the text."""
    found = (_read(match, text) for match in _numbers(text.plain) if match.lastgroup)
    return list(islice((element for element in found if element is not None), most))


def _numbers(plain: str) -> Iterator[re.Match[str]]:
    """Yield what `finditer` would: the pattern takes any digit, and a digit alone is found faster than the pattern."""
    digit, number = compiled("[0-9]"), compiled(_PATTERN)
    found = digit.search(plain)
    while found and (match := number.match(plain, found.start())):
        yield match
        found = digit.search(plain, match.end())
