"""The forms in which portals date their articles, on pages of unknown platforms, beside the page's own clock."""

from datetime import UTC, datetime

import pytest

from crawler.extraction import extract_article

FORMS = (
    "2020-12-31 13:44:00.0", "Ngày đăng 31/12/2020 | 05:01", "Ngày đăng 31/12/2020 | 10:37 | View count: 226",
    "Tác giả: Hải .Ngày đăng: 31/12/2020 .Lượt xem: 15 lượt.", "Ngày đăng: 31/12/2020 - Lượt xem: 87",
    "Đăng lúc: 08:47:59 31/12/2020 (GMT+7)", "Đăng ngày 31-12-2020 18:57", "Đăng ngày 31 - 12 - 2020",
    "Ngày cập nhật 31/12/2020", "Cập nhật: 31/12/2020 17:48", "Cập nhật ngày: 31/12/2020 17:22:31",
    "Thứ năm - 31/12/2020 06:37", "Thứ năm, 31/12/2020", "8:26, Thứ Năm, 31-12-2020", "14:58 31/12/2020",
    "31/12/2020 20:46:00", "(31/12/2020 10:49:09)", "31/12/2020 08:22 42 lượt xem", "31/12/2020 07:51 AM",
    "31/12/2020 | 12:00 AM", "31/12/2020", "Ngày 31/12/2020", "Ngày 31-12-2020 - Lượt xem: 76", "31 12 2020",
    "HT|31/12/2020|10:00", "Ban Văn hóa31/12/2020", "Lan Anh 31/12/2020 09:10", "Được đăng : 31/12/2020",
)  # fmt: skip
TITLE = "Xóm Đoài họp bàn việc sửa đường ra đồng"
TEXT = (
    "<p>Ngày 20/5/2019, bà con trong xóm họp tại nhà văn hóa bàn việc sửa con đường ra đồng trước mùa gặt.</p>"
    "<p>Mỗi hộ góp hai ngày công, đá và cát do xã cấp theo quyết định ngày 03/04/2020 của ủy ban.</p>"
)
LAYOUTS = {
    "heading": f"<h1>{TITLE}</h1><div>{{}}</div><div>{TEXT}</div>",
    "above": f"<div>{{}}</div><div class='t'>{TITLE}</div><div>{TEXT}</div>",
    "breaks": f"<div><span>{TITLE}</span><br><span>{{}}</span><br><br>{TEXT}</div>",
    "cells": f"<table><tr><td>{TITLE}</td></tr><tr><td>{{}}</td></tr><tr><td>{TEXT}</td></tr></table>",
}
FETCHED = datetime(2026, 11, 25, 3, tzinfo=UTC)


def page(main):
    return (
        f"<html><head><title>{TITLE} - Xã An Sơn</title></head><body><div id='top'>Thứ tư, 25/11/2026</div>{main}"
        "<div class='side'><h3>Tin mới</h3><ul><li><a href='/a1'>Một tin khác rất dài của hôm nay</a> (24/11/2026)</li>"
        "<li><a href='/a2'>Hai tin khác rất dài của hôm nay</a> (23/11/2026)</li></ul></div></body></html>"
    ).encode()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_date_beside_the_title_is_taken_and_not_the_clock(layout):
    read = {}
    for form in FORMS:
        article = extract_article(page(LAYOUTS[layout].format(form)), "http://x.vn/tin/viec-xom", fetched_at=FETCHED)
        read[form] = (article.title, (article.published_at or "")[:10], "Mỗi hộ góp" in article.body)
    assert read == dict.fromkeys(FORMS, (TITLE, "2020-12-31", True))


def test_an_article_of_the_day_of_the_fetch_keeps_its_date():
    article = extract_article(page(LAYOUTS["heading"].format("25/11/2026")), "http://x.vn/tin", fetched_at=FETCHED)
    assert article.published_at == "2026-11-25"
