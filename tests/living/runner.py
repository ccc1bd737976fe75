"""Runs the real command line in a world of made portals: `python -m tests.living.runner ARGUMENTS`.

Standard input is a JSON object, all of it optional: `sites` (slug → facts) and `ports` (host → port on loopback, 0 for
a name that does not resolve), `now` (ISO, or none for the true time), `settings`, `env`, `patch` (dotted name → value),
`add` (setting → what is added to that dict), `call` (dotted names of functions that are called first),
`fsize` (the largest file in bytes), `dies_after` (seconds of its own CPU time until the process is killed),
`cpu_to` (a path: those seconds are written there at its end; what other processes did for it is not in them),
`max_time_from` (a path: the seconds of --max-time begin once a file is there).
"""

import asyncio
import importlib
import json
import os
import resource
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response

from crawler import clock, settings
from crawler.cli import main
from crawler.handlers.loopback import LoopbackHandler
from crawler.run.scheduling import Process
from spiders.platforms.hanoi_liferay62 import HanoiLiferaySpider
from spiders.registry import Registry

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
    os.environ.update(job.get("env", {}))
    if "sites" in job:
        register(job["sites"])
        Handler.ports = job["ports"]
        settings.DOWNLOAD_HANDLERS = {"http": Handler, "https": Handler}
        settings.TINPHUONG_LOOPBACK_PORT = 1
    for name, value in (QUICK | job.get("settings", {})).items():
        setattr(settings, name, value)
    for name, values in job.get("add", {}).items():
        getattr(settings, name).update(values)
    for name, value in job.get("patch", {}).items():
        module, _, attribute = name.rpartition(".")
        setattr(importlib.import_module(module), attribute, value)
    for name in job.get("call", ()):
        module, _, function = name.rpartition(".")
        getattr(importlib.import_module(module), function)()
    if job.get("now"):
        moment = datetime.fromisoformat(job["now"])
        clock.now = lambda: moment
    if job.get("fsize"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["fsize"], job["fsize"]))
    if job.get("dies_after"):  # by a signal that nothing handles: as by kill -9, but on any machine at the same work
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, job["dies_after"])
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


if __name__ == "__main__":
    job = json.load(sys.stdin)
    prepare(job)
    try:
        sys.exit(main(sys.argv[1:]))
    finally:
        if job.get("cpu_to"):
            Path(job["cpu_to"]).write_text(str(time.process_time()))
