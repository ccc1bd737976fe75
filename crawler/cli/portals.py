"""`tinphuong portals`: the directory of portals of local government, and what of it is registered already."""

import argparse
import json
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crawler.cli import global_options, registry_of
from crawler.cli.output.long_list import print_first
from crawler.cli.output.text_table import cut, table
from crawler.cli.portals_chosen import LEVELS, OF_MANY, age, chosen, host_of
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from spiders.portals import Portal

_EPILOG = """\
examples:
  tinphuong portals                                  how much is known of each province
  tinphuong portals --province "Thanh Hóa"           its portals, with what is registered and how it does
  tinphuong portals --near trucbach.badinh.hanoi.gov.vn
  tinphuong portals add --province "Thanh Hóa"       write them into your table of sites
"""
_NAME = 44  # characters of a cell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which portals; or which to add."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    _add_choice(parser, None)
    parser.set_defaults(action=None)
    actions = parser.add_subparsers(dest="action", metavar="add")
    adding = actions.add_parser(
        "add", help="write portals into your own table of sites", parents=[global_options("sites_last")],
        description="Write portals of the directory into your own table of sites, so that they can be crawled.",
        allow_abbrev=False,
    )  # fmt: skip
    adding.add_argument("hosts", nargs="*", metavar="HOST", help="these portals, whatever their level")
    _add_choice(adding, argparse.SUPPRESS)
    adding.add_argument("--dry-run", action="store_true", help="say what would be written, and write nothing")


def _add_choice(parser: argparse.ArgumentParser, default: str | None) -> None:
    """Add the options that choose portals; `default`: as of argparse, for those that are not given."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--province", metavar="P", default=default,
        help='those of a province of today, or before ("old:Hà Giang"): its name, with or without marks',
    )  # fmt: skip
    which.add_argument(
        "--unit", metavar="UNIT", default=default, help="those of this ward or commune: its name or code, old or new"
    )
    which.add_argument(
        "--near", metavar="HOST", default=default,
        help="those whose units became part of the same new one, of the same district, under the same suffix",
    )  # fmt: skip
    parser.add_argument(
        "--level", action="append", choices=LEVELS, default=default,
        help="only of this level; may be repeated (default: all, `add`: ward and commune)",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """List the portals that were asked for, or count those of each province; the exit code is 0."""
    if arguments.action == "add":
        from crawler.cli.portals_added import add

        return add(arguments)
    from spiders.portals import directory

    registry = registry_of(arguments)
    registered = registry.slugs_by_host
    found = chosen(arguments, registry)
    if found is None and not arguments.level:
        _print_provinces(arguments, registered)
        return 0
    pairs = [(portal, "") for portal in directory()] if found is None else found
    if arguments.level:
        pairs = [(portal, why) for portal, why in pairs if portal.level in arguments.level]
    if arguments.near is None:
        pairs.sort(key=_place)
    _print_list(arguments, pairs, registered)
    return 0


def _place(pair: "tuple[Portal, str]") -> tuple[object, ...]:
    """Where a portal stands in a list: units by province and district, then districts, provinces, services."""
    portal = pair[0]
    unit = portal.units[0]
    return (
        LEVELS.index(portal.level) * (not portal.is_of_unit),
        portal.province,
        unit.district if unit else "~",
        portal.host,
    )


def _states(arguments: argparse.Namespace, slugs: Iterable[str]) -> dict[str, str]:
    """Slug → how the site does, as `status` says; empty where there is no database yet."""
    if not arguments.db.exists():
        return {}
    from crawler import clock
    from crawler.run.health import sites_health
    from storage import Collection

    with Collection(arguments.db, must_exist=True) as collection:
        verdicts = sites_health(collection.db.conn, clock.now(), slugs)
    return {slug: str(health.state) for slug, health in verdicts.items()}


def _facts(portal: "Portal", why: str, slug: str | None, state: str | None) -> dict[str, Any]:
    """What --json says of a portal."""
    from crawler.new_site.directory_sites import site_name

    before, since = portal.units
    facts = {
        "host": portal.host, "name": site_name(portal), "level": portal.level, "province": portal.province or None,
        "unit_old": portal.old_code, "unit_old_name": before.full_name if before else None,
        "unit_new": portal.new_code, "unit_new_name": since.full_name if since else None,
        "owner": portal.owner or None, "seen": portal.seen or None, "source": portal.source,
        "since_2025": portal.since_2025, "slug": portal.slug, "registered": slug,
        "state": state,
    }  # fmt: skip
    return facts | ({"near": why} if why else {})


def _print_list(
    arguments: argparse.Namespace, pairs: "Sequence[tuple[Portal, str]]", registered: Mapping[str, str]
) -> None:
    slugs = [registered.get(portal.host) for portal, _ in pairs]
    states = _states(arguments, filter(None, slugs)) if any(slugs) else {}
    rows = [_facts(portal, why, slug, states.get(slug or "")) for (portal, why), slug in zip(pairs, slugs, strict=True)]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if arguments.quiet:
        return
    if arguments.near is not None:
        print(_itself(host_of(arguments.near), registered))
    if not rows:
        print(_nothing(arguments))
        return
    shown = [(portal, _cells(portal, row)) for (portal, _), row in zip(pairs, rows, strict=True)]
    names = [name for name in shown[0][1] if any(cells[name] for _, cells in shown)]  # none that is empty all over
    print_first(table([[cells[name] for name in names] for _, cells in shown], names).splitlines())
    print()
    for line in _about(arguments, [portal for portal, _ in pairs], registered):
        print(line)


def _cells(portal: "Portal", row: Mapping[str, Any]) -> dict[str, str | None]:
    """A row for people, by column."""
    from crawler.units import table as units

    before, since = portal.units
    name = row["name"] if row["name"] != portal.host else None
    if before:
        name = f"{before.kind} {before.name}, {before.district}"
    successors = units().successors(before.code) if before else ()
    today = f"{since.kind} {since.name}" if since else f"split into {len(successors)}" if successors else None
    return {
        "host": portal.host, "level": portal.level, "of": cut(name, _NAME) if name else None, "today": today,
        "seen": f"{'since July 2025' if portal.since_2025 else portal.seen or 'no day'}, {portal.source}",
        "registered": row["registered"], "state": row["state"], "near": row.get("near"),
    }  # fmt: skip


def _itself(host: str, registered: Mapping[str, str]) -> str:
    """What is said of the host of --near."""
    from spiders.portals import directory

    slug = f"registered as {registered[host]}" if host in registered else "not registered"
    if (portal := directory().at(host)) is None:
        return f"{host} is not in the directory, and {slug}."
    unit = portal.units[1 if portal.since_2025 else 0] or portal.units[1]
    of_whom = unit.full_name if unit else portal.owner or f"a {portal.level}"
    return one_line(f"{host} is in the directory, as that of {of_whom}, and {slug}.")


def _nothing(arguments: argparse.Namespace) -> str:
    if arguments.near is not None:
        return "No other portal is known near it."
    asked = arguments.unit if arguments.unit is not None else arguments.province
    levels = f" of {' and '.join(OF_MANY[level] for level in arguments.level)}" if arguments.level else ""
    looked = "" if arguments.level and not {"ward", "commune"} & {*arguments.level} else (
        f"; `tinphuong discover {asked!r}` looks for them"
    )  # fmt: skip
    return f"No portal{levels} is known of {asked}{looked}."


def _about(arguments: argparse.Namespace, portals: "Sequence[Portal]", registered: Mapping[str, str]) -> list[str]:
    """What is said of a list as a whole: how many of what, and how old that knowledge is."""
    by_level = Counter(portal.level for portal in portals)
    each = ", ".join(
        counted(by_level[level], level, OF_MANY[level]) for level in LEVELS if by_level[level]
    )  # fmt: skip
    there = sum(portal.host in registered for portal in portals)
    lines = [f"{counted(len(portals), 'portal')}: {each}; {there} registered.", age(portals)]
    if arguments.province is not None and not arguments.level:
        lines += _coverage(arguments.province)
    for option in ("province", "unit", "near"):
        asked = getattr(arguments, option)
        if asked is not None and any(portal.is_of_unit and portal.host not in registered for portal in portals):
            command = f"tinphuong portals add --{option} {shlex.quote(asked)}"
            lines.append(f"`{command}` writes those of wards and communes into your table of sites.")
    return lines


def _coverage(asked: str) -> list[str]:
    """Of how many of its units a province of today has portals; nothing of one that ended in July 2025."""
    from crawler.units import NEW
    from crawler.units.provinces import parse_province
    from spiders.portals import directory
    from spiders.portals.selection import by_province

    province = parse_province(asked).province
    if province.vintage != NEW:
        return []
    (count,) = (each for each in by_province(directory())[0] if each.province == province)
    said = f"Known in {count.with_portal} of its {count.units} wards and communes of today"
    rest = "." if count.with_portal == count.units else f"; `tinphuong discover {province.slug}` looks for the rest."
    return [said + rest]


def _print_provinces(arguments: argparse.Namespace, registered: Mapping[str, str]) -> None:
    """Print how much is known of each province of today."""
    from spiders.portals import directory
    from spiders.portals.selection import by_province

    counts, unplaced = by_province(directory())
    rows: list[dict[str, Any]] = [
        {
            "province": each.province.slug, "name": each.province.name, "units": each.units,
            "units_with_portal": each.with_portal, "portals": len(each.portals), "others": len(each.others),
            "registered": sum(portal.host in registered for portal in (*each.portals, *each.others)),
        }
        for each in counts
    ]  # fmt: skip
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if arguments.quiet:
        return
    names = ["province", "units", "with portal", "portals", "others", "registered"]
    keys = ["name", "units", "units_with_portal", "portals", "others", "registered"]
    total = ["all", *(sum(row[key] for row in rows) for key in keys[1:])]
    print(table([*([row[key] for key in keys] for row in rows), total], names))
    print(
        "\nUnits are the wards and communes of today; a portal counts where its unit lies, mostly one of before. "
        "Others are of districts and provinces."
    )
    if unplaced:
        print(f"Of no province that is known: {', '.join(portal.host for portal in unplaced)}.")
    print(age(list(directory())))
