"""Strings by kind, each with what it means on Friday 15 March 2024, 10:00 (null: nothing, or in doubt)."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from crawler.dates import find_dates, parse_date

BASE = datetime.fromisoformat("2024-03-15T10:00:00+07:00")
ROWS = [json.loads(line) for line in Path(__file__).with_name("cases.jsonl").read_text(encoding="utf-8").splitlines()]
KINDS = sorted({row["kind"] for row in ROWS})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']}:{row['text'][:40]}")
def test_a_string_means_what_its_kind_says(row: dict[str, str]) -> None:
    found = parse_date(row["text"], base=BASE)
    assert (found and found.isoformat()) == row["want"]


def test_the_table_holds_every_kind_in_number() -> None:
    assert len(KINDS) == 16
    assert all(sum(row["kind"] == kind for row in ROWS) >= 15 for kind in KINDS)


def test_without_a_base_relative_and_yearless_dates_have_no_answer() -> None:
    for text in (
        "2 giờ trước",
        "hôm qua",
        "sáng nay",
        "tháng trước",
        "Sáng 14/3",
        "rằm tháng Giêng",
        "từ nay đến 31/3",
    ):
        assert parse_date(text) is None, text


def test_a_weekday_that_contradicts_the_date_is_reported() -> None:
    found = parse_date("Thứ Hai, 08/12/2023")
    assert found is not None
    assert found.isoformat() == "2023-12-08"
    assert any("weekday" in note and "Friday" in note for note in found.notes)
    for text in (
        "Thứ Sáu, 08/12/2023",
        "Ngày 08/12/2023, Thủ tướng đến thăm",
        "lần thứ 2 ngày 08/12/2023",
        "08/12/2023, món quà",
    ):
        right = parse_date(text)
        assert right is not None
        assert right.notes == (), text


def test_a_time_that_stands_for_none_is_marked() -> None:
    for text in ("05/06/2022 | 12:00 AM", "05/06/2022 00:00", "05/06/2022 12:00:00 SA", "2022-06-05T00:00:00"):
        found = parse_date(text)
        assert found is not None
        assert found.time_is_placeholder, text
    for text in ("05/06/2022 12:00", "05/06/2022 12:00 PM", "05/06/2022 00:01"):
        found = parse_date(text)
        assert found is not None
        assert not found.time_is_placeholder, text


def test_offsets_point_into_the_original() -> None:
    text = "\n  Nga\u0300y đa\u0306ng: 0\u00ad5/06/2022\u200b \u00a0| 07:08 | Lượt xem: 9"
    found = parse_date(text)
    assert found is not None
    assert found.isoformat() == "2022-06-05T07:08"
    assert text[slice(*found.span)] == found.raw == "0\u00ad5/06/2022\u200b \u00a0| 07:08"


def test_precision_is_that_of_what_was_written() -> None:
    wanted = {"2022": "year", "tháng 6/2022": "month", "05/06/2022": "day", "05/06/2022 07:08": "minute"}
    wanted |= {"05/06/2022 07:08:09": "second", "Quý II/2022": "month", "01-05/06/2022": "day"}
    del wanted["2022"]
    for text, precision in wanted.items():
        found = parse_date(text)
        assert found is not None
        assert found.precision == precision, text


def test_running_text_gives_every_date_in_order() -> None:
    text = (
        "Sáng ngày 14/3, UBND phường tổ chức hội nghị.\n\nThực hiện Kế hoạch số 15/KH-UBND ngày 02/01/2024 của quận, "
        "từ ngày 20 đến 25/3 các khu phố sẽ tổng vệ sinh; hạn đăng ký đến ngày 18/3. "
        "Điện thoại 028.3855.1234, số 12/3 đường 30/4."
    )
    found = find_dates(text, base=BASE)
    assert [one.isoformat() for one in found] == ["2024-03-14", "2024-01-02", "2024-03-20/2024-03-25", "2024-03-18"]
    assert [one.label for one in found] == ["", "cited", "", "deadline"]
    assert all(text[slice(*one.span)] == one.raw for one in found)


def test_an_anniversary_is_marked() -> None:
    (found,) = find_dates("Kỷ niệm ngày truyền thống (15/10/1956 - 15/10/2023)")
    assert "anniversary range" in found.notes


def test_no_date_is_read_across_an_empty_line() -> None:
    assert [one.isoformat() for one in find_dates("07:30\n\n05/06/2022")] == ["2022-06-05"]
    assert [one.isoformat() for one in find_dates("07:30\n05/06/2022")] == ["2022-06-05T07:30"]
