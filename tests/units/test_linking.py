"""Which wards an article is about: texts with the answers wanted, and what holds for all texts."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.units import NEW, OLD, table
from crawler.units.links import Certainty, linked_units, vintage_at
from crawler.units.scope import Scope, scope_of
from tests.examples import examples
from tests.running import ROOT
from tests.units.linked import HALVES, cases, score

DISTRICT = scope_of("hanoi_haibatrung", "00277", "00292")
WARD = scope_of("hanoi_trucbach", "00004", "00004")
OFFICE = scope_of("hanoi_sotttt", None, None)


def about(title, summary="", body="", *, scope=DISTRICT, published="2020-05-01"):
    links = linked_units(title, summary, body, scope=scope, published=published)
    return [f"{link.unit.reference} {link.where} {link.certainty}" for link in links]


def test_there_are_enough_texts_and_their_units_exist():
    every = list(cases())
    units = table()
    assert len(every) >= 200 and len({case.title for case in every}) >= len(every) - 5
    assert min(sum(case.half == half for case in every) for half in HALVES) >= 100
    assert sum(not case.wanted for case in every) >= 50
    assert all(units.get(code, vintage) for case in every for code, vintage in case.wanted)


@pytest.mark.parametrize("half", HALVES)
def test_nearly_all_links_are_right_and_nearly_all_are_found(half):
    result = score(half)
    assert result.precision >= 0.99 and result.recall >= 0.97
    assert result.wrong["sure"] == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (("Phường Bách Khoa họp", "Phường Đồng Tâm cũng họp"), ["old:00277 title sure"]),  # the title comes first
        (("Quận họp", "Phường Đồng Tâm cũng họp"), ["old:00280 summary sure"]),
        (("Quận họp", "", "Phường Đồng Tâm cũng họp.\n\nHết."), ["old:00280 body sure"]),  # no sapo: the first lines
        (("Quận họp", "Sáng nay.", "Ở phường Đồng Tâm.\n\nRồi phường Đồng Tâm."), ["old:00280 body likely"]),
        (("Quận họp", "Sáng nay.", "Ở phường Đồng Tâm có mưa.\n\nRồi nắng."), []),  # in passing
        (("Quận họp", "Sáng nay.", "Có mưa.\n\nUBND phường Đồng Tâm"), ["old:00280 body likely"]),  # signed
        (("Quận họp", "Có phường Bạch Mai, Bách Khoa, Đồng Tâm, Vĩnh Tuy, Minh Khai dự"), []),  # who was there
        (("Phường Thanh Xuân Nam ra quân",), []),  # is no more; phường Thanh Xuân is another
        (("Quận họp", "UBND phường\n\nĐồng Tâm hiệp lực"), []),  # another paragraph
        (("Phường Phúc Xá, quận Tây Hồ",), []),  # no such place there
        (("Phường Hương Sơn ra quân",), []),  # in Thái Nguyên
        (("Phường Hương Sơn, thành phố Thái Nguyên ra quân",), ["old:05473 title sure"]),
        (("Thị xã Đồng Tâm, hợp tác xã Bạch Mai, xã hội Bách Khoa",), []),
    ],
)
def test_what_a_text_is_about(text, wanted):
    assert about(*text) == wanted


def test_the_day_tells_which_unit_a_name_is():
    assert about("Phường Bạch Mai họp", published="2025-06-30") == ["old:00292 title sure"]
    assert about("Phường Bạch Mai họp", published="2025-07-01T08:00+07:00") == ["new:00292 title sure"]
    assert about("Phường Bạch Mai họp", published=None) == ["old:00292 title likely"]
    assert about("Phường Bạch Mai (cũ) họp", published="2025-09") == ["old:00292 title sure"]
    assert about("Phường Bách Khoa họp", published="2025-09") == ["old:00277 title sure"]  # there is no new one
    assert about("Phường Hai Bà Trưng họp", published="2020-05-01") == []  # there was none yet
    days = ("2025-06", "2025-07", "2025", "2024", "2026", None, "", "2024-05-01/2024-05-03")
    assert [vintage_at(day) for day in days] == [OLD, NEW, None, OLD, NEW, None, None, OLD]


def test_a_wards_own_site_means_itself_where_it_gives_no_name():
    assert about("Đoàn thanh niên phường hiến máu", scope=WARD) == ["old:00004 site likely"]
    assert about("Đoàn thanh niên phường hiến máu", scope=WARD, published="2026") == ["new:00004 site likely"]
    assert about("Đoàn thanh niên phường hiến máu") == []  # the site of a district
    assert about("Các phường hiến máu, xã hội quan tâm", scope=WARD) == []
    assert about("Phường Quán Thánh hiến máu", "Cả phường vui", scope=WARD) == ["old:00013 title sure"]


def test_a_provinces_site_links_what_is_there_only_once():
    assert about("Phường Khương Mai họp", scope=OFFICE) == ["old:00352 title sure"]
    assert about("Phường Quang Trung họp", scope=OFFICE) == []  # two
    assert about("Phường Quang Trung họp", "Dự họp có quận Hà Đông", scope=OFFICE) == ["old:09538 title sure"]


def test_numbers_are_wards_only_behind_their_kind():
    tenth = scope_of("hochiminh_quan10", "27178", "27163")
    for text in ("Phường 10 họp", "P10 họp", "P.10 họp", "p. 10 họp", "F.10 họp", "UBND Phường 010 họp"):
        assert about(text, scope=tenth) == ["old:27178 title sure"], text
    for text in ("Ca F1 cách ly", "Bể bơi 5 x 10 m", "10: con số đẹp", "10 - 12 giờ", "Xã 10 họp", "Phường 77 họp"):
        assert about(text, "Phường đông vui", scope=tenth) == [], text
    assert about("Các phường 1, 2 và 4 họp", scope=tenth) == [
        f"old:{code} title sure" for code in (27184, 27190, 27193)
    ]


def test_a_site_writes_about_its_own_units():
    assert [unit.reference for unit in WARD.own] == ["old:00004", "new:00004"] and not DISTRICT.own
    assert DISTRICT.district == "007" and ("new", "00292") in DISTRICT.units and ("old", "00298") in DISTRICT.units
    assert OFFICE.provinces == {"thành phố Hà Nội"} and not OFFICE.units
    assert scope_of("thaibinh_kienxuong", "13075", "13075").provinces == {"tỉnh Thái Bình", "tỉnh Hưng Yên"}
    assert [unit.reference for unit in scope_of("hatinh_ductho", "18229", "18229").own] == ["new:18229"]
    assert scope_of("nowhere", "99999", None) == Scope()


def test_the_page_shows_what_is_found():
    page = (ROOT / "docs" / "units.md").read_text(encoding="utf-8")
    block, *_ = re.findall(r"^```py\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    *steps, last = block.strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(steps), names)
    expression, _, value = last.partition("   # ")
    assert repr(eval(expression, names)) == value
    rows = [f"{half:10}{sum(case.half == half for case in cases()):>7}" for half in HALVES]
    for half, row in zip(HALVES, rows, strict=True):
        result = score(half)
        assert (
            f"{row}{sum(result.right.values()) + result.missed:>7}{result.precision:>11.3f}{result.recall:>8.3f}"
            in page
        )


WORDS = st.sampled_from([
    "phường", "Phường", "PHƯỜNG", "xã", "thị trấn", "P.", "p.", "các", "hai", ",", "-", "–", ":", "(", ")", ".", "4",
    "Bách Khoa", "Bạch Mai", "Đồng Tâm", "đồng tâm", "Hương Sơn", "Phúc Lợi", "quận", "huyện", "TP", "tỉnh", "Hà Đông",
    "Thái Nguyên", "Hai Bà Trưng", "Nguyễn Văn", "cũ", "(cũ)", "mới", "sau sáp nhập", "và", "phuong", "dau lieu", "gồm",
    "hội", "UBND", "\n\n",
])  # fmt: skip
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=3)), max_size=14).map(" ".join)


@examples(150)
@given(TEXTS, TEXTS, TEXTS, st.sampled_from([DISTRICT, WARD, OFFICE, Scope()]), st.sampled_from(["2020", "2026", None]))
def test_any_text_gives_links_that_stand_in_it(title, summary, body, scope, published):
    links = linked_units(title, summary, body, scope=scope, published=published)
    texts = {"title": title, "summary": summary, "body": body, "site": f"{title}\n{summary}\n{body}"}
    assert len({(link.unit.code, link.unit.vintage) for link in links}) == len(links)
    whole = unicodedata.normalize("NFC", f"{title} {summary}").casefold()
    for link in links:
        assert link.evidence and link.evidence in unicodedata.normalize("NFC", texts[link.where])
        assert isinstance(link.certainty, Certainty)
        elsewhere = link.unit.province not in scope.provinces
        assert not elsewhere or any(name in whole + body.casefold() for name in ("hà đông", "thái nguyên", "hai bà"))
