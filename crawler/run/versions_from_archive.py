"""Stores the earlier texts of articles that a replayed archive holds, each as a version under its own date."""

import logging
from collections import defaultdict
from dataclasses import replace
from http import HTTPStatus

from crawler.pipelines.article_record import record_of
from crawler.pipelines.reread_capture import read_again
from crawler.profile import SiteProfile
from crawler.run.context import RunContext
from crawler.run.log_fields import about, runs_going_on
from crawler.run.reading.reader import PageEnded, Reads, now
from crawler.run.site import Site
from storage.archives.archive import Archive, Capture
from storage.archives.captures import CaptureKind
from storage.doubts.profiles import profile_of
from storage.imports.merge import Merger
from storage.imports.references import Pointing
from storage.imports.version_from_capture import articles_of, earlier_text
from storage.records import Record
from storage.rows import ArticleRow
from storage.versions import CapturedPage

logger = logging.getLogger(__name__)


def keep_earlier_texts(context: RunContext, archive: Archive, spider: type[Site], moment: str) -> int:
    """Read every capture of a site's articles that the spider has not read; returns how many gave a text.

    A text that differs from the known ones becomes a version, dated by its first and last capture; the earliest capture
    becomes the time when the article was first seen. Captures without the site's layout are left out, because they
    would look like edits. A capture belongs to an article if their addresses have the same identity. Where the run
    has to end, the next replay of the archive does the rest.
    """
    collection, pages = context.collection, context.pages.at_once
    merger = Merger(collection, Pointing(collection, moment, None))
    addresses = defaultdict(list)
    for url in archive.urls_on(spider.host_names()):
        if key := spider.platform.identity(url):
            addresses[key].append(url)
    read, profile = 0, profile_of(collection, spider.name)
    for row in articles_of(collection, spider.name):
        captures = [capture for url in addresses.get(row["key"], ()) for capture in archive.every(url)]
        for capture in sorted(captures, key=lambda capture: capture.time):
            if capture.time.isoformat(timespec="seconds") == row["last_seen_at"] or capture.status != HTTPStatus.OK:
                continue
            if not context.has_time() or context.pages.over:
                collection.commit()
                return read
            try:
                record = now(_record(pages, row, capture, archive, spider, profile))
            except PageEnded as ended:
                at = capture.time.isoformat(timespec="seconds")
                of_page = about(spider.name, url=capture.url)
                logger.warning("%s: the capture of %s was not read: %s", capture.url, at, ended.detail, extra=of_page)
                continue
            if record and record.trusted:
                record = replace(record, capture_id=_kept(context, capture, spider.name))
                merger.take(earlier_text(collection, row, record))
                read += 1
    collection.commit()
    return read


def _kept(context: RunContext, capture: Capture, site: str) -> int | None:
    """Return the row of a capture that gave a text, kept now if it was not yet; None where nothing is kept."""
    if context.kept is None:
        return capture.row
    return context.kept.keep(capture, site=site, kind=CaptureKind.ARTICLE, run_id=runs_going_on.get(site))


async def _record(
    pages: Reads, row: ArticleRow, capture: Capture, archive: Archive, site: type[Site], profile: SiteProfile
) -> Record | None:
    def part(url: str) -> CapturedPage | None:
        captures = (found for found in archive.every(url) if found.status == HTTPStatus.OK)
        nearest = min(captures, key=lambda found: abs(found.time - capture.time), default=None)
        return _page(row, nearest) if nearest else None

    item = await read_again(pages, _page(row, capture), site, part, profile=profile)
    return record_of(item) if item.article and not item.article.reason else None


def _page(row: ArticleRow, capture: Capture) -> CapturedPage:
    return CapturedPage({**row, "capture_id": capture.row}, capture.body, capture.content_type, capture.time)
