"""After a replay: every capture of its articles, each text as a version under its own date."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from crawler.pipelines.records import record_of
from crawler.pipelines.reread import read_again
from crawler.run.site import Site
from storage import Collection
from storage.archives.archive import Archive, Capture
from storage.imports.earlier_text import articles_of, earlier_text
from storage.imports.merge import Merger
from storage.imports.references import Pointing
from storage.records import Record
from storage.versions import CapturedPage


def keep_earlier_texts(collection: Collection, archive: Archive, spider: type[Site], moment: str) -> int:
    """Read every capture of a site's articles that the spider has not read; returns how many gave a text.

    A text that differs from those known becomes a version with the time between its captures; the first capture becomes
    the time when the article was first seen. Captures without the site's layout prove no edit and are left out. What
    counts as an article's capture is the identity of its address, whatever else stands in that.
    """
    merger = Merger(collection, Pointing(collection, moment, None))
    addresses = defaultdict(list)
    for url in archive.urls_on({spider.host, *spider.other_hosts}):
        if key := spider.platform.identity(url):
            addresses[key].append(url)
    read = 0
    for row in articles_of(collection, spider.name):
        captures = [capture for url in addresses.get(row["key"], ()) for capture in archive.every(url)]
        for capture in sorted(captures, key=lambda capture: capture.time):
            if capture.time.isoformat(timespec="seconds") == row["last_seen_at"]:
                continue
            record = _record(row, capture, archive, spider) if capture.status == HTTPStatus.OK else None
            if record and record.trusted:
                merger.take(earlier_text(collection, row, record))
                read += 1
    collection.commit()
    return read


def _record(row: dict[str, Any], capture: Capture, archive: Archive, site: type[Site]) -> Record | None:
    def part(url: str) -> CapturedPage | None:
        captures = (found for found in archive.every(url) if found.status == HTTPStatus.OK)
        nearest = min(captures, key=lambda found: abs(found.time - capture.time), default=None)
        return _page(row, nearest) if nearest else None

    item = read_again(_page(row, capture), site, part)
    return record_of(item) if item.article and not item.article.reason else None


def _page(row: dict[str, Any], capture: Capture) -> CapturedPage:
    return CapturedPage(row | {"capture_id": capture.row}, capture.body, capture.content_type, capture.time)
