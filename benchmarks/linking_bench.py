"""How well articles are linked to the wards they are about, and what that costs: `python benchmarks/linking_bench.py`.

First precision and recall on the texts of `tests/units/linked.jsonl`, by half and by certainty; then CPU time a page of
linking beside that of extraction, over the same pages in one run, the least of the rounds: pages of the WARC where it
is present, else the replica portals. Last, a body of 3,000 characters that names a ward in every second sentence.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from corpora import ROOT  # noqa: E402
from extraction_bench import choose  # noqa: E402

from crawler.extraction import Article, extract_article  # noqa: E402
from crawler.units.links import Link, linked_units  # noqa: E402
from crawler.units.scope import scope_of  # noqa: E402
from tests.units.linked import HALVES, cases, score  # noqa: E402

_DISTRICT = scope_of("hanoi_haibatrung", "00277", "00292")
_SENTENCES = (
    "Sáng nay, phường Bạch Mai và các phường Đồng Tâm, Minh Khai cùng ra quân dọn vệ sinh. ",
    "Bà con trong ngõ mang theo chổi, xẻng, góp sức từ lúc trời chưa sáng. ",
)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--pages", type=Path, default=ROOT / ".." / "shared" / "pages", help="folder of WARCs with gold"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=int, default=200, help="pages a round")
    options = parser.parse_args()
    quality()
    cost(options)
    return 0


def quality() -> None:
    """Print the scores."""
    print(
        f"{'half':10}{'texts':>7}{'units':>7}{'precision':>11}{'recall':>8}   right and wrong by certainty\n{'-' * 75}"
    )
    for half in HALVES:
        result = score(half)
        texts = list(cases(half))
        wanted = sum(len(case.wanted) for case in texts)
        by = ", ".join(f"{name} {right}/{result.wrong[name]}" for name, right in result.right.items())
        print(f"{half:10}{len(texts):>7}{wanted:>7}{result.precision:>11.3f}{result.recall:>8.3f}   {by}")


def cost(options: argparse.Namespace) -> None:
    """Print the times."""
    corpus = choose(options.pages)
    pages = corpus.pages[: options.limit]
    articles = [extract_article(page.html, page.gold.url, charset=page.charset) for page in pages]
    size = sum(len(article.body) for article in articles) / len(articles)
    print(f"\n{len(pages)} pages of {corpus.name}, bodies of {size:,.0f} characters on average; CPU time a page\n")
    extraction = least(
        lambda: [extract_article(page.html, page.gold.url, charset=page.charset) for page in pages], options.rounds
    )
    linking = least(lambda: [link(article) for article in articles], options.rounds)
    dense_article = Article("", title="Quận họp", summary="Sáng nay.", body=("".join(_SENTENCES) * 40)[:3000])
    dense = least(lambda: [link(dense_article) for _ in pages], options.rounds)
    for name, seconds in (("extraction", extraction), ("linking", linking), ("linking, dense body", dense)):
        milliseconds = 1000 * seconds / len(pages)
        print(f"{name:22}{milliseconds:>8.3f} ms{seconds / extraction:>8.1%} of extraction")


def link(article: Article) -> list[Link]:
    """What the pipeline finds in an article."""
    return linked_units(
        article.title or "", article.summary or "", article.body, scope=_DISTRICT, published=article.published_at
    )


def least(work: Callable[[], object], rounds: int) -> float:
    """Seconds of CPU, the least of the rounds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
