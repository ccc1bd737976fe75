"""What a day adds to a collection, and when the disk will be full."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from crawler.dates.local_time import local_day, local_iso
from crawler.monitoring.disk_use import PARTS, DiskUse, disk_use
from crawler.monitoring.growth import Growth, History, history
from crawler.text.counted import counted
from storage import run_history
from storage.collection import Collection
from storage.views import totals

NEEDED = 7
"""Days of history without which nothing is said: news has a rhythm of a week."""
_MOST_WEEKS = 26  # that are looked back on
_FARTHEST = 100 * 365.25  # days; what lies further ahead is not told
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rate:
    """Something a day: in the median week, in the week with the least, in that with the most."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system that holds parts of the collection. `folder`: of the first of them; bytes. `full_in_days`,
    `full_on` (the day in Việt Nam), and the same at the rate of the busiest week: None where not within a century."""

    folder: str
    parts: list[str]
    free: int
    size: int
    bytes_a_day: float
    full_in_days: float | None
    full_on: str | None
    soonest_in_days: float | None
    soonest_on: str | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a day adds. `problem`: why nothing can be said, else None; then there are no rates and no days.

    `at`: ISO; `days`: of history, whole ones, the last of them `until`, of which `weeks` are looked at; `sites`: on
    whose growth it rests; `filling`: sites whose first fill goes on, which is not counted; `caught_up`,
    `caught_up_articles`: as in History; `articles`: stored today; `sizes`: part → bytes on disk today; `bytes_a_day`:
    part, or `all`, → rate.
    """

    at: str
    problem: str | None
    days: int
    until: str | None
    needed: int
    weeks: int
    sites: int
    filling: list[str]
    caught_up: int
    caught_up_articles: int
    articles: int
    sizes: Mapping[str, int]
    articles_a_day: Rate | None
    bytes_a_day: Mapping[str, Rate]
    disks: list[Disk]

    def to_dict(self) -> dict[str, Any]:
        """Return the forecast as JSON-ready facts."""
        return asdict(self)


def forecast(collection: Collection, now: datetime) -> Forecast:
    """Return what a day adds to a collection, from the history of its runs; `now`: aware."""
    connection = collection.db.conn
    records = totals.capture_sizes(connection, None).size
    stored = run_history.article_count(collection)
    return assess(history(connection), disk_use(collection), now, articles=stored, records=records)


def assess(past: History, use: Sequence[DiskUse], now: datetime, *, articles: int, records: int) -> Forecast:
    """Return the forecast. Pure.

    `use`: of each part; `articles`: stored today; `records`: bytes of all captures as their rows say, which is less
    than their files take: requests stand there too.
    """
    sizes = {one.part: one.size for one in use}
    days, last = _days(past.steady), max((one.end for one in past.steady), default=None)
    weeks = list(_weeks(past.steady))
    unknown = Forecast(
        at=local_iso(now), problem=f"too little history: {counted(days, 'day')}; a week is needed",
        days=days, until=local_day(last) if last else None, needed=NEEDED, weeks=len(weeks),
        sites=len(weeks[0].sites) if weeks else 0, filling=past.filling, caught_up=past.caught_up,
        caught_up_articles=past.caught_up_articles, articles=articles, sizes=sizes, articles_a_day=None,
        bytes_a_day={}, disks=[_disk(parts, {}, now) for parts in _file_systems(use)],
    )  # fmt: skip
    if not weeks:
        return unknown
    an_article = sizes["database"] / max(articles, 1)
    a_record = max(1.0, sizes["captures"] / records) if records else 1.0
    by_part = {
        "database": [week.articles * an_article for week in weeks],
        "captures": [week.captures * a_record for week in weeks],
        "attachments": [week.attachments for week in weeks],
    }
    by_part["all"] = [sum(parts) for parts in zip(*by_part.values(), strict=True)]
    rates = {part: _rate(values, unknown.sites) for part, values in by_part.items()}
    return replace(
        unknown, problem=None, articles_a_day=_rate([week.articles for week in weeks], unknown.sites),
        bytes_a_day=rates, disks=[_disk(parts, rates, now) for parts in _file_systems(use)],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Week:
    """What a site added on a day of a week, on average over the sites of which that week is known."""

    sites: frozenset[str]
    articles: float
    captures: float
    attachments: float


def _days(steady: Sequence[Growth]) -> int:
    if not steady:
        return 0
    return (max(one.end for one in steady) - min(one.start for one in steady)).days


def _weeks(steady: Sequence[Growth]) -> "Iterable[_Week]":
    """Yield the weeks, the latest first, of which anything is known.

    What a run brought came in evenly since the run before, so that a machine that was off, or a site that is crawled
    once a month, makes no empty week and no full one. Sites come and go: a week counts by site and day.
    """
    if not steady:
        return
    last = max(one.end for one in steady)
    for number in range(min(_days(steady) // NEEDED, _MOST_WEEKS)):
        until = last - number * _WEEK
        shares = [(one, share) for one in steady if (share := _share(one, until - _WEEK, until)) > 0]
        site_days = sum((one.end - one.start) / timedelta(days=1) * share for one, share in shares)
        if site_days > 0:
            yield _Week(
                frozenset(one.site for one, _ in shares),
                sum(one.articles * share for one, share in shares) / site_days,
                sum(one.captures * share for one, share in shares) / site_days,
                sum(one.attachments * share for one, share in shares) / site_days,
            )


def _share(one: Growth, since: datetime, until: datetime) -> float:
    """How much of the time in which something came lies between two moments, from 0 to 1."""
    within = min(one.end, until) - max(one.start, since)
    return max(0.0, within / (one.end - one.start))


def _rate(values: Sequence[float], sites: int) -> Rate:
    return Rate(median(values) * sites, min(values) * sites, max(values) * sites)


def _file_systems(use: Sequence[DiskUse]) -> list[list[DiskUse]]:
    """The parts, together where they are on one file system."""
    found: dict[int, list[DiskUse]] = {}
    for part in PARTS:
        for one in use:
            if one.part == part:
                found.setdefault(one.device, []).append(one)
    return list(found.values())


def _disk(parts: Sequence[DiskUse], rates: Mapping[str, Rate], now: datetime) -> Disk:
    first = parts[0]
    usual = sum(rates[one.part].median for one in parts if one.part in rates)
    most = sum(rates[one.part].most for one in parts if one.part in rates)
    usual_days, soonest = _full_in(first.free, usual), _full_in(first.free, most)
    return Disk(
        str(first.folder), [one.part for one in parts], first.free, first.total, usual,
        usual_days, _day(now, usual_days), soonest, _day(now, soonest),
    )  # fmt: skip


def _full_in(free: int, a_day: float) -> float | None:
    days = free / a_day if a_day > 0 else None
    return days if days is not None and days <= _FARTHEST else None


def _day(now: datetime, days: float | None) -> str | None:
    return None if days is None else local_day(now + timedelta(days=days))
