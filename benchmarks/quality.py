"""Score extraction: `python benchmarks/quality.py [--pages DIR] [--store DB] [--check] [--worst N]`.

Prints one table a corpus: ours with the page's platform, ours without, plain trafilatura, and the peers installed from
requirements-peers.txt. `--check` scores only the bundled corpora and exits 1 where a pinned score has dropped.
"""

import argparse
import json
import re
import sqlite3
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from corpora import ROOT, Corpus, bundled, corpora, made, portals  # noqa: E402
from peers import Extractor, installed, ours  # noqa: E402
from scoring import Answer, Score  # noqa: E402
from silent_errors import bundled_rows, table  # noqa: E402

PINNED = ROOT / "benchmarks" / "quality_pinned.json"
_ID = re.compile(r"/-/view_content/(\d+)")
_HEAD = (
    f"{'extractor':22}{'pages':>6}{'P':>8}{'R':>8}{'F1':>8}{'title':>8}{'summary':>9}{'date':>8}{'author':>8}{'files':>8}"
    f"{'lines':>7}{'none':>7}{'ms':>7}"
)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--pages", type=Path, default=ROOT / ".." / "shared" / "pages", help="folder of WARCs with gold"
    )
    parser.add_argument("--store", type=Path, help="score the stored articles of this database as well")
    parser.add_argument("--check", action="store_true", help="only the bundled corpora, against the pinned scores")
    parser.add_argument("--pin", action="store_true", help="write the pinned scores anew")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N worst pages of each row")
    options = parser.parse_args()
    if options.check or options.pin:
        return check(write=options.pin)
    others = installed()
    for corpus in corpora(options.pages):
        print_table(corpus, others, options.worst, options.store)
    print("\nWrong fields, and those of them that carry no doubt:\n")
    print(table(bundled_rows(corpora(options.pages)), options.worst))
    print(
        "\nP, R, F1: body words, averaged over pages, lead taken out of both. date: to the minute, or the day where the"
    )
    print("page shows no time. files: attachments. lines: the portal's lines left in bodies. none: pages without an")
    print("article that were recognised. ms: CPU a page. '-': not tried. How each is counted: benchmarks/scoring.py")
    return 0


def print_table(corpus: Corpus, others: dict[str, Extractor], worst: int, store: Path | None) -> None:
    """Print the table of one corpus."""
    print(f"\n{corpus.name}: {corpus.note}\n{_HEAD}\n{'-' * len(_HEAD)}")
    todo: list[tuple[str, Extractor | None]] = [("ours, generic", ours(None)), *others.items()]
    if corpus.platform:
        todo.insert(0, ("ours, platform", None))
    rows = []
    if store is not None and corpus.name == "hanoi_sotttt":
        rows.append(stored(corpus, store))
        print(line(rows[0]))
    for name, extractor in todo:
        rows.append(run(corpus, name, extractor))
        print(line(rows[-1]), flush=True)
    for score in rows if worst else ():
        for f1, url in sorted(score.worst)[:worst]:
            print(f"  {score.name}: {f1:.3f} {url}")


def run(corpus: Corpus, name: str, extractor: Extractor | None) -> Score:
    """Score one extractor; None is ours with each page's platform."""
    score = Score(name)
    ours_by_platform = {page.platform: ours(page.platform) for page in corpus.pages}
    for page in corpus.pages[:3]:  # imports and first-use tables are not a page's cost
        (extractor or ours_by_platform[page.platform])(page.html, page.gold.url, page.charset)
    for page in corpus.pages:
        extract = extractor or ours_by_platform[page.platform]
        start = time.process_time()
        answer = extract(page.html, page.gold.url, page.charset)
        score.add(page.gold, answer, time.process_time() - start)
    return score


def stored(corpus: Corpus, path: Path) -> Score:
    """Score the articles of a database, found by their asset id.

    Of two addresses of one text each shows its own day, and the gold has that of its page: the date of the address
    counts, while the article itself has the earlier one.
    """
    score = Score("stored articles")
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    found: dict[str, sqlite3.Row] = {}
    for row in db.execute("SELECT * FROM articles WHERE site = 'hanoi_sotttt'"):
        if match := _ID.search(row["url"]):
            found[match.group(1)] = row
    shown: dict[str, str] = {}
    for url, article, published in db.execute("SELECT url, article_id, published_at FROM article_urls"):
        match = _ID.search(url)
        if match and published:
            shown[match.group(1)] = published
        if match and match.group(1) not in found:
            row = db.execute("SELECT * FROM articles WHERE id = ?", (article,)).fetchone()
            if row is not None:
                found[match.group(1)] = row
    missing = 0
    for page in corpus.pages:
        match = _ID.search(page.gold.url)
        row = found.get(match.group(1)) if match else None
        missing += row is None
        answer = Answer()
        if row is not None:
            files = db.execute("SELECT url FROM attachments WHERE article_id = ?", (row["id"],))
            answer = Answer(
                row["body"], row["title"], row["summary"], shown.get(match.group(1)) if match else None, row["author"],
                frozenset(r["url"] for r in files),
            )  # fmt: skip
        score.add(page.gold, answer, 0.0)
    db.close()
    if missing:
        print(f"{missing} articles of the gold are not in {path}: they score 0")
    return score


def line(score: Score) -> str:
    """One row of the table."""

    def share(count: int, tried: str) -> str:
        return f"{100 * count / score.pages:.1f}%" if tried in score.tries else "-"

    none = f"{score.negatives_right}/{score.negatives}" if score.negatives else "-"
    total = max(1, score.pages + score.negatives)
    return (
        f"{score.name:22}{score.pages:>6}{score.precision / score.pages:>8.4f}{score.recall / score.pages:>8.4f}"
        f"{score.f1 / score.pages:>8.4f}{share(score.title, 'title'):>8}{share(score.summary, 'summary'):>9}"
        f"{share(score.date, 'published'):>8}{share(score.author, 'author'):>8}"
        f"{share(score.attachments, 'attachments'):>8}"
        f"{score.lines:>7}{none:>7}{1000 * score.seconds / total:>7.1f}"
    )


def measures(score: Score) -> dict[str, float]:
    """What is pinned of a score."""
    shares = ("f1", "title", "summary", "date", "author", "attachments")
    out = {name: round(getattr(score, name) / score.pages, 4) for name in shares}
    return {**out, "lines": score.lines, "negatives_right": score.negatives_right}


def check(*, write: bool) -> int:
    """Compare the bundled corpora with the pinned scores, or pin them."""
    now: dict[str, dict[str, float]] = {}
    for corpus in (bundled(), made(), portals()):
        if not corpus.pages:
            continue
        now[f"{corpus.name}, generic"] = measures(run(corpus, "ours, generic", ours(None)))
        if corpus.platform:
            now[f"{corpus.name}, platform"] = measures(run(corpus, "ours, platform", None))
    rows = bundled_rows(corpus for corpus in (bundled(), made(), portals()) if corpus.pages)
    silent = sum(len(row.silent) for row in rows)
    now["wrong fields without a doubt"] = {"wrong": sum(row.wrong for row in rows), "silent": silent}
    if write:
        PINNED.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
        print(f"pinned in {PINNED.relative_to(ROOT)}")
        return 0
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    drops = []
    for name, values in pinned.items():
        for measure, least in values.items():
            value = now.get(name, {}).get(measure, -1)
            worse = value > least if measure in ("lines", "wrong", "silent") else value < least - 0.0005
            if worse:
                drops.append(f"{name}: {measure} is {value}, pinned {least}")
    print("\n".join(drops) or f"extraction quality: {len(pinned)} pinned rows hold")
    return 1 if drops else 0


if __name__ == "__main__":
    sys.exit(main())
