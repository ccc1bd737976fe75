"""`tinphuong verify`: is what was stored still what was stored?"""

import argparse
import json
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from crawler.cli import Exit, UsageError, named_path
from crawler.cli.jobs_option import add_jobs, jobs_of
from crawler.cli.output.long_list import print_first
from crawler.text.counted import counted

if TYPE_CHECKING:
    from storage.fixity.ledger import Standing
    from storage.fixity.verification import Verdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much, and what to mend damage from."""
    parser.add_argument(
        "--sample", metavar="SHARE",
        help="look only at a share, like 2%%: at what was looked at longest ago; 50 runs then go through all of it",
    )  # fmt: skip
    parser.add_argument(
        "--heal-from", type=named_path, metavar="DIR",
        help="replace damaged captures and files by those of a second copy: a backup, or a folder with a copy",
    )  # fmt: skip
    add_jobs(parser, "look at parts of the collection")


def run(arguments: argparse.Namespace) -> int:
    """Print what is damaged; the exit code is 1 where something is, 2 where there is no database."""
    from crawler import clock
    from crawler.cli.output.progress_bar import steps
    from crawler.run.reading.pool import workers
    from storage.fixity.verification import verify

    at = clock.now().isoformat(timespec="microseconds")
    sample = _share(arguments.sample)
    with workers(jobs_of(arguments)) as several, steps("checking", quiet=arguments.quiet) as progress:
        verdict = verify(
            arguments.db, progress, at=at, sample=sample, heal_from=arguments.heal_from, workers=several
        )  # fmt: skip
    if arguments.json:
        print(json.dumps(verdict.to_dict(), ensure_ascii=False, indent=2))
    elif not arguments.quiet or verdict.damage or verdict.healed:
        _print(verdict)
    return Exit.UNHEALTHY if verdict.damage else Exit.OK


def _share(text: str | None) -> Fraction | None:
    """The share that a text like 2% names; None for none. Raises UsageError."""
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,3}(?:[.,][0-9]{1,9})?) ?%", text.strip())
    share = Fraction(found[1].replace(",", ".")) / 100 if found else Fraction(0)
    if not 0 < share <= 1:
        raise UsageError(f"--sample {text!r} is not a share: write 2%, or 0.5%, and no more than 100%")
    return share


_KINDS = {
    "capture": ("capture", "captures"), "article": ("article", "articles"),
    "version": ("earlier version", "earlier versions"), "file": ("attached file", "attached files"),
}  # fmt: skip


def _standing(item: "Standing") -> str:
    """How the things of a kind stand in the ledger, in one line."""
    from crawler.dates.local_time import shown_moment

    words = f"{counted(item.total, *_KINDS[item.kind])}: "
    parts = [f"{item.never} never verified"] if item.never else []
    parts += [f"{item.damaged} damaged when last verified"] if item.damaged else []
    rest = item.total - item.never - item.damaged
    if item.oldest and rest:
        parts.append(f"{'all' if rest == item.total else rest} found whole since {shown_moment(item.oldest)}")
    return words + ", ".join(parts)


def _print(verdict: "Verdict") -> None:
    whole = "all is whole." if verdict.sample is None else "all of that is whole."
    for sentence in verdict.healed:
        print(f"healed: {sentence}")
    print(
        f"{counted(verdict.captures, 'capture')} in {counted(verdict.files, 'file')} ({verdict.bytes / 1e6:.1f} MB), "
        f"{counted(verdict.articles, 'article')} and {counted(verdict.versions, 'earlier version')} were checked: "
        + (f"{len(verdict.damage)} damaged." if verdict.damage else whole)
    )
    if verdict.runs.digest:
        print(
            f"The run log holds {counted(verdict.runs.number, 'run')}; the newest has the digest {verdict.runs.digest}."
        )
    if verdict.attachments:
        print(f"  {counted(verdict.attachments, 'attached file was', 'attached files were')} read again")
    for remark in verdict.remarks:
        print(f"  {remark}")
    if verdict.sample is not None:
        print(f"This was {float(verdict.sample * 100):g} %, what was looked at longest ago. Of the whole collection,")
        for item in verdict.standing:
            print(f"  {_standing(item)}")
    print_first([f"{item.kind}: {item.where}: {item.what}" for item in verdict.damage])
