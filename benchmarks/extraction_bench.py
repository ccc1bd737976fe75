"""CPU milliseconds a page, side by side in one run: `python benchmarks/extraction_bench.py [--pages DIR] [--rounds N]`.

The pages are those of the WARC where it is present, else the replica portals, else pages made by chance, filled up to
about 50 KB. Each extractor runs over all of them; the median of the rounds is shown. What a first call costs (imports,
compiled tables) is shown apart.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from corpora import ROOT, Corpus, from_warc, made, portals  # noqa: E402
from peers import Extractor, installed, ours  # noqa: E402


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--pages", type=Path, default=ROOT / ".." / "shared" / "pages", help="folder of WARCs with gold"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, default=200, help="pages a round")
    options = parser.parse_args()
    corpus = choose(options.pages)
    pages = [(page.html, page.gold.url, page.charset) for page in corpus.pages[: options.limit]]
    size = statistics.mean(len(html) for html, *_ in pages) / 1000
    print(
        f"{len(pages)} pages of {corpus.name}, {size:.0f} KB on average, median of {options.rounds} rounds, CPU time\n"
    )
    print(f"{'extractor':26}{'ms a page':>10}{'slowest page':>14}{'first call':>12}\n{'-' * 62}")
    rows: dict[str, Extractor] = {}
    if corpus.platform:
        rows["ours, container known"] = ours(corpus.pages[0].platform)
    rows["ours, generic"] = ours(None)
    for name, extractor in {**rows, **installed()}.items():
        start = time.process_time()
        extractor(*pages[0])
        first = time.process_time() - start
        means, slowest = zip(*(measure(extractor, pages) for _ in range(options.rounds)), strict=True)
        print(f"{name:26}{1000 * statistics.median(means):>10.1f}{1000 * min(slowest):>14.1f}{1000 * first:>12.0f}")
    print("\nours: everything, the choice of the date included; trafilatura: with its metadata")
    return 0


def choose(folder: Path) -> Corpus:
    """The corpus to measure on."""
    if (folder / "hanoi_sotttt.warc.gz").exists():
        return from_warc(folder, "hanoi_sotttt")
    corpus = portals()
    if not corpus.pages:
        corpus = made()
    filler = b"<script>" + b"var menu = [0, 1, 2];\n" * 1200 + b"</script></head>"
    for page in corpus.pages:
        page.html = page.html.replace(b"</head>", filler, 1)
    platforms = {page.platform for page in corpus.pages}
    if len(platforms) > 1:
        corpus.pages = [page for page in corpus.pages if page.platform == "hanoi_liferay62"] or corpus.pages
    return corpus


def measure(extractor: Extractor, pages: list[tuple[bytes, str, str | None]]) -> tuple[float, float]:
    """Seconds of CPU a page on average, and of the slowest page."""
    times = []
    for page in pages:
        start = time.process_time()
        extractor(*page)
        times.append(time.process_time() - start)
    return statistics.mean(times), max(times)


if __name__ == "__main__":
    sys.exit(main())
