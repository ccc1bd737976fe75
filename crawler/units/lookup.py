"""From what a person writes to the units that may be meant."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from crawler.text import even_tones, fold, normalize
from crawler.units.keys import bare, has_marks, key, marked
from crawler.units.model import NEW, OLD, Unit, Units, Vintage, table

_CODE = re.compile(r"(?:m[ãa]\s+)?(\d{5}|\d{3})", re.IGNORECASE)
_REFERENCE = re.compile(r"\((old|new):(\d{5}|\d{3})\)$")  # at the end of a label
_VINTAGE = re.compile(r"(old|new|c[ũu]|m[ớo]i)\s*:\s*", re.IGNORECASE)  # old:00004, new:Gia Sàng
_IN_BRACKETS = re.compile(r"\(\s*(c[ũu]|m[ớo]i)\s*\)", re.IGNORECASE)
_VINTAGES: dict[str, Vintage] = {"old": OLD, "cu": OLD, "new": NEW, "moi": NEW}
_OFFICE = re.compile(r"(?:ubnd|[uủ][yỷ] ban nh[âa]n d[âa]n)\s+", re.IGNORECASE)
_COUNTRY = re.compile(r"[,\s]+vi[eệ]t nam\W*$", re.IGNORECASE)
_LONGEST = 200  # characters
_LONGEST_NAME = 10  # words
_NUMBERED = re.compile(r"(p|ph|f|q)(\d+)")  # P4, Q1
_WORDS = {"hcm": "hồ chí minh", "tphcm": "tp hồ chí minh"}


def _forms(kinds: dict[str, str]) -> dict[str, str]:
    """Kinds by every way to write them: with their marks, or with none at all."""
    return {form(written): kind for written, kind in kinds.items() for form in (even_tones, fold)}


_UNIT_KINDS = _forms({
    "phường": "phường", "p": "phường", "ph": "phường", "f": "phường", "xã": "xã", "x": "xã", "thị trấn": "thị trấn",
    "tt": "thị trấn", "đặc khu": "đặc khu", "đk": "đặc khu", "huyện": "huyện",
})  # fmt: skip
_AREA_KINDS = _forms({
    "thành phố": "thành phố", "tp": "thành phố", "thị xã": "thị xã", "tx": "thị xã", "quận": "quận", "q": "quận",
    "huyện": "huyện", "h": "huyện", "tỉnh": "tỉnh", "t": "tỉnh",
})  # fmt: skip
_FORMER_NAMES = {"thành phố Huế": "tỉnh Thừa Thiên Huế"}  # until the end of 2024


class _Word(NamedTuple):
    plain: str  # folded
    marked: str  # as written, evened


_Words = list[_Word]


class _Wish(NamedTuple):
    """One way to read a text: a kind if one is named, a name, and what is said about where it is."""

    kind: str | None
    name: _Words
    where: _Words


def find(text: str) -> list[Unit]:
    """Return every unit that may be meant, the new ones first, by code; [] where there is none.

    Read are: a code ("05473"), a unit's label, a name with or without its kind ("Gia Sàng", "P. Gia Sàng", "gia sang",
    "P4"), behind it the district, the province or both, with commas or without ("huong son thai nguyen"). "old:" or
    "new:" before it, or "(cũ)" behind it, names the vintage. Only those that fit best are returned: by marks, where the
    text has any; by place, where the unit itself is or was there and not what became of it; by kind.
    """
    units = table()
    text, vintage = _split(normalize(text[:_LONGEST]).replace("\n", " "))
    if coded := _CODE.fullmatch(text):
        both = units.get(coded[1], NEW), units.get(coded[1], OLD)
        return [unit for unit in both if unit and vintage in (None, unit.vintage)]
    best, found = (-1, -1, -1), dict[tuple[str, str], Unit]()
    minds_marks = has_marks(text)
    for wish in _wishes(text):
        for unit in units.by_name.get(" ".join(word.plain for word in wish.name), ()):
            if vintage not in (None, unit.vintage):
                continue
            fit = _fit(wish, unit, units, minds_marks=minds_marks)
            if fit is None or fit < best:
                continue
            if fit > best:
                best, found = fit, {}
            found[unit.vintage, unit.code] = unit
    return [found[place] for place in sorted(found)]


def _split(text: str) -> tuple[str, Vintage | None]:
    """Part the vintage from a text, if it names one."""
    if match := _REFERENCE.search(text):
        return match[2], _VINTAGES[match[1]]
    text = _COUNTRY.sub("", text)
    if match := _VINTAGE.match(text) or _IN_BRACKETS.search(text):
        return f"{text[: match.start()]} {text[match.end() :]}".strip(), _VINTAGES[fold(match[1])]
    return text, None


def _wishes(text: str) -> Iterator[_Wish]:
    """Read a text in every way; where a comma parts name and place, in that way, and in the others if it fails."""
    office = _OFFICE.match(text)
    first, comma, behind = text[office.end() if office else 0 :].partition(",")
    head, tail = _words(first), _words(behind)
    if comma:
        ways = [_Wish(kind, name, tail) for kind, name in _kinds(head) if name]
        if any(table().by_name.get(" ".join(word.plain for word in way.name)) for way in ways):
            yield from ways
            return
    for kind, words in _kinds(head + tail):
        for end in range(min(len(words), _LONGEST_NAME), 0, -1):
            yield _Wish(kind, words[:end], words[end:])


def _words(text: str) -> _Words:
    found: _Words = []
    for word in marked(text).split():
        numbered = _NUMBERED.fullmatch(word)
        parts = f"{numbered[1]} {int(numbered[2])}" if numbered else _WORDS.get(word, word)
        found += [_Word(plain, part) for part in parts.split() if (plain := key(part))]
    return found


def _kinds(words: _Words) -> Iterator[tuple[str | None, _Words]]:
    """Yield (kind, the words behind it) for every way to read the beginning: "xa phien" is xã Phiên, and Xà Phiên."""
    yield None, words
    for length in (1, 2):
        kind = _kind(words[:length], _UNIT_KINDS)
        if kind and len(words) > length:
            yield kind, words[length:]


def _kind(words: _Words, kinds: dict[str, str]) -> str | None:
    return kinds.get(" ".join(word.marked for word in words))


def _fit(wish: _Wish, unit: Unit, units: Units, *, minds_marks: bool) -> tuple[int, int, int] | None:
    """How well a unit fits a wish: its name, its place, its kind; None where it does not."""
    exact = not minds_marks or " ".join(word.marked for word in wish.name) == marked(unit.name)
    place = 2
    if wish.where:
        if _stands_for(wish.where, [unit.district], [unit.province]):
            place = 2
        elif _stands_for(wish.where, *_other_places(unit, units)):
            place = 1
        else:
            return None
    return int(exact), place, int(wish.kind in (None, unit.kind))


def _other_places(unit: Unit, units: Units) -> tuple[list[str], list[str]]:
    """Districts and provinces that a unit is looked for in although it was, or is, in others."""
    if unit.vintage == OLD:
        return [unit.district], [unit.province, *(other.province for other in units.successors(unit.code))]
    before = units.predecessors(unit.code)
    return [other.district for other in before], [unit.province, *(other.province for other in before)]


def _stands_for(where: _Words, districts: list[str], provinces: list[str]) -> bool:
    """Tell whether words name one of the districts, one of the provinces, or one of each in this order."""
    behind = {0} | {end for area in set(districts) if area for end in _ends(where, 0, area)}
    areas = {*provinces, *(_FORMER_NAMES[area] for area in provinces if area in _FORMER_NAMES)}
    return len(where) in behind | {end for begin in behind for area in areas for end in _ends(where, begin, area)}


def _ends(where: _Words, begin: int, area: str) -> Iterator[int]:
    """Yield where the name of an area ends that begins at `begin`, with its kind, if one is named, or without."""
    name = key(bare(area)).split()
    for length in (0, 1, 2):
        kind = _kind(where[begin : begin + length], _AREA_KINDS) if length else None
        start = begin + length
        if (length == 0 or (kind and area.startswith(kind + " "))) and [
            word.plain for word in where[start : start + len(name)]
        ] == name:
            yield start + len(name)
