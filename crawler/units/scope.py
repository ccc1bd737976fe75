"""The place of a site among units: what a ward's bare name on its pages can mean."""

from dataclasses import dataclass
from functools import cache

from crawler.units.hosts.slugs import is_of_unit
from crawler.units.keys import bare, key
from crawler.units.model import Unit, table


@dataclass(frozen=True, slots=True)
class Scope:
    """The area of a site. Names of provinces are with their kind, as in the table.

    `provinces`: before and since July 2025; `district`: code of the district, "" for a site of a whole province;
    `units`: (vintage, code) of all units of that district, the new ones that lie on its land included; `own`: those
    that the site is the site of, at most one of each vintage: a district's site has none.
    """

    provinces: frozenset[str] = frozenset()
    district: str = ""
    units: frozenset[tuple[str, str]] = frozenset()
    own: tuple[Unit, ...] = ()


@cache
def scope_of(site: str, unit_old: str | None, unit_new: str | None) -> Scope:
    """Return the scope of a site from its slug and the codes of its unit before and since July 2025.

    The slug of a ward's own site is `<province>_<ward>`, also with its kind, its district or a number
    (`crawler.units.hosts.slugs`); any other place in the slug is a district, city or office, and of its unit only
    district and province count. Without codes the province is taken from the slug.
    """
    units = table()
    old, new = units.old.get(unit_old or ""), units.new.get(unit_new or "")
    if old is None and new is None:
        return Scope(_provinces(site.partition("_")[0]))
    known = {unit.province for unit in (old, new) if unit}
    known |= {after.province for after in units.successors(old.code)} if old else set()
    known |= {before.province for before in units.predecessors(new.code)} if new and not old else set()
    code = old.district_code if old else ""
    there = {("old", unit.code) for unit in units.old.values() if code and unit.district_code == code}
    there |= {("new", after.code) for _, before in there for after in units.successors(before)}
    there |= {("new", new.code)} if new and not old else set()
    return Scope(frozenset(known), code, frozenset(there), own_units(site, unit_old, unit_new))


def own_units(site: str, unit_old: str | None, unit_new: str | None) -> tuple[Unit, ...]:
    """Return the units that a site is the site of, as in its scope; the arguments are those of `scope_of`."""
    units = table()
    old, new = units.old.get(unit_old or ""), units.new.get(unit_new or "")
    place = site.partition("_")[2]
    if old and is_of_unit(place, old):
        return old, *([new] if new else [])
    return (new,) if new and is_of_unit(place, new) else ()


@cache
def _provinces(slug: str) -> frozenset[str]:
    return frozenset(name for name in {unit.province for unit in table()} if _slug(bare(name)) == slug)


@cache
def _slug(name: str) -> str:
    return key(name).replace(" ", "")
