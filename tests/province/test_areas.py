"""Where a site lies: its district of before July 2025, else its province."""

import pytest

from crawler.units.areas import MOST_DISTRICTS, Area, area_of, grouped


@pytest.mark.parametrize(
    ("old", "new", "slug", "wanted"),
    [
        ("00277", "00292", "hanoi_bachkhoa", "quận Hai Bà Trưng, thành phố Hà Nội"),
        (None, "05443", "x_y", "tỉnh Thái Nguyên"),
        (None, None, "hanoi_sotttt", "thành phố Hà Nội"),
        (None, None, "bacgiang_xa", "tỉnh Bắc Giang"),
        (None, None, "noi_khac", "not known"),
        ("99999", None, "hatinh_xa", "tỉnh Hà Tĩnh"),
    ],
)
def test_a_site_lies_where_its_unit_does(old, new, slug, wanted):
    assert str(area_of(old, new, slug)) == wanted


def test_many_districts_become_provinces():
    areas = {f"a_{n}": Area("tỉnh A", f"huyện {n}") for n in range(MOST_DISTRICTS)}
    assert len(grouped(areas, areas)) == MOST_DISTRICTS
    areas["b_1"] = Area("tỉnh B", "huyện B")
    assert {area: len(sites) for area, sites in grouped(areas, areas).items()} == {
        Area("tỉnh A"): 30,
        Area("tỉnh B"): 1,
    }
