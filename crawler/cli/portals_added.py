"""`tinphuong portals add`: portals of the directory become rows of the user's own table of sites."""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.cli import UsageError
from crawler.cli.output.long_list import print_first
from crawler.cli.own_table import own_table
from crawler.cli.portals_chosen import LEVELS, OF_MANY, age, chosen, host_of
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.new_site.portal_rows import AddedSites
    from spiders.portals import Portal
    from spiders.registry import Registry

_FEW = 5  # sites that the next command names


@dataclass(frozen=True)
class _Wanted:
    """The portals to add, and how many were left out by their level, and which because others than the state register
    names there."""

    portals: "tuple[Portal, ...]"
    levels: Counter[str]
    outside: "tuple[Portal, ...]"


def add(arguments: argparse.Namespace) -> int:
    """Write rows for the portals that were asked for, all or none; the exit code is 0."""
    from crawler.new_site.directory_sites import site_row
    from crawler.new_site.portal_rows import add_sites

    _check(arguments)
    table, registry = own_table(arguments)
    wanted = _wanted(arguments, registry)
    try:
        found = add_sites(table, map(site_row, wanted.portals), registry, dry_run=arguments.dry_run)
    except OSError as error:
        raise UsageError(f"{error.filename or table} cannot be written: {error.strerror}") from None
    if arguments.json:
        print(json.dumps(_facts(arguments, table, wanted, found), ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        _print(arguments, table, wanted, found)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    named = [option for option in ("province", "unit", "near") if getattr(arguments, option) is not None]
    if arguments.hosts and named:
        raise UsageError(f"give hosts or --{named[0]}, not both")
    if arguments.hosts and arguments.level:
        raise UsageError("--level chooses among the portals of a province or unit; hosts are added whatever theirs is")
    if not arguments.hosts and not named:
        raise UsageError(
            "nothing says which portals: name a province (--province 'Thanh Hóa'), a unit (--unit), a host they are "
            "near (--near), or their hosts; `tinphuong portals` says what is known of each province"
        )


def _wanted(arguments: argparse.Namespace, registry: "Registry") -> _Wanted:
    """Raises UsageError for a host that the directory does not have, and as `chosen`."""
    from spiders.portals import LEVELS, directory

    if arguments.hosts:
        hosts = [host_of(text) for text in arguments.hosts]
        known = {host: directory().at(host) for host in hosts}
        if unknown := [host for host, portal in known.items() if portal is None]:
            raise UsageError(
                f"{' and '.join(unknown)}: not in the directory; nothing is written. `tinphuong new-site HOST --table` "
                "looks at a site and adds it"
            )
        return _Wanted(tuple(portal for portal in known.values() if portal), Counter(), ())
    found = [portal for portal, _ in chosen(arguments, registry) or ()]
    if arguments.near is not None and (own := directory().at(host_of(arguments.near))):
        found.insert(0, own)
    levels = arguments.level or LEVELS[:2]
    of_level = [portal for portal in found if portal.level in levels]
    return _Wanted(
        tuple(portal for portal in of_level if portal.is_state_domain),
        Counter(portal.level for portal in found if portal.level not in levels),
        tuple(portal for portal in of_level if not portal.is_state_domain),
    )


def _facts(arguments: argparse.Namespace, table: "Path", wanted: _Wanted, found: "AddedSites") -> dict[str, object]:
    """What --json says."""
    return {
        "table": str(table), "dry_run": arguments.dry_run,
        "added": [
            {
                "slug": row.slug, "name": row.name, "host": row.host, "unit_old": row.unit_old,
                "unit_new": row.unit_new, "slug_taken": found.renamed.get(row.host),
            }
            for row in found.added
        ],
        "registered": found.registered, "refused": found.refused, "other_levels": dict(wanted.levels),
        "outside_gov_vn": [portal.host for portal in wanted.outside],
    }  # fmt: skip


def _print(arguments: argparse.Namespace, table: "Path", wanted: _Wanted, found: "AddedSites") -> None:
    from crawler.new_site.registration import shown

    where = shown(table.resolve())
    if found.added:
        done = "would be added to" if arguments.dry_run else "added to"
        print(f"{counted(len(found.added), 'site')} {done} {where}.")
    else:
        print(f"Nothing to add to {where}.")
    if found.registered:
        print(f"{len(found.registered)} registered already: passed over.")
    if wanted.levels:
        left_out = [level for level in LEVELS if wanted.levels[level]]
        each = ", ".join(counted(wanted.levels[level], level, OF_MANY[level]) for level in left_out)
        options = " ".join(f"--level {level}" for level in left_out)
        print(f"{each} left out; {options} adds them.")
    if wanted.outside:
        print(f"{len(wanted.outside)} left out, as anybody can buy names outside gov.vn; look at them, then add HOST:")
        print_first([f"  {portal.host}" for portal in wanted.outside])
    if found.renamed:
        by_host = {row.host: row.slug for row in found.added}
        print(f"{len(found.renamed)} under another slug than the directory's, which another site has:")
        print_first([f"  {host}: {by_host[host]} for {slug}" for host, slug in found.renamed.items()])
    if found.refused:
        print(f"{len(found.refused)} refused:")
        print_first([one_line(f"  {host}: {wrong}") for host, wrong in found.refused.items()])
    if found.added:
        added = {row.host for row in found.added}
        print(age([portal for portal in wanted.portals if portal.host in added]))
        if not arguments.dry_run:
            print("The first crawl finds out which of them answer, and on what platform each runs:")
            print(f"  {_next(arguments, [row.slug for row in found.added])}")


def _next(arguments: argparse.Namespace, slugs: Sequence[str]) -> str:
    """The command that crawls what was added."""
    from crawler.cli.surveying import told_options
    from crawler.units.provinces import parse_province

    told = told_options(arguments)
    if arguments.province is not None:
        return f"tinphuong{told} crawl --province {parse_province(arguments.province).province.slug}"
    if len(slugs) <= _FEW:
        return f"tinphuong{told} crawl {' '.join(slugs)}"
    return f"tinphuong{told} crawl --due"
