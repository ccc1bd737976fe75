"""`tinphuong restore`: bring a backup back."""

import argparse
import json

from crawler.cli import Exit, named_path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from, and what becomes of a collection that is there."""
    parser.add_argument("dest", type=named_path, metavar="DEST", help="the folder that `tinphuong backup` wrote")
    parser.add_argument("--generation", metavar="ID", help="an earlier one than the newest; --check lists them")
    parser.add_argument("--check", action="store_true", help="only check that it can be restored, and write nothing")
    parser.add_argument("--force", action="store_true", help="move a collection that is at --db aside")
    parser.add_argument(
        "--salvage", action="store_true", help="from a damaged backup: restore what is there, and say what is not whole"
    )


def run(arguments: argparse.Namespace) -> int:
    """Restore, or check; the exit code is 1 where the backup is damaged or nothing can be written."""
    from crawler.cli.backup import print_checked
    from crawler.cli.output.progress_bar import steps
    from storage.backups import check, restore

    if arguments.check:
        with steps("MB read", quiet=arguments.quiet) as progress:
            found = check(arguments.dest, progress, generation=arguments.generation)
        if arguments.json:
            print(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        elif not arguments.quiet or found.damage:
            print_checked(found)
        return Exit.UNHEALTHY if found.damage else Exit.OK

    from crawler import clock
    from crawler.text.counted import counted
    from crawler.text.terminal_text import one_line

    with steps("MB restored", quiet=arguments.quiet) as progress:
        done = restore(
            arguments.db, arguments.dest, now=clock.now(), progress=progress, generation=arguments.generation,
            force=arguments.force, salvage=arguments.salvage,
        )  # fmt: skip
    manifest = done.manifest
    damage = [*done.damage, *(f"already when it was copied: {what}" for what in manifest.damage)]
    if arguments.json:
        facts = {
            "db": str(arguments.db), "generation": manifest.generation, "counts": manifest.counts, "bytes": done.bytes,
            "aside": done.aside and str(done.aside), "damage": damage,
        }  # fmt: skip
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    elif not arguments.quiet or damage:
        from crawler.dates.local_time import shown_moment

        counts = manifest.counts
        print(
            f"{counted(counts.get('articles', 0), 'article')}, {counted(counts.get('captures', 0), 'capture')} and "
            f"{counted(counts.get('files', 0), 'attached file')} are in {arguments.db} ({done.bytes / 1e6:.1f} MB), as "
            f"they were backed up at {shown_moment(manifest.begun_at)}"
        )
        if done.undone:
            print("  an earlier restore that had been cut short was undone before")
        if done.aside:
            print(f"  what was there is now in {done.aside}")
        for what in damage:
            print(one_line(f"damage: {what}"))
    return Exit.UNHEALTHY if damage else Exit.OK
