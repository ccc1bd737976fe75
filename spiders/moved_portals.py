"""What is said of a site whose start page leads to another host: whose portal that is, and what to do."""

from typing import TYPE_CHECKING

from crawler import urls
from crawler.network.destinations import origin_of
from crawler.units import NEW, OLD, Unit, named, table
from crawler.units.hosts.reading import read_host
from spiders.portals import directory

if TYPE_CHECKING:
    from crawler.run.site import Site
    from spiders.portals import Portal


def where_to(site: "type[Site] | Site", url: str) -> str:
    """Return a sentence on a start page of `site` that leads to `url`, on a host that is none of its own.

    Whose portal it is the directory says, if it has the host: that of the same unit, then the site has moved, or of
    another one, which is a site of its own. Of any other host its name may tell, where one unit of today alone has it.
    """
    host = urls.host_and_port(url)
    leads = f"its start page leads to {host}"
    portal = directory().at(urls.host(url))
    if portal is None:
        if unit := _named_by(urls.host(url)):
            into = site.unit_old and unit in table().successors(site.unit_old)
            leads += f", by its name the portal of {unit.full_name}" + (", which this unit went into" if into else "")
        return (
            f"{leads}: if that is the new home of the same unit, correct the site's host; if it is another's, "
            f"`tinphuong new-site {origin_of(url)}` adds that one"
        )
    name = _name(portal)
    whose = f", the portal of {name}" if name else ""
    if _is_same_unit(site, portal):
        return f"{leads}{whose}, the same unit: correct the site's host"
    return f"{leads}{whose}: `tinphuong new-site {origin_of(url)}` adds that one; what is stored of this one stays"


def _named_by(host: str) -> Unit | None:
    """The one unit of today that a host bears the name of, in the form of today: {ward}.{province}.gov.vn."""
    reading = read_host(host)
    named = [unit for unit in reading.units if unit.vintage == NEW]
    return named[0] if len(named) == 1 and reading.province else None  # bachmai.gov.vn may be anybody's


def _is_same_unit(site: "type[Site] | Site", portal: "Portal") -> bool:
    """Whether site and portal are of one unit. That one of before went into another does not make them one."""
    if not portal.is_of_unit:
        return False
    if portal.old_code and not portal.since_2025:
        return portal.old_code == site.unit_old
    return bool(portal.new_code) and portal.new_code == site.unit_new and not site.unit_old


def _name(portal: "Portal") -> str:
    """The name of the unit whose portal it is; that of a district or province as the register has it, or ""."""
    if not portal.is_of_unit:
        return portal.owner
    old = named(portal.old_code, OLD) if not portal.since_2025 else None
    return old or named(portal.new_code, NEW) or portal.owner
