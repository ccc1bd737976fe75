"""A collection of its own: the chosen articles with all that belongs to them, and the whole run log.

Ids stay what they are, so that a citation holds here too. The run log is not cut down to the chosen articles: its chain
of digests would break.
"""

import json
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from storage import fields
from storage.errors import CollectionError
from storage.exports.chosen_captures import keep
from storage.exports.job import Job
from storage.files import texts as file_texts
from storage.schema import migrate
from storage.search import fulltext

_WHOLE = ("sites", "runs", "run_log", "captures_elsewhere", "archive_files")
_REQUISITES = "(SELECT requisite_id FROM article_requisites WHERE article_id IN (SELECT id FROM temp.chosen))"
_BATCH = 500  # rows
_UNWRITABLE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
_IN_ORDER = (  # of the index, which is then written in one go
    f"SELECT a.id, {', '.join(f'a.{name}' for name in fields.SEARCHED)} "  # noqa: S608 — literals only
    "FROM articles a JOIN search_keys k ON k.id = a.id "
    "ORDER BY k.published DESC, a.id"
)
_INFO = """
CREATE TABLE export_info (           -- what this file is; only an exported collection has this table
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
)
"""


def write(job: Job, path: Path) -> None:
    """Write the chosen articles to the database file `path`; tables that hang on articles come whole, known or not.

    Raises OSError where the file cannot be written, as the writers of other formats do.
    """
    keep(job.collection)
    source = job.collection.db
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # no reader sees the file before it is whole
        connection.execute("PRAGMA synchronous = OFF")
        target = Database(connection)
        migrate(target)
        connection.execute("BEGIN")
        for table in _WHOLE:
            _copy(source, target, table, "1")
        target.execute("UPDATE archive_files SET path = NULL")  # of this machine
        _copy(source, target, "skipped", "site IN (SELECT DISTINCT a.site FROM articles a JOIN temp.chosen USING (id))")
        _copy(
            source, target, "files",
            "sha256 IN (SELECT t.sha256 FROM attachments t JOIN temp.chosen c ON c.id = t.article_id)",
        )  # fmt: skip
        _copy(source, target, "captures", "id IN (SELECT id FROM temp.kept)")
        _copy(source, target, "articles", "id IN (SELECT id FROM temp.chosen)")
        _copy(source, target, "requisites", f"id IN {_REQUISITES}")
        _copy(
            source,
            target,
            "rights_evidence",
            "site IN (SELECT DISTINCT a.site FROM articles a JOIN temp.chosen USING (id))",
        )
        for table in _hanging(source):
            _copy(source, target, table, "article_id IN (SELECT id FROM temp.chosen)")
        _near(source, target)
        for done, row in enumerate(target.query(_IN_ORDER), 1):
            fulltext.add(target, row["id"], row)
            job.progress(done, job.count)
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


def _about(job: Job) -> dict[str, str]:
    return {
        "software": job.software,
        "exported_at": job.moment,
        "collection": job.collection.path.stem,
        "choice": json.dumps(job.choice.to_dict(), ensure_ascii=False),
        "articles": str(job.count),
        "unsound": json.dumps([str(item) for item in job.chosen.unsound], ensure_ascii=False),
    }


def _hanging(source: Database) -> list[str]:
    """The tables whose rows belong to one article."""
    return sorted(
        table.name
        for table in source.tables
        if table.name != "articles"
        and not table.name.startswith("near_")
        and not table.virtual_table_using
        and "article_id" in table.columns_dict
    )


def _near(source: Database, target: Database) -> None:
    """Copy what is known of near duplicates; a group that was not chosen whole is put together anew by the next run."""
    chosen = "IN (SELECT id FROM temp.chosen)"
    torn = "(SELECT group_id FROM near_groups GROUP BY 1 HAVING min(article_id IN (SELECT id FROM temp.chosen)) = 0)"
    target.execute("DELETE FROM near_waiting")  # where each article was entered as it came
    _copy(source, target, "near_sketches", f"article_id {chosen}", order="value, article_id")
    _copy(source, target, "near_duplicates", f"article_id {chosen} AND other_id {chosen}", order="article_id, other_id")
    _copy(source, target, "near_groups", f"group_id NOT IN {torn} AND article_id {chosen}")
    _copy(source, target, "near_waiting", f"article_id {chosen}")
    left = source.execute(f"SELECT article_id FROM near_groups WHERE group_id IN {torn} AND article_id {chosen}")  # noqa: S608
    target.conn.executemany("INSERT OR IGNORE INTO near_waiting VALUES (?)", left.fetchall())


def _copy(source: Database, target: Database, table: str, where: str, *, order: str = "rowid") -> None:
    """Copy rows in the order of their ids; where the table holds none of them, nothing is done."""
    columns = [column.name for column in source[table].columns]
    names = ", ".join(columns)
    into = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 — the schema's names
    rows = source.execute(f"SELECT {names} FROM {table} WHERE {where} ORDER BY {order}")  # noqa: S608
    while batch := rows.fetchmany(_BATCH):
        target.conn.executemany(into, batch)
