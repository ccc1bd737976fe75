"""Which names are asked for: those that the units of a province, or single ones, may have. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property

from crawler.discovery.forms import Learnt, district_of, filled, learn, names_of
from crawler.discovery.model import Candidate
from crawler.units import OLD, Unit, UnitQuery, table
from crawler.units.hosts.labels import label
from crawler.units.provinces import ProvinceQuery, slug_of_province
from spiders.portals import Portal, directory

LEAST_LIKELY = 0.05
"""A name is asked for if one in so many, of those that are as likely, is expected to be a portal's."""
LEAST_LIKELY_OF_KNOWN = 0.15
"""The same for further names of a unit that has a portal in the directory: few have two."""
MOST_OF_A_UNIT = 5
NEW_FORM = "{ward}.{new province}.gov.vn"
NEW_FORM_WITH_KIND = "{kind}{ward}.{new province}.gov.vn"


@dataclass(frozen=True)
class Area:
    """What is searched: units of before and since July 2025, by code, and how the area is called.

    `text`: as the user wrote it; `province`: slug of the one that was named, or of today's that the unit lies in.
    """

    text: str
    name: str
    old: tuple[Unit, ...]
    new: tuple[Unit, ...]
    province: str

    @cached_property
    def provinces(self) -> frozenset[str]:
        """The slugs of all provinces, before and since, that the units lie in."""
        return frozenset(slug_of_province(unit.province) for unit in self.units)

    @property
    def units(self) -> tuple[Unit, ...]:
        """All units, the new ones first."""
        return self.new + self.old

    @cached_property
    def references(self) -> frozenset[str]:
        """The references of all units: "new:05443"."""
        return frozenset(unit.reference for unit in self.units)

    def __len__(self) -> int:
        return len(self.old) + len(self.new)


def area_of_province(text: str, query: ProvinceQuery) -> Area:
    """Return all units of a province."""
    units = table()
    old = tuple(unit for unit in units.old.values() if query.holds(unit))
    new = tuple(unit for unit in units.new.values() if query.holds(unit))
    return Area(text, query.province.name, old, new, query.province.slug)


def area_of_unit(text: str, query: UnitQuery) -> Area:
    """Return a unit, with those that went into it or those that it went into. Raises UnknownUnit or AmbiguousUnit."""
    if query.error is not None:
        raise query.error
    (meaning,) = query.meanings
    units = table()
    old = tuple(units.old[code] for code in sorted(meaning.old))
    new = tuple(units.new[code] for code in sorted(meaning.new))
    province = slug_of_province((*new, meaning.unit)[0].province)
    return Area(text, meaning.unit.full_name, old, new, province)


@cache
def learnt_from_directory() -> Learnt:
    """Return what the directory shows of how hosts are formed, found out once."""
    return learn(directory())


def candidates_of(area: Area, learnt: Learnt | None = None) -> list[Candidate]:
    """Return the names that the units of an area may have, each once with all units that make it, the likeliest first.

    The new form of every new unit comes first: it is one name a unit.
    """
    learnt = learnt or learnt_from_directory()
    found: dict[str, tuple[float, Candidate]] = {}
    for unit in area.new:
        for host, form in _new_names(unit, learnt):
            _add(found, host, form, 1.0 if form == NEW_FORM else 0.5, unit)
    for unit in area.old:
        best: dict[str, tuple[float, str]] = {}
        for host, form, chance in names_of(unit, learnt):
            if is_askable(host):
                best[host] = max(best.get(host, (0.0, "")), (chance, form))
        least = LEAST_LIKELY_OF_KNOWN if (OLD, unit.code) in directory().by_unit else LEAST_LIKELY
        likeliest = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:MOST_OF_A_UNIT]
        for host, (chance, form) in likeliest:
            if chance >= least:
                _add(found, host, form, chance, unit)
    ranked = sorted(found.values(), key=lambda item: (-item[0], item[1].host))
    return [candidate for _, candidate in ranked]


def in_directory(area: Area) -> list[Portal]:
    """Return the portals of the area that the directory has: they are known, and are not asked for."""
    units = set(area.units)
    return [portal for portal in directory() if not units.isdisjoint(portal.units)]


def is_askable(host: str) -> bool:
    """Tell whether a name may be asked for: not `{ward}.gov.vn`, which may be of anybody, and no longer than names are.

    (bachmai.gov.vn is a hospital.)
    """
    labels = host.split(".")
    return len(labels) >= (4 if host.endswith(".gov.vn") else 3) and all(0 < len(part) <= 63 for part in labels)


def suffix_of(host: str) -> str:
    """Return what a host ends in, under which others of its kind are: "thoaison.angiang.gov.vn"."""
    return host.partition(".")[2]


def _new_names(unit: Unit, learnt: Learnt) -> Iterable[tuple[str, str]]:
    """Yield the names of a new unit in the form that nearly all have since July 2025.

    Where two units of a province share a label, the kind may stand before it.
    """
    slug = slug_of_province(unit.province)
    area = learnt.area(slug)
    yield filled("{ward}.{province}.gov.vn", unit, province=area), NEW_FORM
    if len(_sharing(slug, label(unit.name))) > 1 and (
        named := filled("{kind}{ward}.{province}.gov.vn", unit, province=area)
    ):
        yield named, NEW_FORM_WITH_KIND


@cache
def _of_label() -> dict[tuple[str, str], list[Unit]]:
    found: dict[tuple[str, str], list[Unit]] = {}
    for unit in table().new.values():
        found.setdefault((slug_of_province(unit.province), label(unit.name)), []).append(unit)
    return found


def _sharing(province: str, ward: str) -> list[Unit]:
    return _of_label().get((province, ward), [])


def _add(found: dict[str, tuple[float, Candidate]], host: str, form: str, chance: float, unit: Unit) -> None:
    """Add a name, or a unit to one that is known, under its likelier form."""
    before = found.get(host)
    if before is None:
        found[host] = chance, Candidate(host, (unit,), form)
        return
    known = before[1]
    units = known.units if unit in known.units else (*known.units, unit)
    found[host] = max(chance, before[0]), replace(known, units=units, form=form if chance > before[0] else known.form)


def sources_of(area: Area) -> list[Candidate]:
    """Return the portals whose front pages link to those of the area's units: its provinces' and its districts'."""
    districts = {unit.district_code for unit in area.old} | {
        before.district_code for unit in area.new for before in table().predecessors(unit.code)
    }
    return [
        Candidate(portal.host, form="directory")
        for portal in directory()
        if (portal.level == "province" and portal.province in area.provinces)
        or (portal.level == "district" and district_of(portal) in districts)
    ]
