"""Two dates joined: ranges, lists of days, and the ends of "from now until"."""

from datetime import datetime

from crawler.dates import surroundings
from crawler.dates.compounds import LIST, RANGE, Compound
from crawler.dates.folded_text import Folded
from crawler.dates.model import Moment, day_before, is_real
from crawler.dates.vocabulary import compiled

_LIST_CUE = (
    r"(?:^|\(|(?:gian|ngay|ra|chuc) ?:|(?<![a-z])(?:ngay|tu|trong|sang|chieu|toi|dem|hom|vao))[ ,:(]{0,3}(?:cac "
    r"|hai |ba |2 |3 )?(?:ngay )?$"
)
_SINCE_GAP = r" ?(?:het )?(?:ngay )?(?:het )?"
_GLOSS = r"[ ,]{0,2}(?:\(|tuc|nham|-)[^.;\n]{0,28}"
_DAYS = ("full", "yearless")


def join(text: Folded, found: list[Compound], base: datetime | None) -> list[Compound]:
    """Return the dates with intervals joined, in order. Joins from the right: the last end carries month and year."""
    out: list[Compound] = []
    for one in reversed(found):
        if out and _joined(text, one, out[-1], base):
            continue
        if one.kind not in ("lead", "m") and (one.first is not None or one.kind == "bad"):
            _until_now(text, one, base)
            out.append(one)
    out.reverse()
    return _without_glosses(text, [one for one in out if one.first is not None and "uncued" not in one.notes])


def _joined(text: Folded, one: Compound, last: Compound, base: datetime | None) -> bool:
    if one.kind == "lead":
        return _join_lead(text, one, last)
    if one.kind == "bad" and compiled(RANGE).fullmatch(text.plain[: last.start], one.end):
        last.first = None
        return False
    if one.element.year_words == "since" and base is not None:
        gap = compiled(_SINCE_GAP).fullmatch(text.plain, one.end, last.start)
        if gap and last.first is not None and last.first.day and last.kind in _DAYS:
            today = Moment(base.year, base.month, base.day)
            if day_before(today, last.first):
                last.first, last.last, last.start = today, last.first[:3] and Moment(*last.first[:3]), one.start
                last.notes = [note for note in last.notes if note != "uncued"]
                return True
        if gap:
            last.first = None
        return False
    if last.start - one.end > 34 or last.start < one.end:
        return False
    is_range = compiled(RANGE).fullmatch(text.plain, one.end, last.start) is not None
    is_list = not is_range and compiled(LIST).fullmatch(text.plain, one.end, last.start) is not None
    if not (is_range or is_list):
        return False
    if one.kind in _DAYS and last.kind in _DAYS:
        return _join_days(text, one, last, is_list=is_list)
    if is_range and one.kind in ("month", "m") and last.kind in _DAYS:
        last.first = None  # "từ tháng 10/2023 đến ngày 8/12/2023": two ends of two precisions
        return True
    return (is_range or one.kind == "m") and _join_months(one, last)


def _until_now(text: Folded, one: Compound, base: datetime | None) -> None:
    """Let "từ ngày 01/01/2024 đến nay" end today; refuse what is not a day or has no base."""
    if not compiled(r" ?(?:cho )?den (?:hom )?nay(?![a-z])").match(text.plain, one.end) or one.first is None:
        return
    first = one.first
    one.first = None
    if base is None or first.day is None:
        return
    today = Moment(base.year, base.month, base.day)
    if day_before(first, today):
        one.first, one.last = Moment(*first[:3]), today


def _join_lead(text: Folded, lead: Compound, last: Compound) -> bool:
    """Join the first day of "01-15/12/2023" or of "2, 3 và 4/9" to the date that gives its month.

    Where the days run backwards, the last one is dropped as well.
    """
    if last.start != lead.end or last.kind not in _DAYS or last.first is None:
        return False
    first, day = last.first, lead.element.day
    plain = text.plain
    before = plain[max(0, lead.start - 24) : lead.start]
    cued = compiled(_LIST_CUE).search(before) is not None or _is_list_item(before)
    if (
        surroundings.is_guarded(text, lead.start, full=False)
        or compiled(r"(?<![a-z])(?:thu|t\.?) ?$").search(before)
        or not cued
    ):
        return False
    if not first.month or day >= (first.day or 0) or not is_real(first.year, first.month, day):
        if lead.element.flag[:1] in "-~÷d":
            last.first = None  # "20 đến 10/12": neither end can be trusted
        return False
    if not compiled(r"[a-z]").search(before):
        if lead.element.flag[:1] not in "-~÷" and day + 1 != first.day:
            return False  # "1, 08/12/2023": an entry's number as likely as a list of days
    else:
        last.notes = [note for note in last.notes if note != "uncued"]
    last.first, last.start = Moment(first.year, first.month, day), lead.start
    end = last.last or first
    last.last = Moment(end.year, end.month, end.day)
    return True


def _is_list_item(before: str) -> bool:
    """Tell whether a number and a comma come before: the middle of a list whose head is looked at next."""
    return compiled(r"(?:ngay|^) ?\d{1,2} ?(?:,|va) ?(?:\d{1,2} ?(?:,|va) ?)*$").search(before) is not None


def _join_days(text: Folded, one: Compound, last: Compound, *, is_list: bool) -> bool:
    first, end = one.first, last.last
    if end is None or last.first is None or "no date" in one.notes:
        return False
    if one.kind == "yearless":
        month, day = one.element.month, one.element.day
        listed = compiled(r"\d{1,2}[/.\-]\d{1,2} ?(?:,|va) ?$").search(text.plain[max(0, one.start - 9) : one.start])
        if is_list and not listed and "uncued" in one.notes and "uncued" not in last.notes and last.kind == "full":
            return False
        year = last.first.year if (month, day) <= (last.first.month or 0, last.first.day or 0) else last.first.year - 1
        if not is_real(year, month, day):
            return False
        clock = first[3:] if first else (None, None, None)
        first = Moment(year, month, day, *clock)
    if first is None or not (day_before(first, end) or (first[:3] == end[:3] and first.isoformat() < end.isoformat())):
        return False
    if end.year - first.year > 1 or (end.year > first.year and first[1:3] == end[1:3]):
        last.notes.append("anniversary range" if first[1:3] == end[1:3] else "range over years")
    if "uncued" in last.notes and "uncued" not in one.notes:
        last.notes.remove("uncued")
    if last.kind == "yearless" and one.kind == "full":
        last.notes = [note for note in last.notes if note != "uncued"]
    last.first, last.last, last.start = first, end, one.start
    last.kind = "full" if "full" in (one.kind, last.kind) else "yearless"
    last.rank = min(one.rank, last.rank)
    return True


def _join_months(one: Compound, last: Compound) -> bool:
    if last.kind == "month" and last.first is not None:
        if one.kind == "m" and 1 <= one.element.month < (last.first.month or 0):
            last.first = Moment(last.first.year, one.element.month)
        elif one.kind == "month" and one.first is not None and day_before(one.first, last.first):
            last.first = one.first
        else:
            return False
    elif one.kind == last.kind == "year" and one.first and last.first and one.first < last.first:
        last.first = one.first
    else:
        return False
    last.start, last.rank = one.start, 2
    return True


def _without_glosses(text: Folded, found: list[Compound]) -> list[Compound]:
    """Drop what only says a neighbouring date again: "(nhằm ngày 26/10 âm lịch)", "Chiều qua" before "12/1"."""
    kept: list[Compound] = []
    for one in found:
        before = kept[-1] if kept else None
        if before is not None and one.start - before.end <= 30:
            if (
                one.kind == "lunar"
                and before.kind in _DAYS
                and compiled(_GLOSS).fullmatch(text.plain, before.end, one.start)
            ):
                before.notes.append("lunar gloss")
                continue
            if before.kind in ("relative", "lunar") and one.kind in _DAYS and one.start - before.end <= 16:
                kept.pop()
        kept.append(one)
    return kept
