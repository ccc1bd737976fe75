"""Patterns of words looked for only near words without which they cannot match: plain search is far cheaper."""

import re
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from crawler.dates.vocabulary import compiled

_SHORT = 200  # characters of a text that is looked through as fast as for windows


class Wording(NamedTuple):
    """A pattern with what is known of every match of it.

    Each holds one of `words`. Where `after` is 0, nothing more is known. Else one of them begins at most `before`
    characters behind the match's start, and what the pattern looks at ends less than `after` characters behind that.
    """

    words: tuple[str, ...]
    pattern: str
    before: int = 0
    after: int = 0

    def matches(self, plain: str) -> Iterable[re.Match[str]]:
        """Return what `finditer` over the whole text gives."""
        for word in self.words:
            if word in plain:
                break
        else:
            return ()
        pattern = compiled(self.pattern)
        if not self.after or len(plain) < _SHORT:
            return pattern.finditer(plain)
        return chain.from_iterable(pattern.finditer(plain, *window) for window in self._windows(plain))

    def _windows(self, plain: str) -> list[tuple[int, int]]:
        """Return the parts of the text that can hold a match; no two of them touch, and no match lies in two."""
        places: list[int] = []
        for word in self.words:
            at = plain.find(word)
            while at >= 0:
                places.append(at)
                at = plain.find(word, at + 1)
        places.sort()
        windows: list[tuple[int, int]] = []
        before, after = self.before, self.after
        start, end = max(0, places[0] - before), places[0] + after
        for at in places:
            if at - before > end:
                windows.append((start, end))
                start = at - before
            end = at + after
        windows.append((start, end))
        return windows
