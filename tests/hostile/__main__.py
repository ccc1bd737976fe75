"""`python -m tests.hostile [KIND ...]`: crawl the hostile sites beside a good one, and say what became of each."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.hostile import registry
from tests.hostile.run import MOST_MEMORY, crawl


def main() -> int:
    """Print a line for each site that is not as its kind says, and the sum; exit code 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"default: all of {', '.join(registry.ALL)}")
    parser.add_argument("--max-time", type=float, default=300.0, metavar="S", help="of the crawl (default: 300)")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where the collection, the log and the output stay")
    parser.add_argument("--table", action="store_true", help="print the rows of docs/hostile.md, and do nothing else")
    given = parser.parse_args()
    if given.table:
        print(registry.tables())
        return 0
    kinds = [registry.ALL[name] for name in given.kinds or registry.ALL]
    with tempfile.TemporaryDirectory(prefix="tinphuong-hostile-") as own:
        folder = given.folder or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        done = crawl(kinds, folder, max_time=given.max_time)
    for slug, faults in done.wrong.items():
        print(f"{slug}: {'; '.join(faults)}")
    tracebacks = done.output.count("Traceback")
    right = len(kinds) - len(set(done.wrong) - {"tot_mot"})
    print(
        f"{len(kinds)} hostile sites beside a good one: {right} as they should be; exit {done.code} "
        f"after {done.seconds:.0f} s ({done.cpu:.0f} s of CPU), "
        f"{'by itself' if done.ended_by_itself else 'NOT by itself'}; {done.memory:.0f} MB at the highest; "
        f"{tracebacks} tracebacks; {done.touched} connections to where nothing may go"
    )
    well = done.ended_by_itself and not done.wrong and not tracebacks and done.memory < MOST_MEMORY and not done.touched
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
