"""How good and how fast search is: judged queries, and response times on a generated collection.

python benchmarks/search_bench.py                     the judged queries over the demo collection, then 100,000
python benchmarks/search_bench.py --articles 1000000  growth: 10,000, 100,000 and 1,000,000 articles
python benchmarks/search_bench.py --replay FILE.db    also the judged queries about sotttt.hanoi.gov.vn's pages
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from crawler.text import fold
from storage import Collection, fulltext

ROOT = Path(__file__).resolve().parents[1]
JUDGED = ROOT / "tests" / "search" / "judged.jsonl"
QUERIES = (
    "thư viện", "thu vien", "phường", "phuong", "ủy ban nhân dân", "uy ban nhan dan", '"vệ sinh môi trường"',
    "ve sinh*", "t*", "th*", "hội n*", "lịch công tác tuần",
    "phường AND khu OR phố NOT tổ", "hội nghị site:ward_007", "họp year:2021",
    "kế hoạch has:file", "không có từ này đâu", "nguyen van an",
)  # fmt: skip


def judged(name: str) -> list[dict]:
    """The judged queries over the collection `name`."""
    rows = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["collection"] == name]


def score(collection: Collection, rows: list[dict]) -> list[dict]:
    """Return a dict a query: kind, precision (at 5, of what can be had), first (whether a wanted one stands there)."""
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


def make(path: Path, articles: int, seed: int = 8) -> None:
    """Fill a new database with articles of made-up words in the frequencies of real text: about 220 words each."""
    chance = random.Random(seed)
    text = " ".join(
        p.read_text(encoding="utf-8")
        for p in sorted((ROOT / "tests/portals/content").rglob("*.*"))
        if p.suffix in (".py", ".md", ".json", ".toml", ".txt")
    )
    words = [word for word in text.split() if word.isalpha() and any(ord(letter) > 127 for letter in word)]
    places = [f"ward_{number:03}" for number in range(60)]
    sections = ("Tin tức", "Thông báo", "Văn bản", "Cải cách hành chính", "An ninh", "Văn hóa")
    with Collection(path) as collection:
        for number, slug in enumerate(places):
            collection.put_site(
                {"slug": slug, "name": f"Phường số {number}", "host": f"{slug}.example.vn", "platform": "made",
                 "unit_old": f"{number:05}", "unit_new": f"{number // 2:05}", "updated_at": "2024-01-01"}
            )  # fmt: skip
        run = collection.begin_run(places[0], mode="live", started_at="2024-01-01T00:00:00+00:00", software="bench")
        db = collection.db
        db.execute("PRAGMA synchronous = OFF")
        db.conn.execute("BEGIN")
        for number in range(articles):
            day = f"{chance.randint(2012, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            site = chance.choice(places)
            lead = chance.choice(
                ("Phường", "Hội nghị", "Thông báo", "Lịch công tác tuần", "Kế hoạch", "Thư viện", "Khu phố")
            )
            values = {
                "site": site, "key": str(number), "url": f"http://{site}.example.vn/{number}",
                "title": f"{lead} {' '.join(chance.choices(words, k=8))}",
                "summary": " ".join(chance.choices(words, k=25)),
                "body": "\n\n".join("Phường " + " ".join(chance.choices(words, k=60)) for _ in range(3)),
                "section": chance.choice(sections), "published_at": day, "content_hash": str(number),
                "first_seen_at": day, "last_seen_at": day, "run_id": run,
            }  # fmt: skip
            if number % 4 == 0:
                values["body"] += " Ủy ban nhân dân phường ra quân vệ sinh môi trường khu phố."
            db.execute(
                f"INSERT INTO articles ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
                tuple(values.values()),
            )
            fulltext.add(db, number + 1, values)
            if number % 9 == 0:
                db.execute(
                    "INSERT INTO attachments (article_id, url, name, type, position) VALUES (?, ?, 'a.pdf', 'pdf', 0)",
                    (number + 1, f"{values['url']}.pdf"),
                )
            if number % 5000 == 4999:
                db.conn.execute("COMMIT")
                db.conn.execute("BEGIN")
        db.conn.execute("COMMIT")
        db.conn.execute("ANALYZE")


def response_times(path: Path, repeats: int = 5) -> dict[str, float]:
    """Return query → the median of its response times in milliseconds, 20 results with snippets."""
    times = {}
    with Collection(path, must_exist=True) as collection:
        for query in QUERIES:
            took = []
            for _ in range(repeats):
                start = time.perf_counter()
                collection.search(query, limit=20)
                took.append(time.perf_counter() - start)
            times[query] = statistics.median(took) * 1000
    return times


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
        if path:
            with Collection(path, must_exist=True) as collection:
                print_scores(name, score(collection, judged(name)), misses=arguments.misses)
    counts = [count for count in (10_000, 100_000, 1_000_000) if count <= arguments.articles]
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        columns = []
        for count in counts:
            path = folder / f"{count}.db"
            if not path.exists():
                make(path, count)
            columns.append(response_times(path))
        if columns:
            print("\nmilliseconds an answer (median), by number of articles")
            print(f"{'query':<42}" + "".join(f"{count:>12,}" for count in counts))
            for query in QUERIES:
                print(f"{query:<42}" + "".join(f"{column[query]:>12.1f}" for column in columns))
            print(f"{'slowest':<42}" + "".join(f"{max(column.values()):>12.1f}" for column in columns))


if __name__ == "__main__":
    main()
