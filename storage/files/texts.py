"""Stores the text of attached files, and indexes it for the search."""

from dataclasses import dataclass

from sqlite_utils import Database

from crawler.text.word_forms import word_forms
from storage.collection import Collection

_ADD = (
    "INSERT INTO attachments_fts (rowid, title, summary, body, title_folded, text_folded) VALUES (?, '', '', ?, '', ?)"
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file whose text was not read yet."""

    id: int
    sha256: str
    type: str


def unread(collection: Collection, *, also_missing: bool) -> list[Unread]:
    """Return the files to read; `also_missing`: also those whose reader was not installed before."""
    sql = "SELECT id, sha256, type FROM files WHERE text_at IS NULL OR (? AND text_reason = 'reader_missing')"
    return [Unread(**row) for row in collection.rows(sql, [also_missing])]


def put_text(collection: Collection, file_id: int, text: str, reason: str | None, *, at: str) -> None:
    """Store and index the text of a file in place of an earlier text."""
    old = next(collection.rows("SELECT text FROM files WHERE id = ?", [file_id]))["text"]
    if old:
        collection.execute(
            "INSERT INTO attachments_fts (attachments_fts, rowid, title, summary, body, title_folded, text_folded) "
            "VALUES ('delete', ?, '', '', ?, '', ?)",
            _indexed(file_id, old),
        )
    if text:
        collection.execute(_ADD, _indexed(file_id, text))
    collection.execute(
        "UPDATE files SET text = ?, text_reason = ?, text_at = ? WHERE id = ?", (text, reason, at, file_id)
    )


def index(db: Database, file_id: int, text: str) -> None:
    """Index the text of a file; for collections that are written as a whole."""
    db.execute(_ADD, _indexed(file_id, text))


def _indexed(file_id: int, text: str) -> tuple[object, ...]:
    forms = word_forms(text)
    return file_id, forms.exact, forms.indexed()
