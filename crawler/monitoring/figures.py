"""The figures of a collection that metrics are made of."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.dates.local_time import local_iso
from crawler.dates.model import HANOI
from crawler.monitoring.disk_use import DiskUse, disk_use
from crawler.run.due import due, last_runs
from crawler.run.health import Health, sites_health
from storage.collection import Collection
from storage.doubts import listing
from storage.doubts.listing import DoubtCount
from storage.views import monitoring, sites, totals
from storage.views.monitoring import RunCount
from storage.views.totals import Sizes, Totals


@dataclass(frozen=True, slots=True)
class Figures:
    """What a collection holds and how its sites do, at one moment (`at`, aware).

    `health`, `articles`, `newest` (moment of publication, aware) and `pending` are by site; `due`: sites whose turn it
    is; `captures` by kind; `skipped` by reason.
    """

    at: datetime
    schema: int
    totals: Totals
    health: Mapping[str, Health]
    articles: Mapping[str, int]
    newest: Mapping[str, datetime]
    pending: Mapping[str, int]
    due: int
    runs: list[RunCount]
    skipped: Mapping[str, int]
    doubts: list[DoubtCount]
    captures: Mapping[str, Sizes]
    files: Sizes
    disk: list[DiskUse]


def gather(collection: Collection, known: Iterable[str], every: Mapping[str, int], now: datetime) -> Figures:
    """Return the figures of a collection, all of one moment of the database, also while a crawl writes to it.

    `known`: the slugs of the sites that are shown; `every`: slug → hours between two runs, of the registered ones;
    `now`: aware.
    """
    connection, shown = collection.db.conn, list(known)
    connection.execute("BEGIN")  # one snapshot for all questions
    try:
        newest = monitoring.newest_articles(connection, local_iso(now))
        verdicts = sites_health(connection, now, shown)
        return Figures(
            at=now,
            schema=int(connection.execute("PRAGMA user_version").fetchone()[0]),
            totals=totals.totals(connection),
            health={slug: verdicts[slug] for slug in shown},
            articles=sites.article_counts(connection),
            newest={slug: moment for slug, text in newest.items() if (moment := _beginning(text))},
            pending=monitoring.pending(connection),
            due=len(due(every, last_runs(connection), now)),
            runs=monitoring.run_counts(connection),
            skipped=monitoring.skipped_by_reason(connection),
            doubts=listing.counted(connection),
            captures=monitoring.captures_by_kind(connection),
            files=monitoring.kept_files(connection),
            disk=disk_use(collection),
        )
    finally:
        _end(connection)


def _end(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _beginning(published: str) -> datetime | None:
    """The moment at which a date of publication (ISO of any precision, or an interval) begins; None for no date."""
    text = published.partition("/")[0]
    try:
        moment = datetime.fromisoformat(
            text if len(text) >= len("2026-11-30") else f"{text}-01-01"[: len("2026-11-30")]
        )
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)
