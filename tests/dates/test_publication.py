"""Which date is the publication's, and which never is."""

from datetime import datetime

import pytest

from crawler.dates import DateCandidate, Publication, choose_publication, find_event_dates

FETCHED = datetime.fromisoformat("2024-08-01T09:00:00+07:00")


def choose(*candidates: tuple[str, str], body: str = "", fetched_at: datetime | None = FETCHED) -> Publication:
    """Choose among (text, source) pairs."""
    return choose_publication([DateCandidate(*one) for one in candidates], body=body, fetched_at=fetched_at)


@pytest.mark.parametrize(
    ("text", "source", "published_at", "precision"),
    [
        ("Ngày đăng 05/06/2022 | 07:08", "page", "2022-06-05T07:08+07:00", "minute"),
        ("05/06/2022 07:08:09", "page", "2022-06-05T07:08:09+07:00", "second"),
        ("Tác giả: Lan .Ngày đăng: 05/06/2022 .Lượt xem: 3 lượt.", "page", "2022-06-05", "day"),
        ("05/06/2022 | 12:00 AM", "page", "2022-06-05", "day"),
        ("05/06/2022 12:00 SA", "page", "2022-06-05", "day"),
        ("05/06/2022 00:00:00", "page", "2022-06-05", "day"),
        ("05/06/2022 12:00", "page", "2022-06-05T12:00+07:00", "minute"),
        ("05/06/2022 12:00 PM", "page", "2022-06-05T12:00+07:00", "minute"),
        ("2 giờ trước", "page", "2024-08-01T07:00+07:00", "minute"),
        ("2022-06-05T00:08:00Z", "meta", "2022-06-05T07:08:00+07:00", "second"),
        ("2022-06-05T07:08:00&#x2B;07:00", "meta", "2022-06-05T07:08+07:00", "minute"),
        ("2022-06-04T17:00:00Z", "meta", "2022-06-05", "day"),
        ("(05/06/2022)", "listing", "2022-06-05", "day"),
        ("http://x.gov.vn/portal/pages/2022-06-05/Bai-viet-1234.aspx", "url", "2022-06-05", "day"),
        ("http://x.gov.vn/portal/Pages/2022-6-5/Bai-viet.aspx", "url", "2022-06-05", "day"),
        ("http://x.gov.vn/portal/pages/2022/Bai-viet-12.aspx", "url", "2022", "year"),
        ("http://x.gov.vn/-/view/bai-viet-1654387689000", "url", "2022-06-05", "day"),
        ("https://x.gov.vn/tin/bai-viet-1234220605070809123.htm", "url", "2022-06-05", "day"),
        ("https://x.gov.vn/2022/06/05/bai-viet/", "url", "2022-06-05", "day"),
    ],
)
def test_the_only_date_of_a_page_is_chosen(text: str, source: str, published_at: str, precision: str) -> None:
    chosen = choose((text, source))
    assert (chosen.published_at, chosen.precision, chosen.source) == (published_at, precision, source)
    assert chosen.raw
    assert chosen.raw in text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Hôm nay: 31/07/2024", "clock"),
        ("Thursday, 01/08/2024", "clock"),
        ("Hải Châu, ngày 05 tháng 06 năm 2022", "print-day"),
        ("(15/10/1956 - 15/10/2023)", "anniversary"),
        ("từ 01/06/2022 đến 05/06/2022", "interval"),
        ("Kế hoạch số 12/KH-UBND ngày 05/06/2022 của UBND phường", "cited"),
        ("Ngày hiệu lực: 05/06/2022", "effect"),
        ("Hạn chót: 05/06/2022", "deadline"),
        ("05/08/2024", "later than the fetch"),
        ("05/06/1985", "before there were portals"),
        ("Sáng 05/6", "yearless"),
        ("rằm tháng Sáu năm Nhâm Dần", "lunar"),
        (
            "Sáng ngày 05/06/2022, tại hội trường Ủy ban nhân dân phường, Đảng ủy phường long trọng tổ chức Hội nghị "
            "tổng kết phong trào thi đua và phát động thi đua năm mới",
            "running text",
        ),
    ],
)
def test_what_is_refused_is_noted(text: str, why: str) -> None:
    chosen = choose((text, "page"))
    assert chosen.published_at is None
    assert any(why in note for note in chosen.notes), chosen.notes


def test_what_the_caller_calls_related_clock_or_print_never_wins() -> None:
    for label in ("related", "clock", "print"):
        candidates = [DateCandidate("06/06/2022 10:00", "page", label), DateCandidate("05/06/2022", "listing")]
        assert choose_publication(candidates).published_at == "2022-06-05", label


def test_sources_are_trusted_in_order() -> None:
    stamps = {
        "page": "05/06/2022",
        "meta": "2022-06-06T10:00:00+07:00",
        "url": "http://x.gov.vn/portal/pages/2022-06-07/a-1.aspx",
        "listing": "08/06/2022",
    }
    left = list(stamps)
    while left:
        chosen = choose(*((stamps[source], source) for source in reversed(left)))
        assert chosen.source == left[0]
        assert len([note for note in chosen.notes if " says " in note]) == len(left) - 1
        left.pop(0)


def test_a_date_called_published_comes_before_others_of_its_source() -> None:
    chosen = choose(("06/06/2022", "page"), ("Cập nhật: 07/06/2022", "page"), ("Ngày đăng: 05/06/2022", "page"))
    assert chosen.published_at == "2022-06-05"
    assert choose(("Cập nhật: 07/06/2022", "page"), ("06/06/2022", "page")).published_at == "2022-06-06"
    assert choose(("Cập nhật: 07/06/2022", "page")).published_at == "2022-06-07"


def test_the_same_day_with_a_time_is_taken_from_the_listing() -> None:
    chosen = choose(("05/06/2022 | 12:00 AM", "page"), ("05/06/2022 07:08", "listing"))
    assert chosen.published_at == "2022-06-05T07:08+07:00"
    assert chosen.source == "page"
    assert "time of day from listing" in chosen.notes
    other = choose(("05/06/2022", "page"), ("06/06/2022 07:08", "listing"))
    assert other.published_at == "2022-06-05"


def test_the_day_after_the_fetch_is_still_possible() -> None:
    assert choose(("02/08/2024", "page")).published_at == "2024-08-02"
    assert choose(("03/08/2024", "page")).published_at is None
    assert choose(("03/08/2024", "page"), fetched_at=None).published_at == "2024-08-03"


@pytest.mark.parametrize(
    ("body", "published_at"),
    [
        ("Ngày 05/06/2022, Đảng ủy phường tổ chức Hội nghị sơ kết.", "2022-06-05"),
        ("(Cổng TTĐT) - Sáng ngày 5/6/2022, UBND phường ra quân.", "2022-06-05"),
        ("Thực hiện Kế hoạch số 12/KH-UBND ngày 01/06/2022.\n\nChiều 05/6/2022, phường ra quân.", "2022-06-05"),
        ("Vừa qua, ngày 05 tháng 6 năm 2022, phường ra quân.", "2022-06-05"),
        ("Sáng 05/6, phường ra quân.", None),
        ("Kỷ niệm 92 năm ngày thành lập Đảng 03/02/1930.", None),
        ("Hồ sơ nộp trước ngày 05/06/2022.", None),
        ("Ngày 05/09/2024, phường sẽ tổ chức khai giảng.", None),
        ("Chào mừng (15/10/1956 - 15/10/2022), phường ra quân.", None),
        ("Một.\n\nHai.\n\nBa.\n\nNgày 05/06/2022, phường ra quân.", None),
        ("Theo Quyết định số 15/QĐ-UBND ngày 05/06/2022 của UBND quận.", None),
    ],
)
def test_the_opening_event_day_is_the_last_resort(body: str, published_at: str | None) -> None:
    chosen = choose(body=body)
    assert chosen.published_at == published_at
    assert chosen.source == ("body" if published_at else None)
    if published_at:
        assert choose(("06/06/2022", "listing"), body=body).published_at == "2022-06-06"


def test_a_year_from_the_address_completes_the_opening_day() -> None:
    chosen = choose(("http://x.gov.vn/portal/pages/2022/a-1.aspx", "url"), body="Sáng 05/6, phường ra quân.")
    assert (chosen.published_at, chosen.source) == ("2022-06-05", "body")


def test_a_page_without_a_date_has_none() -> None:
    assert choose() == Publication()
    assert choose(("", "page"), ("http://x.gov.vn/a", "url"), ("Tin tức", "listing")).published_at is None


def test_event_dates_are_resolved_by_the_publication() -> None:
    body = (
        "Sáng 28/12, phường tổng kết. Thực hiện Kế hoạch số 5/KH-UBND ngày 03/02/2023 của quận, từ ngày 20 đến 25/1 sẽ "
        "ra quân. Chào mừng (03/02/1930 - 03/02/2024). Dự kiến ngày 10/3 tới tổng kết. Hạn cuối tháng 4/2024."
    )
    found = find_event_dates(body, published="2024-01-04T10:00+07:00")
    assert [one.iso for one in found] == ["2023-12-28", "2024-01-20/2024-01-25", "2024-03-10"]
    assert all(body[one.start : one.end] == one.raw for one in found)
    assert find_event_dates(body, published=None) == []
    assert find_event_dates(body, published="2024") == []
    assert find_event_dates("Sáng nay, phường họp.", published="2024-01-04")[0].iso == "2024-01-04"


def test_a_day_shown_in_the_servers_own_zone_takes_the_moment_that_metadata_give_for_it():
    shown, declared = DateCandidate("19 Jun 2026", "page"), DateCandidate("2026-06-19T22:02:00+00:00", "meta")
    chosen = choose_publication([shown, declared])
    assert (chosen.published_at, chosen.doubts) == ("2026-06-20T05:02:00+07:00", ())
    assert choose_publication([DateCandidate("18 Jun 2026", "page"), declared]).published_at == "2026-06-18"
