"""`tinphuong removed`: what sites took down."""

import argparse
import json

from crawler.text.terminal_text import one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which site."""
    parser.add_argument("--site", metavar="SITE", help="only this site's articles")


def run(arguments: argparse.Namespace) -> int:
    """Print the removed articles, the latest removal first; they stay in the collection with all their versions."""
    from crawler.cli.known_sites import require_site
    from crawler.dates.local_time import local_day, with_local_times
    from crawler.reasons import sentence
    from storage import Collection, removals

    if arguments.site:
        require_site(arguments, arguments.site)
    with Collection(arguments.db, must_exist=True) as collection:
        rows = list(removals.removed(collection, arguments.site))
    if arguments.json:
        print(json.dumps(with_local_times(rows), ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        print(one_line(f"{local_day(row['removed_at'] or '')}  #{row['id']}  {row['title']}"))
        missed = local_day(row["gone_at"] or "")
        print(one_line(f"            {row['url']}: {sentence(row['reason'] or '')}; first missed on {missed}"))
    if not rows:
        print(f"No article in {arguments.db} is known to have been removed.")
    return 0
