"""How fast the pages of `tinphuong browse` answer over a made collection.

python benchmarks/browse_bench.py [--articles 100000] [--keep FOLDER] [--old CHECKOUT]

Times are processor time, so that a busy machine matters little: of the first view by a program that was just started,
a process for each page, with nothing kept from before, as after every change of the collection; and the least of three
more. With `--old` each page is asked for by turns of another checkout of this project, whose schema must be the same.
Pages whose first view takes longer than the goal are named at the end.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SITE = "made_ward007"
GOAL = 200  # milliseconds of a first view
PAGES = (
    "/", "/search", "/search?q=thu+vien", "/search?q=ph%C6%B0%E1%BB%9Dng", "/search?q=uy+ban+nhan+dan&page=3",
    "/search?q=th*", "/search?q=NOT+ph%C6%B0%E1%BB%9Dng", "/search?q=phuong&site=made_ward007",
    "/search?q=phuong&unit=new:00004", "/search?q=phuong&section=y+te", "/search?year=2020&sort=new",
    "/search?site=made_ward007", "/search?since=2019-05", "/search?since=2019-05&until=2021-02&file=1",
    "/search?removed=1", "/search?province=hanoi", "/search?q=phuong&page=50",
    f"/article/{SITE}/{{key}}", f"/article/{SITE}/{{key}}.json", f"/ward/{SITE}", "/health", "/health.json", "/portals",
    "/portals/hanoi", "/run/52", "/feed.atom", "/feed.atom?q=phuong",
    "/search.json?q=phuong", "/search.csv?q=phuong", "/search.json", "/search.csv?since=2019-05",
    "/cite/bibtex?q=phuong",
)  # fmt: skip
Times = tuple[float, float]


async def measure(path: Path, page: str) -> Times:
    """Return the milliseconds of the first answer and the least of three more."""
    from crawler.browse.server import application

    datasette = application(path)
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
    return took[0], min(took[1:])


def asked(checkout: Path, path: Path, page: str) -> Times:
    """Return what `measure` gives in a new process that runs the program of a checkout."""
    arguments = [sys.executable, __file__, "--of", str(path), "--page", page]
    environment = {"PYTHONPATH": str(checkout), "PATH": ""}
    done = subprocess.run(arguments, env=environment, cwd=checkout, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    first, again = json.loads(done.stdout)
    return first, again


def best(times: list[Times]) -> Times:
    """Return the least first view and the least later one."""
    return min(first for first, _ in times), min(again for _, again in times)


def show(path: Path, checkouts: list[Path], repeats: int) -> None:
    """Print a line a page: the first view and later ones of each checkout; then the pages over the goal."""
    over = []
    for page in PAGES:
        turns = [[asked(checkout, path, page) for checkout in checkouts] for _ in range(repeats)]
        of_each = [best(list(times)) for times in zip(*turns, strict=True)]
        print(f"{page:<45}" + "".join(f"{first:>8.0f}{again:>8.0f}" for first, again in of_each), flush=True)
        over += [page] if of_each[-1][0] > GOAL else []
    print(f"first views over {GOAL} ms: {', '.join(over) or 'none'}")


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="a folder for the generated database, used again if it is there")
    parser.add_argument("--old", type=Path, help="another checkout of the project, to compare with")
    parser.add_argument("--repeats", type=int, default=2, help="processes a page, of which the best counts")
    parser.add_argument("--of", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--page", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.of:
        print(json.dumps(asyncio.run(measure(arguments.of, arguments.page))))
        return
    if __package__:
        from benchmarks.search_bench import made
    else:
        from search_bench import made

    checkouts = [arguments.old.resolve()] if arguments.old else []
    checkouts.append(Path(__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as temporary:
        path = made(arguments.keep or Path(temporary), arguments.articles).resolve()
        head = "old: first, again; new: first, again" if arguments.old else "the first time, and again"
        print(f"milliseconds of processor time a page over {arguments.articles:,} articles: {head}")
        show(path, checkouts, arguments.repeats)


if __name__ == "__main__":
    main()
