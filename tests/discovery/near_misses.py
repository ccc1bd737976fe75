"""Portals whose makes come near to a danger, and have to be found all the same."""

from collections.abc import Iterator
from dataclasses import replace

from tests.discovery.dangers import AI_THUONG, FRESH, OLD_DAYS, TRUC_BACH, Case, codes_of, new_of
from tests.discovery.front_page_makes import Says, liferay, sharepoint, wordpress


def near_misses() -> Iterator[Case]:
    """Portals whose makes come near to a danger."""
    dated = replace(TRUC_BACH, days=("1 giờ trước", "20/11/2026", "05/11/2026"))
    yield Case("frozen portals", TRUC_BACH.host, liferay(dated), codes_of("00004", new_of("00004")), True)
    header = liferay(replace(TRUC_BACH, days=())).replace(
        '<div id="content">',
        '<div class="header-news"><a href="/a">Khai mạc hội thao</a> <span>12/11/2026</span></div><div id="content">',
    )
    yield Case("frozen portals", TRUC_BACH.host, header, codes_of("00004", new_of("00004")), True)
    virus = replace(
        AI_THUONG,
        extra="<p>Ghi nhận 5 ca do lây nhiễm; không lo để phát triển sản xuất</p><p>Chợ tạm dừng hoạt động</p>",
    )
    yield Case("betting", AI_THUONG.host, wordpress(virus), codes_of("14944", new_of("14944")), True)
    island = Says("phuquoc.angiang.gov.vn", "đặc khu Phú Quốc", "tỉnh An Giang", FRESH)
    yield Case("homonyms", island.host, sharepoint(island), codes_of(None, "31078"), True)
    numbered = Says("phuong12quan3.gov.vn", "Phường 12", "Quận 3, TP.HCM", OLD_DAYS)
    yield Case("homonyms", numbered.host, liferay(numbered), codes_of("27130", None), True, True)
    under_province = replace(
        AI_THUONG, title="Cổng thông tin điện tử tỉnh Thanh Hóa", banner="<h1>UBND xã Ái Thượng, huyện Bá Thước</h1>"
    )
    yield Case(
        "district at the new ward's label",
        AI_THUONG.host,
        liferay(under_province),
        codes_of("14944", new_of("14944")),
        reasons=frozenset({"higher_level"}),
    )
