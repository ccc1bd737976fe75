"""How good and how fast search is: judged queries, and response times on a made collection.

python benchmarks/search_bench.py                     the judged queries over the demo collection, then 100,000
python benchmarks/search_bench.py --articles 1000000  growth: 10,000, 100,000 and 1,000,000 articles
python benchmarks/search_bench.py --replay FILE.db    also the judged queries about sotttt.hanoi.gov.vn's pages

Times are processor time, so that a busy machine matters little: of 20 results with snippets, over a connection that was
just opened, and the least of two more. Beside the first of each kind the same words asked of SQLite as its manual has
it: articles_fts MATCH … ORDER BY rank LIMIT 20. Bodies are 2.5 kB long; 0.6 kB in a million articles.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from crawler.text import fold
from storage import Collection
from storage.search.fts_match import compiled
from storage.search.query import parse

if __package__:
    from benchmarks.made_collection import make
else:
    from made_collection import make

ROOT = Path(__file__).resolve().parents[1]
JUDGED = ROOT / "tests" / "search" / "judged.jsonl"
KINDS = {
    "commonest words": ("phường", "phuong", "nhân dân", "nhan dan", "2023", "của các"),
    "several words": (
        "ủy ban nhân dân phường", "uy ban nhan dan", "thương binh liệt sĩ", "di tich lich su",
        "phường ngập úng mưa bão",
    ),
    "short forms": ("ubnd", "UBND phường", "tổ dân phố", "mttq", "ubnd year:2016"),
    "beginnings": ("th*", "20*", "ngh*", "phuo*", "hội th*", "nhân dân ph*", '"hội ngh"*'),
    "phrases": (
        '"vệ sinh môi trường"', '"nhan dan phuong"', '"phường dân"', '"dân năm và"', "title:phường", 'title:"theo của"',
    ),
    "OR, NOT": (
        "phường OR xã", "phường NOT nhân dân", "NOT phường", "(chợ OR hồ) NOT (phường OR dân)", "chợ OR NOT phường",
    ),
    "filters only": (
        "site:made_ward007", "year:2021", "has:file", "is:removed", 'section:"thông báo"',
        "since:2019-03-05 until:2019-09",
    ),
    "words and filters": (
        "phường site:made_ward007", "phường site:made_ward200", "nhân dân unit:new:00004", "phường year:2016",
        "phường has:file", "phường is:removed", 'hội nghị section:"thông báo" since:2020',
        "th* site:made_ward100 year:2017",
    ),
    "without a hit": ("qwertz", "phường qwertz", "phuong nhan dan qwertz", "phường site:nowhere", "qwertz*"),
    "phrases of common words, rare": ('"phường của được"', '"các trên địa bàn được của"'),
}  # fmt: skip


def judged(name: str) -> list[dict]:
    """The judged queries over the collection `name`."""
    rows = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["collection"] == name]


def score(collection: Collection, rows: list[dict]) -> list[dict]:
    """Return a dict a query: kind, precision (at 5, of what is possible), first (whether a wanted one comes first)."""
    titles = [fold(row["title"]) for row in collection.rows("SELECT title FROM articles")]
    results = []
    for row in rows:
        good = [fold(title) for title in row["first"] + row["also"]]
        there = sum(any(title.startswith(one) for one in good) for title in titles)
        found = [fold(hit["title"]) for hit in collection.search(row["query"], limit=5)]
        right = sum(any(title.startswith(one) for one in good) for title in found)
        first = bool(found) and any(found[0].startswith(fold(one)) for one in row["first"])
        results.append(
            {
                "query": row["query"],
                "kind": row["kind"],
                "precision": right / min(5, there),
                "first": first,
                "there": there,
            }
        )
    return results


def print_scores(name: str, results: list[dict], *, misses: bool) -> None:
    """Print a line a kind of query and one for all."""
    kinds = defaultdict(list)
    for result in results:
        kinds[result["kind"]].append(result)
    print(
        f"\n{name}: {len(results)} judged queries\n"
        f"{'kind':<10} {'queries':>7} {'precision at 5':>15} {'first is wanted':>16}"
    )
    for kind, those in [*sorted(kinds.items()), ("all", results)]:
        precision = statistics.mean(one["precision"] for one in those)
        print(f"{kind:<10} {len(those):>7} {precision:>15.3f} {statistics.mean(one['first'] for one in those):>16.3f}")
    if misses:
        for one in results:
            if one["precision"] < 1 or not one["first"]:
                print(f"  {one['query']!r}: precision {one['precision']:.2f}, first {one['first']}")


def made(folder: Path, count: int) -> Path:
    """Return the made collection of that size in `folder`; it is made where it is not there."""
    path = folder / f"{count}.db"
    if not path.exists():
        make(path, count, characters=600 if count >= 1_000_000 else 2500)
    return path


def least(ask: Callable[[], object], repeats: int) -> float:
    """Return the least processor time in milliseconds."""
    took = []
    for _ in range(repeats):
        start = time.process_time()
        ask()
        took.append(time.process_time() - start)
    return min(took) * 1000


def response_time(path: Path, query: str) -> tuple[float, float]:
    """Return milliseconds of the first answer and of later ones."""
    with Collection(path, must_exist=True) as collection:
        first = least(lambda: collection.search(query, limit=20), 1)
        return first, least(lambda: collection.search(query, limit=20), 2)


def plain_time(path: Path, query: str) -> float | None:
    """Return milliseconds of SQLite's own best 20; None where nothing is asked for by words."""
    node = parse(query).node
    match = compiled(node) if node else None
    if match is None or not match.positive:
        return None
    sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rank LIMIT 20"
    with Collection(path, must_exist=True) as collection:
        return least(lambda: collection.db.execute(sql, [match.text]).fetchall(), 1)


def print_times(paths: dict[int, Path]) -> None:
    """Print a line a query and then one a kind, by number of articles."""
    head = "".join(f"{f'{count:,}':>30}" for count in paths)
    print(f"\nmilliseconds of processor time: first, later\n{'':<42}{head}")
    summary = []
    for kind, queries in KINDS.items():
        times = {count: [] for count in paths}
        for query in queries:
            line = f"{query:<42}"
            for count, path in paths.items():
                first, again = response_time(path, query)
                times[count].append(again)
                line += f"{first:>18.1f}{again:>12.1f}"
            print(line, flush=True)
        line = f"{kind:<42}"
        for count, path in paths.items():
            plain = plain_time(path, queries[0])
            line += f"{statistics.median(times[count]):>12.1f}{max(times[count]):>9.1f}"
            line += f"{'–' if plain is None else f'{plain:.1f}':>9}"
        summary.append(line)
    print(f"\nlater: median and slowest query of a kind; SQLite's own, for the first\n{'':<42}{head}")
    print("\n".join(summary))


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000, help="how many to generate at most (0: none)")
    parser.add_argument("--demo", type=Path, default=ROOT / "data" / "demo.db", help="the database of `tinphuong demo`")
    parser.add_argument("--replay", type=Path, help="a database of sotttt.hanoi.gov.vn's pages")
    parser.add_argument("--keep", type=Path, help="a folder for the generated databases, used again if they are there")
    parser.add_argument("--misses", action="store_true", help="name the queries that are not answered in full")
    arguments = parser.parse_args()
    for name, path in (("demo", arguments.demo), ("replay", arguments.replay)):
        if path and path.exists():
            with Collection(path, must_exist=True) as collection:
                print_scores(name, score(collection, judged(name)), misses=arguments.misses)
    counts = [count for count in (10_000, 100_000, 1_000_000) if count <= arguments.articles]
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        if counts:
            print_times({count: made(folder, count) for count in counts})


if __name__ == "__main__":
    main()
