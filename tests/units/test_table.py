"""The table itself: complete, coherent, and right where the facts are known."""

import csv
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from crawler.units import NEW, OLD, named, table
from crawler.units.model import Unit
from spiders.registry import Registry

SITES = Registry.of_package()

FOLDER = Path(sys.modules[Unit.__module__].__file__).parent
ISLANDS = {"318": "11948", "471": "19742", "498": "20333", "536": "21548", "755": "26732"}


@pytest.fixture(scope="module")
def merges():
    with (FOLDER / "merges.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def test_as_many_units_as_the_state_counted():
    units = table()
    assert len(units.new) == 3321
    assert len({unit.province_code for unit in units.new.values()}) == 34
    assert Counter(unit.kind for unit in units.new.values()) == {"xã": 2621, "phường": 687, "đặc khu": 13}
    assert len(units.old) == 10_035 + len(ISLANDS)
    assert len({unit.province_code for unit in units.old.values()}) == 63
    assert len({unit.district_code for unit in units.old.values()}) == 696
    assert len(units) == len(list(units)) == 13_361


def test_every_unit_came_from_somewhere_and_went_somewhere(merges):
    units = table()
    assert {old for old, _, _ in merges} == units.old.keys()
    assert {new for _, new, _ in merges} == units.new.keys()
    assert len({(old, new) for old, new, _ in merges}) == len(merges)
    went = Counter(old for old, _, _ in merges)
    assert all(how == ("whole" if went[old] == 1 else "part") for old, _, how in merges)


def test_no_unit_went_into_two_provinces_and_no_province_was_parted():
    units = table()
    into: dict[str, set[str]] = {}
    for unit in units.old.values():
        into.setdefault(unit.province, set()).update(new.province for new in units.successors(unit.code))
    assert all(len(provinces) == 1 for provinces in into.values())
    assert into["tỉnh Bắc Giang"] == {"tỉnh Bắc Ninh"}
    assert into["tỉnh Bà Rịa - Vũng Tàu"] == {"thành phố Hồ Chí Minh"}


def test_names_are_in_one_form_and_every_field_is_filled():
    for unit in table():
        for text in (unit.code, unit.kind, unit.name, unit.province, unit.full_name):
            assert text == unicodedata.normalize("NFC", text).strip() != ""
            assert "  " not in text
        assert unit.kind in {OLD: ("phường", "xã", "thị trấn", "huyện"), NEW: ("phường", "xã", "đặc khu")}[unit.vintage]
        assert bool(unit.district) == (unit.vintage == OLD)
        assert unit.code.isdigit() and len(unit.code) == (3 if unit.code in ISLANDS else 5)
        assert unit.province.split(" ")[0] in ("tỉnh", "thành")


@pytest.mark.parametrize(
    "known",
    [
        "05473 phường Hương Sơn, thành phố Thái Nguyên, tỉnh Thái Nguyên > 05467 phường Gia Sàng, tỉnh Thái Nguyên",
        "05440 phường Hoàng Văn Thụ, thành phố Thái Nguyên, tỉnh Thái Nguyên > "
        "05443 phường Phan Đình Phùng, tỉnh Thái Nguyên",
        "18127 phường Đậu Liêu, thị xã Hồng Lĩnh, tỉnh Hà Tĩnh > 18118 phường Nam Hồng Lĩnh, tỉnh Hà Tĩnh",
        "00004 phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội > 00004 phường Ba Đình, thành phố Hà Nội",
        "00277 phường Bách Khoa, quận Hai Bà Trưng, thành phố Hà Nội > 00292 phường Bạch Mai, thành phố Hà Nội",
        "755 huyện Côn Đảo, tỉnh Bà Rịa - Vũng Tàu > 26732 đặc khu Côn Đảo, thành phố Hồ Chí Minh",
        "31078 phường Dương Đông, thành phố Phú Quốc, tỉnh Kiên Giang > 31078 đặc khu Phú Quốc, tỉnh An Giang",
    ],
)
def test_a_unit_was_merged_into_the_one_that_the_law_names(known):
    (old, name), (new, into) = (side.split(" ", 1) for side in known.split(" > "))
    assert named(old, OLD) == name
    assert named(new, NEW) == into
    assert [unit.code for unit in table().successors(old)] == [new]
    assert old in {unit.code for unit in table().predecessors(new)}


@pytest.mark.parametrize(
    ("old", "into"),
    [
        ("00016", {"00004", "00008"}),  # Ngọc Hà, Hà Nội: Ba Đình and Ngọc Hà
        ("05461", {"05443", "05467"}),  # Gia Sàng: Phan Đình Phùng and Gia Sàng
        ("28036", {"28036", "28087"}),  # Thủ Thừa: Thủ Thừa and Nhựt Tảo
    ],
)
def test_a_unit_was_split_among_those_that_the_law_names(old, into):
    assert into <= {unit.code for unit in table().successors(old)}


@pytest.mark.parametrize(
    ("old", "new"), [("31268", "31288"), ("31246", "31246"), ("27691", "27694"), ("29902", "29905")]
)
def test_namesakes_from_two_old_provinces_keep_apart(old, new):
    """Tân Thạnh of Thới Lai, Thạnh Quới, Phường 4 of Tân An, Phường 3 of Sa Đéc: the source mixed them with others."""
    assert [unit.code for unit in table().successors(old)] == [new]


def test_islands_without_communes_became_special_zones():
    units = table()
    assert {unit.code for unit in units.old.values() if unit.kind == "huyện"} == ISLANDS.keys()
    for old, new in ISLANDS.items():
        assert units.old[old].name == units.new[new].name
        assert units.new[new].kind == "đặc khu"


def test_a_code_that_was_used_again_names_a_unit_that_holds_the_former_one():
    units = table()
    again = units.old.keys() & units.new.keys()
    assert len(again) == 3316
    assert all(units.new[code] in units.successors(code) for code in again)


def test_unknown_codes_have_no_name_and_no_relatives():
    assert named("99999", NEW) is None
    assert named(None, OLD) is None
    assert table().successors("99999") == table().predecessors("99999") == ()


def test_registered_sites_have_codes_that_fit():
    for slug, spider in SITES.items():
        if spider.unit_old:
            assert table().new[spider.unit_new] in table().successors(spider.unit_old), slug
            assert table().old[spider.unit_old].name in spider.ward, slug
    assert sum(1 for spider in SITES.values() if spider.unit_old) == 5


def test_the_package_is_pure_and_reads_nothing_at_import():
    code = (
        "import sys, crawler.units as units, crawler.units.model as model;"
        "bad = {'scrapy', 'sqlite3', 'storage', 'spiders'} & {name.split('.')[0] for name in sys.modules};"
        "assert not bad, bad; assert not model.table.cache_info().currsize"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, f"importing crawler.units loads more than it needs: {done.stderr}"
