"""`--province` of crawl, status and sites: which sites it means, and what is said where it means none."""

import json

import pytest

from crawler.cli import main

SITES = """\
slug,name,host,platform,unit_old,unit_new,start_pages
thanhhoa_dongson,Phường Đông Sơn,dongson.bimson.thanhhoa.gov.vn,,14815,14797,/
bacgiang_xa,Xã không có mã,xa.bacgiang.gov.vn,,,,/
bacninh_xa,Xã không có mã,xa.bacninh.gov.vn,,,,/
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text(SITES, encoding="utf-8")
    return path


def listed(capsys, *arguments):
    """Return the slugs that `sites` lists."""
    assert main([*map(str, arguments), "--json"]) == 0
    return [site["slug"] for site in json.loads(capsys.readouterr().out)]


def refused(capsys, *arguments):
    """Return the sentence with which a command refuses its arguments."""
    assert main(list(map(str, arguments))) == 2
    return capsys.readouterr().err.removeprefix("tinphuong: ").strip()


@pytest.mark.parametrize(
    ("province", "wanted"),
    [
        ("Hà Nội", ["hanoi_haibatrung", "hanoi_sotttt", "hanoi_trucbach"]),
        ("thanh pho ha noi", ["hanoi_haibatrung", "hanoi_sotttt", "hanoi_trucbach"]),
        ("thanhhoa", ["thanhhoa_dongson"]),
        ("old:bacgiang", ["bacgiang_xa"]),
        ("Bắc Ninh", ["bacgiang_xa", "bacninh_xa"]),  # into which Bắc Giang went in July 2025
        ("old:bacninh", ["bacninh_xa"]),
    ],
)
def test_a_province_is_named_as_people_do(table, capsys, province, wanted):
    assert listed(capsys, "--sites", table, "sites", "--province", province) == wanted


def test_several_provinces_and_a_unit_within_one(table, capsys):
    assert listed(capsys, "--sites", table, "sites", "--province", "thanhhoa", "--province", "hatinh") == [
        "hatinh_honglinh", "thanhhoa_dongson",
    ]  # fmt: skip
    assert listed(capsys, "sites", "--province", "hanoi", "--unit", "00004") == ["hanoi_trucbach"]
    assert listed(capsys, "sites", "--province", "hatinh", "--unit", "00004") == []


@pytest.mark.parametrize("command", ["crawl", "sites", "crawl --due"])
def test_a_province_without_sites_says_how_it_gets_some(capsys, command, tmp_path):
    said = refused(capsys, "--db", tmp_path / "a.db", *command.split(), "--province", "hanoi", "--province", "Lai Châu")
    assert said == (
        "no registered site is of tỉnh Lai Châu: `tinphuong portals add --province laichau` registers those that the "
        "directory has, and `tinphuong discover laichau` looks for others"
    )
    assert not (tmp_path / "a.db").exists()


def test_a_province_of_before_keeps_its_vintage_in_what_is_proposed(capsys):
    assert "`tinphuong discover old:laocai`" in refused(capsys, "crawl", "--province", "old:Lào Cai")
    assert "`tinphuong discover yenbai`" in refused(capsys, "crawl", "--province", "Yên Bái")


def test_no_such_province(capsys):
    assert refused(capsys, "crawl", "--province", "Thanh Hoà Bình").startswith("no province is called 'Thanh Hoà Bình'")


@pytest.mark.parametrize("command", ["crawl", "status"])
def test_sites_besides_a_province_are_refused_as_either_may_be_meant(capsys, command):
    said = refused(capsys, command, "hanoi_trucbach", "--province", "hanoi")
    assert said == ("1 site is named besides --province hanoi: name sites, or a province whose sites are all taken")


def test_all_and_a_province_are_refused(capsys):
    assert "leave one of them out" in refused(capsys, "crawl", "--all", "--province", "hanoi")
    assert "--check" in refused(capsys, "sites", "--check", "--province", "hanoi")
