"""A collection of its own: the chosen articles with all that belongs to them, and the whole run log.

Ids of articles, runs and captures stay what they are, so that a citation holds here too. The run log is not cut down to
the chosen articles: its chain of digests would break. `captures` says where each record lies in the WARC file that goes
along; where none does, `file` is empty and `offset` only a number.
"""

import json
import sqlite3
from array import array
from itertools import chain
from pathlib import Path

from sqlite_utils import Database

from crawler.text.sketches import SLOTS, sketch
from crawler.text.text_keys import IndexedTexts, indexed_texts
from storage import fields
from storage.archives.warc import records
from storage.collection import Collection
from storage.errors import CollectionError
from storage.exports.content import TORN, Part, parts
from storage.exports.job import Job
from storage.files import texts as file_texts
from storage.rights.statements import Statements
from storage.schema import migrate
from storage.search import fulltext

_BATCH = 500  # rows
_UNWRITABLE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
_IN_ORDER = "SELECT id FROM search_keys ORDER BY published DESC, id"  # of the index, which is then written in one go
_INFO = """
CREATE TABLE export_info (           -- what this file is; only an exported collection has this table
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
)
"""


def write(job: Job, path: Path, *, archive: Path | None = None) -> None:
    """Write the chosen articles to the database file `path`; tables that hang on articles come whole, known or not.

    `archive`: the WARC file of the same articles that goes along. Raises OSError where the file cannot be written, as
    the writers of other formats do.
    """
    source = job.collection.db
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # no reader sees the file before it is whole
        connection.execute("PRAGMA synchronous = OFF")
        target = Database(connection)
        migrate(target)
        connection.execute("BEGIN")
        for part in parts(source):
            _copy(source, target, part)
        for site in job.chosen.sites:  # what is stated on reuse goes along with the articles
            stated = (site.get("rights"), site.get("rights_url"), site["slug"])
            connection.execute("UPDATE sites SET rights = ?, rights_url = ? WHERE slug = ?", stated)
        _near(source, target)
        if archive:
            _place(target, archive)
        in_order = array("q", (number for (number,) in connection.execute(_IN_ORDER)))
        found = chain.from_iterable(job.pieces(_indexed, ids=iter(in_order)))
        for number, texts in zip(in_order, found, strict=True):
            fulltext.add(target, number, {}, texts=texts)
        for file_id, text in target.execute("SELECT id, text FROM files WHERE text <> '' ORDER BY id"):
            file_texts.index(target, file_id, text)
        connection.execute(_INFO)
        target["export_info"].insert_all([{"name": name, "value": value} for name, value in _about(job).items()])
        connection.execute("COMMIT")
        wrong = connection.execute("PRAGMA foreign_key_check").fetchone()
        if wrong:
            raise sqlite3.IntegrityError(f"{wrong[0]} {wrong[1]} points to a row of {wrong[2]} that was not copied")
    except sqlite3.OperationalError as error:
        if isinstance(error, CollectionError) or getattr(error, "sqlite_errorcode", 0) & 0xFF not in _UNWRITABLE:
            raise  # of the collection, not of the file
        raise OSError(str(error)) from error
    finally:
        connection.close()


def _indexed(collection: Collection, ids: list[int], _: Statements) -> list[IndexedTexts]:
    """Return what the full-text index takes of articles."""
    sql = (
        f"SELECT id, {', '.join(fields.SEARCHED)} FROM articles "  # noqa: S608 — literals only
        "WHERE id IN (SELECT value FROM json_each(?))"
    )
    texts = {number: indexed_texts(*words) for number, *words in collection.db.execute(sql, [json.dumps(ids)])}
    return [texts[number] for number in ids]


def _about(job: Job) -> dict[str, str]:
    return {
        "software": job.software,
        "exported_at": job.moment,
        "collection": job.name,
        "choice": json.dumps(job.choice.to_dict(), ensure_ascii=False),
        "articles": str(job.count),
        "unsound": json.dumps([str(item) for item in job.chosen.unsound], ensure_ascii=False),
        "delivery": job.delivery.to_json(),
    }


def _copy(source: Database, target: Database, part: Part) -> None:
    """Copy the rows of a part; where it has none, nothing is done."""
    marks = ", ".join("?" * len(part.names))
    into = f"INSERT INTO {part.table} ({', '.join(part.names)}) VALUES ({marks})"  # noqa: S608 — the schema's names
    rows = source.execute(part.sql)
    while batch := rows.fetchmany(_BATCH):
        target.conn.executemany(into, batch)


def _near(source: Database, target: Database) -> None:
    """Carry over what the next run compares articles by; a group that was not chosen whole is put together anew by it.

    A collection also keeps the sketches of earlier texts; here each article has those of the text that it has.
    """
    edited = (
        "(SELECT article_id FROM versions UNION SELECT article_id FROM confirmations "  # noqa: S608 — literals only
        f"UNION SELECT article_id FROM near_sketches GROUP BY 1 HAVING count(*) > {SLOTS})"
    )
    chosen = "article_id IN (SELECT id FROM temp.chosen)"
    target.execute("DELETE FROM near_waiting")  # where each article was entered as it came
    waiting = (
        f"SELECT article_id FROM near_waiting WHERE {chosen} UNION "  # noqa: S608 — literals only
        f"SELECT article_id FROM near_groups WHERE group_id IN {TORN} AND {chosen} ORDER BY 1"
    )
    _copy(source, target, Part("near_waiting", ("article_id",), waiting))
    source.execute("DROP TABLE IF EXISTS temp.sketched")
    source.execute("CREATE TEMP TABLE sketched (value INTEGER, article_id INTEGER)")
    rows = source.execute(f"SELECT DISTINCT article_id FROM near_sketches WHERE {chosen} AND article_id IN {edited}")  # noqa: S608
    texts = f"SELECT {', '.join(fields.SEARCHED)} FROM articles WHERE id = ?"  # noqa: S608 — literals only
    for (article_id,) in rows.fetchall():
        values = [(value, article_id) for value in sketch(*target.execute(texts, (article_id,)).fetchone())]
        source.conn.executemany("INSERT INTO sketched VALUES (?, ?)", values)
    every = (
        f"SELECT value, article_id FROM near_sketches WHERE {chosen} AND article_id NOT IN "  # noqa: S608
        "(SELECT article_id FROM sketched) UNION ALL SELECT value, article_id FROM sketched ORDER BY 1, 2"
    )
    _copy(source, target, Part("near_sketches", ("value", "article_id"), every))


def _place(target: Database, archive: Path) -> None:
    """Let the captures say where in the file `archive` each of them lies."""
    target.execute("CREATE TEMP TABLE lying (record_id TEXT PRIMARY KEY, offset INTEGER, length INTEGER)")
    rows = ((record.id, record.offset, record.length) for record in records(archive) if record.is_capture)
    target.conn.executemany("INSERT OR IGNORE INTO lying VALUES (?, ?, ?)", rows)
    target.execute(
        "UPDATE captures SET file = ?, (offset, length) = "
        "(SELECT l.offset, l.length FROM lying l WHERE l.record_id = captures.record_id) "
        "WHERE record_id IN (SELECT record_id FROM lying)",
        [archive.name],
    )
