"""`--province P`: the sites of one province or of several, of those that a command would take."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from crawler.cli import UsageError
from crawler.text.counted import counted

if TYPE_CHECKING:
    from crawler.units.provinces import ProvinceQuery

Site = TypeVar("Site")
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


def of_provinces(arguments: argparse.Namespace, sites: Mapping[str, Site], units: Mapping[str, Units]) -> list[Site]:
    """Return those of `sites` (by slug) that are of a province that --province names, in their order; all where it
    names none.

    `units`: slug → the codes of its unit. Raises UnknownProvince, and UsageError for a province without a site.
    """
    from crawler.units.provinces import parse_province

    if not arguments.province:
        return list(sites.values())
    chosen: set[str] = set()
    for text in arguments.province:
        province = parse_province(text)
        found = {slug for slug in sites if province.includes(*units.get(slug, (None, None)), slug)}
        if not found:
            name, written = province.province.name, _written(province)
            raise UsageError(
                f"no registered site is of {name}: `tinphuong portals add --province {written}` registers those that "
                f"the directory has, and `tinphuong discover {written}` looks for others"
            )
        chosen |= found
    return [site for slug, site in sites.items() if slug in chosen]


def _written(query: "ProvinceQuery") -> str:
    """A province as a command takes it, without blanks: one of before that has a name of today with its vintage."""
    from crawler.units.provinces import parse_province

    slug = query.province.slug
    return slug if parse_province(slug).province == query.province else f"old:{slug}"
