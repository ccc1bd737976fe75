"""What is said of where a unit lies: "quận Hà Đông", "TP Vinh", "tỉnh Thanh Hóa"."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from crawler.text import fold
from crawler.units.keys import bare, key
from crawler.units.model import Unit, table

_MOST_WORDS = 6
_WORD = re.compile(r"(?:\s+|\s*-\s*)?([^\W_]+)")
_KIND = (
    r"(quận|quan|huyện|huyen|thị xã|thi xa|thành phố|thanh pho|t\.?p\.?|t\.?x\.?|q\.|h\.|tỉnh|tinh)"
    r"(?:(?!\w)|(?=hcm))\s*(?=[^\W_])"
)
_PLACE = re.compile(rf"(?<!\w){_KIND}", re.IGNORECASE)
_BEHIND = re.compile(rf"\s*(?:[,(–-]\s*|thuộc\s+|của\s+|ở\s+)*{_KIND}", re.IGNORECASE)
_BARE = re.compile(r"\s*(?:,\s*|\(\s*|\s-\s)(?=[^\W_])")
_DISTRICTS = {"quan": "quan", "q": "quan", "huyen": "huyen", "h": "huyen", "thi xa": "thi xa", "tx": "thi xa"}
_WRITTEN_SHORT = {"hcm": "ho chi minh"}  # TPHCM
_CITY, _PROVINCE = ("thanh pho", "tp"), ("tinh",)


@dataclass(frozen=True, slots=True)
class Place:
    """A district or province as written: its key, and its kind folded, "" where there is none."""

    kind: str
    name: str

    @property
    def is_gone(self) -> bool:
        """Whether it is of a kind that was abolished in July 2025."""
        return self.kind in _DISTRICTS

    def holds(self, unit: Unit) -> bool:
        """Tell whether a unit lies there, by the division of its own time or the other."""
        districts, provinces = _areas(unit)
        if self.kind in _DISTRICTS:
            return (_DISTRICTS[self.kind], self.name) in districts
        if self.kind in _PROVINCE:
            return self.name in provinces
        if self.kind in _CITY:
            return ("thanh pho", self.name) in districts or self.name in provinces
        return self.name in provinces or any(name == self.name for _, name in districts)


def place_behind(text: str, at: int, *, capitals: bool) -> tuple[Place | None, int]:
    """Return the place that is named with its kind directly behind `at`, and where it ends; (None, at) where none is.

    A place that the table does not know has the name "".
    """
    match = _BEHIND.match(text, at)
    if match is None:
        return None, at
    name, end = _name(text, match.end(), capitals=capitals)
    return Place(_kind(match[1]), name), end


def bare_place_behind(text: str, at: int, *, capitals: bool) -> tuple[Place | None, int]:
    """The same for a place without its kind behind a comma, bracket or dash: "phường Phú La, Hà Đông"."""
    match = _BARE.match(text, at)
    if match is None:
        return None, at
    name, end = _name(text, match.end(), capitals=capitals)
    return (Place("", name), end) if name else (None, at)


def places_in(text: str, *, capitals: bool) -> list[Place]:
    """Return every known place that a text names with its kind."""
    found = [Place(_kind(match[1]), _name(text, match.end(), capitals=capitals)[0]) for match in _PLACE.finditer(text)]
    return [place for place in found if place.name]


def _name(text: str, at: int, *, capitals: bool) -> tuple[str, int]:
    """The longest known name of a district or province at a place in the text, as key, and where it ends."""
    words: list[str] = []
    ends: list[int] = []
    while len(words) < _MOST_WORDS and (match := _WORD.match(text, at)):
        if words and match.start(1) == match.start():
            break
        if capitals and not (match[1][0].isupper() or match[1][0].isdigit()):
            break
        words.append(_WRITTEN_SHORT.get(word := key(match[1]), word))
        at = match.end()
        ends.append(at)
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if name in known_places():
            return name, ends[count - 1]
    return "", at


def _kind(written: str) -> str:
    return fold(written).replace(".", "")


@cache
def known_places() -> frozenset[str]:
    """Return the names of all districts and provinces, as keys."""
    areas = {area for unit in table() for area in (unit.district, unit.province) if area}
    return frozenset(key(bare(area)) for area in areas)


@lru_cache(maxsize=4096)
def _areas(unit: Unit) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """Districts as (kind, name) and provinces by name, as keys, in which a unit lies, lay or came to lie."""
    districts, provinces = set(), set()
    for one in table().relatives(unit):
        provinces.add(key(bare(one.province)))
        if one.district:
            name = bare(one.district)
            districts.add((fold(one.district.removesuffix(name)).strip(), key(name)))
    return frozenset(districts), frozenset(provinces)
