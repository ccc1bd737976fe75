"""Making things of texts word by word: the language has some thousand syllables, and what is made of them is kept."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_KEPT = 1 << 15
_LONG = 64  # characters; what is longer is not a word, and not kept


class WordCache(dict[str, T]):
    """Word → what is made of it by `make`; fills itself up to some thousand words. Look up by `cache[word]`."""

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> T:
        made = self._make(word)
        if len(word) < _LONG:
            if len(self) >= _KEPT:
                self.clear()
            self[word] = made
        return made


def word_by_word(key: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that joins the keys of a text's words by single spaces, empty ones left out.

    `key` must give for a word, with the signs about it, what it would give for it between spaces.
    """
    known = WordCache(key)

    def keys(text: str) -> str:
        return " ".join(filter(None, map(known.__getitem__, text.split())))

    return keys
