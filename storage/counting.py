"""How many articles match a query, by site, year and section."""

import sqlite3
from collections import Counter

from storage.matching import compiled, resolved
from storage.querying import Query
from storage.ranking import conditions


def facets(connection: sqlite3.Connection, query: Query) -> list[tuple[str, str, str | None, int]]:
    """Return (site, year, section, how many) over all articles that match in their own text."""
    where, values = conditions(connection, query.filters)
    source = "search_keys k"
    if query.node is not None:
        match = compiled(resolved(connection, query.node))
        values = [match.text, *values]
        if match.positive:
            source = "articles_fts CROSS JOIN search_keys k ON k.id = articles_fts.rowid"
            where = f"articles_fts MATCH ? AND {where}"
        else:
            where = f"k.id NOT IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?) AND {where}"  # noqa: S608
    rows = connection.execute(
        f"SELECT k.site, substr(k.published, 1, 4), k.section FROM {source} WHERE {where}",  # noqa: S608
        values,
    )
    rows.row_factory = None
    counted = Counter(rows.fetchall())
    return [(*key, count) for key, count in counted.items()]
