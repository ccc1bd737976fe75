"""`tinphuong restore`: all of it or nothing, and never over a collection that is there."""

import json
import resource
import shutil
import sqlite3
from contextlib import closing

import pytest

from crawler.cli import main
from storage.archives.captures import folder_of
from storage.backups.layout import generations
from storage.locking import sole_writer
from tests.keeping.kept import backed_up, content, damage, make, tree
from tests.running import tinphuong


@pytest.fixture
def dest(db, tmp_path):
    backed_up(db, tmp_path / "sao lưu")
    return tmp_path / "sao lưu"


def test_a_restored_crawl_is_searched_replayed_and_verified(crawled, tmp_path, capsys):
    """A whole crawl, on another machine under another name: every command goes on there."""
    dest, db = tmp_path / "backup", tmp_path / "máy khác" / "phường.db"
    assert main(["--db", str(crawled.db), "backup", str(dest)]) == 0
    assert main(["--db", str(db), "restore", str(dest)]) == 0
    assert "100 articles, 199 captures and 0 attached files are in" in capsys.readouterr().out
    assert main(["--db", str(db), "verify", "--quiet"]) == 0
    assert main(["--db", str(db), "search", "hội nghị", "--json"]) == 0
    found = capsys.readouterr().out
    assert main(["--db", str(crawled.db), "search", "hội nghị", "--json"]) == 0
    assert found == capsys.readouterr().out and json.loads(found)
    warc = next(folder_of(db).glob("*.warc.gz"))
    done = tinphuong("--db", db, "crawl", "hanoi_sotttt", "--replay", warc, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert damage(db) == []


def test_a_collection_that_is_there_is_moved_aside_only_when_told(db, dest, capsys):
    make(db.parent, articles=1, first=9)
    newer = content(db)
    before = tree(db.parent)
    assert main(["--db", str(db), "restore", str(dest)]) == 2
    assert "already, so nothing was restored" in capsys.readouterr().err and tree(db.parent) == before
    assert main(["--db", str(db), "restore", str(dest), "--force", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["counts"]["articles"] == 3 and damage(db) == []
    (aside,) = db.parent.glob("a.before-restore-*")
    assert str(aside) == said["aside"] and content(aside / "a.db") == newer and damage(aside / "a.db") == []


def test_folders_of_a_database_that_was_lost_are_not_mixed_in(db, dest, capsys):
    db.unlink()
    for end in ("-wal", "-shm"):
        db.with_name(db.name + end).unlink(missing_ok=True)
    assert main(["--db", str(db), "restore", str(dest)]) == 2
    assert "already" in capsys.readouterr().err
    assert main(["--db", str(db), "restore", str(dest), "--force", "--quiet"]) == 0
    assert damage(db) == []


@pytest.mark.parametrize("part", ["captures", "attachments"])
def test_a_damaged_file_stops_it_and_salvage_takes_the_rest(dest, tmp_path, capsys, part):
    path = next(path for path in (dest / part).rglob("*") if path.is_file())
    content_ = bytearray(path.read_bytes())
    content_[-20] ^= 1
    path.write_bytes(content_)
    target = tmp_path / "new" / "x.db"
    assert main(["--db", str(target), "restore", str(dest), "--check"]) == 1
    assert "1 damaged" in capsys.readouterr().out
    assert main(["--db", str(target), "restore", str(dest)]) == 1
    err = capsys.readouterr().err
    assert "so nothing was restored: give --salvage" in err and tree(target.parent) == {}
    assert main(["--db", str(target), "restore", str(dest), "--salvage"]) == 1
    assert "damage: " in capsys.readouterr().out
    assert damage(target), "what was damaged is passed off as whole"
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_what_is_no_backup(db, tmp_path, capsys):
    target = str(tmp_path / "x.db")
    (tmp_path / "other").mkdir()
    for place, said in (("none", "there is no backup at"), ("other", "holds no backup of tinphuong")):
        assert main(["--db", target, "restore", str(tmp_path / place)]) == 2
        assert said in capsys.readouterr().err
    assert main(["--db", target, "restore", str(db)]) == 2
    assert "holds no backup" in capsys.readouterr().err


def test_places_that_cannot_be(db, dest, tmp_path, capsys):
    before = tree(dest)
    for target in (dest / "x.db", dest / "generations" / "x.db"):
        assert main(["--db", str(target), "restore", str(dest)]) == 2
        assert "is inside the backup" in capsys.readouterr().err and tree(dest) == before
    (tmp_path / "link.db").symlink_to(db)
    assert main(["--db", str(tmp_path / "link.db"), "restore", str(dest), "--force"]) == 2
    assert "is a link" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert main(["--db", str(tmp_path / "file" / "x.db"), "restore", str(dest)]) == 2
    assert main(["--db", str(tmp_path / "x.db"), "restore", str(dest), "--generation", "20200101T000000Z"]) == 2
    assert "has no generation 20200101T000000Z" in capsys.readouterr().err


def test_a_run_that_goes_on_there_comes_first(db, dest, capsys):
    with sole_writer(db):
        assert main(["--db", str(db), "restore", str(dest), "--force"]) == 75
    assert "another run is writing" in capsys.readouterr().err


def test_a_newer_schema_is_refused_before_anything_is_copied(db, dest, tmp_path, capsys):
    (name,) = generations(dest)
    folder = dest / "generations" / name
    text = (folder / "manifest.json").read_text()
    said = json.loads(text)
    (folder / "manifest.json").write_text(text.replace(f'"schema": {said["schema"]}', '"schema": 99'))
    sums = (folder / "manifest-sha256.txt").read_text().splitlines(keepends=True)
    from storage.backups.copying import digest_of

    (folder / "manifest-sha256.txt").write_text("".join([f"{digest_of(folder / 'manifest.json')}  x\n", *sums[1:]]))
    assert main(["--db", str(tmp_path / "x.db"), "restore", str(dest)]) == 2
    assert "use a newer tinphuong" in capsys.readouterr().err and not (tmp_path / "x.db").exists()


def test_a_disk_that_is_full_leaves_nothing(db, dest, tmp_path, capsys):
    before = tree(db.parent)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limits[1]))
    try:
        assert main(["--db", str(db), "restore", str(dest), "--force"]) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    err = capsys.readouterr().err
    assert "nothing was changed" in err and err.count("\n") == 1
    assert tree(db.parent) == before and damage(db) == []


def test_room_is_looked_at_before(dest, tmp_path, capsys, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    assert main(["--db", str(tmp_path / "x.db"), "restore", str(dest)]) == 1
    assert "has room for 0 MB" in capsys.readouterr().err


def test_a_backup_on_a_medium_that_cannot_be_written(dest, tmp_path):
    (dest / ".lock").unlink()
    for folder in (dest, *(path for path in dest.rglob("*") if path.is_dir())):
        folder.chmod(0o555)
    try:
        assert main(["--db", str(tmp_path / "new" / "x.db"), "restore", str(dest), "--quiet"]) == 0
        assert main(["backup", "--verify", str(dest), "--quiet"]) == 0
    finally:
        for folder in (dest, *(path for path in dest.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
