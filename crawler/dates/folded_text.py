"""The text a date is read from: lower case, no marks, every space one space, each character traced to the original."""

import re
import unicodedata
from functools import cache

from crawler.dates.damaged_text import repair

_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣－\u00ad\u2043", "-")
_SLASHES = dict.fromkeys("⁄∕／⧸", "/")
_QUOTES = dict.fromkeys("’‘′´`‵ʼ＇", "'") | dict.fromkeys("”“″", '"')
_OTHERS = {
    "：": ":",
    "∶": ":",
    "︱": "|",
    "｜": "|",
    "¦": "|",
    "│": "|",
    "。": ".",
    "․": ".",
    "…": ".",
    "đ": "d",
    "Đ": "d",
}
_OTHERS |= {"•": "|", "·": "|", "ð": "d", "Ð": "d", "\u3164": " ", "\u115f": " ", "\x85": " ", "～": "~"}
_FIXED = _DASHES | _SLASHES | _QUOTES | _OTHERS
_FIXED.pop("\u00ad")


class Folded:
    """A text made ready for the grammar.

    `plain` is lower case without marks, `accented` the same letters with their marks (NFC); both have one character at
    each place, `places` gives its offset in `original` (None where they are equal).
    """

    __slots__ = ("_accented", "_source", "original", "places", "plain")

    def __init__(
        self, plain: str, accented: str | None, places: list[int] | None, original: str, source: str = ""
    ) -> None:
        """Without `accented` it is made of `source` when it is first asked for: most texts name no day."""
        self.plain, self.places, self.original = plain, places, original
        self._accented, self._source = accented, source

    @property
    def accented(self) -> str:
        """The letters with their marks."""
        if self._accented is None:
            self._accented = "\n\n".join(map(_accented_words.all_of, self._source.split("\n\n")))
        return self._accented

    def written(self, start: int, end: int) -> str:
        """Return `accented[start:end]`, for which the rest of a text need not be looked at."""
        if self._accented is None:
            piece = self._source[start:end]
            if "\n" not in piece:
                return piece.translate(_accented_table)
        return self.accented[start:end]

    def is_capital(self, place: int) -> bool:
        """Tell whether the letter at `place` was written as a capital."""
        return self.original[self.places[place] if self.places is not None else place].isupper()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of `plain[start:end]`, marks of its last letter included."""
        if self.places is None:
            return start, end
        first = self.places[start] if start < len(self.places) else len(self.original)
        return first, self.places[end - 1] + 1 if end > start else first

    def says(self, start: int, end: int, *words: str) -> bool:
        """Tell whether `plain[start:end]` is one of `words` as accented, or was written without any mark at all."""
        written = self.written(start, end)
        return written in words or written == self.plain[start:end]


_memory: dict[str, tuple[str, str]] = {}


def _fold_character(character: str) -> tuple[str, str]:
    """Return the plain and the accented form, one character each; both empty for what carries no text."""
    known = _FIXED.get(character)
    code = ord(character)
    if known is not None:
        result = known, "đ" if character in "đĐðÐ" else known
    elif character.isspace() or code < 32 or unicodedata.category(character) == "So":
        result = " ", " "
    elif character.isdecimal():
        digit = str(unicodedata.decimal(character))
        result = digit, digit
    elif unicodedata.category(character) in ("Cf", "Cs", "Cc") or code == 0x34F:
        result = "", ""
    elif 0xFF01 <= code <= 0xFF5E:
        plain = chr(code - 0xFEE0).lower()
        result = plain, plain
    else:
        accented = character.lower()
        accented = accented if len(accented) == 1 else character
        base = unicodedata.normalize("NFD", accented)[0]
        result = base if base.isascii() and base.isalpha() else accented, accented
    if len(_memory) < 4096:
        _memory[character] = result
    return result


class _Table(dict[int, str]):
    """A translation table that fills itself: `side` 0 for the plain form of a character, 1 for the accented."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def __missing__(self, code: int) -> str:
        form = _fold_character(chr(code))[self.side]
        if len(self) < 4096:
            self[code] = form
        return form


_plain_table, _accented_table = _Table(0), _Table(1)
_LONGEST, _MOST_WORDS = 64, 1 << 15  # characters of a word that is kept, and words


class _Words(dict[str, str]):
    """Word → its form by a table, kept: the language has some thousand syllables."""

    def __init__(self, table: _Table) -> None:
        super().__init__()
        self.table = table

    def __missing__(self, word: str) -> str:
        form = word.translate(self.table)
        if len(word) <= _LONGEST:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[word] = form
        return form

    def all_of(self, text: str) -> str:
        """Return the form of all characters of a text, found word by word."""
        return " ".join(map(self.__getitem__, text.split(" ")))


_plain_words, _accented_words = _Words(_plain_table), _Words(_accented_table)


def _translated(source: str) -> str | None:
    """Return the plain form of a text in which every character stays in its place, as in most stamps; else None."""
    plain = _plain_words.all_of(source)
    if len(plain) != len(source) or "  " in plain or plain[:1] == " ":
        return None
    return None if not plain.isascii() and _mark().search(plain) else plain


def _translated_paragraphs(source: str) -> str | None:
    """Return the same for a running text whose paragraphs are parted by exactly one empty line, which is kept."""
    folded: list[str] = []
    for paragraph in source.split("\n\n"):
        plain = _translated(paragraph)
        if plain is None:
            return None
        folded.append(plain)
    return "\n\n".join(folded)


@cache
def _mark() -> re.Pattern[str]:
    """Return the pattern of a combining mark, compiled on first use."""
    return re.compile("[\u0300-\u036f]")


def fold(text: str, *, paragraphs: bool = False) -> Folded:
    """Fold `text`. With `paragraphs`, an empty line stays as one line break, which no rule reads across.

    Linear in the text. Entities, UTF-8 read as Latin-1, VNI and TCVN3 remains are repaired first.
    """
    source, origin = repair(text)
    if source.isascii() and origin is None and "\n" not in source and "  " not in source and source.isprintable():
        plain = source.lower()
        return Folded(plain, plain, None, text)
    quick = _translated_paragraphs(source) if paragraphs else _translated(source)
    if quick is not None:
        return Folded(quick, None, origin, text, source)
    plain_out: list[str] = []
    accented_out: list[str] = []
    places: list[int] = []
    breaks = 0
    last = " "
    for place, character in enumerate(source):
        pair = _memory.get(character) or _fold_character(character)
        plain = pair[0]
        if plain == " ":
            breaks += character == "\n"
            if last == " ":
                if breaks > 1 and paragraphs and plain_out:
                    plain_out[-1] = accented_out[-1] = "\n"
                continue
        elif not plain:
            continue
        elif "\u0300" <= plain <= "\u036f":
            if accented_out and accented_out[-1] != " ":
                joined = unicodedata.normalize("NFC", accented_out[-1] + character)
                accented_out[-1] = joined if len(joined) == 1 else accented_out[-1]
            continue
        else:
            breaks = 0
        plain_out.append(plain)
        accented_out.append(pair[1])
        places.append(place)
        last = plain
    if origin is not None:
        places = [origin[place] for place in places]
    return Folded("".join(plain_out), "".join(accented_out), places, text)
