"""Fetches what the pages of articles need to look as they did, when the site's pages and files are done."""

import asyncio
import logging
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured
from scrapy.http import Response

from crawler import clock, urls
from crawler.extensions.attachments import Attachments, asked_for
from crawler.extensions.file_requests import FileRequests, HostsStillHeld, end_of_task
from crawler.extensions.ledger import Ledger, ledger_of
from crawler.extensions.page_loader import PageLoader
from crawler.extraction.charsets import declared_charset
from crawler.extraction.page_problems import page_problem
from crawler.extraction.requisites import (
    Requisite,
    RequisiteKind,
    is_page,
    kind_of_answer,
    requisites_of_page,
    requisites_of_style_sheet,
)
from crawler.reasons import Reason, http_reason, sentence
from crawler.run.failures import NotUsed, Refused, of_failure
from crawler.run.log_fields import about
from crawler.run.reading.reader import PageEnded, ReadingStopped
from crawler.run.site import BROWSER, Site
from crawler.scrapy_internals import is_closing
from storage.archives.captures import CaptureKind, folder_of
from storage.archives.payloads import Payload, UnreadableCapture, payload_of
from storage.errors import CapturesUnwritable, Unwritable
from storage.files import requisites

if TYPE_CHECKING:
    from typing import Self

logger = logging.getLogger(__name__)

# One that runs, and does not only hold facts for search engines.
_SCRIPT = re.compile(rb"<script\b(?![^>]*\btype\s*=\s*[\"']?application/(?:ld\+)?json)", re.IGNORECASE)

# After one of these a requisite is not asked for again, but with --full.
_FINAL = frozenset({
    http_reason(404), http_reason(410), Reason.LOGIN, Reason.TOO_LARGE, Reason.NOT_A_REQUISITE,
    Reason.ROBOTS_FORBIDDEN, Reason.INTERNAL_ADDRESS, Reason.BAD_ADDRESS,
})  # fmt: skip


class Requisites:
    """On with TINPHUONG_REQUISITES, or by the site's own fact, where the run keeps captures.

    Works while the spider is idle, after the attachments and pictures, one file at a time: reads the captures of
    articles for what they need, fetches that, and what the style sheets among it need. What is kept is not asked for
    again, unless it is old and a page of this run needs it. Files that a run does not reach are left for the next one.
    Where BROWSER is asked for, pages with scripts are loaded too, before the rest is fetched; of pages that a browser
    finishes in this run (crawler.middlewares.render), what they asked for is known already. Counts under `requisites/`.
    """

    def __init__(self, crawler: Crawler):
        settings = crawler.settings
        self.crawler = crawler
        self.most = settings.getint("TINPHUONG_REQUISITES_PER_PAGE")
        self.largest = settings.getint("TINPHUONG_REQUISITE_MAXSIZE")
        self.most_bytes = settings.getint("TINPHUONG_REQUISITES_MAXSIZE")
        self.days = settings.getint("TINPHUONG_REQUISITES_AGAIN")
        self._task: asyncio.Task[None] | None = None
        self._requests: FileRequests | None = None
        self._elsewhere: dict[str, str] = {}  # what redirects from the site's own hosts to others → where
        self._followed: set[int] = set()  # captures of style sheets whose own requisites are recorded
        self._tried: set[str] = set()
        self._finished: dict[int, list[Requisite]] = {}  # capture of a finished page → what its scripts asked for
        self._loader = PageLoader(crawler, self._answer, most=self.most) if _are_loaded(crawler) else None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Self":
        """Return the extension, or switch it off where no requisites are asked for or nothing is captured."""
        context = crawler.settings.get("TINPHUONG_CONTEXT")
        are_kept = context is not None and context.keeps_captures
        if not are_kept or not asked_for(crawler, "requisites"):
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_idle, signal=signals.spider_idle)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self, spider: Any) -> None:
        """Hold the site's own hosts, unless the fetching of attachments does."""
        self.ledger: Ledger = ledger_of(self.crawler)
        if self.crawler.get_extension(Attachments) is None:
            self._requests = FileRequests(self.crawler, self.ledger, list(spider.allowed_domains))

    def spider_idle(self) -> None:
        """Begin when pages and files are done, and keep the spider open until the requisites are done too."""
        files = self.crawler.get_extension(Attachments)
        if files is not None and not files.is_done:
            return  # which keeps the spider open, and has it looked at again
        if self._task is None:
            requests = files.requests if files is not None else self._requests
            assert requests is not None  # noqa: S101 — one of the two opened it
            self._asking = requests
            self._task = asyncio.ensure_future(self._work(requests))
            self._task.add_done_callback(partial(end_of_task, self.crawler, self.ledger, "requisites"))
        if not self._task.done():
            raise DontCloseSpider

    async def spider_closed(self) -> None:
        """Leave what is not done to the next run."""
        if self._requests is not None:
            self._requests.release()
        if self._task is not None:
            self._task.cancel()
        if self._loader is not None:
            await self._loader.close()

    async def _work(self, requests: FileRequests) -> None:
        only_run = self.crawler.settings.getint("TINPHUONG_LIMIT") > 0
        before = clock.now().astimezone(UTC) - timedelta(days=self.days)
        self._older = before.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        try:
            await self._read_pages(only_run=only_run)
            await self._fetch_all(requests, only_run=only_run, older=self._older)
        except ReadingStopped:  # the run is cut short
            return

    async def _fetch_all(self, requests: FileRequests, *, only_run: bool, older: str) -> None:
        """Fetch what is wanted until nothing more is, those of the site's own hosts first."""
        ledger = self.ledger
        while not is_closing(self.crawler):
            found = requisites.wanted(
                ledger.collection, ledger.report.site, ledger.run_id, only_run=only_run, older=older, again=ledger.full
            )
            left = [requisite for requisite in found if requisite.url not in self._tried]
            here = [one for one in left if urls.host(one.url) in requests.hosts and one.url not in self._elsewhere]
            if not here:
                requests.release()
            if not left or self._is_enough(len(left)):
                return
            for requisite in here or left:
                if is_closing(self.crawler) or self._is_enough():
                    break
                kept = requisites.kept_since(ledger.collection, requisite.url, older)
                if kept:  # another site of the run was first
                    await self._follow([kept] if requisite.kind == RequisiteKind.STYLE else [])
                if kept is not None or await self._get(requests, requisite):
                    self._tried.add(requisite.url)

    def _is_enough(self, left: int = 0) -> bool:
        """Tell whether as many bytes came as one run may take of a site; `left` requisites are then counted as left."""
        report = self.ledger.report
        if not self.most_bytes or report.requisite_bytes < self.most_bytes:
            return False
        if left:
            detail = f"{self.most_bytes} bytes of requisites"
            report.requisites_failed[Reason.RUN_BOUND] += left
            report.bound = report.bound or f"{sentence(Reason.RUN_BOUND)} ({detail})"
        return True

    # What pages and style sheets need

    async def _read_pages(self, *, only_run: bool) -> None:
        """Record what the pages need that were not read yet, and what the style sheets need that are known already."""
        collection = self.ledger.collection
        pages = requisites.pages_to_read(collection, self.ledger.report.site, self.ledger.run_id, only_run=only_run)
        for page in pages:
            payload = self._payload(page.capture_id, page.url)
            named = await self._named(_of_page, payload, page.url)
            asked = await self._asked_by(page, payload)
            if asked is None or is_closing(self.crawler):
                break
            needed = {one.url: one for one in [*named, *asked]}
            in_order = dict.fromkeys([*(one.url for one in asked), *needed])
            left_out = requisites.put_page(collection, page, [needed[url] for url in in_order], most=self.most)
            self._count_too_many(page.url, left_out)
        await self._follow(requisites.sheets_of(collection, [page.article_id for page in pages]))

    async def _asked_by(self, page: requisites.PageToRead, payload: Payload | None) -> list[Requisite] | None:
        """Return what a page asks for in a browser; None where it is left to the next run."""
        loader = self._loader
        if (known := self._finished.pop(page.capture_id, None)) is not None:
            return known
        is_finished = getattr(self.crawler.spidercls, "render", "") == "pages"  # the browser's own work, no sender's
        if loader is None or payload is None or is_finished or not _SCRIPT.search(payload.body):
            return []
        if self._is_enough(1):
            return None
        self._asking.release()  # a page asks for what is on any host, in any order
        try:
            asked = await loader.asked_by(page.url, payload.body, payload.content_type)
        except Refused as error:
            site = self.ledger.report.site
            logger.error("%s: %s", site, error.detail, extra=about(site, reason=error.reason))
            self.ledger.report.explained.setdefault(error.reason, error.detail)
            self.ledger.report.broken = error.reason
            return None
        except NotUsed as error:
            self._note_failed(page.url, error.reason, error.detail)
            return []
        return None if self._is_enough(1) else asked

    async def _answer(self, requisite: Requisite, headers: Mapping[str, str]) -> tuple[str, bytes]:
        """Return (Content-Type, body) of what a loaded page asks for: once, then from its capture. Raises NotUsed."""
        collection, url = self.ledger.collection, requisite.url
        failed = requisites.put_asked(collection, requisite)
        kept = requisites.kept_since(collection, url, self._older)
        if kept is not None and (payload := self._payload(kept.capture_id, url)) is not None:
            return payload.content_type, payload.body
        if url in self._tried or (failed and not self.ledger.full):
            raise NotUsed(failed or Reason.NOT_KEPT, "it was asked for in vain")
        if is_closing(self.crawler) or self._is_enough():
            raise NotUsed(Reason.RUN_BOUND, "it is left to the next run")
        self._tried.add(url)
        got = await self._fetch(self._asking, requisite, headers)
        if not isinstance(got, requisites.Kept):
            raise NotUsed(*got)
        payload = self._payload(got.capture_id, url)
        if payload is None:
            raise NotUsed(Reason.DAMAGED_RECORD, "its capture cannot be read")
        return payload.content_type, payload.body

    def note_finished(self, capture_id: int, got: Iterable[tuple[Requisite, int, int]]) -> None:
        """Keep what a browser got for the scripts of an article while it finished its page, whose capture this is.

        `got`: of each what was asked for, its capture, and its size in bytes.
        """
        found: dict[str, Requisite] = {}
        for requisite, its_capture, size in got:
            found[requisite.url] = requisite
            if requisites.put_kept(self.ledger.collection, requisite, its_capture):
                self._count_kept(requisite.kind, size)
        self._finished[capture_id] = list(found.values())

    async def _follow(self, sheets: list[requisites.Kept]) -> None:
        """Record what kept style sheets need, and what those that are kept among that need in turn."""
        collection, sheets = self.ledger.collection, [*sheets]
        while sheets:
            sheet = sheets.pop()
            if sheet.capture_id in self._followed:
                continue
            self._followed.add(sheet.capture_id)
            payload = self._payload(sheet.capture_id, sheet.url)
            needed = await self._named(_of_style_sheet, payload, sheet.url)
            self._count_too_many(sheet.url, requisites.put_children(collection, sheet.id, needed, most=self.most))
            named = [one.url for one in needed if one.kind == RequisiteKind.STYLE]
            sheets += filter(None, (requisites.kept_since(collection, url, "") for url in named))

    def _payload(self, capture_id: int, url: str) -> Payload | None:
        """Return the payload of a capture, None with a count of the reason where it cannot be read."""
        collection = self.ledger.collection
        try:
            return payload_of(collection.db.conn, folder_of(collection.path), capture_id)
        except UnreadableCapture as error:
            self._note_failed(url, Reason.DAMAGED_RECORD, str(error))
        return None

    async def _named(self, read: Any, payload: Payload | None, url: str) -> list[Requisite]:
        """Return what `read` finds in a payload, [] with a count of the reason where it cannot be read."""
        if payload is None:
            return []
        ledger = self.ledger
        try:
            found: list[Requisite] = await ledger.context.pages.read(
                ledger.report.site, read, payload.body, url, payload.content_type
            )
        except PageEnded as error:
            self._note_failed(url, Reason.TOO_SLOW, error.detail)
            return []
        return found

    def _count_too_many(self, url: str, count: int) -> None:
        if count:
            self.ledger.report.requisites_failed[Reason.TOO_MANY] += count
            self.crawler.stats.inc_value(f"requisites/{Reason.TOO_MANY}", count)
            detail = f"{count} more than {self.most}"
            self.ledger.collection.add_skipped(
                self.ledger.run_id, self.ledger.report.site, url, Reason.TOO_MANY, detail, clock.stamp()
            )

    # Fetching

    async def _get(self, requests: FileRequests, requisite: Requisite) -> bool:
        """Fetch and keep one requisite, or count why that failed; False where it must wait for its host."""
        try:
            got = await self._fetch(requests, requisite, {})
        except HostsStillHeld as error:
            self._elsewhere[requisite.url] = error.url
            return False
        if isinstance(got, requisites.Kept) and got.kind == RequisiteKind.STYLE:
            await self._follow([got])
        return True

    async def _fetch(
        self, requests: FileRequests, requisite: Requisite, headers: Mapping[str, str]
    ) -> requisites.Kept | tuple[str, str]:
        """Fetch and keep one requisite; returns (reason, detail), counted, where that failed. Raises HostsStillHeld."""
        try:
            url = self._elsewhere.get(requisite.url, requisite.url)
            is_data = requisite.kind == RequisiteKind.DATA
            answer = await requests.fetch_url(
                url, CaptureKind.REQUISITE, self.largest, headers=headers, any_data=is_data
            )
        except (HostsStillHeld, CapturesUnwritable, Unwritable):
            raise
        except Exception as error:
            answer = of_failure(error)
        if not isinstance(answer, tuple):
            kind = kind_of_answer(answer.body, _declared(answer), requisite.kind)
            capture_id = answer.meta.get("capture_id")
            if kind is not None and capture_id is not None:
                self._count_kept(kind, len(answer.body))
                return requisites.keep(self.ledger.collection, requisite, kind, capture_id)
            answer = _why_not(answer) if kind is None else (Reason.NOT_KEPT, "its record cannot be kept")
        self._fail(requisite, *answer)
        return answer

    def _count_kept(self, kind: RequisiteKind, size: int) -> None:
        self.ledger.report.requisites += 1
        self.ledger.report.requisite_bytes += size
        self.crawler.stats.inc_value(f"requisites/{kind}")

    def _fail(self, requisite: Requisite, reason: str, detail: str) -> None:
        reason = str(reason)
        self.ledger.report.page_errors += reason == Reason.INTERNAL_ERROR
        if reason in (Reason.NOT_IN_ARCHIVE, Reason.RUN_BOUND):  # says nothing of the file
            self.ledger.report.requisites_failed[reason] += 1
            self.crawler.stats.inc_value(f"requisites/{reason}")
            return
        requisites.note_failure(self.ledger.collection, requisite.url, reason, final=reason in _FINAL)
        self._note_failed(requisite.url, reason, detail)

    def _note_failed(self, url: str, reason: str, detail: str) -> None:
        ledger, reason = self.ledger, str(reason)
        ledger.report.requisites_failed[reason] += 1
        self.crawler.stats.inc_value(f"requisites/{reason}")
        ledger.collection.add_skipped(ledger.run_id, ledger.report.site, url, reason, detail or None, clock.stamp())


def _are_loaded(crawler: Crawler) -> bool:
    """Tell whether the pages of a site are loaded in a browser: by its own fact where it has one, else by the run."""
    of_site = getattr(crawler.spidercls, "requisites", None)
    return bool((crawler.settings.get("TINPHUONG_REQUISITES") if of_site is None else of_site) == BROWSER)


def _of_page(site: type[Site], html: bytes, url: str, content_type: str) -> list[Requisite]:
    """Return what a page needs: work for a reader of pages."""
    return requisites_of_page(html, url, declared_charset(content_type))


def _of_style_sheet(site: type[Site], css: bytes, url: str, content_type: str) -> list[Requisite]:
    """Return what a style sheet needs: work for a reader of pages."""
    return requisites_of_style_sheet(css, url)


def _declared(answer: Response) -> str:
    return (answer.headers.get("Content-Type") or b"").decode("latin-1")


def _why_not(answer: Response) -> tuple[str, str]:
    """Return (reason, detail) for an answer that no page needs."""
    if is_page(answer.body):
        return page_problem(answer.body, answer.url) or Reason.NOT_A_REQUISITE, "a web page came in its place"
    if not answer.body.strip():
        return Reason.NOT_A_REQUISITE, "nothing came"
    return Reason.NOT_A_REQUISITE, f"declared as {_declared(answer) or 'nothing'}"
