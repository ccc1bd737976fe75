"""Requests and bytes of runs over 1,000 known articles: the first run, one over an unchanged site, a day with news.

    python benchmarks/incremental_bench.py

A changing portal (tests/living) with two sections of 50 pages each is crawled over HTTP on loopback, once without and
once with ETags. Bytes are those of the bodies as they leave the server.
"""

import argparse
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.living.operator import Operator  # noqa: E402
from tests.living.portal import Portal  # noqa: E402
from tests.living.server import World  # noqa: E402
from tests.running import FORKS  # noqa: E402


def kinds(requests):
    """How many requests went to lists (start page and robots.txt among them) and to articles."""
    articles = sum("view_content" in request.path for request in requests)
    return len(requests) - articles, articles


def measure(count, *, validators):
    """Crawl a portal of `count` articles on three days; returns the rows of the table."""
    portal = Portal("mot.test", page_size=10, validators=validators)
    for ago in range(count // 4, 0, -1):
        portal.publish(4, days_ago=ago)
    rows = []
    with World(portal) as world, tempfile.TemporaryDirectory() as folder:
        operator = Operator(world, Path(folder))
        for day, name in enumerate(("first run", "nothing new", "3 new articles"), 1):
            if day == 3:
                portal.publish(3)
            began = time.monotonic()
            done = operator.crawl(now=f"2025-03-0{day}T01:00:00+00:00")
            if done.code:
                sys.exit(done.err)
            lists, articles = kinds(done.requests)
            not_modified = sum(request.status == 304 for request in done.requests)
            sent = sum(request.sent for request in done.requests)
            new = done.site("mot")["new"]
            rows.append((name, new, lists, articles, not_modified, sent, done.cpu, time.monotonic() - began))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=1000)
    options = parser.parse_args()
    print(f"{options.articles} known articles in 2 sections; recheck: 1 % of the known articles, 3 at least\n")
    print(f"{'run':<34}{'new':>6}{'lists':>7}{'articles':>10}{'304':>6}{'KB':>9}{'CPU s':>8}{'wall s':>8}")
    with closing(FORKS):
        for validators in (False, True):
            rows = measure(options.articles, validators=validators)
            for name, new, lists, articles, same, sent, cpu, wall in rows:
                label = f"{name}, {'with' if validators else 'without'} ETags"
                figures = f"{new:>6}{lists:>7}{articles:>10}{same:>6}{sent / 1000:>9.1f}{cpu:>8.2f}{wall:>8.1f}"
                print(f"{label:<34}{figures}")


if __name__ == "__main__":
    main()
