"""Making keys of texts word by word: the language has some thousand syllables, and their keys are kept."""

from collections.abc import Callable

_KEPT = 1 << 15
_LONG = 64  # characters; what is longer is not a word, and not kept


class _Keys(dict[str, str]):
    """Word → key, which fills itself up to some thousand words. `key` gives a word's key."""

    def __init__(self, key: Callable[[str], str]) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, word: str) -> str:
        key = self._key(word)
        if len(word) < _LONG:
            if len(self) >= _KEPT:
                self.clear()
            self[word] = key
        return key


def word_by_word(key: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that joins the keys of a text's words by single spaces, empty ones left out.

    `key` must give for a word, with the signs about it, what it would give for it between spaces.
    """
    known = _Keys(key)

    def keys(text: str) -> str:
        return " ".join(filter(None, map(known.__getitem__, text.split())))

    return keys
