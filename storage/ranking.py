"""Which articles match a query, and which of them come first.

Articles are gathered tier by tier, so that the cost is bounded however common a word is:

1. the words side by side in the title,  2. close together in it,  3. side by side in summary or body,
4. all in the title,  5. close together in the text,  6. anywhere,  7. in the text of an attached file.

Within a tier those of about the same BM25 stand newest first.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.text import even_tones, fold
from storage.matching import (
    EXACT_TEXT,
    EXACT_TITLE,
    FOLDED,
    FOLDED_TEXT,
    FOLDED_TITLE,
    compiled,
    quoted,
    resolved,
    term_expression,
)
from storage.querying import Both, Filters, Node, Query, Term, terms

_RANK = "bm25(articles_fts, 8.0, 3.0, 1.0, 8.0, 1.0)"
_CLOSE_IN_TITLE, _CLOSE = 2, 8  # words between the words asked for
_MANY = 1500  # matches in a tier from which on the newest are taken and not the best: they are all much alike
_FEW_ENDINGS = 12  # of them, with which phrases are made
_STEP_COST = 320  # of looking at one article by itself, in steps through a list of matches
_MOST_PAIRED = 12  # words of which neighbours are favoured
_WORD = re.compile(r"\w+")
_STEP = 0.15  # share of the best score by which two scores count as the same


@dataclass(frozen=True, slots=True)
class _Tier:
    """The articles of a tier; `favoured` is fulfilled by all of them and raises the score of some."""

    expression: str
    favoured: str = ""


class _Plan:
    """How a query's tiers are asked for. `words`: those of all plain terms, in order, as they are compared."""

    def __init__(self, node: Node):
        self.base = compiled(node).text
        parts = node.parts if isinstance(node, Both) else (node,)
        self.plain = [part for part in parts if isinstance(part, Term)]
        self.simple = len(self.plain) == len(parts) and len({term.marked for term in self.plain}) == 1
        self.marked = any(term.marked for term in self.plain)
        self.words = tuple(self._key(word) for term in self.plain for word in term.words)
        self.prefix = bool(self.plain) and self.plain[-1].prefix
        self.only_title = bool(self.plain) and all(term.title_only for term in self.plain)
        inner_prefix = any(term.prefix for term in self.plain[:-1])
        few_endings = all(len(term.endings) <= _FEW_ENDINGS for term in self.plain)
        self.together = len(self.plain) > 1 and not inner_prefix and few_endings

    def _key(self, word: str) -> str:
        return word.casefold() if self.marked else fold(word)

    def within(self, expression: str) -> str:
        """Return the expression bounded to the query's matches."""
        return expression if self.simple else f"({expression}) AND ({self.base})"

    @property
    def in_title(self) -> str:
        """All words in the title."""
        expression = " AND ".join(f"({term_expression(term, in_title=True)})" for term in self.plain)
        return expression if len(self.plain) == 1 and self.simple else self.within(expression)

    def side_by_side(self, *, title: bool) -> str:
        """The words in order without a gap, in the title or in summary or body."""
        columns = (EXACT_TITLE if title else EXACT_TEXT) if self.marked else (FOLDED_TITLE if title else FOLDED_TEXT)
        return self.within(quoted(columns, self.words, self.plain[-1].endings))

    @property
    def close(self) -> str:
        """The words close together in summary or body."""
        phrases = " ".join(f'"{" ".join(map(self._key, term.words))}"' for term in self.plain)
        return self.within(f"{{{' '.join(EXACT_TEXT if self.marked else FOLDED_TEXT)}}} : NEAR({phrases}, {_CLOSE})")

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


def conditions(connection: sqlite3.Connection, filters: Filters) -> tuple[str, list[object]]:
    """Return (SQL on `search_keys` as k, its values) for what passes `filters`; "1" where all does."""
    found: list[str] = []
    values: list[object] = []
    for name, chosen in (
        ("site", _sites(connection, filters)),
        ("section", _sections(connection, filters.sections) if filters.sections else None),
    ):
        if chosen is not None:
            found.append(f"k.{name} IN ({', '.join('?' * len(chosen))})")
            values += chosen
    if filters.units:
        part, wanted = units.condition(connection, filters.units, article="k.id", site="k.site")
        found.append(part)
        values += wanted
    if filters.since:
        found.append("k.published >= ?")
        values.append(filters.since)
    if filters.until:
        found.append("k.published <= ? AND k.published <> ''")
        values.append(filters.until + "~")  # behind every later digit, dash and letter
    if filters.has_file is not None:
        exists = "EXISTS (SELECT 1 FROM attachments t WHERE t.article_id = k.id)"
        found.append(exists if filters.has_file else f"NOT {exists}")
    if filters.removed is not None:
        found.append(f"k.removed = {int(filters.removed)}")
    return " AND ".join(found) or "1", values


def _sites(connection: sqlite3.Connection, filters: Filters) -> list[str] | None:
    """The sites that a query names: by slug, else by part of slug, host or name."""
    if not filters.sites:
        return None
    rows = connection.execute("SELECT slug, host, name FROM sites").fetchall()
    exact = {row[0] for row in rows if row[0] in filters.sites}
    return sorted(exact or {row[0] for row in rows for one in filters.sites if one in fold(" ".join(row))})


def _sections(connection: sqlite3.Connection, wanted: tuple[str, ...]) -> list[str]:
    known = connection.execute("SELECT DISTINCT section FROM search_keys WHERE section IS NOT NULL")
    return [name for (name,) in known if any(one in fold(name) for one in wanted)]


def best(
    connection: sqlite3.Connection, query: Query, *, limit: int, offset: int = 0, newest: bool = False
) -> list[int]:
    """Return ids of matching articles from the `offset`th on: best first, or `newest` first."""
    where, values = conditions(connection, query.filters)
    if query.node is None or newest or not compiled(query.node).positive:
        return _by_date(connection, query.node, where, values, limit, offset)
    wanted = offset + limit
    found: dict[int, None] = {}
    for number in _gathered(connection, _Plan(resolved(connection, query.node)), where, values, wanted, found):
        found.setdefault(number)
        if len(found) >= wanted:
            break
    return list(found)[offset:]


def _gathered(
    connection: sqlite3.Connection, plan: _Plan, where: str, values: list[object], wanted: int,
    found: dict[int, None],
) -> Iterator[int]:  # fmt: skip
    """Yield ids tier by tier; one may come more than once. `found`: those that the caller has by now."""
    apart: list[int] = []
    if plan.plain:
        count = _count(connection, plan.in_title)
        if count > _MANY:
            if plan.together:
                yield from _tier(connection, _Tier(plan.side_by_side(title=True)), where, values, wanted)
            apart = _newest_matching(connection, plan.in_title, where, values, wanted + len(found), 0)
        elif count:
            spreads = _titles(connection, plan, where, values)
            yield from (number for number, spread in spreads if spread == 0)
            yield from (number for number, spread in spreads if spread == 1)
            apart = [number for number, spread in spreads if spread == 2]
        if plan.only_title:
            yield from apart
            yield from _tier(connection, _Tier(plan.base), where, values, wanted)
            return
        if plan.together:
            yield from _tier(connection, _Tier(plan.side_by_side(title=False)), where, values, wanted + len(found))
    yield from apart
    if plan.plain and plan.together and not plan.prefix:
        yield from _tier(connection, _Tier(plan.close), where, values, wanted + len(found))
    yield from _tier(connection, _Tier(plan.base, plan.pairs), where, values, wanted + len(found))
    yield from in_files(connection, plan.base, where, values)


def _titles(connection: sqlite3.Connection, plan: _Plan, where: str, values: list[object]) -> list[tuple[int, int]]:
    """Return (id, spread) of the articles with all words in their title, in the order of a tier."""
    numbers = list(_ranked(connection, plan.in_title, where, values))
    marks = ", ".join("?" * len(numbers))
    titles = dict(
        connection.execute(f"SELECT id, title FROM articles WHERE id IN ({marks})", numbers).fetchall()  # noqa: S608
    )
    return [(number, plan.spread(titles.get(number, ""))) for number in numbers]


def _tier(connection: sqlite3.Connection, tier: _Tier, where: str, values: list[object], wanted: int) -> Iterator[int]:
    count = _count(connection, tier.expression)
    if count > _MANY:
        yield from _newest_matching(connection, tier.expression, where, values, wanted, 0)
        return
    if not count:
        return
    expression = f"({tier.expression}) AND ({tier.favoured})" if tier.favoured else tier.expression
    yield from _ranked(connection, expression, where, values)


def _ranked(connection: sqlite3.Connection, expression: str, where: str, values: list[object]) -> Iterator[int]:
    rows = connection.execute(
        f"SELECT k.id, k.published, {_RANK} FROM articles_fts JOIN search_keys k ON k.id = articles_fts.rowid "  # noqa: S608
        f"WHERE articles_fts MATCH ? AND {where}",
        [expression, *values],
    ).fetchall()
    top = max((-row[2] for row in rows), default=0.0)
    step = max(top * _STEP, 1e-9)
    rows.sort(key=lambda row: row[0])
    rows.sort(key=lambda row: row[1], reverse=True)
    rows.sort(key=lambda row: round((top + row[2]) / step))
    yield from (row[0] for row in rows)


def _count(connection: sqlite3.Connection, expression: str, most: int = _MANY + 1) -> int:
    """How many match, counted up to `most`."""
    sql = "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)"
    return int(connection.execute(sql, [expression, most]).fetchone()[0])


def _newest_matching(
    connection: sqlite3.Connection, expression: str, where: str, values: list[object], limit: int, offset: int
) -> list[int]:
    """The newest of many matches: where a large share of all articles matches, by walking from the newest back."""
    articles = int(connection.execute("SELECT count(*) FROM search_keys").fetchone()[0])
    enough = int((_STEP_COST * (limit + offset) * articles) ** 0.5)  # where both ways cost the same
    if _count(connection, expression, enough) >= enough:
        source = "search_keys k CROSS JOIN articles_fts ON articles_fts.rowid = k.id"
    else:
        source = "articles_fts CROSS JOIN search_keys k ON k.id = articles_fts.rowid"
    rows = connection.execute(
        f"SELECT k.id FROM {source} WHERE articles_fts MATCH ? AND {where} "  # noqa: S608
        "ORDER BY k.published DESC, k.id LIMIT ? OFFSET ?",
        [expression, *values, limit, offset],
    )
    return [row[0] for row in rows]


def _by_date(
    connection: sqlite3.Connection, node: Node | None, where: str, values: list[object], limit: int, offset: int
) -> list[int]:
    if node is not None:
        match = compiled(resolved(connection, node))
        if match.positive and _count(connection, match.text) > _MANY:
            return _newest_matching(connection, match.text, where, values, limit, offset)
        side = "IN" if match.positive else "NOT IN"
        where = f"k.id {side} (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?) AND {where}"  # noqa: S608
        values = [match.text, *values]
    rows = connection.execute(
        f"SELECT k.id FROM search_keys k WHERE {where} ORDER BY k.published DESC, k.id LIMIT ? OFFSET ?",  # noqa: S608
        [*values, limit, offset],
    )
    return [row[0] for row in rows]


def in_files(connection: sqlite3.Connection, expression: str, where: str, values: list[object]) -> list[int]:
    """Return the articles of which an attached file's text matches, best first."""
    rows = connection.execute(
        "SELECT DISTINCT id FROM (SELECT k.id AS id, bm25(attachments_fts) AS score FROM attachments_fts "  # noqa: S608
        "JOIN files f ON f.id = attachments_fts.rowid JOIN attachments t ON t.sha256 = f.sha256 "
        f"JOIN search_keys k ON k.id = t.article_id WHERE attachments_fts MATCH ? AND {where} ORDER BY score LIMIT 500"
        ")",
        [expression, *values],
    )
    return [row[0] for row in rows]


def shown_terms(query: Query) -> list[Term]:
    """Return what may be marked in a match."""
    return terms(query.node)
