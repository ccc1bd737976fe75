"""Exports, imports and reprocessing that end hard: killed at any moment, or on a full disk. Crawls: test_hard_stops."""

import hashlib
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from storage.archives.captures import folder_of
from storage.exports import FORMATS
from tests.exports.conftest import rename
from tests.living.test_hard_stops import NOON, failed_in_words, grown, is_sound, small_disk  # noqa: F401 — a fixture

LATER = "2025-03-02T12:00:00+00:00"
KILLS = pytest.mark.parametrize("kills", [6, pytest.param(200, marks=pytest.mark.long)])
ROOM = 30_000  # bytes that are free on a full disk
TABLES = ("articles", "article_urls", "versions", "captures", "attachments", "images")


def thirty(begin):
    ward = begin(grown("mot.test", 30))
    assert ward.crawl(now=NOON).code == 0, "a plain crawl fails"
    return ward


def is_whole(ward):
    is_sound(ward)
    done = ward.run("verify")
    assert done.code == 0, f"verify finds the collection damaged: {done.out}{done.err}"


def content(ward):
    """What a collection holds, without the ids and moments that each run gives anew."""
    rows = ward.rows("SELECT site, key, url, title, body, author, content_hash FROM articles ORDER BY site, key")
    return rows, [next(iter(ward.rows(f"SELECT count(*) AS n FROM {table}"))) for table in TABLES]


def digests(path):
    """Name → SHA-256 of each file at `path`, {} where there is nothing."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path] if path.exists() else []
    return {
        str(file.relative_to(path.parent)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file()
    }


def to_its_end(ward, *command, **job):
    """Run a command; returns what it did, and the seconds of CPU time that its first process took."""
    path = ward.folder / "cpu"
    done = ward.run(*command, cpu_to=str(path), **job)
    return done, float(path.read_text())


def killed(ward, chance, whole, *command, **job):
    """Run a command that takes `whole` seconds of CPU time, and kill it at a random moment; True where that was so."""
    done = ward.run(*command, dies_after=max(0.001, chance.uniform(0, whole * 1.05)), **job)
    assert done.code in (-27, 0, 1), f"{command[0]} ended before it was killed: {done.err}"
    assert "Traceback" not in done.err, f"{command[0]} stumbles over what an earlier one left: {done.err}"
    return done.code == -27


@KILLS
def test_an_export_killed_at_random_moments(go_on_from, tmp_path, kills):
    """The destination is absent or whole, the collection as it was; the next export clears up and finishes."""
    chance = random.Random(11)
    ward = go_on_from(thirty)
    before = content(ward)
    names = [name for name in FORMATS if name != "oai"]
    options = {"now": LATER}
    whole, times = {}, {}
    hit = 0
    for moment in range(kills):
        name = chance.choice(names) if kills > len(names) else names[moment % len(names)]
        dest = tmp_path / "out" / name
        command = ("export", name, dest)
        if name not in whole:
            done, times[name] = to_its_end(ward, *command, **options)
            assert done.code == 0, f"a plain export fails: {done.err}"
            whole[name] = digests(dest)
        shutil.rmtree(dest) if dest.is_dir() else dest.unlink()
        hit += killed(ward, chance, times[name], *command, **options)
        found = digests(dest)
        assert not found or found.keys() == whole[name].keys(), f"half of an export to {name} is at its destination"
        done = ward.run(*command, "--force", **options)
        assert done.code == 0, f"the export after a kill fails: {done.err}"
        assert digests(dest).keys() == whole[name].keys(), "the export after a kill is not whole"
        left = [path.name for path in dest.parent.iterdir() if path.name.startswith(".")]
        assert left == [], "what a killed export had begun is left for ever"
    assert content(ward) == before, "an export changed the collection"
    is_whole(ward)
    assert hit > kills / 3, "hardly an export was killed before its end"


@KILLS
def test_an_import_killed_at_random_moments(go_on_from, operate, tmp_path, kills):
    """After a kill the collection is sound; an import that goes to its end gives what an undisturbed one gives."""
    chance = random.Random(12)
    source = go_on_from(thirty)
    made = {}
    for name in ("jsonl", "sqlite", "bagit"):
        made[name] = tmp_path / name
        assert source.run("export", name, made[name], now=LATER).code == 0
    whole, times, hit = {}, {}, 0
    (tmp_path / "into").mkdir()
    ward = go_on_from(thirty, tmp_path / "into")
    for moment in range(kills):
        name = list(made)[moment % 3]
        command = ("import", made[name])
        empty(ward)
        if name not in whole:
            done, times[name] = to_its_end(ward, *command, now=LATER)
            assert done.code == 0, f"a plain import fails: {done.err}"
            whole[name] = content(ward)
            empty(ward)
        was_killed = killed(ward, chance, times[name], *command, now=LATER)
        hit += was_killed
        if ward.db.exists() and ward.rows("SELECT name FROM sqlite_master WHERE name = 'articles'"):
            is_sound(ward)
            stored = len(ward.stored())
            assert stored in (0, 30), f"{stored} of 30 articles were taken in by an import that was killed"
            if moment % 5 == 0:
                is_whole(ward)
        done = ward.run(*command, now=LATER)
        assert done.code == 0, f"the import after a kill fails: {done.err}"
        assert content(ward)[0] == whole[name][0], (
            "the import after a kill does not bring what an undisturbed one brings"
        )
        if moment % 5 == 0:
            is_whole(ward)
    assert hit > kills / 3, "hardly an import was killed before its end"


def empty(ward):
    """Take the collection away, with all that belongs to it."""
    for path in (*ward.db.parent.glob("a.db*"), folder_of(ward.db)):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def otherwise(ward):
    """Let all articles look as an older version read them: another author, every third another title."""
    for row in ward.rows("SELECT id, title FROM articles"):
        if row["id"] % 3 == 0:
            rename(ward.db, row["id"], f"{row['title']} (cũ)")
    with sqlite3.connect(ward.db) as connection:
        connection.execute("UPDATE articles SET author = 'Người cũ'")
    connection.close()


@KILLS
def test_reprocessing_killed_at_random_moments(go_on_from, tmp_path, kills):
    """Each article is as it was or as it is read now; the next run does the rest."""
    chance = random.Random(13)
    ward = go_on_from(thirty)
    right = content(ward)[0]
    otherwise(ward)
    wrong = content(ward)[0]
    saved = tmp_path / "saved"
    shutil.copytree(ward.db.parent, saved, ignore=shutil.ignore_patterns("saved", "summary-*", "*.lock"))
    done, cpu = to_its_end(ward, "reprocess", now=LATER)
    assert done.code == 0 and content(ward)[0] == right, f"a plain run does not put right: {done.out}{done.err}"
    hit = 0
    for moment in range(kills):
        empty(ward)
        shutil.copytree(saved, ward.db.parent, dirs_exist_ok=True)
        hit += killed(ward, chance, cpu, "reprocess", now=LATER)
        is_sound(ward)
        for old, new, now in zip(wrong, right, content(ward)[0], strict=True):
            assert now in (old, new), "an article is neither as it was nor as it is read now"
        if moment % 5 == 0:
            is_whole(ward)
        again = ward.run("reprocess", now=LATER)
        assert again.code == 0, f"the run after a kill fails: {again.err}"
        assert content(ward)[0] == right, "the run after a kill leaves something undone"
    is_whole(ward)
    assert hit > kills / 3, "hardly a run was killed before its end"


# No room


def fill(disk: Path, room: int = ROOM) -> Path:
    """Leave only a little room on a disk; returns the file that takes the rest."""
    filler = disk / "filler"
    filler.write_bytes(b"x" * (free(disk) - room))
    return filler


def free(disk: Path) -> int:
    usage = shutil.disk_usage(disk)
    return usage.free


@pytest.mark.parametrize("name", ["jsonl", "sqlite", "wacz", "bagit", "html"])
def test_an_export_to_a_full_disk(go_on_from, small_disk, name):  # noqa: F811
    ward = go_on_from(thirty)
    before = content(ward)
    filler = fill(small_disk)
    full = ward.run("export", name, small_disk / "out", now=LATER)
    assert full.code in (1, 2), f"an export that could not be written claims success: {full.out}"
    assert "Traceback" not in full.err and "cannot be written" in full.err, f"no sentence: {full.err}"
    assert [path.name for path in small_disk.iterdir()] == ["filler"], "half an export is left"
    filler.unlink()
    done = ward.run("export", name, small_disk / "out", now=LATER)
    assert done.code == 0, f"the export fails though there is room: {done.err}"
    assert content(ward) == before, "an export changed the collection"


@pytest.mark.parametrize("name", ["jsonl", "sqlite", "bagit"])
def test_an_import_on_a_full_disk(go_on_from, small_disk, tmp_path, name):  # noqa: F811
    source = go_on_from(thirty)
    assert source.run("export", name, tmp_path / "out", now=LATER).code == 0
    (tmp_path / "empty.jsonl").touch()
    ward = go_on_from(thirty, small_disk)
    empty(ward)
    ward.run("import", tmp_path / "empty.jsonl", now=LATER)  # the tables are there, and nothing in them
    filler = fill(small_disk, 60_000)
    full = ward.run("import", tmp_path / "out", now=LATER)
    failed_in_words(full, "cannot be written", "no room", "full")
    filler.unlink()
    if ward.db.exists() and ward.rows("SELECT name FROM sqlite_master WHERE name = 'articles'"):
        is_sound(ward)
        assert len(ward.stored()) in (0, 30), "half an import is left"
    done = ward.run("import", tmp_path / "out", now=LATER)
    assert done.code == 0, f"the import fails though there is room: {done.err}"
    assert content(ward)[0] == content(source)[0], "articles are lost"
    is_whole(ward)


def test_reprocessing_on_a_full_disk(go_on_from, small_disk):  # noqa: F811
    ward = go_on_from(thirty, small_disk)
    right = content(ward)[0]
    otherwise(ward)
    wrong = content(ward)[0]
    filler = fill(small_disk, 20_000)
    full = ward.run("reprocess", now=LATER)
    failed_in_words(full, "cannot be written")
    filler.unlink()
    is_sound(ward)
    for old, new, now in zip(wrong, right, content(ward)[0], strict=True):
        assert now in (old, new), "an article is neither as it was nor as it is read now"
    done = ward.run("reprocess", now=LATER)
    assert done.code == 0 and content(ward)[0] == right, f"nothing goes on though there is room: {done.err}"
    is_whole(ward)


@pytest.mark.parametrize("room", [2_000, 80_000])
@pytest.mark.parametrize("command", ["import", "export", "reprocess"])
def test_files_that_may_not_grow(go_on_from, tmp_path, command, room):
    """A quota instead of a full disk."""
    source, ward = go_on_from(thirty), go_on_from(thirty, tmp_path)
    assert source.run("export", "jsonl", tmp_path / "in.jsonl", now=LATER).code == 0
    if command == "import":
        empty(ward)
    if command == "reprocess":
        otherwise(ward)
    before = content(ward) if ward.db.exists() else None
    argv = {"import": [tmp_path / "in.jsonl"], "export": ["sqlite", tmp_path / "out.db"], "reprocess": []}[command]
    full = ward.run(command, *argv, now=LATER, fsize=room)  # of reprocessing it is the database's log that grows
    assert full.code in (1, 2) and "Traceback" not in full.err, f"{full.code}: {full.err}"
    assert "written" in full.err or "used" in full.err, f"no sentence: {full.err}"
    if before and command == "export":
        assert content(ward) == before and not (tmp_path / "out.db").exists(), "half an export is left"
    done = ward.run(command, *argv, now=LATER)
    assert done.code == 0, f"nothing goes on though there is room: {done.err}"
    assert content(ward)[0] == content(source)[0], "articles are lost"
    is_whole(ward)
