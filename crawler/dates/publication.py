"""Which of the dates a page shows is the day its article was published."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.dates.candidates import TRUST, DateCandidate, Reading, read_candidate
from crawler.dates.model import HANOI_OFFSET, Moment
from crawler.dates.opening_day import opening_day
from crawler.dates.publication_doubts import DateDoubt, doubts_of
from crawler.dates.resolution import local

__all__ = ["TRUST", "DateCandidate", "Publication", "choose_publication"]

_CLOCK_MINUTES = 10  # between the page's clock and the fetch, at most
_LATE = 4  # an unlabelled date outside the article's box comes behind every source but the body


@dataclass(frozen=True, slots=True)
class Publication:
    """The publication date: ISO text with +07:00 where there is a time, its precision, the string, source, notes.

    `label` and `place` are the chosen candidate's; `doubts` say why the date may be wrong.
    """

    published_at: str | None = None
    precision: str | None = None
    raw: str | None = None
    source: str | None = None
    notes: tuple[str, ...] = ()
    doubts: tuple[DateDoubt, ...] = ()
    label: str = ""
    place: str = field(default="", compare=False)


def choose_publication(
    candidates: Iterable[DateCandidate], *, body: str = "", fetched_at: datetime | None = None,
    day_first: bool | None = None, clock_places: frozenset[str] = frozenset(),
) -> Publication:  # fmt: skip
    """Return the publication date that the candidates, and failing them the body's opening, agree on best.

    Sources are trusted in the order of TRUST; of one source, a date called published comes before an unlabelled one,
    that before one above the title, and that before an update. What the others say is compared: a finer time of the
    same day is taken from metadata or the listing, a disagreement is noted and, where nothing explains it, doubted.
    `fetched_at` bounds the future and is the base of relative dates. `day_first` is what is known of the site: whether
    it writes 10/11/2026 for the tenth of November (None: unknown). `clock_places` are places where the site has its
    clock: what stands there is never taken.
    """
    fetched = local(fetched_at) if fetched_at is not None else None
    notes: list[str] = []
    readings: list[Reading] = []
    for order, one in enumerate(candidates):
        if one.source not in TRUST or one.source == "body":
            continue
        if one.place and one.place in clock_places:
            notes.append(f"{one.source}: {one.text[:80]!r} refused: the page's own clock")
        elif reading := read_candidate(one, order, fetched, notes, day_first):
            readings.append(reading)
    if day_first is None:
        _settle_order(readings, notes)
    _distrust_clocks(readings, fetched, notes)
    readings.sort(key=_trust)
    _prefer_earlier_metadata(readings)
    if not readings or readings[0].moment.day is None:
        opening = opening_day(body, fetched, [one.moment for one in readings])
        if opening is not None:
            said = ["from the event day that opens the body"]
            readings.insert(0, Reading(opening.start, opening.raw, "body", (0,), said))
    if not readings:
        return Publication(notes=tuple(notes))
    best, others = readings[0], readings[1:]
    notes += best.notes
    moment = _finer(best, others, notes)
    for other in others:
        if _disagree(best.moment, other.moment):
            notes.append(f"{other.source} says {_iso(other.moment)}: {other.raw!r}")
    doubts = doubts_of(best, others, moment, fetched)
    return Publication(
        _iso(moment), moment.precision, best.raw, best.source, tuple(notes), doubts, best.label, best.place
    )


def _trust(one: Reading) -> tuple[int, tuple[int, ...]]:
    late = _LATE if one.label == "outside" else TRUST.index(one.source)
    return late + 9 * (one.moment.day is None), one.rank


def _settle_order(readings: list[Reading], notes: list[str]) -> None:
    """Read 10/11/2026 month first where another source names that day and none names the other."""
    sure = {one.moment.date for one in readings if one.other is None and one.moment.day is not None}
    for one in readings:
        if one.other is None:
            continue
        if one.other.date in sure and one.moment.date not in sure:
            notes.append(f"{one.source}: {one.raw!r} read month first, as another source says")
            one.moment, one.other = one.other, None
        elif one.moment.date in sure:
            one.other = None


def _distrust_clocks(readings: list[Reading], fetched: datetime | None, notes: list[str]) -> None:
    """Leave out a date that nothing labels and that is the fetch's, where another source shows another day.

    It is the page's clock, "Thứ tư, 25/11/2026". Above the title the moment of the fetch is the clock in any case.
    """
    if fetched is None:
        return
    today = fetched.date()
    for one in list(readings):
        if one.source != "page" or one.label in ("published", "updated") or one.is_relative:
            continue
        gap = one.minutes_after(fetched)
        at_once = gap is not None and abs(gap) <= _CLOCK_MINUTES
        is_clock = at_once and one.label in ("above", "outside")
        is_clock = is_clock or (one.label == "outside" and abs(one.moment.date - today) <= timedelta(days=1))
        if not is_clock and (at_once or (one.moment.hour is None and one.moment.date == today)):
            dated = [other for other in readings if other.moment.day is not None and other.source != "url"]
            is_clock = any(other.moment.date != today for other in dated)
        if is_clock:
            readings.remove(one)
            notes.append(f"page: {one.raw!r} refused: the page's own clock")


def _prefer_earlier_metadata(readings: list[Reading]) -> None:
    """Put declared metadata before a page's update where they name an earlier day: the page shows its last edit."""
    if not readings or readings[0].label != "updated" or readings[0].source != "page":
        return
    for one in readings[1:]:
        if one.source == "meta" and one.moment.day is not None and one.moment.date < readings[0].moment.date:
            readings.remove(one)
            readings.insert(0, one)
            return


def _iso(moment: Moment) -> str:
    text = moment.isoformat()
    return text if moment.hour is None else text + HANOI_OFFSET


def _finer(best: Reading, others: list[Reading], notes: list[str]) -> Moment:
    """Return the chosen moment, with the time of day that another source gives for its day.

    A moment in another zone is one of that day too, although it may be the next in Việt Nam: a server in UTC shows
    "19 Jun" for 22:02 of that day, which is 05:02 of the 20th in Hà Nội.
    """
    if best.moment.precision != "day":
        return best.moment
    timed = [one for one in others if one.moment.hour is not None and one.source in ("page", "meta", "listing")]
    for other in timed:
        if other.moment[:3] == best.moment[:3]:
            notes.append(f"time of day from {other.source}")
            return other.moment
    for other in timed:
        if _day_in_its_zone(other.raw) == best.moment[:3]:
            notes.append(f"time of day from {other.source}, where it is {best.raw!r} in its own zone")
            return other.moment
    return best.moment


def _day_in_its_zone(raw: str) -> tuple[int, int, int] | None:
    """Return the day that an ISO moment with another zone than Việt Nam's has there, None for any other string."""
    try:
        moment = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    offset = moment.utcoffset()
    if offset is None or offset == timedelta(hours=7):
        return None
    return moment.year, moment.month, moment.day


def _disagree(first: Moment, second: Moment) -> bool:
    for ours, theirs in zip(first[:5], second[:5], strict=True):
        if ours is None or theirs is None:
            return False
        if ours != theirs:
            return True
    return False
