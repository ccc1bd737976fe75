"""Real crawls that call each function of `crawler.scrapy_internals`, in a process of their own; no network is needed.

Prints one JSON object: name of a crawl → what it saw, or {"error": ...}. A crawl that does not end within a minute is
an error: something that was to end it did not.
"""

import asyncio
import gc
import json
import logging
import traceback
import weakref
from collections.abc import AsyncIterator
from itertools import pairwise
from time import monotonic
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import DontCloseSpider, DropItem, IgnoreRequest
from scrapy.http import Response

from crawler import scrapy_internals

SECONDS = 60.0
ASKED: list[tuple[str, float]] = []  # (address, when)
SILENT = asyncio.Event()  # set once /silent was asked for


class Handler:
    """Answers every request at once, and those for /silent never."""

    lazy = False

    async def download_request(self, request: Request) -> Response:
        ASKED.append((request.url, monotonic()))
        if request.url.endswith("/silent"):
            SILENT.set()
            await asyncio.Event().wait()
        return Response(request.url, request=request)

    async def close(self) -> None:
        """Nothing is open."""


class Base(Spider):
    """Asks for its addresses; what it sees goes into `seen`."""

    addresses: tuple[str, ...] = ("http://one.test/",)

    def __init__(self, seen: dict[str, Any]):
        super().__init__()
        self.seen = seen

    async def start(self) -> AsyncIterator[Any]:
        for url in self.addresses:
            yield Request(url, callback=self.parse)


class Closing(Base):
    name = "is_closing"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "Closing":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.closed_now, signal=signals.spider_closed)
        return spider

    def parse(self, response: Response) -> None:
        self.seen["open"] = scrapy_internals.is_closing(self.crawler)

    def closed_now(self) -> None:
        self.seen["closing"] = scrapy_internals.is_closing(self.crawler)


class Idle(Base):
    """Its engine no longer asks by itself whether the idle spider has more to do."""

    name = "look_at_idle_spider"
    times = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "Idle":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.idle, signal=signals.spider_idle)
        return spider

    def parse(self, response: Response) -> None:
        self.crawler.engine._slot.heartbeat.stop()

    def idle(self) -> None:
        self.times += 1
        self.seen["idle"] = self.times
        if self.times < 3:
            asyncio.get_running_loop().call_soon(scrapy_internals.look_at_idle_spider, self.crawler)
            raise DontCloseSpider


class Silent(Base):
    name = "drop_open_requests"
    addresses = ("http://two.test/silent", "http://one.test/")

    def parse(self, response: Response) -> None:
        self.ending = asyncio.ensure_future(self.end())

    async def end(self) -> None:
        await SILENT.wait()
        closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="enough"))
        for _ in range(100):  # turns of the loop, in which a spider that waits for nothing is closed
            await asyncio.sleep(0)
        self.seen["waits"] = not closing.done()
        scrapy_internals.drop_open_requests(self.crawler)

    def closed(self, reason: str) -> None:
        self.seen["reason"] = reason


class Pause(Base):
    name = "lengthen_pause"
    custom_settings: ClassVar[dict[str, Any]] = {"DOWNLOAD_DELAY": 0.05, "DOWNLOAD_DELAY_JITTER": 0}

    def parse(self, response: Response) -> Any:
        self.seen["set"] = scrapy_internals.pause_of_host(self.crawler, "one.test")
        self.seen["unknown"] = scrapy_internals.pause_of_host(self.crawler, "never-asked.test")
        self.seen["lengthened"] = scrapy_internals.lengthen_pause(self.crawler, response.request, 0.4)
        self.seen["shortened"] = scrapy_internals.lengthen_pause(self.crawler, response.request, 0.1)
        self.seen["ahead"] = scrapy_internals.lengthen_pause(self.crawler, Request("http://three.test/"), 7.0)
        self.seen["now"] = scrapy_internals.pause_of_host(self.crawler, "one.test")
        self.seen["jitter"] = self.crawler.engine.downloader.slots["one.test"].jitter
        scrapy_internals.lengthen_pauses(self.crawler, 0.2)
        self.seen["longer stays"] = scrapy_internals.pause_of_host(self.crawler, "one.test")
        scrapy_internals.lengthen_pause(self.crawler, Request("http://new.test/"), 0.0)  # which makes its slot
        self.seen["new host"] = scrapy_internals.pause_of_host(self.crawler, "new.test")
        return [Request(f"http://one.test/{n}", callback=self.later) for n in range(3)]

    def later(self, response: Response) -> None:
        """Only the time counts."""


class Quiet(Base):
    name = "silence_host"
    addresses = tuple(f"http://four.test/{n}" for n in range(3))
    custom_settings: ClassVar[dict[str, Any]] = {"DOWNLOAD_DELAY": 0.05, "DOWNLOAD_DELAY_JITTER": 0}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "Quiet":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.downloaded, signal=signals.response_downloaded)
        return spider

    def downloaded(self, response: Response, request: Request) -> None:
        if "silenced" not in self.seen:
            scrapy_internals.silence_host(self.crawler, request, 0.6)
            self.seen["silenced"] = True

    def parse(self, response: Response) -> None:
        """Only the time counts."""


class Refusing(Base):
    """Asks for three pages at once; the first that comes ends those that wait behind it."""

    name = "refuse_waiting"
    addresses = tuple(f"http://five.test/{n}" for n in range(3))
    custom_settings: ClassVar[dict[str, Any]] = {"DOWNLOAD_DELAY": 0.05, "DOWNLOAD_DELAY_JITTER": 0}

    async def start(self) -> AsyncIterator[Any]:
        for url in self.addresses:
            yield Request(url, callback=self.parse, errback=self.ended)

    def parse(self, response: Response) -> None:
        error = IgnoreRequest("enough")
        self.seen["refused"] = scrapy_internals.refuse_waiting(self.crawler, response.request, error)

    def ended(self, failure: Any) -> None:
        self.seen.setdefault("errors", []).append(str(failure.value))


class Dropping:
    def process_item(self, item: Any) -> Any:
        raise DropItem("not wanted", log_level="WARNING")


class Dropped(Base):
    name = "hide_dropped_items"
    custom_settings: ClassVar[dict[str, Any]] = {"ITEM_PIPELINES": {Dropping: 1}}

    def parse(self, response: Response) -> Any:
        yield {"any": "item"}


class Kept(Base):
    """What it is connected to would keep it, with its crawler."""

    name = "disconnect_signals"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "Kept":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(lambda: spider, signal=signals.spider_closed, weak=False)
        crawler.signals.connect(lambda: spider, signal=signals.spider_opened, weak=False)
        crawler.signals.connect(spider.parse, signal=OWN_SIGNAL)
        return spider

    def parse(self, response: Response) -> None:
        """Nothing is wanted of the page."""


OWN_SIGNAL = object()


class Lines(logging.Handler):
    """Keeps the lines that Scrapy writes."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


async def run_all(process: AsyncCrawlerProcess, seen: dict[str, Any]) -> None:
    lines = Lines()
    logging.getLogger("scrapy.core.scraper").addHandler(lines)
    for spider in (Closing, Idle, Silent, Pause, Quiet, Refusing, Dropped, Kept):
        facts = seen[spider.name] = {}
        ASKED.clear()
        crawler = process.create_crawler(spider)
        try:
            await asyncio.wait_for(process.crawl(crawler, facts), SECONDS)
            if spider is Closing:
                facts["after"] = scrapy_internals.is_closing(crawler)
            if spider is Kept:
                kept = weakref.ref(crawler)
                del crawler
                gc.collect()
                facts["kept"] = kept() is not None
                scrapy_internals.disconnect_signals(kept())
                gc.collect()
                facts["freed"] = kept() is None
            if spider is Dropped:
                facts["shown"] = len(lines.lines)
                scrapy_internals.hide_dropped_items()
                await asyncio.wait_for(process.crawl(Dropped, {}), SECONDS)
                facts["shown_then"] = len(lines.lines)
        except Exception:
            facts["error"] = traceback.format_exc()
        facts["gaps"] = [later - earlier for (_, earlier), (_, later) in pairwise(ASKED)]
    scrapy_internals.stop_reactor(process)


def main() -> None:
    handlers = dict.fromkeys(("http", "https"), Handler)
    process = AsyncCrawlerProcess({
        "DOWNLOAD_HANDLERS": handlers, "LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    })  # fmt: skip
    seen: dict[str, Any] = {}
    running = asyncio.ensure_future(run_all(process, seen))
    process.start(stop_after_crawl=False)
    seen["stop_reactor"] = {"returned": True, "all_done": running.done()}
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
