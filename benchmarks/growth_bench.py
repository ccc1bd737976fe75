"""What ten million articles would need, computed from what smaller collections were measured to need.

python benchmarks/growth_bench.py --keep FOLDER --replay FILE.db --crawl-ms 9
    measures made collections of 10,000, 100,000 and 1,000,000 short articles and of 100,000 of usual length (made in
    FOLDER where they are not there), and a crawled collection with its captures; prints what it measured, then what
    follows for --to articles

Bytes and the hours of `verify` and of a first fill grow as the number of articles does. A kind of search grows by the
factor by which it grew from the second largest collection to the largest, and never becomes faster; what the length of
texts does to it is taken from the two collections of 100,000. All times are processor time.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from math import log10
from pathlib import Path

from storage import Collection
from storage.fixity.verification import verify

if __package__:
    from benchmarks.made_collection import make
    from benchmarks.search_bench import KINDS, response_time
else:
    from made_collection import make
    from search_bench import KINDS, response_time

SHORT, USUAL = 600, 2500  # characters of a body
SIZES = (10_000, 100_000, 1_000_000)
_INDEX = ("articles_fts", "attachments_fts")
_KEYS = ("search_",)
_GB, _HOUR = 1e9, 3_600_000
_POLITE = 2.0  # seconds between two requests to one host
_AT_ONCE = 64  # sites


@dataclass(frozen=True, slots=True)
class Measured:
    """A collection: `articles`, mean characters of a body, bytes by part, and milliseconds of search by kind."""

    articles: int
    characters: float
    parts: dict[str, int]
    kinds: dict[str, tuple[float, float]]  # median and slowest query

    @property
    def size(self) -> int:
        """Bytes of the database."""
        return sum(self.parts.values())


def parts(collection: Collection) -> dict[str, int]:
    """Return the bytes of the full-text index, of the keys and counts for filters, of texts, and of all else."""
    found = {"index": 0, "keys": 0, "articles": 0, "other": 0}
    for name, size in collection.db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall():
        part = "index" if name.startswith(_INDEX) else "keys" if name.startswith(_KEYS) else "other"
        found["articles" if name == "articles" else part] += size
    return found


def measured(path: Path, *, searched: bool = True) -> Measured:
    """Measure the collection at `path`."""
    with Collection(path, must_exist=True) as collection:
        count, characters = collection.db.execute("SELECT count(*), avg(length(body)) FROM articles").fetchone()
        sizes = parts(collection)
    kinds = {}
    for kind, queries in KINDS.items() if searched else ():
        times = [response_time(path, query)[1] for query in queries]
        kinds[kind] = statistics.median(times), max(times)
    return Measured(count, characters, sizes, kinds)


def made(folder: Path, count: int, characters: int) -> Path:
    """Return the made collection of that size in `folder`, under the names that search_bench.py gives them too."""
    usual = 600 if count >= 1_000_000 else 2500
    path = folder / (f"{count}.db" if characters == usual else f"{count}-{characters}.db")
    if not path.exists():
        make(path, count, characters)
    return path


def verify_ms(path: Path) -> float:
    """Return milliseconds an article of `verify` of a copy of the collection: captures, texts, and the index."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        shutil.copy(path, copy)
        if (captures := path.with_suffix(".captures")).exists():
            shutil.copytree(captures, copy.with_suffix(".captures"))
        start = time.process_time()
        verdict = verify(copy, lambda done, total: None)
        return (time.process_time() - start) * 1000 / verdict.articles


def capture_bytes(path: Path) -> int:
    """Return the bytes of a collection's own captures."""
    return sum(file.stat().st_size for file in path.with_suffix(".captures").glob("*.gz"))


def ratio(larger: float, smaller: float) -> float:
    """Return how often `smaller` goes into `larger`, at least once: nothing is promised to become faster."""
    return max(1.0, larger / smaller) if smaller else 1.0


def computed(small: Measured, large: Measured, usual: Measured, alike: Measured, count: int, kind: str) -> list[float]:
    """Return median and slowest milliseconds of a kind for `count` articles of usual length.

    `small` and `large` differ in number, `usual` and `alike` in length only.
    """
    steps = log10(count / large.articles) / log10(large.articles / small.articles)
    return [
        large.kinds[kind][at]
        * ratio(large.kinds[kind][at], small.kinds[kind][at]) ** steps
        * ratio(usual.kinds[kind][at], alike.kinds[kind][at])
        for at in (0, 1)
    ]


def print_sizes(those: list[Measured]) -> None:
    """Print a line a collection: what its parts take, in bytes an article."""
    print(f"\n{'bytes an article':<22}{'body':>9}{'database':>10}{'index':>9}{'keys':>8}{'articles':>10}{'other':>8}")
    for one in those:
        each = [one.parts[name] / one.articles for name in ("index", "keys", "articles", "other")]
        print(
            f"{one.articles:<22,}{one.characters:>9,.0f}{one.size / one.articles:>10,.0f}"
            f"{each[0]:>9,.0f}{each[1]:>8,.0f}{each[2]:>10,.0f}{each[3]:>8,.0f}"
        )


def print_searches(short: list[Measured], usual: Measured, alike: Measured, count: int) -> None:
    """Print a line a kind of query: median and slowest, measured and computed."""
    heads = [f"{one.articles:,} short" for one in short] + [f"{usual.articles:,} usual", f"{count:,} computed"]
    print(f"\n{'ms a search: median, slowest':<40}" + "".join(f"{head:>21}" for head in heads))
    for kind in KINDS:
        line = "".join(f"{one.kinds[kind][0]:>12,.0f}{one.kinds[kind][1]:>9,.0f}" for one in [*short, usual])
        far = computed(short[-2], short[-1], usual, alike, count, kind)
        print(f"{kind:<40}{line}{far[0]:>12,.0f}{far[1]:>9,.0f}")


def print_totals(usual: Measured, real: Path, count: int, crawl_ms: float) -> None:
    """Print what `count` articles need on disk, and the hours of work on them."""
    crawled = measured(real, searched=False)
    captures = capture_bytes(real) / crawled.articles
    check = verify_ms(real)
    print(f"\n{count:,} articles, computed")
    for name in ("index", "keys", "articles", "other"):
        high, low = sorted((usual.parts[name] / usual.articles, crawled.parts[name] / crawled.articles), reverse=True)
        print(f"  {name:<38}{low * count / _GB:>8,.1f} to {high * count / _GB:,.1f} GB")
    sizes = sorted(one.size / one.articles * count / _GB for one in (usual, crawled))
    print(f"  {'database':<38}{sizes[0]:>8,.1f} to {sizes[1]:,.1f} GB")
    print(f"  {'captures':<38}{captures * count / _GB:>8,.1f} GB ({captures:,.0f} bytes an article)")
    print(f"  {'verify, one core':<38}{check * count / _HOUR:>8,.1f} h ({check:.2f} ms an article)")
    print(f"  {'first fill, one core':<38}{crawl_ms * count / _HOUR:>8,.1f} h ({crawl_ms:.1f} ms an article)")
    polite = count / _AT_ONCE * _POLITE / 3600
    print(f"  {f'live, {_AT_ONCE} sites at once':<38}{polite:>8,.1f} h (a page in {_POLITE:.0f} s of a site)")


def main() -> None:
    """Print what was measured, and what follows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=int, default=10_000_000, help="how many articles to compute for")
    parser.add_argument("--articles", type=int, default=1_000_000, help="the largest collection that is measured")
    parser.add_argument("--keep", type=Path, help="a folder for the made collections, used again if they are there")
    parser.add_argument("--replay", type=Path, help="a crawled collection with its captures beside it")
    parser.add_argument("--crawl-ms", type=float, default=9, help="processor time of a crawl an article")
    arguments = parser.parse_args()
    sizes = [size for size in SIZES if size <= arguments.articles]
    if len(sizes) < 2:
        parser.error("growth needs two sizes: --articles 100000 at least")
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        short = [measured(made(folder, size, SHORT)) for size in sizes]
        usual = measured(made(folder, SIZES[1], USUAL))
        print_sizes([*short, usual])
        print_searches(short, usual, short[1], arguments.to)
        if arguments.replay:
            print_totals(usual, arguments.replay, arguments.to, arguments.crawl_ms)


if __name__ == "__main__":
    main()
