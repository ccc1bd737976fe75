"""Names a site: its slug from its host, its ward from its pages. Pure functions."""

import re
from collections import Counter
from collections.abc import Iterator

from crawler.text import normalize
from crawler.units.hosts.owners import whole_name
from crawler.units.hosts.slugs import slug_of

__all__ = ["class_name", "slug_of", "ward_of"]

_KIND = re.compile(
    r"\b(phường|(?<!thị )(?<!tác )xã|thị trấn|đặc khu|thị xã|quận|huyện|thành phố|tp\.?|tt\.?)\s+(?=[^\W_])",
    re.IGNORECASE,
)
_WORD = re.compile(r"(\s*[-–]\s*|\s*)([^\W_]+(?:['’][^\W_]+)*)")
_AREA = re.compile(r"(?:thị xã|quận|huyện|thành phố|tỉnh|tp|tx)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}|[IVX]{1,4}")
_SHORT = {"tt": "thị trấn", "tp": "thành phố"}
_MOST_WORDS = 4
_STOP = frozenset(
    {"trang", "cổng", "website", "tin", "thông", "chính", "là", "và", "của", "đã", "tổ", "ngày", "với", "tại"}
)


def ward_of(*texts: str) -> str | None:
    """Return the ward, commune or district that the texts name, or None. The first text with such a name decides, and
    in it the most frequent name.

    A name ends where that of a known ward or commune does, else before a word that belongs to no name, or the kind of
    an area: "UBND xã Hải Yến Thị xã Nghi Sơn" is of Xã Hải Yến. A number belongs to it: Phường Hải Châu 1.
    """
    for text in texts:
        normal = normalize(text)
        found = Counter(name for match in _KIND.finditer(normal) if (name := _named(normal, match)))
        if found:
            return found.most_common(1)[0][0]
    return None


def class_name(slug: str) -> str:
    """Return the name of a site's spider class."""
    name = "".join(part.capitalize() for part in slug.split("_")[1:])
    return name if name[:1].isalpha() else f"Site{name}"


def _named(text: str, kind: re.Match[str]) -> str | None:
    """`PHƯỜNG AN VĨNH - TRANG TIN` → `Phường An Vĩnh`; None where no name follows the kind."""
    name = None if _AREA.match(kind[1]) else whole_name(text, kind.end())
    words = name.split() if name else list(_words(text, kind.end()))
    written = kind[1].lower().rstrip(".")
    if not words or (written == "tt" and not name):
        return None
    return " ".join(
        [_SHORT.get(written, written).capitalize(), *(word.capitalize() if word.isupper() else word for word in words)]
    )


def _words(text: str, at: int) -> Iterator[str]:
    """Yield the words behind a kind that belong to a name which no unit has today."""
    count = 0
    while (match := _WORD.match(text, at)) and count < _MOST_WORDS:
        gap, word = match.groups()
        number = _NUMBER.fullmatch(word)
        if (count and gap.strip()) or not (word[0].isupper() or number) or word.lower() in _STOP:
            return
        if count and _AREA.match(text, match.start(2)):
            return
        yield word
        if number:
            return
        at = match.end()
        count += 1
