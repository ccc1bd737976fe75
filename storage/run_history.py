"""What a site's runs came to, and when its articles were published."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, cast

from storage.collection import Collection
from storage.rows import NewestArticle, RunRecord, RunRow
from storage.views.select import rows

# The days of a site's articles: from each day one step down the index to the next, however many articles it has.
_DAYS = """
WITH RECURSIVE days(day) AS (
    SELECT substr(max(published), 1, 10) FROM search_keys WHERE site = :site
    UNION ALL
    SELECT substr((SELECT max(published) FROM search_keys WHERE site = :site AND published < days.day), 1, 10)
    FROM days WHERE days.day <> '' LIMIT :most
) SELECT day FROM days WHERE length(day) = 10
"""

SOUND = ("ok", "doubtful")
"""What the runs came to in which a site's pages could be read; whether their fields are right is another matter."""

_FINISHED = "status IN ('ok', 'doubtful', 'failed') AND mode <> 'reprocess'"


def unpacked(row: Mapping[str, Any]) -> RunRecord:
    """Return a row of `runs` with `counts` and `skipped` read from JSON."""
    return cast(RunRecord, {**row, "counts": json.loads(row["counts"]), "skipped": json.loads(row["skipped"])})


def runs(connection: sqlite3.Connection, site: str, *, limit: int = 30, live_only: bool = True) -> list[RunRecord]:
    """Return the finished runs of `site`, newest first, with `counts` and `skipped` as dicts.

    Runs that were interrupted or killed do not show how the site is doing and are left out; so are runs of `reprocess`,
    and replays if `live_only`.
    """
    return runs_that(connection, site, f"{_FINISHED} AND mode <> 'replay'" if live_only else _FINISHED, limit)


def runs_that(connection: sqlite3.Connection, site: str, condition: str, limit: int) -> list[RunRecord]:
    """Return the runs of `site` for which `condition` (SQL, no user's words) holds, newest first."""
    sql = f"SELECT * FROM runs WHERE site = ? AND {condition} ORDER BY id DESC LIMIT ?"  # noqa: S608 — literals only
    return [unpacked(row) for row in rows(connection, sql, (site, limit))]


def newest_runs(connection: sqlite3.Connection, *, live_only: bool = True) -> dict[str, RunRecord]:
    """Return slug → the newest of the site's `runs`, for the sites that have any, in one question."""
    condition = f"{_FINISHED} AND mode <> 'replay'" if live_only else _FINISHED
    sql = (
        "SELECT r.* FROM sites s JOIN runs r ON r.id = "  # noqa: S608 — literals only
        f"(SELECT id FROM runs WHERE site = s.slug AND {condition} ORDER BY id DESC LIMIT 1)"
    )
    return {row["site"]: unpacked(row) for row in rows(connection, sql, ())}


def newest_days(connection: sqlite3.Connection) -> dict[str, str]:
    """Return slug → what `days_published` begins with, for the sites whose newest date is a day, in one question."""
    sql = "SELECT s.slug, (SELECT max(published) FROM search_keys WHERE site = s.slug) FROM sites s"
    return {slug: newest[:10] for slug, newest in connection.execute(sql) if newest and len(newest) >= 10}


def last_finished(connection: sqlite3.Connection, site: str) -> RunRecord | None:
    """Return the newest finished run of `site`, live or a replay; None where there is none."""
    return next(iter(runs(connection, site, limit=1, live_only=False)), None)


def last_run(collection: Collection, site: str) -> RunRow | None:
    """Return the newest run of `site`, finished or not, or None."""
    found = collection.rows(
        "SELECT * FROM runs WHERE site = ? AND mode NOT IN ('replay', 'reprocess') ORDER BY id DESC LIMIT 1",
        [site],
        of=RunRow,
    )
    return next(found, None)


def close_killed(collection: Collection, message: str) -> list[RunRow]:
    """Close the runs that were killed as interrupted and return them as they were.

    The caller holds the database's lock and has begun no run, so that whatever seems to go on was killed. When each
    ended is not known: `finished_at` stays empty. A run that the run log has already as going on is left as it is.
    """
    where = "status = 'running' AND number IS NULL"
    killed = list(collection.rows(f"SELECT * FROM runs WHERE {where} ORDER BY id", of=RunRow))  # noqa: S608
    if killed:
        collection.execute(
            f"UPDATE runs SET status = 'interrupted', reason = 'interrupted', message = ? WHERE {where}",  # noqa: S608
            [message],
        )
        collection.commit()
    return killed


def read_along(connection: sqlite3.Connection, site: str, *, runs: int = 20) -> tuple[int, int]:
    """Return (articles of a site's last runs that the second reader read too, on how many it found another text)."""
    (read, parted) = connection.execute(
        "SELECT sum(json_extract(counts, '$.read_along')), sum(json_extract(counts, '$.parted')) FROM "
        "(SELECT counts FROM runs WHERE site = ? AND finished_at IS NOT NULL ORDER BY id DESC LIMIT ?)",
        (site, runs),
    ).fetchone()
    return read or 0, parted or 0


def days_published(connection: sqlite3.Connection, site: str, *, most: int = 1000) -> list[str]:
    """Return the publication days of the articles of `site`, ISO, newest first, of the newest `most` dates."""
    return [day for (day,) in connection.execute(_DAYS, {"site": site, "most": most})]


def days_since(connection: sqlite3.Connection, site: str, first: str) -> list[str]:
    """Return the publication days of the articles of `site` from the day `first` (ISO) on, ISO, in no order.

    Faster than `days_published` where the days are many.
    """
    sql = "SELECT DISTINCT substr(published, 1, 10) FROM search_keys WHERE site = ? AND published >= ?"
    return [day for (day,) in connection.execute(sql, (site, first)) if len(day) == 10]


def article_count(collection: Collection, site: str | None = None) -> int:
    """Return how many articles of `site`, or in all, are stored."""
    where, arguments = ("WHERE site = ?", [site]) if site else ("", [])
    return int(next(collection.rows(f"SELECT count(*) AS n FROM articles {where}", arguments))["n"])  # noqa: S608


def newest(collection: Collection, count: int) -> list[NewestArticle]:
    """Return the `count` articles published last, with `files` and `urls`: how many each has."""
    return list(
        collection.rows(
            "SELECT a.*, (SELECT count(*) FROM attachments t WHERE t.article_id = a.id) AS files, "
            "(SELECT count(*) FROM article_urls u WHERE u.article_id = a.id) AS urls "
            "FROM articles a ORDER BY published_at DESC, id LIMIT ?",
            [count],
            of=NewestArticle,
        )
    )
