"""`tinphuong prune`: remove captures that are no longer needed."""

import argparse
import json
from typing import TYPE_CHECKING

from crawler.cli import Exit

if TYPE_CHECKING:
    from storage.pruning import Pruned

_NEVER = "never"
_MOST_DAYS = 36_500
_RULES = {
    "listings": "lists of articles and start pages",
    "robots": "robots.txt",
    "revisits": "captures of articles and files that only say: the same as before",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The rules, each with the age from which captures may go."""
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
    for rule, what in _RULES.items():
        parser.add_argument(
            f"--{rule}", type=_days, metavar="DAYS",
            help=f"{what}, if older than that and not the newest of their address; or never (default: 365)",
        )  # fmt: skip


def _days(text: str) -> int | str:
    if text == _NEVER:
        return _NEVER
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to {_MOST_DAYS}, or {_NEVER}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Remove them and say what was won; the exit code is 1 where a file could not be dealt with."""
    from crawler import __version__, clock
    from crawler.cli.output.progress_bar import steps
    from storage.pruning import Rules, prune

    said = {rule: getattr(arguments, rule) or arguments.configuration[f"prune.{rule}"] for rule in _RULES}
    rules = Rules(**{rule: None if days == _NEVER else days for rule, days in said.items()})
    with steps("files written anew", quiet=arguments.quiet) as progress:
        done = prune(
            arguments.db, rules, software=f"tinphuong/{__version__}", now=clock.now(), dry_run=arguments.dry_run,
            progress=progress,
        )  # fmt: skip
    if arguments.json:
        print(json.dumps(done.to_dict(), ensure_ascii=False, indent=2))
    elif not arguments.quiet or done.left:
        _print(done)
    return Exit.UNHEALTHY if done.left else Exit.OK


def _print(done: "Pruned") -> None:
    from crawler.cli.output.text_table import table
    from crawler.text.counted import counted
    from crawler.text.terminal_text import one_line

    rows = [
        (rule, counted(days, "day"), done.by_rule[rule][0], f"{done.by_rule[rule][1] / 1e6:.1f} MB")
        for rule, days in done.rules.each()
    ]
    if rows:
        print(table(rows, ["rule", "older than", "captures", "about"]))
    for remark in done.remarks:
        print(f"  {remark}")
    if done.won is None:
        count = sum(row[2] for row in rows)
        print(f"{count} of {counted(done.captures, 'capture')} would go; nothing was changed.")
    else:
        print(
            f"{done.removed} of {counted(done.captures, 'capture')} removed, {counted(done.files, 'file')} written "
            f"anew: {done.won / 1e6:.1f} MB won."
        )
    for what in done.left:
        print(one_line(f"left as it is: {what}"))
