"""`tinphuong diff`: what an editor changed, in words."""

import argparse
import json
import sys
from itertools import pairwise
from typing import TypedDict

from crawler.cli import UsageError, number
from crawler.cli.output.shown_text import plain
from crawler.text.terminal_text import for_terminal, one_line

# Between two versions: when each was first seen, and the words that changed, by field.
_Change = TypedDict("_Change", {"from": str, "to": str, "changes": dict[str, str]})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which article."""
    parser.add_argument(
        "article", type=number, metavar="ARTICLE", help="its number, as `search --json` and `removed` give it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print each change from the oldest version to today's text: what went in [-…-], what came in {+…+}."""
    from crawler.dates.local_time import shown_moment, with_local_times
    from crawler.text.word_diff import word_diff
    from storage import Collection, fields, versions

    with Collection(arguments.db, must_exist=True) as collection:
        texts = versions.of_article(collection, arguments.article)
    if not texts:
        raise UsageError(
            f"there is no article {arguments.article} in {arguments.db}; `tinphuong search --json` shows their numbers"
        )
    changes: list[_Change] = [
        {
            "from": older["seen_from"],
            "to": newer["seen_from"],
            "changes": {name: word_diff(*pair) for name, pair in fields.differing(older, newer).items()},
        }
        for older, newer in pairwise(texts)
    ]
    if arguments.json:
        result = {"article": arguments.article, "versions": len(texts), "diffs": changes}
        print(json.dumps(with_local_times(result), ensure_ascii=False))
        return 0
    print(f"{one_line(texts[-1]['title'])}\n{one_line(texts[-1]['url'])}")
    if not changes:
        print("It has one version only.")
    for change in changes:
        print(f"\n{shown_moment(change['from'])} → {shown_moment(change['to'])}")
        for name, text in change["changes"].items():
            print(f"  {name}: {_coloured(for_terminal(text))}", file=plain(sys.stdout))
    return 0


def _coloured(text: str) -> str:
    if not sys.stdout.isatty():
        return text
    for mark, colour in (("[-", "\033[31m[-"), ("-]", "-]\033[0m"), ("{+", "\033[32m{+"), ("+}", "+}\033[0m")):
        text = text.replace(mark, colour)
    return text
