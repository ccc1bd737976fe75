"""Words that are stored as they are and shown as a sentence in English or Vietnamese."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class Worded(StrEnum):
    """A word with its sentence in both languages; an enum of them gives (word, English, Vietnamese) for each member."""

    english: str
    vietnamese: str

    def __new__(cls, word: str, english: str, vietnamese: str) -> Self:
        """Make a member that equals its word."""
        member = str.__new__(cls, word)
        member._value_, member.english, member.vietnamese = word, english, vietnamese
        return member


def sentence_of(known: Mapping[str, Worded], word: str, language: str) -> str:
    """Return the sentence of a stored word in `language` (en, vi).

    A word that is unknown here, as a newer tinphuong may have stored it, is given back with spaces in it.
    """
    if word not in known:
        return word.replace("_", " ")
    return known[word].vietnamese if language == "vi" else known[word].english
