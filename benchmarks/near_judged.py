"""How well near duplicates are told apart: `python benchmarks/near_judged.py [--pages DIR] [--worst]`.

Scores the pairs written for it (tests/near) and, where the folder of pages is beside the project, pairs of real
articles judged by hand: benchmarks/near_labels.csv has their asset ids, `same` or `other`, and why. A pair is found if
the sketches share a number and the comparison agrees. `--worst` lists the errors.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.near import Story, alike, story  # noqa: E402
from crawler.text.sketches import sketch  # noqa: E402
from tests.near.gold import SPLITS, Text, pairs  # noqa: E402

LABELS = ROOT / "benchmarks" / "near_labels.csv"
_HEAD = f"{'pairs':18}{'one story':>10}{'others':>8}{'found':>7}{'precision':>11}{'recall':>8}"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--pages", type=Path, default=ROOT / ".." / "shared" / "pages", help="folder with hanoi_sotttt.gold.jsonl"
    )
    parser.add_argument("--worst", action="store_true", help="list the errors")
    options = parser.parse_args()
    print(f"{_HEAD}\n{'-' * len(_HEAD)}")
    for split in SPLITS:
        show(split, written(split), options.worst)
    gold = options.pages / "hanoi_sotttt.gold.jsonl"
    if gold.exists():
        judged, unjudged = real(gold)
        show("hanoi_sotttt", judged, options.worst)
        print(f"found among all pairs of hanoi_sotttt and not judged: {len(unjudged)} {sorted(unjudged) or ''}")
    return 0


def written(split: str) -> Iterable[tuple[str, bool, bool]]:
    """Yield the written pairs of a split: name, whether they tell one story, whether that is found."""
    known: dict[Text, tuple[Story, set[int]]] = {}
    for pair in pairs(split):
        for text in (pair.one, pair.two):
            if text not in known:
                made = story(text.title, text.lead, text.body, published=text.date)
                known[text] = made, set(sketch(text.title, text.lead, text.body))
        (one, first), (two, second) = known[pair.one], known[pair.two]
        yield (
            f"{pair.one.event} {pair.one.name} | {pair.two.event} {pair.two.name}",
            pair.same,
            (bool(first & second) and alike(one, two).same),
        )


def real(path: Path) -> tuple[list[tuple[str, bool, bool]], set[tuple[str, str]]]:
    """Return the judged pairs of real articles like those of `written`, and what is found beside them."""
    articles: dict[str, Story] = {}
    sharing: dict[int, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            files = frozenset(str(file) for file in row["attachments"])
            made = story(row["title"], row["lead"] or "", row["body_text"], published=row["published"], files=files)
            articles[row["asset_id"]] = made
            for value in sketch(row["title"], row["lead"] or "", row["body_text"]):
                sharing[value].append(row["asset_id"])
    candidates = {pair for assets in sharing.values() for pair in combinations(sorted(assets, key=int), 2)}
    found = {pair for pair in candidates if alike(articles[pair[0]], articles[pair[1]]).same}
    with LABELS.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    labels = {(row["asset"], row["other_asset"]): row for row in rows}
    judged = [
        (f"{' '.join(pair)} {row['reason']}", row["story"] == "same", pair in found) for pair, row in labels.items()
    ]
    return judged, found - labels.keys()


def show(name: str, judged: Iterable[tuple[str, bool, bool]], worst: bool) -> None:
    """Print a row of the table, and the errors."""
    rows = list(judged)
    same = sum(same for _, same, _ in rows)
    found = sum(found for *_, found in rows)
    right = sum(same and found for _, same, found in rows)
    print(
        f"{name:18}{same:>10}{len(rows) - same:>8}{found:>7}{right / max(1, found):>11.3f}{right / max(1, same):>8.3f}"
    )
    for pair, same, found in rows if worst else ():
        if same != found:
            print(f"  {'missed' if same else 'wrong'}: {pair}")


if __name__ == "__main__":
    sys.exit(main())
