"""An older database: the migrations are tried on a copy, and what fails leaves the file as it was."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from crawler.cli import main
from storage import Collection, schema
from storage.errors import UpgradeFailed
from storage.upgrade import trial
from tests.keeping.kept import backed_up, damage, make, tree
from tests.keeping.killing import killed_at, operations_of

OLD = 13


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """A collection of an earlier schema, with articles."""
    folder = tmp_path_factory.mktemp("old")
    db = make(folder / "new")
    (folder / "old").mkdir()
    copy = folder / "old" / "a.db"
    with pytest.MonkeyPatch.context() as then:
        then.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:OLD])
        then.setattr(trial, "MIGRATIONS", schema.MIGRATIONS)
        Collection(copy).close()
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS made", [str(db)])
        for table in ("sites", "runs", "run_log", "captures", "articles", "article_urls"):
            names = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM made.{table}")
    shutil.copytree(db.with_suffix(".captures"), copy.with_suffix(".captures"))
    return copy


@pytest.fixture
def db(old, tmp_path):
    shutil.copytree(old.parent, tmp_path / "cũ")
    return tmp_path / "cũ" / "a.db"


def version(db):
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def failing(monkeypatch, script):
    """Let today's newest migration be this script."""
    newer = (*schema.MIGRATIONS[:-1], script)
    for module in (schema, trial):
        monkeypatch.setattr(module, "MIGRATIONS", newer)


def test_an_older_database_is_brought_up_and_nothing_stays_beside_it(db):
    assert version(db) == OLD
    with Collection(db) as collection:
        assert len(list(collection.rows("SELECT doubts FROM articles"))) == 3
    assert version(db) == len(schema.MIGRATIONS)
    assert sorted(path.name for path in db.parent.iterdir()) == ["a.captures", "a.db"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("CREATE TABLE half (a);\nALTER TABLE articles ADD COLUMN title TEXT;", "duplicate column name"),
        ("DELETE FROM versions;\nDELETE FROM captures WHERE id = 3;", ""),
        ("PRAGMA foreign_keys = OFF;\nDELETE FROM runs;", "rows"),
    ],
    ids=["an error", "rows lost", "rows astray"],
)
def test_a_migration_that_fails_leaves_the_old_file_and_says_so(db, monkeypatch, capsys, script, said):
    failing(monkeypatch, script)
    before = tree(db.parent)
    assert main(["--db", str(db), "status"]) == 1
    err = capsys.readouterr().err
    assert f"cannot be brought from schema {OLD} to" in err and said in err
    assert "the database is as it was" in err and err.count("\n") == 1
    assert tree(db.parent) == before and version(db) == OLD


def test_what_goes_well_on_the_copy_and_then_fails_is_undone(db, monkeypatch):
    before = tree(db.parent)
    monkeypatch.setattr(trial, "_try_on_copy", lambda *_: None)
    failing(monkeypatch, "CREATE TABLE half (a);\nINSERT INTO nowhere VALUES (1);")
    with pytest.raises(UpgradeFailed, match="although it went well on a copy"):
        Collection(db)
    assert version(db) == OLD
    with closing(sqlite3.connect(db)) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "half" not in tables and "doubts" not in tables and before


def test_there_must_be_room_for_the_copy(db, monkeypatch, capsys):
    usage = shutil.disk_usage(db.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    assert main(["--db", str(db), "search", "tin"]) == 1
    err = capsys.readouterr().err
    assert "make room, then run again" in err and version(db) == OLD


def test_it_can_be_killed_at_any_point(old, tmp_path):
    place = tmp_path / "place"
    db = place / "a.db"

    def afresh():
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(old.parent, place)

    def opened():
        Collection(db).close()

    afresh()
    for nth in range(1, operations_of(opened) + 1):
        afresh()
        killed_at(nth, opened)
        assert version(db) in (OLD, len(schema.MIGRATIONS))
        opened()
        assert version(db) == len(schema.MIGRATIONS)
        left = {path.name for path in place.iterdir()}
        assert not {name for name in left if "upgrade" in name}, "the copy of a killed process stays"


def test_the_copy_of_a_process_that_still_runs_is_left_alone(db):
    theirs = db.with_name(f".a.db.upgrade-{os.getppid()}.part")
    theirs.touch()
    gone = db.with_name(".a.db.upgrade-4194305.part")
    gone.touch()
    Collection(db).close()
    assert theirs.exists() and not gone.exists()


def test_a_backup_of_an_older_schema_is_taken_as_it_is_and_brought_up_when_restored(db, tmp_path):
    assert backed_up(db, tmp_path / "backup").manifest.schema == OLD == version(db)
    again = tmp_path / "again.db"
    assert main(["--db", str(again), "restore", str(tmp_path / "backup"), "--quiet"]) == 0
    assert version(again) == OLD
    Collection(again).close()
    assert version(again) == len(schema.MIGRATIONS) and not [what for what in damage(again) if "index" not in what]
