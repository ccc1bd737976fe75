"""What a site's runs came to, and when its articles were published."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile
from typing import Any, cast

from crawler.reasons import is_without_answer
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

# The last run of every site, and how often in a row it gave no answer, decide whose turn it is. They are asked for all
# sites at once: one step down an index for each site, however many runs it has.
_LIVE = "mode NOT IN ('replay', 'reprocess')"
_NEWEST = f"""
SELECT r.site, r.started_at, r.status, r.reason FROM sites s JOIN runs r
ON r.id = (SELECT id FROM runs WHERE site = s.slug AND {_LIVE} ORDER BY id DESC LIMIT 1)
"""  # noqa: S608 — literals only
_BACK = f"""
SELECT r.site, r.id, r.started_at, r.status, r.reason FROM json_each(?) s JOIN runs r
ON r.id IN (SELECT id FROM runs WHERE site = s.value AND {_LIVE} AND {_FINISHED} ORDER BY id DESC LIMIT ?)
ORDER BY r.site, r.id DESC
"""  # noqa: S608
_SOUND_HOURS = f"""
SELECT DISTINCT substr(r.started_at, 1, 13) FROM json_each(?) s JOIN runs r
ON r.id BETWEEN (s.value - 1) * ? AND (s.value + 2) * ?
WHERE {_LIVE} AND r.status IN {SOUND}
"""  # noqa: S608
_BLOCK = 256  # runs: those of one crawl have numbers near each other


@dataclass(frozen=True, slots=True)
class LastRun:
    """A site's newest run that was no replay. `started_at`: ISO; `without_answer`: how many finished runs in a row, up
    to the newest, failed because nothing of the site answered, though another site did in the same hours."""

    started_at: str
    status: str
    reason: str | None
    without_answer: int = 0


def unpacked(row: Mapping[str, Any]) -> RunRecord:
    """Return a row of `runs` with what is JSON in it read."""
    return cast(RunRecord, {**row, **{name: json.loads(row[name]) for name in ("counts", "skipped", "sources")}})


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


def read_from_archives(connection: sqlite3.Connection, site: str) -> tuple[int, int]:
    """Return how many articles of `site` are from replays, and out of how many files these were (0: out of captures
    that were copied from a web archive)."""
    if connection.execute("SELECT 1 FROM runs WHERE site = ? AND mode = 'replay' LIMIT 1", [site]).fetchone() is None:
        return 0, 0
    articles = connection.execute(
        "SELECT count(*) FROM articles a JOIN runs r ON r.id = a.run_id WHERE a.site = ? "
        "AND r.mode IN ('replay', 'reprocess')", [site],
    ).fetchone()  # fmt: skip
    files = connection.execute(
        "SELECT count(DISTINCT json_extract(f.value, '$.sha256')) FROM runs r, json_each(r.sources) f WHERE r.site = ?",
        [site],
    ).fetchone()
    return articles[0], files[0]


def last_finished(connection: sqlite3.Connection, site: str) -> RunRecord | None:
    """Return the newest finished run of `site`, live or a replay; None where there is none."""
    return next(iter(runs(connection, site, limit=1, live_only=False)), None)


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
    sql = (  # one text: a row a day takes longer than to find the days
        "SELECT group_concat(DISTINCT substr(published, 1, 10)) FROM search_keys WHERE site = ? AND published >= ?"
    )
    (days,) = connection.execute(sql, (site, first)).fetchone()
    return [day for day in (days or "").split(",") if len(day) == 10]


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


def last_runs(connection: sqlite3.Connection, *, most: int, near: int) -> dict[str, LastRun]:
    """Return slug → its last run, of all sites that have one.

    `most`: runs of a site that are looked back on; `near`: hours within which another site must have answered, as
    otherwise it may be our own network that did not work.
    """
    newest = list(connection.execute(_NEWEST))
    failed = [site for site, _, status, reason in newest if status == "failed" and is_without_answer(reason)]
    in_a_row = _without_answer(connection, failed, most)
    hours = _sound_hours(connection, (number for runs in in_a_row.values() for number, _ in runs))
    counts = {site: sum(_is_near(begun, hours, near) for _, begun in runs) for site, runs in in_a_row.items()}
    return {site: LastRun(at, status, reason, counts.get(site, 0)) for site, at, status, reason in newest}


def _without_answer(connection: sqlite3.Connection, sites: list[str], most: int) -> Mapping[str, list[tuple[int, str]]]:
    """Slug → (number, when it began) of its last runs in which nothing answered, up to the one in which something did;
    only where there are two at least."""
    rows: Iterator[tuple[str, int, str, str, str | None]] = connection.execute(_BACK, (json.dumps(sites), most))
    found = {}
    for site, runs in groupby(rows, key=lambda row: row[0]):
        silent = takewhile(lambda row: row[3] == "failed" and is_without_answer(row[4]), runs)
        found[site] = [(number, begun) for _, number, begun, _, _ in silent]
    return {site: runs for site, runs in found.items() if len(runs) > 1}


def _sound_hours(connection: sqlite3.Connection, runs: Iterable[int]) -> set[int]:
    """The hours, since 1970, in which a site answered, in the crawls that these runs belong to."""
    blocks = sorted({number // _BLOCK for number in runs})
    rows = connection.execute(_SOUND_HOURS, (json.dumps(blocks), _BLOCK, _BLOCK))
    return {_hour(f"{hour}:00+00:00") for (hour,) in rows}


def _is_near(moment: str, hours: set[int], near: int) -> bool:
    hour = _hour(moment)
    return any(hour + more in hours for more in range(-near, near + 1))


def _hour(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) // 3600
