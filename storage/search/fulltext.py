"""The full-text index: queries with diacritics match exactly, queries without them match any."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

from sqlite_utils import Database

from crawler import units
from crawler.text.remarks import Remark
from crawler.text.text_keys import IndexedTexts, indexed_texts
from storage import fields
from storage.rows import FoundArticle
from storage.search import file_hits, indexed_text, ranking
from storage.search.fts_match import resolved
from storage.search.query import Filters, Query, end, parse
from storage.search.snippets import plain_snippet
from storage.search.spellings import widened
from storage.writing.index_rows import IndexingConnection, Row

# As in the schema. The index does not keep a second copy of the text.
_TABLE = """
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, summary, body, title_folded, text_folded,
    content='', tokenize='unicode61 remove_diacritics 0'
)
"""
_ADD = "INSERT INTO articles_fts (rowid, title, summary, body, title_folded, text_folded) VALUES (?, ?, ?, ?, ?, ?)"
_DAY = 1 << 22  # places of a day, as in the schema
_NEXT_PLACE = (
    "UPDATE search_keys SET place = coalesce((SELECT max(k.place) + 1 FROM search_keys k "  # noqa: S608 — literals only
    f"WHERE k.place >= search_keys.day AND k.place < search_keys.day + {_DAY}), day) WHERE id = ?"
)
_PLACE = "SELECT place, site FROM search_keys WHERE id = ?"
MISPLACED = f"SELECT id FROM search_keys WHERE (place < day OR place >= day + {_DAY})"  # noqa: S608 — what `settle` would move


def _indexed(place: int, site: str, values: Mapping[str, object], texts: IndexedTexts | None = None) -> Row:
    if texts is None:
        texts = indexed_texts(*(str(values[name] or "") for name in fields.SEARCHED))
    return (place, *texts[:-1], f"{texts.text_folded} {indexed_text.site_word(site)}")


def add(db: Database, article_id: int, values: Mapping[str, object], *, texts: IndexedTexts | None = None) -> None:
    """Index title, summary and body of an article that is in `articles`, in the next place of its day.

    `texts`: what is indexed of them, where that is known already. In a collection the row enters the index with the
    open transaction's end, or before the index is asked.
    """
    connection = db.conn
    if isinstance(connection, IndexingConnection):
        connection.begin()
    db.execute(_NEXT_PLACE, (article_id,))
    place, site = db.execute(_PLACE, (article_id,)).fetchone()
    row = _indexed(place, site, values, texts)
    if isinstance(connection, IndexingConnection):
        connection.add(row)
    else:
        db.execute(_ADD, row)


def remove(db: Database, article_id: int, values: Mapping[str, object]) -> None:
    """Take an article of a collection out of the index; `values` must be the texts under which it was added."""
    connection = db.conn
    if not isinstance(connection, IndexingConnection):
        raise TypeError("articles are taken out of the index of a collection only")
    place, site = db.execute(_PLACE, (article_id,)).fetchone()
    if place is None:
        return
    connection.begin()
    connection.take_out(_indexed(place, site, values))
    db.execute("UPDATE search_keys SET place = NULL WHERE id = ?", (article_id,))


def move_to_its_day(db: Database, article_id: int) -> None:
    """Move an article in the index if its day of publication has changed."""
    if db.execute(f"{MISPLACED} AND id = ?", (article_id,)).fetchone():
        sql = f"SELECT {', '.join(fields.SEARCHED)} FROM articles WHERE id = ?"  # noqa: S608 — literals only
        values = next(iter(db.query(sql, [article_id])))
        remove(db, article_id, values)
        add(db, article_id, values)


def sizes(articles: Iterable[Mapping[str, Any]]) -> dict[int, bytes]:
    """Return id → how many words a new index has for each article, as SQLite keeps it in `…_docsize`."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.execute(_TABLE)
        fresh.executemany(_ADD, (_indexed(row["id"], row["site"], row) for row in articles))
        return dict(fresh.execute("SELECT id, sz FROM articles_fts_docsize"))


def parse_query(query: str, filters: Filters | None = None) -> Query:
    """Return `query` parsed and widened by the other forms of its words, its own filters joined with `filters`.

    Remarks on doubtful units and dates are added.
    """
    parsed = parse(query)
    if parsed.node is not None:
        parsed.node = widened(parsed.node)
    if filters:
        parsed.filters = parsed.filters.joined(filters)
    since, until = parsed.filters.since, parsed.filters.until
    if since and until and since > end(until):
        parsed.remarks.append(Remark("span_empty", {"since": since, "until": until}))
    parsed.remarks += filter(None, (units.parse_unit(text).remark() for text in parsed.filters.units))
    return parsed


def search(db: Database, query: str | Query, *, limit: int, offset: int = 0) -> list[FoundArticle]:
    """Return rows of `articles` that match, best first, with `urls` (how many addresses each has) and `snippet`: text
    round the best hit, hits in [ ].

    A query with only filters gives the newest articles that pass them; an empty query gives an empty list; no query
    raises an error.
    """
    parsed = parse_query(query) if isinstance(query, str) else query
    if parsed.node is None and parsed.filters == Filters():
        return []
    if parsed.node is not None:
        parsed.node = resolved(db.conn, parsed.node)
    ids = ranking.best(db.conn, parsed, limit=limit, offset=offset)
    rows = rows_of(db, ids)
    for row in rows:
        row["snippet"] = plain_snippet(f"{row['summary']}\n{row['body']}", parsed)
    file_hits.mark(db, rows, parsed)
    return rows


def rows_of(db: Database, ids: list[int]) -> list[FoundArticle]:
    """Return the rows of `articles` with these ids, in this order, with `urls`."""
    found: dict[int, FoundArticle] = {
        row["id"]: row
        for row in db.query(
            "SELECT a.*, (SELECT count(*) FROM article_urls u WHERE u.article_id = a.id) AS urls "  # noqa: S608
            f"FROM articles a WHERE a.id IN ({', '.join('?' * len(ids))})",
            ids,
        )
    }
    return [found[number] for number in ids if number in found]
