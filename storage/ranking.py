"""Which articles match a query, and which of them come first.

Articles are gathered tier by tier, so that the cost is bounded however common a word is:

1. the words side by side in the title,  2. close together in it,  3. side by side in summary or body,
4. all in the title,  5. close together in the text,  6. anywhere,  7. in the text of an attached file.

Within a tier those of about the same BM25 stand newest first.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.text import fold
from storage.querying import Both, Either, Filters, Node, Not, Query, Term, terms

_EXACT, _FOLDED = ("title", "summary", "body"), ("title_folded", "text_folded")
_EXACT_TITLE, _FOLDED_TITLE = ("title",), ("title_folded",)
_EXACT_TEXT, _FOLDED_TEXT = ("summary", "body"), ("text_folded",)
_RANK = "bm25(articles_fts, 8.0, 3.0, 1.0, 8.0, 1.0)"
_CLOSE_IN_TITLE, _CLOSE = 2, 8  # words between the words asked for
_MANY = 1500  # matches in a tier from which on the newest are taken and not the best: they are all much alike
_STEP = 0.15  # share of the best score by which two scores count as the same
_FEW_FILTERED = 400  # articles that pass the filters up to which the words are looked up among them alone


@dataclass(frozen=True, slots=True)
class _Match:
    """An FTS5 expression; where not `positive`, the articles asked for are those it does not match."""

    text: str
    positive: bool


def _quoted(columns: tuple[str, ...], words: tuple[str, ...], *, star: bool) -> str:
    return f'{{{" ".join(columns)}}} : "{" ".join(words)}"{" *" if star else ""}'


def _term(term: Term, *, in_title: bool) -> str:
    title = in_title or term.title_only
    columns = (_EXACT_TITLE if title else _EXACT) if term.marked else (_FOLDED_TITLE if title else _FOLDED)
    return _quoted(columns, term.words, star=term.prefix)


def compiled(node: Node, *, in_title: bool = False) -> _Match:
    """Return the expression of a tree; FTS5 knows NOT only between two expressions, so it is pushed to the top."""
    match node:
        case Term():
            return _Match(_term(node, in_title=in_title), True)
        case Not(part):
            inner = compiled(part, in_title=in_title)
            return _Match(inner.text, not inner.positive)
        case Both(parts) | Either(parts):
            made = [compiled(part, in_title=in_title) for part in parts]
    wanted = isinstance(node, Both)
    plain = [one.text for one in made if one.positive == wanted]
    turned = [one.text for one in made if one.positive != wanted]
    joint = " AND ".join(f"({text})" for text in plain)
    other = " OR ".join(f"({text})" for text in turned)
    if not wanted:  # a OR b; a OR NOT b is NOT (b NOT a)
        plain_or = " OR ".join(f"({one.text})" for one in made if one.positive)
        turned_and = " AND ".join(f"({one.text})" for one in made if not one.positive)
        if not turned_and:
            return _Match(plain_or, True)
        return _Match(f"({turned_and}) NOT ({plain_or})" if plain_or else turned_and, False)
    if not joint:
        return _Match(other, False)
    return _Match(f"({joint}) NOT ({other})" if other else joint, True)


def _tiers(node: Node) -> Iterator[str]:
    """Yield the expressions of the tiers; each matches a part of what the last one matches."""
    base = compiled(node).text
    parts = node.parts if isinstance(node, Both) else (node,)
    plain = [part for part in parts if isinstance(part, Term)]
    simple = len(plain) == len(parts)
    if plain:
        marked, mixed = any(term.marked for term in plain), len({term.marked for term in plain}) > 1
        words = tuple(word if marked else fold(word) for term in plain for word in term.words)
        star = plain[-1].prefix
        inner_star = any(term.prefix for term in plain[:-1])
        title, text = (_EXACT_TITLE, _EXACT_TEXT) if marked else (_FOLDED_TITLE, _FOLDED_TEXT)
        only_title = all(term.title_only for term in plain)
        whole = len(plain) > 1 and not inner_star

        def within(expression: str) -> str:
            return expression if simple and not mixed else f"({expression}) AND ({base})"

        if whole:
            yield within(_quoted(title, words, star=star))
            yield within(_near(title, plain, marked, _CLOSE_IN_TITLE))
            if not only_title:
                yield within(_quoted(text, words, star=star))
        if not only_title:
            in_title = " AND ".join(f"({_term(term, in_title=True)})" for term in plain)
            yield in_title if simple else f"({in_title}) AND ({base})"
            if whole:
                yield within(_near(text, plain, marked, _CLOSE))
        if len(plain) > 2 and not inner_star:
            base = f"({base}) AND ({_pairs(plain)})"
    yield base


def _near(columns: tuple[str, ...], plain: list[Term], marked: bool, distance: int) -> str:
    phrases = " ".join(
        f'"{" ".join(words)}"{" *" if term.prefix else ""}'
        for term in plain
        if (words := term.words if marked else tuple(map(fold, term.words)))
    )
    return f"{{{' '.join(columns)}}} : NEAR({phrases}, {distance})"


def _pairs(plain: list[Term]) -> str:
    """An expression that every match fulfils, whose neighbouring words raise the score where they stand together."""
    first = _term(plain[0], in_title=False)
    pairs = (
        _quoted(_FOLDED, tuple(map(fold, one.words + two.words)), star=two.prefix)
        for one, two in zip(plain, plain[1:], strict=False)
        if not (one.title_only or two.title_only)
    )
    return " OR ".join([f"({first})", *(f"({pair})" for pair in pairs)])


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
    """The sites that a query names: by slug, else by part of slug, host or name; and by unit."""
    if not filters.sites and not filters.units:
        return None
    rows = connection.execute("SELECT slug, host, name, unit_old, unit_new FROM sites").fetchall()
    chosen = {row[0] for row in rows}
    if filters.sites:
        exact = {row[0] for row in rows if row[0] in filters.sites}
        chosen &= exact or {row[0] for row in rows for one in filters.sites if one in fold(" ".join(row[:3]))}
    if filters.units:
        chosen &= {row[0] for row in rows for one in filters.units if one in row[3:] or one in fold(row[2])}
    return sorted(chosen)


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
    for expression in _tiers(query.node):
        for number in _tier(connection, expression, where, values, wanted + len(found)):
            found.setdefault(number)
        if len(found) >= wanted:
            return list(found)[offset:wanted]
    for number in in_files(connection, compiled(query.node).text, where, values):
        found.setdefault(number)
    return list(found)[offset:wanted]


def _tier(
    connection: sqlite3.Connection, expression: str, where: str, values: list[object], wanted: int
) -> Iterator[int]:
    rows = connection.execute(
        f"SELECT k.id, k.published, {_RANK} FROM articles_fts JOIN search_keys k ON k.id = articles_fts.rowid "  # noqa: S608
        f"WHERE articles_fts MATCH ? AND {where} LIMIT {_MANY + 1}",
        [expression, *values],
    ).fetchall()
    if len(rows) > _MANY:
        yield from _newest_matching(connection, expression, where, values, wanted, 0)
        return
    top = max((-row[2] for row in rows), default=0.0)
    step = max(top * _STEP, 1e-9)
    rows.sort(key=lambda row: row[0])
    rows.sort(key=lambda row: row[1], reverse=True)
    rows.sort(key=lambda row: round((top + row[2]) / step))
    yield from (row[0] for row in rows)


def _newest_matching(
    connection: sqlite3.Connection, expression: str, where: str, values: list[object], limit: int, offset: int
) -> list[int]:
    """Walk the articles from the newest back and keep those that match: quick where matches are many."""
    rows = connection.execute(
        "SELECT k.id FROM search_keys k CROSS JOIN articles_fts ON articles_fts.rowid = k.id "  # noqa: S608
        f"WHERE articles_fts MATCH ? AND {where} ORDER BY k.published DESC, k.id LIMIT ? OFFSET ?",
        [expression, *values, limit, offset],
    )
    return [row[0] for row in rows]


def _by_date(
    connection: sqlite3.Connection, node: Node | None, where: str, values: list[object], limit: int, offset: int
) -> list[int]:
    if node is not None:
        match = compiled(node)
        if match.positive:
            few = connection.execute(
                "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)",
                [match.text, _MANY + 1],
            ).fetchone()[0]
            if few > _MANY:
                return _newest_matching(connection, match.text, where, values, limit, offset)
        side = "IN" if match.positive else "NOT IN"
        where = f"k.id {side} (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?) AND {where}"
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
        f"JOIN search_keys k ON k.id = t.article_id WHERE attachments_fts MATCH ? AND {where} ORDER BY score LIMIT 500)",
        [expression, *values],
    )
    return [row[0] for row in rows]


def facets(connection: sqlite3.Connection, query: Query) -> list[tuple[str, str, str | None, int]]:
    """Return (site, year, section, how many) over all articles that match in their own text."""
    where, values = conditions(connection, query.filters)
    source = "search_keys k"
    if query.node is not None:
        match = compiled(query.node)
        if match.positive:
            source = "articles_fts CROSS JOIN search_keys k ON k.id = articles_fts.rowid"
            where = f"articles_fts MATCH ? AND {where}"
        else:
            where = f"k.id NOT IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?) AND {where}"
        values = [match.text, *values]
    rows = connection.execute(
        f"SELECT k.site, substr(k.published, 1, 4), k.section, count(*) FROM {source} WHERE {where} GROUP BY 1, 2, 3",  # noqa: S608
        values,
    )
    return rows.fetchall()


def shown_terms(query: Query) -> list[Term]:
    """Return what may be marked in a match."""
    return terms(query.node)
