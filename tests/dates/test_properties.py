"""What holds for every date and for every text."""

# ruff: noqa: DTZ001, DTZ901, SIM905  (naive and extreme bases are what is tried; one string is easier to read)

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import find_dates, find_event_dates, parse_date
from tests.examples import examples

BASE = datetime.fromisoformat("2024-03-15T10:00:00+07:00")
DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31)).filter(
    lambda day: day not in (date(1970, 1, 1), date(1969, 12, 31))
)
TIMES = st.times().map(lambda time: time.replace(microsecond=0))
MONTHS = ["Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Mười Hai"]
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"]
SHORT = ["T2", "Thứ 3", "T.4", "Thứ năm", "thứ 6", "Thứ bẩy", "CN"]
FORMS = [
    "{d}/{m}/{y}",
    "{d:02}/{m:02}/{y}",
    "{d}-{m}-{y}",
    "{d:02}.{m:02}.{y}",
    "{d:02} / {m:02} / {y}",
    "{d:02} - {m:02} - {y}",
    "{d:02}–{m:02}–{y}",
    "{y}-{m:02}-{d:02}",
    "{y}/{m}/{d}",
    "{y}.{m:02}.{d:02}",
    "({d:02}/{m:02}/{y})",
    "Ngày {d}/{m}/{y}",
    "ngày {d} tháng {m} năm {y}",
    "ngày {d:02} tháng {m:02} năm {y}",
    "{d} tháng {m}, {y}",
    "{d} Th{m} {y}",
    "Th{m} {d:02}, {y}",
    "{d} thg {m}, {y}",
    "{d} Tháng {M}, {y}",
    "Tháng {M} {d}, {y}",
    "ngày {d} tháng {M} năm {y}",
    "Ngày {d:02}/tháng {m:02}/năm {y}",
    "{W}, {d:02}/{m:02}/{y}",
    "{w} - {d:02}/{m:02}/{y}",
    "{W}, ngày {d} tháng {m} năm {y}",
    "{d:02}/{m:02}/{y} ({W})",
    "Ngày đăng: {d:02}/{m:02}/{y} - Lượt xem: 12",
    "Đăng ngày {d:02}-{m:02}-{y}",
    "Cập nhật: {d}/{m}/{y}",
    "Ban biên tập{d:02}/{m:02}/{y}",
    "{E} {d}, {y}",
    "{d} {E} {y}",
    "{d}-{e}-{y}",
    "{e} {d}, {y}",
    "Sáng ngày {d}/{m}/{y}, phường họp",
    "{d:02} {m:02} {y}",
    "Phường 5, ngày {d} tháng {m} năm {y}",
    "Nghị định 15/2020/NĐ-CP ngày {d:02}/{m:02}/{y}",
    "{d}/{m} năm {y}",
]
TIMED = [
    "{day} {h:02}:{i:02}",
    "{day} | {h:02}:{i:02}",
    "{day} - {h}:{i:02}",
    "{day}, {h:02}:{i:02} (GMT+7)",
    "{day} lúc {h}h{i:02}",
    "{h:02}:{i:02} {day}",
    "{h}:{i:02}, {day}",
    "{h}h{i:02}' ngày {day}",
    "{h} giờ {i:02} phút, ngày {day}",
    "Lúc {h:02}g{i:02} ngày {day}",
    "Đăng lúc: {h:02}:{i:02} - {day}",
    "[{day} {h:02}:{i:02}]",
    "{day} {h:02}:{i:02} GMT+7",
    "{day} {h:02}:{i:02} 42 lượt xem",
]


def written(form: str, day: date) -> str:
    """Write `day` in one of the forms."""
    return form.format(
        d=day.day,
        m=day.month,
        y=day.year,
        M=MONTHS[day.month - 1],
        E=ENGLISH[day.month - 1],
        e=ENGLISH[day.month - 1][:3],
        W=WEEKDAYS[day.weekday()],
        w=SHORT[day.weekday()],
    )


@pytest.mark.parametrize("form", FORMS)
@examples(30)
@given(day=DAYS)
def test_every_day_in_every_form_reads_back(form: str, day: date) -> None:
    text = written(form, day)
    found = parse_date(text)
    assert found is not None, text
    assert (found.isoformat(), found.notes) == (day.isoformat(), ()), text


@examples(300)
@given(day=DAYS, time=TIMES, form=st.sampled_from(TIMED), of_day=st.sampled_from(["{d}/{m}/{y}", "{d:02}-{m:02}-{y}"]))
def test_every_time_reads_back_beside_its_day(day: date, time: object, form: str, of_day: str) -> None:
    hour, minute = time.hour, time.minute  # type: ignore[attr-defined]
    text = form.format(day=written(of_day, day), h=hour, i=minute)
    found = parse_date(text)
    assert found is not None, text
    assert found.isoformat() == f"{day.isoformat()}T{hour:02}:{minute:02}", text


@examples(200)
@given(day=DAYS, time=TIMES)
def test_twelve_hour_clocks_read_back(day: date, time: object) -> None:
    hour, minute, second = time.hour, time.minute, time.second  # type: ignore[attr-defined]
    shown = f"{day.day}/{day.month}/{day.year} {(hour - 1) % 12 + 1}:{minute:02}:{second:02}"
    for halves in (("SA", "CH"), ("AM", "PM"), ("a.m.", "p.m.")):
        found = parse_date(f"{shown} {halves[hour >= 12]}")
        assert found is not None
        wanted = f"{day.isoformat()}T{hour:02}:{minute:02}" + (f":{second:02}" if second else "")
        assert found.isoformat() == wanted


@examples(200)
@given(moment=st.datetimes(datetime(1995, 1, 2), datetime(2049, 1, 1)), hours=st.integers(-11, 13))
def test_machine_stamps_come_out_in_local_time(moment: datetime, hours: int) -> None:
    moment = moment.replace(microsecond=0)
    local = moment + timedelta(hours=7 - hours)
    found = parse_date(f"{moment.isoformat()}{hours:+03}:00")
    assert found is not None
    if hours == 7:
        midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
        text = (
            moment.date().isoformat()
            if midnight
            else moment.isoformat(timespec="seconds" if moment.second else "minutes")
        )
        assert found.isoformat() == text
    else:
        assert found.isoformat() == local.isoformat()


@examples(200)
@given(day=st.dates(date(2000, 1, 1), date(2049, 12, 20)), length=st.integers(1, 14))
def test_a_range_of_days_reads_back(day: date, length: int) -> None:
    last = day + timedelta(days=length)
    wanted = f"{day}/{last}"
    texts = [
        f"{day:%d/%m/%Y} - {last:%d/%m/%Y}",
        f"từ ngày {day:%d/%m/%Y} đến ngày {last:%d/%m/%Y}",
        f"từ {day:%d/%m} đến {last:%d/%m/%Y}",
    ]
    if day.month == last.month:
        texts += [f"từ ngày {day.day} đến ngày {last:%d/%m/%Y}", f"{day:%d}-{last:%d/%m/%Y}"]
        texts.append(f"các ngày {day.day} và {last.day} tháng {last.month} năm {last.year}")
    for text in texts:
        found = parse_date(text)
        assert found is not None, text
        assert found.isoformat() == wanted, text


@examples(200)
@given(
    base=st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1)), back=st.integers(0, 150), ahead=st.integers(1, 40)
)
def test_days_without_a_year_are_resolved_around_the_base(base: datetime, back: int, ahead: int) -> None:
    past, future = (base - timedelta(days=back)).date(), (base + timedelta(days=ahead)).date()
    for text, day in ((f"Sáng {past:%d/%m}, phường họp", past), (f"dự kiến ngày {future.day}/{future.month}", future)):
        found = parse_date(text, base=base)
        assert found is not None, text
        assert found.isoformat() == day.isoformat(), (text, base)


PIECES = st.sampled_from(
    "ngày tháng năm thứ sáu 8/12 /12/ 2023 08/12/2023 10:14 10h giờ phút đến - , ( ) | mùng Tết rằm Giêng chạp âm lịch"
    " nhuận Quý Mão hôm nay"
    " qua trước sau tới quý IV 31/02/2024 31 00 20231208 T10:14 Z SA"
    " CH PM Dec &nbsp; \u200b \u0301 \n \n\n Ã¡ µ ø ñ 2 giờ trước từ nay".split(" ")
)


@examples(400)
@given(
    text=st.one_of(
        st.text(max_size=80), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=14).map("".join)
    )
)
def test_no_text_raises_and_every_answer_is_a_real_date_in_its_place(text: str) -> None:
    for base in (None, BASE):
        one = parse_date(text, base=base)
        for found in [*find_dates(text, base=base), *([one] if one else [])]:
            start, end = found.span
            assert 0 <= start < end <= len(text)
            assert text[start:end] == found.raw
            assert found.start.date <= found.end.date
            assert found.precision in ("second", "minute", "day", "month", "year")
    find_event_dates(text, published="2024-03-15")


@examples(100)
@given(
    text=st.text(max_size=60),
    extreme=st.sampled_from([datetime.min, datetime.max, datetime(1, 1, 2), datetime(9999, 12, 30)]),
)
def test_a_text_is_read_on_the_first_and_last_days_of_the_calendar(text: str, extreme: datetime) -> None:
    for string in (
        text,
        "3 năm trước",
        "sáng mai",
        "2 tuần nữa",
        "giao thừa",
        "ngày 31/12",
        "tháng sau",
        "thứ bảy tới",
    ):
        one = parse_date(string, base=extreme)
        for found in [*find_dates(string, base=extreme), *([one] if one else [])]:
            assert 1 <= found.start.date.year <= found.end.date.year <= 9999, "a date is read outside the calendar"
