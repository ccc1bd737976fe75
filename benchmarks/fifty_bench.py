"""A first crawl of fifty portals at once: memory of all processes at the highest, CPU time, and what is printed.

The portals are those of `tests/fifty`: ten platforms, 2,100 articles, and a portal for each way to fail. `--sites 150`
shows what grows with the number of sites.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.fifty.crawling import crawl
from tests.fifty.portals import plans

TIMEOUT = 5.0  # seconds, for the portal that never answers


def main() -> None:
    """Crawl, print what it took and what it printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=50, metavar="N")
    parser.add_argument("--articles", type=int, default=32, metavar="N", help="of each that is not --large")
    parser.add_argument("--large", type=int, default=5, metavar="N", help="portals with 230 articles")
    parser.add_argument("--again", action="store_true", help="then show a second run, too")
    arguments = parser.parse_args()
    chosen = plans(arguments.sites, articles=arguments.articles, large=arguments.large)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(1 + arguments.again):
            done = crawl(chosen, Path(folder), timeout=TIMEOUT)
            print(done.out + done.err)
            stored = sum(done.articles().values())
            took = f"{done.memory:.0f} MB at the highest, {done.cpu:.1f} s of CPU, {done.seconds:.0f} s"
            print(f"{len(chosen)} sites, {stored} articles: {took}; exit code {done.code}")


if __name__ == "__main__":
    main()
