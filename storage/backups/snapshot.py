"""The database as it is at one moment, copied while others write to it, and what it refers to."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from storage.archives.capture_files import ArchiveFile
from storage.errors import NewerSchema, Unreadable
from storage.schema import MIGRATIONS

_PAGES = 4096  # copied at once
_BUSY_SECONDS = 30.0
_COUNTED = ("sites", "runs", "articles", "versions", "captures", "files")


@dataclass(slots=True)
class Facts:
    """What a database holds. `ends`: file of captures → the byte after the last record that a row leads to;
    `attachments`: (SHA-256, bytes, type); `archives`: files that captures are read from in place; `run_log`: number
    and digest of the newest run; `faults`: SQLite's own."""

    schema: int
    counts: dict[str, int]
    run_log: dict[str, Any]
    ends: dict[str, int]
    attachments: list[tuple[str, int, str]]
    faults: list[str] = field(default_factory=list)
    archives: list[ArchiveFile] = field(default_factory=list)


def opened(db: Path) -> sqlite3.Connection:
    """Return a connection that does not create, migrate or change the database at `db`.

    Raises Unreadable where there is no collection in it, NewerSchema where this program does not know its schema.
    """
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(db))}?mode=rw", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
        )
        try:
            schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if schema and not _has(connection, "articles"):
                schema = 0
        except sqlite3.Error:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise Unreadable(f"{db} cannot be used as a database: {error}") from error
    if schema > len(MIGRATIONS):
        connection.close()
        raise NewerSchema(
            f"{db}: the database has schema {schema}, this tinphuong knows up to {len(MIGRATIONS)}: use a newer "
            "tinphuong"
        )
    if not schema:
        connection.close()
        raise Unreadable(f"{db} holds no collection yet: crawl first, or name another with --db")
    return connection


def copy_database(db: Path, target: Path, progress: Callable[[int, int], None]) -> None:
    """Copy the database at `db` to the new file `target`, as one file without a journal.

    Others may write meanwhile: a transaction for reading keeps the moment, so nothing is copied twice and nobody waits.
    `progress` is called with (pages done, of how many). Raises sqlite3.Error, and what `opened` raises.
    """
    with closing(opened(db)) as source, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees this moment only
        source.backup(copy, pages=_PAGES, progress=lambda _, left, total: progress(total - left, total))
        source.execute("COMMIT")
        copy.execute("PRAGMA journal_mode = DELETE")


def facts_of(db: Path, *, checked: bool = True) -> Facts:
    """Return what the database at `db` holds; `checked`: SQLite's own check is made too. Raises what `opened` does."""
    with closing(opened(db)) as connection:
        faults = []
        if checked:
            rows = connection.execute("PRAGMA integrity_check(20)")
            faults = [row[0] for row in rows if row[0] != "ok"]
        schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
        counts = {
            name: int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])  # noqa: S608 — literals only
            for name in _COUNTED
            if _has(connection, name)
        }
        ends, attachments, run_log = {}, [], None
        if _has(connection, "captures"):
            own = "WHERE NOT is_referred" if _has(connection, "archive_files") else ""
            ends = dict(connection.execute(f"SELECT file, max(offset + length) FROM captures {own} GROUP BY file"))  # noqa: S608
        if _has(connection, "files"):
            attachments = list(connection.execute("SELECT sha256, size, type FROM files ORDER BY sha256"))
        if _has(connection, "run_log"):
            sql = "SELECT number, digest FROM run_log ORDER BY number DESC LIMIT 1"
            run_log = connection.execute(sql).fetchone()
        number, digest = run_log or (0, None)
        log = {"number": number, "digest": digest}
        return Facts(schema, counts, log, ends, attachments, faults, _archives(connection))


def _archives(connection: sqlite3.Connection) -> list[ArchiveFile]:
    """Return the archive files that captures are read from in place, each once."""
    if not _has(connection, "archive_files"):
        return []
    sql = (
        "SELECT name, '', sha256, size, max(path) FROM archive_files WHERE id IN "
        "(SELECT archive_file FROM captures WHERE is_referred) GROUP BY sha256 ORDER BY sha256"
    )
    return [
        ArchiveFile(name, member, sha256, size, Path(path) if path else None)
        for name, member, sha256, size, path in connection.execute(sql)
    ]


def knows_run(db: Path, run_log: dict[str, Any]) -> bool:
    """Whether a database's run log has the run of that number and digest: it is the same collection, not older."""
    if not run_log.get("number"):
        return True
    with closing(opened(db)) as connection:
        if not _has(connection, "run_log"):
            return False
        sql = "SELECT digest FROM run_log WHERE number = ?"
        found = connection.execute(sql, [run_log["number"]]).fetchone()
        return found is not None and found[0] == run_log["digest"]


def refers_to(db: Path, file: str) -> bool:
    """Whether a row of `captures` leads into that file now."""
    with closing(opened(db)) as connection:
        return connection.execute("SELECT 1 FROM captures WHERE file = ? LIMIT 1", [file]).fetchone() is not None


def _has(connection: sqlite3.Connection, table: str) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(sql, [table]).fetchone() is not None
