"""The two ways to read dates: one from a string as a portal shows it, or all of a running text."""

from datetime import datetime

from crawler.dates import context
from crawler.dates.assembling import Assembler, Compound
from crawler.dates.elements import Element
from crawler.dates.folding import Folded, fold
from crawler.dates.model import FoundDate, Moment
from crawler.dates.numerals import find_numerals
from crawler.dates.resolving import local
from crawler.dates.wording import find_wordings
from crawler.dates.words import compiled

# A stamp, a label or a sentence is shorter; what stands behind is not read, so that a page given by mistake is cheap.
LONGEST_STRING = 2_000


def _elements(text: Folded, *, relative: bool) -> list[Element]:
    """Return the elements in order, the earlier and then the longer one where two overlap."""
    found = find_numerals(text)
    found.extend(find_wordings(text, relative=relative))
    found.sort(key=lambda element: (element.start, -element.end))
    kept: list[Element] = []
    end = -1
    for element in found:
        if element.start >= end:
            kept.append(element)
            end = element.end
    return kept


def _assemble(text: Folded, base: datetime | None) -> list[Compound]:
    return Assembler(text, _elements(text, relative=base is not None), base).run()


def _found(original: str, text: Folded, one: Compound, label: str) -> FoundDate:
    start, end = text.span(one.start, one.end)
    first, last = one.first, one.last
    assert first is not None and last is not None  # noqa: S101  (the assembler gives no other)
    return FoundDate(first, last, original[start:end], (start, end), one.kind, label, tuple(one.notes), one.placeholder)


def parse_date(text: str, *, base: datetime | None = None) -> FoundDate | None:
    """Return the date that `text`, a string as a portal shows it, names; None where it names none or is in doubt.

    `base` is the moment from which relative days and days without a year are counted: publication, or the page's
    fetch. Without it they have no answer. Only the first LONGEST_STRING characters are read. Never raises on any text.
    """
    folded = fold(text[: LONGEST_STRING * 4].strip()[:LONGEST_STRING])
    if not folded.plain or folded.plain.isspace():
        return None
    offset = len(text) - len(text.lstrip())
    moment = local(base) if base is not None else None
    whole = _whole(folded.plain)
    candidates = _assemble(folded, moment)
    if not candidates:
        if whole is not None:
            start, end = folded.span(0, len(folded.plain))
            return FoundDate(whole, whole, text[offset + start : offset + end], (offset + start, offset + end))
        return None
    one = _best(folded, candidates)
    found = _found(text[offset:], folded, one, context.label(folded.plain, one.start))
    if offset:
        start, end = found.span
        return FoundDate(found.start, found.end, found.raw, (start + offset, end + offset), found.kind, found.label,
                         found.notes, found.time_is_placeholder)  # fmt: skip
    return found


def _best(text: Folded, candidates: list[Compound]) -> Compound:
    """Return the most exact date; of equals the one called published, then the first that is no cited document's."""
    top = min(one.rank for one in candidates)
    ranked = [one for one in candidates if one.rank == top]
    if len(ranked) == 1:
        return ranked[0]
    order = {"published": 0, "cited": 2, "today": 2}
    return min(ranked, key=lambda one: order.get(context.label(text.plain, one.start), 1))


def _whole(plain: str) -> Moment | None:
    """Return the day of a string that is nothing but eight digits, year first."""
    match = compiled(r" ?((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))? ?").fullmatch(plain)
    if not match:
        return None
    from crawler.dates.model import is_real

    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if not is_real(year, month, day):
        return None
    if match[4] and int(match[4]) < 24 and int(match[5]) < 60 and int(match[6]) < 60:
        return Moment(year, month, day, int(match[4]), int(match[5]), int(match[6]) or None)
    return None if match[4] else Moment(year, month, day)


def find_dates(text: str, *, base: datetime | None = None) -> list[FoundDate]:
    """Return every date of a running text in order, with offsets; linear in the text, never across an empty line."""
    folded = fold(text, paragraphs=True)
    moment = local(base) if base is not None else None
    return [_found(text, folded, one, context.label(folded.plain, one.start)) for one in _assemble(folded, moment)]
