"""Runs as they are shown: what each came to, and the pages that it did not store."""

import sqlite3
from typing import TypedDict, cast

from storage.rows import RunRecord
from storage.run_history import runs_that, unpacked
from storage.views.select import one, rows


class SkippedPage(TypedDict):
    """A page that was not stored, and why."""

    url: str
    reason: str
    detail: str | None


def runs(connection: sqlite3.Connection, slug: str, *, limit: int = 30) -> list[RunRecord]:
    """Return a site's runs of every kind, finished or not, newest first."""
    return runs_that(connection, slug, "1", limit)


def run(connection: sqlite3.Connection, number: int) -> RunRecord | None:
    """Return the run with this id, or None."""
    row = one(connection, "SELECT * FROM runs WHERE id = ?", [number])
    return unpacked(row) if row else None


def skipped_pages(connection: sqlite3.Connection, number: int, *, limit: int = 500) -> list[SkippedPage]:
    """Return the pages that a run did not store, in its order."""
    sql = "SELECT url, reason, detail FROM skipped WHERE run_id = ? ORDER BY id LIMIT ?"
    return [cast(SkippedPage, row) for row in rows(connection, sql, [number, limit])]


def written(connection: sqlite3.Connection, number: int, slug: str, *, limit: int = 50) -> list[int]:
    """Return the ids of articles whose text a run wrote."""
    sql = "SELECT id FROM articles WHERE run_id = ? AND site = ? ORDER BY id LIMIT ?"
    return [found[0] for found in connection.execute(sql, [number, slug, limit])]
