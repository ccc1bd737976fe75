"""`tinphuong sites`: who is registered."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.cli import Exit, UsageError
from crawler.cli.tables import table

if TYPE_CHECKING:
    from spiders.base import PortalSpider


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which of them, and what to do with them."""
    parser.add_argument("--unit", metavar="UNIT", help="only of this ward or commune: its name or code, old or new")
    parser.add_argument("--check", action="store_true", help="check the registry and its table; name the faulty rows")
    parser.add_argument(
        "--table", type=Path, metavar="FILE", help="with --check: this table (default: spiders/sites.csv)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the sites as a table, or as a JSON array."""
    if arguments.check:
        return _check(arguments)
    from crawler.units import NEW, OLD, named, parse_unit

    rows = [
        {
            "slug": spider.name,
            "ward": spider.ward,
            "host": spider.host,
            "platform": spider.platform.name,
            "unit_old": spider.unit_old,
            "unit_new": spider.unit_new,
            "unit_old_name": named(spider.unit_old, OLD),
            "unit_new_name": named(spider.unit_new, NEW),
        }
        for spider in _chosen(arguments.unit)
    ]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif rows:
        print(table([_cells(row) for row in rows], headers=list(rows[0])[:-2]))
    elif not arguments.quiet:
        print(f"No registered site is of {parse_unit(arguments.unit)}.")
    return 0


def _chosen(unit: str | None) -> list[type["PortalSpider"]]:
    """The sites of a unit, or all."""
    from crawler.units import parse_unit
    from spiders.registry import sites

    found = list(sites().values())
    if unit is None:
        return found
    wanted = parse_unit(unit)
    if not wanted.is_ambiguous:
        found = [site for site in found if wanted.includes(site.ward, site.unit_old, site.unit_new)]
    if wanted.error and (wanted.is_ambiguous or not found):
        raise UsageError(str(wanted.error))
    return found


def _cells(row: dict[str, Any]) -> list[Any]:
    """A row for people: the new unit with its name, as the ward's own is the old one's."""
    *cells, old, new, _, new_name = row.values()
    return [*cells, old, f"{new} {new_name.split(', ')[0]}" if new_name else new]


def _check(arguments: argparse.Namespace) -> int:
    """Check the table row by row, the units of all sites, and that none stands in it and in a file.

    The exit code is 1 where there is a fault.
    """
    from crawler.units import faults as unit_faults
    from spiders import site_table as registry_table
    from spiders.registry import from_files

    path = arguments.table or registry_table.TABLE
    rows, faults = registry_table.read(path)
    written = from_files()
    hosts = {spider.host: slug for slug, spider in written.items()}
    for line, row in rows:
        if row["slug"] in written:
            faults.append(registry_table.Fault(line, "slug", f"{row['slug']!r} has a file of its own"))
        elif row["host"] in hosts:
            faults.append(registry_table.Fault(line, "host", f"{row['host']!r} is the host of {hosts[row['host']]}"))
    faults += registry_table.unit_faults(rows)
    faults.sort(key=lambda fault: fault.line)
    in_files = [
        {"site": slug, "column": column, "wrong": wrong}
        for slug, spider in written.items()
        for column, wrong in unit_faults(spider.unit_old, spider.unit_new)
    ]
    if arguments.json:
        shown = [{"line": fault.line, "column": fault.column, "wrong": fault.wrong} for fault in faults] + in_files
        print(json.dumps({"files": len(written), "rows": len(rows), "faults": shown}, ensure_ascii=False, indent=2))
    else:
        for fault in faults:
            print(f"{path}: {fault}")
        for found in in_files:
            print(f"{written[found['site']].__module__}: {found['column']}: {found['wrong']}")
        if not faults and not in_files and not arguments.quiet:
            print(f"{len(written)} sites with a file, {len(rows)} in {path.name}: no fault")
    return Exit.UNHEALTHY if faults or in_files else Exit.OK
