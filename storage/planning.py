"""How the tiers of a query are asked for: from the words side by side in the title to the words anywhere."""

import re

from crawler.text import even_tones, fold
from storage.matching import (
    EXACT_TEXT,
    EXACT_TITLE,
    FEW_ENDINGS,
    FOLDED,
    FOLDED_TEXT,
    FOLDED_TITLE,
    compiled,
    quoted,
    term_expression,
)
from storage.querying import Both, Node, Term

_CLOSE_IN_TITLE, _CLOSE = 2, 8  # words between the words asked for
_MOST_PAIRED = 12  # words of which neighbours are favoured
_WORD = re.compile(r"\w+")


class Plan:
    """The expressions of a query's tiers. `words`: those of all its plain terms, as they are compared."""

    def __init__(self, node: Node):
        """Plan a tree that is resolved."""
        self.base = compiled(node).text
        parts = node.parts if isinstance(node, Both) else (node,)
        self.plain = [part for part in parts if isinstance(part, Term)]
        self.whole = len(self.plain) == len(parts)  # these terms in the title make a match
        self.anywhere = self.whole and not any(term.title_only for term in self.plain)  # in the text, too
        self.marked = any(term.marked for term in self.plain)
        self.words = tuple(self._key(word) for term in self.plain for word in term.words)
        self.prefix = bool(self.plain) and self.plain[-1].prefix
        self.only_title = bool(self.plain) and all(term.title_only for term in self.plain)
        inner_prefix = any(term.prefix for term in self.plain[:-1])
        few_endings = all(not term.short and len(term.endings) <= FEW_ENDINGS for term in self.plain)
        self.together = len(self.plain) > 1 and not inner_prefix and few_endings

    def _key(self, word: str) -> str:
        return word.casefold() if self.marked else fold(word)

    def _within(self, expression: str, *, enough: bool) -> str:
        """The expression bounded to the query's matches, where it is not `enough` by itself."""
        return expression if enough else f"({expression}) AND ({self.base})"

    @property
    def in_title(self) -> str:
        """All words in the title."""
        expression = " AND ".join(f"({term_expression(term, in_title=True)})" for term in self.plain)
        return self._within(expression, enough=self.whole)

    def side_by_side(self, *, title: bool) -> str:
        """The words in order without a gap, in the title or in summary or body."""
        columns = (EXACT_TITLE if title else EXACT_TEXT) if self.marked else (FOLDED_TITLE if title else FOLDED_TEXT)
        expression = quoted(columns, self.words, self.plain[-1].endings)
        return self._within(expression, enough=self.whole if title else self.anywhere)

    @property
    def close(self) -> str:
        """The words close together in summary or body."""
        phrases = " ".join(f'"{" ".join(map(self._key, term.words))}"' for term in self.plain)
        columns = " ".join(EXACT_TEXT if self.marked else FOLDED_TEXT)
        return self._within(f"{{{columns}}} : NEAR({phrases}, {_CLOSE})", enough=self.anywhere)

    @property
    def pairs(self) -> str:
        """What every match fulfils, and whose neighbouring words raise the score where they stand together."""
        if not 2 < len(self.plain) <= _MOST_PAIRED or self.prefix or not self.together:
            return ""
        pairs = (
            quoted(FOLDED, tuple(map(fold, one.words + two.words)))
            for one, two in zip(self.plain, self.plain[1:], strict=False)
            if not (one.title_only or two.title_only)
        )
        return " OR ".join(f"({text})" for text in (term_expression(self.plain[0], in_title=False), *pairs))

    def spread(self, title: str) -> int:
        """How the words stand in a title: 0 side by side, 1 close together, 2 apart."""
        key = (lambda word: even_tones(word).casefold()) if self.marked else fold
        there = [key(word) for word in _WORD.findall(title)]
        size = len(self.words)

        def same(word: str, asked: str, last: bool) -> bool:
            return word == asked or (last and self.prefix and word.startswith(asked))

        for at in range(len(there) - size + 1):
            if all(same(there[at + n], asked, n == size - 1) for n, asked in enumerate(self.words)):
                return 0
        places = sorted(
            (at, n) for n, asked in enumerate(self.words) for at, word in enumerate(there)
            if same(word, asked, n == size - 1)
        )  # fmt: skip
        for number, (start, _) in enumerate(places):
            if {n for at, n in places[number:] if at - start < size + _CLOSE_IN_TITLE} == set(range(size)):
                return 1
        return 2
