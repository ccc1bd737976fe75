"""Which fields of a site's newest articles are missing or doubtful."""

import json
import sqlite3
from dataclasses import dataclass

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
