"""A collection to hand on: the crawl of all replicas, with a history, an edit and a removal added to it."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from crawler.text import content_hash
from storage import Collection, run_log
from storage.archives.captures import folder_of
from storage.records import Record
from storage.search import fulltext


def copied(crawled, folder):
    """A copy of the crawled collection, captures included."""
    db = folder / "tin.db"
    with sqlite3.connect(crawled.db) as source, sqlite3.connect(db) as target:
        source.backup(target)
    shutil.copytree(folder_of(crawled.db), folder_of(db))
    return db


def edit(db: Path, article_id: int, body: str, at: str):
    """Meet an article again with another text, as a crawl does."""
    with Collection(db) as collection:
        row = next(collection.rows("SELECT * FROM articles WHERE id = ?", [article_id]))
        fields = {name: row[name] for name in ("title", "summary", "author", "source", "section", "published_at")}
        record = Record(
            row["site"], row["key"], row["url"], content_hash(row["title"], body), at,
            fields | {"body": body, "markdown": body, "language": "vi"},
        )  # fmt: skip
        run = collection.begin_run(row["site"], mode="demo", started_at=at, software="tinphuong 0.1.0")
        collection.save(record, run)
        collection.finish_run(
            run, finished_at=at, status="ok", reason=None, message="1 changed", counts={"changed": 1}, skipped={}
        )


def remove(db: Path, article_id: int, at: str):
    """Note that a site took an article down."""
    with Collection(db) as collection:
        run = next(collection.rows("SELECT run_id FROM articles WHERE id = ?", [article_id]))["run_id"]
        event = {"article_id": article_id, "kind": "removed", "at": at, "reason": "http_410", "run_id": run}
        collection.insert("article_events", event)
        collection.change_article(article_id, {"removed_at": at, "gone_at": at, "checked_at": at})


def rename(db: Path, article_id: int, title: str):
    """Give an article another title, with all that hangs on it."""
    with Collection(db) as collection:
        row = next(collection.rows("SELECT * FROM articles WHERE id = ?", [article_id]))
        fulltext.remove(collection.db, article_id, row)
        fulltext.add(collection.db, article_id, row | {"title": title})
        collection.change_article(article_id, {"title": title, "content_hash": content_hash(title, row["body"])})


@pytest.fixture(scope="session")
def kept(crawled, tmp_path_factory):
    """The collection to export from; not to be changed."""
    db = copied(crawled, tmp_path_factory.mktemp("kept"))
    edit(
        db,
        3,
        "Bản sửa: =SUM(A1) không phải công thức.\n\nĐoạn hai, đủ dấu: ằẳẵặ ềểễệ ỗộợ ừửữự ỵỷỹ đ.",
        "2027-01-02T03:04:05+00:00",
    )
    remove(db, 5, "2027-02-03T04:05:06+00:00")
    rename(db, 7, '=HYPERLINK("http://x")')
    with Collection(db) as collection:
        collection.change_article(7, {"section": "+tin", "author": "@ai\tđó"})
        assert run_log.head(collection.db).number >= 7
    return db


@pytest.fixture
def db(kept, tmp_path):
    """A collection to change."""
    db = tmp_path / "tin.db"
    with sqlite3.connect(kept) as source, sqlite3.connect(db) as target:
        source.backup(target)
    shutil.copytree(folder_of(kept), folder_of(db))
    return db
