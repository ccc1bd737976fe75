"""`tinphuong check`: spiders against their frozen pages, field by field."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from crawler.cli import Exit, UsageError, named_path, registry_of
from crawler.cli.site_profiles import print_profiles

if TYPE_CHECKING:
    from crawler.new_site.frozen_pages import Difference

_WIDTH = 100
_LINES = 6  # shown of each value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sites."""
    parser.add_argument("sites", nargs="*", metavar="SITE", help="a registered site (default: all)")
    parser.add_argument("--update", action="store_true", help="record what is read now as what is expected")
    parser.add_argument(
        "--profile", action="store_true", help="instead: what was learned of the sites as a whole, with its evidence"
    )
    parser.add_argument(
        "--frozen", type=named_path, metavar="DIR", help="the folder of frozen pages (default: those of the package)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the differences; the exit code is 1 where there are any and they are not recorded."""
    from crawler.new_site import frozen_pages
    from spiders.site_files import is_folder

    if arguments.profile:
        return print_profiles(arguments)
    folder = arguments.frozen or frozen_pages.FROZEN
    if not is_folder(folder):
        raise UsageError(f"there is no folder {folder}; name one with --frozen DIR")
    spiders = registry_of(arguments).chosen(arguments.sites)
    passed_over = [] if arguments.sites else _of_users(arguments)
    found: dict[str, list[Difference] | None] = {}
    for spider in spiders:
        slug = str(spider.name)
        if not frozen_pages.is_frozen(slug, folder):
            found[slug] = None
            continue
        found[slug] = list(frozen_pages.differences(spider, folder))
        if arguments.update and found[slug]:
            frozen_pages.update(spider, folder)
    if arguments.json:
        print(json.dumps([_fact(slug, result) for slug, result in found.items()], ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        _print(found, passed_over, updated=arguments.update)
    bad = [
        slug
        for slug, result in found.items()
        if (result is None and slug not in passed_over) or (result and not arguments.update)
    ]
    return Exit.UNHEALTHY if bad else Exit.OK


def _of_users(arguments: argparse.Namespace) -> list[str]:
    """The sites that only --sites registers: they need no frozen pages, as no test of the package reads them."""
    from spiders.registry import Registry

    if not arguments.site_places:
        return []
    package = Registry.of_package()
    return [slug for slug in registry_of(arguments) if slug not in package]


def _fact(slug: str, result: "list[Difference] | None") -> dict[str, Any]:
    rows = [{"page": d.page, "field": d.field, "recorded": d.recorded, "now": d.now} for d in result or ()]
    return {"site": slug, "frozen": result is not None, "differences": rows}


def _print(found: "dict[str, list[Difference] | None]", passed_over: list[str], *, updated: bool) -> None:
    for slug, result in found.items():
        if result is None:
            so = " and is passed over" if slug in passed_over else ""
            print(f"{slug}: has no frozen pages{so}; `tinphuong new-site` writes them")
        for difference in result or ():
            print(f"{slug} {difference.page}.{difference.field}")
            print(_lines("- ", difference.recorded))
            print(_lines("+ ", difference.now))
    differ = sum(bool(result) for result in found.values())
    without = sum(result is None for result in found.values())
    same = len(found) - differ - without
    parts = [f"{same} as recorded"]
    if differ:
        parts.append(f"{differ} recorded anew" if updated else f"{differ} differ")
    if without:
        parts.append(f"{without} without frozen pages")
    print(f"{len(found)} {'site' if len(found) == 1 else 'sites'}: {', '.join(parts)}")


def _lines(sign: str, value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    lines = text.split("\n")
    shown = [f"  {sign}{line[:_WIDTH]}{'…' if len(line) > _WIDTH else ''}" for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown.append(f"  {sign}… {len(lines) - _LINES} more lines")
    return "\n".join(shown)
