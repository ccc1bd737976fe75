"""Runs one crawl of the replica portals in a process of its own: a reactor runs once.

The only argument is JSON: names, db, summary, port or replay (files), and optionally limit, full, since, max_time,
settings, extra (sites made for a test: slug → host), start_pages (theirs), sent (a file that gets the moment of each
request, in seconds).
"""

import json
import sys
import time
from pathlib import Path

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.cli.output import logs
from crawler.cli.output.run_results import print_report
from crawler.handlers.loopback import LoopbackHandler
from crawler.run.run import Options, crawl
from spiders.platforms.hanoi_liferay62 import HanoiLiferaySpider
from spiders.registry import Registry


class NotingHandler(LoopbackHandler):
    """Notes when each request leaves: a busy server would note one late and the next in time."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self.path = Path(crawler.settings["SENT"])

    async def download_request(self, request: Request) -> Response:
        with self.path.open("a") as file:
            print(time.monotonic(), file=file)
        return await super().download_request(request)


def main():
    job = json.loads(sys.argv[1])
    sites = dict(Registry.of_package())
    for slug, host in job.get("extra", {}).items():
        facts = {
            "name": slug,
            "ward": f"Phường {slug}",
            "host": host,
            "scheme": "http",
            "start_pages": tuple(job.get("start_pages", ("/", "/tin-tuc"))),
        }
        sites[slug] = type(slug, (HanoiLiferaySpider,), facts)
    settings = job.get("settings", {})
    if "sent" in job:
        settings |= {"SENT": job["sent"], "DOWNLOAD_HANDLERS": {"http": NotingHandler, "https": NotingHandler}}
    options = Options(
        db=Path(job["db"]),
        limit=job.get("limit", 0),
        full=job.get("full", False),
        since=job.get("since"),
        max_time=job.get("max_time", 0),
        loopback_port=job.get("port", 0),
        replay=[Path(path) for path in job.get("replay", ())],
        settings=settings,
    )
    logs.set_up(None)
    report = crawl(Registry(sites).chosen(job["names"]), options, [])
    report.write(Path(job["summary"]))
    print_report(report, quiet=False, as_json=False, in_full=True)
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
