"""Finds the article of which a page is an exact copy: the same text under another identity."""

from typing import TYPE_CHECKING

from crawler.text import fold
from storage.records import Record

if TYPE_CHECKING:
    from storage.collection import Collection

_SHORT_BODY = 200  # characters


def find(collection: "Collection", record: Record) -> int | None:
    """Return the id of the oldest article of another identity with the text of `record`, or None.

    A short text (“xem tệp đính kèm”) may only refer to its files: then those must be the same too.
    """
    rows = collection.db.execute(
        "SELECT id FROM articles WHERE (content_hash = ? OR id IN (SELECT article_id FROM confirmations "
        "WHERE field = 'content_hash' AND was = ?)) AND NOT (site = ? AND key = ?) ORDER BY id",
        (record.content_hash, record.content_hash, record.site, record.key),
    ).fetchall()
    short = len(record.text("body")) < _SHORT_BODY
    return next((row[0] for row in rows if not short or _same_files(collection, row[0], record)), None)


def _same_files(collection: "Collection", article_id: int, record: Record) -> bool:
    row = collection.article(article_id)
    if row is None or fold(row["summary"]) != fold(record.text("summary")):
        return False
    stored = collection.db.execute("SELECT name FROM attachments WHERE article_id = ?", (article_id,))
    if {row[0] for row in stored} != {item["name"] for item in record.attachments}:
        return False
    if record.attachments or record.text("body"):
        return True
    pictures = collection.db.execute("SELECT url FROM images WHERE article_id = ?", (article_id,))
    return {row[0] for row in pictures} == {item["url"] for item in record.images}
