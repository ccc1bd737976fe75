"""Keys under which names of units are looked up."""

import re
from functools import lru_cache

from crawler.text import even_tones, fold

_APOSTROPHES = re.compile(r"['’ʼ‘`´]")
_NOT_WORD = re.compile(r"[^\w]+|_")
_NUMBER = re.compile(r"\b0+(?=\d)")


def key(name: str) -> str:
    """Return the search key of a unit's name: "Chân Mây - Lăng Cô" → "chan may lang co", "Ea H'Leo" → "ea hleo".

    No marks, no apostrophes, no hyphens, numbers without leading zeros.
    """
    return _tidied(fold(name))


def marked(name: str) -> str:
    """Return the same with marks, evenly placed: "Hoà Bình" and "HÒA BÌNH" are one, "Hoa Binh" is another."""
    return _tidied(even_tones(name).casefold())


def has_marks(text: str) -> bool:
    """Tell whether a text was written with diacritics."""
    return fold(text) != even_tones(text).casefold().strip()


@lru_cache(maxsize=4096)
def bare(named: str) -> str:
    """Return a district's or province's name without its kind: "thành phố Thái Nguyên" → "Thái Nguyên"."""
    for kind in ("thành phố ", "thị xã ", "quận ", "huyện ", "tỉnh "):
        if named.startswith(kind):
            return named[len(kind) :]
    return named


def _tidied(text: str) -> str:
    return _NUMBER.sub("", _NOT_WORD.sub(" ", _APOSTROPHES.sub("", text))).strip()
