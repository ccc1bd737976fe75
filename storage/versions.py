"""The texts an article has had, and what reading its capture again changes in it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.text import fold
from storage import article_units
from storage.archives.captures import folder_of
from storage.archives.payloads import payload_of
from storage.collection import Collection
from storage.records import Record
from storage.search import fulltext

_JSON = ("event_dates", "notes")
_INDEXED = ("title", "summary", "body")


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """An article's row and its newest capture: `html` with its Content-Encoding undone, `captured_at` aware."""

    row: dict[str, Any]
    html: bytes
    content_type: str
    captured_at: datetime


@dataclass(slots=True)
class Revision:
    """What another reading of its capture changes in an article: field → (as stored, as read now).

    `new_text`: the text differs in more than form, so that the stored one is kept as a version.
    """

    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    new_text: bool = False


def of_article(collection: Collection, article_id: int) -> list[dict[str, Any]]:
    """Return the texts of an article, the oldest first, today's last; [] for an unknown one.

    Each has title, summary, body, author, published_at, url, seen_from and seen_until.
    """
    rows = list(collection.rows("SELECT * FROM articles WHERE id = ?", [article_id]))
    if not rows:
        return []
    today = rows[0] | {
        "seen_from": rows[0]["changed_at"] or rows[0]["first_seen_at"],
        "seen_until": rows[0]["last_seen_at"],
    }
    earlier = collection.rows("SELECT * FROM versions WHERE article_id = ? ORDER BY id", [article_id])
    return [*(row | {"url": today["url"]} for row in earlier), today]


def url_of(collection: Collection, article_id: int) -> str:
    """Return the canonical URL of an article; it must exist."""
    return str(next(collection.rows("SELECT url FROM articles WHERE id = ?", (article_id,)))["url"])


def captured_articles(collection: Collection, *, site: str | None = None, since: str | None = None) -> list[int]:
    """Return the ids of the articles that point to a capture, in the order of the files.

    `since`: an ISO date (UTC); only articles whose newest capture is not older.
    """
    sql = (
        "SELECT a.id FROM articles a JOIN captures c ON c.id = a.capture_id JOIN captures o "
        "ON o.id = coalesce(c.revisit_of, c.id) WHERE (? IS NULL OR a.site = ?) AND (? IS NULL OR c.captured_at >= ?) "
        "ORDER BY o.file, o.offset"
    )
    return [row["id"] for row in collection.rows(sql, (site, site, since, since))]


def captured_page(collection: Collection, article_id: int) -> CapturedPage:
    """Return an article with its newest capture. Raises UnreadableCapture where the capture cannot be read."""
    article = next(collection.rows("SELECT * FROM articles WHERE id = ?", (article_id,)))
    return _captured(collection, article, article["capture_id"])


def captured_part(collection: Collection, page: CapturedPage, url: str) -> CapturedPage | None:
    """Return the capture of a further page of an article, the one nearest in time to `page`; None where there is none.

    Raises UnreadableCapture as captured_page does.
    """
    found = collection.rows(
        "SELECT id FROM captures WHERE url = ? AND site = ? AND status = 200 "
        "ORDER BY abs(julianday(captured_at) - julianday(?)), id LIMIT 1",
        (url, page.row["site"], page.captured_at.isoformat()),
    )
    row = next(found, None)
    return _captured(collection, page.row, row["id"]) if row else None


def _captured(collection: Collection, article: dict[str, Any], capture_id: int) -> CapturedPage:
    page = payload_of(collection.db.conn, folder_of(collection.path), capture_id)
    return CapturedPage(article, page.body, page.content_type, page.captured_at)


def revision(collection: Collection, row: dict[str, Any], record: Record) -> Revision:
    """Compare an article's row with another reading of its capture; nothing is written."""
    now = collection.columns_of(record)
    found = Revision({name: (row[name], value) for name, value in now.items() if row[name] != value})
    for name in _JSON:
        if name in found.fields:
            found.fields[name] = (json.loads(row[name]), json.loads(now[name]))
    for table, items in (("attachments", record.attachments), ("images", record.images)):
        new = list(_unknown(collection, table, row["id"], items))
        if new:
            found.fields[table] = ([], new)
    known = article_units.of(collection.db, row["id"])
    if known != list(record.units):
        found.fields["units"] = (known, list(record.units))
    same_summary = fold(row["summary"]) == fold(now["summary"])
    found.new_text = row["content_hash"] != record.content_hash or not same_summary
    return found


def _unknown(collection: Collection, table: str, article_id: int, items: Any) -> Iterator[dict[str, str]]:
    """The files that are not stored as they are now read; those of earlier texts, which are kept, do not count."""
    rows = collection.rows(f"SELECT * FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608 — literals only
    stored = {row["url"]: row for row in rows}
    for item in items:
        if any(stored.get(item["url"], {}).get(name) != value for name, value in item.items()):
            yield item


def revise(collection: Collection, row: dict[str, Any], record: Record, found: Revision, run_id: int, at: str) -> None:
    """Write a revision: a new text makes a version and `changed_at`, anything else only its columns.

    The article is not seen again by this: `last_seen_at` and its capture stay. `at`: now, ISO 8601 in UTC.
    """
    values: dict[str, Any] = collection.columns_of(record) | {"content_hash": record.content_hash}
    if found.new_text:
        collection.keep_version(row)
        values |= {"changed_at": at, "run_id": run_id}
    reindexed = any(name in found.fields for name in _INDEXED)
    if reindexed:
        fulltext.remove(collection.db, row["id"], row)
    collection.change_article(row["id"], values)
    if reindexed:
        fulltext.add(collection.db, row["id"], values)
    collection.put_files(row["id"], record)
    if "units" in found.fields:
        article_units.put(collection.db, row["id"], record.units)
