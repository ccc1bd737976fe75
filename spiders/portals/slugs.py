"""Names the portals of the directory: `python -m spiders.portals.slugs [FILE] [--anew]`.

Fills the cells of the column `slug` that are empty, so that each is the shortest that no other portal and no site of
the package has. What is there stays, but with `--anew`; the sites of the package keep theirs.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from crawler.text.counted import counted
from crawler.units.hosts.slugs import Named, slugs_for
from crawler.urls import plain_host
from spiders.portals import COLUMNS, TABLE
from spiders.registry import Registry


def named(rows: Iterable[Mapping[str, str]], *, anew: bool = False) -> dict[str, str]:
    """Return host → slug for the rows of a table like `portals.csv`."""
    rows = list(rows)
    kept = {} if anew else {row["host"]: row["slug"] for row in rows if row["slug"]}
    of_package = {plain_host(site.host): slug for slug, site in Registry.of_package().items()}
    sites = [Named(row["host"], row["old_code"] or None, row["new_code"] or None, row["province"]) for row in rows]
    found = slugs_for(sites, kept | of_package)
    return {row["host"]: found[row["host"]] for row in rows}


def main(argv: Sequence[str] | None = None) -> int:
    """Fill the column `slug` of a table; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m spiders.portals.slugs", description="Name the portals of the directory that have no slug."
    )
    parser.add_argument(
        "file", type=Path, nargs="?", default=TABLE, metavar="FILE", help="default: spiders/portals.csv"
    )
    parser.add_argument("--anew", action="store_true", help="name all anew, although somebody may have crawled them")
    arguments = parser.parse_args(argv)
    try:
        with arguments.file.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        slugs = named(rows, anew=arguments.anew)
        changed = sum(row["slug"] != slugs[row["host"]] for row in rows)
        with arguments.file.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(row | {"slug": slugs[row["host"]]} for row in rows)
    except (OSError, UnicodeDecodeError, KeyError, ValueError, TypeError) as error:
        print(
            f"{arguments.file} cannot be filled ({error}); `python -m spiders.portals.check` says more", file=sys.stderr
        )
        return 2
    print(f"{arguments.file.name}: {counted(changed, 'slug')} filled in")
    return 0


if __name__ == "__main__":
    sys.exit(main())
