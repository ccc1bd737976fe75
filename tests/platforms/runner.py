"""Crawls replicas of platforms in a process of its own: a reactor runs once.

The only argument is JSON: db, summary, table (a file of sites), port or replay, and optionally names.
"""

import json
import sys
from pathlib import Path

from crawler.cli.output import logs
from crawler.run.run import Options, crawl
from spiders import site_table
from spiders.registry import Registry


def main():
    job = json.loads(sys.argv[1])
    sites = Registry(site_table.load(Path(job["table"])))
    options = Options(
        db=Path(job["db"]), loopback_port=job.get("port", 0), replay=[Path(path) for path in job.get("replay", ())]
    )
    logs.set_up(None)
    report = crawl(sites.chosen(job.get("names", ())), options, [])
    report.write(Path(job["summary"]))
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
