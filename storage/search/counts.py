"""Counts how many articles match a query, by site, year and section."""

import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from json import dumps
from typing import Any

from storage.search import units
from storage.search.fts_match import Match, compiled, resolved
from storage.search.query import Filters, Query
from storage.search.ranking import without
from storage.search.scope import Scope, conditions, places, scope

_MOST = 10_000  # matches that are counted one by one
_MOST_A_YEAR = 1000  # matches counted in each year, where there are more than _MOST

_TRUE_KEYS = """
    SELECT id, site, coalesce(published_at, '') AS published, section, removed_at IS NOT NULL AS removed,
        EXISTS (SELECT 1 FROM attachments t WHERE t.article_id = articles.id) AS files
    FROM articles
"""
_MONTHS = "SELECT site, substr(published, 1, 7), count(*) FROM search_keys GROUP BY 1, 2"
_COUNTS = (
    "SELECT site, substr(published, 1, 4), coalesce(section, ''), removed, files, count(*) FROM search_keys "
    "GROUP BY 1, 2, 3, 4, 5"
)


def _differing(kept: str, true: str) -> str:
    return f"SELECT * FROM ({kept} EXCEPT {true}) UNION SELECT * FROM ({true} EXCEPT {kept})"  # noqa: S608


KEPT = {  # table → SQL that gives a row for each of its rows that does not agree with the articles
    "search_keys": _differing("SELECT id, site, published, section, removed, files FROM search_keys", _TRUE_KEYS),
    "search_months": _differing("SELECT * FROM search_months WHERE articles", _MONTHS),
    "search_counts": _differing("SELECT * FROM search_counts WHERE articles", _COUNTS),
}

Row = tuple[str, str, str | None, int]  # site, year, section, how many
_Found = tuple[int, str, str, str | None, int]  # id, site, year, section, whether it passes


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles match; with `more`, each number is a lower bound.

    `units`: code since July 2025 → how many a query for that unit finds; `more_units`: these are lower bounds.
    """

    rows: list[Row]
    more: bool
    units: Counter[str]
    more_units: bool

    @property
    def total(self) -> int:
        """The sum over sites, years and sections."""
        return sum(row[3] for row in self.rows)


def counts(connection: sqlite3.Connection, query: Query, *, by_unit: bool = True) -> Counts:
    """Count all articles that match in their own text; `by_unit` as well, if wanted.

    Up to _MOST matches are counted exactly. Of more, only the newest _MOST_A_YEAR of each year are counted, which is
    enough to narrow a search.
    """
    within = scope(connection, query.filters)
    if query.node is None and _by_years(query.filters):
        return _kept_counts(connection, query.filters, within, by_unit=by_unit)
    match = compiled(resolved(connection, query.node), scored=False) if query.node else None
    everywhere = within.first, within.last
    if match is not None and match.positive:  # the index alone first: it is fast, and looks at each article but once
        matching = _matching(connection, match, within, everywhere, _MOST + 1)
        if len(matching) <= _MOST:
            return _counts(connection, _at(connection, matching, within), by_unit=by_unit)
    elif not _more_without(connection, match, within):
        found = _looked_at(connection, match, within, everywhere, _MOST + 1)
        if len(found) <= _MOST:
            return _counts(connection, found, by_unit=by_unit)
    found = []
    for (year,) in connection.execute("SELECT DISTINCT year FROM search_counts").fetchall():
        span = places(year, year) if year.isdecimal() and len(year) == 4 else places("0", "0")
        span = max(span[0], within.first), min(span[1], within.last)
        found += _looked_at(connection, match, within, span, _MOST_A_YEAR)
    return _counts(connection, found, by_unit=by_unit, more=True)


def _counts(connection: sqlite3.Connection, found: list[_Found], *, by_unit: bool, more: bool = False) -> Counts:
    passing = [row for row in found if row[4]]
    rows = [(*key, count) for key, count in Counter(row[1:4] for row in passing).items()]
    of_units = units.counted(connection, [row[:2] for row in passing]) if by_unit else Counter[str]()
    return Counts(rows, more, of_units, more)


def _kept_counts(connection: sqlite3.Connection, filters: Filters, within: Scope, *, by_unit: bool) -> Counts:
    """Return the counts that the database keeps; those by unit, which it does not keep, from up to _MOST articles."""
    rows = _kept(connection, filters)
    if not by_unit:
        return Counts(rows, False, Counter(), False)
    of_sites: Counter[str] = Counter()
    for site, _, _, count in rows:
        of_sites[site] += count
    more = of_sites.total() > _MOST
    looked_at = _looked_at(connection, None, within, (within.first, within.last), _MOST_A_YEAR if more else _MOST)
    of_units = units.counted(connection, [row[:2] for row in looked_at])
    if more:
        of_units |= units.counted_by_site(connection, of_sites)
    return Counts(rows, False, of_units, more)


def _matching(
    connection: sqlite3.Connection, match: Match, within: Scope, span: tuple[int, int], most: int
) -> list[int]:
    """Return the newest `most` places in a span that match; the filters that the index does not know are not asked."""
    sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
    return [place for (place,) in _fetched(connection, sql, [within.matching(match.text), *span, most])]


def _at(connection: sqlite3.Connection, matching: list[int], within: Scope) -> list[_Found]:
    """Return what is counted of the articles in these places."""
    return _fetched(
        connection,
        f"SELECT k.id, k.site, substr(k.published, 1, 4), k.section, {within.where} FROM json_each(?) f "  # noqa: S608
        "CROSS JOIN search_keys k INDEXED BY search_keys_place ON k.place = f.value",
        [*within.values, dumps(matching)],
    )


def _more_without(connection: sqlite3.Connection, match: Match | None, within: Scope) -> bool:
    """Tell whether more than _MOST articles would be read that do not match; asks only the index, which is fast."""
    if match is None or within.where != "1":
        return False
    return without(connection, match.text, within.first, within.last) > _MOST


def _by_years(filters: Filters) -> bool:
    """Tell whether the counts that the database keeps are enough for these filters."""
    return (
        not filters.units
        and not filters.doubts
        and all(date is None or len(date) == 4 for date in (filters.since, filters.until))
    )


def _kept(connection: sqlite3.Connection, filters: Filters) -> list[Row]:
    where, values = conditions(connection, replace(filters, since=None, until=None))
    if filters.since:
        where, values = f"{where} AND k.year >= ?", [*values, filters.since]
    if filters.until:
        where, values = f"{where} AND k.year <= ? AND k.year <> ''", [*values, filters.until]
    return _fetched(
        connection,
        "SELECT k.site, k.year, nullif(k.section, ''), sum(k.articles) FROM search_counts k "  # noqa: S608
        f"WHERE {where} AND k.articles GROUP BY 1, 2, 3",
        values,
    )


def _looked_at(
    connection: sqlite3.Connection, match: Match | None, within: Scope, span: tuple[int, int], most: int
) -> list[_Found]:
    """Return the newest `most` in a span of places that match, or that pass the filters if there are no words."""
    if match is not None and match.positive:
        return _at(connection, _matching(connection, match, within, span, most), within)
    source = f"SELECT k.place FROM search_keys k WHERE {within.where} AND k.place BETWEEN ? AND ?"  # noqa: S608
    values: list[object] = [*within.values, *span]
    if match is not None:
        others = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?"
        source += f" AND k.place NOT IN ({others})"
        values += [match.text, *span]
    return _fetched(
        connection,
        f"SELECT k.id, k.site, substr(k.published, 1, 4), k.section, {within.where} "  # noqa: S608
        f"FROM ({source} LIMIT ?) f CROSS JOIN search_keys k INDEXED BY search_keys_place ON k.place = f.place",
        [*within.values, *values, most],
    )


def _fetched(connection: sqlite3.Connection, sql: str, values: list[object]) -> list[Any]:
    """Return all rows as tuples of plain strings; the connection's row and text factories are slow for many rows."""
    before, connection.text_factory = connection.text_factory, str
    try:
        rows = connection.execute(sql, values)
        rows.row_factory = None
        return rows.fetchall()
    finally:
        connection.text_factory = before
