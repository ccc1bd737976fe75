"""What a fuzz target is, and what holds for every text that the program gives out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")
_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Broken(AssertionError):
    """Something that must hold does not; the message says what."""


@dataclass(frozen=True)
class Target:
    """One thing that is fuzzed.

    `run` takes an input and returns nothing; it raises `Broken` where something does not hold that `holds` promises,
    and lets every exception through that the code may not raise. `kind`: which structure the mutators know, one of
    html, xml, json, lines, warc, text. `first_seeds` gives inputs to begin with, made by us.
    """

    name: str
    kind: str
    holds: str
    first_seeds: Callable[[], Sequence[bytes]]
    run: Callable[[bytes], None]

    @cached_property
    def seeds(self) -> list[bytes]:
        """The seeds, each once; the list may be added to."""
        return list(dict.fromkeys(self.first_seeds()))


def chosen(data: bytes, choices: Sequence[T], salt: bytes = b"") -> T:
    """Return one of the choices, always the same for the same input: a finding needs no more than its bytes."""
    return choices[crc32(salt + data) % len(choices)]


def must(condition: object, what: str) -> None:
    """Raise Broken, saying what does not hold, unless the condition does."""
    if not condition:
        raise Broken(what)


def sound(text: str | None, name: str) -> None:
    """Raise Broken where a text holds what neither a database nor XML can: control characters, half characters."""
    if text and (found := _UNSOUND.search(text)):
        raise Broken(f"{name} holds U+{ord(found.group()):04X}")


def is_date(text: str) -> bool:
    """Whether it is a date as the program writes them: ISO 8601 of any precision, or an interval of two."""
    return all(map(_is_moment, text.split("/", 1)))


def _is_moment(text: str) -> bool:
    try:
        if re.fullmatch(r"\d{4}", text):
            date(int(text), 1, 1)
        elif re.fullmatch(r"\d{4}-\d{2}", text):
            date.fromisoformat(f"{text}-01")
        elif _DAY.fullmatch(text):
            date.fromisoformat(text)
        else:
            datetime.fromisoformat(text)
    except ValueError:
        return False
    return bool(_DAY.match(text)) or len(text) <= 7
