"""Fetches the files that articles link to, when the site's pages are done, and has their text read."""

import asyncio
import logging
from collections import deque
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured
from scrapy.http import Response

from crawler import clock, urls
from crawler.extensions.ledger import Ledger, ledger_of
from crawler.extraction.filetypes import agree, is_markup, real_type
from crawler.extraction.problems import page_problem
from crawler.filereading import FileReader
from crawler.reasons import Reason, of_failure
from storage import filestore, filetexts
from storage.errors import CapturesUnwritable, Unwritable
from storage.filestore import Kept, Wanted

logger = logging.getLogger(__name__)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 5
_OK = 200
# What speaks against asking for a file again, unless its article changes.
_FINAL = frozenset({
    "http_404", "http_410", "login", Reason.TOO_LARGE, Reason.NOT_A_FILE, Reason.ROBOTS_FORBIDDEN,
    Reason.INTERNAL_ADDRESS,
})  # fmt: skip


class _Later(Exception):
    """An own file lies on another host after all: to be asked for when the site's own hosts are given free."""


class Attachments:
    """On with TINPHUONG_ATTACHMENTS. Works while the spider is idle, one file at a time, through the same downloader
    as the pages: robots.txt, pauses, retries and captures are theirs.

    Files on other hosts are fetched too, in turn with the other sites of the run; never from an address inside a
    private network. A file is judged by its bytes, stored, and read in a process of its own. What a run does not reach
    is left to the next one. Counts under `attachments/`.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        settings = crawler.settings
        self.largest = settings.getint("TINPHUONG_ATTACHMENT_MAXSIZE")
        self.timeout = settings.getfloat("TINPHUONG_ATTACHMENT_TIMEOUT")
        self.pause = settings.getfloat("DOWNLOAD_DELAY")
        self._task: asyncio.Task[None] | None = None
        self._held: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Attachments":
        """Build where attachments are asked for, else switch off."""
        if not crawler.settings.getbool("TINPHUONG_ATTACHMENTS"):
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_idle, signal=signals.spider_idle)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self, spider: Any) -> None:
        """Hold the site's own hosts."""
        self.ledger: Ledger = ledger_of(self.crawler)
        self._held = list(spider.allowed_domains)
        self.ledger.shared.turns.hold(self._held)

    def spider_idle(self) -> None:
        """Begin when the pages are done; raise DontCloseSpider until the files are."""
        if self._task is None:
            self._task = asyncio.ensure_future(self._work())
            self._task.add_done_callback(self._done)
        if not self._task.done():
            raise DontCloseSpider

    def spider_closed(self) -> None:
        """Leave what is not done to the next run."""
        self._release()
        if self._task is not None:
            self._task.cancel()
        if self.ledger.owns_collection and self.ledger.shared.reader:
            self.ledger.shared.reader.close()

    def _done(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, CapturesUnwritable | Unwritable):
            self.ledger.stop_run(error)
        elif error is not None:
            logger.error("attachments of %s: %s", self.ledger.account.site, error, exc_info=error)
            self.ledger.account.bugs += 1
        slot = self.crawler.engine._slot if self.crawler.engine else None
        if slot is not None and slot.closing is None:
            slot.nextcall.schedule()  # or the spider would be looked at seconds later

    def _release(self) -> None:
        held, self._held = self._held, []
        self.ledger.shared.turns.release(held)

    # Fetching

    async def _work(self) -> None:
        shared, settings = self.ledger.shared, self.crawler.settings
        if shared.reader is None:  # the first site of the run
            shared.reader = FileReader()
            filestore.sweep(self.ledger.collection.path)
        waiting = filestore.wanted(
            self.ledger.collection,
            self.ledger.account.site,
            self.ledger.run_id,
            only_run=settings.getint("TINPHUONG_LIMIT") > 0,
            again=self.ledger.full,
        )
        texts: asyncio.Queue[filetexts.Unread | None] = asyncio.Queue()
        for unread in filetexts.unread(self.ledger.collection, also_missing=shared.reader.reads_pdf):
            texts.put_nowait(unread)
        reading = asyncio.ensure_future(self._read(texts, shared.reader))
        try:
            others: deque[Wanted] = deque()
            for file in waiting:
                if urls.host(file.url) not in self._held or not await self._get(file, texts):
                    others.append(file)
            self._release()
            while others and not self._is_closing():
                free = next((file for file in others if not shared.turns.is_held(urls.host(file.url))), others[0])
                others.remove(free)
                await self._get(free, texts)
            texts.put_nowait(None)
            await reading
        finally:
            reading.cancel()

    def _is_closing(self) -> bool:
        slot = self.crawler.engine._slot if self.crawler.engine else None
        return slot is None or slot.closing is not None

    async def _get(self, file: Wanted, texts: "asyncio.Queue[filetexts.Unread | None]") -> bool:
        """Fetch, judge and store one file, or count why there is none; False where it must wait for its host."""
        if self._is_closing():
            return True
        try:
            answer = await self._ask(file.url)
        except _Later:
            return False
        except (CapturesUnwritable, Unwritable):
            raise
        except Exception as error:
            answer = of_failure(error)
        if isinstance(answer, tuple):
            self._fail(file, *answer)
            return True
        kind = real_type(answer.body, file.type)
        if kind is None:
            self._fail(file, *_what_came(answer))
            return True
        at = (answer.meta.get("captured_at") or clock.now()).isoformat(timespec="seconds")
        capture_id = answer.meta.get("capture_id")
        kept = filestore.keep(self.ledger.collection, file.url, answer.body, kind, at=at, capture_id=capture_id)
        self._count(file, kept, kind, len(answer.body))
        if kept.is_new:
            texts.put_nowait(filetexts.Unread(kept.id, kept.sha256, kind))
        return True

    async def _ask(self, url: str) -> Response | tuple[str, str]:
        """The response with the file, or (reason, detail). Redirects are followed here, as each may change hosts."""
        for _ in range(_MOST_HOPS + 1):
            if is_internal(urls.host(url)):
                return Reason.INTERNAL_ADDRESS, url
            response = await self._download(url)
            location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
            if response.status in _REDIRECTS and location:
                url = urljoin(url, location)
                if not url.startswith(("http://", "https://")):
                    return Reason.NOT_A_FILE, f"it redirects to {url[:200]}"
                continue
            if "not-in-archive" in response.flags:
                return Reason.NOT_IN_ARCHIVE, ""
            if response.status != _OK:
                return f"http_{response.status}", f"status {response.status}"
            return response
        return Reason.NOT_A_FILE, "it redirects again and again"

    async def _download(self, url: str) -> Response:
        engine, host = self.crawler.engine, urls.host(url)
        foreign = host not in self.crawler.spider.allowed_domains  # type: ignore[union-attr]
        request = Request(
            url,
            # The bytes of the capture are to be those of the file: unpacked, as they are stored.
            headers={"Accept": "*/*", "Accept-Encoding": "identity"},
            meta={
                "attachment": True,
                "allow_offsite": foreign,
                "dont_redirect": True,
                "download_maxsize": self.largest,
                "download_timeout": self.timeout,
            },
        )
        if engine is None:
            raise RuntimeError("the crawl is over")
        if self._held and foreign:  # two sites that hold their own hosts would wait for each other's
            raise _Later
        if self._held or self.ledger.mode == "replay":
            return await engine.download_async(request)
        async with self.ledger.shared.turns.turn(host, self.pause) as turn:
            response = await engine.download_async(request)
            if slot := engine.downloader.slots.get(host):
                turn.pause = max(self.pause, slot.delay)
            return response

    def _count(self, file: Wanted, kept: Kept, kind: str, size: int) -> None:
        account, stats = self.ledger.account, self.crawler.stats
        account.attachments += 1
        account.attachment_bytes += size
        stats.inc_value(f"attachments/{kind}")
        if not kept.is_new:
            stats.inc_value("attachments/known_content")
        if not agree(file.type, kind):
            account.attachments_mislabelled += 1
            logger.info("%s claims to be %s and is %s", file.url, file.type, kind)

    def _fail(self, file: Wanted, reason: str, detail: str) -> None:
        reason = str(reason)
        self.crawler.stats.inc_value(f"attachments/{reason}")
        if reason == Reason.NOT_IN_ARCHIVE:
            return
        ledger, at = self.ledger, clock.stamp()
        ledger.account.attachments_failed[reason] += 1
        filestore.note_failure(ledger.collection, file.url, reason, at=at, final=reason in _FINAL)
        ledger.collection.add_skipped(ledger.run_id, ledger.account.site, file.url, reason, detail or None, at)

    # Reading

    async def _read(self, texts: "asyncio.Queue[filetexts.Unread | None]", reader: FileReader) -> None:
        """Read files as they come in, each once a run, whichever site brought it."""
        while (file := await texts.get()) is not None:
            if not reader.take(file.id):
                continue
            path = filestore.place_of(self.ledger.collection.path, file.sha256, file.type)
            found = await asyncio.to_thread(reader.read, path, file.type)
            if found is None:
                return
            reason = str(found.reason) if found.reason else None
            filetexts.put_text(self.ledger.collection, file.id, found.text, reason, at=clock.stamp())
            self.ledger.account.texts += bool(found.text)
            self.crawler.stats.inc_value(f"attachments/text/{reason or 'whole'}")


def is_internal(host: str) -> bool:
    """Whether a host is one of a private network or of this machine, by its name; no page is to lead a crawl there."""
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal")) or host[-1:].isdigit()


def _what_came(response: Response) -> tuple[str, str]:
    """(reason, detail) for an answer that is no file."""
    if not response.body.strip():
        return Reason.NOT_A_FILE, "nothing came"
    if is_markup(response.body):
        problem = page_problem(response.body, response.url)
        return (problem or Reason.NOT_A_FILE), "a web page came in its place"
    declared = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return Reason.NOT_A_FILE, f"its bytes are no document's ({declared or 'no type declared'})"
