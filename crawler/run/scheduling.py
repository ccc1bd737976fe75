"""Runs many sites: some at once, within a bounded time."""

import asyncio
import gc
import logging
from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess

from crawler.reasons import Reason
from crawler.run.log_fields import about
from crawler.run.waiting_sites import WaitingSites
from crawler.scrapy_internals import disconnect_signals, drop_open_requests, share_settings, stop_reactor

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import Settings

    from crawler.run.context import RunContext
    from crawler.run.site import Site

logger = logging.getLogger(__name__)

_GRACE = 4.0  # seconds that open requests get when a run has to end
_READING = 2.5  # seconds more that pages which came get to be read
_REST = 7.5  # seconds after which such a run does nothing more that the next one can do
_SILENT_SITES = 3  # in a row on one server; from then on each of its sites is asked once, without further tries
_FREED_AT_ONCE = 16  # sites; looking for what can be freed takes some hundredths of a second


class Process(AsyncCrawlerProcess):
    """Runs many sites, some at once and no two on one server, and ends within seconds after a signal or at its time.

    Then no further site is started; requests that a silent server leaves open are dropped, and what is being read is
    ended; what was fetched is kept. A signal closes the sites with Scrapy's reason `shutdown`, the end of the time with
    `cut_short`.
    """

    def __init__(self, settings: "Settings"):
        super().__init__(settings)
        self.waiting = WaitingSites(self.context.servers, self.context.turns, settings)
        self.over = asyncio.Event()
        self._at_work = 0
        self._ended = 0
        self._silent: Counter[str] = Counter()  # server → sites in a row to which it did not answer in time

    async def stop(self) -> None:
        """Stop all sites; Scrapy calls this for SIGINT and SIGTERM."""
        self._end()
        await self._within_grace([(crawler, crawler.stop_async()) for crawler in self.crawlers])

    def _end(self) -> None:
        self.over.set()
        self.context.turns.note_change()
        self.context.hurry(_REST)

    @property
    def context(self) -> "RunContext":
        """What the sites of the run share."""
        context: RunContext = self.settings["TINPHUONG_CONTEXT"]
        return context

    async def run(self, at_once: int, max_time: float) -> None:
        """Run the waiting spiders; those for which there is no time stay in `waiting`."""
        watcher = asyncio.ensure_future(self._watch(max_time))
        await asyncio.gather(*(self._work() for _ in range(max(1, at_once))))
        watcher.cancel()
        self.context.servers.end()
        stop_reactor(self)

    async def _work(self) -> None:
        while (spider := await self.waiting.begin_next(self.over.is_set)) is not None:
            self._at_work += 1
            crawler = self.create_crawler(spider)
            servers = self.waiting.servers_of(spider)
            if any(self._silent[server] >= _SILENT_SITES for server in servers):
                crawler.settings.set("RETRY_TIMES", 0, priority="cmdline")
            share_settings(crawler, self.settings)
            try:
                await self.crawl(crawler)
            except Exception:
                logger.exception("the spider of %s could not run", spider.name, extra=about(spider.name))
                self.context.note_bug(spider.name)
            finally:
                self.context.turns.release(spider.name, _pause_after(crawler))
            self._note_silence(spider.name, servers)
            self._at_work -= 1
            if self._at_work or (self.waiting and not self.over.is_set()):  # the last one ends with the whole run
                self.context.end(spider.name)
                self._forget(crawler)

    def _note_silence(self, slug: str, servers: frozenset[str]) -> None:
        """Count the servers that let all requests of a site time out; any answer ends that.

        The wards of a province may share a server that lets nobody in from abroad: its sites, one after another, would
        each be tried for minutes.
        """
        report = next((report for report in reversed(self.context.reports) if report.site == slug), None)
        is_silent = report is not None and not report.answered and report.listings_failed[Reason.TIMEOUT] > 0
        for server in servers:
            self._silent[server] = self._silent[server] + 1 if is_silent else 0

    def _forget(self, crawler: "Crawler") -> None:
        """Free what a site that has ended had in mind, its articles' addresses above all; some sites at a time."""
        disconnect_signals(crawler)
        self._ended += 1
        if self._ended % _FREED_AT_ONCE == 0:
            gc.collect()

    async def _watch(self, max_time: float) -> None:
        try:
            await asyncio.wait_for(self.over.wait(), max_time or None)
        except TimeoutError:
            self._end()
            running = [crawler for crawler in self.crawlers if crawler.engine.spider]
            why = Reason.CUT_SHORT.value
            await self._within_grace([(c, c.engine.close_spider_async(reason=why)) for c in running])

    async def _within_grace(self, closing: "Sequence[tuple[Crawler, Coroutine[Any, Any, None]]]") -> None:
        """Wait for sites to close; after some seconds what they still wait for is ended, so that they do."""
        tasks = {asyncio.ensure_future(ends): crawler for crawler, ends in closing}
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=_GRACE)
        for task in late:
            drop_open_requests(tasks[task])
        if late:
            _, late = await asyncio.wait(late, timeout=_READING)
        if late:
            self.context.pages.stop()
            await asyncio.wait(late, timeout=_GRACE)


def _pause_after(crawler: "Crawler") -> float:
    """Seconds that pass between the last request of a site and the first of another on its server."""
    asked = crawler.stats.get_value("robots/crawl_delay", 0.0) if crawler.stats else 0.0
    return max(crawler.settings.getfloat("DOWNLOAD_DELAY"), asked)


def run_all(
    process: Process, spiders: Sequence[type["Site"]], *, at_once: int, max_time: float, by_address: bool = False
) -> list[str]:
    """Run `spiders`, `at_once` at a time, for `max_time` seconds at most (0: no bound); blocks until they are done.

    No two run at once on one server: `by_address` tells whether hosts with one address are one.
    Those that run when the time is up are closed with the reason `cut_short`; the slugs of those that were not started
    are returned.
    """
    process.context.servers.by_address = by_address
    process.waiting.extend(spiders)
    asyncio.ensure_future(process.run(at_once, max_time))  # noqa: RUF006 — the reactor runs until it has finished
    process.start(stop_after_crawl=False)
    return process.waiting.slugs
