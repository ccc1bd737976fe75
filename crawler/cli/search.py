"""`tinphuong search`: find articles."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from crawler.cli import UsageError, number
from crawler.cli.output.shown_text import plain
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from storage.rows import FoundArticle
    from storage.search.query import Filters

_EPILOG = """words: all must occur; without marks any marks match, with marks they are taken as written (hoà is hòa).
short forms find what they stand for, and the reverse (UBND, ủy ban nhân dân); "in quotation marks" only as typed.
"a phrase" · begin* · AND OR NOT (VÀ HOẶC KHÔNG) · -word · ( ) · title:word
site:hanoi_trucbach · unit:"Gia Sàng" (or a code) · section:"thông báo"
since:2021-05 · until:31/12/2022 · year:2021 · has:file · is:removed
doubt:any · doubt:date (text, title, author, summary) · doubt:weekday (a kind; see docs/doubts.md) · -doubt:any"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The query and its bounds."""
    parser.epilog = _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to look for; see below")
    parser.add_argument("--site", metavar="SITE", help="only this site's articles")
    parser.add_argument("--unit", metavar="UNIT", help="only of this ward or commune: its name or code, old or new")
    parser.add_argument("--section", metavar="NAME", help="only sections with this in their name")
    parser.add_argument("--since", metavar="DATE", help="published on this day or later: 2021, 2021-05, 9/5/2021")
    parser.add_argument("--until", metavar="DATE", help="published on this day or earlier")
    parser.add_argument("--has-file", action="store_true", help="only articles with an attached file")
    parser.add_argument("--removed", action="store_true", help="only articles that their site took down")
    parser.add_argument("--limit", type=number, default=20, metavar="N", help="at most N articles (default: 20)")


def run(arguments: argparse.Namespace) -> int:
    """Print what matches, best first; the exit code is 0 also where nothing does."""
    from crawler.dates.local_time import with_local_times
    from crawler.units import parse_unit
    from storage import Collection
    from storage.near import marks
    from storage.search import fulltext, units
    from storage.search.query import Filters

    filters = _filters(arguments)
    query = fulltext.parse_query(" ".join(arguments.query), filters)
    if query.node is None and query.filters == Filters() and not query.remarks:
        raise UsageError("search for what? Name a word, or a filter like --since 2023; `tinphuong search --help`")
    with Collection(arguments.db, must_exist=True) as collection:
        if arguments.unit:
            units.sites_of(collection.db.conn, arguments.unit)  # raises where it cannot be meant
        rows = fulltext.search(collection.db, query, limit=max(1, arguments.limit))
        if arguments.json:
            near = marks(collection.db, [row["id"] for row in rows])
            for row in rows:
                row["near_group"] = near.get(row["id"])
    if not arguments.quiet:
        for remark in query.remarks:
            print(f"tinphuong: {remark}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(with_local_times(rows), ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        _print(row)
    if not rows:
        of_unit = f" of {parse_unit(arguments.unit)}" if arguments.unit else ""
        print(f"Nothing in {arguments.db} matches {' '.join(arguments.query)!r}{of_unit}.")
    return 0


def _filters(arguments: argparse.Namespace) -> "Filters":
    from crawler.cli.known_sites import require_site
    from crawler.text import fold
    from storage.search.query import Filters, iso_date

    if arguments.site:
        require_site(arguments, arguments.site)
    dates: dict[str, str | None] = {}
    for name in ("since", "until"):
        text = getattr(arguments, name)
        dates[name] = iso_date(text) if text else None
        if text and not dates[name]:
            raise UsageError(f"--{name} {text!r} is not a date: write 2021, 2021-05, 2021-05-09 or 9/5/2021")
    return Filters(
        sites=(arguments.site,) if arguments.site else (),
        units=(arguments.unit,) if arguments.unit else (),
        sections=(fold(arguments.section),) if arguments.section else (),
        since=dates["since"],
        until=dates["until"],
        has_file=True if arguments.has_file else None,
        removed=True if arguments.removed else None,
    )


def _print(row: "FoundArticle") -> None:
    day = (row["published_at"] or "no date")[:10]
    gone = " · removed by its site" if row["removed_at"] else ""
    lines = [one_line(row["title"]), one_line(f"  {day} · {row['site']}{gone} · {row['url']}")]
    if row["snippet"]:
        lines.append(one_line(f"  {row['snippet']}"))
    if sys.stdout.isatty():
        lines[0] = f"\033[1m{lines[0]}\033[0m"
    print("\n".join(lines), end="\n\n", file=plain(sys.stdout))
