"""`tinphuong check`: spiders against their frozen pages, field by field."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.cli import NO_SITE, Exit, UsageError, named_path
from crawler.cli.known_sites import registry_as_crawled
from crawler.cli.site_profiles import print_profiles
from crawler.text.counted import counted

if TYPE_CHECKING:
    from crawler.new_site.frozen_pages import Difference
    from spiders.registry import Registry

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
        "--frozen", type=named_path, metavar="DIR",
        help="the folder of frozen pages (default: those of the package, and `frozen` beside your own sites)",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Print the differences; the exit code is 1 where there are any and they are not recorded."""
    from crawler.new_site import frozen_pages
    from crawler.new_site.places import Users, checkout
    from spiders.site_files import is_folder

    if arguments.profile:
        return print_profiles(arguments)
    if arguments.frozen and not is_folder(arguments.frozen):
        raise UsageError(f"there is no folder {arguments.frozen}; name one with --frozen DIR")
    registry = registry_as_crawled(arguments)
    spiders = registry.chosen(arguments.sites)
    users = Users(arguments.configuration, arguments.named_places, arguments.frozen)
    folders = {str(spider.name): users.frozen_of(registry.places.get(spider.name)) for spider in spiders}
    passed_over = [] if arguments.sites else list(registry.places)  # no test of the package reads a user's own
    found: dict[str, list[Difference] | None] = {}
    for spider in spiders:
        slug, folder = str(spider.name), folders[str(spider.name)]
        if not frozen_pages.is_frozen(slug, folder):
            found[slug] = None
            continue
        found[slug] = list(frozen_pages.differences(spider, folder))
        if arguments.update and found[slug]:
            if folder == frozen_pages.FROZEN and not checkout():
                raise UsageError(f"{slug} comes with the package, in which nothing is written; name a copy by --frozen")
            with _writable(folder):
                frozen_pages.update(spider, folder)
    strays = [] if arguments.sites else list(_strays(registry, folders))
    if arguments.json:
        print(json.dumps([_fact(slug, result) for slug, result in found.items()], ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        _print(found, passed_over, updated=arguments.update)
        for path in strays:
            print(f"{path}: frozen pages of a site that is not registered; they are not read")
    bad = [
        slug
        for slug, result in found.items()
        if (result is None and slug not in passed_over) or (result and not arguments.update)
    ]
    return Exit.UNHEALTHY if bad else Exit.OK


def _strays(registry: "Registry", folders: dict[str, Path]) -> Iterator[Path]:
    """Yield the frozen pages in a user's folders that belong to no registered site."""
    for folder in dict.fromkeys(folders[slug] for slug in folders if slug in registry.places):
        for path in sorted(folder.glob("*/expected.json")):
            if path.parent.name not in registry:
                yield path.parent


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    """Raise UsageError where the block cannot write into `folder`."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{error.filename or folder} cannot be written: {error.strerror}") from None


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
    print(f"{counted(len(found), 'site')}: {', '.join(parts)}" if found else f"{NO_SITE}.")


def _lines(sign: str, value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    lines = text.split("\n")
    shown = [f"  {sign}{line[:_WIDTH]}{'…' if len(line) > _WIDTH else ''}" for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown.append(f"  {sign}… {len(lines) - _LINES} more lines")
    return "\n".join(shown)
