"""How fast the pages of `tinphuong browse` answer over a generated collection.

python benchmarks/browse_bench.py [--articles 100000] [--keep FOLDER]
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from crawler.browse.server import application

if __package__:
    from benchmarks.search_bench import make
else:
    from search_bench import make

PAGES = (
    "/", "/search", "/search?q=thu+vien", "/search?q=ph%C6%B0%E1%BB%9Dng", "/search?q=uy+ban+nhan+dan&page=3",
    "/search?year=2020&sort=new", "/article/ward_007/{key}", "/ward/ward_007", "/health", "/run/1", "/feed.atom",
)  # fmt: skip


async def measure(path: Path) -> dict[str, tuple[float, float]]:
    """Return page → milliseconds of the first answer and the median of five more."""
    datasette = application(path)
    found = await datasette.get_database("data").execute("SELECT key FROM articles WHERE site = 'ward_007' LIMIT 1")
    key = found.first()["key"]
    await datasette.client.request("GET", "http://localhost/static/style.css", avoid_path_rewrites=True)
    times = {}
    for page in PAGES:
        took = []
        for _ in range(6):
            start = time.perf_counter()
            answer = await datasette.client.request(
                "GET", f"http://localhost{page.format(key=key)}", avoid_path_rewrites=True
            )
            took.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200, (page, answer.status_code)
        times[page] = took[0], statistics.median(took[1:])
    return times


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="a folder for the generated database, used again if it is there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = (arguments.keep or Path(temporary)) / f"{arguments.articles}.db"
        if not path.exists():
            make(path, arguments.articles)
        times = asyncio.run(measure(path))
    print(f"milliseconds a page over {arguments.articles:,} articles: the first time, and again")
    for page, (first, again) in times.items():
        print(f"{page:<45}{first:>8.0f}{again:>8.0f}")
    print(f"{'slowest':<45}{max(t[0] for t in times.values()):>8.0f}{max(t[1] for t in times.values()):>8.0f}")


if __name__ == "__main__":
    main()
