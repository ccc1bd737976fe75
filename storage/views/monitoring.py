"""What monitoring asks: figures of the whole collection, each from an index or one pass over a small table."""

import sqlite3
from typing import NamedTuple, TypedDict, cast

from storage.views.select import rows
from storage.views.totals import Sizes

_LIVE = "mode NOT IN ('replay', 'reprocess')"


class RunCount(NamedTuple):
    """How many live runs of a site came to this. `reason`: None where nothing was wrong; `last_end`: the end (ISO) of
    the last of them, None where none has one; `bytes`: of all answers to them, unpacked."""

    site: str
    status: str
    reason: str | None
    runs: int
    last_end: str | None
    bytes: int


class PastRun(TypedDict):
    """What a live run added. `finished_at`: None where it was killed; `new`: articles, as far as it could count;
    `captures`: bytes of its records; `attachments`: bytes of the files it fetched."""

    id: int
    site: str
    started_at: str
    finished_at: str | None
    status: str
    reason: str | None
    new: int
    captures: int
    attachments: int


def run_counts(connection: sqlite3.Connection) -> list[RunCount]:
    """Return the live runs, finished or not, counted by site, status and reason."""
    found = connection.execute(
        "SELECT site, status, reason, count(*), max(finished_at), "  # noqa: S608 — literals only
        f"coalesce(sum(json_extract(counts, '$.bytes')), 0) FROM runs WHERE {_LIVE} GROUP BY site, status, reason"
    )
    return [RunCount(*row) for row in found]


def skipped_by_reason(connection: sqlite3.Connection) -> dict[str, int]:
    """Return reason → how many pages live runs did not store."""
    found = connection.execute(
        "SELECT s.key, sum(s.value) FROM runs r, json_each(r.skipped) s "  # noqa: S608 — literals only
        f"WHERE r.{_LIVE} AND r.skipped <> '{{}}' GROUP BY 1"
    )
    return dict(found.fetchall())


def newest_articles(connection: sqlite3.Connection, until: str) -> dict[str, str]:
    """Return site → when its newest article was published (as stored), of those not published after `until` (ISO)."""
    found = connection.execute(
        "SELECT slug, (SELECT max(published) FROM search_keys k WHERE k.site = s.slug AND k.published <= ?) "
        "FROM sites s",
        [until],
    )
    return {site: newest for site, newest in found if newest}


def pending(connection: sqlite3.Connection) -> dict[str, int]:
    """Return site → how many articles were met in its lists and are not stored yet."""
    return dict(connection.execute("SELECT site, count(*) FROM pending GROUP BY site").fetchall())


def captures_by_kind(connection: sqlite3.Connection) -> dict[str, Sizes]:
    """Return kind of capture (article, listing, …) → how many there are, and their compressed size."""
    found = connection.execute("SELECT kind, count(*), sum(length) FROM captures GROUP BY kind")
    return {kind: Sizes(number, size) for kind, number, size in found}


def kept_files(connection: sqlite3.Connection) -> Sizes:
    """Return how many attached files are kept, and their size; each content counts once."""
    return Sizes(*connection.execute("SELECT count(*), coalesce(sum(size), 0) FROM files").fetchone())


def past_runs(connection: sqlite3.Connection) -> list[PastRun]:
    """Return what every live run added, the oldest first; of one that was killed, the articles that have its text."""
    found = rows(
        connection,
        "WITH taken AS (SELECT run_id, sum(length) AS size FROM captures WHERE source IS NULL GROUP BY run_id) "  # noqa: S608
        "SELECT r.id, r.site, r.started_at, r.finished_at, r.status, r.reason, "
        "CASE WHEN r.finished_at IS NULL THEN (SELECT count(*) FROM articles a WHERE a.run_id = r.id) "
        "ELSE coalesce(json_extract(r.counts, '$.new'), 0) END AS new, coalesce(t.size, 0) AS captures, "
        "coalesce(json_extract(r.counts, '$.attachment_bytes'), 0) AS attachments "
        f"FROM runs r LEFT JOIN taken t ON t.run_id = r.id WHERE r.{_LIVE} ORDER BY r.id",
    )
    return [cast(PastRun, row) for row in found]


def older_than(connection: sqlite3.Connection, run_id: int, day: str) -> int:
    """Return how many articles with the text that a run wrote were published before `day` (ISO)."""
    sql = (
        "SELECT count(*) FROM articles a CROSS JOIN search_keys k ON k.id = a.id "
        "WHERE a.run_id = ? AND k.published <> '' AND k.published < ?"
    )
    return int(connection.execute(sql, [run_id, day]).fetchone()[0])
