"""What people write, and which units they mean."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import fold
from crawler.units import NEW, OLD, AmbiguousUnit, UnknownUnit, find, key, named, resolve, table
from tests.examples import examples
from tests.running import ROOT

UNITS = list(table())
WHOLE = examples(60)
KINDS = {
    "phường": ["phường", "Phường", "PHƯỜNG", "P.", "P. ", "p", "Ph.", "phuong"],
    "xã": ["xã", "Xã", "X.", "x", "xa"],
    "thị trấn": ["thị trấn", "TT", "TT.", "thi tran"],
    "đặc khu": ["đặc khu", "Đặc Khu", "dac khu"],
    "huyện": ["huyện", "H.", "huyen"],
}
AREAS = {
    "thành phố": ["thành phố", "TP", "TP.", "Tp. "],
    "thị xã": ["thị xã", "TX", "Tx."],
    "quận": ["quận", "Q.", "Q"],
    "huyện": ["huyện", "H."],
    "tỉnh": ["tỉnh", "T.", ""],
}


def references(text):
    return [unit.reference for unit in find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Gia Sàng", "gia sàng", "GIA SÀNG", "Gia Sang", "P. Gia Sàng", "P.Gia Sàng", "phuong gia sang",
        "phường Gia Sàng", "Gia Sàng, Thái Nguyên", "gia sang thai nguyen", "Gia Sàng, tỉnh Thái Nguyên, Việt Nam",
        "UBND phường Gia Sàng",
        unicodedata.normalize("NFD", "Phường Gia Sàng"), "  Gia\u00a0Sàng ", "xã Gia Sàng",
    ],
)  # fmt: skip
def test_an_old_and_a_new_unit_of_one_name(text):
    assert references(text) == ["new:05467", "old:05461"]
    meaning = resolve(text)
    assert meaning.unit.reference == "new:05467"
    assert (meaning.new, meaning.old) == ({"05467"}, {"05461", "05467", "05473", "05914"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hương Sơn, TP Thái Nguyên", ["old:05473"]),
        ("Hương Sơn, thành phố Thái Nguyên, tỉnh Thái Nguyên", ["old:05473"]),
        ("phường Hương Sơn, Thái Nguyên", ["old:05473"]),  # the other one in Thái Nguyên is a thị trấn
        ("huong son thai nguyen", ["old:05473", "old:05908"]),
        ("Trúc Bạch Ba Đình Hà Nội", ["old:00004"]),
        ("Trúc Bạch - quận Ba Đình", ["old:00004"]),
        ("05473", ["old:05473"]),
        ("mã 05473", ["old:05473"]),
        ("00004", ["new:00004", "old:00004"]),
        ("old:00004", ["old:00004"]),
        ("new:00004", ["new:00004"]),
        ("cũ:Gia Sàng", ["old:05461"]),
        ("Gia Sàng (cũ)", ["old:05461"]),
        ("new: gia sang", ["new:05467"]),
        ("P4, Đà Lạt", ["old:24793"]),
        ("phường 04, TP. Đà Lạt", ["old:24793"]),
        ("P.4 Q.3 TPHCM", ["old:27148"]),
        ("Phường 4 quận 3 Thành phố Hồ Chí Minh", ["old:27148"]),
        ("ea hleo, Đắk Lắk", ["new:24184", "old:24184"]),
        ("Ea H’Leo", ["new:24184", "old:24184"]),
        ("Chân Mây Lăng Cô", ["new:20137"]),
        ("Xà Phiên", ["new:31495", "old:31495"]),
        ("xa phien", ["new:31495", "old:31495"]),
        ("Hương Sơn, Bắc Ninh", ["old:07387"]),  # it was in Bắc Giang, which is Bắc Ninh now
        ("Nam Hồng Lĩnh, thị xã Hồng Lĩnh", ["new:18118"]),  # there is no such town any more
        ("Thuận Hóa, Thừa Thiên Huế", ["new:19789"]),
        ("Côn Đảo", ["new:26732", "old:755"]),
        ("Gia Sàng, quận Ba Đình", []),
        ("99999", []), ("1234", []), ("", []), (" , ", []), ("phường", []), ("Sở Thông tin và Truyền thông", []),
    ],
)  # fmt: skip
def test_a_text_names_these_units(text, found):
    assert references(text) == found


def test_marks_that_are_written_count():
    with_marks = {unit.name for unit in find("Tân Thạnh")}
    without = {unit.name for unit in find("tan thanh")}
    assert with_marks == {"Tân Thạnh"}
    assert without >= {"Tân Thạnh", "Tân Thành", "Tân Thanh"}
    assert {unit.name for unit in find("Hoà Bình")} == {"Hòa Bình"}  # the place of the tone makes no difference
    assert {unit.name for unit in find("Tấn Thạnh")} == without  # no such name: it is taken as one with slips


def test_hương_sơn_asks_which():
    with pytest.raises(
        AmbiguousUnit, match="'Hương Sơn' is the name of 9 units: add the district or province"
    ) as raised:
        resolve("Hương Sơn")
    assert "old:05473  phường Hương Sơn, thành phố Thái Nguyên, tỉnh Thái Nguyên" in str(raised.value)
    assert {"new:10489", "old:05473", "old:07387"} <= {unit.reference for unit in raised.value.candidates}
    assert "old:10489" not in str(raised.value)  # it went into new:10489, which is in the message


def test_what_is_no_unit_is_answered_with_the_nearest():
    with pytest.raises(UnknownUnit, match="no ward or commune is called 'Gia Sàn'; did you mean phường Gia Sàng"):
        resolve("Gia Sàn")
    with pytest.raises(UnknownUnit, match="'quận Ba Đình' is a district or province: name one of its wards"):
        resolve("quận Ba Đình")
    with pytest.raises(UnknownUnit, match=r"called '99999'$"):
        resolve("99999")


def test_a_new_unit_means_all_that_went_into_it_and_an_old_one_not_its_neighbours():
    new, old = resolve("05467"), resolve("05473")
    hương_sơn, gia_sàng, elsewhere = ("05473", "05467"), ("05461", "05467"), ("00004", "00004")
    assert [new.includes(*site) for site in (hương_sơn, gia_sàng, elsewhere)] == [True, True, False]
    assert [old.includes(*site) for site in (hương_sơn, gia_sàng, elsewhere)] == [True, False, False]
    assert old.includes(None, "05467")  # a portal of which only the new unit is known
    assert not old.includes(None, None)
    assert not new.includes("05431", None)


def test_every_new_name_in_full_means_its_unit():
    for unit in table().new.values():
        assert unit in find(unit.full_name)
        assert find(unit.reference) == find(unit.label) == [unit]


def test_every_old_name_in_full_means_that_unit_alone():
    for unit in UNITS[len(table().new) :: 7]:  # each seventh, to be quick
        assert find(unit.full_name) == [unit]
        assert resolve(unit.full_name).unit == unit


def test_the_page_shows_what_the_program_says():
    page = (ROOT / "docs" / "units.md").read_text(encoding="utf-8")
    with pytest.raises(AmbiguousUnit) as raised:
        resolve("Hương Sơn")
    assert f"--unit 'Hương Sơn'\ntinphuong: {raised.value}\n```" in page
    (block,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    shown = re.findall(r"^(\S.*?) +# ([^;\n]+)", block, re.MULTILINE)
    assert len(shown) == 6
    names = {"find": find, "named": named, "resolve": resolve, "table": table}
    for expression, value in shown:
        assert repr(eval(expression, names)) == value, expression


@WHOLE
@given(st.sampled_from(UNITS), st.data())
def test_a_unit_is_found_however_it_is_written(unit, data):
    text = " ".join((data.draw(st.sampled_from(KINDS[unit.kind])), unit.name))
    for area in (unit.district, unit.province):
        kind = next((kind for kind in AREAS if area.startswith(kind + " ")), None)
        if kind and area != f"{unit.kind} {unit.name}":
            text += data.draw(st.sampled_from([", ", " - ", " "]))
            text += f"{data.draw(st.sampled_from(AREAS[kind]))} {area[len(kind) + 1 :]}"
    change = data.draw(st.sampled_from([str, str.upper, str.lower, fold, lambda t: unicodedata.normalize("NFD", t)]))
    assert unit in find(change(text))


@WHOLE
@given(st.sampled_from(UNITS), st.data())
def test_a_name_without_marks_or_place_finds_every_unit_of_that_name(unit, data):
    written = data.draw(st.sampled_from([unit.name, fold(unit.name), key(unit.name)]))
    assert unit in find(written)
    assert set(find(written)) >= set(find(f"{unit.vintage}:{written}"))


@examples(30)  # the nearest of all names take their time
@given(st.text(max_size=60) | st.from_regex(r"(old:|P\.?|xã )?[A-Za-zà-ỹ0-9 ,.:()'-]{0,40}", fullmatch=True))
def test_any_text_names_units_or_none_or_several_that_may_be_meant(text):
    found = find(text)
    assert found == sorted(set(found), key=lambda unit: (unit.vintage, unit.code))
    try:
        meaning = resolve(text)
    except AmbiguousUnit as error:
        assert len(error.candidates) > 1
    except UnknownUnit:
        assert not found
    else:
        assert meaning.unit in found
        assert meaning.unit.code in (meaning.new if meaning.unit.vintage == NEW else meaning.old)


@WHOLE
@given(st.sampled_from([unit for unit in UNITS if unit.vintage == OLD]))
def test_what_an_old_unit_means_is_part_of_what_its_new_one_means(unit):
    meaning = resolve(unit.reference)
    assert meaning.old == {unit.code}
    for code in meaning.new:
        assert resolve(f"new:{code}").old >= meaning.old
