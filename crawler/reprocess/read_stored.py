"""Reads a stored article's capture again: work for a reader of pages, which does all of it but the writing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from crawler.pipelines.article_record import record_of
from crawler.pipelines.reread_capture import read_again
from crawler.run.reading.reader import now
from crawler.run.site import Site
from storage.archives.payloads import UnreadableCapture
from storage.reading.read_only import opened
from storage.records import Record
from storage.rows import ArticleRow
from storage.versions import Revision, captured_page, captured_part, revision, url_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """What came of it: a `record` with what it changes in the row, or, in a word or a sentence, why it is `lost` (it no
    longer gives an article, or not by its layout) or its capture `unusable`. Where nothing differs, none of these."""

    url: str
    lost: str | None = None
    unusable: str | None = None
    row: ArticleRow | None = None
    record: Record | None = None
    found: Revision | None = None


def read_stored(site: type[Site] | None, db: Path, slug: str, article_id: int) -> ReadAgain:
    """Read the newest capture of an article of the collection at `db`, whose site is called `slug`."""
    collection = opened(db)
    try:
        page = captured_page(collection, article_id)
        row = page.row
        if site is None:
            return ReadAgain(row["url"], unusable=f"no site is registered as {slug!r}")
        reading = read_again(
            _Here(site), page, site, lambda url: captured_part(collection, page, url), profile=collection.profile(slug)
        )
        item = now(reading)
    except UnreadableCapture as error:
        return ReadAgain(url_of(collection, article_id), unusable=str(error))
    if item.article is None or item.article.reason:
        return ReadAgain(row["url"], lost=str(item.article.reason) if item.article else "")
    record = record_of(item)
    if not record.trusted and row["layout_matched"]:
        return ReadAgain(row["url"], lost="its layout is no longer recognised")
    found = revision(collection, row, record)
    return ReadAgain(row["url"], row=row, record=record, found=found) if found.fields else ReadAgain(row["url"])


class _Here:
    """Reads in this process: whoever asked for the article bounds the time and the memory of all its pages."""

    def __init__(self, site: type[Site]):
        self._site = site

    async def read(self, site: str, work: Callable[..., T], *arguments: Any) -> T:
        """Return what was read."""
        return work(self._site, *arguments)
