"""Keeps the report of a site's run, and writes the run into the database."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from inspect import signature
from time import monotonic
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call

from crawler import __version__, clock, urls
from crawler.extensions.page_errors import PageErrors
from crawler.pipelines.reread_run import read_run_again
from crawler.reasons import FINAL, Reason, sentence
from crawler.run import load_memory, site_platform
from crawler.run import signals as events
from crawler.run.context import RunContext
from crawler.run.distrust import distrust
from crawler.run.health import layout_change
from crawler.run.host_patience import given_up_stat
from crawler.run.items import Listed, NotStored, PageItem
from crawler.run.log_fields import about, runs_going_on
from crawler.run.reading.reader import PageReader, ReadingStopped, bounds
from crawler.run.rechecks import Rechecks
from crawler.run.site_learning import SiteLearning
from crawler.run.site_memory import PageMemory, Remembered, none_key
from crawler.run.site_report import SiteReport
from crawler.scrapy_internals import PassedOver, is_closing
from storage import Collection, Outcome, run_history, site_memory
from storage.archives.sources import note_run
from storage.doubts.recent import recent_articles
from storage.errors import CapturesUnwritable, Unwritable
from storage.near import link_waiting
from storage.rights import evidence

logger = logging.getLogger(__name__)

_COMMIT_SECONDS = 1.0
_PLENTY = (Reason.BEFORE_SINCE, Reason.RUN_BOUND, Reason.NOT_IN_ARCHIVE)  # reasons that would fill the log


class Ledger:
    """Opens the run in the collection, counts what happens, records every page that is not stored, closes the run.

    The collection comes ready in TINPHUONG_CONTEXT (one for all sites of a process) or is opened at TINPHUONG_DB.
    Everything handed in is committed within a second.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        settings = crawler.settings
        context: RunContext | None = settings.get("TINPHUONG_CONTEXT")
        self.owns_collection = context is None
        self.context = context or self._own_context()
        self.collection = self.context.collection
        self.mode: str = settings.get("TINPHUONG_MODE")
        self.full: bool = settings.getbool("TINPHUONG_FULL")
        self.report = SiteReport("")
        self.run_id = 0
        self._started = monotonic()
        self._rechecks = Rechecks(self.collection, self.report)
        self._closed_as = ""  # Scrapy's word for why the spider was closed; "" where it was not
        self._errors = PageErrors(self)
        self._passed_over = PassedOver(crawler, self._errors.in_handler)
        self._closing: asyncio.Task[None] | None = None
        self._committer = create_looping_call(self._commit)

    def _own_context(self) -> RunContext:
        settings, spider = self.crawler.settings, self.crawler.spidercls
        return RunContext(
            Collection(settings.get("TINPHUONG_DB")), PageReader({spider.name: spider}, **bounds(settings))
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Ledger":
        """Return the ledger, connected to the signals of the run."""
        ledger = cls(crawler)
        guarded, errors = ledger._guarded, ledger._errors
        for handler, signal in (
            (ledger.spider_opened, signals.spider_opened),
            (ledger.spider_closed, signals.spider_closed),
            (errors.in_callback, signals.spider_error),
            (ledger.item_dropped, signals.item_dropped),
            (errors.in_pipeline, signals.item_error),
            (ledger.response_received, signals.response_received),
            (ledger.listing_read, events.listing_read),
            (ledger.page_skipped, events.page_skipped),
            (ledger.article_met, events.article_met),
            (ledger.article_saved, events.article_saved),
        ):
            crawler.signals.connect(guarded(handler), signal=signal, weak=False)
        return ledger

    def _guarded(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """Return `handler` so that it ends the site's run where the database cannot be written."""
        wanted = signature(handler).parameters

        def guarded(**named: Any) -> Any:
            try:
                return handler(**{name: named[name] for name in wanted if name in named})
            except (Unwritable, CapturesUnwritable) as error:
                self.stop_run(error)

        return guarded

    def stop_run(self, error: BaseException) -> None:
        """End the site's run as failed: `error` says why nothing more can be kept."""
        if not self.report.broken:
            why = Reason.NOT_KEPT if isinstance(error, CapturesUnwritable) else Reason.DATABASE_UNWRITABLE
            logger.error("%s: %s", self.report.site, error, extra=about(self.report.site, reason=why))
            self.report.broken = why
            if self.crawler.engine.spider:
                closing = self.crawler.engine.close_spider_async(reason=why.value)
                self._closing = asyncio.ensure_future(closing)

    def _note_bug(self, when: str) -> None:
        """Count the exception at hand, which is no page's."""
        of_site = about(self.report.site, reason=Reason.INTERNAL_ERROR)
        logger.exception("%s: an error of tinphuong itself %s", self.report.site, when, extra=of_site)
        self.report.bugs += 1

    def spider_opened(self, spider: Any) -> None:
        """Open the run and give the spider what earlier runs know."""
        now = clock.stamp()
        self.spider = spider
        self.report.site = spider.name
        self.report.tls = "" if self.mode == "replay" else spider.tls
        self.report.partial = self.crawler.settings.getbool("TINPHUONG_PARTIAL")
        self.context.reports.append(self.report)
        self.context.endings[spider.name] = self.end_run
        self._started = monotonic()
        site_platform.take_kept(self.collection, spider)
        site_platform.put_site(self.collection, spider)
        self.run_id = self.collection.begin_run(
            spider.name, mode=self.mode, started_at=now, software=f"tinphuong {__version__}"
        )
        note_run(self.collection, self.run_id, self.context.sources)
        runs_going_on[spider.name] = self.run_id
        self._remember(spider)
        captures = self.context.captures is not None
        self.learning = SiteLearning(self.collection, spider.name, hold=not captures and self.context.archive is None)
        self._committer.start(_COMMIT_SECONDS, now=False)

    def platform_found(self, spider: Any) -> None:
        """Keep the platform that was found on the site's pages, and tell the spider again what earlier runs know: what
        an address means has changed with it."""
        self.report.has_found_platform = True
        logger.info("%s: platform found: %s", spider.name, spider.platform.name, extra=about(spider.name))
        site_platform.put_site(self.collection, spider)
        self._remember(spider)

    def _remember(self, spider: Any) -> None:
        load_memory.fill(spider, self.collection, self.crawler.settings, self.context.archive)

    async def spider_closed(self, spider: Any, reason: str) -> None:
        """Note why the spider was closed, and read again what is read differently now that more is known of the site.

        The run is closed when all other handlers are done, as one may fail.
        """
        if self._committer.running:
            self._committer.stop()
        self._closed_as = reason
        self.report.seconds = monotonic() - self._started
        try:
            if not self.report.broken:
                self._keep_addresses(spider)
                await self._read_again(spider)
        except Exception:
            self._note_bug("while its articles were read again")
        if self.owns_collection:
            self.context.pages.close()
            self.end_run()
            self.collection.close()

    def end_run(self) -> None:
        """Close the run with its verdict. An exception makes it a failed one; what was fetched is kept."""
        if self.owns_collection:
            self._link()
        for close in (self._close_run, self._finish_run):  # the second where the first raised: with that verdict
            try:
                close()
                break
            except (Unwritable, CapturesUnwritable) as error:
                self.stop_run(error)
                break
            except Exception:
                self._note_bug("while the run was closed")
        self._passed_over.stop()
        status, why, message = self.report.verdict()
        logger.info("%s: %s: %s", self.report.site, status, message, extra=about(self.report.site, reason=why))
        self.context.endings.pop(self.report.site, None)
        runs_going_on.pop(self.report.site, None)
        self.report.finished = True

    def _finish_run(self) -> None:
        """Write the run's row, with whatever the report says by now."""
        status, why, message = self.report.verdict()
        self.collection.finish_run(
            self.run_id,
            finished_at=clock.stamp(),
            status=status,
            reason=why,
            message=message,
            counts=self.report.to_dict(),
            skipped=dict(self.report.skipped),
        )

    def _link(self) -> None:
        """Compare new articles with the others; where sites share a collection, the whole run does so at its end."""
        try:
            linked = link_waiting(self.collection, at=clock.stamp())
        except (Unwritable, CapturesUnwritable) as error:
            self.stop_run(error)
            return
        except Exception:
            self._note_bug("while articles were compared")
            self.collection.undo()
            return
        for name, count in linked.to_dict().items():
            self.crawler.stats.set_value(f"near/{name}", count)

    def _close_run(self) -> None:
        stats, report, spider = self.crawler.stats, self.report, self.spider
        report.known = stats.get_value("spider/known", 0)
        report.interrupted = self._closed_as == "shutdown"
        report.cut_short = self._closed_as == Reason.CUT_SHORT
        report.catch_all = bool(stats.get_value("robots/catch_all", 0))
        report.requests = stats.get_value("downloader/request_count", 0)
        runs = run_history.runs(self.collection.db.conn, spider.name, live_only=self.mode != "replay")
        before = [run["counts"] for run in runs if run["status"] in run_history.SOUND and run["mode"] != "replay"]
        if self.mode != "replay":
            report.rebuilt = layout_change(report.to_dict(), before)
        site_platform.settle(self.collection, spider, report, is_live=self.mode != "replay")
        report.doubtful = distrust(recent_articles(self.collection.db.conn, spider.name))
        report.was_doubtful = bool(runs) and runs[0]["status"] == "doubtful"
        if report.verdict()[0] in run_history.SOUND:  # removals are only believed in a run that went well
            believed = self.crawler.settings.getbool("TINPHUONG_BELIEVE_REMOVALS")
            is_live = self.mode != "replay"
            self._rechecks.end(self.run_id, spider.frontier, spider.memory.stored, is_live=is_live, believed=believed)
        self._finish_run()

    async def _read_again(self, spider: Any) -> None:
        """Read those articles of the run again that are read differently now that more is known of their site."""
        context = self.context
        try:
            await read_run_again(
                context.pages, self.collection, spider, self.learning, self.report, archive=context.archive,
                run_id=self.run_id,
            )  # fmt: skip
        except ReadingStopped:
            site = self.report.site
            logger.info("%s: the run ended before all its articles were read again", site, extra=about(site))
        except (Unwritable, CapturesUnwritable) as error:
            self.stop_run(error)

    def _keep_addresses(self, spider: Any) -> None:
        try:
            for key, addresses in spider.frontier.addresses.items():
                section = spider.frontier.sections.get(key)
                alive = [url for url in addresses if url not in spider.frontier.answers.get(key, ())]
                self.collection.add_aliases(spider.name, key, alive, clock.stamp(), section=section)
            for key in spider.frontier.moved_away:
                site_memory.settle_pending(self.collection, spider.name, key)
            if self.mode != "replay" and self._closed_as == "finished":
                load_memory.keep_lists(self.collection, spider, clock.stamp())
        except Unwritable as error:
            self.stop_run(error)

    def listing_read(
        self, url: str, articles: int, items: int, section: str, was_list: bool, remembered: Remembered,
        page: PageMemory | None, empty_because: tuple[str, str] | None = None, rights: Sequence[str] = (),
        capture: tuple[int | None, datetime | None] = (None, None),
    ) -> None:  # fmt: skip
        """Count a page that was read for its links, and keep what the next run needs to know about it."""
        self.report.pages += 1
        self.report.items += items
        self.report.linked += articles
        if empty_because is not None:
            self.report.empty_because.setdefault(*empty_because)
        if rights:
            kept, taken_at = capture
            at = taken_at.isoformat(timespec="seconds") if taken_at else clock.stamp()
            evidence.keep(self.collection, self.report.site, rights, url=url, capture_id=kept, at=at)
        if was_list and not articles:  # a list that lost its articles is still a list, and is reported
            self.report.lists_lost += 1
            return
        self.report.listings += remembered.is_list and articles > 0
        if was_list and not remembered.is_list:
            return
        load_memory.keep_section(self.collection, self.report.site, section, remembered, clock.stamp())
        if page is not None:
            load_memory.keep_page(self.collection, self.report.site, page, clock.stamp())

    def page_skipped(self, url: str, reason: str, detail: str, kind: str, key: str | None = None) -> None:
        """Count a page that was not read, and record it unless it is a dead menu link in an archive."""
        if reason not in _PLENTY:
            of_page = about(self.report.site, url=url, reason=reason)
            logger.info("%s: %s was not stored: %s", self.report.site, url, reason, extra=of_page)
        if kind == "recheck" and key is not None:
            self._look_again(key, url, reason, detail)
            return
        self.report.skip(kind, reason, detail)
        self.report.page_errors += reason == Reason.INTERNAL_ERROR
        if reason == Reason.RUN_BOUND and not self.report.bound:
            self.report.bound = f"{sentence(reason)} ({detail})"
        if kind in ("article", "section") and key is not None and self.mode != "replay":
            self._note_tried(url, reason, key)
        self.crawler.stats.inc_value(f"skipped/{reason}")
        if kind != "section" or reason != Reason.NOT_IN_ARCHIVE:
            self.collection.add_skipped(self.run_id, self.report.site, url, reason, detail or None, clock.stamp())

    def _note_tried(self, url: str, reason: str, key: str) -> None:
        """Note that an article was asked for in vain, unless that says nothing of it: then it stays asked for."""
        given_up = self.crawler.stats.get_value(given_up_stat(urls.host(url)))
        if reason in FINAL:
            site_memory.settle_pending(self.collection, self.report.site, key)
        elif reason not in (Reason.INTERNAL_ERROR, Reason.RUN_BOUND) and not given_up:
            site_memory.tried_pending(self.collection, self.report.site, key)

    def _look_again(self, key: str, url: str, reason: str, detail: str) -> None:
        """Count a stored article whose page was fetched again and did not show it."""
        self.report.page_errors += reason == Reason.INTERNAL_ERROR
        if self.mode == "replay":
            self.report.rechecked += 1
            self.report.rechecks_failed[reason] += 1
        else:
            gone = self._rechecks.note(key, url, reason, self.spider.frontier.answers.get(key, {}))
            if gone and not is_closing(self.crawler):
                self.spider.look_further()
        self.collection.add_skipped(self.run_id, self.report.site, url, reason, detail or None, clock.stamp())

    def item_dropped(self, item: PageItem, exception: BaseException) -> None:
        """Count an article's page that the pipelines did not store."""
        reason = exception.reason if isinstance(exception, NotStored) else Reason.INTERNAL_ERROR
        if reason == Reason.INTERRUPTED:  # it was not read, as little as what is still to be fetched: the next run does
            return
        kind = "recheck" if item.key in self.spider.memory.stored else "section" if item.unsure else "article"
        if kind == "section" and reason == Reason.NO_DATE:
            self.report.unsure.append(item.url)
        if kind == "section" and reason in FINAL:
            none = Remembered(item.url, is_list=False)
            load_memory.keep_section(self.collection, self.report.site, none_key(item.key), none, clock.stamp())
        self.page_skipped(item.url, str(reason), getattr(exception, "detail", str(exception)), kind, item.key)

    def article_met(self, key: str, url: str, listed: Listed) -> None:
        """Record an article that will be fetched, so that the next run knows it if this one does not get it."""
        if self.mode != "replay":
            load_memory.keep_pending(self.collection, self.report.site, key, url, listed)

    def article_saved(self, item: PageItem, outcome: Outcome) -> None:
        """Count an article by its outcome, and which of its fields are filled."""
        site_memory.settle_pending(self.collection, self.report.site, item.key)
        self.report.fill(item.article)
        self.learning.take(item)
        self.report.rechecked += item.key in self.spider.memory.stored
        match outcome:
            case Outcome.NEW:
                self.report.new += 1
            case Outcome.CHANGED:
                self.report.changed += 1
            case Outcome.UNCHANGED:
                self.report.unchanged += 1
            case Outcome.DUPLICATE:
                self.report.duplicates += 1

    def response_received(self, response: Response, request: Request) -> None:
        """Count an answer and its uncompressed bytes; attachments are counted where they are fetched."""
        self.report.seconds = monotonic() - self._started
        if not request.meta.get("file"):
            self.report.answered += 1
            self.report.bytes += len(response.body)

    def _commit(self) -> None:
        try:
            self.collection.commit()
        except (Unwritable, CapturesUnwritable) as error:
            self.stop_run(error)


def ledger_of(crawler: Crawler) -> Ledger:
    """Return the ledger of a crawl. Raises RuntimeError where the settings leave it out."""
    ledger = crawler.get_extension(Ledger)
    if ledger is None:
        raise RuntimeError("this crawl runs without the extension crawler.extensions.ledger.Ledger, which it needs")
    return ledger
