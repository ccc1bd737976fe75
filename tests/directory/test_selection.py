"""Which portals lie in a province, are of a unit, or near a host; every portal is in one province of today at most."""

import pytest

from crawler.new_site.directory_sites import site_name, site_row
from crawler.new_site.portal_rows import add_sites
from crawler.units import NEW, parse_unit, table
from crawler.units.provinces import parse_province, provinces
from spiders.portals import directory
from spiders.portals.selection import (
    SAME_DISTRICT,
    SAME_PROVINCE,
    SAME_SUFFIX,
    SAME_UNIT,
    ages,
    by_province,
    near,
    of_unit,
)
from spiders.registry import Registry

PORTALS = directory()


def hosts(portals):
    return {portal.host for portal in portals}


def test_provinces_hold_what_their_own_question_finds():
    counts, unplaced = by_province(PORTALS)
    assert [each.province.slug for each in counts] == list(provinces(NEW))
    for each in counts:
        asked = PORTALS.of_province(parse_province(f"new:{each.province.slug}"))
        assert hosts(asked) == hosts((*each.portals, *each.others))
        assert len({portal.new_code for portal in each.portals} - {None}) <= each.with_portal <= each.units
    assert sum(len(each.portals) + len(each.others) for each in counts) + len(unplaced) == len(PORTALS)
    assert sum(each.units for each in counts) == len(table().new)


def test_what_a_province_adds_is_what_crawling_it_takes():
    """As long as codes say where a site lies; without them its slug does."""
    known = [portal for portal in PORTALS if portal.old_code or portal.new_code]
    for slug in provinces(NEW):
        query = parse_province(f"new:{slug}")
        assert [portal for portal in known if portal.is_in(query)] == [
            portal for portal in known if query.includes(portal.old_code, portal.new_code, portal.slug)
        ]


def test_a_new_unit_has_the_portals_of_all_that_went_into_it():
    found = hosts(of_unit(PORTALS, parse_unit("phường Hạc Thành")))
    assert {"lamson.tpthanhhoa.thanhhoa.gov.vn", "dienbien.tpthanhhoa.thanhhoa.gov.vn"} <= found
    alone = of_unit(PORTALS, parse_unit("old: phường Lam Sơn, thành phố Thanh Hóa"))
    assert hosts(alone) == {"lamson.tpthanhhoa.thanhhoa.gov.vn"}
    assert of_unit(PORTALS, parse_unit("new: phường Lào Cai")) == []


def test_near_is_first_the_same_unit_then_the_district_then_the_suffix():
    found = near("www.trucbach.badinh.hanoi.gov.vn", PORTALS)
    why = {portal.host: reason for portal, reason in found}
    assert "trucbach.badinh.hanoi.gov.vn" not in why
    assert why["quanthanh.badinh.hanoi.gov.vn"] == SAME_UNIT and why["congvi.badinh.hanoi.gov.vn"] == SAME_DISTRICT
    assert why["badinh.hanoi.gov.vn"] == SAME_SUFFIX
    assert [reason for _, reason in found] == sorted(
        (reason for _, reason in found), key=[SAME_UNIT, SAME_DISTRICT, SAME_SUFFIX].index
    )


def test_near_a_host_that_nobody_listed():
    unlisted = near("xyz.badinh.hanoi.gov.vn", PORTALS)
    assert {reason for _, reason in unlisted} == {SAME_SUFFIX} and "trucbach.badinh.hanoi.gov.vn" in hosts(
        portal for portal, _ in unlisted
    )
    known = near("somewhere.example.vn", PORTALS, "00013", None)  # by the code that its site has: phường Trúc Bạch
    assert known and known[0][1] == SAME_UNIT
    assert {reason for _, reason in near("a.b.camau.vn", PORTALS)} == {SAME_PROVINCE}
    assert near("a.example.com", PORTALS) == [] == near("a.gov.vn", PORTALS)


def test_ages_say_what_is_known():
    known = ages(PORTALS)
    assert known.oldest < known.median < known.newest and known.undated == sum(not portal.seen for portal in PORTALS)
    assert ages([]) == ages(portal for portal in PORTALS if portal.host == "none")


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("aithuong.bathuoc.thanhhoa.gov.vn", "Xã Ái Thượng"),
        ("phuong11quan3.gov.vn", "Phường 11"),
        ("haibatrung.hanoi.gov.vn", "Phường Hai Bà Trưng"),  # since July 2025, not the district
        ("haichau1.danang.gov.vn", "Phường Hải Châu 1"),
        ("namduong.danang.gov.vn", "Phường Nam Dương"),
        ("haiyen.thixanghison.thanhhoa.gov.vn", "Xã Hải Yến"),
        ("phuthuan.phuvang.thuathienhue.gov.vn", "Xã Phú Thuận"),
        ("thitranphung.danphuong.hanoi.gov.vn", "Thị trấn Phùng"),
        ("ttphongdien.thuathienhue.gov.vn", "Thị trấn Phong Điền"),
        ("mydinh1.namtuliem.hanoi.gov.vn", "Phường Mỹ Đình I"),
        ("lamdot.thuathienhue.gov.vn", "lamdot.thuathienhue.gov.vn"),  # "xã Lâm, Đớt"
        ("hoalam-unghoa.thudo.gov.vn", "Xã Hòa Lâm"),
        ("tpcaolanh.dongthap.gov.vn", "Thành phố Cao Lãnh"),
        ("caolanh.dongthap.gov.vn", "Huyện Cao Lãnh"),
        ("benluc.longan.gov.vn", "Huyện Bến Lức"),
        ("quan12.hochiminhcity.gov.vn", "Quận 12"),
        ("halongcity.gov.vn", "Thành phố Hạ Long"),
        ("cattien.lamdong.gov.vn", "Huyện Cát Tiên"),
        ("longan.gov.vn", "Tỉnh Long An"),
        ("tayho360.vn", "Quận Tây Hồ (tayho360.vn)"),
        ("ubndnhonmy.gov.vn", "ubndnhonmy.gov.vn"),
    ],
)
def test_a_site_is_named_as_its_ward_or_district_is(host, name):
    assert site_name(PORTALS.at(host)) == name


def test_every_portal_can_be_a_row_of_a_table(tmp_path):
    table = tmp_path / "sites.csv"
    found = add_sites(table, map(site_row, PORTALS), {})
    assert len(found.added) == len(PORTALS) and not (found.refused or found.renamed or found.registered)
    sites = Registry.of_places([table])
    assert {(site.host, site.unit_old, site.unit_new) for site in sites.values()} == {
        (portal.host, portal.old_code, portal.new_code) for portal in PORTALS
    }
