"""How good and how fast search is: judged queries, and response times on a generated collection.

    python benchmarks/search_bench.py                     the judged queries over the demo collection, then 100,000
    python benchmarks/search_bench.py --articles 1000000  growth: 10,000, 100,000 and 1,000,000 articles
    python benchmarks/search_bench.py --replay FILE.db    also the judged queries about sotttt.hanoi.gov.vn's pages
"""

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from crawler.text import fold
from storage import Collection, fulltext
from storage.querying import Filters

ROOT = Path(__file__).resolve().parents[1]
JUDGED = ROOT / "tests" / "search" / "judged.jsonl"
QUERIES = (
    "thư viện", "thu vien", "phường", "phuong", "ủy ban nhân dân", "uy ban nhan dan", '"vệ sinh môi trường"', "ve sinh*",
    "t*", "lịch công tác tuần", "phường AND khu OR phố NOT tổ", "hội nghị site:ward_007", "họp year:2021",
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
            {"query": row["query"], "kind": row["kind"], "precision": right / min(5, there), "first": first, "there": there}
        )
    return results


def print_scores(name: str, results: list[dict], *, misses: bool) -> None:
    """Print a line a kind of query and one for all."""
    kinds = defaultdict(list)
    for result in results:
        kinds[result["kind"]].append(result)
    print(f"\n{name}: {len(results)} judged queries\n{'kind':<10} {'queries':>7} {'precision at 5':>15} {'first is wanted':>16}")
    for kind, those in [*sorted(kinds.items()), ("all", results)]:
        precision = statistics.mean(one["precision"] for one in those)
        print(f"{kind:<10} {len(those):>7} {precision:>15.3f} {statistics.mean(one['first'] for one in those):>16.3f}")
    if misses:
        for one in results:
            if one["precision"] < 1 or not one["first"]:
                print(f"  {one['query']!r}: precision {one['precision']:.2f}, first {one['first']}")
