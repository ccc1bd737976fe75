"""What several processes give: commands with `--jobs 1` and `--jobs 2`, on one core and on two.

    python benchmarks/jobs_bench.py [--articles 5000] [--pages 600] [COMMAND ...]

For each command, the number of jobs and of cores: seconds by the clock, CPU seconds of the process that writes and of
its children, how many times as fast as one job on one core, and whether what came out is the same. A command that does
not know `--jobs` is passed over. Measure on a machine that does nothing else. Pages of 50 kB in Hà Nội's markup are
replayed, and then read again from what the replay has kept.
"""

import argparse
import hashlib
import os
import re
import resource
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import made_archive, near_bench  # noqa: E402
from benchmarks.export_bench import generate  # noqa: E402
from storage.exports import Choice, export  # noqa: E402

WHOLE = ("articles", "article_urls", "versions", "article_units", "attachments", "near_duplicates")
TABLES = dict.fromkeys(WHOLE, "*")
TABLES["captures"] = "id, site, url, kind, status, content_type, captured_at, payload_digest"  # the rest is by chance
_NOW = re.compile(time.strftime("%Y-%m-%dT", time.gmtime()) + r"[0-9:.]+")
COMMANDS: dict[str, tuple[str, ...]] = {
    "verify": ("--db", "{db}", "--json", "verify"),
    "export html": ("--db", "{db}", "export", "html", "{folder}/out"),
    "export jsonl": ("--db", "{db}", "export", "jsonl", "{folder}/out"),
    "export bagit": ("--db", "{db}", "export", "bagit", "{folder}/out"),
    "export sqlite": ("--db", "{db}", "export", "sqlite", "{folder}/out"),
    "export eark": ("--db", "{db}", "export", "eark", "{folder}/out"),
    "export oai": ("--db", "{db}", "export", "oai", "{folder}/out"),
    "crawl --replay": ("--db", "{folder}/new.db", "crawl", made_archive.SITE, "--replay", "{warc}", "--quiet"),
    "import jsonl": ("--db", "{folder}/new.db", "--json", "import", "{articles}"),
    "import sqlite": ("--db", "{folder}/new.db", "--json", "import", "{db}"),
    "reprocess": ("--db", "{db}", "--json", "reprocess"),
    "similar --link": ("--db", "{db}", "--json", "similar", "--link"),
}


def spent(command: list[str], cores: int, out: Path) -> tuple[int, float, float, float]:
    """Run the program on so many cores; returns (exit code, seconds, CPU seconds of it, of its children)."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    inner, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
        stream = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(stream, 1)
        os.dup2(os.open(f"{out}.err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        from crawler.cli import main

        code = 2
        try:
            code = main(command)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 2
        finally:
            sys.stdout.flush()
            own = resource.getrusage(resource.RUSAGE_SELF)
            os.write(theirs, f"{own.ru_utime + own.ru_stime}".encode())
            os._exit(code)
    os.close(theirs)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    with os.fdopen(inner) as stream:
        parent = float(stream.read() or 0)
    total = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return code, wall, parent, total - parent


def digest(folder: Path, out: Path) -> str:
    """What came out: what was printed, the files of an export, and the rows of the tables."""
    said = out.read_bytes()
    made = hashlib.sha256(re.sub(rb'"(oldest|newest)": "[^"]*"', b"", said))  # moments of the ledger
    for path in sorted(path for path in (folder / "out", *(folder / "out").rglob("*")) if path.is_file()):
        made.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    for path in sorted(folder.glob("*.db")):
        with closing(sqlite3.connect(path)) as connection:
            for table, columns in TABLES.items():
                for row in connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2"):
                    made.update(_NOW.sub("now", re.sub(r"import-[0-9]{14}", "", repr(row))).encode())
    return made.hexdigest()[:12]


def measure(name: str, make: Callable[[Path], list[str]], folder: Path) -> None:
    """Print four lines: one job and two, on one core and on two."""
    first: tuple[float, str] | None = None
    for jobs, cores in ((1, 1), (2, 1), (1, 2), (2, 2)):
        work = folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        command = [*make(work), "--jobs", str(jobs)]
        out = folder / "out"
        os.sync()  # what was written and removed before costs the next one nothing
        code, wall, parent, children = spent(command, cores, out)
        if code not in (0, 1):
            last = (out.with_name("out.err").read_text().strip() or "no word").splitlines()[-1]
            print(f"| {name} | {jobs} | {cores} | ended with {code}: {last[:60]} |")
            return
        found = digest(work, out) if name == "verify" else digest(work, Path(os.devnull))
        first = first or (wall, found)
        same = "same" if found == first[1] else "DIFFERENT"
        print(
            f"| {name} | {jobs} | {cores} | {wall:.2f} s | {parent:.2f} s | {children:.2f} s | {first[0] / wall:.2f} × "
            f"| {same} |",
            flush=True,
        )


def main() -> None:
    """Make a collection once, then measure each command on a copy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commands", nargs="*", choices=[*COMMANDS, []], default=[])
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--db", type=Path, help="a collection with captures to take instead of a made one")
    parser.add_argument("--pages", type=int, default=600, help="that are replayed and read again")
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        made = arguments.db or folder / "made" / "made.db"
        if not arguments.db:
            made.parent.mkdir()
            generate(made, arguments.articles, captures=True)
        warc, replayed = folder / "made.warc.gz", folder / "replayed" / "made.db"
        waiting = folder / "waiting" / "made.db"
        sources = {"reprocess": replayed, "similar --link": waiting}
        chosen = arguments.commands or list(COMMANDS)
        if {"crawl --replay", "reprocess"} & set(chosen):
            made_archive.make(warc, arguments.pages)
        if "reprocess" in chosen:
            replayed.parent.mkdir()
            replay = ["--db", str(replayed), "crawl", made_archive.SITE, "--replay", str(warc), "--quiet"]
            spent(replay, 2, folder / "out")
        if "similar --link" in chosen:
            waiting.parent.mkdir()
            near_bench.make(waiting, arguments.articles)
        lines = folder / "made.jsonl"
        if any(command.startswith("import") for command in chosen):
            nothing = lambda done, total: None  # noqa: E731
            export(made, "jsonl", lines, Choice(), software="made", progress=nothing, allow_incomplete=True)
        print("| command | jobs | cores | clock | CPU, parent | CPU, children | faster | what came out |")
        print("|---|---|---|---|---|---|---|---|", flush=True)
        for command in chosen:
            taken = sources.get(command, made)

            def make(
                work: Path,
                words: tuple[str, ...] = COMMANDS[command],
                source: Path = taken,
            ) -> list[str]:
                work.mkdir()
                shutil.copyfile(source, work / source.name)
                if (captures := source.with_suffix(".captures")).is_dir():
                    shutil.copytree(captures, work / captures.name)
                places = {"db": work / source.name, "folder": work, "warc": warc, "articles": lines}
                return [word.format(**places) for word in words]

            measure(command, make, folder)


if __name__ == "__main__":
    main()
