"""Whose turn it is: each site at its habit, one that failed sooner, and one that gives no answer ever more seldom."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.reasons import Reason
from storage import run_history
from storage.run_history import LastRun

if TYPE_CHECKING:
    import sqlite3

_AFTER_FAILURE = timedelta(hours=6)  # a site that failed is tried again after this, or sooner if its habit says so
_FIRST_FAILURES = 3  # runs in a row without an answer that are followed by that pause; each further one doubles it
_LONGEST = timedelta(days=30)
_MOST_RUNS = 12  # that are looked back on: more doublings than lead to the longest pause, from an hour too
_NEAR = 6  # hours within which another site must have answered, else it may be our own network that failed
_SPREAD = 0.1  # share of a site's interval by which its turn comes earlier, so that sites spread over the hours


@dataclass(frozen=True, slots=True)
class Turn:
    """When a site is to be crawled. `at`: aware, None for a site without a run: now; `is_slow`: it has given no answer
    for so long that it is tried more and more seldom."""

    at: datetime | None
    is_slow: bool = False


def due(sites: Mapping[str, int], last_runs: Mapping[str, LastRun], now: datetime) -> list[str]:
    """Return the slugs of the sites whose turn it is, the longest overdue first.

    `sites`: slug → hours between runs; `last_runs`: as `last_runs` gives them.
    """
    turns = {slug: turn(slug, hours, last_runs.get(slug)).at for slug, hours in sites.items()}
    waiting = [(at.timestamp() if at else 0.0, slug) for slug, at in turns.items() if at is None or at <= now]
    return [slug for _, slug in sorted(waiting)]


def turn(slug: str, hours: int, last: LastRun | None) -> Turn:
    """Return when a site's turn comes: `hours` after its last run.

    One that was killed, interrupted or cut short goes on at once. One that failed is tried again after six hours, or
    sooner where its habit says so; where it gave no answer several times in a row while others did, after twice as long
    each time, up to 30 days.
    """
    if last is None:
        return Turn(None)
    started = datetime.fromisoformat(last.started_at)
    if last.status in ("running", "interrupted") or last.reason == Reason.CUT_SHORT:
        return Turn(started)
    habit, spread = timedelta(hours=hours), 1 - _SPREAD * _fraction(slug)
    if last.status != "failed":
        return Turn(started + habit * spread)
    pause = min(habit, _AFTER_FAILURE)
    doublings = min(last.without_answer, _MOST_RUNS) - _FIRST_FAILURES
    if doublings <= 0:
        return Turn(started + min(habit * spread, _AFTER_FAILURE))
    return Turn(started + min(pause * 2**doublings, max(_LONGEST, habit)) * spread, is_slow=True)


def last_runs(connection: "sqlite3.Connection") -> dict[str, LastRun]:
    """Return slug → what the run history of a site says of its turn, of all sites that have one."""
    return run_history.last_runs(connection, most=_MOST_RUNS, near=_NEAR)


def _fraction(slug: str) -> float:
    """A number in [0, 1) that belongs to the site."""
    return int.from_bytes(hashlib.sha256(slug.encode()).digest()[:4]) / 2**32
