"""Whose a host is: over the directory of portals, over hosts formed from units, and where nothing may be said."""

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from crawler.new_site.proposed_names import ward_of
from crawler.units import host_identity, propose, table
from crawler.units.hosts.labels import unit_labels
from crawler.units.provinces import slug_of_province
from tests.units.hosts import hosts_of

PORTALS = Path(__file__).parents[2] / "spiders" / "portals.csv"
WAYS = {
    "owner and text": lambda host, owner: propose(owner, host, owner),
    "ward and text": lambda host, owner: propose(ward_of(owner) or "", host, owner),
    "ward alone": lambda host, owner: propose(ward_of(owner) or "", host, ""),
    "text alone": lambda host, owner: propose("", host, owner),
    "page": lambda host, owner: propose("", host, page_of(owner)),
}
# Right although the directory states no code: looked at one by one.
LEFT_OPEN = {
    "huongvinh.thuathienhue.gov.vn", "mydinh1.namtuliem.hanoi.gov.vn", "myhoa.vinhlong.gov.vn",
    "phuongduc.thuathienhue.gov.vn", "phuongnguyennghiem.thanhpho.quangngai.gov.vn",
    "phuthuan.phuvang.thuathienhue.gov.vn", "thitranphung.danphuong.hanoi.gov.vn",
}  # fmt: skip


@cache
def rows() -> list[dict[str, str]]:
    with PORTALS.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["owner"]]


def page_of(owner: str) -> str:
    """A front page that names its owner, other wards, areas and offices."""
    others = "\n".join(unit.full_name for unit in list(table().old.values())[::1999])
    menu = "Trang chủ\nGiới thiệu\nTin tức\nĐảng bộ xã họp\nCông dân với chính quyền\n"
    news = "Tin hoạt động. " * 20
    return f"CỔNG THÔNG TIN ĐIỆN TỬ\n{owner}\n{menu}{news}\n{others}\nHợp tác xã, xã hội, thị xã Hồng Lĩnh"


@cache
def found(way: str) -> dict[str, tuple[str | None, str | None]]:
    return {row["host"]: WAYS[way](row["host"], row["owner"]) for row in rows()}


@pytest.mark.parametrize("way", WAYS)
def test_the_directory_is_read_right_and_never_wrong(way):
    known = [row for row in rows() if row["old_code"]]
    assert len(known) > 1600
    said = {row["host"]: found(way)[row["host"]][0] for row in known}
    assert not [row["host"] for row in known if said[row["host"]] not in (None, row["old_code"])]
    right = sum(said[row["host"]] == row["old_code"] for row in known)
    least = 0.98 if way == "page" else 0.99  # pages on which only the district is named
    assert right >= least * len(known), f"only {right} of {len(known)}"


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_said_of_units_that_are_gone_and_of_districts(way):
    unknown = [row for row in rows() if not (row["old_code"] or row["new_code"])]
    assert len(unknown) > 400
    said = {row["host"] for row in unknown if any(found(way)[row["host"]])}
    assert said <= LEFT_OPEN


def test_the_new_unit_is_the_one_that_the_old_one_went_into():
    for row in rows():
        old, new = found("text alone")[row["host"]]
        if row["old_code"] and old:
            after = [unit.code for unit in table().successors(old)]
            assert new in after if len(after) == 1 else new in (None, *after)
            assert row["new_code"] in ("", new)


def test_hosts_formed_by_any_template_are_never_taken_for_another_unit():
    counted: Counter[str] = Counter()
    for unit in list(table().old.values())[::149]:
        if unit.kind == "huyện":
            continue
        place = f"{unit.kind} {unit.name}, {unit.district}, {unit.province}"
        for template, host in hosts_of(unit):
            for text in (f"UBND {place}", f"CỔNG THÔNG TIN ĐIỆN TỬ {place.upper()}"):
                old, new = propose("", host, text)
                after = [one.code for one in table().successors(unit.code)]
                assert old in (None, unit.code) and new in (None, *after), (template, host, text)
                counted["right" if old else "none"] += 1
            short = propose("", host, f"UBND {unit.kind} {unit.name}")
            assert short[0] in (None, unit.code), (template, host)
    assert counted["right"] >= 0.99 * counted.total()


def test_hosts_of_the_new_form_are_of_the_new_unit():
    counted: Counter[str] = Counter()
    for unit in list(table().new.values())[::13]:
        label = unit_labels(unit).get("{ward}", unit_labels(unit)["{kind}{ward}"])
        host = f"{label}.{slug_of_province(unit.province)}.gov.vn"
        owner = f"UBND {unit.kind} {unit.name}, {unit.province}"
        for text in (owner, f"{owner}\nTin ngày 12/8/2026"):
            old, new = propose("", host, text)
            assert new in (None, unit.code)
            assert old is None or old in {one.code for one in table().predecessors(unit.code)}
            counted["none" if new is None else "dated" if text != owner else "right"] += 1
    assert counted["none"] <= 0.02 * counted.total()  # bare names that an old unit elsewhere had, too


@pytest.mark.parametrize(
    ("ward", "host", "text", "codes"),
    [
        # a province's label is not the city of the same name
        ("", "dongson.bimson.thanhhoa.gov.vn", "UBND phường Đông Sơn tỉnh Thanh Hóa", ("14821", "14812")),
        ("Phường Ba Đình", "badinh.bimson.thanhhoa.gov.vn", "", ("14812", "14812")),
        # former labels of provinces, former districts
        ("", "anhoa.thuathienhue.gov.vn", "UBND phường An Hòa", ("19803", "19804")),
        ("", "dakho.dateh.lamdong.gov.vn", "UBND xã Đạ Kho, huyện Đạ Tẻh", ("25153", "25138")),
        # numbers, and letters that type a tone
        ("Xã Phước Cát 2", "phuoccat2cattien.lamdong.gov.vn", "", ("25165", "25180")),
        ("Phường Mỹ Đình I", "mydinh1.namtuliem.hanoi.gov.vn", "", ("00625", None)),
        ("", "hoangquyf.hoanghoa.thanhhoa.gov.vn", "UBND Xã Hoằng Quỳ, tỉnh Thanh Hóa", ("15886", "15880")),
        ("", "hoangquys.hoanghoa.thanhhoa.gov.vn", "UBND Xã Hoằng Quỳ, tỉnh Thanh Hóa", (None, None)),
        # sentence-less owners
        ("", "tthauhien.thieuhoa.thanhhoa.gov.vn", "UBND TT Hậu Hiền, huyện Thiệu Hóa", ("15829", "15820")),
        ("Thị trấn Cái nhum", "cainhum.vinhlong.gov.vn", "", ("29641", "29641")),
        # names cut off, or of something else
        ("Xã Thanh Thủy Thị", "thanhthuy.thixanghison.thanhhoa.gov.vn", "", ("16567", "16576")),
        ("Phường Hải Châu", "haichau1.danang.gov.vn", "", (None, None)),
        ("", "haichau.danang.gov.vn", "UBND phường Hải Châu 1, quận Hải Châu, Đà Nẵng", (None, None)),
        # host and text contradict each other
        ("", "trucbach.badinh.hanoi.gov.vn", "UBND phường Trúc Bạch, quận Tây Hồ, Hà Nội", (None, None)),
        ("", "ngocha.badinh.hanoi.gov.vn", "UBND phường Trúc Bạch, quận Ba Đình, Hà Nội", (None, None)),
        ("", "trucbach.badinh.hanoi.gov.vn", "UBND phường Trúc Bạch, tỉnh Thanh Hóa", (None, None)),
        # homonyms
        ("", "quangtrung.thanhhoa.gov.vn", "UBND xã Quang Trung, tỉnh Thanh Hóa", (None, None)),
        ("Xã Tân Hưng", "tanhung.vinhlong.gov.vn", "UBND xã Tân Hưng tỉnh Vĩnh Long", (None, None)),
        # districts
        ("Huyện A Lưới", "aluoi.thuathienhue.gov.vn", "UBND huyện A Lưới", (None, None)),
        ("Quận Hà Đông", "hadong.hanoi.gov.vn", "Quận Hà Đông, Thành phố Hà Nội", (None, None)),
        ("Phường Hà Đông", "hadong.hanoi.gov.vn", "Phường Hà Đông, Thành phố Hà Nội", (None, "09556")),
        # nothing but a host
        ("", "trucbach.badinh.hanoi.gov.vn", "", (None, None)),
        ("", "127.0.0.1:8000", "", (None, None)),
        ("", "", "", (None, None)),
    ],
)
def test_kinds_of_hosts_and_owners(ward, host, text, codes):
    assert propose(ward, host, text) == codes


def test_the_evidence_is_said():
    told = host_identity("", "trucbach.badinh.hanoi.gov.vn", "UBND phường Trúc Bạch, quận Ba Đình")
    assert (told.unit_old, told.unit_new) == ("00004", "00004")
    assert told.evidence == (
        "“Trúc Bạch” is named", "the host's label trucbach is its name", "the host names its district",
        "the page names its district",
    )  # fmt: skip
    other = host_identity("", "ngocha.badinh.hanoi.gov.vn", "UBND phường Trúc Bạch, quận Ba Đình")
    assert other.unit_old is None and other.against == (
        "the page names Trúc Bạch, and the host's label is another name",
    )


def test_the_page_shows_what_is_said():
    page = (PORTALS.parents[1] / "docs" / "units.md").read_text(encoding="utf-8")
    _, block = re.findall(r"^```py\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = block.replace("\n# ", "   # ").splitlines()
    shown = [line.partition("   # ") for line in lines if "   # " in line]
    assert len(shown) == 3
    for expression, _, value in shown:
        assert repr(eval(expression.strip(), {"host_identity": host_identity, "propose": propose})) == value
