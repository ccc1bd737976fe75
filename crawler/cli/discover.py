"""`tinphuong discover`: the portals of a province or unit that nobody listed."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import Exit, UsageError, registry_of

if TYPE_CHECKING:
    from crawler.discovery.discover import Links, Plan, Walk
    from crawler.discovery.memory import Memory
    from crawler.discovery.names import Area
    from crawler.new_site.portal_rows import AddedSites
    from crawler.new_site.probe import Fetch
    from spiders.registry import Registry

_EPILOG = """\
examples:
  tinphuong discover "Thanh Hóa" --dry-run     how many names it would ask for, and how long that takes
  tinphuong discover "Thanh Hóa"               look for portals; the sure ones become rows of your table
  tinphuong discover "phường Hạc Thành"        of one unit, and of those that went into it

Every row has its evidence, and what speaks against it. sure: the page itself says whose it is; likely: its unit is
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
        "--dry-run",
        action="store_true",
        help="say how many names it would ask for and how long that takes",
    )
    parser.add_argument("--all", action="store_true", help="write rows for likely portals as well as for sure ones")
    parser.add_argument("--again", action="store_true", help="ask for what is remembered, too")


def run(arguments: argparse.Namespace) -> int:
    """Discover, show what was found, write it into the user's table."""
    from crawler.cli.own_table import own_table
    from crawler.discovery.dns import parse_server
    from crawler.discovery.memory import kept

    areas = [_area(text) for text in arguments.areas]
    server = arguments.configuration["discover.dns"]
    server = parse_server(server) if server else None
    if arguments.dry_run:
        return _dry_run(arguments, areas)
    table, registry = own_table(arguments)
    with kept(arguments.db) as memory:
        return _Discovery(arguments, areas, memory, table, registry, server).run()


def _dry_run(arguments: argparse.Namespace, areas: "Sequence[Area]") -> int:
    from crawler.cli.output.discovery_text import dry_run_facts, print_dry_run
    from crawler.discovery.discover import plan
    from crawler.discovery.memory import Memory, memory_of

    memory = Memory(memory_of(arguments.db), keeps=False)
    hosts = registry_of(arguments).slugs_by_host
    rate = arguments.configuration["discover.dns_rate"]
    plans = [plan(area, memory, hosts) for area in areas]
    if arguments.json:
        facts = [dry_run_facts(each, memory, rate, again=arguments.again) for each in plans]
        print(json.dumps({"areas": facts}, ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        for each in plans:
            print_dry_run(each, memory, rate, again=arguments.again)
    memory.close()
    return Exit.OK


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


@dataclass
class _Discovery:
    """One run of the command."""

    arguments: argparse.Namespace
    areas: "Sequence[Area]"
    memory: "Memory"
    table: "Path"
    registry: "Registry"
    server: tuple[str, int] | None
    walks: "list[Walk]" = field(default_factory=list)

    def run(self) -> int:
        """Walk all areas, write rows, say what came of it; return the exit code."""
        from crawler.cli.output.discovery_text import print_end, walk_facts
        from crawler.discovery.discover import plan

        arguments, hosts = self.arguments, self.registry.slugs_by_host
        plans = [plan(area, self.memory, hosts, again=arguments.again) for area in self.areas]
        for each in plans:
            self._read_captures(each)
        interrupted, deaf = self._walk(plans)
        added = [] if interrupted or deaf else [self._write(each) for each in plans]
        together = [each for each in zip_longest(plans, self.walks, added) if each[0] is not None]
        if arguments.json:
            facts = [walk_facts(each, walk, rows) for each, walk, rows in together]
            print(json.dumps({"areas": facts, "interrupted": interrupted}, ensure_ascii=False, indent=2))
        elif not arguments.quiet and not deaf:
            for each, walk, rows in together:
                print_end(each, walk, rows, arguments)
        if interrupted:
            print("tinphuong: interrupted; the same command goes on with the rest", file=sys.stderr)
            return Exit.INTERRUPTED
        if deaf:
            print(f"tinphuong: {deaf}", file=sys.stderr)
            return Exit.UNHEALTHY
        return Exit.OK

    def _read_captures(self, plan: "Plan") -> None:
        """Take the hosts that the user's captures of the area's sites name; those of each site once in a while."""
        from crawler.discovery.links import links_in_captures
        from crawler.units.provinces import parse_province
        from storage import Collection
        from storage.views import sites

        query = parse_province(plan.area.province)
        of_area = [slug for slug, site in self.registry.items() if query.includes(site.unit_old, site.unit_new, slug)]
        unread = [slug for slug in of_area if not self.memory.has_read(f"captures of {slug}")]
        if not unread or not self.arguments.db.exists():
            return
        with Collection(self.arguments.db, must_exist=True) as collection:
            crawled = sites.sites(collection.db.conn)
            unread = [slug for slug in unread if slug in crawled]
            for candidate in links_in_captures(collection, unread, query):
                if plan.takes(candidate):
                    self.memory.keep_link(candidate)
                    plan.add(candidate, self.memory)
        for slug in unread:
            self.memory.keep_read(f"captures of {slug}")

    def _walk(self, plans: "list[Plan]") -> tuple[bool, str]:
        """Do what there is to do; return whether it was interrupted, and what to say where no name server answered."""
        from crawler.cli.output.progress_bar import steps
        from crawler.cli.surveying import quiet_logs
        from crawler.discovery.discover import NoNameService
        from crawler.discovery.names import sources_of
        from crawler.new_site.probe import probe

        sources = [source for each in plans for source in sources_of(each.area)]
        if all(each.is_done for each in plans) and all(self.memory.has_read(source.host) for source in sources):
            return False, ""
        quiet_logs()
        with steps("names", quiet=self.arguments.quiet) as show_progress:
            try:
                settings = self.arguments.configuration.settings()
                probe(lambda fetch: self._walk_all(plans, fetch, show_progress), settings)
            except KeyboardInterrupt:
                return True, ""
            except NoNameService as error:
                asked = self.arguments.configuration["discover.dns"] or "those of /etc/resolv.conf"
                return False, (
                    f"{error} ({asked}), so nothing was found out and nothing is concluded; try again later, or name "
                    "another server with TINPHUONG_DNS"
                )
        return False, ""

    async def _walk_all(self, plans: "list[Plan]", fetch: "Fetch", show_progress: Callable[[int, int], None]) -> None:
        """Walk each area in turn, in the reactor of a probe."""
        from crawler.discovery.discover import Walk, recall
        from crawler.discovery.dns import NameService
        from crawler.discovery.front_pages import FrontPages
        from crawler.discovery.judgement import judge
        from crawler.discovery.names import sources_of
        from crawler.network.addresses import Reach

        configuration = self.arguments.configuration
        service = NameService(
            Reach.of_names(configuration["politeness.allow_private"]), server=self.server,
            rate=configuration["discover.dns_rate"], timeout=configuration["discover.dns_timeout"],
        )  # fmt: skip
        pages = FrontPages.of(fetch)
        for number, each in enumerate(plans):
            for name in each.names.values() if number else ():
                recall(name, self.memory)  # which an earlier area may have settled
            walk = Walk(
                each, self.memory, service, pages, judge, links=_links_in(each), sources=sources_of(each.area),
                settled=show_progress, sent=_counter(fetch),
            )  # fmt: skip
            self.walks.append(walk)
            await walk.run()

    def _write(self, plan: "Plan") -> "AddedSites":
        """Write a row for each portal that is sure, with --all for each likely one, too."""
        from crawler.discovery.model import Confidence
        from crawler.discovery.results import portals_of, rows_of
        from crawler.new_site.portal_rows import add_sites

        wanted = (Confidence.SURE, Confidence.LIKELY) if self.arguments.all else (Confidence.SURE,)
        found = [name.finding for name in portals_of(plan) if name.finding and name.finding.confidence in wanted]
        try:
            return add_sites(self.table, rows_of(found, set(self.registry)), self.registry)
        except OSError as error:
            where = error.filename or self.table
            raise UsageError(
                f"{where} cannot be written: {error.strerror}; what was found is remembered: run it again"
            ) from None


def _links_in(plan: "Plan") -> "Links":
    """Return what reads the links of a page for units of a plan's province."""
    from crawler.discovery.links import links_of
    from crawler.units.provinces import parse_province

    query = parse_province(plan.area.province)
    return lambda page: links_of(page, query)


def _counter(fetch: "Fetch") -> Callable[[], int]:
    """Return what tells how many requests a probe has sent."""
    stats = fetch.__self__.crawler.stats  # type: ignore[attr-defined]
    return lambda: int(stats.get_value("downloader/request_count", 0))
