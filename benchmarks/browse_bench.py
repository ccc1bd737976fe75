"""How fast the pages of `tinphuong browse` answer over a made collection.

python benchmarks/browse_bench.py [--articles 100000] [--keep FOLDER]

Times are processor time, so that a busy machine matters little: of the first view by a program that was just started,
with nothing kept from before, as after every change of the collection; and the least of three more.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from crawler.browse import plugin
from crawler.browse.answer_cache import AnswerCache
from crawler.browse.server import application

if __package__:
    from benchmarks.search_bench import made
else:
    from search_bench import made

SITE = "made_ward007"
PAGES = (
    "/", "/search", "/search?q=thu+vien", "/search?q=ph%C6%B0%E1%BB%9Dng", "/search?q=uy+ban+nhan+dan&page=3",
    "/search?q=th*", "/search?q=NOT+ph%C6%B0%E1%BB%9Dng", "/search?q=phuong&site=made_ward007",
    "/search?q=phuong&unit=new:00004", "/search?q=phuong&section=y+te", "/search?year=2020&sort=new",
    "/search?site=made_ward007", "/search?since=2019-05",
    f"/article/{SITE}/{{key}}", f"/ward/{SITE}", "/health", "/portals",
    "/portals/hanoi", "/run/52", "/feed.atom", "/feed.atom?q=phuong",
    "/search.json?q=phuong", "/search.csv?q=phuong",
)  # fmt: skip


async def measure(path: Path) -> dict[str, tuple[float, float]]:
    """Return page → milliseconds of the first answer and the least of three more."""
    times = {}
    for page in PAGES:
        datasette = application(path)
        plugin._CACHE = AnswerCache()  # nothing kept from before
        sql = "SELECT key FROM articles WHERE site = ? LIMIT 1"
        key = (await datasette.get_database("data").execute(sql, [SITE])).first()["key"]
        await datasette.client.request("GET", "http://localhost/static/style.css", avoid_path_rewrites=True)
        took = []
        for _ in range(4):
            start = time.process_time()
            answer = await datasette.client.request(
                "GET", f"http://localhost{page.format(key=key)}", avoid_path_rewrites=True
            )
            took.append((time.process_time() - start) * 1000)
            assert answer.status_code == 200, (page, answer.status_code)
        times[page] = took[0], min(took[1:])
    return times


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="a folder for the generated database, used again if it is there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        times = asyncio.run(measure(made(arguments.keep or Path(temporary), arguments.articles)))
    print(f"milliseconds of processor time a page over {arguments.articles:,} articles: the first time, and again")
    for page, (first, again) in times.items():
        print(f"{page:<45}{first:>8.0f}{again:>8.0f}")
    print(f"{'slowest':<45}{max(t[0] for t in times.values()):>8.0f}{max(t[1] for t in times.values()):>8.0f}")


if __name__ == "__main__":
    main()
