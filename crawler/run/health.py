"""The health of a site, from its own run history."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from typing import Any

from crawler.dates.local_time import local_day
from crawler.dates.model import HANOI
from crawler.reasons import Reason
from crawler.run.distrust import AT_LEAST, distrust
from crawler.text.counted import counted
from storage import run_history
from storage.doubts.recent import RecentArticle, recent_articles, suspects
from storage.rows import RunRecord

_HABIT = 0.8  # share of a run's articles that have a field, from which having it is a habit
_ALWAYS = 0.95  # the same, where few articles speak against it
_FEWEST = 2  # articles in a run that can speak against a habit
_LOST = 0.34  # share under which the habit is broken
_ENOUGH = 3  # articles in a run, from which it counts towards a habit
_UNREAD = (Reason.NO_ARTICLE, Reason.EMPTY_PAGE)  # of pages that used to hold an article
_HISTORY = 20  # runs that are looked back on
_SHORTEST_SILENCE = timedelta(days=30)  # no site is quiet before that
_TIMES_LONGER = 2.0  # than the longest silence of its habit
_HABIT_SPAN = timedelta(days=730)  # before the newest article, in which its news makes a habit
_GAPS = 5  # between days with news, from which a site has a habit to speak of


class State(StrEnum):
    """How a site is doing."""

    HEALTHY = "healthy"
    DOUBTFUL = "doubtful"  # it can be read, but what is read cannot be trusted
    QUIET = "quiet"  # its pages answer, but there was no news for longer than its habit
    FAILING = "failing"
    NEVER = "never crawled"


@dataclass(frozen=True, slots=True)
class Silence:
    """How many days a site has had no news, and how many days its news was apart before that, at most but for one time
    in twenty; None where it has too few days with news to have a habit."""

    days: int
    longest: int | None

    def __str__(self) -> str:
        """The sentence in English."""
        said = f"no news for {counted(self.days, 'day')}"
        if self.longest is None:
            return said
        return f"{said}; before that, its news was rarely more than {counted(self.longest, 'day')} apart"


@dataclass(frozen=True, slots=True)
class FromArchives:
    """What is known of a site that was never crawled, from replays: `articles`, out of so many `files`."""

    articles: int
    files: int

    def __str__(self) -> str:
        """The sentence in English."""
        said = f"from archives: {counted(self.articles, 'article')}"
        return f"{said} of {counted(self.files, 'file')}" if self.files else said


@dataclass(frozen=True, slots=True)
class Health:
    """A site's state, the reason as one word where it is failing or doubtful, and both as a sentence.

    `since`: the day (ISO, in Việt Nam) since when it fails; `silence`: where it is quiet; `last_run`: when the last run
    that was neither interrupted nor killed ended (ISO, as stored); `newest`: the day of its newest article;
    `from_archives`: what there is of a site that was never crawled.
    """

    state: State
    reason: str | None
    message: str
    since: str | None = None
    silence: Silence | None = None
    last_run: str | None = None
    newest: str | None = None
    from_archives: FromArchives | None = None


def site_health(connection: sqlite3.Connection, site: str, now: datetime) -> Health:
    """Return the health of a site of a collection; `now`: aware."""
    runs = run_history.runs(connection, site, limit=1)
    published = run_history.days_published(connection, site, most=_ENOUGH)
    return _of_newest(connection, site, now, runs, published, is_suspect=True)


def sites_health(connection: sqlite3.Connection, now: datetime, known: Iterable[str] = ()) -> dict[str, Health]:
    """Return slug → the health of every site that the collection has, and of those in `known`, as `site_health` gives
    it; `now`: aware.

    It asks of all sites at once; of single ones, since when they fail, and what those hold that are silent or doubted.
    """
    last, newest = run_history.newest_runs(connection), run_history.newest_days(connection)
    suspected = suspects(connection, AT_LEAST)
    found = {}
    crawled = (slug for (slug,) in connection.execute("SELECT slug FROM sites").fetchall())
    for slug in dict.fromkeys([*crawled, *known]):
        runs, published = [last[slug]] if slug in last else [], [newest[slug]] if slug in newest else []
        found[slug] = _of_newest(connection, slug, now, runs, published, is_suspect=slug in suspected)
    return found


def _of_newest(
    connection: sqlite3.Connection, site: str, now: datetime, runs: list[RunRecord], published: list[str], *,
    is_suspect: bool,
) -> Health:  # fmt: skip
    """Return the health of a site from its newest run and publication days, the newest first; more is read of those
    that fail, are silent, or may be doubted."""
    if runs and runs[0]["status"] == "failed":  # since when
        runs = run_history.runs(connection, site)
    newest = _day(published[0]) if published else None
    if newest is None or _since(newest, now) > _SHORTEST_SILENCE:  # its habit matters, which takes longer to read
        published = _habit_days(connection, site, newest)
    found = assess(runs, published, now, recent_articles(connection, site) if is_suspect else [])
    if found.state == State.NEVER:
        archived = FromArchives(*run_history.read_from_archives(connection, site))
        if archived.articles:
            return replace(found, message=str(archived), from_archives=archived)
    return found


def _habit_days(connection: sqlite3.Connection, site: str, newest: datetime | None) -> list[str]:
    """The days of a site's articles that its habit follows from; `newest`: the last of them, as far as it is known."""
    if newest is not None:
        days = run_history.days_since(connection, site, (newest - _HABIT_SPAN).date().isoformat())
        if len(list(islice(filter(_day, set(days)), _ENOUGH))) == _ENOUGH:
            return days
    return run_history.days_published(connection, site)


def assess(
    runs: Sequence[Mapping[str, Any]], published: Sequence[str], now: datetime, recent: Sequence[RecentArticle] = ()
) -> Health:
    """Return a site's health. Pure.

    `runs`: its finished live runs, newest first, each with status, reason, message, finished_at and counts (a dict, as
    SiteReport.to_dict gives it); `published`: the days of its articles, ISO, any order; `now`: aware; `recent`: its
    newest articles, the newest first.
    """
    newest = max(published, default=None)
    if not runs:
        return Health(State.NEVER, None, "never crawled", newest=newest)
    last, ended = runs[0], runs[0]["finished_at"]
    if last["status"] == "failed":
        since = local_day(_failing_since(runs))
        said = f"{last['message']} (since {since})"
        return Health(State.FAILING, last["reason"], said, since=since, last_run=ended, newest=newest)
    if doubt := distrust(recent):
        return Health(State.DOUBTFUL, *doubt, last_run=ended, newest=newest)
    if silence := _silence(published, now):
        return Health(State.QUIET, None, str(silence), silence=silence, last_run=ended, newest=newest)
    return Health(State.HEALTHY, None, last["message"] or "", last_run=ended, newest=newest)


def layout_change(last: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> tuple[Reason, str] | None:
    """Return (reason, sentence) where a run shows that the site's pages were rebuilt, compared with the runs before.

    Lists: those that linked to articles no longer do. Articles: fields that used to be filled no longer are, or the
    platform's layout is no longer found on the pages.
    """
    before = before[:_HISTORY]
    lists = [run.get("listings", 0) for run in before if run.get("listings")]
    lost = last.get("lists_lost", 0)
    if lists and lost and lost >= last.get("listings", 0):
        said = "1 list answers, but no longer links" if lost == 1 else f"{lost} lists answer, but no longer link"
        return Reason.LISTING_LAYOUT_CHANGED, f"{said} to any article"
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
        return (
            Reason.ARTICLE_LAYOUT_CHANGED,
            f"{unread} known articles were looked at again and no text was found in them",
        )
    filled = last.get("filled") or {}
    habit = _HABIT if fetched >= _ENOUGH else _ALWAYS
    broken = [
        name for name, count in totals.items() if count / seen >= habit and filled.get(name, 0) / fetched <= _LOST
    ]
    if not broken:
        return None
    if "published_at" in broken and set(broken) <= {"published_at"}:
        return Reason.DATES_STOPPED, "dates stopped parsing: articles used to have one and no longer do"
    return Reason.ARTICLE_LAYOUT_CHANGED, f"articles no longer have: {', '.join(sorted(broken))}"


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
    recent = [day for day in days if day > days[-1] - _HABIT_SPAN]
    gaps = sorted((later - earlier for earlier, later in pairwise(recent)), reverse=True)
    longest = gaps[len(gaps) // 20] if gaps else timedelta(0)  # one gap in twenty may be an accident
    silent = _since(days[-1], now)
    if silent <= max(_SHORTEST_SILENCE, longest * _TIMES_LONGER):
        return None
    return Silence(silent.days, longest.days if len(gaps) >= _GAPS else None)


def _since(day: datetime, now: datetime) -> timedelta:
    return now.astimezone(HANOI).replace(tzinfo=None) - day


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:10])
    except ValueError:
        return None
