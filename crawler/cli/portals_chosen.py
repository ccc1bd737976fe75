"""Which portals of the directory a command is about, and how old is what is known of them."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crawler.cli import UsageError

if TYPE_CHECKING:
    from spiders.portals import Portal
    from spiders.registry import Registry

LEVELS = ("ward", "commune", "district", "province", "service")
OF_MANY = {"ward": "wards", "commune": "communes", "district": "districts", "province": "provinces",
            "service": "services"}  # fmt: skip


def chosen(arguments: argparse.Namespace, registry: "Registry") -> "list[tuple[Portal, str]] | None":
    """Return the portals of the province, of the unit or near the host that was named, of all levels, each with why it
    is near, else ""; None where nothing was named.

    Raises UnknownProvince, AmbiguousUnit, UnknownUnit, and UsageError for what is not a host.
    """
    from crawler.units import parse_unit
    from crawler.units.provinces import parse_province
    from spiders.portals import directory
    from spiders.portals.selection import near, of_unit

    if arguments.near is not None:
        host = host_of(arguments.near)
        site = registry.by_host(host)
        codes = (site.unit_old, site.unit_new) if site else ()
        return near(host, directory(), *codes)
    if arguments.province is not None:
        return [(portal, "") for portal in directory().of_province(parse_province(arguments.province))]
    if arguments.unit is None:
        return None
    query = parse_unit(arguments.unit)
    if query.error:
        raise query.error
    return [(portal, "") for portal in of_unit(directory(), query)]


def host_of(text: str) -> str:
    """Return the host that was written, alone or as an address, as the directory has hosts. Raises UsageError."""
    from crawler import urls

    text = text.strip()
    host = urls.host(text if "://" in text else f"//{text}").rstrip(".")
    if not host or "." not in host or any(letter.isspace() for letter in host):
        raise UsageError(f"{text!r} is not a host; write it like trucbach.badinh.hanoi.gov.vn")
    return urls.plain_host(host)


def age(portals: "Sequence[Portal]") -> str:
    """Return how old is what is known of these portals, as sentences."""
    from spiders.portals.selection import ages

    known = ages(portals)
    if known.oldest < known.newest:
        said = f"Certified between {known.oldest} and {known.newest}, in the median on {known.median}"
    else:
        said = f"Certified on {known.newest}" if known.newest else "Without a day of certification"
    said += f"; {known.undated} without a day. " if known.newest and known.undated else ". "
    one = len(portals) == 1
    if known.since_2025 == len(portals):
        return f"{said}{'It is' if one else 'All are'} known to serve today's unit{'' if one else 's'}."
    since = f"Known since: {known.since_2025}; the others are" if known.since_2025 else "It is" if one else "All are"
    return (
        f"{said}{since} from before July 2025, when wards and communes were merged: "
        "such a host may be silent, frozen, or another unit's by now."
    )
