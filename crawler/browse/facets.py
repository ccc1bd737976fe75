"""The facets of a search: the choices that narrow it, and how many articles each leaves."""

from collections import Counter
from typing import TypedDict

from crawler.text import fold
from crawler.units import NEW, parse_unit, table
from storage.search.counts import Counts
from storage.views.sites import NamedSite

_MOST, _MOST_YEARS = 12, 20


class FacetValue(TypedDict):
    """One choice of a facet. `more`: the count is the least it can be."""

    value: str
    label: str
    count: int
    more: bool


Facets = dict[str, list[FacetValue]]


def facets(counted: Counts, sites: dict[str, NamedSite]) -> Facets:
    """Return name of a facet → its values.

    The largest come first; of the years the latest. `sites`: slug → row.
    """
    by_site: Counter[str] = Counter()
    by_year: Counter[str] = Counter()
    by_section: Counter[str] = Counter()
    for site, year, section, count in counted.rows:
        by_site[site] += count
        by_year[year] += count
        by_section[section or ""] += count
    del by_year[""], by_section[""]
    return {
        "site": _values(_largest(by_site), {slug: row["name"] for slug, row in sites.items()}, more=counted.more),
        "unit": [
            {"value": f"{NEW}:{code}", "label": unit_label(code), "count": count, "more": counted.more_units}
            for code, count in _largest(counted.units)
        ],
        "year": _values(sorted(by_year.items(), reverse=True)[:_MOST_YEARS], {}, more=counted.more),
        "section": _values(_largest(_alike(by_section)), {}, more=counted.more),
    }


def _values(rows: list[tuple[str, int]], labels: dict[str, str], *, more: bool) -> list[FacetValue]:
    return [{"value": value, "label": labels.get(value, value), "count": count, "more": more} for value, count in rows]


def _largest(values: Counter[str]) -> list[tuple[str, int]]:
    return sorted(values.items(), key=lambda value: (-value[1], value[0]))[:_MOST]


def _alike(sections: Counter[str]) -> Counter[str]:
    """Sections that differ in capitals, marks or spaces only as one, under the commonest of their names."""
    named: dict[str, str] = {}
    together: Counter[str] = Counter()
    for name, count in sections.most_common():
        together[named.setdefault(fold(name), name)] += count
    return together


def unit_label(code: str) -> str:
    """Return kind and name of a unit since July 2025 with its code, by which namesakes differ; else the code."""
    unit = table().get(code, NEW)
    return f"{unit.kind} {unit.name} · {code}" if unit else code


def chosen_unit(text: str) -> str:
    """Return how the unit that was asked for is called: by its full name where the text names one."""
    meanings = parse_unit(text).meanings
    return meanings[0].unit.full_name if len(meanings) == 1 else text
