"""Stores the earlier texts of articles that a replayed archive holds, each as a version under its own date."""

import logging
from collections import defaultdict
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from crawler.pipelines.article_record import record_of
from crawler.pipelines.reread_capture import read_again
from crawler.profile import SiteProfile
from crawler.run.context import RunContext
from crawler.run.log_fields import about, runs_going_on
from crawler.run.reading.reader import PageEnded, ReadingStopped, Reads
from crawler.run.site import Site
from storage import Collection
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
    collection, pages = context.collection, context.pages
    merger = Merger(collection, Pointing(collection, moment, None))
    profile, read = profile_of(collection, spider.name), 0

    def reading() -> Iterator[Coroutine[Any, Any, _Text]]:
        for row, capture in _unread(collection, archive, spider):
            if not context.has_time():
                return
            yield _text(pages.several, row, capture, archive, spider, profile)

    for done in pages.each(reading()):
        try:
            row, capture, record = done.result()
        except ReadingStopped:
            break
        if record and record.trusted:
            record = replace(record, capture_id=_kept(context, capture, spider.name))
            merger.take(earlier_text(collection, row, record))
            read += 1
    collection.commit()
    return read


def _unread(collection: Collection, archive: Archive, spider: type[Site]) -> Iterator[tuple[ArticleRow, Capture]]:
    """Yield the captures of a site's articles that the spider has not read, each with the row of its article."""
    addresses = defaultdict(list)
    for url in archive.urls_on(spider.host_names()):
        if key := spider.platform.identity(url):
            addresses[key].append(url)
    for number, key, last_seen in articles_of(collection, spider.name):
        known = addresses.get(key, ())
        times = {_stamp(time) for url in known for time in archive.times(url)}
        if times <= {last_seen} or (row := collection.article(number)) is None:
            continue
        captures = [capture for url in known for capture in archive.every(url)]
        for capture in sorted(captures, key=lambda capture: capture.time):
            if _stamp(capture.time) != last_seen and capture.status == HTTPStatus.OK:
                yield row, capture


def _stamp(time: datetime) -> str:
    return time.isoformat(timespec="seconds")


def _kept(context: RunContext, capture: Capture, site: str) -> int | None:
    """Return the row of a capture that gave a text, kept now if it was not yet; None where nothing is kept."""
    if context.kept is None:
        return capture.row
    return context.kept.keep(capture, site=site, kind=CaptureKind.ARTICLE, run_id=runs_going_on.get(site))


class _Text(NamedTuple):
    """What a capture gave; `record` is None where it holds no article, or was too slow to read."""

    row: ArticleRow
    capture: Capture
    record: Record | None


async def _text(
    pages: Reads, row: ArticleRow, capture: Capture, archive: Archive, site: type[Site], profile: SiteProfile
) -> _Text:
    def part(url: str) -> CapturedPage | None:
        captures = (found for found in archive.every(url) if found.status == HTTPStatus.OK)
        nearest = min(captures, key=lambda found: abs(found.time - capture.time), default=None)
        return _page(row, nearest) if nearest else None

    try:
        item = await read_again(pages, _page(row, capture), site, part, profile=profile)
    except PageEnded as ended:
        at = _stamp(capture.time)
        of_page = about(site.name, url=capture.url)
        logger.warning("%s: the capture of %s was not read: %s", capture.url, at, ended.detail, extra=of_page)
        return _Text(row, capture, None)
    return _Text(row, capture, record_of(item) if item.article and not item.article.reason else None)


def _page(row: ArticleRow, capture: Capture) -> CapturedPage:
    return CapturedPage({**row, "capture_id": capture.row}, capture.body, capture.content_type, capture.time)
