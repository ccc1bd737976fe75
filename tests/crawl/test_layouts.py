"""Which layout an article page is read with, by the day of its capture."""

from dataclasses import replace
from datetime import UTC, datetime

from crawler.extraction import Layout, isolate
from spiders.platforms.hatinh_aspx import PLATFORM

OLD = Layout(name="until_2019", container=("//div[@id='old']",))
OLDER = Layout(name="until_2015", container=("//div[@id='older']",))
REDESIGNED = replace(PLATFORM, layouts=(("2019-06-30", OLD), ("2015-12-31", OLDER)))


def test_a_page_is_read_with_the_layout_of_its_day():
    def name(*moment):
        return REDESIGNED.layout_at(datetime(*moment, tzinfo=UTC)).name

    assert name(2012, 1, 1) == name(2015, 12, 31, 16, 59) == "until_2015"
    assert name(2015, 12, 31, 17) == name(2019, 6, 30, 16) == "until_2019"  # midnight is Việt Nam's
    assert name(2019, 6, 30, 17) == name(2026, 1, 1) == REDESIGNED.layout_at(None).name == PLATFORM.layout.name


def test_a_platform_without_a_redesign_has_one_layout():
    assert PLATFORM.layout_at(datetime(2001, 1, 1, tzinfo=UTC)) is PLATFORM.layout


def test_an_old_capture_parses_after_the_redesign():
    text = "Ủy ban nhân dân phường đã tổ chức hội nghị tổng kết công tác năm với sự tham dự của đông đảo cán bộ. " * 3
    page = (
        f"<html><body><h1>Hội nghị tổng kết công tác năm</h1><div id='old'><p>{text}</p></div>"
        f"<div class='news-content'><p>Khối bên cạnh không phải là bài viết. {text[::-1]}</p></div></body></html>"
    ).encode()
    url = "https://honglinh.hatinh.gov.vn/portal/pages/2018-05-05/hoi-nghi-1.aspx"
    old = isolate(page, url, layout=REDESIGNED.layout_at(datetime(2018, 5, 6, tzinfo=UTC)))
    assert old.body.startswith("Ủy ban nhân dân phường") and "Khối bên cạnh" not in old.body
    assert "Khối bên cạnh" in isolate(page, url, layout=REDESIGNED.layout_at(None)).body
