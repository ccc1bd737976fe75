"""The health of a site, from its own run history. Pure: rows in, verdict out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

_HABIT = 0.8  # share of a run's articles that have a field, from which having it is a habit
_ALWAYS = 0.95  # the same, where few articles speak against it
_FEWEST = 2  # articles in a run that can speak against a habit
_LOST = 0.34  # share under which the habit is broken
_ENOUGH = 3  # articles in a run that say something of a habit
_UNREAD = ("no_article", "empty_page")  # of pages that used to hold an article
_HISTORY = 20  # runs that are looked back on
_SHORTEST_SILENCE = timedelta(days=30)  # no site is quiet before that
_TIMES_LONGER = 2.0  # than the longest silence of its habit


class State(StrEnum):
    """How a site does."""

    HEALTHY = "healthy"
    QUIET = "quiet"  # its pages answer, but there was no news for longer than its habit
    FAILING = "failing"
    NEVER = "never crawled"


@dataclass(frozen=True, slots=True)
class Silence:
    """How many days a site has had no news, and the longest silence of its habit, in days too."""

    days: int
    longest: int

    def __str__(self) -> str:
        """The sentence in English."""
        return f"no news for {self.days} days; its longest silence was {self.longest}"


@dataclass(frozen=True, slots=True)
class Health:
    """A site's state, the reason as one word where it is failing, and both as a sentence.

    `since`: the day (ISO) since when it fails; `silence`: where it is quiet.
    """

    state: State
    reason: str | None
    message: str
    since: str | None = None
    silence: Silence | None = None


def assess(runs: Sequence[Mapping[str, Any]], published: Sequence[str], now: datetime) -> Health:
    """Return a site's health.

    `runs`: its finished live runs, newest first, each with status, reason, message, finished_at and counts (a dict, as
    Account.to_dict gives it); `published`: the days of its articles, ISO, any order; `now`: aware.
    """
    if not runs:
        return Health(State.NEVER, None, "never crawled")
    last = runs[0]
    if last["status"] == "failed":
        since = _failing_since(runs)[:10]
        return Health(State.FAILING, last["reason"], f"{last['message']} (since {since})", since=since)
    if silence := _silence(published, now):
        return Health(State.QUIET, None, str(silence), silence=silence)
    return Health(State.HEALTHY, None, last["message"] or "")


def layout_change(last: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
    """Return (reason, sentence) where a run shows that the site's pages were rebuilt, compared with the runs before.

    Lists: those that linked to articles do no more. Articles: fields that used to fill no longer do, or the platform's
    layout is no longer found on the pages.
    """
    before = before[:_HISTORY]
    lists = [run.get("listings", 0) for run in before if run.get("listings")]
    lost = last.get("lists_lost", 0)
    if lists and lost and lost >= last.get("listings", 0):
        return "listing_layout_changed", f"{lost} lists answer, but link to no article any more"
    fetched = last.get("fetched", 0)
    unread = sum((last.get("rechecks_failed") or {}).get(reason, 0) for reason in _UNREAD)
    totals: dict[str, int] = {}
    seen = sum(run.get("fetched", 0) for run in before)
    for run in before:
        for name, count in (run.get("filled") or {}).items():
            totals[name] = totals.get(name, 0) + count
    if seen < _ENOUGH or fetched + unread < _FEWEST:
        return None
    if fetched <= _LOST * (fetched + unread):
        return "article_layout_changed", f"{unread} known articles were looked at again and no text was found in them"
    filled = last.get("filled") or {}
    habit = _HABIT if fetched >= _ENOUGH else _ALWAYS
    broken = [
        name for name, count in totals.items() if count / seen >= habit and filled.get(name, 0) / fetched <= _LOST
    ]
    if not broken:
        return None
    if "published_at" in broken and set(broken) <= {"published_at"}:
        return "dates_stopped", "dates stopped parsing: articles used to have one and no longer do"
    return "article_layout_changed", f"articles no longer have: {', '.join(sorted(broken))}"


def _failing_since(runs: Sequence[Mapping[str, Any]]) -> str:
    since = str(runs[0]["finished_at"])
    for run in runs:
        if run["status"] != "failed":
            break
        since = str(run["finished_at"])
    return since


def _silence(published: Sequence[str], now: datetime) -> Silence | None:
    """The silence where the newest article is older than the site's habit explains, else None."""
    days = sorted({day for text in published if (day := _day(text)) is not None})
    if len(days) < _ENOUGH:
        return None
    recent = [day for day in days if day > days[-1] - timedelta(days=730)]
    gaps = sorted((later - earlier for earlier, later in pairwise(recent)), reverse=True)
    longest = gaps[len(gaps) // 20] if gaps else timedelta(0)  # one gap in twenty may be an accident
    silent = now.replace(tzinfo=None) - days[-1]
    if silent <= max(_SHORTEST_SILENCE, longest * _TIMES_LONGER):
        return None
    return Silence(silent.days, longest.days)


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:10])
    except ValueError:
        return None
