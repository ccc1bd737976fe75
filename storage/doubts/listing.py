"""Which doubts the collection has: as a list, and counted by field and kind."""

import sqlite3
from typing import TypedDict, cast

from storage import fields
from storage.doubts.confirmed import COMPANIONS
from storage.views.select import rows

# What people call the fields that can be doubted, folded: in a search, and as options.
NAMES = {
    "date": "published_at", "ngay": "published_at", "ngaydang": "published_at", "text": "body", "noidung": "body",
    "tieude": "title", "tacgia": "author", "sapo": "summary", "tomtat": "summary", "nguon": "source",
    "muc": "section", "chuyenmuc": "section",
    **{name: name for name in fields.NAMES if name not in ("doubts", "notes")},
}  # fmt: skip
_FIELD, _KIND, _EVIDENCE = (f"json_extract(d.value, '$.{name}')" for name in ("field", "kind", "evidence"))
# By its index: doubts lie behind the text in a row, which would all be read.
_DOUBTED = "articles a INDEXED BY articles_doubted, json_each(a.doubts) d"
_LONGEST = 300  # characters of a value
_VALUE = "".join(f" WHEN '{name}' THEN substr(a.{name}, 1, {_LONGEST})" for name in fields.NAMES)


class DoubtedField(TypedDict):
    """A doubt with its article: `value` is how what is stored begins, None where the article has nothing there."""

    article: int
    site: str
    url: str
    title: str
    field: str
    value: str | None
    kind: str
    evidence: str


class DoubtCount(TypedDict):
    """How many articles are doubted in a field for one reason."""

    field: str
    kind: str
    articles: int


def listed(
    connection: sqlite3.Connection, *, site: str | None = None, field: str | None = None, kind: str | None = None,
    limit: int | None = None,
) -> list[DoubtedField]:  # fmt: skip
    """Return the doubts, by site, the newest articles first; `field`: a column, with those confirmed along with it."""
    where, values = _where(site, field, kind)
    found = rows(
        connection,
        f"SELECT a.id AS article, a.site, a.url, a.title, {_FIELD} AS field, CASE {_FIELD}{_VALUE} END AS value, "  # noqa: S608
        f"{_KIND} AS kind, coalesce({_EVIDENCE}, '') AS evidence FROM {_DOUBTED} WHERE {where} "
        "ORDER BY a.site, a.published_at DESC, a.id, d.key LIMIT ?",
        [*values, -1 if limit is None else limit],
    )
    return [cast(DoubtedField, row) for row in found]


def counted(
    connection: sqlite3.Connection, *, site: str | None = None, field: str | None = None, kind: str | None = None
) -> list[DoubtCount]:
    """Return how many articles have each doubt, the commonest first."""
    where, values = _where(site, field, kind)
    return _counted(connection, f"FROM {_DOUBTED} WHERE {where}", values)


def counted_of_chosen(connection: sqlite3.Connection) -> list[DoubtCount]:
    """Return the same of the articles in the table `chosen` of an export."""
    source = "FROM temp.chosen c JOIN articles a ON a.id = c.id, json_each(a.doubts) d WHERE a.doubts <> '[]'"
    return _counted(connection, source, [])


def _counted(connection: sqlite3.Connection, source: str, values: list[object]) -> list[DoubtCount]:
    found = rows(
        connection,
        f"SELECT {_FIELD} AS field, {_KIND} AS kind, count(DISTINCT a.id) AS articles {source} "
        "GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
        values,
    )
    return [cast(DoubtCount, row) for row in found]


def _where(site: str | None, field: str | None, kind: str | None) -> tuple[str, list[object]]:
    parts, values = ["a.doubts <> '[]'"], list[object]()
    if site:
        parts.append("a.site = ?")
        values.append(site)
    if field:
        columns = (field, *COMPANIONS.get(field, ()))
        parts.append(f"{_FIELD} IN ({', '.join('?' * len(columns))})")
        values += columns
    if kind:
        parts.append(f"{_KIND} = ?")
        values.append(kind)
    return " AND ".join(parts), values


def articles_with(connection: sqlite3.Connection, meant: str) -> list[int]:
    """Return the ids of the articles that are doubted: "any", in a column, or for a reason (its word)."""
    if meant == "any":
        found = connection.execute("SELECT id FROM articles WHERE doubts <> '[]'")
    else:
        field = meant if meant in fields.NAMES else None
        where, values = _where(None, field, None if field else meant)
        found = connection.execute(
            f"SELECT DISTINCT a.id FROM {_DOUBTED} WHERE {where}",  # noqa: S608
            values,
        )
    return [row[0] for row in found]
