"""`tinphuong backup`: a consistent, verified copy of the collection, while runs go on."""

import argparse
import json
from typing import TYPE_CHECKING

from crawler.cli import Exit, UsageError, named_path, number
from crawler.cli.output.long_list import print_first

if TYPE_CHECKING:
    from storage.backups import BackedUp, Checked


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and how many generations stay."""
    parser.add_argument(
        "dest", nargs="?", type=named_path, metavar="DEST",
        help="the backup's folder, best on another disk (default: `backup.to` of the configuration)",
    )  # fmt: skip
    parser.add_argument("--keep", type=number, metavar="N", help="generations that stay (default: 3)")
    parser.add_argument(
        "--full", action="store_true", help="read and compare everything, here and there; mends what is damaged there"
    )
    parser.add_argument("--verify", action="store_true", help="check the backup at DEST, and write nothing")
    parser.add_argument(
        "--force", action="store_true", help="even if DEST has backups of another collection, or of a later state"
    )


def run(arguments: argparse.Namespace) -> int:
    """Back up, or check a backup; the exit code is 1 where something is damaged, or DEST cannot be written."""
    configuration = arguments.configuration
    arguments.dest = arguments.dest or configuration["backup.to"]
    if arguments.dest is None:
        raise UsageError("name the backup's folder: tinphuong backup DEST, or as `backup.to` in tinphuong.toml")
    arguments.keep = configuration["backup.keep"] if arguments.keep is None else arguments.keep
    if arguments.keep < 1:
        raise UsageError("--keep is 1 or more: a backup that keeps nothing is none")
    if arguments.verify:
        return _verify(arguments)
    from crawler import __version__, clock
    from crawler.cli.output.progress_bar import steps
    from storage.backups import back_up

    with steps("MB backed up", quiet=arguments.quiet) as progress:
        done = back_up(
            arguments.db, arguments.dest, software=f"tinphuong/{__version__}", now=clock.now, progress=progress,
            keep=arguments.keep, full=arguments.full, force=arguments.force,
        )  # fmt: skip
    damage = done.manifest.damage
    if arguments.json:
        facts = {"dest": str(arguments.dest), "copied": done.copied, "removed": done.removed, "remarks": done.remarks}
        said = {
            name: value for name, value in done.manifest.to_dict().items()
            if name in ("generation", "schema", "counts", "size", "damage")
        }  # fmt: skip
        print(json.dumps(said | facts, ensure_ascii=False, indent=2))
    elif not arguments.quiet or damage:
        _print(arguments, done)
    return Exit.UNHEALTHY if damage else Exit.OK


def _print(arguments: argparse.Namespace, done: "BackedUp") -> None:
    from crawler.text.counted import counted

    counts = done.manifest.counts
    size = sum(item.size for item in done.manifest.files())
    print(
        f"{counted(counts.get('articles', 0), 'article')}, {counted(counts.get('captures', 0), 'capture')} and "
        f"{counted(counts.get('files', 0), 'attached file')} of {arguments.db} are in {arguments.dest} "
        f"({size / 1e6:.1f} MB, {done.copied / 1e6:.1f} MB of it copied now): "
        + ("damage was found." if done.manifest.damage else "all was read back and is whole.")
    )
    for name in done.removed:
        print(f"  generation {name} was removed: --keep {arguments.keep}")
    for remark in done.remarks:
        print(f"  {remark}")
    _list(done.manifest.damage)
    if done.manifest.damage:
        print("No earlier generation was removed, as they may hold what is damaged here.")


def _verify(arguments: argparse.Namespace) -> int:
    from crawler.cli.output.progress_bar import steps
    from storage.backups import check

    with steps("MB read", quiet=arguments.quiet) as progress:
        found = check(arguments.dest, progress)
    if arguments.json:
        print(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    elif not arguments.quiet or found.damage:
        print_checked(found)
    return Exit.UNHEALTHY if found.damage else Exit.OK


def print_checked(found: "Checked") -> None:
    """Say what the check of a backup found."""
    from crawler.text.counted import counted

    print(
        f"{counted(found.files, 'file')} ({found.bytes / 1e6:.1f} MB) of "
        f"{counted(len(found.generations), 'generation')} were read again: "
        + (f"{len(found.damage)} damaged." if found.damage else "all is whole.")
    )
    _list(found.damage)
    if found.damage and found.whole:
        print(f"Whole, and can be restored with --generation: {', '.join(found.whole)}")
    for what in found.of_source:
        print(f"  was damaged already when it was copied: {what}")


def _list(damage: list[str]) -> None:
    from crawler.text.terminal_text import one_line

    print_first([one_line(f"damage: {what}") for what in damage])
