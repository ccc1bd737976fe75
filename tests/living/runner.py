"""Runs the real command line again and again, each time in a fresh child of a process that has imported everything.

A job is a line of JSON on standard input: `job` (its number); `argv`; `out` (a path without suffix for the child's two
streams); optionally `ports` (host → port on loopback, 0 for a name that does not resolve), `sites` (slug → facts),
`now` (ISO, or none for the true time), `settings`, `env`, `patch` (dotted name → value), `fsize` (the largest file in
bytes), `max_time_from` (a path: the seconds of --max-time begin once a file is there). Jobs may overlap.

Each answer is a line of JSON with the number of its job: {"job": 1, "pid": 4711} when it begins, and
{"job": 1, "code": 0, "cpu": 0.2} when it has ended (minus the signal for one that was killed; `cpu` in seconds).
"""

import asyncio
import gc
import importlib
import json
import os
import platform
import resource
import select
import signal
import sys
import traceback
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
from crawler.run.scheduling import Process
from spiders.platforms.hanoi_liferay62 import PLATFORM, HanoiLiferaySpider
from spiders.registry import Registry
from tests.living.portal import Portal

QUICK = {
    "DOWNLOAD_DELAY": 0.001, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_BACKOFF": 0.01, "RETRY_TIMES": 1,
    "DOWNLOAD_TIMEOUT": 3600,  # only the test of silent servers wants less: a busy machine is slow, not silent
}  # fmt: skip


class Handler(LoopbackHandler):
    """Each host has its own port."""

    ports: ClassVar[dict[str, int]] = {}

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self.port = self.ports[crawler.spider.host]
        self.timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")

    async def download_request(self, request: Request) -> Response:
        if not self.port:
            raise CannotResolveHostError("DNS lookup failed")
        # The middleware that hands DOWNLOAD_TIMEOUT to requests is switched off in crawler.settings, so that Scrapy's
        # 10 seconds would hold here. Where the setting comes to its request by itself, this changes nothing.
        request.meta.setdefault("download_timeout", self.timeout)
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
    if job.get("max_time_from"):
        count_max_time_from(Path(job["max_time_from"]))


def count_max_time_from(path: Path) -> None:
    """Let the clock of --max-time begin when the test says so, by a file, and not when the process does."""
    watch = Process._watch

    async def _watch(self: Process, max_time: float) -> None:
        while not path.exists():
            await asyncio.sleep(0.01)
        await watch(self, max_time)

    Process._watch = _watch


def child(job: dict) -> None:
    """Run the command line and leave with its exit code, as the console script does."""
    code = 70
    try:
        prepare(job)
        code = crawler.cli.main(job["argv"])
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
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
    gc.freeze()  # children share the memory until one of them writes to it


def begin(job: dict, *private: int) -> int:
    """Fork a child for the job and return its process id; `private` file descriptors are not the child's."""
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in private:
            os.close(descriptor)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        child(job)
    return pid


def main() -> None:
    """Begin jobs as they come and say when they have ended, until standard input is closed."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what is printed by mistake must not be taken for an answer
    warm_up()
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    jobs: dict[int, int] = {}  # process → number of its job

    def answer(number: int, **facts: object) -> None:
        os.write(answers, json.dumps({"job": number, **facts}).encode() + b"\n")

    unread = b""
    while True:
        ready, _, _ = select.select([0, ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            for pid, number in list(jobs.items()):
                found, status, usage = os.wait4(pid, os.WNOHANG)
                if found:
                    del jobs[pid]
                    seconds = round(usage.ru_utime + usage.ru_stime, 3)
                    answer(number, code=os.waitstatus_to_exitcode(status), cpu=seconds)
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                break
            *lines, unread = (unread + data).split(b"\n")
            for line in lines:
                job = json.loads(line)
                pid = begin(job, answers, ended, wake)
                jobs[pid] = job["job"]
                answer(job["job"], pid=pid)
    for pid in jobs:  # the process that gave them has ended
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
