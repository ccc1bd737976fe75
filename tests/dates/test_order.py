"""Month before day: what decides which of two numbers is the month, and what is doubted where nothing does."""

from datetime import date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.dates import DateCandidate, Publication, choose_publication, find_dates, parse_date
from tests.dates.test_properties import ENGLISH, SHORT, WEEKDAYS
from tests.examples import examples

FETCHED = datetime.fromisoformat("2027-01-05T09:00:00+07:00")
DAYS = st.dates(date(1998, 1, 1), date(2049, 12, 31))
ENGLISH_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def choose(*candidates: tuple[str, str], day_first: bool | None = None) -> Publication:
    return choose_publication(
        [DateCandidate(text, source) for text, source in candidates], fetched_at=FETCHED, day_first=day_first
    )


@examples(300)
@given(day=DAYS, names=st.sampled_from([ENGLISH_DAYS, SHORT, WEEKDAYS]))
def test_a_month_in_front_is_read_where_the_weekday_says_so(day: date, names: list[str]) -> None:
    text = f"{names[day.weekday()]}, {day:%m/%d/%Y} - 17:41"
    other = date(day.year, day.day, day.month) if day.day <= 12 else None
    assume(other is None or other == day or other.weekday() != day.weekday())
    found = parse_date(text)
    assert found is not None, text
    assert found.isoformat() == f"{day.isoformat()}T17:41", text
    assert found.other is None


@examples(300)
@given(day=DAYS, names=st.sampled_from([ENGLISH_DAYS, SHORT, WEEKDAYS]))
def test_a_day_in_front_stays_in_front_where_its_weekday_fits(day: date, names: list[str]) -> None:
    found = parse_date(f"{names[day.weekday()]}, {day:%d/%m/%Y} 17:41")
    assert found is not None
    assert found.start[:3] == (day.year, day.month, day.day)


@examples(200)
@given(day=DAYS.filter(lambda day: day.day <= 12))
def test_what_is_known_of_a_site_settles_the_order(day: date) -> None:
    first, last = parse_date(f"{day:%d/%m/%Y}", day_first=True), parse_date(f"{day:%m/%d/%Y}", day_first=False)
    assert first is not None and last is not None
    assert first.start == last.start == (day.year, day.month, day.day, None, None, None)


@examples(200)
@given(day=DAYS)
def test_a_running_text_is_never_read_month_first_for_its_weekday(day: date) -> None:
    assume(day.day <= 12)
    (found,) = find_dates(f"Hội nghị họp {WEEKDAYS[day.weekday()]}, ngày {day:%m/%d/%Y} tại phường.")
    assert found.start[:3] == (day.year, day.day, day.month)


@pytest.mark.parametrize(
    ("text", "others", "day", "kinds"),
    [
        ("Sun, 10/11/2026 - 23:48", (), "2026-10-11T23:48+07:00", []),
        ("Submitted by Lê Văn Tám on Thu, 09/24/2026 - 17:41", (), "2026-09-24T17:41+07:00", []),
        ("CN, 10/11/2026 - 23:48", (), "2026-10-11T23:48+07:00", []),
        ("Tue, 01/07/2025 - 07:12", (), "2025-07-01T07:12+07:00", ["day_or_month"]),
        ("Tue, 01/07/2025 - 07:12", ("2025-01-07T07:12:00+07:00",), "2025-01-07T07:12+07:00", []),
        ("01/07/2025 - 07:12", ("2025-01-07T07:12:00+07:00",), "2025-01-07T07:12+07:00", []),
        ("01/07/2025 - 07:12", ("2025-07-01T07:12:00+07:00",), "2025-07-01T07:12+07:00", []),
        ("01/07/2025 - 07:12", (), "2025-07-01T07:12+07:00", []),
        ("10/11/2026 11:48:05 PM", (), "2026-11-10T23:48:05+07:00", ["day_or_month"]),
        ("Ngày đăng 10/11/2026 | 12:00 AM", (), "2026-11-10", []),
        ("Sat, 10/11/2026 - 23:48", (), "2026-11-10T23:48+07:00", ["weekday"]),
        ("Thứ Hai, 24/09/2026 17:41", (), "2026-09-24T17:41+07:00", ["weekday"]),
    ],
)
def test_the_order_is_settled_or_doubted(text: str, others: tuple[str, ...], day: str, kinds: list[str]) -> None:
    chosen = choose((text, "page"), *((other, "meta") for other in others))
    assert (chosen.published_at, [doubt.kind for doubt in chosen.doubts]) == (day, kinds)


def test_the_site_decides_where_its_order_is_known() -> None:
    text = ("01/07/2025 - 07:12", "page")
    assert choose(text, day_first=False).published_at == "2025-01-07T07:12+07:00"
    assert choose(text, day_first=True).published_at == "2025-07-01T07:12+07:00"
    assert not choose(text, day_first=True).doubts


@pytest.mark.parametrize("zone", ["EST", "PDT", "CET", "JST", "UTC"])
@examples(20)
@given(moment=st.datetimes(datetime(2000, 1, 2), datetime(2040, 1, 1)))  # noqa: DTZ001
def test_named_zones_shift_the_moment(zone: str, moment: datetime) -> None:
    hours = {"EST": 12, "PDT": 14, "CET": 6, "JST": -2, "UTC": 7}[zone]
    month = ENGLISH[moment.month - 1][:3]
    found = parse_date(f"{moment.day} {month} {moment.year} {moment:%H:%M} {zone}")
    old = parse_date(f"{moment.day:02} {month} {moment:%y} {moment:%H:%M} {zone}")
    assert found is not None and old is not None
    shown = datetime(*found.start[:3], found.start.hour or 0, found.start.minute or 0)  # type: ignore[arg-type]  # noqa: DTZ001
    assert (shown - moment.replace(second=0, microsecond=0)).total_seconds() == hours * 3600
    assert old.start == found.start


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Giai đoạn 2: 5/9–20/10/2024", "2024-09-05/2024-10-20"),
        ("Đợt 1:5/9-20/10/2024", "2024-09-05/2024-10-20"),
        ("15 Th3", "2026-03-15"),
        ("15 Th3 2025", "2025-03-15"),
        ("Th3 15, 2025", "2025-03-15"),
        ("25 phút", "2027-01-05T08:35"),
        ("khoảng 3 giờ trước", "2027-01-05T06:00"),
        ("cách đây khoảng 2 giờ", "2027-01-05T07:00"),
        ("khoảng 1 năm trước", None),
        ("họp trong 25 phút", None),
        ("ngày mùng 2 tháng 9", "2026-09-02"),
        ("mùng 2 tháng 9", None),
        ("8: 30 - 08/12/2023", "2023-12-08T08:30"),
    ],
)
def test_stamps_and_ranges_against_the_fetch(text: str, iso: str | None) -> None:
    found = parse_date(text, base=FETCHED)
    assert (found and found.isoformat()) == iso
