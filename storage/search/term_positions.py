"""Finds the terms of a query among the words of a text. Pure functions."""

from collections.abc import Sequence
from functools import lru_cache

from crawler.text import even_tones, fold
from storage.search.query import Term


@lru_cache(maxsize=1 << 15)
def _folded(word: str) -> str:
    return word.lower() if word.isascii() and word.isalnum() else fold(word)


@lru_cache(maxsize=1 << 15)
def _exact(word: str) -> str:
    return even_tones(word).casefold()


def starts(words: Sequence[str], wanted: Sequence[Term]) -> list[list[int]]:
    """Return for each term the numbers of the words at which it begins, in order."""
    folded = [] if all(term.marked for term in wanted) else list(map(_folded, words))
    exact = list(map(_exact, words)) if any(term.marked for term in wanted) else []
    return [_starts(exact if term.marked else folded, term) for term in wanted]


def _starts(keys: list[str], term: Term) -> list[int]:
    first, *behind = sought = [word.casefold() for word in term.words]
    length = len(sought)
    if not behind and term.prefix:
        return [at for at, key in enumerate(keys) if key.startswith(first)]
    places = [at for at, key in enumerate(keys) if key == first]
    if not behind:
        return places
    return [at for at in places if _stands(keys[at : at + length], sought, prefix=term.prefix)]


def _stands(there: list[str], sought: list[str], *, prefix: bool) -> bool:
    if not prefix or len(there) < len(sought):
        return there == sought
    return there[:-1] == sought[:-1] and there[-1].startswith(sought[-1])
