"""`--province P`: the sites of one province or of several, of those that a command would take."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from crawler.cli import UsageError
from crawler.text.counted import counted

if TYPE_CHECKING:
    from crawler.units.provinces import ProvinceQuery
    from spiders.base import PortalSpider
    from spiders.registry import Registry

Units = tuple[str | None, str | None]
"""The codes of a site's unit before and since July 2025."""


def add_province(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option; `what` it does, as its help."""
    parser.add_argument("--province", action="append", default=[], metavar="P", help=f"{what}; may be repeated")


def check_province(arguments: argparse.Namespace) -> None:
    """Raise UsageError where sites are named besides a province: whoever does both may mean either."""
    if arguments.province and arguments.sites:
        named = counted(len(arguments.sites), "site is", "sites are")
        raise UsageError(
            f"{named} named besides --province {arguments.province[0]}: name sites, or a province whose sites are "
            "all taken"
        )


def registered_of_provinces(arguments: argparse.Namespace, registry: "Registry") -> "list[type[PortalSpider]]":
    """Return the registered sites that are of a province that --province names, in their order; all where it names
    none. Raises as `slugs_of_provinces`."""
    units = {slug: (site.unit_old, site.unit_new) for slug, site in registry.items()}
    return [registry[slug] for slug in slugs_of_provinces(arguments, units)]


def slugs_of_provinces(arguments: argparse.Namespace, units: Mapping[str, Units]) -> list[str]:
    """Return those of the slugs that are of a province that --province names, in their order; all where it names none.

    `units`: slug → the codes of its unit. Raises UnknownProvince, and UsageError for a province without a site.
    """
    from crawler.units.provinces import parse_province

    if not arguments.province:
        return list(units)
    chosen: set[str] = set()
    for text in arguments.province:
        province = parse_province(text)
        found = {slug for slug, codes in units.items() if province.includes(*codes, slug)}
        if not found:
            name, written = province.province.name, _written(province)
            raise UsageError(
                f"no registered site is of {name}: `tinphuong portals add --province {written}` registers those that "
                f"the directory has, and `tinphuong discover {written}` looks for others"
            )
        chosen |= found
    return [slug for slug in units if slug in chosen]


def _written(query: "ProvinceQuery") -> str:
    """A province as a command takes it, without blanks: one of before that has a name of today with its vintage."""
    from crawler.units.provinces import parse_province

    slug = query.province.slug
    return slug if parse_province(slug).province == query.province else f"old:{slug}"
