"""Slugs of sites, `<province>_<place>`: formed from hosts, unique, short, and read back. Pure functions.

The place is the host's first label; a district goes behind it where two would be the same (`angiang_anphu_tinhbien`),
or where a township has its district's name; a number only where nothing else parts them.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count

from crawler.units.hosts.labels import district_labels, label, unit_labels
from crawler.units.hosts.reading import labels_of, read_host
from crawler.units.keys import bare
from crawler.units.model import NEW, OLD, Unit, table
from crawler.units.provinces import labels_of_provinces, slug_of_province

_ELSEWHERE = "khac"  # for hosts that name no province
_SHORTEST_INITIALS = 3
_SHORTEST_BEFORE_TAIL, _LONGEST_TAIL = 6, 2  # letters of a name, and of what hosts put behind it to part homonyms


@dataclass(frozen=True, slots=True)
class Named:
    """A site to be named: its host, the codes of its unit, None where not known, and the slug of its province, ""."""

    host: str
    unit_old: str | None = None
    unit_new: str | None = None
    province: str = ""


def slug_of(host: str) -> str:
    """Return `<province>_<place>` for a host: hanoi_trucbach for trucbach.badinh.hanoi.gov.vn.

    A host without a province in its name gets `khac_` ("other"), unless a district in it is in one province alone; an
    IP address gets `khac_may…`.
    """
    labels = [part.replace("-", "") for part in labels_of(host)]
    if all(part.isdigit() for part in labels):
        return f"{_ELSEWHERE}_may{''.join(labels)}"
    for index in range(len(labels) - 1, -1, -1):
        if not (province := _province(labels[index])):
            continue
        if index:
            return f"{province}_{labels[0]}"
        city = "tinh" if labels[0] in labels_of_provinces() else "thanhpho"
        return f"{province}_{next((other for other in labels if other != labels[0]), city)}"
    return f"{read_host(host).province or _ELSEWHERE}_{labels[0] if labels else 'site'}"


def slug_for(site: Named, taken: Collection[str] = frozenset()) -> str:
    """Return a slug for a site that is not in `taken`, the shortest.

    That of `slug_of`, with the site's province where the host names none, unless it is taken, or would be read as the
    district's: then with the unit's district, and only then with a number.
    """
    return next(slug for slug in _slugs(site) if slug not in taken)


def slugs_for(sites: Iterable[Named], kept: Mapping[str, str]) -> dict[str, str]:
    """Return host → slug of all sites; those in `kept`, host → slug, stay.

    Where several hosts would have one slug, each gets its district, if they lie in different ones; hosts of one
    district are parted by what is left.
    """
    found = dict(kept)
    taken = set(kept.values())
    groups: dict[str, list[Named]] = {}
    for site in sites:
        if site.host not in found:
            groups.setdefault(next(_slugs(site)), []).append(site)
    for slug, group in groups.items():
        districts = {_district(site) for site in group}
        for site in sorted(group, key=lambda site: slug_of(site.host) != slug):  # those whose host says it all first
            others = taken | {slug} if len(districts) > 1 and _district(site) else taken
            found[site.host] = slug_for(site, others)
            taken.add(found[site.host])
    return found


def is_of_unit(place: str, unit: Unit) -> bool:
    """Tell whether the place of a slug names a unit, and not its district: trucbach, phuong4, anphu_tinhbien."""
    ward, _, behind = place.partition("_")
    if not behind and unit.vintage == OLD and ward == label(bare(unit.district)):
        return False
    ward = ward.removeprefix("ubnd") or ward
    return any(_names(written, unit) for written in (ward, re.sub(r"\d+$", "", ward)) if written)


def _names(written: str, unit: Unit) -> bool:
    for form, text in unit_labels(unit).items():
        if form == "{initials}" and len(text) < _SHORTEST_INITIALS:
            continue
        if written == text:
            return True
        behind = written.removeprefix(text)
        if unit.vintage == OLD and behind != written and behind in _districts_of(unit):
            return True
        if len(text) >= _SHORTEST_BEFORE_TAIL and behind != written and len(behind) <= _LONGEST_TAIL:
            return True
    return False


def _districts_of(unit: Unit) -> frozenset[str]:
    return frozenset(district_labels(unit.district, unit.province).values())


def _slugs(site: Named) -> Iterator[str]:
    """Yield the slugs that a site may have, the best first."""
    units = table()
    old, new = units.get(site.unit_old, OLD), units.get(site.unit_new, NEW)
    slug = slug_of(site.host)
    province, _, place = slug.partition("_")
    if province == _ELSEWHERE:
        unit = old or new
        slug = f"{slug_of_province(unit.province) if unit else site.province or province}_{place}"
    district = _district(site)
    if not (old and district and place == label(bare(old.district))):
        yield slug
    if district:
        slug = f"{slug}_{district}"
        yield slug
    yield from (f"{slug}{number}" for number in count(2))


def _district(site: Named) -> str:
    """The label of the district that parts a site from others: its unit's, or the one that its host names; ""."""
    if old := table().get(site.unit_old, OLD):
        name = label(bare(old.district))
        return f"quan{name}" if name.isdigit() else name
    labels = [part.replace("-", "") for part in labels_of(site.host)]
    return labels[1] if len(labels) > 1 and read_host(site.host).districts and not _province(labels[1]) else ""


@cache
def _province(part: str) -> str:
    """The slug of the province that a label means, as its own or its city's; ""."""
    known = labels_of_provinces()
    return known.get(part) or known.get(part.removesuffix("city")) or known.get(part.removeprefix("tp")) or ""
