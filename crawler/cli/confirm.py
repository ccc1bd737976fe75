"""`tinphuong confirm`: settle doubts about an article, by confirming what is stored or by saying what is right."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import UsageError, number
from crawler.text.terminal_text import one_line

if TYPE_CHECKING:
    from storage.rows import ArticleRow, Confirmation

_SHOWN = 70  # characters of a value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which article, what is right, and who says so."""
    parser.epilog = (
        "Without a field, every doubted field is confirmed as it is stored. An empty value ('') says that the article "
        "has none. No later run or import overwrites what is said here."
    )
    parser.add_argument("article", type=number, metavar="ARTICLE", help="its number, as `doubts` shows it")
    parser.add_argument("--title", metavar="TEXT", help="the right title")
    parser.add_argument("--summary", metavar="TEXT", help="the right sapo")
    parser.add_argument("--body", metavar="FILE", help="a file with the right text, in UTF-8; - reads standard input")
    parser.add_argument("--author", metavar="NAME", help="the right author")
    parser.add_argument("--source", metavar="TEXT", help="where the text says it was taken from")
    parser.add_argument("--section", metavar="NAME", help="the right section")
    parser.add_argument(
        "--published-at", metavar="DATE", help="the right date: 2021, 2021-05, 9/5/2021, '9/5/2021 14:30'"
    )
    parser.add_argument("--by", metavar="NAME", help="who says so (default: $USER)")
    parser.add_argument("--history", action="store_true", help="only show what was said of the article so far")


def run(arguments: argparse.Namespace) -> int:
    """Settle the doubts and print what was said; the exit code is 2 where the article or a value makes no sense."""
    from crawler import clock
    from storage import Collection
    from storage.doubts import confirmed
    from storage.doubts.confirm import CORRECTABLE, confirm, corrected
    from storage.locking import sole_writer

    given = {name: getattr(arguments, name) for name in CORRECTABLE if getattr(arguments, name) is not None}
    if arguments.history:
        with Collection(arguments.db, must_exist=True) as collection:
            row = _article(collection.article(arguments.article), arguments)
            said = confirmed.history(collection.db, arguments.article)
        _show(arguments, row, said, "Nobody has said anything of it.")
        return 0
    if given.get("body"):
        given["body"] = _text_in(given["body"])
    by = " ".join((arguments.by if arguments.by is not None else _user()).split())
    if not by:
        raise UsageError("--by is empty: name who says it")
    with sole_writer(arguments.db), Collection(arguments.db, must_exist=True) as collection:
        row = _article(collection.article(arguments.article), arguments)
        corrections = {name: corrected(row, name, text) for name, text in given.items()}
        said = confirm(collection, row, corrections, by=by, at=clock.stamp())
        after = _article(collection.article(arguments.article), arguments)
    _show(arguments, after, said, "It has no doubts: there is nothing to confirm.")
    return 0


def _article(row: "ArticleRow | None", arguments: argparse.Namespace) -> "ArticleRow":
    if row is None:
        raise UsageError(
            f"there is no article {arguments.article} in {arguments.db}; `tinphuong doubts` shows their numbers"
        )
    return row


def _text_in(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"--body {name}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"--body {name}: the file is not in UTF-8") from None


def _user() -> str:
    try:
        return os.environ.get("USER") or getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("it is not known who you are: name yourself with --by") from None


def _show(arguments: argparse.Namespace, row: "ArticleRow", said: "Sequence[Confirmation]", nothing: str) -> None:
    from crawler.dates.local_time import shown_moment, with_local_times
    from crawler.doubts import meaning
    from storage.fields import LABELS

    doubts = json.loads(row["doubts"])
    if arguments.json:
        result = {"article": row["id"], "confirmations": list(said), "doubts": doubts}
        print(json.dumps(with_local_times(result), ensure_ascii=False, indent=2))
        return
    if arguments.quiet:
        return
    print(one_line(f"#{row['id']} {row['title']}"))
    for one in said:
        value = _cut(one["value"])
        before = "as it is" if one["was"] == one["value"] else f"it was {_cut(one['was'])}"
        print(f"  {LABELS[one['field']].english}: {value} ({before}; {one['by']}, {shown_moment(one['at'])})")
    if not said:
        print(f"  {nothing}")
    for doubt in doubts:
        name = LABELS[doubt["field"]].english if doubt["field"] in LABELS else doubt["field"]
        print(f"  still in doubt: {name}: {meaning(doubt['kind'])}")


def _cut(text: str | None) -> str:
    from crawler.cli.output.text_table import cut

    return cut(" ".join(text.split()), _SHOWN) if text else "none"
