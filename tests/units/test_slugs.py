"""Slugs: over the whole directory unique, valid, stable and short; and read back as the ward's own site."""

import csv
import shutil
from pathlib import Path

import pytest

from crawler.units.hosts.slugs import Named, slug_for, slug_of, slugs_for
from crawler.units.scope import own_units
from crawler.urls import plain_host
from spiders.portals import directory, slugs
from spiders.registry import Registry
from spiders.site_table import wrong_cell

PORTALS = Path(__file__).parents[2] / "spiders" / "portals.csv"


def test_each_portal_has_a_slug_of_its_own():
    found = [portal.slug for portal in directory()]
    assert len(found) > 2300 and len(set(found)) == len(found)
    assert not [slug for slug in found if wrong_cell("slug", slug)]


def test_slugs_are_the_shortest_that_are_free():
    held = {portal.slug: portal for portal in directory()}
    bases = [slug_of(portal.host) for portal in directory()]
    for portal in directory():
        province, _, place = portal.slug.partition("_")
        base = slug_of(portal.host)
        if portal.slug == base or base.startswith("khac_"):
            continue
        ward, _, district = place.partition("_")
        old = portal.units[0]
        is_read_as_district = old is not None and not own_units(f"{province}_{ward}", old.code, None)
        shared = bases.count(base) > 1 or base in held
        assert shared or is_read_as_district, f"{portal.host} need not be {portal.slug}"
        assert district or not old or portal.slug[-1].isdigit()


def test_the_sites_of_the_package_keep_theirs():
    sites = Registry.of_package()
    of_host = {plain_host(site.host): slug for slug, site in sites.items()}
    for portal in directory():
        assert portal.slug == of_host.get(portal.host, portal.slug)
        assert portal.slug not in sites or portal.host in of_host


def test_a_slug_tells_that_a_site_is_the_wards_own():
    of_units = [portal for portal in directory() if portal.old_code]
    others = [portal.host for portal in of_units if not own_units(portal.slug, portal.old_code, portal.new_code)]
    assert others in ([], ["huongphongtphue.thuathienhue.gov.vn"])  # its label and its code name different units


def test_filling_again_changes_nothing_and_keeps_what_is_there(tmp_path):
    table = tmp_path / "portals.csv"
    shutil.copy(PORTALS, table)
    assert slugs.main([str(table)]) == 0
    assert table.read_bytes() == PORTALS.read_bytes()
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    gone = [row for row in rows if row["slug"].count("_") > 1][:5]
    for row in gone:
        row["slug"] = ""
    again = slugs.named(rows)
    assert len(set(again.values())) == len(rows)
    assert all(again[row["host"]] == row["slug"] for row in rows if row["slug"])


def test_a_table_that_cannot_be_read_is_named(tmp_path, capsys):
    assert slugs.main([str(tmp_path / "none.csv")]) == 2
    assert "cannot be filled" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("anhoa.thuathienhue.gov.vn", "hue_anhoa"),
        ("quan3.hochiminhcity.gov.vn", "hochiminh_quan3"),
        ("phuong1.tphcm.gov.vn", "hochiminh_phuong1"),
        ("canhuu-quocoai.thudo.gov.vn", "hanoi_canhuuquocoai"),
        ("x.baria-vungtau.gov.vn", "bariavungtau_x"),
        ("bangphuc.chodon.gov.vn", "backan_bangphuc"),
        ("backancity.gov.vn", "backan_thanhpho"),
        ("thanhhoa.nhuxuan.thanhhoa.gov.vn", "thanhhoa_thanhhoa"),
        ("abc.example.vn", "khac_abc"),
    ],
)
def test_labels_of_provinces_become_their_slugs(host, slug):
    assert slug_of(host) == slug


def test_the_district_parts_hosts_and_a_number_only_what_is_left():
    township, other = "anphu.anphu.angiang.gov.vn", "anphu.tinhbien.angiang.gov.vn"
    assert slug_for(Named(other, "30514")) == "angiang_anphu"
    assert slug_for(Named(other, "30514"), {"angiang_anphu"}) == "angiang_anphu_tinhbien"
    assert slug_for(Named(other), {"angiang_anphu"}) == "angiang_anphu_tinhbien", "the host names the district as well"
    assert slug_for(Named(township, "30337")) == "angiang_anphu_anphu", "angiang_anphu would be the district's"
    assert slug_for(Named("anphu.angiang.gov.vn"), {"angiang_anphu"}) == "angiang_anphu2"
    sites = [Named(township, "30337"), Named(other, "30514"), Named("anphu.angiang.gov.vn")]
    assert slugs_for(sites, {}) == {
        township: "angiang_anphu_anphu", other: "angiang_anphu_tinhbien", "anphu.angiang.gov.vn": "angiang_anphu",
    }  # fmt: skip
    assert slugs_for(sites, {other: "angiang_anphu"})[other] == "angiang_anphu"
