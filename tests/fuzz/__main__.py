"""`python -m tests.fuzz`: fuzz for a time given; exit code 1 where something was found.

`--again FILE` reads one finding again; `--reduce FILE` makes it as small as it can be with the same fault.
"""

import argparse
import sys
from pathlib import Path

from tests.fuzz import made_seeds
from tests.fuzz.coverage import available, fuzz_by_coverage
from tests.fuzz.driver import fuzz, summary
from tests.fuzz.reduction import reduced
from tests.fuzz.targets import ALL
from tests.fuzz.worker import Worker

FINDINGS = Path("data") / "fuzz"


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long, in all")
    parser.add_argument("--seed", type=int, default=1, help="the same number gives the same inputs (mutation only)")
    parser.add_argument("--target", action="append", choices=ALL, help="only this; may be repeated")
    parser.add_argument("--findings", type=Path, default=FINDINGS, metavar="DIR", help="where findings are written")
    parser.add_argument(
        "--seeds", type=Path, metavar="DIR", help="a folder with pages, feeds or WARC files to begin with"
    )
    parser.add_argument(
        "--engine", choices=("auto", "atheris", "mutation"), default="auto",
        help="atheris is guided by coverage; auto takes it where it is installed (requirements-fuzz.txt)",
    )  # fmt: skip
    parser.add_argument("--again", type=Path, metavar="FILE", help="read a finding again")
    parser.add_argument("--reduce", type=Path, metavar="FILE", help="make a finding small, into FILE.small")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run; returns the exit code."""
    given = arguments(argv)
    if path := given.again or given.reduce:
        return _one(path, reduce=bool(given.reduce))
    targets = [ALL[name] for name in given.target or ALL]
    if given.seeds:
        for kind, data in made_seeds.from_folder(given.seeds):
            for target in targets:
                if target.kind == kind:
                    target.seeds.append(data)
    by_coverage = given.engine == "atheris" or (given.engine == "auto" and available())
    if given.engine == "atheris" and not available():
        print("atheris is not installed: pip install -r requirements-fuzz.txt, or --engine mutation", file=sys.stderr)
        return 2
    engine = "atheris, guided by coverage" if by_coverage else "seeded mutation"
    run = fuzz_by_coverage if by_coverage else fuzz
    try:
        scores = run(targets, seconds=given.seconds, seed=given.seed, findings=given.findings)
    finally:
        made_seeds.remove_collection()
    print(summary(scores, engine, given.seed))
    found = sum(len(score.found) for score in scores)
    if found:
        print(f"{found} findings are in {given.findings}; read one again with --again, make it small with --reduce")
    return 1 if found else 0


def _one(path: Path, *, reduce: bool) -> int:
    target = ALL[path.name.split("-")[0]]
    data = path.read_bytes()
    worker = Worker(target, 0, lambda number: data)
    found = worker.take(0)
    worker.close()
    if found is None:
        print("nothing is wrong with it any more")
        return 0
    print(found.trace or found.what)
    if reduce:
        small = reduced(target, data, found)
        path.with_name(f"{path.name}.small").write_bytes(small)
        print(f"{len(data)} bytes reduced to {len(small)}: {path}.small")
    return 1


if __name__ == "__main__":
    sys.exit(main())
