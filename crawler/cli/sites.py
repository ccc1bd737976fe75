"""`tinphuong sites`: who is registered."""

import argparse
import json

from crawler.cli.tables import table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """This command has no arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Print the sites as a table, or as a JSON array."""
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
