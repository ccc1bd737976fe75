"""The names that are asked for: how many hosts of the directory they find that were kept aside, and at what cost."""

import random

import pytest

from crawler.discovery.forms import GENERAL, form_of, learn
from crawler.discovery.names import area_of_province, area_of_unit, candidates_of, is_askable, sources_of
from crawler.units import NEW, OLD, parse_unit, table
from crawler.units.provinces import parse_province, provinces, slug_of_province
from spiders.portals import Directory, directory

KEPT_ASIDE = 200
PORTALS = [portal for portal in directory() if portal.is_of_unit and portal.province]
OTHERS = [portal for portal in directory() if not portal.is_of_unit]


def hosts_of(province, known, monkeypatch):
    """The hosts that are asked for of a province of today, where only `known` is listed, and how many units it has."""
    listed = Directory(known)
    monkeypatch.setattr("crawler.discovery.names.directory", lambda: listed)
    area = area_of_province(province, parse_province(province))
    found = candidates_of(area, learn(known))
    return {candidate.host: candidate for candidate in found}, len(area)


@pytest.mark.parametrize("seed", [1, 2])
def test_hosts_kept_aside_are_found_at_few_names_a_unit(seed, monkeypatch):
    mixed = random.Random(seed).sample(PORTALS, len(PORTALS))
    aside, known = mixed[:KEPT_ASIDE], mixed[KEPT_ASIDE:] + OTHERS
    asked, units = {}, 0
    for slug in provinces(NEW):
        query = parse_province(f"new:{slug}")
        if any(portal.is_in(query) for portal in aside):
            found, count = hosts_of(f"new:{slug}", known, monkeypatch)
            asked |= found
            units += count
    with_codes = [portal for portal in aside if portal.old_code or portal.new_code]
    assert sum(portal.host in asked for portal in aside) / len(aside) >= 0.87
    assert sum(portal.host in asked for portal in with_codes) / len(with_codes) >= 0.95
    assert len(asked) / units <= 3.5


def test_hosts_of_a_province_that_shows_none_are_found_by_the_general_forms(monkeypatch):
    hits, of_all, names, units = 0, 0, 0, 0
    for slug in ("angiang", "caobang", "khanhhoa", "quangngai", "danang"):
        of_it = [portal for portal in PORTALS if portal.province == slug and portal.old_code]
        others = [portal for portal in PORTALS if portal.province != slug] + OTHERS
        asked, count = hosts_of(f"old:{slug}", others, monkeypatch)
        hits += sum(portal.host in asked for portal in of_it)
        of_all += len(of_it)
        names, units = names + len(asked), units + count
    assert hits / of_all >= 0.80
    assert names / units <= 4.1


def test_every_new_unit_has_a_name_in_the_form_of_today():
    for slug in ("hanoi", "hochiminh", "hue", "laocai"):
        area = area_of_province(slug, parse_province(slug))
        of_today = [name for name in candidates_of(area) if name.form == "{ward}.{new province}.gov.vn"]
        assert {unit for name in of_today for unit in name.units if unit.vintage == NEW} == set(area.new)
        assert len(of_today) <= len(area.new)


def test_a_name_that_several_units_share_carries_them_all():
    found = {name.host: name for name in candidates_of(area_of_province("Thanh Hóa", parse_province("Thanh Hóa")))}
    shared = [name for name in found.values() if len(name.units) > 1]
    assert shared
    for name in shared:
        labels = {(unit.vintage, unit.code) for unit in name.units}
        assert len(labels) == len(name.units)


def test_no_name_says_nothing_of_where_its_unit_is():
    for slug in ("backan", "dienbien", "hochiminh", "hatinh"):
        asked = candidates_of(area_of_province(f"old:{slug}", parse_province(f"old:{slug}")))
        assert all(is_askable(name.host) for name in asked)
        assert not [name.host for name in asked if name.host.count(".") < 3 and name.host.endswith(".gov.vn")]


def test_district_alone_before_gov_vn_is_asked_for_only_where_the_province_shows_it():
    form = "{ward}.{district}.gov.vn"
    shown = candidates_of(area_of_province("old:Bắc Kạn", parse_province("old:Bắc Kạn")))
    assert any(name.form == form for name in shown)
    for slug in ("laocai", "nghean", "thanhhoa", "hatinh"):
        assert not [name for name in candidates_of(area_of_province(slug, parse_province(slug))) if name.form == form]


@pytest.mark.parametrize(
    ("host", "form", "place"),
    [
        ("aithuong.bathuoc.thanhhoa.gov.vn", "{ward}.{district}.{province}.gov.vn", "bathuoc"),
        ("dienbien.tpthanhhoa.thanhhoa.gov.vn", "{ward}.{district}.{province}.gov.vn", "tpthanhhoa"),
        ("ancuu.thuathienhue.gov.vn", "{ward}.{province}.gov.vn", ""),
        ("xasonmau.sontay.quangngai.gov.vn", "{kind}{ward}.{district}.{province}.gov.vn", "sontay"),
        ("canhuu-quocoai.thudo.gov.vn", "{ward}-{district}.thudo.gov.vn", "quocoai"),
        ("ducxuan.backancity.gov.vn", "{ward}.{district}.gov.vn", "backancity"),
        ("giaviencattien.lamdong.gov.vn", "{ward}{district}.{province}.gov.vn", "cattien"),
        ("phuong2.baoloc.lamdong.gov.vn", "{ward}.{district}.{province}.gov.vn", "baoloc"),
    ],
)
def test_a_form_is_learnt_from_a_host(host, form, place):
    portal = directory().at(host)
    assert portal is not None
    assert form_of(host, table().get(portal.old_code, OLD), learn(directory())) == (form, place)


def test_a_form_that_names_no_area_is_never_learnt():
    host = "phuongnguyenthaibinh.gov.vn"
    unit = next(unit for unit in table().old.values() if unit.name == "Nguyễn Thái Bình" and unit.district == "quận 1")
    assert form_of(host, unit, learn(directory())) is None


def test_the_general_forms_are_four():
    assert len(GENERAL) == 4


def test_one_unit_is_asked_for_with_those_that_went_into_it():
    area = area_of_unit("new:14797", parse_unit("new:14797"))
    assert {unit.code for unit in area.new} == {"14797"}
    assert {unit.code for unit in area.old} == {unit.code for unit in table().predecessors("14797")}
    assert area.province == "thanhhoa"


def test_links_are_read_on_the_portals_of_the_province_and_its_districts():
    hosts = {source.host for source in sources_of(area_of_province("Thanh Hóa", parse_province("Thanh Hóa")))}
    assert {"thanhhoa.gov.vn", "tpthanhhoa.thanhhoa.gov.vn", "bathuoc.thanhhoa.gov.vn"} <= hosts
    assert all(slug_of_province("tỉnh Thanh Hóa") in host for host in hosts)
