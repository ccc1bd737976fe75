"""What the runs of each site added, without what was there before the first of them."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.dates.local_time import local_day
from crawler.reasons import Reason
from storage.run_history import SOUND
from storage.views import monitoring
from storage.views.monitoring import PastRun

_UNFINISHED = (Reason.CUT_SHORT, Reason.RUN_BOUND)  # the next run goes on where such a one stopped
_MANY = 20  # new articles of a run, from which it is looked at whether it caught up on old ones
_OLD = timedelta(days=30)  # before the run began
_MOSTLY = 0.5  # share of a run's new articles that are old, from which it caught up


@dataclass(frozen=True, slots=True)
class Growth:
    """What came to a site between the ends of two of its runs (aware): articles, bytes of captures, bytes of files."""

    site: str
    start: datetime
    end: datetime
    articles: int
    captures: int
    attachments: int


@dataclass(frozen=True, slots=True)
class History:
    """The growth of the sites on steady days. `filling`: sites whose first fill goes on; `caught_up`: runs that are
    left out because most of what they brought was old, and `caught_up_articles`: how many articles they brought."""

    steady: list[Growth]
    filling: list[str]
    caught_up: int
    caught_up_articles: int


def history(connection: sqlite3.Connection) -> History:
    """Return what the live runs of a collection added.

    The first fill of a site, which brings years of news, lasts until the first run that read its lists to the end; it
    is no growth. Nor is a later run of which most articles are older than a month: a section that was found, or a
    crawl without the limit of the one before.
    """
    runs: dict[str, list[PastRun]] = {}
    for run in monitoring.past_runs(connection):
        runs.setdefault(run["site"], []).append(run)
    steady: list[Growth] = []
    filling, caught_up = [], []
    for site, of_site in sorted(runs.items()):
        filled = next((number for number, run in enumerate(of_site) if _is_whole(run)), None)
        if filled is None:
            filling.append(site)
            continue
        for growth, ids in _between(of_site[filled:]):
            if growth.articles >= _MANY and _old(connection, ids, growth) >= _MOSTLY * growth.articles:
                caught_up.append(growth)
            else:
                steady.append(growth)
    return History(steady, filling, len(caught_up), sum(growth.articles for growth in caught_up))


def _is_whole(run: PastRun) -> bool:
    return run["finished_at"] is not None and run["status"] in SOUND and run["reason"] not in _UNFINISHED


def _between(runs: Iterable[PastRun]) -> "Iterable[tuple[Growth, list[int]]]":
    """Yield the growth from the end of the first run to that of the next, and so on, with the ids of the runs it is of.

    Nobody knows when a run that was killed ended: what it added counts with the next one.
    """
    start: datetime | None = None
    waiting: list[PastRun] = []
    for run in runs:
        waiting.append(run)
        if run["finished_at"] is None:
            continue
        end = datetime.fromisoformat(run["finished_at"])
        if start is not None and end > start:
            articles, captures, attachments = (
                sum(one["new"] for one in waiting), sum(one["captures"] for one in waiting),
                sum(one["attachments"] for one in waiting),
            )  # fmt: skip
            growth = Growth(run["site"], start, end, articles, captures, attachments)
            yield growth, [one["id"] for one in waiting]
        start, waiting = end if start is None else max(start, end), []


def _old(connection: sqlite3.Connection, ids: Iterable[int], growth: Growth) -> int:
    """How many of the articles that runs brought were published long before."""
    day = local_day(growth.start - _OLD)
    return sum(monitoring.older_than(connection, number, day) for number in ids)
