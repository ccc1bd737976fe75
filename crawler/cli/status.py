"""`tinphuong status`: how each site does, from its own run history; the same for monitoring; when the disk is full."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TypedDict

from crawler.cli import Exit, UsageError, named_path
from crawler.cli.output.text_table import table
from crawler.cli.province_option import add_province, check_province

_PARTED = 2  # pages
_STDOUT = Path("-")
_FROM_ARCHIVES = "from archives"


class SiteState(TypedDict):
    """How a site does. `reason`: one word, None where nothing is wrong; `last_run`: when its last run ended, in Việt
    Nam's time (ISO 8601 with its offset); `since`: the day since when it fails; `newest`: the day of its newest
    article; `next_try`: the day from which `crawl --due` tries a site again that has given no answer for long, else
    None; `platform`: by which it is read; `platform_from`: stated, found or unknown. These two are None of a site that
    is not registered and was never crawled. `from_archives`: how many articles of a site that was never crawled are
    from replays."""

    site: str
    state: str
    reason: str | None
    message: str
    since: str | None
    articles: int
    last_run: str | None
    newest: str | None
    next_try: str | None
    platform: str | None
    platform_from: str | None
    from_archives: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sites, or what to tell of the whole collection instead."""
    parser.add_argument("sites", nargs="*", metavar="SITE", help="only these (default: all registered or stored)")
    add_province(parser, "only those of a province, of before or since July 2025")
    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--prometheus", type=named_path, nargs="?", const=_STDOUT, metavar="FILE",
        help="print metrics for Prometheus, or write them to FILE for node_exporter's textfile collector",
    )  # fmt: skip
    other.add_argument("--forecast", action="store_true", help="say what a day adds, and when the disk will be full")
    other.add_argument(
        "--dashboard", type=named_path, metavar="FOLDER",
        help="write an example dashboard for Grafana and alert rules for Prometheus into FOLDER",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Print a row a site, what needs attention first; the exit code is 1 where one is failing or doubtful.

    With --prometheus, --forecast or --dashboard, it says only whether that could be done.
    """
    from crawler.run.health import State

    check_province(arguments)
    if arguments.prometheus or arguments.forecast or arguments.dashboard:
        return _of_the_whole(arguments)
    rows = states(arguments)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        order = [State.FAILING, State.DOUBTFUL, State.QUIET, State.NEVER, State.HEALTHY]  # what needs attention first
        ordered = sorted(rows, key=lambda row: order.index(State(row["state"])))
        print(table([_row(row) for row in ordered], ["site", "state", "articles", "last run", "newest", "why"]))
        if len(rows) > 1:
            counts = Counter(_shown_state(row) for row in rows)
            shown = [*order[:3], _FROM_ARCHIVES, *order[3:]]
            print(f"\n{len(rows)} sites: {', '.join(f'{counts[state]} {state}' for state in shown if counts[state])}")
    unhealthy = [row["site"] for row in rows if row["state"] in (State.FAILING, State.DOUBTFUL)]
    return Exit.UNHEALTHY if unhealthy else Exit.OK


def _row(row: SiteState) -> list[object]:
    from crawler.dates.local_time import shown_moment

    ended = shown_moment(row["last_run"]) if row["last_run"] else None
    return [row["site"], _shown_state(row), row["articles"], ended, row["newest"], row["message"]]


def _shown_state(row: SiteState) -> str:
    return _FROM_ARCHIVES if row["from_archives"] else row["state"]


def states(arguments: argparse.Namespace) -> list[SiteState]:
    """Return how each of the chosen sites does."""
    from crawler import clock
    from crawler.cli.known_sites import known_sites
    from crawler.dates.local_time import local_day, local_iso
    from crawler.run.due import last_runs, turn
    from crawler.run.health import sites_health
    from storage import Collection, run_history
    from storage.views import sites

    rows: list[SiteState] = []
    with Collection(arguments.db, must_exist=True) as collection:
        count_of, kept = sites.article_counts(collection.db.conn), sites.kept_platforms(collection.db.conn)
        last = last_runs(collection.db.conn)
        known = known_sites(arguments, collection)
        verdicts = sites_health(collection.db.conn, clock.now(), known)
        for name, site in known.items():
            health = verdicts[name]
            message = health.message + _second_reader(*run_history.read_along(collection.db.conn, name))
            tried = turn(name, site.every, last.get(name)) if site else None
            next_try = local_day(tried.at.isoformat()) if tried and tried.is_slow and tried.at else None
            if next_try:
                message += f"; slow schedule, next try {next_try}"
            rows.append(
                {
                    "site": name,
                    "state": str(health.state),
                    "reason": health.reason,
                    "message": message if site else f"not registered here; {message}",
                    "since": health.since,
                    "articles": count_of.get(name, 0),
                    "last_run": local_iso(health.last_run) if health.last_run else None,
                    "newest": health.newest,
                    "next_try": next_try,
                    "platform": site.platform.name if site else kept.get(name),
                    "platform_from": site.platform_from if site else None,
                    "from_archives": health.from_archives.articles if health.from_archives else 0,
                }
            )
    return rows


def _second_reader(read: int, parted: int) -> str:
    """Return a remark where the second reader finds another text on half of the pages that it reads along."""
    if parted < _PARTED or parted * 2 < read:
        return ""
    return f"; trafilatura finds another text on {parted} of {read} pages"


def _of_the_whole(arguments: argparse.Namespace) -> int:
    """Print or write what is told of the collection as a whole."""
    option = "prometheus" if arguments.prometheus else "forecast" if arguments.forecast else "dashboard"
    if named := arguments.sites or arguments.province:
        raise UsageError(f"--{option} is about the whole collection: leave out {' '.join(named)}")
    if arguments.json and not arguments.forecast:
        raise UsageError(f"--{option} has a format of its own: leave out --json")
    if arguments.prometheus:
        _metrics(arguments)
    elif arguments.forecast:
        _forecast(arguments)
    else:
        _dashboard(arguments)
    return Exit.OK


def _metrics(arguments: argparse.Namespace) -> None:
    from crawler import clock
    from crawler.cli.known_sites import known_sites
    from crawler.monitoring.figures import gather
    from crawler.monitoring.metrics import exposition
    from crawler.monitoring.textfile import ENDING, write_textfile
    from storage import Collection
    from storage.files.own_paths import refuse_own

    path: Path = arguments.prometheus
    with Collection(arguments.db, must_exist=True) as collection:
        known = known_sites(arguments, collection)
        if path.name in known and path.parent == Path():
            raise UsageError(f"{path} is a site, and --prometheus is about all; name a file like ./tinphuong{ENDING}")
        every = {slug: site.every for slug, site in known.items() if site}
        data = exposition(gather(collection, known, every, clock.now()))
    if path == _STDOUT:
        print(data.decode(), end="")
        return
    refuse_own(path, arguments.db)
    write_textfile(path, data)
    if path.suffix != ENDING and not arguments.quiet:
        print(
            f"tinphuong: node_exporter reads only files whose names end in {ENDING}, not {path.name}", file=sys.stderr
        )


def _forecast(arguments: argparse.Namespace) -> None:
    from crawler import clock
    from crawler.cli.output.forecast_table import forecast_table
    from crawler.monitoring.forecast import forecast
    from storage import Collection

    with Collection(arguments.db, must_exist=True) as collection:
        found = forecast(collection, clock.now())
    if arguments.json:
        print(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    else:
        print(forecast_table(found))


def _dashboard(arguments: argparse.Namespace) -> None:
    from crawler.monitoring import examples
    from storage.files.own_paths import refuse_own

    refuse_own(arguments.dashboard / "tinphuong-dashboard.json", arguments.db)
    for path in examples.write(arguments.dashboard):
        if not arguments.quiet:
            print(path)
