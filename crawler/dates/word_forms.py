"""Everything that begins with a word: months, quarters, years, English dates, lunar feasts, relative days."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from crawler.dates.elements import Clock, Element
from crawler.dates.folded_text import Folded
from crawler.dates.model import HANOI, Moment, is_real
from crawler.dates.times_of_day import NAMED_ZONES, zone_shift
from crawler.dates.vocabulary import (
    CC,
    DW,
    EN,
    ENGLISH_MONTHS,
    WD,
    YW,
    M,
    compiled,
    month_number,
    says_month,
    small_number,
    weekday_number,
    year_number,
)
from crawler.dates.windows import Wording


def _word(*words: str) -> str:
    """A pattern of `words` where a word begins: led by their letters, which the engine looks for ten times as fast as
    for a place without a letter before it."""
    return "(?:" + "|".join(f"{word[0]}(?<![a-z]{word[0]}){word[1:]}" for word in words) + ")"


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4}
_YEAR = rf"\d{{4}}(?!\d)|{YW}"
_LUNAR_YEAR = rf"(?:,? (?:nam |tet |xuan )?(?P<cc>{CC}))?(?:,? (?:nam )?(?P<ly>\d{{4}})(?!\d))?"

_MONTH_FIRST = (
    rf"{_word('th')}(?:ang|g)?\.? ?(?P<m>{M})[ ,]{{1,2}}(?:(?:ngay|mung|mong) )?(?P<d>\d{{1,2}})(?:, ?| "
    rf"|,? nam )(?P<y>\d{{4}})(?!\d)"
)
_MONTH = (
    rf"(?P<w>{_word('t')}(?:hang|hg|h)?)\.? ?(?P<m>{M})"
    rf"(?: ?(?P<s>[,/.\-]) ?(?P<y>{_YEAR})| (?P<n>nam )?(?P<y2>{_YEAR})| ?[,/] ?nam (?P<y3>{_YEAR}))?"
)
_DAY_WORDS = (
    rf"{_word('ngay', 'mung', 'mong')} (?P<d>{DW}) (?:thang"
    rf"|thg) (?P<m>{M})(?P<leap> nhuan)?(?: ?[,/\-]? ?(?:nam )?(?P<y>{_YEAR}))?"
)
_YEAR_FIRST = rf"{_word('nam')} (?P<y>\d{{4}}),? thang (?P<m>{M}),? ngay (?P<d>\d{{1,2}})(?!\d)"
_QUARTER = (
    rf"{_word('qu')}[iy] (?:(?P<q0>iv|i{{1,3}}|[1-4])(?: ?[,\-] ?| va | den )(?:qu[iy] )?)?"
    r"(?P<q>iv|i{1,3}|[1-4]|mot|hai|ba|bon|tu)(?:(?: ?[/,.\-] ?"
    r"| )(?:nam )?(?P<y>\d{4})(?![\d/.\-]\d?))"
)
_YEAR_ALONE = rf"{_word('nam')} (?P<y>{_YEAR})(?:(?: ?- ?| den (?:nam )?| va (?:nam )?)(?P<z>\d{{4}})(?!\d))?"
_ERA = rf"{_word('giai')} doan (?:tu )?(?:nam )?(?P<y>\d{{4}}) ?(?:-|den|den nam|~) ?(?P<z>\d{{4}})(?!\d)"
_ENGLISH = (
    rf"(?<![a-z])(?P<m>{EN})\.?,? (?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:, ?| )(?P<y>\d{{4}})(?!\d)"
    r"|(?P<jd>\d{1,2}) (?P<jh>\d{2}):(?P<ji>\d{2}):(?P<js>\d{2})(?: (?P<jz>[a-z]{3}(?:[+-]\d\d:?\d\d)?"
    r"|[+-]\d{4}))? (?P<jy>\d{4})(?!\d)"
    r"|(?P<oy>\d{4})(?![\d:]))"
)
_MONTHS_WORDS = rf"(?P<n>{_word('ba', 'sau', 'chin')}) thang (?P<p>dau|cuoi) nam (?P<y>\d{{4}})(?!\d)"
_DOTNET = r"/?date\((?P<ms>\d{12,13})(?:[+-]\d{4})?\)"
_FULL_MOON = rf"{_word('ram')} thang (?P<m>{M})(?P<leap> nhuan)?(?: \(?am lich\)?)?{_LUNAR_YEAR}"
_TET = rf"(?<![a-z])(?:(?:mung|mong) (?P<d>\d{{1,2}}|{DW})|(?P<e>28|29|30)) tet(?: nguyen dan)?(?![a-z]){_LUNAR_YEAR}"
_EVE = rf"{_word('giao')} thua(?! ngoai)(?: don)?(?: nam moi)?(?: tet)?(?: nguyen dan)?(?: xuan)?{_LUNAR_YEAR}"
_PERIOD_RELATIVE = rf"(?P<u>{_word('thang', 'nam', 'quy')}) (?P<r>truoc|nay|sau|toi|ngoai|qua)(?![a-z])"
_WEEK_RELATIVE = (
    rf"(?<![a-z])(?P<wd>{WD}),? "
    r"(?:(?P<wk>tuan) (?P<r>truoc|nay|sau|toi|roi|qua|vua roi|vua qua)|(?P<v>vua roi|vua qua|toi|sap toi|nay))(?![a-z])"
)
_DAY_RELATIVE = rf"(?P<day>{_word('hom (?:nay|qua|kia)', 'ngay (?:hom (?:nay|qua|kia)|mai|kia|mot)')})(?![a-z])"
_PART_RELATIVE = (
    rf"(?P<p>{_word('rang sang', 'sang', 'trua', 'chieu', 'toi', 'dem', 'khuya')})(?: som)?(?: (?:ngay )?)?"
    r"(?P<day>(?:ngay )?hom (?:nay|qua|kia)|ngay (?:mai|kia|mot)|(?<=[a-z] )(?:nay|qua|mai))(?![a-z])"
)
_AGO = (
    rf"(?<![a-z])(?P<b>cach day )?(?P<r>{DW}|nua|an?) "
    r"(?P<ru>giay|phut|gio|tieng|ngay|hom|tuan|thang|nam|second|minute|hour|day|week|month|year) (?P<rd>truoc|sau"
    r"|nua|ago)(?![a-z])"
)
_BEFORE_NOW = (
    r"(?<![a-z])cach day (?:khoang )?(?P<r>\d{1,3}) (?P<ru>giay|phut|gio|tieng|ngay|hom|tuan|thang|nam)(?![a-z])"
)
_NOW = (
    _word("vua (?:xong|moi day|moi dang|dang|moi)", "moi day", "ngay bay gio", "bay gio", "just now", "yesterday",
          "today", "tomorrow") + "(?![a-z])"
)  # fmt: skip
_SINCE_NOW = rf"{_word('tu')} (?:nay|hom nay|bay gio) (?:cho )?(?:den|toi)(?![a-z])"


def _day(match: re.Match[str], year: str, month: str, day: int) -> Element:
    number, named = year_number(year), month_number(month)
    if not is_real(number, named, day):
        return Element("bad", match.start(), match.end())
    return Element("day", match.start(), match.end(), Moment(number, named, day))


def _month_first(match: re.Match[str], text: Folded) -> Element | None:
    return _day(match, match["y"], match["m"], int(match["d"]))


def _month(match: re.Match[str], text: Folded) -> Element | None:
    start, end = match.span()
    if match["w"] in ("t", "th") and (not match["m"].isdigit() or not (match["y"] or match["y2"])):
        return None
    if not text.says(*match.span("w"), "tháng", "thg", "th", "t") or not says_month(text, *match.span("m")):
        return None
    words = match["y"] or match["y2"] or match["y3"]
    if not words:
        lunar = match["m"] in ("gieng", "chap")
        return None if lunar else Element("m", start, match.end("m"), month=month_number(match["m"]))
    if compiled(r"ngay[ ._]{1,9}$").search(text.plain[max(0, start - 12) : start]):
        return Element("bad", start, end)  # a form left blank: "ngày … tháng 01 năm 2024"
    year = year_number(words)
    if not 1800 < year < 2100:
        return Element("bad", start, end)
    if match["m"] in ("gieng", "chap"):
        return Element("bad", start, end)  # a lunar month has no solar name
    if match["s"] and compiled(r"[/.\-]\d|/[a-z]").match(text.plain, end):
        return None
    return Element("month", start, end, Moment(year, month_number(match["m"])))


def _day_words(match: re.Match[str], text: Folded) -> Element | None:
    day, month = small_number(match["d"]), month_number(match["m"])
    special = "leap" if match["leap"] else match["m"] if match["m"] in ("gieng", "chap") else ""
    if special or (match[0].startswith(("mung", "mong")) and not match["y"]):
        return Element(
            "lunar", match.start(), match.end(), day=day, month=month, flag=special, year_words=match["y"] or ""
        )
    if not match["y"]:
        return Element("dm", match.start(), match.end(), day=day, month=month, flag="worded")
    return _day(match, match["y"], match["m"], day)


def _quarter(match: re.Match[str], text: Folded) -> Element | None:
    quarter, year = _ROMAN.get(match["q"]) or int(match["q"]), int(match["y"])
    if not text.says(match.start(), match.start() + 3, "quý", "quí") or not 1800 < year < 2100:
        return None
    opening = (_ROMAN.get(match["q0"]) or int(match["q0"])) if match["q0"] else quarter
    if opening > quarter:
        return Element("bad", match.start(), match.end())
    first = Moment(year, opening * 3 - 2)
    return Element("period", match.start(), match.end(), first, Moment(year, quarter * 3))


def _year(match: re.Match[str], text: Folded) -> Element | None:
    year = year_number(match["y"])
    if not text.says(match.start(), match.start() + 3, "năm") or not 1000 < year < 2100:
        return None
    if compiled(r"thang[ ._]{1,9}$").search(text.plain[max(0, match.start() - 14) : match.start()]):
        return None  # a form left blank: "tháng … năm 2024"
    if compiled(r" ?, ?(?:va )?\d{4}(?![\d/.\-])").match(text.plain, match.end()):
        return Element("bad", match.start(), match.end())  # a list of years
    if not match["z"]:
        return Element("year", match.start(), match.end(), Moment(year))
    last = int(match["z"])
    return Element("period", match.start(), match.end(), Moment(year), Moment(last)) if year < last < 2100 else None


def _era(match: re.Match[str], text: Folded) -> Element | None:
    year, last = int(match["y"]), int(match["z"])
    return (
        Element("period", match.start(), match.end(), Moment(year), Moment(last)) if 1800 < year < last < 2100 else None
    )


def _english(match: re.Match[str], text: Folded) -> Element | None:
    if text.written(*match.span("m")) != match["m"]:
        return None
    if match["d"]:
        return _day(match, match["y"], match["m"], int(match["d"]))
    if match["oy"]:
        year = int(match["oy"])
        return (
            Element("month", match.start(), match.end(), Moment(year, month_number(match["m"])))
            if 1800 < year < 2100
            else None
        )
    element = _day(match, match["jy"], match["m"], int(match["jd"]))
    zone = (match["jz"] or "ict").replace("ict", "+0700")
    hour, minute, second = int(match["jh"]), int(match["ji"]), int(match["js"])
    if element.kind == "bad" or hour > 23 or minute > 59 or second > 59:
        return element
    known = zone[:3] in ("gmt", "utc") or zone[0] in "+-" or zone in NAMED_ZONES
    zero = hour == minute == second == 0
    time = Clock(hour, minute, second, zone_shift(zone), zero) if known else None
    return element._replace(clock=time, machine=True)


def _months_words(match: re.Match[str], text: Folded) -> Element | None:
    count, year = small_number(match["n"]), int(match["y"])
    if not text.says(*match.span("n"), "ba", "sáu", "chín") or not 1800 < year < 2100:
        return None
    first, last = (1, count) if match["p"] == "dau" else (13 - count, 12)
    return Element("period", match.start(), match.end(), Moment(year, first), Moment(year, last))


def _dotnet(match: re.Match[str], text: Folded) -> Element | None:
    moment = epoch_moment(int(match["ms"]))
    return Element("day", match.start(), match.end(), moment, flag="timed") if moment else None


def epoch_moment(milliseconds: int) -> Moment | None:
    """Return Hà Nội's time of a Unix epoch in milliseconds, for 1995 to 2099 only."""
    if not 788_918_400_000 <= milliseconds < 4_102_444_800_000:
        return None
    local = datetime.fromtimestamp(milliseconds // 1000, HANOI)
    return Moment(local.year, local.month, local.day, local.hour, local.minute, local.second)


def _lunar(match: re.Match[str], text: Folded) -> Element | None:
    groups = match.groupdict()
    years = " ".join(filter(None, (groups["cc"], groups["ly"])))
    start, end = match.span()
    if match[0].startswith("giao"):
        if " nam " in match[0].replace(" nam moi", ""):
            return None  # the eve at the end of that year, or the one before it: in doubt
        return Element("lunar", start, end, day=30, month=12, flag="eve", year_words=years)
    if match[0].startswith("ram"):
        flag = "leap" if match["leap"] else "feast"
        return Element("lunar", start, end, day=15, month=month_number(match["m"]), flag=flag, year_words=years)
    if match["e"]:
        return Element("lunar", start, end, day=int(match["e"]), month=12, flag="before tet", year_words=years)
    return Element("lunar", start, end, day=small_number(match["d"]), month=1, flag="tet", year_words=years)


_UNITS_SAID = {"thang": ("tháng",), "nam": ("năm",), "quy": ("quý", "quí")}
_SAID = {
    "truoc": ("trước",),
    "nay": ("nay", "này"),
    "sau": ("sau",),
    "toi": ("tới",),
    "ngoai": ("ngoái",),
    "qua": ("qua",),
}
_PARTS = {
    "sang": "sáng",
    "trua": "trưa",
    "chieu": "chiều",
    "toi": "tối",
    "dem": "đêm",
    "khuya": "khuya",
    "rang sang": "rạng sáng",
}


def _period_relative(match: re.Match[str], text: Folded) -> Element | None:
    if not text.says(*match.span("u"), *_UNITS_SAID[match["u"]]) or not text.says(*match.span("r"), *_SAID[match["r"]]):
        return None
    return Element("relative", match.start(), match.end(), flag=f"{match['u']} {match['r']}", year_words="period")


_LAST_WEEK = ("roi", "qua", "vua roi", "vua qua")


def _week_relative(match: re.Match[str], text: Folded) -> Element | None:
    which = match["v"] or "week " + ("truoc" if match["r"] in _LAST_WEEK else match["r"])
    day = weekday_number(match["wd"])
    if day is None or (match["v"] == "toi" and not text.says(*match.span("v"), "tới")):
        return None
    if match["v"] == "nay":
        if not text.says(*match.span("v"), "này"):
            return None
        which = "week nay"
    return Element("relative", match.start(), match.end(), day=day, flag=which, year_words="weekday")


_DAYS_SAID = ("hôm nay", "hôm qua", "hôm kia", "ngày hôm nay", "ngày hôm qua", "ngày hôm kia", "ngày mai", "ngày kia")
_SHORT_SAID = ("ngày mốt", "nay", "qua", "mai")


def _part_relative(match: re.Match[str], text: Folded) -> Element | None:
    return _day_relative(match, text, match["p"]) if text.says(*match.span("p"), _PARTS[match["p"]]) else None


def _day_relative(match: re.Match[str], text: Folded, part: str = "") -> Element | None:
    words = match["day"]
    if not text.says(*match.span("day"), *_DAYS_SAID, *_SHORT_SAID):
        return None
    return Element(
        "relative",
        match.start(),
        match.end(),
        flag="mot" if words == "ngay kia" else words.split()[-1],
        year_words=f"day {part}".strip(),
    )


def _ago(match: re.Match[str], text: Folded) -> Element | None:
    word = match["r"]
    count = 1 if word in ("a", "an") else 0 if word == "nua" else small_number(word)
    return Element("relative", match.start(), match.end(), day=count, flag=f"{match['ru']} {match['rd']}")


def _before_now(match: re.Match[str], text: Folded) -> Element | None:
    return Element("relative", match.start(), match.end(), day=int(match["r"]), flag=f"{match['ru']} truoc")


def _now(match: re.Match[str], text: Folded) -> Element | None:
    words = {"yesterday": "qua", "today": "nay", "tomorrow": "mai"}.get(match[0])
    if words:
        return Element("relative", match.start(), match.end(), flag=words, year_words="day")
    return Element("relative", match.start(), match.end(), flag="now", year_words="now")


def _since_now(match: re.Match[str], text: Folded) -> Element | None:
    return Element("relative", match.start(), match.end(), flag="nay", year_words="since")


Reader = Callable[[re.Match[str], Folded], Element | None]
_NEAR_DAYS = ("hom nay", "hom qua", "hom kia", "ngay mai", "ngay kia", "ngay mot")
_NEAR_ENGLISH = ("yesterday", "today", "tomorrow")
# (wording, reader, whether it needs a base)
_FAMILIES: tuple[tuple[Wording, Reader, bool], ...] = (
    (Wording(("th",), _MONTH_FIRST), _month_first, False),
    (Wording(("nam",), _YEAR_FIRST), _month_first, False),
    (Wording((" thang", " thg"), _DAY_WORDS), _day_words, False),
    (Wording(("t",), _MONTH), _month, False),
    (Wording(("quy", "qui"), _QUARTER), _quarter, False),
    (Wording(("giai doan",), _ERA), _era, False),
    (Wording(("nam ",), _YEAR_ALONE), _year, False),
    (Wording((" thang dau", " thang cuoi"), _MONTHS_WORDS), _months_words, False),
    (Wording(("date(",), _DOTNET), _dotnet, False),
    (Wording(ENGLISH_MONTHS, _ENGLISH, 0, 80), _english, False),
    (Wording(("ram ",), _FULL_MOON), _lunar, False),
    (Wording((" tet",), _TET, 24, 64), _lunar, False),
    (Wording(("giao thua",), _EVE), _lunar, False),
    (Wording(("tu nay", "tu hom", "tu bay"), _SINCE_NOW), _since_now, True),
    (Wording(("thang ", "nam ", "quy "), _PERIOD_RELATIVE, 0, 16), _period_relative, True),
    (Wording((" tuan ", " vua ", " toi", " sap ", " nay"), _WEEK_RELATIVE, 16, 24), _week_relative, True),
    (Wording(_NEAR_DAYS, _DAY_RELATIVE, 8, 16), _day_relative, True),
    (
        Wording((" nay", " qua", " mai", "hom kia", "ngay kia", "ngay mot"), _PART_RELATIVE, 32, 16),
        _part_relative,
        True,
    ),
    (Wording((" truoc", " sau", " nua", " ago"), _AGO, 36, 16), _ago, True),
    (Wording(("cach day",), _BEFORE_NOW), _before_now, True),
    (Wording(("vua ", "moi day", "bay gio", "just now", *_NEAR_ENGLISH), _NOW, 8, 24), _now, True),
)


def find_wordings(text: Folded, most: int, *, relative: bool) -> Iterator[Element]:
    """Yield the elements that begin with a word, `most` of each kind; relative ones only if wanted. Linear."""
    plain = text.plain
    for wording, reader, needs_base in _FAMILIES:
        if needs_base and not relative:
            continue
        for match in islice(wording.matches(plain), most):
            element = reader(match, text)
            if element is not None:
                yield element
