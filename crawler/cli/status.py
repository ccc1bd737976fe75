"""`tinphuong status`: how each site does, from its own run history."""

import argparse
import json
from collections import Counter
from typing import TypedDict

from crawler.cli import Exit
from crawler.cli.text_table import table

_PARTED = 2  # pages


class SiteState(TypedDict):
    """How a site does. `reason`: one word, None where nothing is wrong; `last_run`: ISO 8601 to the minute, UTC;
    `newest`: when its newest article was published, as stored."""

    site: str
    state: str
    reason: str | None
    message: str
    articles: int
    last_run: str | None
    newest: str | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sites."""
    parser.add_argument("sites", nargs="*", metavar="SITE", help="only these (default: all registered or stored)")


def run(arguments: argparse.Namespace) -> int:
    """Print a row a site, what needs attention first; the exit code is 1 where one is failing or doubtful."""
    from crawler.run.health import State

    rows = states(arguments)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        order = [State.FAILING, State.DOUBTFUL, State.QUIET, State.NEVER, State.HEALTHY]  # what needs attention first
        print(
            table(
                [
                    [row["site"], row["state"], row["articles"], row["last_run"], row["newest"], row["message"]]
                    for row in sorted(rows, key=lambda row: order.index(State(row["state"])))
                ],
                ["site", "state", "articles", "last run", "newest", "why"],
            )
        )
        if len(rows) > 1:
            counts = Counter(row["state"] for row in rows)
            print(f"\n{len(rows)} sites: {', '.join(f'{counts[state]} {state}' for state in order if counts[state])}")
    unhealthy = [row["site"] for row in rows if row["state"] in (State.FAILING, State.DOUBTFUL)]
    return Exit.UNHEALTHY if unhealthy else Exit.OK


def states(arguments: argparse.Namespace) -> list[SiteState]:
    """Return how each of the chosen sites does."""
    from crawler import clock
    from crawler.cli.known_sites import known_sites
    from crawler.run.health import site_health
    from storage import Collection, run_history

    rows: list[SiteState] = []
    with Collection(arguments.db, must_exist=True) as collection:
        for name, registered in known_sites(arguments, collection).items():
            health = site_health(collection.db.conn, name, clock.now())
            message = health.message + _second_reader(*run_history.read_along(collection.db.conn, name))
            rows.append(
                {
                    "site": name,
                    "state": str(health.state),
                    "reason": health.reason,
                    "message": message if registered else f"not registered here; {message}",
                    "articles": run_history.article_count(collection, name),
                    "last_run": (health.last_run or "")[:16] or None,
                    "newest": health.newest,
                }
            )
    return rows


def _second_reader(read: int, parted: int) -> str:
    """Return a remark where the second reader finds another text on half of the pages that it reads along."""
    if parted < _PARTED or parted * 2 < read:
        return ""
    return f"; trafilatura finds another text on {parted} of {read} pages"
