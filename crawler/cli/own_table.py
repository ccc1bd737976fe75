"""The table of sites that a command adds rows to: the user's own, and what is registered beside it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import UsageError

if TYPE_CHECKING:
    from spiders.registry import Registry


def own_table(arguments: argparse.Namespace) -> tuple[Path, "Registry"]:
    """Return the user's first table, which need not exist yet, and all sites that are registered.

    Raises UsageError where the user has none, ConfigurationError where a table or site file has faults.
    """
    from crawler.new_site.places import Users, nowhere
    from crawler.new_site.table_rows import is_to_be_made
    from spiders.registry import Registry

    users = Users(arguments.configuration, arguments.named_places)
    places = users.places(as_row=True)
    if places is None:
        raise UsageError(
            "no table of sites of your own is named: `tinphuong init` makes a folder of your own to work in, with one; "
            "or name one with --sites FILE"
        )
    table = places.table
    if table is None:
        raise nowhere(users, places, as_row=True)
    made = [path for path in arguments.site_places if path != table or not is_to_be_made(path)]
    registry = Registry.of(made, package=arguments.configuration["sites.package"])
    facts = arguments.configuration.sites
    return table, registry.with_facts({slug: said for slug, said in facts.items() if slug in registry})
