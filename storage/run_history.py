"""What a site's runs came to, and when its articles were published."""

import json
from typing import Any, TypedDict, cast

from storage.collection import Collection
from storage.rows import NewestArticle, RunRow


class FinishedRun(TypedDict):
    """A row of `runs`, its JSON unpacked."""

    id: int
    site: str
    mode: str
    started_at: str
    finished_at: str
    status: str
    reason: str | None
    message: str | None
    counts: dict[str, Any]  # of what Account.to_dict says
    skipped: dict[str, int]
    software: str
    number: int | None
    previous: str | None


def runs(collection: Collection, site: str, *, limit: int = 30, live_only: bool = True) -> list[FinishedRun]:
    """Return the finished runs of `site`, newest first, with `counts` and `skipped` as dicts.

    Runs that were interrupted or killed say nothing of the site and are left out, as are readings of stored
    captures, and replays where `live_only`.
    """
    left_out = "('replay', 'reprocess')" if live_only else "('reprocess')"
    found = collection.rows(
        "SELECT * FROM runs WHERE site = ? AND status IN ('ok', 'failed') "  # noqa: S608 — literals only
        f"AND mode NOT IN {left_out} ORDER BY id DESC LIMIT ?",
        [site, limit],
    )
    unpacked = (row | {"counts": json.loads(row["counts"]), "skipped": json.loads(row["skipped"])} for row in found)
    return [cast(FinishedRun, row) for row in unpacked]


def last_run(collection: Collection, site: str) -> RunRow | None:
    """Return the newest run of `site`, finished or not, or None."""
    found = collection.rows(
        "SELECT * FROM runs WHERE site = ? AND mode NOT IN ('replay', 'reprocess') ORDER BY id DESC LIMIT 1",
        [site],
        of=RunRow,
    )
    return next(found, None)


def days_published(collection: Collection, site: str) -> list[str]:
    """Return the publication days of the articles of `site`, ISO, newest first, at most 1,000."""
    found = collection.rows(
        "SELECT DISTINCT substr(published_at, 1, 10) AS day FROM articles "
        "WHERE site = ? AND length(published_at) >= 10 ORDER BY day DESC LIMIT 1000",
        [site],
    )
    return [row["day"] for row in found]


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
