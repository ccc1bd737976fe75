"""Where a text names wards and communes, and which ones it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache

from crawler.text import fold
from crawler.units.keys import key, marked
from crawler.units.model import NEW, OLD, Unit, Vintage, table
from crawler.units.places import Place, bare_place_behind, place_behind, places_in
from crawler.units.scope import Scope

_MOST_WORDS = 7
_AHEAD = 14  # characters before a cue that may say how many units follow
_KINDS = {"phuong": "phường", "p": "phường", "xa": "xã", "x": "xã", "thi tran": "thị trấn", "tt": "thị trấn",
          "dac khu": "đặc khu"}  # fmt: skip
_SHORT = r"(p|tt|x)(?:\.\s*(?=[^\W_])|\s?(?=\d))"  # P. Bách Khoa, p.4, P4
_CUE = re.compile(rf"(?<!\w)(?:(phường|(?<!thị )(?<!tác )xã|thị\s+trấn|đặc\s+khu)(?!\w)|{_SHORT})", re.IGNORECASE)
_CUE_UNMARKED = re.compile(
    rf"(?<!\w)(?:(phuong|(?<!thi )(?<!tac )xa|thi\s+tran|dac\s+khu)(?!\w)|{_SHORT})", re.IGNORECASE
)
_BEFORE_NAME = re.compile(r"\s*(?:(cũ|mới)(?!\w)\s*)?(?:[:(]\s*)?(?:là\s+|gồm\s+)?", re.IGNORECASE)
_PLURAL = re.compile(r"(?<!\w)(?:các|những|hai|ba|bốn|năm|sáu|bảy|\d+|cac)\s+$", re.IGNORECASE)
_EXPLAINING = re.compile(r"\(\s*(?:gồm|bao gồm|sáp nhập từ|hợp nhất từ|trước là)(?!\w)", re.IGNORECASE)
_WORD = re.compile(r"(?:\s+|\s*[-–]\s*)?([^\W_]+(?:['’][^\W_]+)?)")
_NEXT = re.compile(r"\s*[,;]\s*(?:và\s+|cùng\s+)?|\s+(?:và|va|cùng|với)\s+|\s+[-–]\s+", re.IGNORECASE)
_AGE = re.compile(
    r"\s*[(,]?\s*(?:(cũ|trước\s+(?:đây|kia|sáp\s+nhập|sắp\s+xếp)|trước\s+khi\s+(?:sáp\s+nhập|sắp\s+xếp))"
    r"|(mới|sau\s+(?:sáp\s+nhập|sắp\s+xếp|hợp\s+nhất)|sau\s+khi\s+(?:sáp\s+nhập|sắp\s+xếp)))(?!\w)\)?",
    re.IGNORECASE,
)  # fmt: skip
_AGE_BEFORE = re.compile(r"(?<!\w)nguyên\s+(?:là\s+)?$", re.IGNORECASE)
_DASH = re.compile(r"\s*[-–]")
_AT_ONCE = re.compile(r"\s*[:–-]\s|\s*:")
_GENERIC = re.compile(r"(?<!\w)(?:phường|(?<!thị )(?<!tác )xã|thị trấn)(?!\s+(?:hội|viên)(?!\w))(?!\w)", re.IGNORECASE)
_MARKED = re.compile("[\u00c0-\u1ef9]")
_SURNAMES = frozenset({
    "bui", "cao", "chu", "dang", "dao", "dinh", "do", "doan", "duong", "ha", "ho", "hoang", "huynh", "kieu", "le",
    "luong", "luu", "ly", "mai", "ngo", "nguyen", "pham", "phan", "ta", "to", "ton", "tong", "tran", "trinh", "trung",
    "vo", "vu",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit as a text names it: from `start` on, `evidence` as it stands there. `sure`: nothing was inferred."""

    unit: Unit
    start: int
    evidence: str
    sure: bool

    def less_sure(self) -> "Mention":
        """The same, likely."""
        return replace(self, sure=False)


@dataclass
class Written:
    """Title and lead of an article, and what they tell together; each is read when it is first asked for."""

    title: str
    lead: str

    @cached_property
    def places(self) -> list[Place]:
        """The districts and provinces that they name with their kind."""
        return [place for text in (self.title, self.lead) for place in places_in(text, capitals=_capitals(text))]

    @cached_property
    def tells_kind(self) -> bool:
        """Whether the lead speaks of a ward or commune at all."""
        return bool(_GENERIC.search(self.lead))


@dataclass(frozen=True, slots=True)
class _Name:
    """Words that may be a name: the units called so, where it ends, whether a number."""

    units: tuple[Unit, ...]
    start: int
    end: int
    first: str


def mentions(text: str, scope: Scope, vintage: Vintage | None, written: Written) -> list[Mention]:
    """Return the units that a text names with their kind, in order; each list of names is read to its end.

    Left out: names that mean no unit of the place and time, or more than one, and what a bracket explains ("gồm …").
    """
    return list(_Reader(text, scope, vintage, written).read()) if text else []


def bare_mentions(title: str, scope: Scope, vintage: Vintage | None, written: Written) -> list[Mention]:
    """Return the units of the site's district that a title begins with, without their kind: "Hồng Châu: ra quân…".

    Only where the lead speaks of a ward or commune; a name that may be a person's only where it is one of several.
    """
    if not title or not scope.district or not written.tells_kind:
        return []
    return _Reader(title, scope, vintage, written).bare()


class _Reader:
    def __init__(self, text: str, scope: Scope, vintage: Vintage | None, written: Written):
        self.text = text
        self.scope = scope
        self.vintage = vintage
        self.written = written
        self.capitals = _capitals(text)
        self.marked = bool(_MARKED.search(text))

    def read(self) -> Iterator[Mention]:
        done = -1
        explained = self._explained
        for cue in (_CUE if self.marked else _CUE_UNMARKED).finditer(self.text):
            if cue.start() < done or any(begin <= cue.start() < end for begin, end in explained):
                continue
            found, done = self._behind(cue)
            yield from found

    def bare(self) -> list[Mention]:
        named: list[tuple[_Name, Unit]] = []
        end = len(self.text) - len(self.text.lstrip())
        while (name := self._name(end)) is not None:
            unit = self._one([unit for unit in name.units if self._near(unit)], self.vintage)
            if unit is None:
                break
            named.append((name, unit))
            following = _NEXT.match(self.text, name.end)
            if following is None:
                break
            end = following.end()
        if not named:
            return []
        alone = len(named) == 1
        if alone and (not _AT_ONCE.match(self.text, named[0][0].end) or named[0][0].first in _SURNAMES):
            return []
        return [Mention(unit, name.start, self.text[name.start : name.end], sure=False) for name, unit in named]

    @cached_property
    def _explained(self) -> list[tuple[int, int]]:
        """The brackets that say what a unit was made of."""
        found = []
        for match in _EXPLAINING.finditer(self.text):
            end = self.text.find(")", match.end())
            found.append((match.start(), end if end >= 0 else len(self.text)))
        return found

    def _behind(self, cue: re.Match[str]) -> tuple[list[Mention], int]:
        """The units that are named behind a cue, and where reading goes on."""
        before = _BEFORE_NAME.match(self.text, cue.end())
        at = before.end() if before else cue.end()
        name = self._name(at)
        if name is None:
            return [], cue.end()
        age = _age(before[1] if before else None)
        ahead = self.text[max(0, cue.start() - _AHEAD) : cue.start()]
        if _AGE_BEFORE.search(ahead):
            age = OLD
        plural = bool(_PLURAL.search(ahead))
        listed: list[tuple[_Name, Place | None, int]] = []  # name, the place behind it, where that ends
        while name is not None and (not listed or self._goes_on(name, listed[-1][0], plural=plural)):
            end = name.end
            if match := _AGE.match(self.text, end):
                age = OLD if match[1] else NEW
                end = match.end()
            place, end = self._place(name, end, plural=plural)
            listed.append((name, place, end))
            following = _NEXT.match(self.text, end)
            name = self._name(following.end()) if following else None
        kind = _KINDS[" ".join(fold(cue[1] or cue[2]).split())]
        found = []
        for number, (one, place, end) in enumerate(listed):
            unit, sure = self._meant(one, kind, place, age)
            if unit is not None:
                begin = one.start if number else cue.start()
                found.append(Mention(unit, begin, self.text[begin:end].rstrip(" ,("), sure))
        return found, listed[-1][2]

    def _goes_on(self, name: _Name, before: _Name, *, plural: bool) -> bool:
        """Whether a name behind a comma goes on with the list, and is no person, place or count."""
        digits = name.first.isdigit()
        if digits != before.first.isdigit():
            return False
        if plural:
            return True
        return not digits and name.first not in _SURNAMES and any(self._near(unit) for unit in name.units)

    def _place(self, name: _Name, end: int, *, plural: bool) -> tuple[Place | None, int]:
        place, behind = place_behind(self.text, end, capitals=self.capitals)
        if place is not None:
            more, after = place_behind(self.text, behind, capitals=self.capitals)
            if more is not None and more.name and (not place.name or all(not place.holds(one) for one in name.units)):
                return place, after
            return place, after if more is not None else behind
        if plural:
            return None, end
        place, behind = bare_place_behind(self.text, end, capitals=self.capitals)
        if place is not None and any(place.holds(unit) for unit in name.units):
            if place_behind(self.text, behind, capitals=self.capitals)[0]:
                behind = place_behind(self.text, behind, capitals=self.capitals)[1]
            return place, behind
        return None, end

    def _name(self, at: int) -> _Name | None:
        """The longest name of any unit that begins at a place in the text."""
        words: list[str] = []
        ends: list[int] = []
        here = at
        while len(words) < _MOST_WORDS and (match := _WORD.match(self.text, here)):
            word = match[1]
            if (words and match.start(1) == here) or (not words and match.start(1) != at):
                break
            if self.capitals and not (word[0].isupper() or word[0].isdigit()):
                break
            words.append(word)
            here = match.end()
            ends.append(here)
        keys = [_key(word) for word in words]
        for count in range(len(words), 0, -1):
            units = _named(" ".join(keys[:count]))
            if units and self.marked:
                own = marked(self.text[at : ends[count - 1]])
                units = tuple(unit for unit in units if _marked(unit) == own)
            if units:
                name = _Name(units, at, ends[count - 1], keys[0])
                return name if self._whole(name.end, words, keys, count) else None
        return None

    def _whole(self, end: int, words: list[str], keys: list[str], count: int) -> bool:
        """Whether a name ends there: a capital behind it may belong to a longer name, of a unit that is no more."""
        if not self.capitals or count >= len(words) or words[count].isupper() or _DASH.match(self.text, end):
            return True
        return keys[count] not in _last_words() or (keys[count] in _SURNAMES and len(words) > count + 1)

    def _meant(self, name: _Name, kind: str, place: Place | None, age: Vintage | None) -> tuple[Unit | None, bool]:
        """The unit that a name stands for, and whether that is sure."""
        same = [unit for unit in name.units if unit.kind == kind]
        vintage = age or self.vintage
        if place is not None:
            held = [unit for unit in same or name.units if place.holds(unit)]
            own = [unit for unit in held if unit.province in self.scope.provinces]
            return self._one(own or held, vintage, strict=age is not None), bool(same)
        for near in (True, False):
            candidates = [unit for unit in name.units if self._near(unit) is near and self._in_province(unit)]
            fitting = [unit for unit in candidates if unit.kind == kind]
            if not fitting and near:
                fitting = candidates
            unit = self._one(fitting, vintage, strict=age is not None)
            if unit is not None:
                settled = vintage is not None or self._undated_is_sure(unit, fitting)
                far = not near and bool(self.scope.district)
                return unit, unit.kind == kind and settled and not far
            if near and fitting:
                return None, False
            if not near and name.first.isdigit():
                return None, False
        return None, False

    def _one(self, units: list[Unit], vintage: Vintage | None, *, strict: bool = False) -> Unit | None:
        """The only unit of the vintage; of the other where there is none of it, unless the text says which it means.

        Before July 2025 a new unit is meant only where the text says so. Of several, the one whose district or province
        stands in title or lead.
        """
        fitting = [unit for unit in units if unit.vintage == (vintage or OLD)]
        if not fitting and not strict and vintage != OLD:
            fitting = list(units)
        if len(fitting) > 1:
            fitting = [unit for unit in fitting if any(place.holds(unit) for place in self._telling(fitting))]
        return fitting[0] if len(fitting) == 1 else None

    def _telling(self, units: list[Unit]) -> list[Place]:
        """The places in title and lead that hold some of the units, but not all."""
        return [place for place in self.written.places if 0 < sum(place.holds(unit) for unit in units) < len(units)]

    def _undated_is_sure(self, unit: Unit, candidates: list[Unit]) -> bool:
        """Without a date: whether the name has one vintage only, or quận, huyện or thị xã tell of the time before."""
        if len({one.vintage for one in candidates}) == 1:
            return True
        return unit.vintage == OLD and any(place.is_gone for place in self.written.places)

    def _near(self, unit: Unit) -> bool:
        return (unit.vintage, unit.code) in self.scope.units

    def _in_province(self, unit: Unit) -> bool:
        return unit.province in self.scope.provinces


def _age(word: str | None) -> Vintage | None:
    return None if word is None else (OLD if fold(word) == "cu" else NEW)


def _capitals(text: str) -> bool:
    """Whether capitals tell names from other words: not in a headline all in capitals, nor in text without marks."""
    return bool(_MARKED.search(text)) and not text.isupper()


@lru_cache(maxsize=8192)
def _key(word: str) -> str:
    return key(word)


@lru_cache(maxsize=4096)
def _marked(unit: Unit) -> str:
    return marked(unit.name)


def _named(name: str) -> tuple[Unit, ...]:
    return tuple(table().by_name.get(name, ()))


@cache
def _last_words() -> frozenset[str]:
    """The last words of all names of more than one word."""
    return frozenset(name.rsplit(" ", 1)[1] for name in table().by_name if " " in name)
