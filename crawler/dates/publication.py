"""Which of the dates a page shows is the day its article was published."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from crawler.dates.folded_text import fold
from crawler.dates.model import HANOI_OFFSET, FoundDate, Moment
from crawler.dates.parser import LONGEST_STRING, find_dates, parse_date
from crawler.dates.resolution import local
from crawler.dates.url_dates import date_in_url
from crawler.dates.vocabulary import compiled

TRUST = ("page", "meta", "url", "listing", "body")
_FIRST_PORTALS = 1997


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A string that may name the publication date, as shown, and where it was.

    `source` is one of `page` (near the title), `meta` (declared metadata), `url`, `listing`, `body`. For a `url` the
    text is the address itself. `label` says what the caller knows of it: published, updated, or related, clock, print,
    which are never taken. `distance` from the title, in whatever unit, ranks candidates of one source.
    """

    text: str
    source: str
    label: str = ""
    distance: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """The publication date: ISO text with +07:00 where there is a time, its precision, the string, source, notes."""

    published_at: str | None = None
    precision: str | None = None
    raw: str | None = None
    source: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    moment: Moment
    raw: str
    source: str
    rank: tuple[int, ...]
    notes: list[str] = field(default_factory=list)


_NEVER = {"today": "the page's own clock", "clock": "the page's own clock", "print": "a print-day line"}
_NEVER |= {"related": "the date of a related headline", "cited": "the date of a cited document"}
_NEVER |= {"effective": "the day something takes effect", "deadline": "a deadline"}
_CLOCK = r"[^a-z0-9]*(?:mon|tues?|wednes|thurs?|fri|satur|sun)day ?,? ?\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}[^a-z0-9]*"
_PRINT_DAY = r"[^0-9:|]{2,40}, ?ngay \d{1,2} thang (?:\d{1,2}|[a-z]+(?: [a-z]+)?) nam \d{4}[^a-z0-9]*"
_PROSE = 90  # characters beside the date from which an unlabelled string is a sentence, not a stamp


def _shown(text: str, found: FoundDate) -> str:
    text = text.strip()
    return text if len(text) <= 80 else found.raw


def _untimed(found: FoundDate) -> Moment:
    """Return the moment without a time that only means "none": 00:00, 12:00 AM, midnight in Hà Nội or UTC."""
    moment = found.start
    midnight = moment.hour == 0 and moment.minute == 0 and not moment.second
    return Moment(*moment[:3]) if found.time_is_placeholder or midnight else moment


def _refusal(found: FoundDate, candidate: DateCandidate) -> str:
    """Return why this date cannot be the publication's, or nothing."""
    label = candidate.label or found.label
    if label in _NEVER:
        return _NEVER[label]
    if found.is_interval:
        return "an interval" if "anniversary range" not in found.notes else "an anniversary"
    if found.kind in ("yearless", "lunar"):
        return f"a {found.kind} date"
    return ""


def _string_refusal(found: FoundDate, candidate: DateCandidate) -> str:
    """Return why the string as a whole is not a publication date, or nothing."""
    label = candidate.label or found.label
    if candidate.source not in ("page", "listing") or label == "published":
        return ""
    plain = fold(candidate.text[:LONGEST_STRING].strip()).plain
    if compiled(_CLOCK).fullmatch(plain):
        return _NEVER["clock"]
    if compiled(_PRINT_DAY).fullmatch(plain):
        return _NEVER["print"]
    return "in running text" if sum(map(str.isalpha, plain)) > _PROSE and label != "updated" else ""


def _read(candidate: DateCandidate, order: int, fetched: datetime | None, notes: list[str]) -> _Reading | None:
    """Return what a candidate says, or None with the reason noted."""
    if candidate.source == "url":
        found_url = date_in_url(candidate.text)
        if not found_url:
            return None
        return _bounded(_Reading(found_url[0], found_url[1], "url", (0, order)), fetched, notes)
    text = candidate.text[:LONGEST_STRING]
    found = parse_date(text, base=fetched)
    if found is None:
        return None
    why = _refusal(found, candidate)
    if why:
        found = next((one for one in find_dates(text, base=fetched) if not _refusal(one, candidate)), found)
    why = _refusal(found, candidate) or _string_refusal(found, candidate)
    if why:
        notes.append(f"{candidate.source}: {found.raw!r} refused: {why}")
        return None
    label = candidate.label or found.label
    moment = _untimed(found)
    rank = ({"published": 0, "updated": 2}.get(label, 1), _coarseness(moment), candidate.distance, order)
    reading = _Reading(moment, _shown(candidate.text, found), candidate.source, rank)
    reading.notes += [note for note in found.notes if note.startswith("weekday")]
    if found.time_is_placeholder:
        reading.notes.append("the time shown stands for none")
    return _bounded(reading, fetched, notes)


def _coarseness(moment: Moment) -> int:
    return ("second", "minute", "day", "month", "year").index(moment.precision) // 2


def _bounded(reading: _Reading, fetched: datetime | None, notes: list[str]) -> _Reading | None:
    """Refuse what lies over a day after the fetch or before there were portals; the page's clock shows the fetch."""
    day = reading.moment.date
    if fetched is not None and day > (fetched + timedelta(days=1)).date():
        notes.append(f"{reading.source}: {reading.raw!r} refused: later than the fetch")
        return None
    if day.year < _FIRST_PORTALS:
        notes.append(f"{reading.source}: {reading.raw!r} refused: before there were portals")
        return None
    return reading


def _iso(moment: Moment) -> str:
    text = moment.isoformat()
    return text if moment.hour is None else text + HANOI_OFFSET


def choose_publication(
    candidates: Iterable[DateCandidate], *, body: str = "", fetched_at: datetime | None = None
) -> Publication:
    """Return the publication date that the candidates, and failing them the body's opening, agree on best.

    Sources are trusted in the order of TRUST; of one source, a date called published comes before an unlabelled one and
    that before an update. What the others say is compared: a finer time of the same day is taken from metadata or the
    listing, a disagreement is noted. `fetched_at` bounds the future and is the base of relative dates.
    """
    fetched = local(fetched_at) if fetched_at is not None else None
    notes: list[str] = []
    readings = [
        reading
        for order, one in enumerate(candidates)
        if one.source in TRUST and one.source != "body" and (reading := _read(one, order, fetched, notes))
    ]
    _distrust_clocks(readings, fetched, notes)
    readings.sort(key=lambda one: (TRUST.index(one.source) + 9 * (one.moment.day is None), one.rank))
    opening = _from_body(body, fetched, readings) if not readings or readings[0].moment.day is None else None
    if opening is not None:
        readings.insert(0, opening)
    if not readings:
        return Publication(notes=tuple(notes))
    best, others = readings[0], readings[1:]
    notes += best.notes
    moment = _finer(best, others, notes)
    for other in others:
        if _disagree(best.moment, other.moment):
            notes.append(f"{other.source} says {_iso(other.moment)}: {other.raw!r}")
    return Publication(_iso(moment), moment.precision, best.raw, best.source, tuple(notes))


def _distrust_clocks(readings: list[_Reading], fetched: datetime | None, notes: list[str]) -> None:
    """Leave out a day near the title that nothing labels and that is the day of the fetch, where the page or the list
    says another one: it is the page's clock, "Thứ tư, 25/11/2026".
    """
    if fetched is None:
        return
    today = fetched.date()
    for one in list(readings):
        is_clock = one.source == "page" and one.rank[0] == 1 and one.moment.hour is None and one.moment.date == today
        if is_clock and any(other.moment.date != today and other.source in ("page", "listing") for other in readings):
            readings.remove(one)
            notes.append(f"page: {one.raw!r} refused: {_NEVER['clock']}")


def _finer(best: _Reading, others: list[_Reading], notes: list[str]) -> Moment:
    if best.moment.precision != "day":
        return best.moment
    for other in others:
        if (
            other.moment.hour is not None
            and other.moment[:3] == best.moment[:3]
            and other.source in ("page", "meta", "listing")
        ):
            notes.append(f"time of day from {other.source}")
            return other.moment
    return best.moment


def _disagree(first: Moment, second: Moment) -> bool:
    for ours, theirs in zip(first[:5], second[:5], strict=True):
        if ours is None or theirs is None:
            return False
        if ours != theirs:
            return True
    return False


_EVENT_DAY = (
    r"(?:^|[.!?)\-–:\n] ?|(?<![a-z])(?:vua qua|vao|trong),? )"
    r"(?:(?:vao )?(?:luc [^.,]{1,18},? )?(?:sang|trua|chieu|toi|dem)?(?: nay)?,? ?(?:\(?ngay|hom)? ?)$"
)
_NO_EVENT = (
    r"(?<![a-z])(?:ky niem|thanh lap|sinh|tu|den|truoc|sau|ke hoach|nghi quyet|quyet dinh|cong van|chi thi"
    r"|thong bao|ke tu"
    r"|truyen thong|du kien|nghi dinh|thong tu|luat|han|het)(?![a-z])[^.\n]{0,30}$"
)


def _from_body(body: str, fetched: datetime | None, readings: list[_Reading]) -> _Reading | None:
    """Return the event day that opens the body: "Ngày 28/12/2020, Đảng ủy phường tổ chức …".

    A day without a year counts only where another source gives the year.
    """
    year = next((one.moment.year for one in readings), 0)
    month = next((one.moment.month for one in readings if one.moment.month), 0)
    base = datetime(year, month or 7, 1) if year else None  # noqa: DTZ001
    opening = "\n\n".join(body[:6_000].split("\n\n")[:3])
    for found in find_dates(opening, base=base):
        if (
            found.start.day is None
            or found.label in _NEVER
            or found.is_interval
            or found.kind not in ("full", "yearless")
        ):
            continue
        moment = Moment(*found.start[:3])
        if found.kind == "yearless":
            moment = moment._replace(year=year)
        paragraph = opening.rfind("\n\n", 0, found.span[0]) + 2 if "\n\n" in opening[: found.span[0]] else 0
        before = fold(opening[paragraph : found.span[0]]).plain[-60:]
        if not compiled(_EVENT_DAY).search(before) or compiled(_NO_EVENT).search(before):
            continue
        if compiled(r"(?:ngay|hom|sang|trua|chieu|toi|dem)").search(before) is None:
            continue
        if readings and (moment.year != year or (month and moment.month != month)):
            continue
        if not _is_past(moment, fetched):
            continue
        return _Reading(moment, found.raw, "body", (0,), ["from the event day that opens the body"])
    return None


def _is_past(moment: Moment, fetched: datetime | None) -> bool:
    try:
        day = date(moment.year, moment.month or 1, moment.day or 1)
    except ValueError:
        return False
    return day.year >= _FIRST_PORTALS and (fetched is None or day <= fetched.date())
