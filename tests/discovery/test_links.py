"""Hosts that pages name for units of a province: in links, menus, maps, and what a click opens."""

from datetime import UTC, datetime

from crawler.discovery.links import links_in_captures, links_of
from crawler.discovery.model import FrontPage
from crawler.units.provinces import parse_province
from storage.archives.captures import CaptureKind, Captures
from storage.archives.warc import Exchange
from storage.collection import Collection

AT = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
PAGE = """<html><body>
<a href="https://aithuong.bathuoc.thanhhoa.gov.vn/">Xã Ái Thượng</a>
<a href="http://www.bancong.bathuoc.thanhhoa.gov.vn/trang-chu">Cổng thông tin</a>
<select><option value="">Chọn</option><option value="https://dienlu.bathuoc.thanhhoa.gov.vn">Điền Lư</option></select>
<div data-url="https://kytan.bathuoc.thanhhoa.gov.vn/web">Kỳ Tân</div>
<map><area href="https://portal7.thanhhoa.gov.vn/" alt="" title="Xã Lũng Niêm"></map>
<button onclick="window.open('https://hatrung.thanhhoa.gov.vn/')">Xã Hà Trung</button>
<a href="https://xahoangtien.vn/">Xã Hoằng Tiến</a>
<a href="https://www.facebook.com/xaaithuong">Xã Ái Thượng</a>
<a href="https://thanhhoa.gov.vn/xa-thiet-ong">Xã Thiết Ống</a>
<a href="https://trucbach.badinh.hanoi.gov.vn/">Phường Trúc Bạch, quận Ba Đình</a>
<a href="https://baomoi.example.vn/tin/1">UBND xã Ái Thượng tổ chức hội nghị tổng kết</a>
<a href="/tin-tuc">Xã Ái Thượng</a>
<a href="https://dichvucong.gov.vn/">Dịch vụ công</a>
</body></html>"""


def front_page(html):
    return FrontPage("bathuoc.thanhhoa.gov.vn", "https://bathuoc.thanhhoa.gov.vn/", 200, html.encode(), AT, "utf-8")


def test_links_options_and_maps_name_hosts_of_the_province():
    found = {candidate.host: candidate for candidate in links_of(front_page(PAGE), parse_province("Thanh Hóa"))}
    assert set(found) == {
        "aithuong.bathuoc.thanhhoa.gov.vn", "bancong.bathuoc.thanhhoa.gov.vn", "dienlu.bathuoc.thanhhoa.gov.vn",
        "kytan.bathuoc.thanhhoa.gov.vn", "portal7.thanhhoa.gov.vn", "hatrung.thanhhoa.gov.vn", "xahoangtien.vn",
    }  # fmt: skip
    one = found["aithuong.bathuoc.thanhhoa.gov.vn"]
    assert (one.form, one.found_on, one.said) == ("link", "https://bathuoc.thanhhoa.gov.vn/", "Xã Ái Thượng")
    assert [unit.reference for unit in one.units] == ["old:14944"]


def test_a_page_that_is_none_gives_nothing():
    for body in ("", "\x00\x01", "<html>", "<a href='http://[::1'>Xã Ái Thượng</a>"):
        assert list(links_of(front_page(body), parse_province("Thanh Hóa"))) == []


def test_the_newest_captures_of_lists_are_read(tmp_path):
    with Collection(tmp_path / "a.db") as collection:
        captures = Captures(collection, {})
        for path, html in (
            ("/", PAGE),
            ("/", PAGE.replace("aithuong", "aithuong2")),
            ("/tin/1", PAGE.replace("kytan", "x")),
        ):
            kind = CaptureKind.ARTICLE if path != "/" else CaptureKind.LISTING
            captures.keep(
                exchange_of(f"https://bathuoc.thanhhoa.gov.vn{path}", html),
                site="thanhhoa_bathuoc",
                kind=kind,
                run_id=None,
            )
        captures.close()
        collection.commit()
        found = {one.host for one in links_in_captures(collection, ["thanhhoa_bathuoc"], parse_province("Thanh Hóa"))}
    assert "kytan.bathuoc.thanhhoa.gov.vn" in found
    assert "aithuong.bathuoc.thanhhoa.gov.vn" not in found


def exchange_of(url, html):
    return Exchange(url, 200, ((b"Content-Type", b"text/html; charset=utf-8"),), html.encode(), AT)
