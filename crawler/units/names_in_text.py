"""Names of units in running text."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from crawler.units.keys import key, marked
from crawler.units.model import Unit, table

_MOST_WORDS = 7
GAP = r"(?:[^\S\n]*\n?[^\S\n]*)"  # spaces and a broken line, but no paragraph's end
_WORD = re.compile(rf"(?:{GAP}[-–]{GAP}|{GAP})([^\W_]+(?:['’][^\W_]+)?)")
_DASH = re.compile(r"\s*[-–]")
_MARKED = re.compile("[\u00c0-\u1ef9]")
SURNAMES = frozenset({
    "bui", "cao", "chu", "dang", "dao", "dinh", "do", "doan", "duong", "ha", "ho", "hoang", "huynh", "kieu", "le",
    "luong", "luu", "ly", "mai", "ngo", "nguyen", "pham", "phan", "ta", "to", "ton", "tong", "tran", "trinh", "trung",
    "vo", "vu",
})  # fmt: skip
# Last words of names that also begin what a unit did: "phường Minh Khai Hội nghị tổng kết".
_BEGINNINGS = frozenset({
    "anh", "ban", "chi", "dai", "dang", "doan", "gia", "hoi", "khai", "khanh", "phat", "ra", "tap", "thi", "tiep", "to",
    "tong", "trien",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text from `start` to `end`: the units called so, and the key of its first word."""

    units: tuple[Unit, ...]
    start: int
    end: int
    first: str

    @property
    def is_number(self) -> bool:
        """Whether it is that of phường 4."""
        return self.first.isdigit()


class NamesIn:
    """A text to read names from.

    `marked`: whether it is written with diacritics; then names must have the same. `capitals`: whether names differ
    from other words by their capitals: not in a headline all in capitals, nor in a text without marks.
    """

    def __init__(self, text: str):
        self.text = text
        self.marked = bool(_MARKED.search(text))
        self.capitals = self.marked and not text.isupper()
        self._read: dict[int, Name | None] = {}

    def at(self, start: int) -> Name | None:
        """Return the longest name of any unit that begins at a place in the text."""
        if start not in self._read:
            self._read[start] = self._longest(start)
        return self._read[start]

    def _longest(self, start: int) -> Name | None:
        words = self._words(start)
        for count in range(len(words), 0, -1):
            named = _named(" ".join([_key(word) for word, _ in words[:count]]))
            end = words[count - 1][1]
            if named and (units := named.get(_marked(self.text[start:end]) if self.marked else "", ())):
                name = Name(units, start, end, _key(words[0][0]))
                return name if self._is_whole(end, [word for word, _ in words[count:]]) else None
        return None

    def end_of_unknown(self, start: int) -> int | None:
        """Return where words with capitals end that begin at a place and may name a unit that no longer exists."""
        words = self._words(start) if self.capitals else []
        return words[-1][1] if words and not words[0][0][0].isdigit() else None

    def _words(self, at: int) -> list[tuple[str, int]]:
        """(word, its end) from a place on, as far as they can belong to one name."""
        words: list[tuple[str, int]] = []
        while len(words) < _MOST_WORDS and (match := _WORD.match(self.text, at)):
            word = match[1]
            if (match.start(1) == at) is bool(words):  # the first begins there, the others behind a gap
                break
            if self.capitals and not (word[0].isupper() or word[0].isdigit()):
                break
            at = match.end()
            words.append((word, at))
        return words

    def _is_whole(self, end: int, behind: list[str]) -> bool:
        """Whether a name ends there: a capital behind it may belong to a longer name of an abolished unit."""
        if not self.capitals or not behind or behind[0].isupper() or _DASH.match(self.text, end):
            return True
        following, more = _key(behind[0]), len(behind) > 1
        if following not in _last_words() or (following in SURNAMES and more):
            return True
        return following in _BEGINNINGS and not more


@lru_cache(maxsize=8192)
def _key(word: str) -> str:
    return key(word)


@lru_cache(maxsize=8192)
def _marked(text: str) -> str:
    return marked(text)


@lru_cache(maxsize=8192)
def _named(name: str) -> dict[str, tuple[Unit, ...]]:
    """The units whose name has a key, by their names with marks; all of them under "". Empty where there is none."""
    units = table().by_name.get(name, [])
    found: dict[str, tuple[Unit, ...]] = {"": tuple(units)} if units else {}
    for unit in units:
        written = marked(unit.name)
        found[written] = (*found.get(written, ()), unit)
    return found


@cache
def _last_words() -> frozenset[str]:
    """The last words of all names of more than one word."""
    return frozenset(name.rsplit(" ", 1)[1] for name in table().by_name if " " in name)
