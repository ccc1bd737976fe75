"""Making keys of texts word by word: the language has some thousand syllables, and their keys are kept."""

from collections.abc import Callable
from functools import lru_cache

_KEPT = 1 << 15
_LONG = 64  # letters of what is no word, and not kept


def word_by_word(key: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that joins the keys of a text's words by single spaces, empty ones left out.

    `key` must give for a word, with the signs about it, what it would give for it between spaces.
    """
    known = lru_cache(maxsize=_KEPT)(key)

    def keys(text: str) -> str:
        return " ".join(filter(None, [known(word) if len(word) < _LONG else key(word) for word in text.split()]))

    return keys
