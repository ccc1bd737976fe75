"""The expressions for the tiers of a query, from the words adjacent in the title to the words anywhere."""

import re
from itertools import accumulate

from crawler.text import fold
from storage.search.fts_match import (
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
from storage.search.query import Both, Node, Term, both
from storage.search.term_positions import starts

SIDE_BY_SIDE, CLOSE, APART, MISSING = range(4)
_CLOSE_IN_TITLE, _CLOSE = 2, 8  # words between the terms, at most
_MOST_PAIRED = 12  # words whose neighbours are scored as pairs
_WORD = re.compile(r"\w+")


class Plan:
    """The expressions of a query's tiers. `words`: of all its plain terms, in the form in which they are compared."""

    def __init__(self, node: Node, *, scored: bool):
        """Plan a tree whose prefixes are resolved. `scored`: matches are scored by the expressions of their tiers."""
        self.base = compiled(node, scored=scored).text
        parts = node.parts if isinstance(node, Both) else (node,)
        self.plain = [part for part in parts if isinstance(part, Term)]
        others = both([part for part in parts if not isinstance(part, Term)])
        self.others = compiled(others, scored=False) if others and not scored else None
        self.whole = len(self.plain) == len(parts)  # a title with these terms is a match
        self.in_any = not any(term.title_only for term in self.plain)  # they may be in any text
        self.anywhere = self.whole and self.in_any  # a text with them is a match, too
        self.marked = any(term.marked for term in self.plain)
        self.words = tuple(self._key(word) for term in self.plain for word in term.words)
        self.prefix = bool(self.plain) and self.plain[-1].prefix
        self.only_title = bool(self.plain) and all(term.title_only for term in self.plain)
        inner_prefix = any(term.prefix for term in self.plain[:-1])
        few_endings = all(not term.short and len(term.endings) <= FEW_ENDINGS for term in self.plain)
        self.together = len(self.plain) > 1 and not inner_prefix and few_endings

    def _key(self, word: str) -> str:
        return word.casefold() if self.marked else fold(word)

    def _within(self, expression: str, *, enough: bool, plain: bool) -> str:
        """Return the expression, limited to the query's matches unless it is `enough` by itself.

        `plain`: whatever matches it has all plain terms where they are wanted, so that only the others are asked for.
        """
        if enough:
            return expression
        if plain and self.others is not None:
            return f"({expression}) {'AND' if self.others.positive else 'NOT'} ({self.others.text})"
        return f"({expression}) AND ({self.base})"

    @property
    def in_title(self) -> str:
        """All words in the title."""
        expression = " AND ".join(f"({term_expression(term, in_title=True)})" for term in self.plain)
        return self._within(expression, enough=self.whole, plain=True)

    def side_by_side(self, *, title: bool) -> str:
        """The words in order without a gap, in the title or in summary or body."""
        columns = (EXACT_TITLE if title else EXACT_TEXT) if self.marked else (FOLDED_TITLE if title else FOLDED_TEXT)
        expression = quoted(columns, self.words, self.plain[-1].endings)
        return self._within(expression, enough=self.whole if title else self.anywhere, plain=title or self.in_any)

    @property
    def close(self) -> str:
        """The words close together in summary or body."""
        phrases = " ".join(f'"{" ".join(map(self._key, term.words))}"' for term in self.plain)
        columns = " ".join(EXACT_TEXT if self.marked else FOLDED_TEXT)
        return self._within(f"{{{columns}}} : NEAR({phrases}, {_CLOSE})", enough=self.anywhere, plain=self.in_any)

    @property
    def scoring(self) -> str:
        """The expression that every match fulfils and is scored by; adjacent words of the query count as pairs."""
        if not 2 < len(self.plain) <= _MOST_PAIRED or self.prefix or not self.together:
            return self.base
        pairs = (
            quoted(FOLDED, tuple(map(fold, one.words + two.words)))
            for one, two in zip(self.plain, self.plain[1:], strict=False)
            if not (one.title_only or two.title_only)
        )
        favoured = " OR ".join(f"({text})" for text in (term_expression(self.plain[0], in_title=False), *pairs))
        return f"({self.base}) AND ({favoured})"

    def spread(self, text: str, *, title: bool) -> int:
        """Return how a text has the plain terms: SIDE_BY_SIDE, CLOSE together, APART, or MISSING one of them."""
        found = starts(_WORD.findall(text), self.plain)
        if not all(found):
            return MISSING
        offsets = accumulate((len(term.words) for term in self.plain[:-1]), initial=0)
        if set.intersection(*({at - offset for at in those} for those, offset in zip(found, offsets, strict=True))):
            return SIDE_BY_SIDE
        places = sorted((at, number) for number, those in enumerate(found) for at in those)
        widest = len(self.words) + (_CLOSE_IN_TITLE if title else _CLOSE)
        for first, (start, _) in enumerate(places):
            if len({number for at, number in places[first:] if at - start < widest}) == len(found):
                return CLOSE
        return APART

    def tier(self, title: str, summary: str, body: str) -> int:
        """Return the number of the tier of a match with these texts; 0 is the best."""
        if not self.plain:
            return 0
        in_title = self.spread(title, title=True)
        if in_title <= CLOSE or self.only_title:
            return in_title
        in_text = APART
        if len(self.plain) > 1:
            in_text = min(self.spread(text, title=False) for text in (summary, body))
        if in_text == SIDE_BY_SIDE:
            return 2
        return 3 if in_title == APART else 4 if in_text == CLOSE else 5
