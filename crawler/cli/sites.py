"""`tinphuong sites`: who is registered."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawler import urls
from crawler.cli import NO_SITE, Exit, UsageError, named_path, registry_of
from crawler.cli.output.text_table import table
from crawler.cli.province_option import add_province, registered_of_provinces
from crawler.text.counted import counted
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from spiders.base import PortalSpider
    from spiders.site_table import Fault

_HEADERS = ("slug", "ward", "host", "platform", "unit_old", "unit_new")
_OPEN = "without a platform"
_MANY = 5  # faults, from which they are counted; hosts that are named


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which of them, and what to do with them."""
    parser.add_argument("--unit", metavar="UNIT", help="only of this ward or commune: its name or code, old or new")
    add_province(parser, "only those of a province, of before or since July 2025")
    parser.add_argument("--check", action="store_true", help="check the registry and its table; name the faulty rows")
    parser.add_argument(
        "--table", type=named_path, metavar="FILE", help="with --check: this table (default: spiders/sites.csv)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the sites as a table, or as a JSON array."""
    if arguments.check and arguments.province:
        raise UsageError("--check is about the whole registry: leave out --province")
    if arguments.check:
        return _check(arguments)
    from crawler.units import NEW, OLD, named, parse_unit

    rows = [
        {
            "slug": spider.name,
            "ward": spider.ward,
            "host": spider.host,
            "platform": spider.platform.name,
            "platform_from": spider.platform_from,
            "unit_old": spider.unit_old,
            "unit_new": spider.unit_new,
            "unit_old_name": named(spider.unit_old, OLD),
            "unit_new_name": named(spider.unit_new, NEW),
            "tls": spider.tls,
        }
        for spider in _chosen(arguments)
    ]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif rows:
        print(table([_cells(row) for row in rows], headers=_HEADERS))
        if unsure := [f"{row['slug']} ({row['tls']})" for row in rows if row["tls"]]:
            print(f"\nBelieved without the usual proof, by their fact tls: {', '.join(unsure)}.")
    elif not arguments.quiet:
        print(f"{NO_SITE}." if arguments.unit is None else f"No registered site is of {parse_unit(arguments.unit)}.")
    return 0


def _chosen(arguments: argparse.Namespace) -> list[type["PortalSpider"]]:
    """The sites of a unit, of a province or of both, or all."""
    from crawler.cli.known_sites import registry_as_crawled
    from crawler.units import parse_unit

    registry = registry_as_crawled(arguments)
    found = registered_of_provinces(arguments, registry)
    if arguments.unit is None:
        return found
    wanted = parse_unit(arguments.unit)
    if not wanted.is_ambiguous:
        found = [site for site in found if wanted.includes(site.ward, site.unit_old, site.unit_new)]
    if wanted.error and (wanted.is_ambiguous or not found):
        raise UsageError(str(wanted.error))
    return found


def _cells(row: Mapping[str, str | None]) -> list[str | None]:
    """A row for people: the new unit with its name, as the ward's own is the old one's."""
    new, new_name = row["unit_new"], row["unit_new_name"]
    unit = f"{new} {new_name.split(', ')[0]}" if new_name else new
    return [row["slug"], row["ward"], row["host"], shown_platform(row), row["unit_old"], unit]


def shown_platform(row: Mapping[str, str | None]) -> str:
    """Return the platform of a site as people read it: by which it is read, and whether that was found or is open."""
    match row["platform_from"]:
        case "stated":
            return str(row["platform"])
        case "found":
            return f"{row['platform']} (found)"
    return "not known yet"


def _check(arguments: argparse.Namespace) -> int:
    """Check the tables row by row, the units of all sites, and that no site is registered twice.

    The exit code is 1 where there is a fault.
    """
    from crawler.units import faults as unit_faults
    from spiders import site_files, site_table
    from spiders.registry import Registry

    folders = [path for path in arguments.site_places if site_files.is_folder(path)]
    package = arguments.configuration["sites.package"]
    spiders = [*(site_files.of_package() if package else ()), *Registry.of_places(folders).values()]
    slugs = {spider.name: "a file of its own" for spider in spiders}
    hosts = {urls.plain_host(spider.host): spider.name for spider in spiders}
    tables = [arguments.table] if arguments.table else [site_table.TABLE] if package else []
    tables += [path for path in arguments.site_places if path not in folders]
    allowed = arguments.configuration["politeness.allow_private"]
    counts: dict[Path, int] = {}
    all_rows: list[dict[str, str]] = []
    in_tables: list[tuple[Path, Fault]] = []
    for path in tables:
        rows, faults = site_table.read(path)
        counts[path] = len(rows)
        all_rows += [row for _, row in rows]
        faults += [*_claimed(rows, slugs, hosts), *site_table.unit_faults(rows)]
        in_tables += [(path, fault) for fault in sorted(faults, key=lambda fault: fault.line)]
        slugs |= {row["slug"]: f"a row in {path}, line {line}" for line, row in rows}
        hosts |= {urls.plain_host(row["host"]): row["slug"] for _, row in rows}
    in_files = [
        {"site": spider.name, "column": column, "wrong": wrong}
        for spider in spiders
        for column, wrong in unit_faults(spider.unit_old, spider.unit_new)
    ]
    if not in_tables and not arguments.table:
        registry_of(arguments)  # raises what is wrong with the folders of --sites
    if arguments.json:
        shown = [
            {"table": str(path), "line": fault.line, "column": fault.column, "wrong": fault.wrong}
            for path, fault in in_tables
        ]
        facts = {
            "files": len(spiders), "rows": sum(counts.values()), "faults": shown + in_files,
            "platforms": dict(Counter(row["platform"] or _OPEN for row in all_rows).most_common()),
            "without_unit": [row["slug"] for row in all_rows if not (row["unit_old"] or row["unit_new"])],
            "private_hosts": _private_hosts(all_rows, allowed),
        }  # fmt: skip
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        for path, fault in in_tables:
            print(f"{path}: {fault}")
        modules = {spider.name: spider.__module__ for spider in spiders}
        for found in in_files:
            print(f"{modules[found['site']]}: {found['column']}: {found['wrong']}")
        if not in_tables and not in_files and not arguments.quiet:
            in_each = [f"{count} in {path.name}" for path, count in counts.items()]
            with_file = f"{counted(len(spiders), 'site')} with a file"
            print(f"{', '.join([with_file, *in_each])}: no fault")
            for line in _about(all_rows, allowed):
                print(one_line(line))
        elif len(in_tables) > _MANY:
            columns = Counter(fault.column or "the file" for _, fault in in_tables)
            each = ", ".join(f"{column} {n}" for column, n in columns.most_common())
            rows_with = counted(len({(path, fault.line) for path, fault in in_tables}), "line")
            print(f"{len(in_tables)} faults in {rows_with}, by column: {each}")
    return Exit.UNHEALTHY if in_tables or in_files else Exit.OK


def _about(rows: list[dict[str, str]], allowed: Sequence[str]) -> Iterator[str]:
    """Yield what else is to be known of the rows of tables: not wrong, but perhaps not meant."""
    if not rows:
        return
    by_platform = Counter(row["platform"] or _OPEN for row in rows)
    units = sum(not (row["unit_old"] or row["unit_new"]) for row in rows)
    each = ", ".join(f"{n} {platform}" for platform, n in by_platform.most_common())
    yield f"In tables: {each}" + (f"; {units} of {len(rows)} without the code of a unit" if units else "")
    if private := _private_hosts(rows, allowed):
        named = ", ".join(private[:_MANY]) + (f" and {len(private) - _MANY} more" if len(private) > _MANY else "")
        yield (
            f"{counted(len(private), 'host is a private address', 'hosts are private addresses')} that "
            f"`politeness.allow_private` does not name, so that nothing is asked there: {named}"
        )


def _private_hosts(rows: list[dict[str, str]], allowed: Sequence[str]) -> list[str]:
    """Return the hosts that are written as addresses which requests may not reach."""
    from crawler.network.addresses import Reach, parse_address

    reach = Reach.of_names(allowed)
    addresses = {row["host"]: parse_address(urls.host(f"//{row['host']}")) for row in rows}
    return [host for host, address in addresses.items() if address is not None and not reach.allows(address)]


def _claimed(rows: list[tuple[int, dict[str, str]]], slugs: dict[str, str], hosts: dict[str, str]) -> Iterator["Fault"]:
    """Yield the rows whose slug (slug → what has it) or host (host → slug) belongs to a site from another place."""
    from spiders.site_table import Fault

    for line, row in rows:
        if row["slug"] in slugs:
            yield Fault(line, "slug", f"{row['slug']!r} has {slugs[row['slug']]}")
        elif (host := urls.plain_host(row["host"])) in hosts:
            yield Fault(line, "host", f"{row['host']!r} is the host of {hosts[host]}")
