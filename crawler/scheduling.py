"""Which sites are due, and running many of them: some at once, within a bounded time."""

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess

    from spiders.base import PortalSpider

logger = logging.getLogger(__name__)

CUT_SHORT = "cut_short"
_AFTER_FAILURE = timedelta(hours=6)  # a site that failed is tried again after this, or sooner if its habit says so
_SPREAD = 0.1  # share of a site's interval by which its turn comes earlier, so that sites spread over the hours


def due(sites: Mapping[str, int], last_runs: Mapping[str, dict[str, Any] | None], now: datetime) -> list[str]:
    """Return the slugs of the sites whose turn it is, the longest overdue first.

    `sites`: slug → hours between runs; `last_runs`: slug → its newest run (started_at, status, reason), None for none.
    A run that was killed, interrupted or cut short is gone on with at once.
    """
    waiting = []
    for slug, hours in sites.items():
        last = last_runs.get(slug)
        turn = datetime.fromisoformat(last["started_at"]) + _pause(slug, hours, last) if last else None
        if turn is None or turn <= now:
            waiting.append((turn.timestamp() if turn else 0.0, slug))
    return [slug for _, slug in sorted(waiting)]


def _pause(slug: str, hours: int, last: Mapping[str, Any]) -> timedelta:
    if last["status"] in ("running", "interrupted") or last["reason"] == CUT_SHORT:
        return timedelta(0)
    pause = timedelta(hours=hours) * (1 - _SPREAD * _fraction(slug))
    return min(pause, _AFTER_FAILURE) if last["status"] == "failed" else pause


def _fraction(slug: str) -> float:
    """A number in [0, 1) that belongs to the site."""
    return int.from_bytes(hashlib.sha256(slug.encode()).digest()[:4]) / 2**32


def run_all(
    process: "AsyncCrawlerProcess", spiders: Sequence[type["PortalSpider"]], *, at_once: int, max_time: float
) -> list[str]:
    """Run `spiders`, `at_once` at a time, for `max_time` seconds at most (0: no bound); blocks until they are done.

    Those that run when the time is up are closed with the reason `cut_short`; the slugs of those that were not begun
    are returned.
    """
    waiting = deque(spiders)
    over = asyncio.Event()

    async def work() -> None:
        while waiting and not over.is_set():
            spider = waiting.popleft()
            try:
                await process.crawl(spider)
            except Exception:
                logger.exception("the spider of %s could not run", spider.name)

    async def watch() -> None:
        try:
            await asyncio.wait_for(over.wait(), max_time or None)
        except TimeoutError:
            over.set()
            for crawler in list(process.crawlers):
                if crawler.engine and crawler.engine.spider:
                    await crawler.engine.close_spider_async(reason=CUT_SHORT)

    async def main() -> None:
        watcher = asyncio.ensure_future(watch())
        await asyncio.gather(*(work() for _ in range(max(1, at_once))))
        watcher.cancel()
        from twisted.internet import reactor

        if reactor.running:
            reactor.stop()  # type: ignore[misc]

    def stop(*_: object) -> None:
        over.set()

    from twisted.internet import reactor

    reactor.addSystemEventTrigger("before", "shutdown", stop)  # type: ignore[arg-type]
    asyncio.ensure_future(main())  # noqa: RUF006 — the reactor runs until it has finished
    process.start(stop_after_crawl=False)
    return [spider.name for spider in waiting]
