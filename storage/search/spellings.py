"""Widens a parsed query by the other forms of its words: UBND finds "ủy ban nhân dân", and the reverse. Pure functions.

Left as typed: what is in quotation marks, beginnings (`ubn*`), and what is behind NOT. So no result of the plain query
is ever lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from math import prod

from crawler.text import fold
from storage.search.query import Both, Either, Node, Spelled, Term, both, term_of, terms
from storage.search.short_forms import FORMS, ONE_WAY

_MOST = 4  # ways to spell a whole query that are searched one after the other


def widened(node: Node) -> Node:
    """Return the tree with a Spelled in the place of all words that have other forms."""
    marked = any(term.marked for term in terms(node))  # one way of comparing for all words is what tiers need
    return _widened(node, marked=marked)


def _widened(node: Node, *, marked: bool) -> Node:
    match node:
        case Term():
            return _spelled((node,), marked=marked) or node
        case Either(parts):
            return replace(node, parts=tuple(_widened(part, marked=marked) for part in parts))
        case Both(parts):
            made: list[Node] = []
            at = 0
            while at < len(parts):
                spelled = next(_from(parts[at:], marked=marked), None)
                made.append(spelled or _widened(parts[at], marked=marked))
                at += len(_typed_terms(spelled)) if spelled else 1
            return both(made) or node
    return node


def _from(parts: Sequence[Node], *, marked: bool) -> Iterator[Spelled]:
    """Yield the forms that begin at the first part, the longest first."""
    run: list[Term] = []
    for part in parts[: _longest()]:
        if not isinstance(part, Term):
            break
        run.append(part)
    for length in range(len(run), 0, -1):
        if spelled := _spelled(tuple(run[:length]), marked=marked):
            yield spelled


def _typed_terms(spelled: Spelled) -> tuple[Node, ...]:
    typed = spelled.parts[0]
    return typed.parts if isinstance(typed, Both) else (typed,)


def _spelled(run: tuple[Term, ...], *, marked: bool) -> Spelled | None:
    """Return the terms with the other forms of what they say together; None where there are none."""
    if any(term.quoted or term.prefix or term.title_only != run[0].title_only for term in run):
        return None
    typed = [(word, term.marked) for term in run for word in term.words]
    others: dict[tuple[str, ...], Term] = {}
    for written, alternatives in _forms().get(tuple(fold(word) for word, _ in typed), ()):
        if all(word.casefold() == form.casefold() for (word, exact), form in zip(typed, written, strict=True) if exact):
            for term in alternatives:
                shown = replace(term, marked=True) if marked else Term(tuple(map(fold, term.words)), marked=False)
                others.setdefault(shown.words, replace(shown, title_only=run[0].title_only, stands_for=len(run)))
    others.pop(tuple(word for word, _ in typed), None)
    return Spelled((run[0] if len(run) == 1 else Both(run), *others.values())) if others else None


@lru_cache(maxsize=1)
def _forms() -> dict[tuple[str, ...], list[tuple[tuple[str, ...], list[Term]]]]:
    """Return a form's folded words → its words as written, and the other forms as terms."""
    listed = [(form, [other for other in forms if other != form]) for forms in FORMS for form in forms]
    listed += [(form, list(others)) for form, others in ONE_WAY.items()]
    found: dict[tuple[str, ...], list[tuple[tuple[str, ...], list[Term]]]] = {}
    for form, others in listed:
        words = _term(form).words
        found.setdefault(tuple(map(fold, words)), []).append((words, [_term(other) for other in others]))
    return found


def _term(form: str) -> Term:
    term = term_of(form)
    if term is None:
        raise ValueError(f"storage/search/short_forms.py: {form!r} has no word")
    return term


@lru_cache(maxsize=1)
def _longest() -> int:
    """Return the number of words in the longest form."""
    return max(map(len, _forms()))


def spellings(node: Node) -> list[Node]:
    """Return the trees that together find what `node` finds: as typed, then with other forms, the fewest first.

    Where there are more than _MOST, the second and last is `node` itself.
    """
    if _count(node) > _MOST:
        return [_choices(node, typed_only=True)[0][1], node]
    return [tree for _, tree in sorted(_choices(node), key=lambda choice: choice[0])]


def _count(node: Node) -> int:
    match node:
        case Spelled(parts):
            return len(parts)
        case Both(parts) | Either(parts):
            return prod(map(_count, parts))
    return 1


def _choices(node: Node, *, typed_only: bool = False) -> list[tuple[int, Node]]:
    """Return (how many other forms it has, tree) for each way to spell a tree; what is typed comes first."""
    match node:
        case Spelled(parts):
            return [(int(number > 0), part) for number, part in enumerate(parts[:1] if typed_only else parts)]
        case Both(parts) | Either(parts):
            made: list[tuple[int, Node]] = []
            for chosen in product(*(_choices(part, typed_only=typed_only) for part in parts)):
                trees = [tree for _, tree in chosen]
                whole = both(trees) if isinstance(node, Both) else Either(tuple(trees))
                made.append((sum(count for count, _ in chosen), whole or node))
            return made
    return [(0, node)]
