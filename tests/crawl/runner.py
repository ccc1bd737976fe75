"""Runs one crawl of the replica portals in a process of its own: a reactor runs once.

The only argument is JSON: names, db, port, summary, and optionally limit, full, since, settings, extra (sites made for
a test: slug → host).
"""

import json
import sys
from pathlib import Path

from crawler.cli import logs
from crawler.cli.run_results import print_report
from crawler.run.run import Options, crawl
from spiders.platforms.hanoi_liferay62 import HanoiLiferaySpider
from spiders.registry import Registry


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
    options = Options(
        db=Path(job["db"]),
        limit=job.get("limit", 0),
        full=job.get("full", False),
        since=job.get("since"),
        max_time=job.get("max_time", 0),
        loopback_port=job["port"],
        settings=job.get("settings", {}),
    )
    logs.set_up(None)
    report = crawl(Registry(sites).chosen(job["names"]), options, [])
    report.write(Path(job["summary"]))
    print_report(report, quiet=False, as_json=False, in_full=True)
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
