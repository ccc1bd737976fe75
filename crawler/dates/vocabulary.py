"""The field's vocabulary, folded (lower case, no marks): months, weekdays, numbers, can chi years."""

import re
from functools import cache

from crawler.dates.folded_text import Folded

MONTHS = {"gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8}
MONTHS |= {"chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12}
ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS = {"hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5}
UNITS = {"khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7}
UNITS |= {"tam": 8, "chin": 9}
STEMS = ("giap", "at", "binh", "dinh", "mau", "ky", "canh", "tan", "nham", "quy")  # can: the year modulo 10, from 4
BRANCHES = ("ti", "suu", "dan", "mao", "thin", "ty", "ngo", "mui", "than", "dau", "tuat", "hoi")  # chi: modulo 12

# Building blocks for the patterns. `M` is a month number or word, `EN` an English month, `WD` a weekday.
M = (
    r"(?:muoi mot|muoi hai|muoi|gieng|chap|mot|hai|ba|tu|bon|nam|sau|bay|tam|chin)(?![a-z])"
    r"|(?:0?[1-9]|1[0-2])(?!\d)"
)
EN = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
WD = (
    r"(?:thu ?(?:hai|ba|tu|nam|sau|bay|[2-7])|t\.? ?[2-7]|ch(?:u|ua) ?nhat|cn"
    r"|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thurs(?:day)?|thu(?=[,.]| ?\d)|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)(?![a-z0-9])"
)
ONE = r"(?:mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin)"
DW = rf"(?:(?:hai |ba )?muoi(?: {ONE})?|{ONE})(?![a-z])"
YW = (
    r"(?:hai|mot) (?:nghin|ngan)(?: (?:khong|mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin|muoi|tram|linh"
    r"|le)(?![a-z])){1,7}"
)
STEM = "(?:" + "|".join(STEMS) + ")"
CC = rf"{STEM} (?:ti|ty|suu|dan|mao|meo|thin|ngo|mui|than|dau|tuat|hoi)(?![a-z])"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile on first use: importing the package must stay cheap."""
    return re.compile(pattern)


def month_number(word: str) -> int:
    """Return 1..12 of a month as the patterns find it, or 0."""
    if word.isdigit():
        number = int(word)
        return number if 1 <= number <= 12 else 0
    return MONTHS.get(word) or english_month(word)


_SAID = {"gieng": "giêng", "mot": "một", "tu": "tư", "bon": "bốn", "nam": "năm", "sau": "sáu", "bay": "bảy|bẩy"}
_SAID |= {"tam": "tám", "chin": "chín", "muoi": "mười|mươi", "chap": "chạp", "hai": "hai", "ba": "ba"}


def says_month(text: Folded, start: int, end: int) -> bool:
    """Tell whether the marks of the month's words are those of the month: "sáu", not "sau"; a text without any passes.

    A word left bare in a text that has marks elsewhere passes too, but "sau", which then means "after".
    """
    plain, accented = text.plain[start:end], text.written(start, end)
    if plain.isdigit():
        return True
    for said, word in zip(accented.split(" "), plain.split(" "), strict=True):
        if said != word and said not in _SAID.get(word, "").split("|"):
            return False
        if said == "sau" and text.accented != text.plain:
            return False
    return True


def english_month(word: str) -> int:
    """Return 1..12 of an English month name or its abbreviation, or 0."""
    return ENGLISH_MONTHS.index(word[:3]) + 1 if word[:3] in ENGLISH_MONTHS else 0


def weekday_number(text: str) -> int | None:
    """Return 0 (Monday) .. 6 (Sunday) of a weekday as `WD` finds it."""
    if text.endswith("nhat") or text == "cn":
        return 6
    vietnamese = compiled(r"(?:thu|t\.?) ?(hai|ba|tu|nam|sau|bay|[2-7])").fullmatch(text)
    if vietnamese:
        return DAY_WORDS[vietnamese[1]]
    return ENGLISH_DAYS.index(text[:3]) if text[:3] in ENGLISH_DAYS else None


def small_number(words: str) -> int:
    """Return the value of number words up to 99 ("hai muoi mot" is 21), or of digits; -1 if they name none."""
    if words.isdigit():
        return int(words)
    parts = words.split()
    if "muoi" in parts:
        place = parts.index("muoi")
        head, tail = parts[:place], parts[place + 1 :]
        if len(head) > 1 or len(tail) > 1:
            return -1
        tens = UNITS.get(head[0], -1) if head else 1
        ones = UNITS.get(tail[0], -1) if tail else 0
        return tens * 10 + ones if tens >= 1 and ones >= 0 else -1
    return UNITS.get(parts[0], -1) if len(parts) == 1 else -1


def year_number(words: str) -> int:
    """Return the year of digits or words ("hai nghin khong tram hai muoi ba" is 2023), or 0."""
    if words.isdigit():
        return int(words)
    match = compiled(r"(\w+) (?:nghin|ngan)(?: (\w+) tram)?(?: (?:khong|linh|le))?(?: (.+))?").fullmatch(words)
    if not match:
        return 0
    thousands = UNITS.get(match[1], 0)
    hundreds = UNITS.get(match[2], -1) if match[2] else 0
    rest = small_number(match[3]) if match[3] else 0
    return thousands * 1000 + hundreds * 100 + rest if hundreds >= 0 and rest >= 0 else 0


def can_chi_year(words: str, near: int) -> int:
    """Return the last year of a can chi name ("quy mao") up to two years after `near`, or 0 for a pair that is none.

    Tý and Tỵ fold alike; the can decides, as a can meets only every second chi.
    """
    stem, branch = words.split()
    can = STEMS.index(stem)
    chi = {"ty": 0 if can % 2 == 0 else 5, "meo": 3}.get(branch)
    chi = BRANCHES.index(branch) if chi is None else chi
    if can % 2 != chi % 2:
        return 0
    return next((y for y in range(near + 2, near - 58, -1) if (y - 4) % 10 == can and (y - 4) % 12 == chi), 0)
