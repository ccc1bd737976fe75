"""The two ways to read dates: one from a string as a portal shows it, or all of a running text."""

from datetime import datetime

from crawler.dates import surroundings
from crawler.dates.assembler import Assembler
from crawler.dates.compounds import Compound
from crawler.dates.elements import Element
from crawler.dates.english_fallback import english_day
from crawler.dates.folded_text import Folded, fold
from crawler.dates.model import FoundDate, Moment, is_real
from crawler.dates.numerals import find_numerals
from crawler.dates.resolution import local
from crawler.dates.vocabulary import compiled
from crawler.dates.word_forms import find_wordings

# A stamp, a label or a sentence is shorter; the rest is not read, so that a page given by mistake is cheap.
LONGEST_STRING = 2_000
# More parts of dates than any article has: the rest is not read, so that no text can be made costly.
MOST_PARTS = 1_200


def _elements(text: Folded, *, relative: bool) -> list[Element]:
    """Return the elements in order, the earlier and then the longer one where two overlap."""
    found = find_numerals(text, MOST_PARTS)
    found.extend(find_wordings(text, MOST_PARTS, relative=relative))
    found.sort(key=lambda element: (element.start, -element.end))
    kept: list[Element] = []
    end = -1
    for element in found:
        if element.start >= end:
            kept.append(element)
            end = element.end
    return kept[:MOST_PARTS]


def _found(original: str, text: Folded, one: Compound, label: str, offset: int = 0) -> FoundDate:
    start, end = (place + offset for place in text.span(one.start, one.end))
    first, last = one.first, one.last
    assert first is not None and last is not None  # noqa: S101  (the assembler gives no other)
    other = Moment(*one.other[:3], *first[3:]) if one.other is not None and first == last else None
    notes = tuple(one.notes)
    return FoundDate(first, last, original[start:end], (start, end), one.kind, label, notes, one.placeholder, other)


def parse_date(text: str, *, base: datetime | None = None, day_first: bool | None = None) -> FoundDate | None:
    """Return the date that `text`, a string as a portal shows it, names; None where it names none or is in doubt.

    `base` is the moment from which relative days and days without a year are counted: publication, or the page's
    fetch. Without it they have no answer. `day_first` is what is known of the order of numbers (None: nothing; then the
    day comes first, unless a weekday beside it says otherwise). Only the first LONGEST_STRING characters are read.
    Never raises on any text.
    """
    offset = len(text) - len(text.lstrip())
    head = text[offset : offset + LONGEST_STRING]
    folded = fold(head.rstrip())
    if not folded.plain or folded.plain.isspace():
        return None
    moment = local(base) if base is not None else None
    elements = _elements(folded, relative=moment is not None)
    candidates = Assembler(folded, elements, moment, day_first=day_first).run()
    if candidates:
        one = _best(folded, candidates)
        return _found(text, folded, one, surroundings.label(folded.plain, one.start), offset)
    whole = _whole(folded.plain)
    if whole is None and not any(element.kind == "bad" for element in elements):
        whole = english_day(folded)
    if whole is None:
        return None
    return FoundDate(whole, whole, folded.original, (offset, offset + len(folded.original)))


def _best(text: Folded, candidates: list[Compound]) -> Compound:
    """Return the most exact date; of equals the one called published, then the first outside a cited document."""
    top = min(one.rank for one in candidates)
    ranked = [one for one in candidates if one.rank == top]
    if len(ranked) == 1:
        return ranked[0]
    order = {"published": 0, "cited": 2, "today": 2}
    return min(ranked, key=lambda one: order.get(surroundings.label(text.plain, one.start), 1))


def _whole(plain: str) -> Moment | None:
    """Return the moment of a string that is nothing but digits, year first: 20231208, 20231208101400, 2023-12."""
    year_month = compiled(r"((?:19|20)\d\d)[-/](0[1-9]|1[0-2])").fullmatch(plain)
    if year_month:
        return Moment(int(year_month[1]), int(year_month[2]))
    match = compiled(r" ?((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))? ?").fullmatch(plain)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if not is_real(year, month, day):
        return None
    if match[4] and int(match[4]) < 24 and int(match[5]) < 60 and int(match[6]) < 60:
        return Moment(year, month, day, int(match[4]), int(match[5]), int(match[6]) or None)
    return None if match[4] else Moment(year, month, day)


def find_dates(text: str, *, base: datetime | None = None) -> list[FoundDate]:
    """Return every date of a running text in order, with offsets; linear in the text, never across an empty line.

    A text with more than MOST_PARTS parts of dates is read up to there.
    """
    folded = fold(text, paragraphs=True)
    moment = local(base) if base is not None else None
    found = Assembler(folded, _elements(folded, relative=moment is not None), moment, running=True).run()
    return [_found(text, folded, one, surroundings.label(folded.plain, one.start)) for one in found]
