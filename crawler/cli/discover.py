"""`tinphuong discover`: the portals of a province or unit that nobody listed."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crawler.cli import Exit, registry_of

if TYPE_CHECKING:
    from crawler.discovery.answers import Memory
    from crawler.discovery.discover import Plan, Walk
    from crawler.discovery.names import Area
    from crawler.new_site.portal_rows import AddedSites
    from crawler.new_site.probe import Fetch
    from crawler.new_site.registration import Registration

_EPILOG = """\
examples:
  tinphuong discover "Thanh Hóa" --dry-run     how many names it would ask for, and how long that takes
  tinphuong discover "Thanh Hóa"               look for portals; the sure ones become rows of your table
  tinphuong discover "phường Hạc Thành"        of one unit, and of those that went into it

Every row has its evidence, and what speaks against it. sure: the page itself says whose it is; likely: whose it is is
inferred, or something speaks against it (--all writes these, too); look: somebody has to look, never written.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to look, and what to do with what is found."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument(
        "areas", metavar="PROVINCE|UNIT", nargs="+",
        help="a province, or a ward or commune by name or code, of today or of before July 2025 (old: before it)",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true", help="say how many names it would ask for and how long that takes; ask nothing"
    )
    parser.add_argument("--all", action="store_true", help="write rows for likely portals as well as for sure ones")
    parser.add_argument("--again", action="store_true", help="ask for what is remembered, too")


def run(arguments: argparse.Namespace) -> int:
    """Discover, show what was found, write it into the user's table."""
    from crawler.cli.output.discovery_text import dry_run_facts, print_dry_run
    from crawler.discovery.answers import Memory, kept, memory_of
    from crawler.discovery.discover import plan

    areas = [_area(text) for text in arguments.areas]
    known = registry_of(arguments)
    registered = {host.removeprefix("www."): site.name for site in known.values() for host in (site.host, *site.other_hosts)}
    if arguments.dry_run:
        memory = Memory(memory_of(arguments.db), keeps=False)
        plans = [plan(area, memory, registered, again=False) for area in areas]
        rate = arguments.configuration["discover.dns_rate"]
        if arguments.json:
            facts = [dry_run_facts(each, memory, rate, again=arguments.again) for each in plans]
            print(json.dumps({"areas": facts}, ensure_ascii=False, indent=2))
        elif not arguments.quiet:
            for each in plans:
                print_dry_run(each, memory, rate, again=arguments.again)
        return Exit.OK
    registration = _registration(arguments)
    with kept(arguments.db) as memory:
        return _discover(arguments, areas, memory, registered, registration)


def _area(text: str) -> "Area":
    """Return what a text names: a province, else a unit. Raises UnknownUnit, AmbiguousUnit."""
    from crawler.discovery.names import area_of_province, area_of_unit
    from crawler.units import parse_unit
    from crawler.units.meanings import AmbiguousUnit, UnknownUnit
    from crawler.units.provinces import UnknownProvince, parse_province

    try:
        return area_of_province(text, parse_province(text))
    except UnknownProvince as error:
        query = parse_unit(text)
        if query.error is None or isinstance(query.error, AmbiguousUnit):
            return area_of_unit(text, query)
        raise UnknownUnit(f"{query.error}; and {error}") from None


def _registration(arguments: argparse.Namespace) -> "Registration":
    """Return where rows are written, as `new-site --table` does. Raises UsageError where that would be nowhere."""
    from crawler.cli.surveying import registration

    arguments.into, arguments.frozen, arguments.table = None, None, True
    found = registration(arguments)
    found.check_room()
    return found


def _discover(
    arguments: argparse.Namespace, areas: "Sequence[Area]", memory: "Memory", registered: dict[str, str],
    registration: "Registration",
) -> int:  # fmt: skip
    from crawler.cli.output.discovery_text import print_end, walk_facts
    from crawler.cli.output.progress_bar import steps
    from crawler.cli.surveying import quiet_logs
    from crawler.discovery.discover import NoNameService, plan
    from crawler.new_site.probe import probe

    quiet_logs()
    plans = [plan(area, memory, registered, again=arguments.again) for area in areas]
    walks: list[Walk] = []
    interrupted, deaf = False, ""
    with steps("names", quiet=arguments.quiet) as show_progress:
        try:
            probe(lambda fetch: _walk_all(arguments, plans, memory, fetch, walks, show_progress),
                  arguments.configuration.settings())  # fmt: skip
        except KeyboardInterrupt:
            interrupted = True
        except NoNameService as error:
            deaf = str(error)
    added = [] if deaf or interrupted else [_write(arguments, each, registration) for each in plans]
    if arguments.json:
        facts = [walk_facts(each, walk, rows) for each, walk, rows in _together(plans, walks, added)]
        print(json.dumps({"areas": facts, "interrupted": interrupted}, ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        for each, walk, rows in _together(plans, walks, added):
            print_end(each, walk, rows, arguments)
    if interrupted:
        print("tinphuong: interrupted; the same command goes on with the rest", file=sys.stderr)
        return Exit.INTERRUPTED
    if deaf:
        server = arguments.configuration["discover.dns"] or "those of /etc/resolv.conf"
        print(
            f"tinphuong: {deaf} ({server}); nothing is concluded from that. Try again later, or name another server "
            "with TINPHUONG_DNS",
            file=sys.stderr,
        )
        return Exit.UNHEALTHY
    return Exit.OK


def _together(plans: "Sequence[Plan]", walks: "Sequence[Walk]", added: "Sequence[AddedSites]") -> Any:
    """Pair each plan with its walk and rows, None for what did not come to be."""
    from itertools import zip_longest

    return [each for each in zip_longest(plans, walks, added) if each[0] is not None]


async def _walk_all(
    arguments: argparse.Namespace, plans: "Sequence[Plan]", memory: "Memory", fetch: "Fetch", walks: "list[Walk]",
    show_progress: Any,
) -> None:  # fmt: skip
    """Walk each area in turn, in the reactor of a probe."""
    from crawler.discovery.discover import Walk, recall
    from crawler.discovery.dns import NameService, parse_server
    from crawler.discovery.front_pages import FrontPages
    from crawler.discovery.judgement import judge
    from crawler.discovery.names import sources_of
    from crawler.network.addresses import Reach

    configuration = arguments.configuration
    server = configuration["discover.dns"]
    service = NameService(
        Reach.of_names(configuration.settings().getlist("TINPHUONG_ALLOW_PRIVATE")),
        server=parse_server(server) if server else None, rate=configuration["discover.dns_rate"],
        timeout=configuration["discover.dns_timeout"],
    )  # fmt: skip
    pages = FrontPages.of(fetch)
    stats = fetch.__self__.crawler.stats

    def sent() -> int:
        return int(stats.get_value("downloader/request_count", 0))

    for number, each in enumerate(plans):
        for name in each.names.values() if number else ():
            recall(name, memory)  # which an earlier area may have settled
        walk = Walk(
            each, memory, service, pages, judge, sources=sources_of(each.area), settled=show_progress, sent=sent
        )
        walks.append(walk)
        await walk.run()


def _write(arguments: argparse.Namespace, plan: "Plan", registration: "Registration") -> "AddedSites":
    """Write a row for each portal that is sure, with --all for each likely one, too."""
    from crawler.discovery.model import Confidence
    from crawler.discovery.results import portals_of, row_of
    from crawler.errors import UsageError
    from crawler.new_site.portal_rows import add_sites

    wanted = (Confidence.SURE, Confidence.LIKELY) if arguments.all else (Confidence.SURE,)
    rows = [row_of(name.finding) for name in portals_of(plan) if name.finding and name.finding.confidence in wanted]
    table = registration.places.table
    assert table is not None  # `check_room` has seen to that
    try:
        return add_sites(table, rows, registration.known)
    except OSError as error:
        raise UsageError(f"{table} cannot be written: {error.strerror}; what was found is remembered") from None
