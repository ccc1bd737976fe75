"""Runs the real command line again and again, each time in a fresh child of a process that has imported everything.

A job is a line of JSON on standard input: `argv`; `out` (a path without suffix for the child's two streams); optionally
`ports` (host → port on loopback, 0 for a name that does not resolve), `sites` (slug → facts), `now` (ISO, or none for
the true time), `settings`, `env`, `patch` (dotted name → value), `fsize` (the largest file in bytes). Answers: "pid N",
and, when it has ended, "code N" (minus the signal for a killed one) and the seconds of CPU it took.
"""

import gc
import importlib
import json
import os
import platform
import resource
import sys
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.settings import default_settings
from scrapy.utils.misc import load_object

import crawler.cli
from crawler import clock, settings, units
from crawler.handlers.loopback import LoopbackHandler
from crawler.pipelines.stages import complete_dates, isolate_article
from crawler.run.items import PageItem
from spiders.platforms.hanoi_liferay62 import PLATFORM, HanoiLiferaySpider
from spiders.registry import Registry
from tests.living.portal import Portal

QUICK = {
    "DOWNLOAD_DELAY": 0.001, "DOWNLOAD_DELAY_JITTER": 0, "DOWNLOAD_TIMEOUT": 0.5,
    "RETRY_BACKOFF": 0.01, "RETRY_TIMES": 1,
}  # fmt: skip


class Handler(LoopbackHandler):
    """Each host has its own port."""

    ports: ClassVar[dict[str, int]] = {}

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self.port = self.ports[crawler.spider.host]

    async def download_request(self, request: Request) -> Response:
        if not self.port:
            raise CannotResolveHostError("DNS lookup failed")
        return await super().download_request(request)


def register(sites: dict) -> None:
    """Put the portals in the place of the registered sites, for every command of this process."""
    portals = {
        slug: type(slug, (HanoiLiferaySpider,), {"name": slug, "ward": f"Phường {slug}", "scheme": "http", **facts})
        for slug, facts in sites.items()
    }
    Registry.of_package = classmethod(lambda cls, extra=(): cls(portals))


def prepare(job: dict) -> None:
    """Make this process one in which the job's portals are the world."""
    for name in ("stdout", "stderr"):
        stream = Path(f"{job['out']}.{name}").open("w")  # noqa: SIM115 — the process's own stream from here on
        os.dup2(stream.fileno(), getattr(sys, f"__{name}__").fileno())
    os.environ.update(job.get("env", {}))
    if "sites" in job:
        register(job["sites"])
        Handler.ports = job["ports"]
        own = f"{Handler.__module__}.Handler" if __name__ != "__main__" else Handler
        settings.DOWNLOAD_HANDLERS = {"http": own, "https": own}
        settings.TINPHUONG_LOOPBACK_PORT = 1
    for name, value in (QUICK | job.get("settings", {})).items():
        setattr(settings, name, value)
    for name, value in job.get("patch", {}).items():
        module, _, attribute = name.rpartition(".")
        setattr(importlib.import_module(module), attribute, value)
    if job.get("now"):
        moment = datetime.fromisoformat(job["now"])
        clock.now = lambda: moment
    if job.get("fsize"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["fsize"], job["fsize"]))


def child(job: dict) -> None:
    """Run the command line and leave with its exit code, as the console script does."""
    code = 70
    try:
        prepare(job)
        code = crawler.cli.main(job["argv"])
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(code or 0))


def warm_up() -> None:
    """Import what a crawl imports and read a page once, so that no child has to."""
    for name in ("crawl", "progress", "run_results", "status", "removed", "diff", "verify"):
        importlib.import_module(f"crawler.cli.{name}")
    for name in (
        "crawler.run.run",
        "crawler.cli.logs",
        "crawler.cli.ping",
        "scrapy.crawler",
        "scrapy.pqueues",
        "scrapy.squeues",
    ):
        importlib.import_module(name)
    for name in ("datauri", "file", "ftp", "s3"):
        importlib.import_module(f"scrapy.core.downloader.handlers.{name}")
    for name in ("archiveiterator", "warcwriter"):
        importlib.import_module(f"warcio.{name}")
    for where in (default_settings, settings):
        for name, value in vars(where).items():
            if name.isupper() and isinstance(value, dict):
                for path in value:
                    if isinstance(path, str) and path.count(".") > 1 and path.startswith(("scrapy.", "crawler.")):
                        load_object(path)
    for name in ("SCHEDULER", "DUPEFILTER_CLASS", "STATS_CLASS", "DOWNLOADER", "ITEM_PROCESSOR", "LOG_FORMATTER"):
        load_object(getattr(default_settings, name))
    portal = Portal("am.test")
    url = portal.url(*portal.publish())
    html = portal.answer(url.split("test", 1)[1], {}).body
    item = PageItem("am", "1", url, html, PLATFORM.layout, "utf-8", clock.now())
    complete_dates(item, isolate_article(item))
    units.table()
    platform.platform()  # Scrapy writes it into its log: asked for, it starts a process
    Registry.of_package()
    gc.collect()
    gc.freeze()  # children share the memory as long as nobody writes to it


def main() -> None:
    warm_up()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        print(f"pid {pid}", flush=True)
        _, status, usage = os.wait4(pid, 0)
        print(f"code {os.waitstatus_to_exitcode(status)} {usage.ru_utime + usage.ru_stime:.3f}", flush=True)


if __name__ == "__main__":
    main()
