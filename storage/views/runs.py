"""Runs as they are shown: what each came to, and the pages that it did not store."""

import json
import sqlite3
from typing import Any, TypedDict, cast

from storage.views.select import one, rows

_OVER = "status IN ('ok', 'failed') AND mode <> 'reprocess'"


class RunRow(TypedDict):
    """A row of `runs`; `counts` and `skipped` are read from JSON."""

    id: int
    site: str
    mode: str
    started_at: str
    finished_at: str | None
    status: str
    reason: str | None
    message: str | None
    counts: dict[str, Any]
    skipped: dict[str, int]
    software: str
    number: int | None
    previous: str | None


class SkippedPage(TypedDict):
    """A page that was not stored, and why."""

    url: str
    reason: str
    detail: str | None


def runs(connection: sqlite3.Connection, slug: str, *, limit: int = 30) -> list[RunRow]:
    """Return a site's runs, newest first."""
    return _runs(connection, slug, "1", limit)


def last_run(connection: sqlite3.Connection, slug: str) -> RunRow | None:
    """Return a site's newest finished run, live or a replay; None where there is none."""
    found = _runs(connection, slug, _OVER, 1)
    return found[0] if found else None


def _runs(connection: sqlite3.Connection, slug: str, only: str, limit: int) -> list[RunRow]:
    sql = f"SELECT * FROM runs WHERE site = ? AND {only} ORDER BY id DESC LIMIT ?"  # noqa: S608 — literals only
    return [_run(row) for row in rows(connection, sql, (slug, limit))]


def _run(row: dict[str, Any]) -> RunRow:
    return cast(RunRow, row | {"counts": json.loads(row["counts"]), "skipped": json.loads(row["skipped"])})


def run(connection: sqlite3.Connection, number: int) -> RunRow | None:
    """Return the run with this id, or None."""
    row = one(connection, "SELECT * FROM runs WHERE id = ?", [number])
    return _run(row) if row else None


def skipped_pages(connection: sqlite3.Connection, number: int, *, limit: int = 500) -> list[SkippedPage]:
    """Return the pages that a run did not store, in its order."""
    sql = "SELECT url, reason, detail FROM skipped WHERE run_id = ? ORDER BY id LIMIT ?"
    return [cast(SkippedPage, row) for row in rows(connection, sql, [number, limit])]


def written(connection: sqlite3.Connection, number: int, slug: str, *, limit: int = 50) -> list[int]:
    """Return the ids of articles whose text a run wrote."""
    sql = "SELECT id FROM articles WHERE run_id = ? AND site = ? ORDER BY id LIMIT ?"
    return [found[0] for found in connection.execute(sql, [number, slug, limit])]
