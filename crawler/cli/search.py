"""`tinphuong search`: find articles."""

import argparse
import json

from crawler.cli import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The query and its bounds."""
    parser.add_argument(
        "query", nargs="+", metavar="QUERY", help='words, "a phrase", or pref*; without marks any marks match'
    )
    parser.add_argument("--site", metavar="SITE", help="only this site's articles")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="at most N articles (default: 20)")


def run(arguments: argparse.Namespace) -> int:
    """Print what matches, best first; the exit code is 0 also where nothing does."""
    from storage import Collection

    query = " ".join(arguments.query)
    if arguments.site:
        _check_site(arguments.site)
    with Collection(arguments.db, must_exist=True) as collection:
        try:
            rows = collection.search(query, site=arguments.site, limit=max(1, arguments.limit))
        except ValueError as error:
            raise UsageError(str(error)) from None
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        day = (row["published_at"] or "no date")[:10]
        print(f"{row['title']}\n  {day} · {row['site']} · {row['url']}\n  {row['snippet']}\n")
    if not rows:
        print(f"Nothing in {arguments.db} matches {query!r}.")
    return 0


def _check_site(name: str) -> None:
    from crawler.registry import UnknownSite, site

    try:
        site(name)
    except UnknownSite as error:
        raise UsageError(str(error)) from None
