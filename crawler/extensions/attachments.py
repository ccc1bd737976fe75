"""Fetches the files and pictures of articles when the site's pages are done, and has the files' text read."""

import asyncio
import logging
from collections import deque
from functools import partial
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured
from scrapy.http import Response

from crawler import clock, urls
from crawler.extensions.file_requests import FileRequests, HostsStillHeld, end_of_task, why_no_file
from crawler.extensions.ledger import Ledger, ledger_of
from crawler.filetypes import PICTURES, agree, real_type
from crawler.reasons import Reason, http_reason
from crawler.run.failures import of_failure
from crawler.run.file_reader import FileReader
from crawler.run.log_fields import about
from crawler.run.site import BROWSER
from crawler.scrapy_internals import is_closing
from storage.errors import CapturesUnwritable, Unwritable
from storage.files import attachments as attachment_files
from storage.files import pictures
from storage.files import texts as file_texts
from storage.files.attachments import Kept, Wanted

logger = logging.getLogger(__name__)

# After one of these a file is not asked for again unless its article changes.
_FINAL = frozenset({
    http_reason(404), http_reason(410), Reason.LOGIN, Reason.TOO_LARGE, Reason.NOT_A_FILE, Reason.ROBOTS_FORBIDDEN,
    Reason.INTERNAL_ADDRESS,
})  # fmt: skip


class Attachments:
    """On with TINPHUONG_ATTACHMENTS or TINPHUONG_PICTURES, or by the site's own facts.

    Works while the spider is idle, one file at a time.

    The type of a file is decided by its bytes. Attachments are stored, and read in a process of their own; of a
    picture only the capture is kept. Files that a run does not reach are left for the next one. Counts under
    `attachments/` and `pictures/`.
    """

    def __init__(self, crawler: Crawler, *, files: bool, pictures: bool):
        self.crawler = crawler
        self._files = files
        self._pictures = pictures
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Attachments":
        """Return the extension, or switch it off where neither attachments nor pictures are asked for."""
        context = crawler.settings.get("TINPHUONG_CONTEXT")
        files = asked_for(crawler, "attachments")
        are_kept = context is not None and context.keeps_captures
        seen = asked_for(crawler, "pictures") and are_kept
        if not files and not seen:
            raise NotConfigured
        extension = cls(crawler, files=files, pictures=seen)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_idle, signal=signals.spider_idle)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self, spider: Any) -> None:
        """Hold the site's own hosts."""
        self.ledger: Ledger = ledger_of(self.crawler)
        self.requests = FileRequests(self.crawler, self.ledger, list(spider.allowed_domains))

    def spider_idle(self) -> None:
        """Begin when the pages are done, and keep the spider open until the files are done too."""
        if self._task is None:
            self._task = asyncio.ensure_future(self._work())
            self._task.add_done_callback(partial(end_of_task, self.crawler, self.ledger, "attachments"))
        if not self._task.done():
            raise DontCloseSpider

    def spider_closed(self) -> None:
        """Leave what is not done to the next run."""
        self.requests.release()
        if self._task is not None:
            self._task.cancel()
        if self.ledger.owns_collection and self.ledger.context.reader:
            self.ledger.context.reader.close()

    @property
    def is_done(self) -> bool:
        """Whether all files are fetched."""
        return self._task is not None and self._task.done()

    # Fetching

    async def _work(self) -> None:
        context = self.ledger.context
        if context.reader is None:  # the first site of the run
            context.reader = FileReader()
            attachment_files.sweep(self.ledger.collection.path)
        texts: asyncio.Queue[file_texts.Unread | None] = asyncio.Queue()
        if self._files:
            for unread in file_texts.unread(self.ledger.collection, also_missing=context.reader.reads_pdf):
                texts.put_nowait(unread)
        reading = asyncio.ensure_future(self._read(texts, context.reader))
        try:
            others: deque[Wanted] = deque()
            for file in self._wanted():
                if urls.host(file.url) not in self.requests.held or not await self._get(file, texts):
                    others.append(file)
            self.requests.release()
            servers, turns = context.servers, context.turns
            while others and not is_closing(self.crawler):
                free = next((file for file in others if not turns.is_held(servers.of(urls.host(file.url)))), others[0])
                others.remove(free)
                await self._get(free, texts)
            texts.put_nowait(None)
            await reading
        finally:
            reading.cancel()

    def _wanted(self) -> list[Wanted]:
        """Return the files, then the pictures, that this run should fetch."""
        ledger, settings = self.ledger, self.crawler.settings
        only_run, again = settings.getint("TINPHUONG_LIMIT") > 0, ledger.full
        found: list[Wanted] = []
        for asked, place in ((self._files, attachment_files), (self._pictures, pictures)):
            if asked:
                site, run_id = ledger.report.site, ledger.run_id
                found += place.wanted(ledger.collection, site, run_id, only_run=only_run, again=again)
        return found

    async def _get(self, file: Wanted, texts: "asyncio.Queue[file_texts.Unread | None]") -> bool:
        """Fetch, check and store one file, or count why that failed; False where it must wait for its host."""
        if is_closing(self.crawler):
            return True
        try:
            answer = await self.requests.fetch(file)
        except HostsStillHeld:
            return False
        except (CapturesUnwritable, Unwritable):
            raise
        except Exception as error:
            answer = of_failure(error)
        try:
            self._take(file, answer, texts)
        except (CapturesUnwritable, Unwritable):
            raise
        except Exception as error:
            self._fail(file, *of_failure(error))
        return True

    def _take(
        self, file: Wanted, answer: Response | tuple[str, str], texts: "asyncio.Queue[file_texts.Unread | None]"
    ) -> None:
        if isinstance(answer, tuple):
            self._fail(file, *answer)
            return
        kind = real_type(answer.body, file.type)
        if kind is None or (file.is_picture and kind not in PICTURES):
            self._fail(file, *why_no_file(answer))
        elif file.is_picture:
            self._keep_picture(file, answer, kind)
        else:
            self._keep(file, answer, kind, texts)

    def _keep(
        self, file: Wanted, answer: Response, kind: str, texts: "asyncio.Queue[file_texts.Unread | None]"
    ) -> None:
        at = (answer.meta.get("captured_at") or clock.now()).isoformat(timespec="seconds")
        capture_id = answer.meta.get("capture_id")
        kept = attachment_files.keep(self.ledger.collection, file.url, answer.body, kind, at=at, capture_id=capture_id)
        self._count(file, kept, kind, len(answer.body))
        if kept.is_new:
            texts.put_nowait(file_texts.Unread(kept.id, kept.sha256, kind))

    def _keep_picture(self, file: Wanted, answer: Response, kind: str) -> None:
        capture_id = answer.meta.get("capture_id")
        if capture_id is None:
            self._fail(file, Reason.NOT_KEPT, "its record cannot be kept")
            return
        pictures.keep(self.ledger.collection, file.url, capture_id)
        self.ledger.report.pictures += 1
        self.ledger.report.picture_bytes += len(answer.body)
        self.crawler.stats.inc_value(f"pictures/{kind}")

    def _count(self, file: Wanted, kept: Kept, kind: str, size: int) -> None:
        report, stats = self.ledger.report, self.crawler.stats
        report.attachments += 1
        report.attachment_bytes += size
        stats.inc_value(f"attachments/{kind}")
        if not kept.is_new:
            stats.inc_value("attachments/known_content")
        if not agree(file.type, kind):
            report.attachments_mislabelled += 1
            of_file = about(report.site, url=file.url)
            logger.info("%s claims to be %s and is %s", file.url, file.type, kind, extra=of_file)

    def _fail(self, file: Wanted, reason: str, detail: str) -> None:
        reason = str(reason)
        self.crawler.stats.inc_value(f"{'pictures' if file.is_picture else 'attachments'}/{reason}")
        ledger, at, final = self.ledger, clock.stamp(), reason in _FINAL
        if reason == Reason.NOT_IN_ARCHIVE:  # which says nothing of the file: another archive may have it
            failed = ledger.report.pictures_failed if file.is_picture else ledger.report.attachments_failed
            failed[reason] += 1
            return
        ledger.report.page_errors += reason == Reason.INTERNAL_ERROR
        if file.is_picture:
            ledger.report.pictures_failed[reason] += 1
            pictures.note_failure(ledger.collection, file.url, reason, final=final)
        else:
            ledger.report.attachments_failed[reason] += 1
            attachment_files.note_failure(ledger.collection, file.url, reason, at=at, final=final)
        ledger.collection.add_skipped(ledger.run_id, ledger.report.site, file.url, reason, detail or None, at)

    # Reading

    async def _read(self, texts: "asyncio.Queue[file_texts.Unread | None]", reader: FileReader) -> None:
        """Read files as they come in, each once a run, whichever site fetched it."""
        while (file := await texts.get()) is not None:
            if not reader.take(file.id):
                continue
            path = attachment_files.place_of(self.ledger.collection.path, file.sha256, file.type)
            found = await asyncio.to_thread(reader.read, path, file.type)
            if found is None:
                return
            problem = str(found.problem) if found.problem else None
            file_texts.put_text(self.ledger.collection, file.id, found.text, problem, at=clock.stamp())
            self.ledger.report.texts += bool(found.text)
            self.crawler.stats.inc_value(f"attachments/text/{problem or 'whole'}")


def asked_for(crawler: Crawler, what: str) -> bool:
    """Tell whether a site's `attachments`, `pictures` or `requisites` are fetched: by its own fact where it has one,
    else by the run.

    A fact adds nothing to a replay, which reads them only where it is asked to.
    """
    name = f"TINPHUONG_{what.upper()}"
    by_run = crawler.settings.get(name) == BROWSER or crawler.settings.getbool(name)
    of_site = getattr(crawler.spidercls, what)
    if of_site is None or (of_site and crawler.settings["TINPHUONG_MODE"] == "replay"):
        return by_run
    return bool(of_site)
