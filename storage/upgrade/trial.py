"""Migrations are tried on a copy of the database first: what fails there changes nothing.

Only then the same is done to the database itself, as one transaction. The copy never takes the place of the database:
others may have that open, and SQLite's own transaction is safe for them, in a power cut too.
"""

import os
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlite_utils import Database

from storage.errors import UpgradeFailed
from storage.schema import MIGRATIONS, migrate

_ROOM = 1.2  # times the database: the copy and what the migrations add; then as much for the transaction's journal
_COUNTED = ("articles", "versions", "captures", "runs")
_AS_IT_WAS = "the database is as it was"


def upgrade(db: Database, path: Path) -> None:
    """Bring the open database at `path` to today's schema; an older one is tried on a copy beside it.

    Raises NewerSchema, and UpgradeFailed where it cannot be done; the database is then as it was, and `db` is closed.
    """
    try:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if 0 < version < len(MIGRATIONS):
            _try_on_copy(db, path, version)
        try:
            migrate(db)
        except sqlite3.Error as error:
            if not version:
                raise
            raise _failed(version, f"{error}, although it went well on a copy") from error
    except BaseException:
        db.close()
        raise


def _try_on_copy(db: Database, path: Path, version: int) -> None:
    _sweep(path)
    pages, page_size = (int(db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    need, free = pages * page_size * _ROOM, shutil.disk_usage(path.parent).free
    if need > free:
        raise UpgradeFailed(
            f"the upgrade from schema {version} to {len(MIGRATIONS)} is tried on a copy first, and needs "
            f"{need / 1e6:.0f} MB beside the database: there are {free / 1e6:.0f}; make room, then run again "
            f"({_AS_IT_WAS})"
        )
    copy = path.with_name(f".{path.name}.upgrade-{os.getpid()}.part")
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            db.conn.backup(connection)
            connection.execute("PRAGMA journal_mode = OFF")  # nobody needs the copy after a crash
            connection.execute("PRAGMA synchronous = OFF")
            before = _state(connection)
            if before[0] != ["ok"]:
                raise _failed(version, f"it is damaged ({before[0][0]})")
            migrate(Database(connection))
            after = _state(connection)
            if after[0] != ["ok"]:
                raise _failed(version, f"SQLite finds a fault afterwards: {after[0][0]}")
            if after[1] - before[1]:
                raise _failed(version, f"{min(after[1] - before[1])} would point to rows that do not exist")
            if after[2] != before[2]:
                raise _failed(version, "rows would be lost")
    except sqlite3.Error as error:
        raise _failed(version, str(error)) from error
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{copy}{end}").unlink()


def _state(connection: sqlite3.Connection) -> tuple[list[str], set[str], list[int]]:
    """What SQLite says of itself, the tables with rows that point to none, and how many rows the main tables have."""
    sound = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    astray = {f"rows of {row[0]}" for row in connection.execute("PRAGMA foreign_key_check")}
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    counts = [
        int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) if name in tables else 0  # noqa: S608
        for name in _COUNTED
    ]
    return sound, astray, counts


def _failed(version: int, why: str) -> UpgradeFailed:
    return UpgradeFailed(
        f"it cannot be brought from schema {version} to {len(MIGRATIONS)}: {why} ({_AS_IT_WAS}: go on with the "
        "tinphuong that wrote it, or restore a backup)"
    )


def _sweep(path: Path) -> None:
    """Remove the copies of processes that were killed."""
    name = re.compile(rf"\.{re.escape(path.name)}\.upgrade-(\d+)\.part(?:-\w+)?")
    for left in path.parent.iterdir():
        if (match := name.fullmatch(left.name)) and not _runs(int(match[1])):
            with suppress(OSError):
                left.unlink()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
