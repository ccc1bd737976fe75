"""`tinphuong import`: take back what was exported, here or on another machine."""

import argparse
import json

from crawler.cli import Exit, named_path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to import."""
    parser.add_argument(
        "file", type=named_path, metavar="FILE", help="a JSONL file, a bag's folder, or a database that tinphuong made"
    )


def run(arguments: argparse.Namespace) -> int:
    """Merge it and say what came of it; the exit code is 1 where something in it was damaged."""
    from crawler import clock
    from crawler.cli.progress_bar import steps
    from storage.imports import take_in

    with steps("importing", quiet=arguments.quiet) as progress:
        done = take_in(arguments.db, arguments.file, moment=clock.stamp(), progress=progress)
    if arguments.json:
        print(json.dumps(done.to_dict(), indent=2))
    elif not arguments.quiet or done.damaged or done.unreadable:
        more = f", {done.tied} copies of articles that are here" if done.tied else ""
        raw = f"; {done.captures} raw pages" if done.captures else ""
        raw += f"; {done.near_duplicates} near-duplicate pairs" if done.near_duplicates else ""
        print(f"{done.added} articles added, {done.merged} known ones brought up to date{more}{raw}")
        if done.damaged:
            print(f"  {done.damaged} articles were left out: title or body is not what its digest says")
        if done.unreadable:
            print(f"  {done.unreadable} WARC files could not be read to their end")
    return Exit.UNHEALTHY if done.damaged or done.unreadable else Exit.OK
