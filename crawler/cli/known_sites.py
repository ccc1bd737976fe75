"""The sites that a command which only reads may name: those registered, and those that the database knows besides.

A site that was crawled with --sites, or came with an import, keeps its articles and its history where it is not
registered now.
"""

import argparse
from typing import TYPE_CHECKING

from crawler.cli import registry_of
from storage import Collection
from storage.views import sites

if TYPE_CHECKING:
    from crawler.browse.portal_counts import KnownSite
    from spiders.base import PortalSpider


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
    """Return slug → the site, None where it is not registered: of the sites that are named, each once; of all where
    none is.

    Raises UnknownSite.
    """
    from spiders.registry import unknown_site

    registry = registry_of(arguments)
    stored = sites.sites(collection.db.conn).keys() - registry.keys()
    known = {**registry, **dict.fromkeys(sorted(stored))}
    for name in arguments.sites:
        if name not in known:
            raise unknown_site(name, sorted(known))
    return {name: known[name] for name in arguments.sites or known}
