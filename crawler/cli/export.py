"""`tinphuong export`: hand articles on."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import UsageError, named_path
from crawler.cli.jobs_option import add_jobs, jobs_of
from crawler.cli.since import publication_day

if TYPE_CHECKING:
    from storage.exports.delivery import Delivery


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The format, the place, and which articles."""
    from storage.exports.job import FORMATS

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "formats:\n" + "\n".join(f"  {name:8} {kind.summary}" for name, kind in FORMATS.items())
    parser.add_argument("format", choices=FORMATS, metavar="FORMAT", help=" ".join(FORMATS))
    parser.add_argument(
        "dest", type=named_path, metavar="DEST", help="the file, or for bagit, eark, oai and html the folder"
    )
    parser.add_argument("--site", action="append", default=[], metavar="SITE", help="only this site's; may be repeated")
    parser.add_argument("--unit", metavar="UNIT", help="only of this ward or commune: its name or code, old or new")
    parser.add_argument("--since", metavar="DATE", help="only what was published on that day or later")
    parser.add_argument("--until", metavar="DATE", help="only what was published on that day or before")
    parser.add_argument("--query", metavar="QUERY", help="only what matches, as for `tinphuong search`")
    parser.add_argument(
        "--changed-since", metavar="TIME|DELIVERY",
        help="only what was new, changed, removed or back since then: a day, a moment like 2026-11-22T08:00+07:00, or "
        "the place of the earlier delivery (a bag, or another export) that this one goes on from",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace what is at DEST")
    parser.add_argument(
        "--allow-incomplete", action="store_true", help="even if the last run of a chosen site did not end well"
    )
    parser.add_argument(
        "--statement", type=named_path, metavar="FILE",
        help="write there, too, what the export states of itself, as JSON: for formats without room for it",
    )  # fmt: skip
    parser.add_argument("--delimiter", default=",", choices=[",", ";", "\t"], help="of csv (default: a comma)")
    add_jobs(parser, "make what an export says of single articles")
    parser.add_argument("--base-url", metavar="URL", help="of oai: where the folder will be served")


def run(arguments: argparse.Namespace) -> int:
    """Write the export and say what was written; the exit code is 2 where it was refused."""
    from crawler import __version__
    from crawler.cli.output.progress_bar import steps
    from crawler.configuration.hand_over import options_of
    from crawler.run.reading.pool import workers
    from crawler.text.counted import counted
    from storage.exports import Choice, export

    since, earlier = _since(arguments.changed_since)
    choice = Choice(
        sites=tuple(arguments.site),
        unit=arguments.unit,
        since=publication_day(arguments.since, "--since"),
        until=publication_day(arguments.until, "--until"),
        query=arguments.query,
        changed_since=since,
    )
    with (
        workers(jobs_of(arguments)) as several,
        steps(f"writing {arguments.format}", quiet=arguments.quiet) as progress,
    ):
        done = export(
            arguments.db, arguments.format, arguments.dest, choice,
            software=f"tinphuong/{__version__}", progress=progress, force=arguments.force,
            allow_incomplete=arguments.allow_incomplete, earlier=earlier, statement=arguments.statement,
            workers=several,
            options=options_of(arguments.configuration)
            | {"delimiter": arguments.delimiter, "base_url": arguments.base_url},
        )  # fmt: skip
    if arguments.json:
        facts = {"dest": str(done.dest), "articles": done.articles, "bytes": done.bytes, "remarks": done.remarks,
                 "delivery": done.delivery.to_dict()}  # fmt: skip
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    elif not arguments.quiet:
        print(f"{counted(done.articles, 'article')} in {done.dest} ({done.bytes / 1e6:.1f} MB)")
        for remark in done.remarks:
            print(f"  {remark}")
    return 0


def _since(text: str | None) -> tuple[str | None, "Delivery | None"]:
    """What was written after --changed-since: a moment, or the earlier delivery at a place."""
    from storage.exports.delivery import read

    if text is None:
        return None, None
    try:
        return _moment(text), None
    except UsageError:
        place = Path(text)
        if place.exists():
            return None, read(place)
        raise UsageError(
            f"--changed-since {text!r} is neither a moment nor the place of an earlier delivery: write a day, "
            "2026-11-22T08:00+07:00, or the path of a bag or another export"
        ) from None


def _moment(text: str) -> str:
    """A moment as the database keeps it; a day begins at midnight in Việt Nam."""
    from crawler.dates.model import HANOI

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(f"{publication_day(text, '--changed-since')}-01-01"[:10])
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=HANOI)
    return moment.astimezone(UTC).isoformat(timespec="seconds")
