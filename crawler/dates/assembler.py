"""Parts put together: a day with its time, two ends of an interval, a solar day with its lunar gloss."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from crawler.dates import surroundings
from crawler.dates.compounds import PART, Compound
from crawler.dates.elements import Clock, Element
from crawler.dates.folded_text import Folded
from crawler.dates.intervals import join
from crawler.dates.model import Moment, is_real
from crawler.dates.resolution import lunar_day, nearest_year, relative_day
from crawler.dates.times_of_day import _to_24
from crawler.dates.vocabulary import CC, WD, compiled

_CLOCK_DATE = (
    rf"[ ,|.;·\-()\[\]'\"]{{0,5}}(?:(?:vao |cua |trong )?{PART})(?:hom (?:nay|qua),? )?(?:ngay )?(?:{WD}[ ,"
    rf"|.()\-]{{0,4}})?"
    rf"{PART}(?:(?:vao )?ngay[ :]{{0,2}})?"
)
_DATE_CLOCK = (
    rf"[ :@,|;·\-()\[\]t]{{0,5}}(?:{WD}[ ,|.()\-]{{1,4}})?(?:(?:vao |luc |hoi |at |vao luc |tu |vao hoi "
    rf"|(?:gio|time) ?:){{0,2}}[: ]?)"
)
_CLOCK_CLOCK = r" ?(?:-|~|÷|den|toi|->|va) ?(?:luc )?"
_LUNAR = r" ?(?:\((?:am lich|al|a\.l\.?)\)|(?:am lich|al)(?![a-z])(?! ?:? ?(?:ngay )?\d{1,2}[/ ]))"
_LUNAR_TAIL = (
    rf"(?P<leap> nhuan)?(?P<a>{_LUNAR})?(?:,? (?:nam "
    rf"|tet )?(?P<cc>{CC}))?(?:,? \(?(?:nam )?(?P<y>\d{{4}})\)?(?![\d/]))?(?P<b>{_LUNAR})?"
)
_LUNAR_HEAD = r"(?<![a-z])(?:am lich|nham|al)[ :]{0,2}(?:ngay )?(?:mung |mong )?$"


class Assembler:
    """Reads the elements of one text from left to right."""

    def __init__(
        self, text: Folded, elements: Iterable[Element], base: datetime | None, *,
        day_first: bool | None = None, running: bool = False,
    ) -> None:  # fmt: skip
        self.text, self.base = text, base
        self.day_first, self.running = day_first, running
        self.elements = list(elements)
        self.found: list[Compound] = []

    def run(self) -> list[Compound]:
        """Return the dates in order, times attached, intervals joined."""
        place = 0
        while place < len(self.elements):
            place = self._take(place)
        self._resolve_all()
        return [one for one in self.found if one.first is not None]

    # -- times ---------------------------------------------------------------------------------------------------

    def _gap(self, left: Element, right: Element, pattern: str, limit: int = 40) -> bool:
        if right.start - left.end > limit:
            return False
        return compiled(pattern).fullmatch(self.text.plain, left.end, right.start) is not None

    def _take(self, place: int) -> int:
        """Read the date at `place` with the times around it; return the place after them."""
        elements, element = self.elements, self.elements[place]
        if element.kind == "clock":
            last = place
            if (
                place + 1 < len(elements)
                and elements[place + 1].kind == "clock"
                and self._gap(element, elements[place + 1], _CLOCK_CLOCK, 12)
            ):
                last = place + 1
            after = last + 1
            if (
                after < len(elements)
                and elements[after].kind in _DATED
                and self._gap(elements[last], elements[after], _CLOCK_DATE)
            ):
                if elements[after].flag.split(" ")[0] in _SHORT_UNITS:
                    return after + 1  # "2 giờ, 30 phút trước": no time of a day, and the number is not all of it
                until = elements[last].clock if last > place else None
                self._add(elements[after], element, elements[last], until)
                return after + 1
            return last + 1
        if element.kind not in _DATED:
            if element.kind == "lead" or element.kind == "m":
                self.found.append(Compound(element.kind, element.start, element.end, None, None, element))
            return place + 1
        nxt = place + 1
        if (
            nxt < len(elements)
            and elements[nxt].kind == "clock"
            and element.clock is None
            and self._gap(element, elements[nxt], _DATE_CLOCK, 30)
        ):
            last = nxt
            if (
                nxt + 1 < len(elements)
                and elements[nxt + 1].kind == "clock"
                and self._gap(elements[nxt], elements[nxt + 1], _CLOCK_CLOCK, 12)
            ):
                last = nxt + 1
            if not self._belongs_to_next(element, nxt, last):
                self._add(element, elements[nxt], elements[last], elements[last].clock if last > nxt else None)
                return last + 1
        if element.kind == "day" and nxt < len(elements) and elements[nxt].kind == "no clock":
            self._add(element, None, None, None)
            return nxt + 1
        self._add(element, None, None, None)
        return place + 1

    def _belongs_to_next(self, element: Element, clock: int, last: int) -> bool:
        """Tell whether a time between two dates belongs to the second: "… 8/12, 7h30 ngày 9/12"."""
        after = last + 1
        if after >= len(self.elements) or self.elements[after].kind not in ("day", "dm"):
            return False
        if not self._gap(self.elements[last], self.elements[after], _CLOCK_DATE):
            return False
        left = self.text.plain[element.end : self.elements[clock].start]
        right = self.text.plain[self.elements[last].end : self.elements[after].start]
        return "ngay" in right or len(right) < len(left)

    def _add(self, element: Element, first: Element | None, last: Element | None, until: Clock | None) -> None:
        start = min(element.start, first.start) if first else element.start
        end = max(element.end, last.end) if last else element.end
        if first is not None:
            clock = self._adjusted(first, element, until)
            element = element._replace(
                clock=clock, until=self._adjusted(last, element, None) if until and last else None
            )
        if element.kind == "bad":
            if not self._is_month_first(element, self.text.plain[first.start : (last or first).end] if first else ""):
                self.found.append(Compound("bad", start, end, None, None, element))
                return
            element = element._replace(kind="day", flag="")
        self.found.append(
            Compound(
                element.kind,
                start,
                end,
                element.first,
                element.last or element.first,
                element,
                element.clock is not None,
            )
        )

    def _is_month_first(self, element: Element, time: str) -> bool:
        """Tell whether a day of which only the month-first reading exists, 09/24/2026, may be read so: American time of
        day, the weekday beside it, or what is known of the site say that it is."""
        if element.flag != "month first" or element.first is None:
            return False
        if self.day_first is False or time.rstrip(" .)]").replace(".", "").endswith(("am", "pm")):
            return True
        said = surroundings.weekday_beside(self.text, element.start, element.end)
        return said is not None and said == element.first.date.weekday()

    def _adjusted(self, clock: Element, day: Element, until: Clock | None) -> Clock | None:
        """Return the time as the part of the day named before date or time means it: "Tối 8/12, lúc 7h30" is 19:30."""
        time = clock.clock
        if time is None or time.hour > 12 or (until is not None and until.hour > 12):
            return time
        said = self.text.plain[clock.start : clock.end].rstrip(" .")
        if said.endswith(("sang", "trua", "chieu", "toi", "dem", "khuya", "am", "pm", "sa", "ch", "a.m", "p.m")):
            return time
        part = day.year_words.rsplit(" ", 1)[-1] if day.kind == "relative" and " " in day.year_words else ""
        part = (
            part or surroundings.part_before(self.text, clock.start) or surroundings.part_before(self.text, day.start)
        )
        if not part:
            return time
        hour = _to_24(time.hour, part)
        return time._replace(hour=hour) if hour is not None else None

    # -- days ----------------------------------------------------------------------------------------------------

    def _resolve_all(self) -> None:
        """Give every date its year, in order; join intervals from the right, as their last end carries the year."""
        for one in self.found:
            self._as_lunar(one)
        for place in range(len(self.found) - 1, -1, -1):
            one = self.found[place]
            if one.kind == "gone":
                continue
            self._resolve(one, place)
        self.found = join(self.text, self.found, self.base)
        for one in self.found:
            if one.first is not None and one.kind in ("full", "yearless"):
                self._check_weekday(one)

    def _as_lunar(self, one: Compound) -> None:
        element, plain = one.element, self.text.plain
        if element.kind not in ("day", "dm", "lunar") or element.machine:
            return
        if element.kind == "lunar" and element.flag in ("eve", "tet", "before tet", "feast") and element.year_words:
            return
        tail = compiled(_LUNAR_TAIL).match(plain, element.end)
        lunar = tail is not None and bool(
            tail["leap"] or tail["a"] or tail["b"] or (tail["cc"] and element.kind != "day")
        )
        if not lunar and element.kind != "lunar":
            lunar = compiled(_LUNAR_HEAD).search(plain[max(0, element.start - 24) : element.start]) is not None
            if lunar and element.kind == "day":
                lunar = "am lich" in plain[max(0, element.start - 24) : element.start]
        if not lunar and element.kind != "lunar":
            return
        years = element.year_words
        if tail and (lunar or element.kind == "lunar") and element.kind != "day":
            years = years or " ".join(filter(None, (tail["cc"], tail["y"])))
            one.end = max(one.end, tail.end())
        day, month = element.day, element.month
        if element.kind == "day" and element.first:
            years, day, month = str(element.first.year), element.first.day or 0, element.first.month or 0
        flag = "leap" if tail and tail["leap"] else element.flag
        one.element = element._replace(
            flag=flag, kind="lunar", day=day, month=month, year_words=years, first=None, last=None
        )
        one.kind = "lunar"

    def _resolve(self, one: Compound, place: int) -> None:
        element, plain = one.element, self.text.plain
        guarded = element.flag != "worded" and surroundings.is_guarded(
            self.text, element.start, full=one.kind == "day", dotted=element.flag == "."
        )
        one.first = one.last = None
        if one.kind == "day":
            counted = element.flag == "short year" and surroundings.counts_things(plain, element.end)
            if not guarded and not counted:
                one.first = one.last = self._in_order(one)
                one.kind = "full"
        elif one.kind == "dm":
            one.kind, one.rank = "yearless", 1
            if guarded or surroundings.counts_things(plain, element.end):
                one.notes.append("no date")
            else:
                self._resolve_dm(one)
        elif one.kind == "lunar":
            one.rank = 1
            if not surroundings.is_yearly(plain, element.start, one.end):
                one.first = one.last = lunar_day(element, self.base.date() if self.base else None)
        elif one.kind in ("month", "year", "period"):
            one.rank = {"month": 3, "period": 2, "year": 4}[one.kind]
            bare = element.flag == "bare"
            if not bare or (not guarded and surroundings.month_may_stand(plain, element.start, element.end)):
                one.first, one.last = element.first, element.last or element.first
        elif one.kind == "m" and self.base:
            self._resolve_month(one)
        elif one.kind == "relative" and self.base:
            self._resolve_relative(one)
        if one.first is not None:
            self._set_time(one)

    def _in_order(self, one: Compound) -> Moment | None:
        """Return the day of 10/11/2026: the weekday beside it decides which number is the month, or what is known.

        In a running text the weekday does not: an editor writes the day first and mistakes the weekday now and then.
        """
        day_first, month_first = one.element.first, one.element.month_first
        if day_first is None or month_first is None or self.day_first is True:
            return day_first
        said = surroundings.weekday_beside(self.text, one.element.start, one.element.end)
        fits = said is None or said == day_first.date.weekday()
        swapped_fits = said is None or said == month_first.date.weekday()
        if swapped_fits and (self.day_first is False or (not fits and not self.running)):
            one.notes.append("month before day")
            return month_first
        if fits == swapped_fits and self.day_first is None:
            one.other = month_first
        return day_first

    def _resolve_dm(self, one: Compound) -> None:
        element, plain = one.element, self.text.plain
        if (
            self.base is None
            or not is_real(2000, element.month, element.day)
            or surroundings.is_yearly(plain, element.start, element.end)
        ):
            return
        left = plain[max(0, element.start - 6) : element.start]
        solar = compiled(r"(?<![a-z])ngay (?:mung|mong) $").search(plain[max(0, element.start - 12) : element.start])
        if left.endswith(("mung ", "mong ")) and (
            (element.flag == "worded" and not solar)
            or element.month == 1
            or (element.day, element.month) in _LUNAR_FEASTS
        ):
            return  # a lunar day as likely as a solar one
        stamp = self._is_stamp(one)
        if not (one.clocked or stamp or surroundings.is_cued(self.text, element.start, element.end)):
            one.notes.append("uncued")
        cue = surroundings.cue(self.text, one.start, one.end)
        year = nearest_year(element.day, element.month, self.base.date(), "stamp" if stamp else cue)
        if year:
            one.first = one.last = Moment(year, element.month, element.day)

    def _is_stamp(self, one: Compound) -> bool:
        """Tell whether a day and month are the whole string, as themes write today's year: "15 Th3"."""
        short = compiled(r"\d{1,2} ?(?:th|thg)\.? ?\d{1,2}").fullmatch(
            self.text.plain, one.element.start, one.element.end
        )
        return bool(short) and not self.text.plain[: one.start].strip() and not self.text.plain[one.end :].strip(" .")

    def _resolve_month(self, one: Compound) -> None:
        cue = surroundings.cue(self.text, one.start, one.end)
        if not cue or self.base is None:
            return
        step = 1 if cue == "future" else -1
        count = self.base.year * 12 + self.base.month - 1 + step
        while count % 12 + 1 != one.element.month:
            count += step
        right = self.text.plain[one.end : one.end + 10]
        if right.lstrip().startswith(("vua", "toi", "sap", "qua")):
            one.first = one.last = Moment(count // 12, one.element.month)
            one.kind, one.rank = "month", 3

    def _resolve_relative(self, one: Compound) -> None:
        family = one.element.year_words.split(" ")[0]
        if self.base is None or family == "since":
            return
        if family == "stamp" and not surroundings.is_bare_age(self.text.plain, one.start, one.end):
            return
        short = one.element.flag.rsplit(" ", 1)[0] in _SHORT_UNITS or one.element.flag.endswith("ago")
        if not short and surroundings.is_roughly(self.text.plain, one.start):
            return
        long_ago = one.element.flag.rsplit(" ", 1)[0] in ("nam", "thang", "tuan") and family != "period"
        if (family == "now" or long_ago) and not surroundings.stands_alone(self.text.plain, one.start, one.end):
            return
        period = family == "period"
        free = surroundings.stands_free(self.text.plain, one.start, one.end, period=period)
        part = family == "day" and " " in one.element.year_words
        if not free and not (part and surroundings.stands_free(self.text.plain, one.start, len(self.text.plain))):
            return
        ends = relative_day(one.element, self.base)
        if ends:
            one.first, one.last = ends
            one.rank = 5

    def _set_time(self, one: Compound) -> None:
        element = one.element
        if element.clock is None or one.first is None or one.first.day is None:
            return
        one.placeholder = element.clock.placeholder
        if element.machine and one.placeholder and element.clock.shift is None and not element.clock.second:
            return
        day = one.first
        one.first = one.last = _timed(day, element.clock)
        if element.until is not None and element.until != element.clock:
            one.last = _timed(day, element.until)
            if one.last < one.first:
                one.first = one.last = day

    def _check_weekday(self, one: Compound) -> None:
        if one.first is None or one.first.day is None or one.first[:3] != (one.last or one.first)[:3]:
            return
        said = surroundings.weekday_beside(self.text, one.element.start, one.element.end)
        clock = one.element.clock
        written = one.element.first if clock is not None and clock.shift and one.element.first else one.first
        if said is not None and said != written.date.weekday():
            one.notes.append(f"weekday contradicts the date, which is a {_DAYS[written.date.weekday()]}")


_LUNAR_FEASTS = frozenset({(10, 3), (3, 3), (5, 5)})  # giỗ Tổ, tết Hàn thực, tết Đoan Ngọ
_SHORT_UNITS = frozenset({"giay", "phut", "gio", "tieng"})
_DATED = frozenset({"day", "dm", "lunar", "relative", "month", "period", "year", "bad"})
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _timed(day: Moment, clock: Clock) -> Moment:
    """Return the day with its time in Hà Nội's zone; whole minutes lose ":00" unless the zone was converted."""
    if clock.shift is None:
        return Moment(day.year, day.month, day.day, clock.hour, clock.minute, clock.second or None)
    moved = datetime(day.year, day.month or 1, day.day or 1, clock.hour, clock.minute) + timedelta(minutes=clock.shift)  # noqa: DTZ001
    return Moment(moved.year, moved.month, moved.day, moved.hour, moved.minute, clock.second)
