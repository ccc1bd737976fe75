"""`tinphuong sites`: who is registered."""

import argparse
import json
from pathlib import Path

from crawler.cli import Exit
from crawler.cli.tables import table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with them."""
    parser.add_argument("--check", action="store_true", help="check the registry and its table; name the faulty rows")
    parser.add_argument(
        "--table", type=Path, metavar="FILE", help="with --check: this table (default: spiders/sites.csv)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the sites as a table, or as a JSON array."""
    if arguments.check:
        return _check(arguments)
    from crawler.registry import sites

    rows = [
        {
            "slug": slug,
            "ward": spider.ward,
            "host": spider.host,
            "platform": spider.platform.name,
            "unit_old": spider.unit_old,
            "unit_new": spider.unit_new,
        }
        for slug, spider in sites().items()
    ]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print(table([list(row.values()) for row in rows], headers=list(rows[0])))
    return 0


def _check(arguments: argparse.Namespace) -> int:
    """Check the table row by row, and that no site stands in it and in a file; exit code 1 where there is a fault."""
    from crawler.registry import from_files
    from spiders import table as registry_table

    path = arguments.table or registry_table.TABLE
    rows, faults = registry_table.read(path)
    written = from_files()
    hosts = {spider.host: slug for slug, spider in written.items()}
    for line, row in rows:
        if row["slug"] in written:
            faults.append(registry_table.Fault(line, "slug", f"{row['slug']!r} has a file of its own"))
        elif row["host"] in hosts:
            faults.append(registry_table.Fault(line, "host", f"{row['host']!r} is the host of {hosts[row['host']]}"))
    faults.sort(key=lambda fault: fault.line)
    if arguments.json:
        shown = [{"line": fault.line, "column": fault.column, "wrong": fault.wrong} for fault in faults]
        print(json.dumps({"files": len(written), "rows": len(rows), "faults": shown}, ensure_ascii=False, indent=2))
    else:
        for fault in faults:
            print(f"{path}: {fault}")
        if not faults and not arguments.quiet:
            print(f"{len(written)} sites with a file, {len(rows)} in {path.name}: no fault")
    return Exit.UNHEALTHY if faults else Exit.OK
