"""`tinphuong demo`: the main job on bundled replica portals."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import UsageError

if TYPE_CHECKING:
    from crawler.run.site_report import SiteReport

_ROOT = Path(__file__).resolve().parents[2]  # where `crawler` lies: the portals are those of this very program
_DATABASE = Path("data/demo.db")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to keep of earlier demos."""
    parser.add_argument("--keep", action="store_true", help="go on in the demo database instead of starting a new one")
    parser.add_argument(
        "--requisites", action="store_true", help="keep what pages need to look as they did, too (as `crawl` does)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Start the portals, crawl all sites, show what is in the database and what to try next."""
    from crawler.cli.output import logs
    from crawler.cli.output.progress import watching
    from crawler.cli.output.run_results import print_report
    from crawler.configuration import Configuration
    from crawler.replica_portals.sites import sites
    from crawler.run.run import Options, crawl
    from spiders.registry import Registry
    from storage.archives.captures import folder_of

    db = arguments.db if arguments.db_named else _DATABASE  # never a collection that only the environment names
    if db == _DATABASE and not arguments.keep:
        for leftover in (db, Path(f"{db}-wal"), Path(f"{db}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.rmtree(folder_of(db), ignore_errors=True)
    logs.set_up(None)
    reports: list[SiteReport] = []
    with_replica = sites()
    spiders = [spider for slug, spider in Registry.of_package().items() if slug in with_replica]
    with _portals() as port:
        if not arguments.quiet:
            print(f"{len(spiders)} replica portals answer on 127.0.0.1:{port}; crawling them into {db}\n", flush=True)
        with watching(reports, quiet=arguments.quiet):
            options = Options(
                db=db, loopback_port=port, pictures=True, requisites=arguments.requisites,
                configuration=Configuration(),  # nobody's own
            )  # fmt: skip
            report = crawl(spiders, options, reports)
    print_report(report, quiet=arguments.quiet, as_json=arguments.json, in_full=True)
    if not arguments.quiet and not arguments.json:
        _show(db)
    return report.exit_code


@contextmanager
def _portals() -> Iterator[int]:
    """Run the replica portals in a process of their own; yields their port."""
    command = [sys.executable, "-m", "crawler.replica_portals"]
    server = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 — ours
    try:
        line = server.stdout.readline() if server.stdout else ""
        if not line.startswith("listening"):
            raise UsageError("the replica portals did not start; run `python -m crawler.replica_portals` to see why")
        yield int(line.rsplit(":", 1)[1])
    finally:
        server.terminate()
        server.wait()


def _show(db: Path) -> None:
    from crawler.cli.output.text_table import cut, table
    from crawler.text.counted import counted
    from storage import Collection, run_history

    with Collection(db) as collection:
        total, newest = run_history.article_count(collection), run_history.newest(collection, 10)
    rows = [
        [
            (row["published_at"] or "")[:16],
            row["site"],
            cut(row["title"], 60),
            row["published_from"],
            row["files"],
            row["urls"],
        ]
        for row in newest
    ]
    print(f"\n{counted(total, 'article is', 'articles are')} stored. The newest:")
    print(table(rows, ["published", "site", "title", "date_from", "files", "urls"]))
    me = _name()
    print(
        f"\nTry next:\n  {me} --db {db} search 'dau lieu'\n  {me} --db {db} status\n"
        f"  {me} date 'Thứ sáu, 08/12/2023 | 3:07 CH'"
    )


def _name() -> str:
    """How the user calls this program from the current folder."""
    if shutil.which("tinphuong"):
        return "tinphuong"
    if Path(sys.argv[0]).name != "tinphuong":
        return "python -m crawler"
    called = os.path.relpath(sys.argv[0])
    return sys.argv[0] if called.startswith("..") else called
