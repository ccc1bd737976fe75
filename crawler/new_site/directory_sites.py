"""What the directory of portals says of a portal, as a row of a table of sites."""

import re
from functools import cache

from crawler.new_site.portal_rows import SiteRow
from crawler.new_site.proposed_names import ward_of
from crawler.text import fold, normalize
from crawler.units import OLD, table
from crawler.units.hosts.labels import label
from crawler.units.keys import bare
from crawler.units.provinces import provinces, slug_of_province
from spiders.portals import Portal

_KINDS = re.compile(r"^(?:tp|tx|thanhpho|thixa|huyen|quan)(?=[a-z]{3}|\d)|city$")  # around a district's name in a label
_OFFICE = re.compile(r".*?\b(?=(?:quận|huyện|thị xã|thành phố|tp\.?)\s)", re.IGNORECASE)
_BEHIND = re.compile(r"\s*(?:,|\s-\s|\s(?:tỉnh|thành phố|UBND)\s).*", re.IGNORECASE)
_CITY = re.compile(r"\s(?:tp|tx|thị xã)\b.*", re.IGNORECASE)  # behind a ward: "phường Nam Dương TP Đà Nẵng"
_NUMBER = re.compile(r"\s+(\d{1,2}|[IVX]+)\b")  # behind a name: Hải Châu 1, Mỹ Đình I
_ROMAN = re.compile(r"(?<= )(I{1,3})$")  # Mỹ Đình I is mydinh1
_KIND_IN_LABEL = re.compile(r"^(?:phuong|xa|thitran|tt)")
_KINDS_OF_UNITS = ("Phường", "Xã", "Thị trấn")


def site_row(portal: Portal) -> SiteRow:
    """Return the row under which a portal can be crawled: its platform and scheme are to be found out."""
    return SiteRow(
        portal.slug, site_name(portal), portal.host, unit_old=portal.old_code, unit_new=portal.new_code
    )  # fmt: skip


def site_name(portal: Portal) -> str:
    """Return the name of a portal's ward, commune, district or province: of the unit that its code names, else as the
    register names it, where that is what the host says too; else the host itself."""
    before, since = portal.units
    if unit := since if portal.since_2025 else before or since:
        return unit.title
    if portal.is_of_unit:
        name = _unit_of_owner(normalize(portal.owner), portal.province)
        return name if name and _is_label(portal, name) else portal.host
    if portal.level == "province":
        known = provinces(OLD).get(portal.province)
        return _capital(known.name) if known else portal.host
    name = _district(portal)
    if portal.level == "service":  # one of several hosts of a district
        return f"{name} ({portal.host})" if name else portal.host
    return name or portal.host


def _unit_of_owner(owner: str, province: str) -> str:
    """The name with its kind that the register has: "UBND phường Hải Châu 1, Đà Nẵng" → "Phường Hải Châu 1"."""
    owner = _CITY.sub("", owner)
    name = ward_of(owner)
    if not name:
        return ""
    proper, *district = name.rsplit(" ", 2)
    if proper not in _KINDS_OF_UNITS and (province, label("".join(district))) in _districts():
        return proper  # "thị trấn Phùng Đan Phượng", which is of huyện Đan Phượng
    at = owner.casefold().find(name.casefold())
    number = _NUMBER.match(owner, at + len(name)) if at >= 0 else None
    return f"{name} {number[1]}" if number else name


def _is_label(portal: Portal, name: str) -> bool:
    """Whether a host begins with a ward's name, whatever kind is before it and district behind."""
    kind = next(each for each in _KINDS_OF_UNITS if name.startswith(each))
    written = label(portal.host.partition(".")[0])
    proper = label(_ROMAN.sub(lambda found: str(len(found[1])), name[len(kind) :]))
    rest = written if written.startswith(proper) else _KIND_IN_LABEL.sub("", written)
    behind = rest.removeprefix(proper)
    return rest.startswith(proper) and (not behind or (portal.province, behind) in _districts())


def _district(portal: Portal) -> str:
    """The name of a district with its kind: as its host has it, else as the register does."""
    owner = normalize(portal.owner)
    written = _KINDS.sub("", portal.host.partition(".")[0].replace("-", ""))
    known = _districts().get((portal.province, written), ())
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
        found.setdefault((slug_of_province(unit.province), label(bare(unit.district))), {})[unit.district] = None
    return {place: tuple(names) for place, names in found.items()}


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
