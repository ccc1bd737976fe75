"""Keys that treat spellings of one word alike."""

import re
import unicodedata

from crawler.text.word_cache import word_by_word

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng


def _toned(letter: str) -> str:
    return "".join(unicodedata.normalize("NFC", letter + tone) for tone in _TONES)


# oa, oe and uy may carry their tone on either letter when nothing follows: hòa or hoà, khỏe or khoẻ, ủy or uỷ.
_MOVABLE = re.compile(
    f"(?<![qQ])(?:[{_toned('o')}{_toned('O')}][aeAE]|[{_toned('u')}{_toned('U')}][yY])(?![\\w\u0300-\u036f])"
)
_MARKS = re.compile(r"[\u0300-\u036f]+")
_COMMON = (*_TONES, "\u0302", "\u0306", "\u031b")
_SPACES = re.compile(r"\s+")


def even_tones(text: str) -> str:
    """Return `text` in NFC with the tone of a closing oa, oe, uy on the last letter: hòa → hoà, ủy → uỷ.

    Case is kept; "qu" is left alone, as its u belongs to the consonant (quý). Which of the two forms is taken is of
    no matter, as long as it is one.
    """
    return _MOVABLE.sub(_moved, unicodedata.normalize("NFC", text))


def _moved(match: re.Match[str]) -> str:
    pair = match.group()
    decomposed = unicodedata.normalize("NFD", pair[0])
    return decomposed[0] + unicodedata.normalize("NFC", pair[1] + decomposed[1])


def fold(text: str) -> str:
    """Return the search key of `text`: lower case, no marks, đ → d, spaces folded: "Ủy ban  Đậu" → "uy ban dau".

    The key holds no combining mark, so tone placement and Unicode form cannot matter. The function is idempotent.
    """
    return _fold_words(text)


def fold_word(text: str) -> str:
    """Return the search key of a text without spaces, which is not kept: for those who keep what they make of it."""
    text = unicodedata.normalize("NFKD", text.casefold())
    if (again := text.casefold()) != text:
        text = unicodedata.normalize("NFKD", again)
    for mark in _COMMON:  # eight marks are all that Vietnamese has: this spares the pattern nearly all its work
        text = text.replace(mark, "")
    return _SPACES.sub(" ", _MARKS.sub("", text).replace("đ", "d")).strip()


_fold_words = word_by_word(fold_word)
