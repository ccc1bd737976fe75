"""In which district and province a site lies, by its unit; and sites grouped by them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.units.model import NEW, OLD, table
from crawler.units.provinces import provinces

MOST_DISTRICTS = 30  # groups; sites of more districts are grouped by province


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """A province and a district of before July 2025, each with its kind, "" where it is not known."""

    province: str = ""
    district: str = ""

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.district, self.province))) or "not known"


def area_of(unit_old: str | None, unit_new: str | None, slug: str) -> Area:
    """Return where a site lies: by its unit of before, else its unit since, else by its slug."""
    if before := table().get(unit_old, OLD):
        return Area(before.province, before.district)
    if since := table().get(unit_new, NEW):
        return Area(since.province)
    label = slug.partition("_")[0]
    found = provinces(NEW).get(label) or provinces(OLD).get(label)
    return Area(found.name if found else "")


def grouped(sites: Iterable[str], areas: Mapping[str, Area]) -> dict[Area, list[str]]:
    """Return area → slugs, sorted: by district, or by province where there are more than MOST_DISTRICTS of them."""
    by_district: dict[Area, list[str]] = {}
    for site in sorted(sites):
        by_district.setdefault(areas.get(site, Area()), []).append(site)
    if len(by_district) <= MOST_DISTRICTS:
        return dict(sorted(by_district.items()))
    by_province: dict[Area, list[str]] = {}
    for area, slugs in by_district.items():
        by_province.setdefault(Area(area.province), []).extend(slugs)
    return dict(sorted(by_province.items()))
