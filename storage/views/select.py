"""Rows of a query as dicts."""

import sqlite3
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]


def rows(connection: sqlite3.Connection, sql: str, values: Iterable[object] = ()) -> list[Row]:
    """Return the rows of a query."""
    cursor = connection.execute(sql, tuple(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def one(connection: sqlite3.Connection, sql: str, values: Iterable[object] = ()) -> Row | None:
    """Return the first row of a query, or None."""
    found = rows(connection, sql, values)
    return found[0] if found else None
