"""A replay and a reprocess with several processes: what they leave is what one process leaves, row by row."""

import json
import re
import shutil
import sqlite3

import pytest

from storage.archives.captures import folder_of
from tests.running import tinphuong

_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)")
_CHANCE = re.compile(r"[0-9a-f]{64}|urn:uuid:[0-9a-f-]{36}|\"seconds\": [0-9.e-]+|[a-z0-9-]*\d{14}[a-z0-9-]*\.warc\.gz")
_SEGMENTS = {"articles_fts_data", "articles_fts_idx"}  # how the index lies in the file depends on when was committed
_PLACES = {"begin", "offset", "length", "warc_digest"}  # of records, which name their own moments


def left(db, *, began):
    """All rows of a collection in their order; moments since the run `began`, digests of them and places are masked."""

    def masked(value):
        if not isinstance(value, str):
            return value
        return _MOMENT.sub(lambda found: "now" if found[0] >= began else found[0], _CHANCE.sub("by chance", value))

    with sqlite3.connect(db) as connection:
        names = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND "
            "name NOT LIKE 'sqlite_%' ORDER BY name")]  # fmt: skip
        found = {}
        for name in set(names) - _SEGMENTS:
            rows = connection.execute(f"SELECT * FROM {name}")
            columns = [column[0] for column in rows.description]
            kept = [place for place, column in enumerate(columns) if column not in _PLACES]
            found[name] = [tuple(masked(row[place]) for place in kept) for row in rows]
    connection.close()
    return found


@pytest.fixture(scope="module")
def archive(crawled, tmp_path_factory):
    """What a crawl of the replica portals captured, as archive files."""
    folder = tmp_path_factory.mktemp("archive")
    return [shutil.copy(path, folder / path.name) for path in sorted(folder_of(crawled.db).glob("*.warc.gz"))]


@pytest.fixture(scope="module")
def replayed(archive, tmp_path_factory):
    """The same files replayed by one process and by three: jobs → database."""
    databases = {}
    for jobs in (1, 3):
        db = databases[jobs] = tmp_path_factory.mktemp(f"jobs{jobs}") / "a.db"
        done = tinphuong("--db", db, "crawl", "--all", "--replay", *archive, "--jobs", jobs)
        assert "Traceback" not in done.stderr, done.stderr
    return databases


def same(one, other, began):
    """Assert that two collections hold the same rows; returns those of the first."""
    found, others = left(one, began=began), left(other, began=began)
    assert found.keys() == others.keys()
    assert [name for name in found if found[name] != others[name]] == []
    return found


def test_a_replay_leaves_the_same_rows_in_the_same_order_however_many_processes_read(replayed):
    with sqlite3.connect(replayed[1]) as connection:
        (began,) = connection.execute("SELECT min(started_at) FROM runs").fetchone()
    found = same(*replayed.values(), began)
    assert len(found["articles"]) > 80 and len({row[1] for row in found["articles"]}) >= 3
    assert found["articles_fts_docsize"] and found["near_sketches"] and found["captures"]


def test_a_bounded_replay_stores_the_same_articles_however_many_processes_read(archive, tmp_path):
    titles = {}
    for jobs in (1, 4):
        db = tmp_path / f"{jobs}.db"
        tinphuong("--db", db, "crawl", "--all", "--replay", *archive, "--limit", 7, "--jobs", jobs)
        with sqlite3.connect(db) as connection:
            titles[jobs] = connection.execute("SELECT site, title FROM articles ORDER BY id").fetchall()
        connection.close()
    assert titles[1] == titles[4]
    assert len(titles[1]) >= 14


def test_reprocess_stores_and_says_the_same_however_many_processes_read(replayed, tmp_path):
    databases, said = [], []
    for jobs in (1, 3):
        db = tmp_path / f"jobs{jobs}" / "a.db"
        shutil.copytree(replayed[1].parent, db.parent)
        with sqlite3.connect(db) as connection:
            connection.execute("UPDATE articles SET author = 'Người khác' WHERE id % 3 = 0")
            connection.execute("UPDATE articles SET layout_matched = 1, capture_id = NULL WHERE id % 10 = 1")
        connection.close()
        done = tinphuong("--db", db, "reprocess", "--jobs", jobs, "--json")
        databases.append(db)
        said.append((done.returncode, json.loads(done.stdout)))
    with sqlite3.connect(databases[0]) as connection:
        (began,) = connection.execute("SELECT min(started_at) FROM runs WHERE mode = 'reprocess'").fetchone()
    same(*databases, began)
    assert said[0] == said[1]
    assert said[0][0] == 0 and said[0][1]["differing"] > 20 and said[0][1]["fields"]["author"] > 20


@pytest.mark.parametrize("command", [("crawl", "--all", "--replay", "a.warc.gz"), ("reprocess",)])
def test_a_number_of_processes_that_cannot_be_is_a_mistake(command, tmp_path):
    done = tinphuong("--db", tmp_path / "a.db", *command, "--jobs", 0)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--jobs takes a number of processes, from 1 to 64" in done.stderr


@pytest.mark.parametrize(
    "command", [("verify",), ("reprocess",), ("export", "html", "out"), ("export", "jsonl", "a.jsonl")]
)
def test_no_log_of_the_database_is_left_beside_it(command, replayed, tmp_path):
    shutil.copytree(replayed[1].parent, tmp_path / "c")
    words = [str(tmp_path / word) if word in ("out", "a.jsonl") else word for word in command]
    done = tinphuong("--db", tmp_path / "c" / "a.db", *words, "--jobs", 3)
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "c").glob("a.db-*")), "who copies the file alone loses what was written last"
