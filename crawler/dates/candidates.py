"""What one string says of the publication date, and why a string is refused."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crawler.dates.folded_text import fold
from crawler.dates.model import FIRST_PORTALS, FoundDate, Moment
from crawler.dates.parser import LONGEST_STRING, find_dates, parse_date
from crawler.dates.url_dates import date_in_url
from crawler.dates.vocabulary import WD, compiled

TRUST = ("page", "meta", "url", "listing", "body")


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A string that may name the publication date, as shown, and where it was.

    `source` is one of `page` (near the title), `meta` (declared metadata), `url`, `listing`, `body`. For a `url` the
    text is the address itself. `label` says what the caller knows of it: published, updated, or related, clock, print,
    which are never taken; above and outside, for a date that stands before the title, in the article's own box or out
    of it, which is believed less; feed, for a listing that is one. `distance` from the title, in whatever unit, ranks
    candidates of one source. `place` is a signature of the element that shows it, alike on all pages of a site.
    """

    text: str
    source: str
    label: str = ""
    distance: int = 0
    place: str = field(default="", compare=False)


@dataclass(slots=True)
class Reading:
    """What a candidate says. `other` is the month-first day of numbers that nothing in the string decides."""

    moment: Moment
    raw: str
    source: str
    rank: tuple[int, ...]
    notes: list[str] = field(default_factory=list)
    label: str = ""
    place: str = ""
    other: Moment | None = None
    is_relative: bool = False

    def minutes_after(self, fetched: datetime) -> float | None:
        """Return how many minutes the moment lies after `fetched` (Hà Nội's time); None without a time of day."""
        if self.moment.hour is None:
            return None
        moment = datetime(*self.moment[:3], self.moment.hour, self.moment.minute or 0, self.moment.second or 0)  # type: ignore[arg-type]  # noqa: DTZ001
        return (moment - fetched).total_seconds() / 60


CLOCK = "the page's own clock"
NEVER = {"today": CLOCK, "clock": CLOCK, "print": "a print-day line"}
NEVER |= {"related": "the date of a related headline", "cited": "the date of a cited document"}
NEVER |= {"effective": "the day something takes effect", "deadline": "a deadline"}
_PLACES = frozenset({"above", "outside", "feed"})  # labels that say where a string stands; its own words say more
_RANKS = {"published": 0, "above": 2, "outside": 3, "updated": 4}
_CLOCK = r"[^a-z0-9]*(?:mon|tues?|wednes|thurs?|fri|satur|sun)day ?,? ?\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}[^a-z0-9]*"
_PRINT_DAY = r"[^0-9:|]{2,40}, ?ngay \d{1,2} thang (?:\d{1,2}|[a-z]+(?: [a-z]+)?) nam \d{4}[^a-z0-9]*"
_CLOCK_LIKE = rf"(?<![a-z]){WD}|\d ?(?:[:hg]|gio) ?\d\d|(?:gmt|utc) ?\+"
# An English weekday, or hours to the second with AM or PM as .NET writes them in America.
_AMERICAN = (
    r"(?<![a-z])(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])[ ,]"
    r"|\d:\d\d:\d\d ?[ap]\.?m"
)
_PROSE = 90  # characters beside the date from which an unlabelled string is a sentence, not a stamp


def read_candidate(
    candidate: DateCandidate, order: int, fetched: datetime | None, notes: list[str], day_first: bool | None
) -> Reading | None:
    """Return what a candidate says, or None with the reason noted."""
    if candidate.source == "url":
        found_url = date_in_url(candidate.text)
        if not found_url:
            return None
        return _bounded(Reading(found_url[0], found_url[1], "url", (0, order)), fetched, notes)
    text = candidate.text[:LONGEST_STRING]
    order_known = day_first if candidate.source in ("page", "listing") else None
    found = parse_date(text, base=fetched, day_first=order_known)
    if found is None:
        return None
    why = _refusal(found, candidate)
    if why:
        found = next((one for one in find_dates(text, base=fetched) if not _refusal(one, candidate)), found)
    why = _refusal(found, candidate) or _string_refusal(found, candidate)
    if why:
        notes.append(f"{candidate.source}: {found.raw!r} refused: {why}")
        return None
    label = _label(found, candidate)
    moment = _untimed(found)
    rank = (_RANKS.get(label, 1), _coarseness(moment), candidate.distance, order)
    reading = Reading(moment, _shown(candidate.text, found), candidate.source, rank, [], label, candidate.place)
    reading.is_relative = found.kind == "relative"
    if found.other is not None:
        reading.other = _untimed(replace(found, start=found.other))
    reading.notes += [note for note in found.notes if note.startswith(("weekday", "month before"))]
    if found.time_is_placeholder:
        reading.notes.append("the time shown stands for none")
    if fetched is not None and reading.other is not None and _is_late(moment, fetched) and is_american(text):
        if not _is_late(reading.other, fetched):
            reading.moment = reading.other
            reading.notes.append("month before day: the other way round it lies after the fetch")
        reading.other = None
    return _bounded(reading, fetched, notes)


def _label(found: FoundDate, candidate: DateCandidate) -> str:
    """Return what a date is called: by the caller, but by its own words where the caller knows only where it stands."""
    if found.label and (candidate.label in _PLACES or (candidate.label == "clock" and found.label == "published")):
        return found.label
    return candidate.label or found.label


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
    label = _label(found, candidate)
    if label in NEVER:
        return NEVER[label]
    if found.is_interval:
        return "an interval" if "anniversary range" not in found.notes else "an anniversary"
    if found.kind in ("yearless", "lunar"):
        return f"a {found.kind} date"
    return ""


def _string_refusal(found: FoundDate, candidate: DateCandidate) -> str:
    """Return why the string as a whole is not a publication date, or nothing."""
    label = _label(found, candidate)
    if candidate.source not in ("page", "listing") or label == "published":
        return ""
    plain = fold(candidate.text[:LONGEST_STRING].strip()).plain
    if compiled(_CLOCK).fullmatch(plain) or (label == "outside" and compiled(_CLOCK_LIKE).search(plain)):
        return CLOCK
    if compiled(_PRINT_DAY).fullmatch(plain):
        return NEVER["print"]
    return "in running text" if sum(map(str.isalpha, plain)) > _PROSE and label != "updated" else ""


def is_american(text: str) -> bool:
    """Tell whether a string is written as American software writes it, which puts the month first."""
    return compiled(_AMERICAN).search(fold(text).plain) is not None


def _coarseness(moment: Moment) -> int:
    return ("second", "minute", "day", "month", "year").index(moment.precision) // 2


def _is_late(moment: Moment, fetched: datetime) -> bool:
    return moment.date > (fetched + timedelta(days=1)).date()


def _bounded(reading: Reading, fetched: datetime | None, notes: list[str]) -> Reading | None:
    """Refuse what lies over a day after the fetch or before there were portals."""
    if fetched is not None and _is_late(reading.moment, fetched):
        notes.append(f"{reading.source}: {reading.raw!r} refused: later than the fetch")
        return None
    if reading.moment.date.year < FIRST_PORTALS:
        notes.append(f"{reading.source}: {reading.raw!r} refused: before there were portals")
        return None
    return reading
