"""Rows of the full-text index that wait: any sequence of changes leaves what entering them one by one would leave."""

import signal
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import content_hash
from crawler.text.text_keys import text_keys
from storage import Collection
from storage.connection import all_or_nothing
from storage.fixity import verification
from storage.records import Record
from storage.search import fulltext
from storage.writing import index_rows
from tests.examples import examples
from tests.running import PATIENCE, ROOT

SITES = ("a_mot", "b_hai")
DATES = (None, "2024-05-01", "2024-05-02T08:30:00+07:00", "2023")
WORDS = ("Hội nghị", "lịch tuần", "phường", "thông báo số 5")
DIRECT = (
    "INSERT INTO articles_fts (articles_fts, rowid, title, summary, body, title_folded, text_folded) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["save", "save", "save", "keyed", "date", "fail", "fail in part", "search", "commit", "undo", "delete"]
        ),
        st.integers(0, 5), st.sampled_from(SITES), st.sampled_from(DATES), st.sampled_from(WORDS),
    ),
    max_size=30,
)  # fmt: skip


class AtOnce(index_rows.IndexingConnection):
    """Enters each row as it comes."""

    def add(self, row):
        sqlite3.Connection.execute(self, DIRECT, (None, *row))

    def take_out(self, row):
        sqlite3.Connection.execute(self, DIRECT, ("delete", *row))


def opened(path=":memory:", *, at_once=False):
    with pytest.MonkeyPatch.context() as patch:
        if at_once:
            patch.setattr("storage.collection.IndexingConnection", AtOnce)
        collection = Collection(path)
    for site in SITES:
        collection.put_site({"slug": site, "name": site, "host": f"{site}.vn", "platform": "p", "updated_at": "2024"})
    collection.run = collection.begin_run(SITES[0], mode="live", started_at="2024", software="t")
    return collection


def record(key, site, date, word, number, *, keyed=False, units=()):
    title, body = word, f"{word} {number}. " * 3
    return Record(
        site, str(key), f"http://{site}/{key}", content_hash(title, body), f"2024-01-01T00:00:{number:02}",
        {"title": title, "body": body, "published_at": date}, units=units,
        keys=text_keys(title, "", body) if keyed else None,
    )  # fmt: skip


def unit(code):
    return {"code": code, "vintage": "new", "certainty": "sure", "found_in": "title", "evidence": "phường"}


def take(collection, number, step):
    """One step; what it gives is compared too."""
    kind, key, site, date, word = step
    row = collection._row("site = ? AND key = ?", site, str(key))
    match kind:
        case "save" | "keyed":
            item = record(key, site, date, word, number, keyed=kind == "keyed")
            return collection.save(item, collection.run, twin=collection.twin(item))
        case "fail":  # after it was indexed: the same unit twice
            item = record(key, site, date, word, number, units=[unit("1"), unit("1")])
            with pytest.raises(sqlite3.IntegrityError):
                collection.save(item, collection.run)
                assert row is not None and row["content_hash"] == item.content_hash
                raise sqlite3.IntegrityError  # nothing of it was to be stored
        case "fail in part" if row is not None:
            with pytest.raises(RuntimeError), all_or_nothing(collection.db.conn):
                fulltext.remove(collection.db, row["id"], row)
                fulltext.add(collection.db, row["id"], row | {"title": "another"})
                if number % 2:
                    list(collection.search("another"))
                raise RuntimeError
        case "date" if row is not None:
            collection.change_article(row["id"], {"published_at": date})
        case "delete" if row is not None:
            fulltext.remove(collection.db, row["id"], row)
            for table in ("versions", "article_urls", "article_units", "near_waiting"):
                collection.execute(f"DELETE FROM {table} WHERE article_id = ?", [row["id"]])
            collection.execute("DELETE FROM articles WHERE id = ?", [row["id"]])
        case "search":
            return [found["id"] for found in collection.search(word)]
        case "commit":
            collection.commit()
        case "undo":
            collection.undo()
    return None


def content(db):
    """What the index holds: each word's places, the length of each row, and where each article is."""
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.said USING fts5vocab(main, articles_fts, instance)")
    return [
        db.execute(sql).fetchall()
        for sql in (
            "SELECT doc, col, offset, term FROM temp.said ORDER BY 1, 2, 3, 4",
            "SELECT id, sz FROM articles_fts_docsize ORDER BY 1",
            "SELECT * FROM search_keys ORDER BY id",
            "SELECT id, title, body, published_at FROM articles ORDER BY id",
        )
    ]


@given(STEPS)
@examples(80)
def test_any_changes_leave_what_rows_entered_one_by_one_leave(steps):
    with opened() as late, opened(at_once=True) as soon:
        for number, step in enumerate(steps):
            assert take(late, number, step) == take(soon, number, step)
        late.commit()
        soon.commit()
        assert content(late.db) == content(soon.db)
        late.db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
        assert late.db.execute("SELECT count(*) FROM temp.index_rows").fetchone() == (0,)


@given(STEPS)
@examples(30)
def test_another_connection_sees_index_and_articles_in_step(tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("step") / "a.db"
    with opened(path) as late, Collection(path) as reader:
        for number, step in enumerate(steps):
            take(late, number, step)
            assert list(reader.rows("SELECT id FROM articles_fts_docsize EXCEPT SELECT place FROM search_keys")) == []
            assert list(reader.rows("SELECT place FROM search_keys EXCEPT SELECT id FROM articles_fts_docsize")) == []


def test_a_long_transaction_lets_few_rows_wait(monkeypatch):
    monkeypatch.setattr(index_rows, "_MOST", 2000)
    waited = []
    with opened() as collection:
        monkeypatch.setattr(Collection, "BATCH", 10_000)
        for number in range(60):
            item = record(number, SITES[0], DATES[number % 3], WORDS[number % 4], number)
            collection.save(item, collection.run)
            waited.append(collection.db.execute("SELECT count(*) FROM temp.index_rows").fetchone()[0])
        assert 5 < max(waited) < 40
        assert len(collection.search("phuong", limit=99)) == 15


def test_a_row_that_waits_moves_with_its_article():
    with opened() as collection:
        collection.save(record(1, SITES[0], "2024-05-01", "Hội nghị", 1), collection.run)
        collection.change_article(1, {"published_at": "2024-05-09"})
        (waits,) = collection.db.execute("SELECT command, place FROM temp.index_rows").fetchall()
        assert waits == collection.db.execute("SELECT NULL, place FROM search_keys").fetchone()
        assert [found["id"] for found in collection.search("hoi nghi since:2024-05-09")] == [1]


SCRIPT = """
import os, signal, sys
from storage.writing.index_rows import IndexingConnection
from tests.storage.test_index_rows import DATES, SITES, WORDS, opened, record

def die_at(when, done=IndexingConnection._enter):
    def enter(self):
        if when == "after":
            done(self)
        os.kill(os.getpid(), signal.SIGKILL)
    return enter

collection = opened(sys.argv[1])
for number in range(80):
    item = record(number, SITES[number % 2], DATES[number % 4], WORDS[number % 3], number % 60)
    collection.save(item, collection.run, twin=collection.twin(item))
    if number == 65:
        IndexingConnection._enter = die_at(sys.argv[2])
    if number % 40 == 39:
        collection.commit()
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_the_end_of_a_transaction_leaves_index_and_articles_in_step(tmp_path, when):
    path = tmp_path / "a.db"
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(path), when], cwd=ROOT, timeout=PATIENCE)
    assert done.returncode == -signal.SIGKILL
    with Collection(path) as collection:
        kept = content(collection.db)
        assert len(kept[1]) == len(kept[2]) == len(kept[3]) == 40
        assert list(verification._index(collection, verification.Verdict(), lambda: None)) == []
