"""Which fields of a site's newest articles are missing or doubtful, and one more doubt."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from storage.collection import Collection

MOST = 50
"""Articles that are looked back on."""


@dataclass(frozen=True, slots=True)
class RecentArticle:
    """One article: the run that wrote it, whether it has a date or a person said that it has none, and the fields of
    which a doubt is open, with its kinds."""

    run_id: int
    dated: bool
    doubts: frozenset[tuple[str, str]]


def recent_articles(connection: sqlite3.Connection, site: str) -> list[RecentArticle]:
    """Return a site's newest articles, the newest first, at most MOST."""
    found = connection.execute(
        "SELECT run_id, published_at IS NOT NULL OR EXISTS (SELECT 1 FROM confirmations c WHERE c.article_id = a.id "
        "AND c.field = 'published_at'), doubts FROM articles a WHERE site = ? ORDER BY id DESC LIMIT ?",
        (site, MOST),
    )
    return [
        RecentArticle(run_id, bool(dated), frozenset((one["field"], one["kind"]) for one in json.loads(doubts)))
        for run_id, dated, doubts in found
    ]


def suspects(connection: sqlite3.Connection, at_least: int) -> set[str]:
    """Return the sites of whose newest articles so many lack a date, or have a doubt; a few more may be among them.

    It is read from indexes alone, for all sites at once: only these need to be looked at by `recent_articles`.
    """
    found = connection.execute(
        "WITH newest AS MATERIALIZED (SELECT s.slug, "
        "(SELECT min(id) FROM (SELECT id FROM articles WHERE site = s.slug ORDER BY id DESC LIMIT :most)) AS since "
        "FROM sites s) SELECT slug FROM newest WHERE "
        "(SELECT count(*) FROM search_keys k WHERE k.site = slug AND k.published = '' AND k.id >= since) >= :least OR "
        "(SELECT count(*) FROM articles a WHERE a.site = slug AND a.doubts != '[]' AND a.id >= since) >= :least",
        {"most": MOST, "least": at_least},
    )
    return {slug for (slug,) in found}


def days_of(collection: Collection, site: str, keys: Sequence[str]) -> list[tuple[str, date | None]]:
    """Return (identity, day of publication) in the order of `keys`; None where the day is not known."""
    days: dict[str, date] = {}
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        rows = collection.rows(
            "SELECT key, published_at FROM articles WHERE site = ? AND length(published_at) >= 10 "  # noqa: S608
            f"AND key IN ({', '.join('?' * len(part))})",
            [site, *part],
        )
        days |= {row["key"]: date.fromisoformat(row["published_at"][:10]) for row in rows}
    return [(key, days.get(key)) for key in keys]


def add_doubt(collection: Collection, site: str, key: str, doubt: dict[str, str], *, run_id: int) -> bool:
    """Add a doubt to an article whose text the run `run_id` wrote; False for any other, or one that has it already."""
    row = next(
        collection.rows(
            "SELECT id, doubts FROM articles WHERE site = ? AND key = ? AND run_id = ?", [site, key, run_id]
        ),
        None,
    )
    doubts = json.loads(row["doubts"]) if row else []
    if row is None or any((one["field"], one["kind"]) == (doubt["field"], doubt["kind"]) for one in doubts):
        return False
    collection.change_article(row["id"], {"doubts": json.dumps([*doubts, doubt], ensure_ascii=False)})
    return True
