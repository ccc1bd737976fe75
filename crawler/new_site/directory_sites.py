"""What the directory of portals says of a portal, as a row of a table of sites."""

import re
from functools import cache

from crawler.new_site.portal_rows import SiteRow
from crawler.new_site.proposed_names import ward_of
from crawler.text import fold, normalize
from crawler.units import OLD, table
from crawler.units.keys import bare
from crawler.units.provinces import provinces, slug_of_province
from spiders.portals import Portal

_KINDS = re.compile(r"^(?:tp|tx|thanhpho|thixa|huyen|quan)(?=[a-z]{3}|\d)|city$")  # around a district's name in a label
_OFFICE = re.compile(r".*?\b(?=(?:quận|huyện|thị xã|thành phố|tp\.?)\s)", re.IGNORECASE)
_BEHIND = re.compile(r"\s*(?:,|\s-\s|\s(?:tỉnh|thành phố|UBND)\s).*", re.IGNORECASE)
_NUMBER = re.compile(r"\s+(\d{1,2}|[IVX]+)\b")  # behind a name: Hải Châu 1, Mỹ Đình I


def site_row(portal: Portal) -> SiteRow:
    """Return the row under which a portal can be crawled: its platform and scheme are to be found out."""
    return SiteRow(
        portal.slug, site_name(portal), portal.host, unit_old=portal.old_code, unit_new=portal.new_code
    )  # fmt: skip


def site_name(portal: Portal) -> str:
    """Return the name of a portal's ward, commune, district or province: of the unit that its code names, else as the
    register names it, else as its host does; the host itself where that says nothing."""
    before, since = portal.units
    if unit := since if portal.since_2025 else before or since:
        return _capital(f"{unit.kind} {unit.name}")
    if portal.is_of_unit:
        return _unit_of_owner(normalize(portal.owner)) or portal.host
    if portal.level == "province":
        known = provinces(OLD).get(portal.province)
        return _capital(known.name) if known else portal.host
    name = _district(portal)
    if portal.level == "service":  # one of several hosts of a district
        return f"{name} ({portal.host})" if name else portal.host
    return name or portal.host


def _unit_of_owner(owner: str) -> str:
    """The name with its kind that the register has: "UBND phường Hải Châu 1, Đà Nẵng" → "Phường Hải Châu 1"."""
    name = ward_of(owner)
    if not name:
        return ""
    at = owner.casefold().find(name.casefold())
    number = _NUMBER.match(owner, at + len(name)) if at >= 0 else None
    return f"{name} {number[1]}" if number else name


def _district(portal: Portal) -> str:
    """The name of a district with its kind: as its host has it, else as the register does."""
    owner = normalize(portal.owner)
    label = _KINDS.sub("", portal.host.partition(".")[0].replace("-", ""))
    known = _districts().get((portal.province, label), ())
    for name in known:  # a city and a district may have the same name
        if len(known) == 1 or fold(name) in fold(owner):
            return _capital(name)
    found = _OFFICE.match(owner)
    return _capital(_BEHIND.sub("", owner[found.end() :])) if found else ""


@cache
def _districts() -> dict[tuple[str, str], tuple[str, ...]]:
    """(slug of a province before July 2025, a district's name as hosts write it) → names with their kinds."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for unit in table().old.values():
        label = re.sub(r"[^a-z0-9]", "", fold(bare(unit.district)))
        found.setdefault((slug_of_province(unit.province), label), {})[unit.district] = None
    return {place: tuple(names) for place, names in found.items()}


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
