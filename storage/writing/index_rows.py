"""Rows of the full-text index wait in a temporary table until their transaction ends, and enter in order of place.

FTS5 writes all that it has gathered into its tables when a row comes whose place is before that of the last one, and at
every savepoint, of which many statements make one by themselves. If rows enter as they come, nearly every article costs
such a write.

The temporary table is part of the transaction. What is taken back, by a savepoint too, leaves no row in it, and the
rows enter in the same transaction as their articles: index and articles are always in step.
"""

import sqlite3
from typing import Any

from storage.connection import CarefulConnection

INDEX = "articles_fts"
_MOST = 8 << 20  # characters that wait at once, about 800 articles: a long transaction needs no more memory for them
_PAGES = -16000  # kilobytes of the temporary tables that stay in memory, so that these rows do

# `turn` is 2 × place where a text is taken out of the index, and one more where one is added: the old text goes first.
_TABLE = """
CREATE TEMP TABLE index_rows (
    turn INTEGER PRIMARY KEY, place INTEGER, command TEXT, title TEXT, summary TEXT, body TEXT, title_folded TEXT,
    text_folded TEXT
)
"""
_ADD = "INSERT INTO temp.index_rows VALUES (2 * ?1 + 1, ?1, NULL, ?2, ?3, ?4, ?5, ?6)"
_TAKE_OUT = "INSERT INTO temp.index_rows VALUES (2 * ?1, ?1, 'delete', ?2, ?3, ?4, ?5, ?6)"
_CANCEL = "DELETE FROM temp.index_rows WHERE turn = 2 * ? + 1"
_ENTER = (
    f"INSERT INTO {INDEX} ({INDEX}, rowid, title, summary, body, title_folded, text_folded) "  # noqa: S608 — literals only
    "SELECT command, place, title, summary, body, title_folded, text_folded FROM temp.index_rows ORDER BY turn",
    "DELETE FROM temp.index_rows",
)

Row = tuple[int, str, str, str, str, str]  # place, title, summary, body, title_folded, text_folded


class IndexingConnection(CarefulConnection):
    """A connection to a collection. Rows of its index wait until COMMIT, or until a statement names the index: that
    finds all of them in it, whatever it asks."""

    _waiting = 0  # characters of the rows that came since the last COMMIT; some may have entered or been taken back

    def prepare(self) -> None:
        """Make the table of waiting rows. Once, and not within a transaction."""
        self.execute(f"PRAGMA temp.cache_size = {_PAGES}")
        self.execute(_TABLE)

    def begin(self) -> None:
        """Begin a transaction where none is open. Raises Unwritable."""
        if not self.in_transaction:
            self.execute("BEGIN IMMEDIATE")

    def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        """Execute a statement. Raises Unwritable."""
        if not self._waiting:
            return super().execute(sql, *arguments)
        is_commit = sql == "COMMIT"
        if is_commit or INDEX in sql:
            self._enter()
        cursor = super().execute(sql, *arguments)
        if is_commit:
            self._waiting = 0
        return cursor

    def add(self, row: Row) -> None:
        """Let a row wait, in the open transaction, until it is added to the index."""
        self._let_wait(_ADD, row)

    def take_out(self, row: Row) -> None:
        """Let a row, the one that was added, wait until it is taken out of the index; one that waits never enters."""
        if not super().execute(_CANCEL, row[:1]).rowcount:
            self._let_wait(_TAKE_OUT, row)

    def _let_wait(self, sql: str, row: Row) -> None:
        if self._waiting > _MOST:
            self._enter()
            self._waiting = 1
        super().execute(sql, row)
        self._waiting += sum(map(len, row[1:]))

    def _enter(self) -> None:
        for sql in _ENTER:
            super().execute(sql)
