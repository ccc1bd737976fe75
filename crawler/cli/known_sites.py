"""The sites that a command which only reads may name: those registered, and those that the database knows besides.

A site that was crawled with --sites, or came with an import, keeps its articles and its history where it is not
registered now.
"""

import argparse
import sqlite3
import sys
from typing import TYPE_CHECKING

from crawler.cli import registry_of
from crawler.cli.province_option import slugs_of_provinces
from crawler.text.terminal_text import one_line
from storage import Collection
from storage.errors import CollectionError
from storage.views import sites

if TYPE_CHECKING:
    from crawler.browse.portal_counts import KnownSite
    from spiders.base import PortalSpider
    from spiders.registry import Registry


def registry_as_crawled(arguments: argparse.Namespace) -> "Registry":
    """Return the registered sites with the platforms that runs have found for those whose facts state none.

    The database is opened only where there are such sites, and not made; where it cannot be read, that is said, and
    what was found is left out.
    """
    from crawler.run.site import STATED

    registry = registry_of(arguments)
    if all(site.platform_from == STATED for site in registry.values()) or not arguments.db.exists():
        return registry
    try:
        with Collection(arguments.db, must_exist=True) as collection:
            return registry.with_platforms(sites.kept_platforms(collection.db.conn))
    except (CollectionError, sqlite3.Error) as error:
        said = one_line(f"the platforms that runs have found are not known: {error}")
        print(f"tinphuong: {said}", file=sys.stderr)
        return registry


def require_site(arguments: argparse.Namespace, name: str) -> None:
    """Raise UnknownSite where `name` is neither registered nor in the database; Unreadable where it needs to be read
    and there is none."""
    from spiders.registry import unknown_site

    registry = registry_of(arguments)
    if name not in registry:
        with Collection(arguments.db, must_exist=True) as collection:
            known = sites.sites(collection.db.conn)
        if name not in known:
            raise unknown_site(name, sorted({*registry, *known}))


def registered_sites(arguments: argparse.Namespace) -> "list[KnownSite]":
    """Return the facts of the registered sites that pages about portals count. Raises as `registry_of`."""
    from crawler.browse.portal_counts import KnownSite

    return [
        KnownSite(slug, site.ward, (site.host, *site.other_hosts), site.unit_old, site.unit_new)
        for slug, site in registry_of(arguments).items()
    ]


def known_sites(arguments: argparse.Namespace, collection: Collection) -> "dict[str, type[PortalSpider] | None]":
    """Return slug → the site, None where it is not registered: of the sites that are named, each once; of those of the
    provinces that are named; of all where neither is.

    Raises UnknownSite, and what `of_provinces` raises.
    """
    from spiders.registry import unknown_site

    registry = registry_of(arguments)
    rows = sites.sites(collection.db.conn)
    registry = registry.with_platforms(sites.kept_platforms(collection.db.conn))
    known = {**registry, **dict.fromkeys(sorted(rows.keys() - registry.keys()))}
    if getattr(arguments, "province", None):
        of_rows = {slug: (row["unit_old"], row["unit_new"]) for slug, row in rows.items()}
        units = {slug: (site.unit_old, site.unit_new) if site else of_rows[slug] for slug, site in known.items()}
        return {slug: known[slug] for slug in slugs_of_provinces(arguments, units)}
    for name in arguments.sites:
        if name not in known:
            raise unknown_site(name, sorted(known))
    return {name: known[name] for name in arguments.sites or known}
