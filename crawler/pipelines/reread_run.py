"""Reads articles of the run that goes on again, once more is known of their site."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crawler.doubts import Doubt, DoubtKind
from crawler.pipelines.article_record import record_of
from crawler.pipelines.reread_capture import read_again
from crawler.pipelines.stages import read_article
from crawler.profile.list_order import out_of_order
from crawler.profile.model import SiteProfile
from crawler.reasons import Reason
from crawler.run.items import Listed, PageItem
from crawler.run.log_fields import about
from crawler.run.reading.reader import PageEnded, ReadingStopped, Reads
from crawler.run.site import Site
from crawler.run.site_learning import SiteLearning
from crawler.run.site_report import SiteReport
from storage import Collection
from storage.archives.archive import Archive, Capture
from storage.archives.payloads import UnreadableCapture
from storage.doubts.profiles import articles_of_run, left_to_read_again
from storage.doubts.recent import add_doubt, days_of
from storage.errors import CapturesUnwritable, Unwritable
from storage.rows import ArticleRow
from storage.versions import CapturedPage, captured_page, captured_part, revise, revision

logger = logging.getLogger(__name__)


async def read_run_again(
    pages: Reads,
    collection: Collection,
    spider: Any,
    learning: SiteLearning,
    report: SiteReport,
    *,
    archive: Archive | None,
    run_id: int,
) -> None:
    """Learn from all articles of a run, read those again that this changes, and compare their dates with their lists.

    `spider`: the run's, with its frontier and sections; `archive`: what the run replays. `report` counts. Raises
    ReadingStopped where the run has to end: then the site's next run does it (`reread_from` of the report).
    """

    async def again(row: ArticleRow) -> None:
        held = learning.held.get(row["key"])
        try:
            item = await read_row_again(
                pages, collection, row, spider, learning.profile, held=held, archive=archive, run_id=run_id
            )
        except (Unwritable, CapturesUnwritable, ReadingStopped):
            raise
        except Exception:
            of_page = about(spider.name, url=row["url"], reason=Reason.INTERNAL_ERROR)
            said = "%s: an error of tinphuong itself as %s was read again"
            logger.exception(said, spider.name, row["url"], extra=of_page)
            report.page_errors += 1
            return
        if item is not None:
            report.read_again += 1
            report.refill(row, item.article)

    collection.commit()
    owed = left_to_read_again(collection, run_id)
    report.reread_from = owed or run_id
    await learning.finish(lambda: articles_of_run(collection, run_id, first=owed or run_id), again, owed=bool(owed))
    report.reread_from = 0
    report.read_along, report.parted = learning.read_along, learning.parted
    for order in spider.sections.orders():
        for key, (above, below) in out_of_order(days_of(collection, spider.name, order)).items():
            doubt = Doubt("published_at", DoubtKind.OUT_OF_ORDER, f"between {above} and {below} in its list")
            added = add_doubt(collection, spider.name, key, doubt.to_dict(), run_id=run_id)
            report.doubted["published_at"] += added


async def read_row_again(
    pages: Reads,
    collection: Collection,
    row: ArticleRow,
    site: Site,
    profile: SiteProfile,
    *,
    held: PageItem | None,
    archive: Archive | None,
    run_id: int,
) -> PageItem | None:
    """Read an article's page again with `profile` and store what differs; return the item, None where nothing did.

    The page is that of the row's capture, else the one that is held, else that of the archive which the run replays.
    It is our reading that changes, not the page: no version is made.
    """
    try:
        item = await _again(pages, collection, row, site, profile, held, archive)
    except PageEnded:  # it stays as it was read at first
        return None
    if item is None or item.article is None or item.article.reason:
        return None
    record = record_of(item)
    if not record.trusted and row["layout_matched"]:
        return None
    found = revision(collection, row, record)
    if not found.fields:
        return None
    revise(collection, row, record, found, run_id)
    return item


async def _again(
    pages: Reads,
    collection: Collection,
    row: ArticleRow,
    site: Site,
    profile: SiteProfile,
    held: PageItem | None,
    archive: Archive | None,
) -> PageItem | None:
    listed = site.frontier.listed.get(row["key"])
    if held is not None and row["capture_id"] is None:
        return await _from_item(pages, held, profile)
    page, part = _page(collection, row, archive)
    if page is None:
        return None
    return await read_again(pages, page, type(site), part, profile=profile, listed=_copy(listed))


def _copy(listed: Listed | None) -> Listed | None:
    return replace(listed) if listed else None


async def _from_item(pages: Reads, held: PageItem, profile: SiteProfile) -> PageItem:
    held.profile, held.observer, held.article = profile, None, None
    (await pages.read(held.site, read_article, held)).onto(held)
    return held


def _page(
    collection: Collection, row: ArticleRow, archive: Archive | None
) -> tuple[CapturedPage | None, Callable[[str], CapturedPage | None]]:
    """Return the article's page, None where it is not to be had, and what finds its further pages."""
    if row["capture_id"] is not None:
        try:
            page = captured_page(collection, row["id"])
        except UnreadableCapture:
            return None, lambda url: None
        return page, lambda url: captured_part(collection, page, url)
    if archive is None:
        return None, lambda url: None
    addresses = collection.rows("SELECT url FROM article_urls WHERE article_id = ?", [row["id"]])
    for url in dict.fromkeys((row["url"], *(address["url"] for address in addresses))):
        for capture in archive.every(url):
            if capture.time.isoformat(timespec="seconds") == row["last_seen_at"]:
                return _captured(row, capture), lambda part: _newest(row, archive, part)
    return None, lambda url: None


def _newest(row: ArticleRow, archive: Archive, url: str) -> CapturedPage | None:
    capture = archive.find(url)
    return _captured(row, capture) if capture else None


def _captured(row: ArticleRow, capture: Capture) -> CapturedPage:
    return CapturedPage(row, capture.body, capture.content_type, capture.time)
