"""Try the program on real content management systems, and print the table of docs/platforms/lab.md.

    python -m benchmarks.cms_lab hugo wordpress …
    python -m benchmarks.cms_lab recorded drupal7.warc.gz …

Each CMS is installed into a temporary folder from what Debian, PyPI or npm have, or from a folder of sources that
--sources names. It is filled with invented articles, crawled, changed, crawled again, and crawled once more without
news. `recorded` plays pages back that were recorded before, with NAME.gold.jsonl beside NAME.warc.gz: a CMS that does
not change, crawled twice. Servers listen on loopback, and all processes end with the trial.
"""

import argparse
import json
import shlex
import shutil
import signal
import sys
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from benchmarks.cms_lab.articles import ICT
from benchmarks.cms_lab.cms import Cms, LabProblem, Place
from benchmarks.cms_lab.front import Front, of_recording
from benchmarks.cms_lab.hugo import Hugo, HugoStretched
from benchmarks.cms_lab.nukeviet import NukeViet, NukeVietPlain
from benchmarks.cms_lab.pelican import Pelican
from benchmarks.cms_lab.rounds import Program, Trial, try_cms, try_recording
from benchmarks.cms_lab.table import cells, heading, line, told
from benchmarks.cms_lab.wagtail import Wagtail
from benchmarks.cms_lab.wordpress import WordPress, WordPressBlocks

ROOT = Path(__file__).resolve().parents[2]
KINDS = (Hugo, HugoStretched, WordPress, WordPressBlocks, Wagtail, Pelican, NukeViet, NukeVietPlain)
ALL: dict[str, type[Cms]] = {one.name: one for one in KINDS}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks.cms_lab", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("names", nargs="+", metavar="CMS", help=f"{', '.join(ALL)}, or: recorded WARC…")
    made.add_argument("--keep", metavar="DIR", type=Path, help="work there and keep it; packages found there are used")
    made.add_argument("--sources", metavar="DIR", type=Path, help="where sources are, a folder a CMS, named like it")
    made.add_argument("--program", metavar="COMMAND", help="the program under test (default: the one of this checkout)")
    made.add_argument("--record", metavar="DIR", type=Path, help="write what was served, and the gold, there")
    made.add_argument("--verbose", "-v", action="store_true", help="print also all that the program said")
    return made


def one_cms(kind: type[Cms], words: list[str], work: Path, options: argparse.Namespace) -> Trial:
    """Try a CMS; whatever it could not do is in the trial's `problem`."""
    folder = work / kind.name
    with Front() as front:
        place = Place(folder / "site", work / "packages" / kind.name, options.sources, front.address)
        cms = kind(place)
        lacking = cms.missing()
        if lacking:
            return Trial(kind.name, kind.title, "–", problem=lacking)
        with closing(cms):
            record = options.record and options.record / f"{kind.name}.warc.gz"
            return try_cms(cms, front, Program(words, fresh(folder / "program")), datetime.now(ICT).date(), record)


def one_recording(file: Path, words: list[str], work: Path) -> Trial:
    """Try the program on recorded pages."""
    name = file.name.removesuffix(".gz").removesuffix(".warc")
    rows = file.with_name(f"{name}.gold.jsonl")
    trial = Trial(name, f"{name}, recorded", "–")
    for needed in (file, rows):
        if not needed.is_file():
            trial.problem = f"there is no {needed}"
            return trial
    with Front() as front:
        front.behind, recorded = of_recording(file, front.host)
        found = [json.loads(line) for line in rows.read_text(encoding="utf-8").splitlines()]
        for row in found:
            row["url"] = (row["url"] or "").replace(recorded, front.address)
        return try_recording(front, Program(words, fresh(work / name / "program")), trial, found)


def fresh(folder: Path) -> Path:
    """A folder for the program's database and table, without those of an earlier trial."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def main(arguments: list[str] | None = None) -> int:
    """Try each CMS in turn; 0 if all could be tried."""
    options = parser().parse_args(arguments)
    words = shlex.split(options.program) if options.program else [sys.executable, str(ROOT / "tinphuong.py")]
    recorded = options.names[0] == "recorded"
    unknown = [] if recorded else [name for name in options.names if name not in ALL]
    if unknown or options.names == ["recorded"]:
        known = f"known are {', '.join(ALL)}; or recorded with one or more WARC files"
        sys.exit(f"{'no such CMS: ' + ', '.join(unknown) if unknown else 'recorded: which WARC files?'} ({known})")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended then, too
    trials = []
    print(*heading(), sep="\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="cms-lab-") as temporary:
        work = options.keep.resolve() if options.keep else Path(temporary)
        for name in options.names[1:] if recorded else options.names:
            print(f"{name} …", file=sys.stderr, flush=True)
            try:
                trial = one_recording(Path(name), words, work) if recorded else one_cms(ALL[name], words, work, options)
            except LabProblem as problem:
                trial = Trial(name, name if recorded else ALL[name].title, "–", problem=str(problem))
            trials.append(trial)
            print(told(trial, everything=options.verbose), file=sys.stderr, flush=True)
            print(line(cells(trial)), flush=True)
    return int(any(not trial.requests for trial in trials))


if __name__ == "__main__":
    sys.exit(main())
