"""A connection to SQLite that stops writing as soon as the file cannot be written."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from storage.errors import Unreadable, Unwritable

_UNWRITABLE = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
}  # fmt: skip


class CarefulConnection(sqlite3.Connection):
    """Says what is wrong if the file cannot be written. The open batch is then undone, as half of an article may be in
    it, and nothing more is written: later rows might point to rows that were undone."""

    failed: Unwritable | None = None
    held_back = 0  # blocks of `held_back` that are open: within one, a full batch is not committed

    def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        """Execute a statement. Raises Unwritable."""
        return self._checked(super().execute, sql, *arguments)

    def executemany(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        """Execute a statement for each row of arguments. Raises Unwritable."""
        return self._checked(super().executemany, sql, *arguments)

    def _checked(self, execute: Callable[..., sqlite3.Cursor], sql: str, *arguments: Any) -> sqlite3.Cursor:
        if self.failed and not sql.lstrip().startswith("SELECT"):
            raise self.failed
        try:
            return execute(sql, *arguments)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _UNWRITABLE:
                raise
            advice = "make room or end what holds it, then run again (what was stored before is intact)"
            self.failed = Unwritable(f"the database cannot be written: {error}; {advice}")
            if self.in_transaction:
                super().execute("ROLLBACK")
            raise self.failed from error


@contextmanager
def held_back(connection: CarefulConnection) -> Iterator[None]:
    """Let only `Collection.commit` itself commit within the block, not a batch that is full."""
    connection.held_back += 1
    try:
        yield
    finally:
        connection.held_back -= 1


@contextmanager
def all_or_nothing(connection: CarefulConnection) -> Iterator[None]:
    """Take back what is written within the block, in the open batch, where the block raises; the rest stays."""
    connection.execute("SAVEPOINT all_or_nothing")
    try:
        with held_back(connection):
            yield
    except BaseException:
        if connection.in_transaction and not connection.failed:
            connection.execute("ROLLBACK TO all_or_nothing")
        raise
    finally:
        if connection.in_transaction and not connection.failed:
            connection.execute("RELEASE all_or_nothing")


def require_database(path: Path) -> None:
    """Raise Unreadable where there is no file at `path`, or none that we may look at."""
    try:
        there = path.is_file()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from None
    if not there:
        raise Unreadable(f"there is no database at {path}: crawl first, or name another with --db")
