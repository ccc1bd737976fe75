"""Why the publication date that was chosen may be wrong: what contradicts it and is not explained."""

from datetime import datetime
from typing import NamedTuple

from crawler.dates.candidates import Reading, is_american
from crawler.dates.model import Moment
from crawler.dates.parser import parse_date

_AT_ONCE = 2  # minutes around the fetch that are its moment
_LATER = 10  # minutes after the fetch that a clock may be wrong by
_LONGEST = 160  # characters of evidence


class DateDoubt(NamedTuple):
    """A reason why the date may be wrong: `kind` is a word of `crawler.doubts.DoubtKind`, `evidence` what was seen."""

    kind: str
    evidence: str


def doubts_of(best: Reading, others: list[Reading], moment: Moment, fetched: datetime | None) -> tuple[DateDoubt, ...]:
    """Return the doubts about `moment`, the date that `best` gave; `others` are what else could be read."""
    found: list[DateDoubt] = []
    if any(note.startswith("weekday") for note in best.notes):
        found.append(_doubt("weekday", best.raw))
    elif best.other is not None and is_american(best.raw):
        found.append(_doubt("day_or_month", best.raw))
    if fetched is not None and not best.is_relative:
        found += _beside_the_fetch(best, others, moment, fetched)
    if best.source != "body" and best.moment.day is not None and best.label != "updated":
        found += _differing(best, others)
    return tuple(found)


def _doubt(kind: str, *seen: str) -> DateDoubt:
    return DateDoubt(kind, " / ".join(seen)[:_LONGEST])


def _beside_the_fetch(best: Reading, others: list[Reading], moment: Moment, fetched: datetime) -> list[DateDoubt]:
    timed = Reading(moment, best.raw, best.source, ())
    gap = timed.minutes_after(fetched)
    evidence = (best.raw, f"{fetched:%d/%m/%Y %H:%M}")
    if gap is None:
        late = moment.day is not None and moment.date > fetched.date()
        return [_doubt("after_fetch", *evidence)] if late else []
    if gap > _LATER:
        return [_doubt("after_fetch", *evidence)]
    confirmed = best.label == "published" or any(
        other.source != best.source and other.moment[:3] == moment[:3] for other in others
    )
    if abs(gap) <= _AT_ONCE and not confirmed:
        return [_doubt("fetch_time", *evidence)]
    return []


def _differing(best: Reading, others: list[Reading]) -> list[DateDoubt]:
    found: list[DateDoubt] = []
    for kind, readings in (
        ("differs_from_meta", [one for one in others if one.source == "meta"]),
        ("differs_from_list", [one for one in others if one.source == "listing" and one.label != "feed"]),
        ("differs_from_feed", [one for one in others if one.source == "listing" and one.label == "feed"]),
    ):
        days = [one for one in readings if one.moment.day is not None and one.label != "updated"]
        if not days or any(_same_day(best, one) for one in days):
            continue
        later = kind == "differs_from_meta" and best.label == "published"
        if later and all(one.moment.date > best.moment.date for one in days):
            continue  # the last edit, under the name of the publication, as NukeViet declares it
        found.append(_doubt(kind, best.raw, days[0].raw))
    return found


def _same_day(first: Reading, second: Reading) -> bool:
    """Tell whether two readings show one day, be it that one of them was moved from another time zone."""
    if first.moment[:3] == second.moment[:3] or (second.other is not None and second.other[:3] == first.moment[:3]):
        return True
    return _as_written(second) == first.moment[:3] or _as_written(first) == second.moment[:3]


def _as_written(one: Reading) -> tuple[int | None, ...]:
    """Return the day in the digits of a moment such as 2025-10-06T20:00:00Z, before it was moved to Hà Nội's time."""
    written = parse_date(one.raw.strip()[:10]) if one.moment.hour is not None else None
    return written.start[:3] if written is not None else ()
