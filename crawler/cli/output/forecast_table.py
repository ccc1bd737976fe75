"""What `tinphuong status --forecast` prints for people."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawler.cli.output.text_table import table
from crawler.text.counted import counted
from crawler.text.sizes import shown_size

if TYPE_CHECKING:
    from crawler.monitoring.forecast import Disk, Forecast, Rate

_NAMES = {"database": "database", "captures": "captures", "attachments": "attached files"}
_YEAR = 365.25  # days


def forecast_table(found: "Forecast") -> str:
    """Return the forecast as a table, with what it is based on below it."""
    return f"{_amounts(found)}\n\n" + "\n".join([*map(_room, found.disks), "", *_basis(found)])


def _amounts(found: "Forecast") -> str:
    rows = [["articles", f"{found.articles:,}", *_articles(found.articles_a_day)]]
    for part, size in found.sizes.items():
        rows.append([_NAMES[part], shown_size(size), *_bytes(found.bytes_a_day.get(part))])
    rows.append(["all files", shown_size(sum(found.sizes.values())), *_bytes(found.bytes_a_day.get("all"))])
    if found.problem:
        return table([row[:2] for row in rows], ["", "today"])
    return table(rows, ["", "today", "a day", "least", "most"])


def _articles(rate: "Rate | None") -> list[str]:
    return [f"{value:.1f}" for value in (rate.median, rate.least, rate.most)] if rate else []


def _bytes(rate: "Rate | None") -> list[str]:
    return [shown_size(value) for value in (rate.median, rate.least, rate.most)] if rate else []


def _room(disk: "Disk") -> str:
    parts = " and ".join(", ".join(_NAMES[part] for part in disk.parts).rsplit(", ", 1))
    room = f"The disk of {parts} ({disk.folder}) has {shown_size(disk.free)} free of {shown_size(disk.size)}"
    if not disk.bytes_a_day:
        return f"{room}."
    if disk.full_in_days is None:
        return f"{room}: enough for more than a hundred years."
    said = f"{room}: full in {_span(disk.full_in_days)}, on {disk.full_on}"
    if disk.soonest_in_days is not None and disk.soonest_on != disk.full_on:
        said += f"; if every week were like that with the most, in {_span(disk.soonest_in_days)}, on {disk.soonest_on}"
    return f"{said}."


def _span(days: float) -> str:
    """A number of days as people say it: "12 days", "about 7 months", "about 3 years"."""
    if days < 60:
        return counted(int(days), "day")
    return (
        f"about {counted(round(days / _YEAR * 12), 'month')}" if days < 2 * _YEAR else f"about {days / _YEAR:.0f} years"
    )


def _basis(found: "Forecast") -> Iterator[str]:
    if found.problem:
        yield f"No forecast: {found.problem}. The first fill of a site does not count."
    else:
        weeks = counted(found.weeks, "week")
        yield (
            f"From {counted(found.days, 'day')} of history until {found.until}: the median of {weeks}, the week with "
            f"the least and that with the most, for {counted(found.sites, 'site')}. The first fill of a site does not "
            "count. An article takes in the database what it takes on average today."
        )
    if found.filling:
        sites = counted(len(found.filling), "site")
        yield f"The first fill goes on at {sites}, which adds more: {_some(found.filling)}."
    if found.caught_up:
        runs, articles = counted(found.caught_up, "run"), counted(found.caught_up_articles, "article")
        yield f"Left out: {runs} that caught up on old news ({articles})."


def _some(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
