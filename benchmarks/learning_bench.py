"""What learning a site and doubting its fields cost: `python benchmarks/learning_bench.py [--pages DIR] [--rounds N]`.

The pages of a site are read as a run reads them, with and without observing, learning, and reading with what was
learned. The difference is given as a share of the CPU of a whole crawl of the same pages, replayed in the same minute;
the median of the rounds counts.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from corpora import ROOT, Corpus, from_warc  # noqa: E402

from crawler.extraction import apply_publication, isolate  # noqa: E402
from crawler.profile import EMPTY  # noqa: E402
from crawler.run.items import Listed, PageItem  # noqa: E402
from crawler.run.site_learning import SiteLearning  # noqa: E402
from spiders.platforms import layout_named  # noqa: E402
from storage import Collection  # noqa: E402

_AT = datetime(2022, 8, 27, 4, tzinfo=UTC)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=ROOT / ".." / "shared" / "pages")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    file = options.pages / "hanoi_sotttt.warc.gz"
    if not file.exists():
        print(f"{file} is not there: nothing to measure on", file=sys.stderr)
        return 2
    corpus = from_warc(options.pages, "hanoi_sotttt")
    read_with(corpus, learns=False)  # imports and first-use tables
    shares = []
    for _ in range(options.rounds):
        plain, learning, crawl = read_with(corpus, learns=False), read_with(corpus, learns=True), crawled(file)
        shares.append((learning - plain) / crawl)
        print(
            f"{len(corpus.pages)} pages: read {plain:.2f} s, with learning {learning:.2f} s, a crawl {crawl:.2f} s: "
            f"{100 * shares[-1]:.1f} % of a crawl"
        )
    print(f"median: {100 * statistics.median(shares):.1f} % of a crawl's CPU")
    return 0


def read_with(corpus: Corpus, *, learns: bool) -> float:
    """Read every page by its layout and return the CPU seconds."""
    layout = layout_named("hanoi_liferay62")
    with tempfile.TemporaryDirectory() as folder, Collection(Path(folder) / "t.db") as collection:
        site = {"slug": "hanoi_sotttt", "name": "", "host": "", "platform": "", "updated_at": ""}
        collection.put_site(site)  # type: ignore[typeddict-item]
        start = time.process_time()
        known = SiteLearning(collection, "hanoi_sotttt", hold=False)
        for number, page in enumerate(corpus.pages):
            profile = known.profile if learns else EMPTY
            observer = known.observer(str(number)) if learns else None
            item = PageItem("hanoi_sotttt", str(number), page.gold.url, page.html, layout, page.charset, _AT, Listed())
            item.article = isolate(
                page.html, page.gold.url, layout=layout, charset=page.charset, profile=profile, observer=observer
            )
            apply_publication(item.article, _AT, profile)
            if learns:
                item.observer = observer
                known.take(item)
        if learns:
            known.finish(list, lambda row: None)
        return time.process_time() - start


def crawled(file: Path) -> float:
    """Replay the site in a process of its own and return its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "crawler", "--quiet", "--db", f"{folder}/t.db", "crawl", "hanoi_sotttt",
             "--replay", str(file)],
            check=True, cwd=ROOT, env={**os.environ, "TINPHUONG_CONTACT": "mailto:bench@example.org"},
        )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
