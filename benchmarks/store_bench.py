"""What it costs to store an article, from an empty collection to a large one: processor time, memory, bytes.

python benchmarks/store_bench.py                     a collection of 20,000 made articles, a line at each step
python benchmarks/store_bench.py --articles 1000000  as large as wanted; about an hour a million
python benchmarks/store_bench.py --commit 60         as a live crawl commits, which does so every second

Only what the writing process does counts: looking for a copy, saving, taking the article off the list of those that
wait, and committing. The texts and their keys (crawler/text/text_keys.py) are made before, as a reading process hands
them over; `--without-keys` lets the writer make them.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from made_collection import articles  # noqa: E402 — the path comes first

from crawler.text import content_hash  # noqa: E402
from crawler.text.text_keys import text_keys  # noqa: E402
from storage import Collection, site_memory  # noqa: E402
from storage.records import Record  # noqa: E402

_FIRST = 1000
_CHUNK = 200  # articles that are made at once, beside the time that counts
_MB = 1 << 20


def records(count: int, characters: int, *, with_keys: bool) -> Iterator[Record]:
    """Yield made articles as the pipeline hands them in."""
    for slug, values in articles(count, characters):
        texts = [values[name] for name in ("title", "summary", "body")]
        keys = text_keys(*texts) if with_keys else None
        digest = keys.content_hash if keys else content_hash(values["title"], values["body"])
        shown = ("title", "summary", "body", "section", "published_at", "published_precision")
        yield Record(
            slug, values["key"], values["url"], digest, values["first_seen_at"], {name: values[name] for name in shown},
            images=[{"url": f"{values['url']}.jpg", "caption": ""}], keys=keys,
        )  # fmt: skip


def fill(path: Path, options: argparse.Namespace) -> None:
    """Store the articles and print a line at each step."""
    print(f"{'articles':>9}{'ms/article':>12}{'memory MB':>11}{'peak MB':>9}{'database MB':>13}")
    steps = [
        number * tenth for tenth in (_FIRST * 10**power for power in range(7)) for number in (1, 2, 5)
        if number * tenth < options.articles
    ] + [options.articles]  # fmt: skip
    made = records(options.articles, options.characters, with_keys=not options.without_keys)
    with Collection(path) as collection:
        runs: dict[str, int] = {}
        done, counted, spent = 0, 0, 0.0
        while chunk := list(islice(made, min(_CHUNK, steps[0] - done))):
            for record in chunk:
                if record.site not in runs:
                    runs[record.site] = _site(collection, record.site)
            began = time.process_time()
            for record in chunk:
                collection.save(record, runs[record.site], twin=collection.twin(record))
                site_memory.settle_pending(collection, record.site, record.key)
                done += 1
                if options.commit and done % options.commit == 0:
                    collection.commit()
            spent += time.process_time() - began
            if done == steps[0]:
                began = time.process_time()
                collection.commit()
                spent += time.process_time() - began
                _show(path, done, 1000 * spent / (done - counted))
                counted, spent = done, 0.0
                steps.pop(0)
                if not steps:
                    break


def _site(collection: Collection, slug: str) -> int:
    collection.put_site(
        {"slug": slug, "name": f"Phường {slug}", "host": f"{slug}.example.vn", "platform": "made", "unit_old": None,
         "unit_new": None, "updated_at": "2026-07-01"}
    )  # fmt: skip
    return collection.begin_run(slug, mode="live", started_at="2026-07-01T00:00:00+00:00", software="made")


def _show(path: Path, done: int, cost: float) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    memory = pages * os.sysconf("SC_PAGE_SIZE") / _MB
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{done:>9}{cost:>12.3f}{memory:>11.0f}{peak:>9.0f}{path.stat().st_size / _MB:>13.0f}", flush=True)


def main() -> None:
    """Fill a collection that is removed afterwards."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--characters", type=int, default=2500, help="of a body, about")
    parser.add_argument("--commit", type=int, default=0, help="commit after so many articles; 0: as the store does")
    parser.add_argument("--without-keys", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "store.db", options)


if __name__ == "__main__":
    main()
