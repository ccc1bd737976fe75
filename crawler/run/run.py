"""One run over some sites: from spiders and options to reports."""

import logging
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from crawler import __version__, clock
from crawler.configuration import Configuration
from crawler.dates.local_time import shown_moment
from crawler.pipelines.warm_up import warm_up
from crawler.reasons import Reason
from crawler.run.alarms.delivery import Target
from crawler.run.alarms.outcome import Outcome
from crawler.run.alarms.tell import Alarms
from crawler.run.capture_plan import CapturePlan, SiteFetched
from crawler.run.context import RunContext
from crawler.run.file_reader import missing_readers
from crawler.run.log_fields import about
from crawler.run.process_state import collect_rarely, restored, return_memory
from crawler.run.reading.pool import Pool
from crawler.run.reading.reader import PageReader, page_reader
from crawler.run.run_report import RunReport
from crawler.run.scheduling import Process, run_all
from crawler.run.site import Site
from crawler.run.site_platform import as_kept
from crawler.run.site_report import SiteReport
from crawler.scrapy_internals import hide_dropped_items
from crawler.units.areas import area_of
from crawler.workers import HERE, Workers, resting
from storage import Collection
from storage.archives.archive import Archive
from storage.archives.captures import Captures
from storage.archives.copied_captures import archive_of
from storage.archives.kept_records import KeptRecords
from storage.archives.referring import Referring, require_referable
from storage.archives.sources import Sources
from storage.errors import CapturesUnwritable, Unwritable
from storage.locking import sole_writer
from storage.near import Linked, link_waiting
from storage.reading.read_only import is_open_here
from storage.run_history import close_killed
from storage.run_log import head

if TYPE_CHECKING:
    from scrapy.settings import Settings

logger = logging.getLogger(__name__)

_MANY_SITES = 64  # at once, of a live run: until then one process keeps up with their pages, which politeness bounds
_OF_THE_NETWORK = (  # what only says how a server is asked
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware",
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware",
    "crawler.middlewares.user_agent.UserAgentMiddleware",
    "crawler.middlewares.cookies.QuietCookiesMiddleware",
    "crawler.middlewares.proxy.ProxyMiddleware",
)
_BACKLOG = 10_000  # articles of earlier runs that one run compares with the others, besides its own


@dataclass(slots=True)
class Options:
    """What one run is asked to do. `loopback_port`: a local server that plays the sites' hosts."""

    db: Path
    replay: Sequence[Path] = ()
    refer: bool = False  # the records of `replay` stay where they are
    replay_all: bool = False  # articles of the archive that no list names, too
    plan: CapturePlan | None = None  # what to bring in first; the captures are then replayed, all of them
    limit: int = 0
    full: bool = False
    believe_removals: bool = False  # also where nearly all articles that are looked at again are gone
    since: str | None = None
    max_time: float = 0.0  # seconds, 0 for no bound
    loopback_port: int = 0
    attachments: bool = False  # fetch the files that articles link to
    pictures: bool = False  # fetch the pictures of articles
    requisites: bool | str = False  # fetch what the pages of articles need to look as they did; "browser": loads them
    configuration: Configuration = field(default_factory=Configuration.of_environment)
    settings: dict[str, object] = field(default_factory=dict)
    alarms_to: Sequence[Target] = ()  # who is told what changed; of live runs only
    jobs: int = 1  # processes that read pages, where nothing has to be waited for
    alarm_every_run: bool = False  # a site that is not well counts in every run, and not only when it comes to be so

    @property
    def mode(self) -> str:
        """How the run's pages come in: live, replay or demo."""
        return "replay" if self.replay or self.plan else "demo" if self.loopback_port else "live"


def crawl(
    spiders: Sequence[type[Site]],
    options: Options,
    reports: list[SiteReport],
    *,
    begun: Callable[[], None] | None = None,
) -> RunReport:
    """Crawl the sites `spiders` into `options.db`; `reports` fills while the run goes on, for those who watch.

    `begun` is called once the lock is held. The process is left as it was found, but for Twisted's reactor, which runs
    once: one call a process. Raises ConfigurationError, storage errors, and Locked where another run holds the
    database.
    """
    settings = options.configuration.settings()
    settings.update(options.settings, priority="cmdline")
    return_memory()
    by_slug = {spider.name: spider for spider in spiders}
    is_live = options.mode == "live"
    many = min(settings.getint("TINPHUONG_SITES_AT_ONCE"), len(spiders)) > _MANY_SITES
    jobs = options.jobs if many or not is_live else 1
    can_be_read = not is_open_here(options.db)  # by the processes that are forked from this one
    prepare = None if is_live else warm_up  # a live run has few pages, or none
    with restored(), page_reader(by_slug, settings, jobs=jobs, in_order=not is_live, prepare=prepare) as pages:
        workers = Pool(pages) if can_be_read else HERE
        return _run(spiders, options, settings, pages, workers, reports, begun)


def _run(
    spiders: Sequence[type[Site]],
    options: Options,
    settings: "Settings",
    pages: PageReader,
    workers: Workers,
    reports: list[SiteReport],
    begun: Callable[[], None] | None,
) -> RunReport:
    if options.refer:
        require_referable(options.replay)
    archive = Archive(list(options.replay)) if options.replay else None
    sources = Sources(options.replay)
    fetched: Sequence[SiteFetched] = ()
    with sole_writer(options.db):
        started = clock.now()
        collection = Collection(options.db)
        try:
            if begun:
                begun()
            _close_killed(collection, {spider.name for spider in spiders})
            if options.plan is not None:
                fetched = _fetch(options.plan, spiders, collection, settings, options.max_time)
                archive = archive_of(collection, [spider.name for spider in spiders])
            context = RunContext(collection, pages, reports, archive, sources=sources.facts())
            alarms = Alarms(collection, spiders, options.alarms_to) if options.mode == "live" else None
            try:
                if alarms is not None:
                    alarms.begin()
                left = _crawl(spiders, options, settings, context, sources)
                if archive is not None:
                    _keep_earlier_texts(spiders, context, archive)
                if context.captures is not None:
                    _finish(context.captures.close, context, Reason.NOT_KEPT)
                near = _link(context, workers)
            except BaseException:
                context.note_bug()
                raise
            finally:
                context.end_all()
            if alarms is not None:
                _end(partial(alarms.end, reports), reports, Reason.DATABASE_UNWRITABLE)
            log = head(collection.db)
        finally:
            _end(collection.close, reports, Reason.DATABASE_UNWRITABLE)
            if archive is not None:
                archive.close()
    opened = {report.site for report in reports}.union(left)
    reports.extend(SiteReport(spider.name, bugs=1, finished=True) for spider in spiders if spider.name not in opened)
    skipped = archive.skipped if archive else {}
    outcome = alarms.outcome(options.alarm_every_run) if alarms is not None else Outcome()
    now = clock.now()
    areas = {spider.name: area_of(spider.unit_old, spider.unit_new, spider.name) for spider in spiders}
    kept = context.kept.counts if context.kept else None
    return RunReport(
        options.mode, options.db, started, now, reports, skipped, left, log, fetched, near, outcome, areas,
        context.sources, kept,
    )  # fmt: skip


def _close_killed(collection: Collection, sites: Set[str]) -> None:
    """Close the runs that were killed, and say which: this run holds the lock, so none of them goes on."""
    for row in close_killed(collection, "it was killed; what was fetched is kept, and the next run goes on from there"):
        which = "this run" if row["site"] in sites else "the site's next run"
        logger.warning(
            "%s: the run that began at %s did not end: it was killed. What it had stored is kept, and %s goes on "
            "from there", row["site"], shown_moment(row["started_at"]), which,
            extra=about(row["site"], reason=Reason.INTERRUPTED),
        )  # fmt: skip


def _fetch(
    plan: CapturePlan, spiders: Sequence[type[Site]], collection: Collection, settings: "Settings", max_time: float
) -> Sequence[SiteFetched]:
    """Bring what `plan` names into the captures of `collection`."""
    about = _about(collection.path, settings["TINPHUONG_CONTACT"], settings["USER_AGENT"])
    about |= {"robots": "not asked for", "description": f"captures copied from {plan.name}"}
    captures = _opened(collection, about)
    spiders = [as_kept(collection, spider) for spider in spiders]
    try:
        return plan.fetch(spiders, collection, captures, settings, max_time=max_time)
    finally:
        captures.close()


def _keep_earlier_texts(spiders: Sequence[type[Site]], context: RunContext, archive: Archive) -> None:
    """Keep the texts of the archive's earlier captures as versions."""
    from crawler.run.versions_from_archive import keep_earlier_texts

    def keep() -> None:
        for spider in spiders:
            keep_earlier_texts(context, archive, context.pages.site(spider.name), clock.stamp())

    _finish(keep, context)


def _link(context: RunContext, workers: Workers) -> Linked:
    """Compare what is new or changed with the other articles, and some of what earlier runs left over."""
    found = Linked()

    def link() -> None:
        most = _BACKLOG + sum(report.new + report.changed for report in context.reports)
        link_waiting(
            context.collection, at=clock.stamp(), most=most, done=found, go_on=context.has_time, workers=workers
        )

    with resting(workers):
        _finish(link, context)
    return found


def _finish(work: Callable[[], None], context: RunContext, reason: Reason = Reason.DATABASE_UNWRITABLE) -> None:
    """Do a part of the whole run's end; an exception in it fails the runs that are still open, and the rest goes on.

    What such a part leaves half done is undone, and is done by the next run.
    """
    try:
        _end(work, context.reports, reason)
    except Exception:
        logger.exception("an error of tinphuong itself at the end of the run")
        context.note_bug()
        context.collection.undo()


def _crawl(
    spiders: Sequence[type[Site]], options: Options, settings: "Settings", context: RunContext, sources: Sources
) -> list[str]:
    """Run the spiders; returns the slugs of those that the time did not reach."""
    run: dict[str, object] = {
        "SPIDER_LOADER_CLASS": "scrapy.spiderloader.DummySpiderLoader",  # the spiders are here already
        "TINPHUONG_DB": str(options.db),
        "TINPHUONG_CONTEXT": context,
        "TINPHUONG_MODE": options.mode,
        "TINPHUONG_REPLAY_ALL": options.replay_all or options.plan is not None,
        "TINPHUONG_PARTIAL": options.replay_all or options.plan is not None,
        "TINPHUONG_FULL": options.full,
        "TINPHUONG_BELIEVE_REMOVALS": options.believe_removals,
        "TINPHUONG_LIMIT": options.limit,
        "TINPHUONG_SINCE": options.since,
        "TINPHUONG_PICTURES": options.pictures,
        "TINPHUONG_REQUISITES": options.requisites,
    }
    if context.archive is not None:  # nothing to be polite to, nothing to try again
        run |= {"ROBOTSTXT_OBEY": False, "RETRY_ENABLED": False, "DOWNLOAD_DELAY": 0}
        run["DOWNLOAD_HANDLERS"] = {"http": None, "https": None}
        run["DOWNLOADER_MIDDLEWARES"] = {**settings.getdict("DOWNLOADER_MIDDLEWARES"), **dict.fromkeys(_OF_THE_NETWORK)}
    elif options.loopback_port:
        handler = "crawler.handlers.loopback.LoopbackHandler"
        run |= {
            "TINPHUONG_LOOPBACK_PORT": options.loopback_port,
            "TINPHUONG_ALLOW_PRIVATE": [],  # the handler allows its own server, and no page may name another
            "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
            "DOWNLOAD_DELAY": 0.002,
            "DOWNLOAD_DELAY_JITTER": 0,
            "RETRY_BACKOFF": 0.1,
        }
    if options.attachments:
        run["TINPHUONG_ATTACHMENTS"] = True
    if (options.attachments or any(spider.attachments for spider in spiders)) and (missing := missing_readers()):
        logger.warning("%s", missing)
    settings.update(run | options.settings, priority="cmdline")
    context.captures = _captures(context, settings, spiders, options)
    if context.captures is not None and context.archive is not None:
        refer = Referring(context.collection, sources, options.replay) if options.refer else None
        context.kept = KeptRecords(context.collection, context.captures, context.archive, sources, refer)
    hide_dropped_items()
    at_once = settings.getint("TINPHUONG_SITES_AT_ONCE") if options.mode == "live" else len(spiders)
    collect_rarely()
    is_played = settings.getint("TINPHUONG_LOOPBACK_PORT")  # all hosts by one server of ours, as in the demo
    by_address = options.mode == "live" and not is_played
    left = run_all(Process(settings), spiders, at_once=at_once, max_time=options.max_time, by_address=by_address)
    if context.reader is not None:
        _finish(context.reader.close, context)
    return left


def _end(close: Callable[[], None], reports: list[SiteReport], reason: Reason) -> None:
    """Call `close`; where what is left cannot be written, every site's run has failed."""
    try:
        close()
    except (Unwritable, CapturesUnwritable) as error:
        logger.error("%s", error, extra=about(reason=reason))
        for report in reports:
            report.broken = report.broken or reason


def _captures(
    context: RunContext, settings: "Settings", spiders: Sequence[type[Site]], options: Options
) -> Captures | None:
    """Open the folder of captures where TINPHUONG_CAPTURE asks for them, and the run does not replay just those."""
    if not settings.get("TINPHUONG_CAPTURE") or options.plan is not None:
        return None
    obeyed = "obeyed, with Crawl-delay (RFC 9309)"
    about = _about(context.collection.path, settings["TINPHUONG_CONTACT"], settings["USER_AGENT"])
    others = [f"{spider.name} as {spider.user_agent}" for spider in spiders if spider.user_agent]
    about |= {"description": f"asked by another user agent: {', '.join(others)}"} if others else {}
    about["robots"] = obeyed if settings.getbool("ROBOTSTXT_OBEY") else "not asked for"
    if options.replay:
        about["description"] = "records copied from archive files; WARC-Source-URI says from which"
    return _opened(context.collection, about)


def _about(db: Path, operator: str, user_agent: str) -> dict[str, str]:
    """What the first record of each WARC file says; `robots` is to be set."""
    return {
        "software": f"tinphuong/{__version__} (Scrapy/{version('scrapy')}, zlib-ng/{version('zlib-ng')})",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "operator": operator,
        "robots": "",
        "http-header-user-agent": user_agent,
        "isPartOf": db.stem,
    }


def _opened(collection: Collection, about: dict[str, str]) -> Captures:
    captures = Captures(collection, about)
    for sentence in captures.repaired.sentences():
        logger.warning("%s", sentence)
    return captures
