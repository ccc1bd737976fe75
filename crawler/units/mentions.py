"""Where a text names wards and communes, and which ones it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from crawler.text import fold
from crawler.units.model import NEW, OLD, Unit, Vintage
from crawler.units.names_in_text import GAP, SURNAMES, Name, NamesIn
from crawler.units.page_context import Context
from crawler.units.places import Place, bare_place_behind, place_behind

_KINDS = {
    "phuong": "phường", "p": "phường", "f": "phường", "xa": "xã", "x": "xã", "thi tran": "thị trấn", "tt": "thị trấn",
    "dac khu": "đặc khu",
}  # fmt: skip
_SHORT = r"((?:p|f|tt|x)(?=\.\s*[^\W_])|p(?=\s?\d))\.?\s*"  # P. Bách Khoa, p.4, P4; but F1, 5 x 10 are none
_CUE = re.compile(rf"(?<!\w)(?:(phường|(?<!thị )(?<!tác )xã|thị\s+trấn|đặc\s+khu)(?!\w)|{_SHORT})", re.IGNORECASE)
_CUE_UNMARKED = re.compile(
    rf"(?<!\w)(?:(phuong|(?<!thi )(?<!tac )xa|thi\s+tran|dac\s+khu)(?!\w)|{_SHORT})", re.IGNORECASE
)
_AHEAD = 14  # characters before a cue that may say how many units follow, or that they no longer exist
_PLURAL = re.compile(r"(?<!\w)(?:các|những|hai|ba|bốn|năm|sáu|bảy|\d+|cac)\s+$", re.IGNORECASE)
_FORMER = re.compile(r"(?<!\w)nguyên\s+(?:là\s+)?$", re.IGNORECASE)
_BEFORE_NAME = re.compile(rf"{GAP}(?:(?:(cũ)|(mới))(?!\w){GAP})?", re.IGNORECASE)
_BEFORE_LIST = re.compile(r"(?:[:(]\s*)?(?:(?:là|gồm)\s+)?", re.IGNORECASE)
_AGE = re.compile(
    r"\s*[(,]?\s*(?:(cũ|trước\s+(?:đây|kia|(?:khi\s+)?(?:sáp\s+nhập|sắp\s+xếp)))"
    r"|(mới|sau\s+(?:khi\s+)?(?:sáp\s+nhập|sắp\s+xếp|hợp\s+nhất)))(?!\w)\)?",
    re.IGNORECASE,
)
_EXPLAINING = re.compile(r"\(\s*(?:gồm|bao gồm|sáp nhập từ|hợp nhất từ|trước là)(?!\w)[^)]*", re.IGNORECASE)
_NEXT = re.compile(r"\s*[,;]\s*(?:và\s+|cùng\s+)?|\s+(?:và|va|cùng|với)\s+|\s+[-–]\s+", re.IGNORECASE)
_PAUSE = re.compile(r"\s*[:–-]\s|\s*:")
_GENERIC = re.compile(r"(?<!\w)(?:phường|(?<!thị )(?<!tác )xã|thị trấn)(?!\s+(?:hội|viên)(?!\w))(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit as a text names it: from `start` on, `evidence` as written there. `sure`: nothing was inferred."""

    unit: Unit
    start: int
    evidence: str
    sure: bool

    def less_sure(self) -> "Mention":
        """The same, likely."""
        return replace(self, sure=False)


@dataclass(frozen=True, slots=True)
class _Item:
    """One name of a list, the place behind it, and where that ends."""

    name: Name
    place: Place | None
    end: int


def mentions(text: str, context: Context) -> list[Mention]:
    """Return the units that a text names with their kind, in order; each list of names is read to its end.

    Left out: names that mean no unit of the place and time, or more than one, and what a bracket explains ("gồm …").
    """
    return list(_Reader(text, context).read()) if text else []


def bare_mentions(title: str, context: Context) -> list[Mention]:
    """Return the units of the site's district that a title begins with, without their kind: "Hồng Châu: ra quân…".

    Only where the lead speaks of a ward or commune; a name that may be a person's only where it is one of several.
    """
    if not title or not context.scope.district or not _GENERIC.search(context.lead):
        return []
    return _Reader(title, context).bare()


class _Reader:
    def __init__(self, text: str, context: Context):
        self.text = text
        self.context = context
        self.names = NamesIn(text)

    def read(self) -> Iterator[Mention]:
        done = 0
        brackets = _EXPLAINING.finditer(self.text)
        bracket = next(brackets, None)
        for cue in (_CUE if self.names.marked else _CUE_UNMARKED).finditer(self.text):
            while bracket is not None and bracket.end() <= cue.start():
                bracket = next(brackets, None)
            explained = bracket is not None and bracket.start() <= cue.start()
            if cue.start() >= done and not explained:
                found, done = self._behind(cue)
                yield from found

    def bare(self) -> list[Mention]:
        named: list[tuple[Name, Unit]] = []
        at: int | None = len(self.text) - len(self.text.lstrip())
        while at is not None and (name := self.names.at(at)) and not name.is_number:
            unit = self.context.one([unit for unit in name.units if self.context.near(unit)])
            if unit is None:
                break
            named.append((name, unit))
            at = self._next(name.end)
        if not named:
            return []
        first = named[0][0]
        if len(named) == 1 and (first.first in SURNAMES or not _PAUSE.match(self.text, first.end)):
            return []
        return [Mention(unit, name.start, self.text[name.start : name.end], sure=False) for name, unit in named]

    def _behind(self, cue: re.Match[str]) -> tuple[list[Mention], int]:
        """The units that are named behind a cue, and where reading goes on."""
        before = _BEFORE_NAME.match(self.text, cue.end())
        at = before.end() if before else cue.end()
        ahead = self.text[max(0, cue.start() - _AHEAD) : cue.start()]
        plural = bool(_PLURAL.search(ahead))
        begin = cue.start()
        if plural:
            opened = _BEFORE_LIST.match(self.text, at)
            at = opened.end() if opened else at
            if (known := self._known(at)) != at:
                begin = at = known
        name = self.names.at(at)
        if name is None:
            return [], cue.end()
        age = _age(before)
        if _FORMER.search(ahead):
            age = OLD
        listed: list[_Item] = []
        while name is not None and (not listed or self._goes_on(name, listed[-1].name, plural=plural)):
            end = name.end
            if match := _AGE.match(self.text, end):
                age = _age(match)
                end = match.end()
            listed.append(_Item(name, *self._place(name, end, plural=plural)))
            following = self._next(listed[-1].end)
            if following is not None and plural:
                following = self._known(following)
            name = self.names.at(following) if following is not None else None
        kind = _kind(cue[1] or cue[2])
        found = []
        for item in listed:
            unit, sure = self.context.meant(item.name, kind, item.place, age)
            start = begin if item is listed[0] else item.name.start
            if unit is not None:
                found.append(Mention(unit, start, self._evidence(start, item.end), sure))
        return found, listed[-1].end

    def _next(self, at: int) -> int | None:
        """Where the next name of a list would begin."""
        match = _NEXT.match(self.text, at)
        return match.end() if match else None

    def _known(self, at: int) -> int:
        """Where the first known name of a list begins: names of units that no longer exist are passed over."""
        here: int | None = at
        while here is not None and self.names.at(here) is None:
            end = self.names.end_of_unknown(here)
            here = self._next(end) if end is not None else None
        return at if here is None else here

    def _goes_on(self, name: Name, before: Name, *, plural: bool) -> bool:
        """Whether a name behind a comma goes on with the list, and is not a person, place or count."""
        if name.is_number != before.is_number:
            return False
        if plural:
            return True
        return not name.is_number and name.first not in SURNAMES and any(map(self.context.near, name.units))

    def _place(self, name: Name, end: int, *, plural: bool) -> tuple[Place | None, int]:
        """The district or province that follows a name, and where it ends."""
        capitals = self.names.capitals
        place, behind = place_behind(self.text, end, capitals=capitals)
        if place is None and not plural:
            place, behind = bare_place_behind(self.text, end, capitals=capitals)
            if place is not None and not any(map(place.holds, name.units)):
                place = None
        if place is None:
            return None, end
        more, after = place_behind(self.text, behind, capitals=capitals)  # a province behind a district
        return place, after if more is not None else behind

    def _evidence(self, begin: int, end: int) -> str:
        words = self.text[begin:end].rstrip(" ,(")
        closing = self.text[begin + len(words) : begin + len(words) + 1] == ")"
        return f"{words})" if closing and words.count("(") > words.count(")") else words


@lru_cache(maxsize=64)
def _kind(written: str) -> str:
    return _KINDS[" ".join(fold(written).split())]


def _age(match: re.Match[str] | None) -> Vintage | None:
    """The vintage that a word of age says: its first group is of what was, its second of what is."""
    if match is None or not (match[1] or match[2]):
        return None
    return OLD if match[1] else NEW
