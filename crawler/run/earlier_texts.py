"""Stores the earlier texts of articles that a replayed archive holds, each as a version under its own date."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from crawler.pipelines.records import record_of
from crawler.pipelines.reread import read_again
from crawler.run.site import Site
from storage import Collection
from storage.archives.archive import Archive, Capture
from storage.imports.merge import Merger
from storage.imports.references import Pointing
from storage.records import Record
from storage.versions import CapturedPage


def keep_earlier_texts(collection: Collection, archive: Archive, spider: type[Site], moment: str) -> int:
    """Read every capture of a site's articles that the spider has not read; returns how many gave a text.

    A text that differs from the known ones becomes a version, dated by its first and last capture; the earliest capture
    becomes the time when the article was first seen. Captures without the site's layout are left out, because they
    would look like edits. A capture belongs to an article if their addresses have the same identity.
    """
    merger = Merger(collection, Pointing(collection, moment, None))
    addresses = defaultdict(list)
    for url in archive.urls_on({spider.host, *spider.other_hosts}):
        if key := spider.platform.identity(url):
            addresses[key].append(url)
    read = 0
    for row in list(collection.rows("SELECT * FROM articles WHERE site = ? ORDER BY id", [spider.name])):
        captures = [capture for url in addresses.get(row["key"], ()) for capture in archive.every(url)]
        for capture in sorted(captures, key=lambda capture: capture.time):
            if capture.time.isoformat(timespec="seconds") == row["last_seen_at"]:
                continue
            record = _record(row, capture, archive, spider) if capture.status == HTTPStatus.OK else None
            if record and record.trusted:
                merger.take(_article(collection, row, record))
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


def _article(collection: Collection, row: dict[str, Any], record: Record) -> dict[str, Any]:
    """Return the text of one capture in the shape that storage.imports merges."""
    own = collection.rows("SELECT * FROM captures WHERE id = ?", [record.capture_id])
    run = next(collection.rows("SELECT * FROM runs WHERE id = ?", [row["run_id"]]))
    issuer = next(collection.rows("SELECT * FROM sites WHERE slug = ?", [row["site"]]))
    fields = {name: record.fields.get(name) for name in collection.columns_of(record)}
    texts = {name: fields[name] or "" for name in ("title", "summary", "body", "markdown")}
    seen = {"first_seen_at": record.seen_at, "last_seen_at": record.seen_at}
    url = {"url": row["url"], "site": row["site"], "key": row["key"], "relation": "canonical"}
    return fields | texts | seen | {
        "site": row["site"], "key": row["key"], "url": row["url"], "content_hash": record.content_hash,
        "changed_at": None, "checked_at": None, "run": run, "capture": next(own, None), "issuer": issuer,
        "urls": [url | seen],
    }  # fmt: skip
