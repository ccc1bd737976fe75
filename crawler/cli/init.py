"""`tinphuong init`: a working folder."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import UsageError, named_path

if TYPE_CHECKING:
    from crawler.working_folder.create import Made


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which folder, and what is known already."""
    parser.add_argument("folder", nargs="?", type=named_path, default=Path(), metavar="DIR",
                        help="the folder, which is made if need be (default: the current one)")  # fmt: skip
    parser.add_argument("--contact", metavar="ADDRESS", help="a mail or web address at which webmasters reach you")
    parser.add_argument("--with-package-sites", action="store_true", help="crawl the sites of the package, too")
    parser.add_argument("--add-missing", action="store_true",
                        help="in a working folder: write what is missing; what is there stays as it is")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Write what is missing, and say what was written, what was left, and what to do next."""
    from crawler.working_folder.create import checked_contact, make

    if arguments.db_named or any(hasattr(arguments, name) for name in ("config", "sites_before", "sites_after")):
        raise UsageError("init takes no --db, --config or --sites: they are keys of the tinphuong.toml that it writes")
    contact = checked_contact(arguments.contact) if arguments.contact is not None else ""
    made = make(
        arguments.folder, contact=contact, package_sites=arguments.with_package_sites,
        add_missing=arguments.add_missing,
    )  # fmt: skip
    if arguments.json:
        facts = {"written": [str(path) for path in made.written], "left": [str(path) for path in made.left]}
        print(json.dumps({"folder": str(made.folder), **facts, "command": made.command}, ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        _print(made, contact=bool(contact), package_sites=arguments.with_package_sites)
    return 0


def _print(made: "Made", *, contact: bool, package_sites: bool) -> None:
    from crawler.working_folder.program import for_people

    print(f"{made.folder}")
    for path in made.written:
        print(f"  wrote {path.relative_to(made.folder)}{'/' if path.is_dir() else ''}")
    for path in made.left:
        print(f"  left as it is: {path.relative_to(made.folder)}")
    if made.configuration in made.left:
        return
    print("\nnext:")
    if not contact:
        print("  - set `contact` in tinphuong.toml: an address of yours, for webmasters")
    if not package_sites:
        print("  - add a row for each site to sites.csv; README.md has an example")
    print(f"  - in this folder: {for_people()} crawl --due")
    print("  - by the clock: crontab, or tinphuong.service and tinphuong.timer; README.md says how")
