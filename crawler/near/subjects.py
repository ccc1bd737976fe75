"""What an article is about by its title and opening: which unit, which document, which issue of a series.

Texts from one template share nearly all their words; what sets them apart is named in these few places.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from crawler.near.normal_words import OFFICES, ArticleWords
from crawler.text import even_tones, fold

OPENING = 800  # characters of lead and text in which the documents that a text issues are looked for
_NAMED = 600  # of them those that name the units it is about
_FIRST = 250  # of them those that may name the issue of a series
_COUNTED = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
    "mười một": 11, "mười hai": 12, "mười": 10, "chạp": 12,
}  # fmt: skip
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_ISSUES = (
    "đợt", "lần thứ", "lần", "kỳ", "khóa", "tuần", "tháng", "quý", "phần", "bài", "tập", "vòng", "thửa", "lô", "phiên",
    "gói thầu", "năm học", "năm", "khu vực bỏ phiếu", "tổ bầu cử", "tổ dân phố", "tdp", "tổ", "khu phố", "khu", "số",
)  # fmt: skip
_AFTER_NUMBER = ("năm", "tháng", "ngày", "của", "tại", "ở", "cho", "về", "phường", "xã", "huyện", "quận", "thôn")
_ALIKE = {"lan thu": "lan", "tdp": "to", "to dan pho": "to"}
_ALSO_OPENING = frozenset(("dot", "khoa", "thua", "quy", "tuan", "thang", "nam hoc", "vong", "khu vuc bo phieu"))
_OPENING_ALONE = _ALSO_OPENING - {"thang"}  # an opening names months for many reasons
_YEARS = frozenset(("nam", "nam hoc"))
_YEAR = 1900
_KINDS = (
    "kế hoạch", "chỉ thị", "quyết định", "nghị quyết", "nghị định", "thông tư", "chương trình", "đề án", "kết luận",
    "công điện", "công văn", "thông báo", "hướng dẫn", "báo cáo", "tờ trình", "thông tri", "giấy mời", "văn bản",
)  # fmt: skip
_PASSING_ON = frozenset(("thong bao",))  # what an office writes over the text of another
_ISSUED = ("ban hành", "có", "ra", "ký", "gửi", "xây dựng", "công bố", "thông qua", "phát hành", "đăng tải", "kèm theo")
_CARRIED_OUT = ("thực hiện", "triển khai", "thi hành", "quán triệt", "cụ thể hóa", "theo", "căn cứ")
_HAMLET, _COMMUNE, _DISTRICT, _PROVINCE, _FIRM = range(5)
_UNITS = {
    "phường": _COMMUNE, "xã": _COMMUNE, "thị trấn": _COMMUNE, "đặc khu": _COMMUNE,
    "quận": _DISTRICT, "huyện": _DISTRICT, "thị xã": _DISTRICT, "thành phố": _DISTRICT, "tp": _DISTRICT,
    "tỉnh": _PROVINCE, "thôn": _HAMLET, "ấp": _HAMLET, "bản": _HAMLET, "buôn": _HAMLET, "xóm": _HAMLET, "làng": _HAMLET,
    "khu phố": _HAMLET, "tổ dân phố": _HAMLET,
    "công ty": _FIRM, "hộ kinh doanh": _FIRM, "hợp tác xã": _FIRM, "cửa hàng": _FIRM,
    "trường mầm non": _FIRM, "trường tiểu học": _FIRM, "trường thcs": _FIRM, "trường thpt": _FIRM,
}  # fmt: skip
_OFFICES = ("bộ", "sở", "phòng", "cục", "chi cục", "trung tâm", "hội")
_ACTOR = 160  # characters of the opening in which the office that acts is named
_DAY = re.compile(r"(?<![\w/.,])(\d{1,2}) [/.-] (\d{1,2})(?! ?[/.,-] ?\d{1,3}(?!\d))(?!\w)")
_MONTH = re.compile(r"(?<![/.-] )(?<!\w)(\d{1,2}) [/-] (?:19|20)\d\d(?! ?[/\w])")
_LAST = re.compile(r"[:#–-] (\d{1,3})$")
_DAYS, _MONTHS = 31, 12
_NAME = 4  # words of a unit's name, at most
_LEGAL_FORMS = frozenset(("tnhh", "cp", "mtv", "tm", "dv", "xd", "co", "phan"))
_AHEAD = 90  # characters behind a label in which its name is looked for
_BEFORE = 30  # characters before the kind of a document that say whether it is issued or carried out
_MARKED_LETTER = re.compile(r"[à-ỹđ]", re.IGNORECASE)
_FIRM_WORDS = 9  # words from “Công ty” to the end of its name, at most
_TOKEN = re.compile(r"\w+|[^\w\s]|\n")


class _Patterns:
    """The words above in the spelling of a text: `spelled` is `fold` for one that is written without diacritics. All
    patterns are for lower-case text with a space between any two tokens.
    """

    def __init__(self, spelled: Callable[[str], str]):
        def any_of(words: Iterable[str]) -> str:
            return "|".join(sorted(map(spelled, words), key=len, reverse=True))

        self.tiers = {spelled(label): tier for label, tier in _UNITS.items()}
        self.counted = {spelled(word): number for word, number in _COUNTED.items()}
        value = rf"(?:\d{{1,4}}|[ivxl]{{1,6}}|{any_of(_COUNTED)})(?!\w)"
        more = rf"(?:(?: ?,| -| {spelled('và')}| {spelled('đến')}) {value})*"
        self.value = re.compile(value)
        self.issue = re.compile(
            rf"\b(?<!\d )({any_of(_ISSUES)}) (?:{spelled('số')} |{spelled('thứ')} )?"
            rf"({value}(?! /(?! (?:19|20)\d\d)){more})|[(\[] ({value}) [)\]]"
        )
        self.last_number = re.compile(
            rf"(?<![\w/.-])([^\W\d]\w*) (\d{{1,4}})(?=$| [,;:()-]| (?:{any_of(_AFTER_NUMBER)})(?!\w))"
        )
        self.document = re.compile(rf"\b({any_of(_KINDS)})\b(?:(?: {spelled('số')})?(?: :)? (\d{{1,5}})(?= [/-]))?")
        self.before_document = re.compile(
            rf"(?:\b(?:{any_of(_ISSUED)}|(?P<carried_out>{any_of(_CARRIED_OUT)})(?: [^\W\d]\w*)?) |^|\n )$"
        )
        self.unit = re.compile(rf"\b({any_of(_UNITS)}) (?=\w)")
        self.office = re.compile(rf"\b({any_of(_OFFICES)}) (?=[^\W\d])")


_MARKED, _BARE = _Patterns(lambda word: even_tones(word).lower()), _Patterns(fold)


@dataclass(frozen=True, slots=True)
class Subject:
    """What title and opening name. `issues` and `opening_issues`: “đợt 8” as {"dot": {8}}, of the title and the first
    lines; `documents`: numbers of documents that the text itself issues; `kinds` and `carried_out`: the kind of
    document that it issues first, and the kinds that it carries out; `units`: for each tier the folded names, and for
    each label of an office its name with the label; `names`: those in the title.
    """

    issues: dict[str, frozenset[int]]
    opening_issues: dict[str, frozenset[int]]
    documents: frozenset[str]
    kinds: frozenset[str]
    carried_out: frozenset[str]
    units: dict[int | str, frozenset[str]]
    names: frozenset[str]


@lru_cache(maxsize=64)  # one new article is compared with several
def subject(title: str, opening: str) -> Subject:
    """Return what a text is about. Accepts any strings."""
    head, rest = (" ".join(_TOKEN.findall(even_tones(text))) for text in (title, opening))
    spaced = f"{head} \n {rest}"
    patterns = _BARE if spaced.isascii() or not _MARKED_LETTER.search(spaced) else _MARKED
    lower = spaced.lower()
    if len(lower) != len(spaced):  # a few foreign letters; places in both must agree
        lower = spaced
    numbers, issued, carried_out = _documents(lower, patterns)
    title_end, start = len(head), len(head) + 3
    return Subject(
        _issues(lower[:title_end], patterns) | _title_numbers(lower[:title_end], patterns),
        _issues(lower[start : start + _FIRST], patterns),
        frozenset(numbers),
        frozenset(issued[:1]),
        frozenset(carried_out.difference(issued)),
        _units(spaced, lower, start, patterns),
        _names(head),
    )


def _documents(lower: str, patterns: _Patterns) -> tuple[set[str], list[str], set[str]]:
    """Return numbers and kinds, in order, of the documents that a text issues, and the kinds that it carries out."""
    numbers: set[str] = set()
    issued: list[str] = []
    carried_out: set[str] = set()
    for match in patterns.document.finditer(lower):
        at = match.start()
        before = patterns.before_document.search(lower[max(0, at - _BEFORE) : at])
        if before and before["carried_out"]:
            carried_out.add(fold(match[1]))
        elif before:
            issued.append(fold(match[1]))
            if match[2]:
                numbers.add(match[2].lstrip("0"))
    return numbers, issued, carried_out


def _issues(lower: str, patterns: _Patterns) -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for match in patterns.issue.finditer(lower):
        label = fold(match[1] or "()")
        label = _ALIKE.get(label, label)
        values = {_value(value, patterns) for value in patterns.value.findall(match[2] or match[3])}
        values = {value for value in values if (value > _YEAR) == (label in _YEARS)}
        if values:
            found[label] = found.get(label, frozenset()) | values
    return found


def _title_numbers(title: str, patterns: _Patterns) -> dict[str, frozenset[int]]:
    """Return what stands before a number that counts nothing (“lớp 5”), and under "/" the days that a title names."""
    found: dict[str, set[int]] = {}
    for label, number in patterns.last_number.findall(title):
        found.setdefault(f"{fold(label)} #", set()).add(int(number))
    if match := _LAST.search(title):
        found["()"] = {int(match[1])}
    for month in _MONTH.findall(title):
        found.setdefault("thang", set()).add(int(month))
    for day, month in _DAY.findall(title):
        if 1 <= int(day) <= _DAYS and 1 <= int(month) <= _MONTHS and (day, month) != ("24", "7"):
            found.setdefault("/", set()).add(_MONTHS * int(day) + int(month))
    return {label: frozenset(numbers) for label, numbers in found.items()}


def _value(word: str, patterns: _Patterns) -> int:
    if word.isdigit():
        return int(word)
    if word in patterns.counted:
        return patterns.counted[word]
    digits = [_ROMAN[letter] for letter in word] + [0]
    return sum(-one if one < two else one for one, two in pairwise(digits))


def _units(spaced: str, lower: str, start: int, patterns: _Patterns) -> dict[int | str, frozenset[str]]:
    """Return tier → names of units, and label → offices: "so" → {"so noi vu"}."""
    found: dict[int | str, set[str]] = {}
    for match in patterns.unit.finditer(lower, 0, start + _NAMED):
        tier = patterns.tiers[match[1]]
        tokens = spaced[match.end() : match.end() + _AHEAD].split(" ")
        if name := _firm(tokens) if tier == _FIRM else _name(tokens):
            found.setdefault(tier, set()).add(name)
    for match in patterns.office.finditer(lower, 0, start + _ACTOR):
        first, second, *_ = (*spaced[match.end() : match.end() + _AHEAD].split(" "), "", "")
        if first[:1].isupper() and second[:1].isalpha() and not first[1:].isupper():
            found.setdefault(fold(match[1]), set()).add(fold(f"{match[1]} {first} {second}"))
    return {tier: frozenset(names) for tier, names in found.items()}


def _name(tokens: list[str]) -> str:
    """Return the capitalised words at the beginning, folded; none of a text in capitals only."""
    words: list[str] = []
    for token in tokens[:_NAME]:
        if not token[:1].isupper():
            break
        words.append(token)
    if not words or all(len(word) > 1 and word.isupper() for word in words):
        return ""
    return fold(" ".join(words))


def _firm(tokens: list[str]) -> str:
    """Return the proper name in that of a firm or school: “Công ty TNHH In Hoàng Lộc” → "in hoang loc"."""
    words: list[str] = []
    for token in tokens[:_FIRM_WORDS]:
        if token[:1].isupper() or (words and token.isdigit()):
            if fold(token) not in _LEGAL_FORMS:
                words.append(token)
        elif len(words) > 1 or not token[:1].isalnum():
            break
        else:
            words = []
    return fold(" ".join(words[:_NAME])) if len(words) > 1 else ""


def _names(title: str) -> frozenset[str]:
    """Return the runs of two and more capitalised words of a title, without its first word, offices, abbreviations."""
    runs: list[list[str]] = [[]]
    for token in title.split(" ")[1:]:
        if token[:1].isupper() and fold(token) not in OFFICES and not (len(token) > 1 and token.isupper()):
            runs[-1].append(token)
        elif runs[-1]:
            runs.append([])
    if title.isupper():
        return frozenset()
    return frozenset(fold(" ".join(run)) for run in runs if len(run) > 1)


def other_issue(one: Subject, two: Subject) -> bool:
    """Whether both name an issue of a series (“đợt 8”, “tháng 5”, “(9)”), but not the same."""
    for label in one.issues.keys() | two.issues.keys():
        mine, theirs = one.issues.get(label), two.issues.get(label)
        if label in _ALSO_OPENING:
            mine, theirs = mine or one.opening_issues.get(label), theirs or two.opening_issues.get(label)
        if mine and theirs and not mine & theirs:
            return True
    return any(
        not one.opening_issues[label] & two.opening_issues[label]
        for label in one.opening_issues.keys() & two.opening_issues.keys() & _OPENING_ALONE
        if label not in one.issues and label not in two.issues
    )


def other_document(one: Subject, two: Subject) -> bool:
    """Whether they issue documents with other numbers, or one carries out what the other issues."""
    if one.documents and two.documents:
        return not one.documents & two.documents
    if not one.kinds or not two.kinds or one.kinds & two.kinds:
        return False
    if _PASSING_ON & (one.kinds | two.kinds):
        return False
    return bool(one.kinds & two.carried_out or two.kinds & one.carried_out)


def other_names(one: Subject, two: Subject, text: ArticleWords, other: ArticleWords) -> bool:
    """Whether they are about units of one tier, or persons and places in their titles, that the other does not name."""
    pairs = [(one.units[tier], two.units[tier]) for tier in one.units.keys() & two.units.keys()]
    pairs.append((one.names, two.names))
    pairs = [(mine, theirs) for mine, theirs in pairs if mine and theirs and mine.isdisjoint(theirs)]
    if not pairs:
        return False
    words, their_words = f" {' '.join(text.words())} ", f" {' '.join(other.words())} "
    return any(
        not any(f" {name} " in their_words for name in mine) and not any(f" {name} " in words for name in theirs)
        for mine, theirs in pairs
    )
