"""Which wards and communes an owner's name or a front page names, and where it says that they lie. Pure functions.

"UBND xã Thanh Thủy Thị xã Nghi Sơn, tỉnh Thanh Hóa" names xã Thanh Thủy, in the town Nghi Sơn of Thanh Hóa.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from crawler.text import fold, normalize
from crawler.units.hosts.labels import TONES, names_of_districts
from crawler.units.keys import bare, has_marks, key, marked
from crawler.units.model import OLD, Unit, table
from crawler.units.provinces import labels_of_provinces, slug_of_province

_KINDS = {
    "phuong": "phường", "p": "phường", "ph": "phường", "f": "phường", "xa": "xã", "x": "xã", "thi tran": "thị trấn",
    "tt": "thị trấn", "dac khu": "đặc khu",
}  # fmt: skip
_CUE = re.compile(
    r"(?<!\w)(?:(ph[ưu][ờo]ng|(?<=ubnd )phương|(?<!thị )(?<!thi )(?<!tác )(?<!tac )x[ãa]|th[ịi]\s+tr[ấa]n"
    r"|(?:đặc|dac)\s+khu)(?!\w)"
    r"|((?:tt|ph?|f|x)(?=\.\s*[^\W_])|p(?=\s?\d)|tt(?=\s[^\W_])))\.?\s*",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"\W*(?:(?:ubnd|[uủ][yỷỉ] ban nh[âa]n d[âa]n|hđnd)\s+)?", re.IGNORECASE)
_OFFICE_BEFORE = re.compile(r"(?:ubnd|[uủ][yỷỉ] ban nh[âa]n d[âa]n)\W*\Z", re.IGNORECASE)
_AHEAD = 24  # characters before a kind in which "ủy ban nhân dân" may stand
_AREA_KIND = re.compile(
    r"(thành\s+phố|thanh\s+pho|thị\s+xã|thi\s+xa|quận|quan|huyện|huyen|tỉnh|tĩnh|tinh|t\.?p|t\.?x|q|h|t)(?![^\W\d_])\.?\s*",
    re.IGNORECASE,
)
_PROVINCE, _CITY = frozenset({"tinh", "t"}), frozenset({"thanh pho", "tp"})
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_GAP = re.compile(r"[^\S\n]*(?:[-–][^\S\n]*)?")
_BEFORE_AREA = re.compile(r"(?:[^\S\n]*[,(–-])*[^\S\n]*(?:(?:thuộc|của|ở)\s+)?", re.IGNORECASE)
_NUMBER_BEHIND = re.compile(r"\s*(?:\d|[IVX]+(?![^\W_]))")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_MOST_WORDS, _MOST_PLACES, _MOST_NAMED = 7, 3, 400
_STOP = frozenset({
    "trang", "cong", "website", "tin", "thong", "chinh", "la", "va", "cua", "da", "to", "ngay", "voi", "tai", "cu",
    "moi", "truoc", "sau", "co", "dien", "khai", "hoi", "ra", "ban", "uy",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A district or province behind a name: its kind folded, "" where none is written, and its label."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A name with its kind in a text.

    `units`: all that are called so, by their marks if it is written with any; `kind`: as of units, "" where none is
    written; `is_whole`: whether nothing behind it may belong to a longer name; `places`: behind it; `said`: as written.
    """

    units: tuple[Unit, ...]
    kind: str
    is_whole: bool
    places: tuple[Place, ...]
    said: str
    start: int = 0  # of the name in the normalized text
    is_numbered: bool = False  # a number follows directly, which the name does not have
    is_office: bool = False  # "UBND" or the like stands before it
    is_misspelt: bool = False  # letters of the name have other marks, although the tones are the same


def named_units(text: str, *, only: frozenset[str] | None = None, bare_name: bool = False) -> list[NamedUnit]:
    """Return the units that a text names, in order.

    `only`: first words, as keys, of the names that are looked for; `bare_name`: the text itself may be a name without
    its kind.
    """
    text = normalize(text)
    reader = _Reader(text)
    found: list[NamedUnit] = []
    for cue in _CUE.finditer(text):
        if only is not None and not ((word := _WORD.match(text, cue.end())) and _key(word[0]) in only):
            continue
        if named := reader.at(cue.end(), _KINDS[" ".join(fold(cue[1] or cue[2]).split())]):
            office = _OFFICE_BEFORE.search(text, max(0, cue.start() - _AHEAD), cue.start())
            found.append(replace(named, is_office=True) if office else named)
            if len(found) >= _MOST_NAMED:
                break
    if bare_name and not found and (start := _OFFICE.match(text)) and not _AREA_KIND.match(text, start.end()):
        named = reader.at(start.end(), "")
        return [named] if named else []
    return found


def whole_name(text: str, start: int) -> str | None:
    """Return a unit's name that begins at a place in a normalized text, as written there; None where no unit is called
    so, or something behind it may belong to a longer name."""
    named = _Reader(text).at(start, "")
    return named.said if named and named.is_whole and not named.is_misspelt else None


def named_places(owner: str) -> tuple[Place, ...]:
    """Return the places that an owner's name consists of: "UBND huyện Chợ Mới tỉnh Bắc Kạn"."""
    text = normalize(owner)
    start = _OFFICE.match(text)
    return tuple(_Reader(text).places(start.end() if start else 0, ()))


def where_named(text: str, name: str) -> int | None:
    """Return where a text, normalized, names a district, town or city of that label with its kind; None where not."""
    text = normalize(text)
    reader = _Reader(text)
    for kind in _AREA_KIND.finditer(text):
        if kind.start() and text[kind.start() - 1].isalnum():
            continue
        if (place := reader.area(kind.end())) and place[0] == name and fold(kind[1]) not in _PROVINCE:
            return kind.start()
    return None


def place_of(unit: Unit, place: Place) -> str | None:
    """Return what a place is to a unit: "district", "province", "later province" that an old one came to lie in; None
    for a place that it never lay in."""
    districts, provinces, later = _areas(unit)
    province = labels_of_provinces().get(place.label, place.label)
    is_city = place.kind in _CITY and not any(p == province and city for p, city in _kinds_of_provinces())
    is_either = province in provinces and (not place.kind or (place.kind in _CITY and not is_city))  # TP Huế
    if place.kind not in _PROVINCE and place.label in districts and not is_either:
        return "district"
    if place.kind not in _PROVINCE | _CITY | {""} or is_city:
        return None
    if province in provinces:
        return "province"
    return "later province" if province in later else None


@cache
def _kinds_of_provinces() -> frozenset[tuple[str, bool]]:
    """(slug, whether it is a city) of every province, of before and since."""
    return frozenset((slug_of_province(name), name.startswith("thành")) for name in {unit.province for unit in table()})


@lru_cache(maxsize=16_384)
def _areas(unit: Unit) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The labels of a unit's districts, its province, and the provinces that it came to lie in."""
    province = frozenset({slug_of_province(unit.province)})
    if unit.vintage != OLD:
        return frozenset(), province, frozenset()
    later = frozenset(slug_of_province(after.province) for after in table().successors(unit.code))
    return names_of_districts(unit.district, unit.province), province, later - province


class _Reader:
    def __init__(self, text: str):
        self.text = text
        self.marked = has_marks(text)
        self.capitals = any(character.isupper() for character in text)

    def at(self, start: int, kind: str) -> NamedUnit | None:
        """Read a name that begins at a place in the text, the longest."""
        words = self._words(start)
        for count in range(len(words), 0, -1):
            keys = [_key(word) for word, _ in words[:count]]
            if not (units := _by_key(" ".join(map(_number, keys))) or _by_key(" ".join(keys))):
                continue
            end = words[count - 1][1]
            said = self.text[start:end]
            misspelt = False
            if self.marked:
                alike = tuple(unit for unit in units if _marked(_arabic(unit.name)) == _marked(_arabic(said)))
                misspelt = not alike
                units = alike or tuple(unit for unit in units if _tones(unit.name) == _tones(said))
            if not units:
                return None
            places = self.places(end, units)
            numbered = bool(_NUMBER_BEHIND.match(self.text, end)) and not places
            whole = not numbered and self._is_name(said) and self._is_whole(end, places, said)
            return NamedUnit(units, kind, whole, tuple(places), said, start, numbered, is_misspelt=misspelt)
        return None

    def _words(self, at: int) -> list[tuple[str, int]]:
        """(word, its end) from a place on, as far as they can belong to one name."""
        found: list[tuple[str, int]] = []
        while len(found) < _MOST_WORDS and (match := _WORD.match(self.text, at)):
            found.append((match[0], match.end()))
            gap = _GAP.match(self.text, match.end())
            at = gap.end() if gap else match.end()
            if at == match.end():
                break
        return found

    def _is_name(self, said: str) -> bool:
        return not self.capitals or said[0].isupper() or said[0].isdigit()

    def _is_whole(self, end: int, places: list[Place], said: str) -> bool:
        if places:
            return True
        match = re.compile(r"[^\S\n]*").match(self.text, end)
        behind = _WORD.match(self.text, match.end() if match else end)
        if behind is None:
            return True
        word = behind[0]
        if not word[0].isupper() or fold(word) in _STOP or _AREA_KIND.match(self.text, behind.start()):
            return True
        return self.capitals and said.isupper() and _key(word) not in _last_words()

    def places(self, at: int, units: tuple[Unit, ...]) -> list[Place]:
        found: list[Place] = []
        while len(found) < _MOST_PLACES:
            gap = _BEFORE_AREA.match(self.text, at)
            here = gap.end() if gap else at
            kind = _AREA_KIND.match(self.text, here)
            place = None
            if kind and (read := self.area(kind.end())):
                place, end = Place(fold(" ".join(kind[1].split())).replace(".", ""), read[0]), read[1]
            elif read := self.area(here):
                one = Place("", read[0])
                if any(place_of(unit, one) for unit in units):
                    place, end = one, read[1]
            if place is None:
                break
            found.append(place)
            at = end
        return found

    def area(self, at: int) -> tuple[str, int] | None:
        """The longest known name of a district or province, as label, and where it ends."""
        words: list[str] = []
        ends: list[int] = []
        while len(words) < _MOST_WORDS and (match := _WORD.match(self.text, at)):
            words.append(_number(_key(match[0])))
            ends.append(match.end())
            gap = _GAP.match(self.text, match.end())
            at = gap.end() if gap else match.end()
            if at == match.end():
                break
        for count in range(len(words), 0, -1):
            if (name := "".join(words[:count]).replace(" ", "")) in _known_areas():
                return name, ends[count - 1]
        return None


def _number(word: str) -> str:
    return _ROMAN.get(word, word)


def _arabic(said: str) -> str:
    head, _, last = said.rpartition(" ")
    return f"{head} {_ROMAN[last.lower()]}".strip() if last.lower() in _ROMAN else said


@lru_cache(maxsize=8192)
def _key(word: str) -> str:
    return key(word)


@lru_cache(maxsize=8192)
def _marked(name: str) -> str:
    return marked(name)


@lru_cache(maxsize=8192)
def _tones(name: str) -> str:
    """A name with the tones alone, and without other marks: "Sơn Mầu" and "Sơn Màu" are one."""
    parted = unicodedata.normalize("NFD", _marked(name)).replace("đ", "d")
    return "".join(mark for mark in parted if not unicodedata.combining(mark) or mark in TONES)


@lru_cache(maxsize=8192)
def _by_key(name: str) -> tuple[Unit, ...]:
    return tuple(table().by_name.get(name, ()))


@cache
def _known_areas() -> frozenset[str]:
    """Labels of all districts and provinces, former ones too."""
    found = set(labels_of_provinces())
    for district, province in {(unit.district, unit.province) for unit in table().old.values()}:
        found |= names_of_districts(district, province)
    return frozenset(found)


@cache
def _last_words() -> frozenset[str]:
    """The last words of all names of more than one word."""
    return frozenset(name.rsplit(" ", 1)[1] for name in table().by_name if " " in name)


def first_words(units: Iterator[Unit]) -> frozenset[str]:
    """Return the first words of units' names, as keys, for `named_units(only=…)`."""
    return frozenset(key(unit.name).split()[0] for unit in units if bare(unit.name))
