"""`tinphuong verify`: is what was stored still what was stored?"""

import argparse
import json
from typing import TYPE_CHECKING

from crawler.cli import Exit
from crawler.cli.output.long_list import print_first
from crawler.text.counted import counted

if TYPE_CHECKING:
    from storage.verification import Verdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """This command has no arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Print what is damaged; the exit code is 1 where something is, 2 where there is no database."""
    from crawler.cli.output.progress_bar import steps
    from storage.verification import verify

    with steps("checking", quiet=arguments.quiet) as progress:
        verdict = verify(arguments.db, progress)
    if arguments.json:
        print(json.dumps(verdict.to_dict(), ensure_ascii=False, indent=2))
    elif not arguments.quiet or verdict.damage:
        _print(verdict)
    return Exit.UNHEALTHY if verdict.damage else Exit.OK


def _print(verdict: "Verdict") -> None:
    print(
        f"{counted(verdict.captures, 'capture')} in {counted(verdict.files, 'file')} ({verdict.bytes / 1e6:.1f} MB), "
        f"{counted(verdict.articles, 'article')} and {counted(verdict.versions, 'earlier version')} were checked: "
        + (f"{len(verdict.damage)} damaged." if verdict.damage else "all is whole.")
    )
    if verdict.runs.digest:
        print(
            f"The run log holds {counted(verdict.runs.number, 'run')}; the newest has the digest {verdict.runs.digest}."
        )
    if verdict.attachments:
        print(f"  {counted(verdict.attachments, 'attached file was', 'attached files were')} read again")
    for remark in verdict.remarks:
        print(f"  {remark}")
    print_first([f"{item.kind}: {item.where}: {item.what}" for item in verdict.damage])
