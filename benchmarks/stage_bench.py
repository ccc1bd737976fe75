"""CPU milliseconds an article, stage by stage, of this revision beside an older one, over two corpora.

python benchmarks/stage_bench.py [--pages N] [--rounds R] [--against REVISION] [--corpora FOLDER]

"made": pages of benchmarks/crawl_bench.py, 50 kB each, every text its own; "real": the article pages of
hanoi_sotttt.warc.gz in FOLDER (../shared/pages unless named), where there is one. Each round is a process of its own,
the revisions in turn; a row shows the least of the rounds. The older revision is checked out into a temporary folder.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AGAINST = "064121b"  # before this cost was looked at
STAGES = ("extraction", "dates", "units", "keys", "capture", "store", "near")
SITE = "x_bench"
MOMENT = "2026-11-30T00:00:00+00:00"


def pages_of(corpus: str, count: int, folder: Path) -> list[tuple[bytes, str]]:
    """Return (page, URL) of a corpus, `count` at most."""
    sys.path.insert(0, str(ROOT / "benchmarks"))  # the pages are those of today, whichever revision reads them
    if corpus == "made":
        from crawl_bench import pages

        made = pages(count, 50_000, alike=False)
        return [(html, f"http://bench.example/tin/-/view_content/{n}-tin.html") for n, html in enumerate(made)]
    from corpora import from_warc

    return [(page.html, page.gold.url) for page in from_warc(folder, "hanoi_sotttt").pages][:count]


class Clock:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(STAGES, 0.0)

    def of(self, stage: str, work: Callable[..., object], *arguments: object, **named: object) -> object:
        """Do a piece of work on the account of a stage."""
        begun = time.process_time()
        try:
            return work(*arguments, **named)
        finally:
            self.spent[stage] += time.process_time() - begun


def measure(corpus: str, count: int, folder: Path) -> dict[str, float]:
    """Take the pages of a corpus through all stages; return milliseconds an article by stage."""
    from scrapy import Request
    from scrapy.http import HtmlResponse

    from crawler.middlewares.capture import exchange_of
    from crawler.pipelines import stages
    from crawler.pipelines.article_record import record_of
    from crawler.run.items import PageItem
    from crawler.units.scope import scope_of
    from spiders.platforms import layout_named
    from storage import Collection
    from storage.archives.captures import CaptureKind, Captures
    from storage.near import link_waiting

    layout, scope = layout_named("hanoi_liferay62"), scope_of(SITE, "00004", "00004")
    at = datetime(2026, 11, 30, tzinfo=UTC)
    pages, clock, stored = pages_of(corpus, count, folder), Clock(), 0
    key = iter(range(len(pages)))
    fingerprint = getattr(stages, "fingerprint", None)  # of older revisions, which make the other keys as they store
    with tempfile.TemporaryDirectory() as place, Collection(Path(place) / "bench.db") as collection:
        site = {"slug": SITE, "name": "Phường Thử", "host": "bench.example", "platform": "made", "updated_at": MOMENT}
        collection.put_site(site)  # type: ignore[typeddict-item]
        run = collection.begin_run(SITE, mode="replay", started_at=MOMENT, software="benchmark")
        captures = Captures(collection, {"software": "benchmark"})
        for html, url in pages:
            item = PageItem(SITE, str(next(key)), url, html, layout, "utf-8", at)
            response = HtmlResponse(url, body=html, headers={"Content-Type": "text/html; charset=utf-8"})
            exchange = exchange_of(Request(url), response, None)
            kept = clock.of("capture", captures.keep, exchange, site=SITE, kind=CaptureKind.ARTICLE, run_id=run)
            item.capture_id = kept  # type: ignore[assignment]
            article = clock.of("extraction", stages.isolate_article, item)
            if article.reason:
                continue
            item.article = article
            clock.of("dates", stages.complete_dates, item, article)
            clock.of("units", stages.link_units, item, article, scope)
            if fingerprint is not None:
                item.content_hash = clock.of("keys", fingerprint, article)
            else:
                texts = article.title or "", article.summary or "", article.body
                item.keys = clock.of("keys", stages.text_keys, *texts)
                item.content_hash = item.keys.content_hash
            record = clock.of("store", record_of, item)
            twin = clock.of("store", collection.twin, record)
            clock.of("store", collection.save, record, run, twin=twin)
            stored += 1
        clock.of("store", collection.commit)
        clock.of("capture", captures.close)
        clock.of("near", link_waiting, collection, at=MOMENT)
    return {stage: 1000 * spent / stored for stage, spent in clock.spent.items()}


def main() -> None:
    """Measure the revisions in turn and print a table for each corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against", default=AGAINST, metavar="REVISION", help="'' for none")
    parser.add_argument("--corpora", type=Path, default=ROOT.parent / "shared" / "pages", metavar="FOLDER")
    parser.add_argument("--of", nargs=2, metavar=("TREE", "CORPUS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.of:
        sys.path.insert(0, options.of[0])
        print(json.dumps(measure(options.of[1], options.pages, options.corpora)))
        return
    with tempfile.TemporaryDirectory() as folder:
        trees = {"now": ROOT}
        if options.against and (old := _checked_out(options.against, Path(folder) / "old")):
            trees = {"old": old, **trees}
        corpora = ["made", *(["real"] if (options.corpora / "hanoi_sotttt.warc.gz").exists() else [])]
        for corpus in corpora:
            rounds: dict[str, list[dict[str, float]]] = {name: [] for name in trees}
            for _ in range(options.rounds):
                for name, tree in trees.items():
                    rounds[name].append(_round(tree, corpus, options))
            _print(corpus, {name: {s: min(one[s] for one in found) for s in STAGES} for name, found in rounds.items()})


def _checked_out(revision: str, place: Path) -> Path | None:
    """Return a folder with an older revision; None where there is none to be had."""
    place.mkdir()
    packed = subprocess.run(["git", "archive", revision], cwd=ROOT, capture_output=True)
    if packed.returncode:
        print(f"no revision {revision} here: only this one is measured\n")
        return None
    subprocess.run(["tar", "-x", "-C", str(place)], input=packed.stdout, check=True)
    return place


def _round(tree: Path, corpus: str, options: argparse.Namespace) -> dict[str, float]:
    arguments = ["--pages", str(options.pages), "--corpora", str(options.corpora), "--of", str(tree), corpus]
    done = subprocess.run(
        [sys.executable, __file__, *arguments], cwd=tree, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(tree)},
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _print(corpus: str, found: dict[str, dict[str, float]]) -> None:
    now, old = found["now"], found.get("old")
    print(f"{corpus}: CPU milliseconds an article\n")
    print(f"{'stage':<12}" + (f"{'old':>8}{'now':>8}{'now/old':>9}" if old else f"{'now':>8}"))
    sums = {"now": sum(now.values()), "old": sum(old.values()) if old else 0.0}
    for stage in (*STAGES, "together"):
        this = now.get(stage, sums["now"])
        before = old.get(stage, sums["old"]) if old else None
        beside = f"{before:>8.2f}{this:>8.2f}{this / before:>9.2f}" if before else f"{this:>8.2f}"
        print(f"{stage:<12}{beside}")
    print()


if __name__ == "__main__":
    main()
