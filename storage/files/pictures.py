"""The pictures of articles: each kept as the capture of its address; which are still wanted, and what one holds."""

import sqlite3
from pathlib import Path

from storage.archives.captures import folder_of
from storage.archives.payloads import UnreadableCapture, payload_of
from storage.collection import Collection
from storage.files.attachments import TRIES, Wanted


def wanted(collection: Collection, site: str, run_id: int, *, only_run: bool, again: bool = False) -> list[Wanted]:
    """Return the pictures of `site` that no capture is known for, those of articles that run `run_id` wrote first.

    `only_run`: none of earlier runs' articles; `again`: also those that failed for good.
    """
    collection.execute(  # a picture that another article shows too is there already
        "UPDATE images SET capture_id = (SELECT o.capture_id FROM images o WHERE o.url = images.url "
        "AND o.capture_id IS NOT NULL LIMIT 1) WHERE capture_id IS NULL AND article_id IN (SELECT id FROM articles "
        "WHERE site = ?) AND url IN (SELECT url FROM images WHERE capture_id IS NOT NULL)",
        [site],
    )
    rows = collection.rows(
        "SELECT i.url FROM images i JOIN articles a ON a.id = i.article_id WHERE a.site = ? AND a.removed_at IS NULL "
        "AND i.capture_id IS NULL AND (a.run_id = ? OR NOT ?) AND (i.fetch_tries < ? OR ?) "
        "GROUP BY i.url ORDER BY max(a.run_id = ?) DESC, min(i.id)",
        [site, run_id, only_run, TRIES, again, run_id],
    )
    return [Wanted(row["url"], "", is_picture=True) for row in rows]


def keep(collection: Collection, url: str, capture_id: int) -> None:
    """Note that the picture at `url` lies in that capture, with every article that shows it."""
    collection.execute(
        "UPDATE images SET capture_id = ?, fetch_error = NULL, fetch_tries = 0 WHERE url = ?", [capture_id, url]
    )


def note_failure(collection: Collection, url: str, reason: str, *, final: bool) -> None:
    """Note that `url` gave no picture; `final`: nothing speaks for asking again."""
    collection.execute(
        "UPDATE images SET fetch_error = ?, fetch_tries = CASE WHEN ? THEN ? ELSE fetch_tries + 1 END WHERE url = ?",
        [reason, final, TRIES, url],
    )


def content(connection: sqlite3.Connection, db: Path, capture_id: int) -> bytes | None:
    """Return the bytes of the picture in that capture; None where no article shows it, or it cannot be read."""
    if connection.execute("SELECT 1 FROM images WHERE capture_id = ?", [capture_id]).fetchone() is None:
        return None
    try:
        return payload_of(connection, folder_of(db), capture_id).body
    except UnreadableCapture:
        return None
