"""The form in which text is stored."""

import re
import unicodedata

# Every space Unicode knows but the line breaks, with what portals use as one: soft joins and filler letters.
_SPACES = re.compile(r"[ \t\x0b\x0c\x1c-\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\u3164]+")
# Zero-width characters, soft hyphens, direction marks and byte-order marks: they carry no text.
_INVISIBLE = re.compile(r"[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Code points that will never be characters: U+FDD0 to U+FDEF, and the last two of each plane.
_NONCHARACTERS = r"\ufdd0-\ufdef\ufffe\uffff" + "".join(
    rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(1, 17)
)
# What neither XML nor a reader can hold: control characters, lone surrogates and noncharacters.
_CONTROL = re.compile(rf"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff{_NONCHARACTERS}]")
_UNSTORABLE = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff{_NONCHARACTERS}]")
# Anything at all to do: one of the above, or one of the runs below.
_UNTIDY = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2069\u3000\ud800-\udfff\ufeff"
    rf"{_NONCHARACTERS}]"
)
_UNTIDY_RUNS = ("  ", " \n", "\n ", "\n\n\n", "\u3164")
_BREAKS = re.compile(r"\r\n?|[\x85\u2028]")
_PARAGRAPHS = re.compile(r"\n{2,}")


def normalize(text: str) -> str:
    """Return `text` in NFC, runs of spaces folded to one, paragraphs parted by exactly one empty line.

    Single line breaks stay, spaces at both ends of each line go, invisible and control characters go.
    The function is idempotent and accepts any string.
    """
    if _is_tidy(text):
        return unicodedata.normalize("NFC", text).strip("\n ")
    text = _BREAKS.sub("\n", text.replace("\u2029", "\n\n"))
    text = _INVISIBLE.sub("", _CONTROL.sub("", text))
    text = unicodedata.normalize("NFC", text)
    text = "\n".join(line.strip(" ") for line in _SPACES.sub(" ", text).split("\n"))
    return _PARAGRAPHS.sub("\n\n", text).strip("\n ")


def without_unstorable(text: str) -> str:
    """Return `text` without what XML, SQLite or UTF-8 cannot hold: control characters, lone surrogates, noncharacters.

    Spaces and line breaks stay as they are.
    """
    return _UNSTORABLE.sub("", text)


def _is_tidy(text: str) -> bool:
    """Whether there is nothing to do but NFC and a strip; most text is printable, which needs no pattern."""
    if any(run in text for run in _UNTIDY_RUNS):
        return False
    return text.replace("\n", "").isprintable() or not _UNTIDY.search(text)
