"""Finds the article of which a page is an exact copy: the same text under another identity."""

from sqlite_utils import Database

from crawler.text import fold
from storage.records import Record

_SHORT_BODY = 200  # characters


def find(db: Database, record: Record) -> int | None:
    """Return the id of the oldest article of another identity with the text of `record`, or None.

    A short text (“xem tệp đính kèm”) may only refer to its files: then those must be the same too.
    """
    rows = db.execute(
        "SELECT id FROM articles WHERE (content_hash = ? OR id IN (SELECT article_id FROM confirmations "
        "WHERE field = 'content_hash' AND was = ?)) AND NOT (site = ? AND key = ?) ORDER BY id",
        (record.content_hash, record.content_hash, record.site, record.key),
    ).fetchall()
    short = len(record.text("body")) < _SHORT_BODY
    return next((row[0] for row in rows if not short or _same_files(db, row[0], record)), None)


def _same_files(db: Database, article_id: int, record: Record) -> bool:
    (summary,) = db.execute("SELECT summary FROM articles WHERE id = ?", (article_id,)).fetchone()
    if fold(summary) != fold(record.text("summary")):
        return False
    stored = db.execute("SELECT name FROM attachments WHERE article_id = ?", (article_id,))
    if {row[0] for row in stored} != {item["name"] for item in record.attachments}:
        return False
    if record.attachments or record.text("body"):
        return True
    pictures = db.execute("SELECT url FROM images WHERE article_id = ?", (article_id,))
    return {row[0] for row in pictures} == {item["url"] for item in record.images}
