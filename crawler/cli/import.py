"""`tinphuong import`: take back what was exported, here or on another machine."""

import argparse
import json

from crawler.cli import Exit, named_path
from crawler.cli.jobs_option import add_jobs, jobs_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to import."""
    parser.add_argument(
        "file", type=named_path, metavar="FILE",
        help="a JSONL file (also packed with gzip), a bag's folder, or a database, as tinphuong makes them",
    )  # fmt: skip
    add_jobs(parser, "read and check the articles")


def run(arguments: argparse.Namespace) -> int:
    """Merge it and say what came of it; the exit code is 1 where something in it was damaged."""
    from crawler import clock
    from crawler.cli.output.progress_bar import steps
    from crawler.run.reading.pool import workers
    from crawler.text.counted import counted
    from storage.imports import take_in

    moment = clock.stamp()
    with workers(jobs_of(arguments)) as several, steps("importing", quiet=arguments.quiet) as progress:
        done = take_in(arguments.db, arguments.file, moment=moment, progress=progress, workers=several)
    if arguments.json:
        print(json.dumps(done.to_dict(), indent=2))
    elif done.nothing_new and not (done.damaged or done.unreadable or done.passed_over or done.cleaned):
        if not arguments.quiet:
            print(f"Nothing was new: {counted(done.merged, 'article')}, all of them here as they are.")
            _remark(done.remarks)
    elif not arguments.quiet or done.damaged or done.unreadable or done.passed_over or done.cleaned:
        more = f", {counted(done.tied, 'exact duplicate')} of articles that are here" if done.tied else ""
        kept = f"; {counted(done.captures, 'capture')}" if done.captures else ""
        kept += f"; {counted(done.near_duplicates, 'near-duplicate pair')}" if done.near_duplicates else ""
        print(f"{counted(done.added, 'article')} added, {done.merged} known ones brought up to date{more}{kept}")
        if done.nothing_new:
            print("  nothing was new")
        if done.damaged:
            left_out = counted(done.damaged, "article was", "articles were")
            print(f"  {left_out} left out: title or body is not what its digest says")
        if done.unreadable:
            print(f"  {counted(done.unreadable, 'WARC file')} could not be read to the end")
        if done.cleaned:
            print(f"  taken out of {counted(done.cleaned, 'text')}: control characters, and others that are none")
        if done.passed_over:
            print(f"  passed over, as this tinphuong has no such fields or tables: {', '.join(done.passed_over)}")
        _remark(done.remarks)
    return Exit.UNHEALTHY if done.damaged or done.unreadable else Exit.OK


def _remark(remarks: list[str]) -> None:
    for remark in remarks:
        print(f"  {remark}")
