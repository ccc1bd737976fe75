"""Provinces before and since July 2025: their names, what hosts call them, and which sites are of one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from crawler.units.keys import bare, key
from crawler.units.meanings import UnitError
from crawler.units.model import NEW, OLD, Unit, Vintage, table

_FORMER_LABELS = {  # what hosts write besides the name itself
    "thuathienhue": "hue", "hochiminhcity": "hochiminh", "tphcm": "hochiminh", "hcm": "hochiminh",
    "hcmcity": "hochiminh", "thudo": "hanoi", "brvt": "bariavungtau", "vungtau": "bariavungtau",
}  # fmt: skip
_VINTAGE = re.compile(r"(old|new)\s*:\s*", re.IGNORECASE)
_KIND = re.compile(r"(?:tinh|thanh pho|tp)\s+")


class UnknownProvince(UnitError):
    """No province has this name; the message offers the nearest."""


@dataclass(frozen=True, slots=True)
class Province:
    """A province, or a city of that rank. `slug`: "thanhhoa"; `name` with its kind; `vintage` as of units; `code`: two
    digits, which mean nothing without the vintage."""

    slug: str
    name: str
    vintage: Vintage
    code: str


@dataclass(frozen=True, slots=True)
class ProvinceQuery:
    """What a text asks for: all that is of one province.

    `province`: the one that was named, that of today where one of before has the same name; `old`, `new`: the slugs of
    the provinces that it went into, or that went into it, and its own. One of before stands for its own land only.
    """

    province: Province
    old: frozenset[str]
    new: frozenset[str]

    def includes(self, unit_old: str | None, unit_new: str | None, slug: str = "") -> bool:
        """Tell whether a site with these codes is of the province; one without codes goes by its slug."""
        units = table()
        if (before := units.get(unit_old, OLD)) is not None:
            return slug_of_province(before.province) in self.old
        if (since := units.get(unit_new, NEW)) is not None:
            if self.province.vintage == NEW:
                return slug_of_province(since.province) == self.province.slug
            return any(slug_of_province(unit.province) in self.old for unit in units.predecessors(since.code))
        return slug.partition("_")[0] in self.old | ({self.province.slug} if self.province.vintage == NEW else set())

    def holds(self, unit: Unit) -> bool:
        """Tell whether a unit is of the province."""
        return self.includes(unit.code, None) if unit.vintage == OLD else self.includes(None, unit.code)


@lru_cache(maxsize=256)
def slug_of_province(name: str) -> str:
    """Return the slug of a province's name, with or without its kind: "thành phố Hồ Chí Minh" → "hochiminh"."""
    return key(bare(name)).replace(" ", "")


@cache
def provinces(vintage: Vintage) -> dict[str, Province]:
    """Return slug → province: the 63 of before, or the 34 since July 2025."""
    units = table()
    found: dict[str, Province] = {}
    for unit in (units.old if vintage == OLD else units.new).values():
        slug = slug_of_province(unit.province)
        found.setdefault(slug, Province(slug, unit.province, vintage, unit.province_code))
    return dict(sorted(found.items()))


@cache
def labels_of_provinces() -> dict[str, str]:
    """Return label of a host, without hyphens → slug of the province that it means: "thuathienhue" → "hue"."""
    return {slug: slug for vintage in (NEW, OLD) for slug in provinces(vintage)} | _FORMER_LABELS


@cache
def units_by_province() -> dict[Vintage, dict[str, list[Unit]]]:
    """Return vintage → slug of a province → its units, by code."""
    found: dict[Vintage, dict[str, list[Unit]]] = {OLD: {}, NEW: {}}
    for unit in table():
        found[unit.vintage].setdefault(slug_of_province(unit.province), []).append(unit)
    return found


@cache
def merged_into() -> dict[str, str]:
    """Return slug of a province before July 2025 → of the one that it went into."""
    return {slug: chief for slug, since in _merged()[1].items() for chief in since}


@cache
def parse_province(text: str) -> ProvinceQuery:
    """Return the province that a text names: its name with or without marks and kind, its slug, or a host's label.

    "old:" before it names one of before July 2025 where today's has the same name. Raises UnknownProvince.
    """
    wanted = text.strip()
    said = _VINTAGE.match(wanted)
    name = _KIND.sub("", key(wanted[said.end() :] if said else wanted)).replace(" ", "")
    slug = labels_of_provinces().get(name, name)
    asked: Iterable[Vintage] = (OLD if said[1].lower() == "old" else NEW,) if said else (NEW, OLD)
    for vintage in asked:
        if (found := provinces(vintage).get(slug)) is not None:
            return ProvinceQuery(found, *_related(found))
    near = get_close_matches(slug, {*provinces(NEW), *provinces(OLD)}, n=3, cutoff=0.6)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `tinphuong portals` lists them"
    raise UnknownProvince(f"no province is called {text.strip()!r}{hint}")


def _related(province: Province) -> tuple[frozenset[str], frozenset[str]]:
    before, since = _merged()
    if province.vintage == NEW:
        return before[province.slug], frozenset({province.slug})
    return frozenset({province.slug}), since[province.slug]


@cache
def _merged() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Slug of today → slugs of before, and the reverse, by where most of a province's units went."""
    units = table()
    counted: dict[tuple[str, str], int] = {}
    for unit in units.old.values():
        for after in units.successors(unit.code):
            pair = slug_of_province(unit.province), slug_of_province(after.province)
            counted[pair] = counted.get(pair, 0) + 1
    before: dict[str, frozenset[str]] = {}
    since: dict[str, frozenset[str]] = {}
    for slug in provinces(OLD):
        of_it = {new: count for (old, new), count in counted.items() if old == slug}
        chief = max(of_it, key=lambda new: of_it[new])
        since[slug] = frozenset({chief})
        before[chief] = before.get(chief, frozenset()) | {slug}
    return before, since
