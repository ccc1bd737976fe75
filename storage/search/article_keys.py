"""Enters the text of an article where it is found again: in the full-text index, and among those to be compared."""

from collections.abc import Mapping

from sqlite_utils import Database

from crawler.text.sketches import packed
from crawler.text.text_keys import TextKeys
from storage.records import Record
from storage.search import fulltext


def put(db: Database, article_id: int, values: Mapping[str, object], record: Record) -> None:
    """Index an article that is in `articles`, and keep its sketch until it is compared with others.

    `values`: the columns of its row, of which title, summary and body are those of `record`.
    """
    put_keys(db, article_id, values, record.text_keys())


def put_keys(db: Database, article_id: int, values: Mapping[str, object], keys: TextKeys) -> None:
    """Do what `put` does where `keys` are those of title, summary and body in `values`."""
    fulltext.add(db, article_id, values, texts=keys.indexed)
    db.execute("UPDATE near_waiting SET sketch = ? WHERE article_id = ?", (packed(keys.sketch), article_id))
