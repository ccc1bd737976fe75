"""The event day that opens an article: what is left to go by where neither page, metadata nor list show a date."""

from dataclasses import replace
from datetime import date, datetime

from crawler.dates.folded_text import fold
from crawler.dates.model import FIRST_PORTALS, FoundDate, Moment
from crawler.dates.parser import find_dates
from crawler.dates.vocabulary import compiled

_NO_EVENT_LABELS = frozenset({"today", "clock", "print", "related", "cited", "effective", "deadline"})
_EVENT_DAY = (
    r"(?:^|[.!?)\-–:\n] ?|(?<![a-z])(?:vua qua|vao|trong),? )"
    r"(?:(?:vao )?(?:luc [^.,]{1,18},? )?(?:sang|trua|chieu|toi|dem)?(?: nay)?,? ?(?:\(?ngay|hom)? ?)$"
)
_NO_EVENT = (
    r"(?<![a-z])(?:ky niem|thanh lap|sinh|tu|den|truoc|sau|ke hoach|nghi quyet|quyet dinh|cong van|chi thi"
    r"|thong bao|ke tu"
    r"|truyen thong|du kien|nghi dinh|thong tu|luat|han|het)(?![a-z])[^.\n]{0,30}$"
)


def opening_day(body: str, fetched: datetime | None, known: list[Moment]) -> FoundDate | None:
    """Return the event day that opens the body: "Ngày 28/12/2020, Đảng ủy phường tổ chức …".

    A day without a year counts only where another source, one of `known`, gives the year.
    """
    year = next((one.year for one in known), 0)
    month = next((one.month for one in known if one.month), 0)
    base = datetime(year, month or 7, 1) if year else None  # noqa: DTZ001
    opening = "\n\n".join(body[:6_000].split("\n\n")[:3])
    for found in find_dates(opening, base=base):
        if (
            found.start.day is None
            or found.label in _NO_EVENT_LABELS
            or found.is_interval
            or found.kind not in ("full", "yearless")
        ):
            continue
        moment = Moment(*found.start[:3])
        if found.kind == "yearless":
            moment = moment._replace(year=year)
        paragraph = opening.rfind("\n\n", 0, found.span[0]) + 2 if "\n\n" in opening[: found.span[0]] else 0
        before = fold(opening[max(paragraph, found.span[0] - 300) : found.span[0]]).plain[-60:]
        if not compiled(_EVENT_DAY).search(before) or compiled(_NO_EVENT).search(before):
            continue
        if compiled(r"(?:ngay|hom|sang|trua|chieu|toi|dem)").search(before) is None:
            continue
        if known and (moment.year != year or (month and moment.month != month)):
            continue
        if not _is_past(moment, fetched):
            continue
        return replace(found, start=moment, end=moment)
    return None


def _is_past(moment: Moment, fetched: datetime | None) -> bool:
    try:
        day = date(moment.year, moment.month or 1, moment.day or 1)
    except ValueError:
        return False
    return day.year >= FIRST_PORTALS and (fetched is None or day <= fetched.date())
