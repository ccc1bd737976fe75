"""Which portals are asked for: of a province, of a unit, near a host; and how old is what is known of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.units import NEW, OLD, UnitQuery, new_codes, table
from crawler.units.provinces import (
    Province,
    labels_of_provinces,
    merged_into,
    parse_province,
    provinces,
    units_by_province,
)
from crawler.urls import plain_host
from spiders.portals import Directory, Portal

_OF_ANYBODY = frozenset(
    {"vn", "gov.vn", "com.vn", "org.vn", "net.vn", "edu.vn", "info.vn"}
)  # suffixes that say nothing

SAME_UNIT = "same unit since July 2025"
SAME_DISTRICT = "same district"
SAME_SUFFIX = "same suffix"
SAME_PROVINCE = "same province"


@dataclass(frozen=True, slots=True)
class Ages:
    """How old is what is known of some portals. `oldest`, `median`, `newest`: ISO days of certification, "" where
    none has one; `undated`: how many have none; `since_2025`: how many are known to be portals of new units."""

    oldest: str
    median: str
    newest: str
    undated: int
    since_2025: int


@dataclass(frozen=True, slots=True)
class ProvinceCount:
    """A province of today. `units`: how many it has; `with_portal`: on how many of them a ward's or commune's portal
    lies; `portals`: of wards and communes; `others`: of districts and provinces, and services."""

    province: Province
    units: int
    with_portal: int
    portals: tuple[Portal, ...]
    others: tuple[Portal, ...]


def province_today(portal: Portal) -> str:
    """Return the slug of the province in which a portal lies since July 2025, "" where not known."""
    return portal.province if portal.since_2025 else merged_into().get(portal.province, "")


def of_unit(portals: Iterable[Portal], query: UnitQuery) -> list[Portal]:
    """Return the portals of the unit that is meant: of a new one also those of the old ones that went into it."""
    return [
        portal
        for portal in portals
        if portal.is_of_unit
        and (portal.old_code or portal.new_code)
        and any(meaning.includes(portal.old_code, portal.new_code) for meaning in query.meanings)
    ]


def near(
    host: str, portals: Directory, unit_old: str | None = None, unit_new: str | None = None
) -> list[tuple[Portal, str]]:
    """Return the portals near a host, each with why, the nearest first; the one at the host itself is left out.

    Near are those whose unit went into the same new one, those of the same district, and those under the same suffix;
    where there is none of all these, those of the province that the host names. `unit_old`, `unit_new`: the codes of
    the host's unit, where the directory does not know them.
    """
    host = plain_host(host)
    if own := portals.at(host):
        unit_old, unit_new = own.old_code or unit_old, own.new_code or unit_new
    after = new_codes("", unit_old, unit_new) if unit_old or unit_new else frozenset()
    unit = table().get(unit_old, OLD)
    district = unit.district_code if unit else None
    suffix = _suffix(host, portals)
    found: dict[str, list[tuple[Portal, str]]] = {SAME_UNIT: [], SAME_DISTRICT: [], SAME_SUFFIX: []}
    for portal in portals:
        if portal.host == host:
            continue
        before = portal.units[0]
        if after and portal.is_of_unit and after & _new_codes(portal):
            why = SAME_UNIT
        elif district and before and before.district_code == district:
            why = SAME_DISTRICT
        elif suffix and suffix in (portal.host, portal.host.partition(".")[2]):
            why = SAME_SUFFIX
        else:
            continue
        found[why].append((portal, why))
    nearest = [pair for pairs in found.values() for pair in pairs]
    return nearest or [(portal, SAME_PROVINCE) for portal in _of_named_province(host, portals) if portal.host != host]


def ages(portals: Iterable[Portal]) -> Ages:
    """Return how old is what is known of these portals."""
    portals = list(portals)
    days = sorted(portal.seen for portal in portals if portal.seen)
    since = sum(portal.since_2025 for portal in portals)
    oldest, median, newest = (days[0], days[len(days) // 2], days[-1]) if days else ("", "", "")
    return Ages(oldest, median, newest, len(portals) - len(days), since)


def by_province(portals: Directory) -> tuple[list[ProvinceCount], list[Portal]]:
    """Return what is known of each province of today, by name, and the portals whose province is not known."""
    known: dict[str, list[Portal]] = {}
    for portal in portals:
        known.setdefault(province_today(portal), []).append(portal)
    counts = []
    for slug, province in provinces(NEW).items():
        of_it = known.get(slug, [])
        of_units = tuple(portal for portal in of_it if portal.is_of_unit)
        there = {code for portal in of_units for code in _new_codes(portal)}
        others = tuple(portal for portal in of_it if not portal.is_of_unit)
        counts.append(ProvinceCount(province, len(units_by_province()[NEW][slug]), len(there), of_units, others))
    return counts, known.get("", [])


def _new_codes(portal: Portal) -> frozenset[str]:
    """The units of today on whose land the portal's unit lies, as far as codes say."""
    if not (portal.old_code or portal.new_code):
        return frozenset()
    return new_codes("", portal.old_code, portal.new_code)


def _suffix(host: str, portals: Directory) -> str:
    """The longest suffix of a host under which the directory has others; "" where there is none but everybody's."""
    suffix = host.partition(".")[2]
    while suffix and suffix not in _OF_ANYBODY:
        if any(suffix in (portal.host, portal.host.partition(".")[2]) and portal.host != host for portal in portals):
            return suffix
        suffix = suffix.partition(".")[2]
    return ""


def _of_named_province(host: str, portals: Directory) -> list[Portal]:
    labels = labels_of_provinces()
    named = [labels[label] for part in host.split(".") if (label := part.replace("-", "")) in labels]
    return portals.of_province(parse_province(named[-1])) if named else []
