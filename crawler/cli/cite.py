"""`tinphuong cite`: how to cite an article."""

import argparse
import json

from crawler.cli import number
from crawler.text.terminal_text import one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which article."""
    parser.add_argument("id", type=number, nargs="+", metavar="ID", help="articles.id, as `search --json` shows it")


def run(arguments: argparse.Namespace) -> int:
    """Print a citation for each article; the exit code is 2 where there is none of that id."""
    from crawler.dates.local_time import with_local_times
    from storage import Collection
    from storage.exports.citations import citation

    with Collection(arguments.db, must_exist=True) as collection:
        found = [citation(collection, article_id) for article_id in arguments.id]
    if arguments.json:
        print(json.dumps(with_local_times([item.to_dict() for item in found]), ensure_ascii=False, indent=2))
    else:
        print("\n".join(map(one_line, found)))
    return 0
