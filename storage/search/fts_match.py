"""Translates the words of a query into SQLite's full-text language (FTS5)."""

import sqlite3
from dataclasses import dataclass, replace

from crawler.text import fold
from storage.search import indexed_text
from storage.search.query import Both, Either, Node, Not, Term

EXACT, FOLDED = ("title", "summary", "body"), ("title_folded", "text_folded")
EXACT_TITLE, FOLDED_TITLE = ("title",), ("title_folded",)
EXACT_TEXT, FOLDED_TEXT = ("summary", "body"), ("text_folded",)
_MOST_ENDINGS = 400  # words for one prefix, at most
FEW_ENDINGS = 12  # words for one prefix that can be looked up one by one


@dataclass(frozen=True, slots=True)
class Match:
    """An FTS5 expression; if not `positive`, the wanted articles are those that it does not match."""

    text: str
    positive: bool


def resolved(connection: sqlite3.Connection, node: Node) -> Node:
    """Return the tree with all words for each of its prefixes; FTS5's own prefix search would read far more.

    A prefix of two letters without marks stays as it is: the index has such prefixes.
    """
    match node:
        case Term(prefix=True) if not node.short and not node.endings:
            return replace(node, endings=_endings(connection, node.words[-1].casefold(), node.marked))
        case Not(part):
            return Not(resolved(connection, part))
        case Both(parts) | Either(parts):
            return replace(node, parts=tuple(resolved(connection, part) for part in parts))
    return node


def _endings(connection: sqlite3.Connection, beginning: str, marked: bool) -> tuple[str, ...]:
    """Return the indexed words with this prefix. Each is one look-up; listing them would read all their places."""
    words: set[str] = set()
    for index in ("articles_fts", "attachments_fts"):
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_of_{index} USING fts5vocab('main', '{index}', 'instance')"
        )
        sql = f"SELECT term FROM temp.words_of_{index} WHERE term >= ? LIMIT 1"  # noqa: S608 — literals only
        at = beginning
        while len(words) < _MOST_ENDINGS:
            row = connection.execute(sql, [at]).fetchone()
            if row is None or not row[0].startswith(beginning):
                break
            if marked or fold(row[0]) == row[0]:
                words.add(row[0])
            at = f"{row[0]}\x01"  # sorts before any letter
    return tuple(sorted(words))


def quoted(columns: tuple[str, ...], words: tuple[str, ...], endings: tuple[str, ...] = ()) -> str:
    """Return the expression for adjacent words in one of the columns, or in any if there are none named.

    With `endings`, one of them ends the phrase.
    """
    head = " ".join(words[:-1])
    phrases = [f'"{head} {last}"' if head else f'"{last}"' for last in endings or words[-1:]]
    joined = phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"
    return f"{{{' '.join(columns)}}} : {joined}" if columns else joined


def term_expression(term: Term, *, in_title: bool, scored: bool = True) -> str:
    """Return the expression of a term, in any column or `in_title`; one that is not `scored` is answered faster."""
    title = in_title or term.title_only
    columns: tuple[str, ...] = EXACT if term.marked else FOLDED
    if title:
        columns = EXACT_TITLE if term.marked else FOLDED_TITLE
    elif not scored and _needs_no_columns(term):
        columns = ()
    if term.short:
        return quoted(columns, (indexed_text.prefix_word(term.words[-1]),))
    return quoted(columns, term.words, term.endings) + (" *" if term.prefix and not term.endings else "")


def _needs_no_columns(term: Term) -> bool:
    """Tell whether no article has the term in other columns only, so that the index need not look at columns.

    A folded word in a text as written is in the folded text as well. A word with marks is in no folded text.
    """
    if not term.marked:
        return True
    *head, last = term.words
    return any(map(_has_marks, head)) or all(map(_has_marks, term.endings or (last,)))


def _has_marks(word: str) -> bool:
    return fold(word) != word.casefold()


def compiled(node: Node, *, in_title: bool = False, scored: bool = True) -> Match:
    """Return the expression of a tree; FTS5 has NOT only between two expressions, so it is moved to the top.

    One that is not `scored` matches the same articles and is answered faster, but BM25 counts other words with it.
    """
    match node:
        case Term():
            return Match(term_expression(node, in_title=in_title, scored=scored), True)
        case Not(part):
            inner = compiled(part, in_title=in_title, scored=scored)
            return Match(inner.text, not inner.positive)
        case Both(parts):
            made = [compiled(part, in_title=in_title, scored=scored) for part in parts]
            wanted, unwanted = _joined("AND", made, True), _joined("OR", made, False)
            if not wanted:
                return Match(unwanted, False)
            return Match(f"({wanted}) NOT ({unwanted})" if unwanted else wanted, True)
        case Either(parts):  # a OR NOT b is NOT (b NOT a)
            made = [compiled(part, in_title=in_title, scored=scored) for part in parts]
            wanted, unwanted = _joined("OR", made, True), _joined("AND", made, False)
            if not unwanted:
                return Match(wanted, True)
            return Match(f"({unwanted}) NOT ({wanted})" if wanted else unwanted, False)


def _joined(operator: str, matches: list[Match], positive: bool) -> str:
    return f" {operator} ".join(f"({one.text})" for one in matches if one.positive is positive)


def scored_words(node: Node) -> list[str]:
    """Return an expression for each word outside of NOT, to score matches by; "" for a prefix with many words."""
    match node:
        case Term(prefix=True):
            many = node.short or len(node.endings) > FEW_ENDINGS
            return ["" if many else term_expression(node, in_title=False)]
        case Term():
            return [quoted(EXACT if node.marked else FOLDED, (word,)) for word in node.words]
        case Both(parts) | Either(parts):
            return list(dict.fromkeys(word for part in parts for word in scored_words(part)))
    return []
