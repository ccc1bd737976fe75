"""`tinphuong backup`: consistent, incremental, verified, and one sentence for what cannot be."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
from filelock import FileLock

from crawler.cli import main
from storage.archives.captures import folder_of
from storage.backups import check, restore
from storage.backups import files as backup_files
from storage.backups.layout import generations, read_manifest
from storage.files import attachments
from storage.files.attachments import attachments_folder
from storage.files.own_paths import _own_paths
from storage.locking import sole_writer
from storage.pruning import Rules, prune
from tests.keeping.kept import NOW, backed_up, content, damage, make, nothing, tree, with_lists
from tests.storage.captured import Opened, exchange, files


def restored(dest, db, **options):
    return restore(db, dest, now=NOW, progress=nothing, **options)


def restored_content(dest, folder, **options):
    db = folder / "again" / "a.db"
    shutil.rmtree(db.parent, ignore_errors=True)
    restored(dest, db, **options)
    assert damage(db) == []
    return content(db)


def test_all_of_it_comes_back_under_another_name(db, tmp_path):
    done = backed_up(db, tmp_path / "sao lưu")
    manifest = done.manifest
    assert manifest.counts["articles"] == 3 and len(manifest.attachments) == 3 and not manifest.damage
    assert manifest.run_log["number"] == 1 and manifest.schema > 10 and manifest.software == "test"
    restored(tmp_path / "sao lưu", tmp_path / "khác" / "tên khác.sqlite")
    again = tmp_path / "khác" / "tên khác.sqlite"
    assert content(again) == content(db) and damage(again) == []
    assert sorted(path.name for path in again.parent.iterdir() if not path.name.endswith(".lock")) == [
        "tên khác.attachments", "tên khác.captures", "tên khác.sqlite",
    ]  # fmt: skip


def test_a_manifest_lists_every_file_and_sha256sum_agrees(db, tmp_path):
    dest = tmp_path / "backup"
    backed_up(db, dest)
    (generation,) = generations(dest)
    sums = dest / "generations" / generation / "manifest-sha256.txt"
    named = {line.split("  ", 1)[1] for line in sums.read_text().splitlines()}
    there = set(tree(dest)) - {"tinphuong-backup.json", sums.relative_to(dest).as_posix()}
    assert named == there
    subprocess.run(["sha256sum", "--quiet", "-c", sums], cwd=dest, check=True)
    said = json.loads((sums.parent / "manifest.json").read_text())
    assert said["size"] == sum((dest / name).stat().st_size for name in there if not name.endswith("manifest.json"))


def test_what_is_there_is_not_copied_again(db, tmp_path):
    dest = tmp_path / "backup"
    first = backed_up(db, dest)
    before = {path: path.stat().st_mtime_ns for path in dest.rglob("*.*") if path.is_file()}
    second = backed_up(db, dest)
    assert second.copied == second.manifest.database.size < first.copied, "only the database is copied again"
    make(db.parent, articles=1, first=4)
    grown = backed_up(db, dest)
    assert {path: path.stat().st_mtime_ns for path in before} == before, "a file of an earlier generation was touched"
    parts = [len(item.parts) for item in grown.manifest.captures]
    assert parts == [2], "what the file has grown by is a part of its own"
    assert grown.copied - grown.manifest.database.size < first.copied - first.manifest.database.size
    assert restored_content(dest, tmp_path) == content(db)
    assert restored_content(dest, tmp_path, generation=first.manifest.generation)[0]["articles"][-1][0] == 3


def test_a_file_of_many_parts_is_copied_anew(db, tmp_path, monkeypatch):
    monkeypatch.setattr(backup_files, "_MOST_PARTS", 2)
    dest = tmp_path / "backup"
    for number in range(4, 8):
        made = backed_up(db, dest, keep=1).manifest
        assert len(made.captures[0].parts) <= 2
        make(db.parent, articles=1, first=number)
    made = backed_up(db, dest, keep=1).manifest
    assert restored_content(dest, tmp_path) == content(db)
    assert len(list((dest / "captures").rglob("*.gz"))) == len(made.captures[0].parts), "parts of no use stay"


def test_old_generations_go_and_what_only_they_had(db, tmp_path):
    dest = tmp_path / "backup"
    made = [backed_up(db, dest, keep=2).manifest.generation for _ in range(4)]
    assert generations(dest) == made[2:]
    db = with_lists(tmp_path / "lists")
    dest = tmp_path / "of lists"
    backed_up(db, dest)
    prune(db, Rules(1, 1, 1), software="test", now=NOW, dry_run=False, progress=nothing)
    old = {path.name for path in (dest / "captures").iterdir()}
    backed_up(db, dest, keep=1)
    new = {path.name for path in (dest / "captures").iterdir()}
    assert new == {path.name.removesuffix(".warc.gz") for path in files_of(db)} and old - new
    assert restored_content(dest, tmp_path) == content(db)


def files_of(db):
    return sorted(folder_of(db).glob("*.warc.gz"))


def test_a_backup_while_a_run_writes_is_of_one_moment(db, tmp_path, monkeypatch):
    """Captures that are written between the copy of the database and that of the files are not in it, and nothing is
    missing; the run is not held up, and a half-written record does not matter."""
    dest = tmp_path / "backup"
    before = content(db)
    put = backup_files.FileCopies.put_captures
    with Opened(db.parent) as opened:
        opened.keep(exchange(50, b"chua ghi xong"))  # written, and not committed

        def while_it_writes(self, ends):
            opened.article(51, "Tin moi hon ban sao")
            opened.collection.commit()
            with files(db.parent)[-1].open("ab") as torn:
                torn.write(b"\x1f\x8b\x08 a torn record")
            return put(self, ends)

        monkeypatch.setattr(backup_files.FileCopies, "put_captures", while_it_writes)
        done = backed_up(db, dest)
        assert done.manifest.counts["articles"] == 3 and not done.manifest.damage
    rows, captures, attached = restored_content(dest, tmp_path)
    assert (rows["captures"], captures, attached) == (before[0]["captures"], before[1], before[2])


def test_the_copy_of_the_database_does_not_begin_again_when_others_write(db, tmp_path, monkeypatch):
    from storage.backups import snapshot

    monkeypatch.setattr(snapshot, "_PAGES", 5)
    seen = []
    with closing(sqlite3.connect(db, isolation_level=None)) as writer:

        def write(done, total):
            seen.append(done)
            into = "INSERT INTO sites (slug, name, host, platform, updated_at) VALUES (?, 'x', 'x', 'x', 'x')"
            writer.execute(into, [f"s{len(seen)}"])

        snapshot.copy_database(db, tmp_path / "copy.db", write)
    assert len(seen) > 5 and seen == sorted(set(seen)), "pages were copied twice"
    assert snapshot.facts_of(tmp_path / "copy.db").counts["sites"] == 1
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"]


def test_captures_that_are_pruned_meanwhile_are_no_damage(tmp_path, monkeypatch):
    db, dest = with_lists(tmp_path / "lists"), tmp_path / "backup"
    put = backup_files.FileCopies.put_captures
    pruned = []

    def pruned_first(self, ends):
        if not pruned:
            pruned.append(prune(db, Rules(1, 1, 1), software="test", now=NOW, dry_run=False, progress=nothing))
        return put(self, ends)

    monkeypatch.setattr(backup_files.FileCopies, "put_captures", pruned_first)
    assert not backed_up(db, dest).manifest.damage and pruned[0].removed
    assert restored_content(dest, tmp_path) == content(db)


def test_damage_in_the_collection_is_said_and_no_earlier_generation_goes(db, tmp_path, capsys):
    dest = tmp_path / "backup"
    good = backed_up(db, dest).manifest.generation
    pdf = next(attachments_folder(db).glob("*/*.pdf"))
    shutil.rmtree(dest / "attachments")
    pdf.write_bytes(b"%PDF-" + b"!" * 501)
    files_of(db)[0].write_bytes(files_of(db)[0].read_bytes()[:500])
    assert main(["--db", str(db), "backup", str(dest), "--keep", "1"]) == 1
    out = capsys.readouterr().out
    assert "SHA-256 is another" in out and "has 500 bytes, the database knows" in out
    assert generations(dest)[0] == good and len(generations(dest)) == 2
    assert main(["--db", str(tmp_path / "x.db"), "restore", str(dest)]) == 1
    assert "already when it was copied" in capsys.readouterr().out


def test_bytes_that_changed_in_place_are_noticed(db, tmp_path):
    dest = tmp_path / "backup"
    first = backed_up(db, dest).manifest
    (warc,) = files_of(db)
    content_ = bytearray(warc.read_bytes())
    content_[700] ^= 1
    before = warc.stat()
    warc.write_bytes(content_)
    os.utime(warc, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not backed_up(db, dest).manifest.damage, "size and time are believed"
    (said,) = backed_up(db, dest, full=True).manifest.damage
    assert "are no longer those of the earlier backup" in said
    assert restored_content(dest, tmp_path, generation=first.generation)


def test_full_mends_what_is_damaged_in_the_backup(db, tmp_path, capsys):
    dest = tmp_path / "backup"
    backed_up(db, dest)
    warc = next((dest / "captures").rglob("*.gz"))
    warc.write_bytes(bytes([warc.read_bytes()[0] ^ 1]) + warc.read_bytes()[1:])
    next((dest / "attachments").rglob("*.pdf")).unlink()
    assert main(["backup", "--verify", str(dest)]) == 1
    out = capsys.readouterr().out
    assert out.count("damage: ") == 2 and "is missing" in out and "SHA-256" in out
    backed_up(db, dest, full=True, keep=1)
    assert main(["backup", "--verify", str(dest)]) == 0 and "all is whole" in capsys.readouterr().out


@pytest.mark.parametrize("lost", ["manifest.json", "manifest-sha256.txt", "a.db"])
def test_every_file_of_a_generation_is_verified(db, tmp_path, capsys, lost):
    dest = tmp_path / "backup"
    good = backed_up(db, dest).manifest.generation
    newest = backed_up(db, dest).manifest.generation
    path = dest / "generations" / newest / lost
    path.write_bytes(path.read_bytes()[:-2] + b"x\n")
    if lost == "manifest-sha256.txt":
        path.unlink()
    assert main(["backup", "--verify", str(dest)]) == 1
    out = capsys.readouterr().out
    assert lost.partition(".")[0] in out and f"with --generation: {good}" in out
    assert main(["--db", str(tmp_path / "x.db"), "restore", str(dest)]) == 1
    err = capsys.readouterr().err
    assert "nothing was restored" in err and good in err and not (tmp_path / "x.db").exists()
    assert main(["--db", str(tmp_path / "x.db"), "restore", str(dest), "--generation", good, "--quiet"]) == 0
    assert damage(tmp_path / "x.db") == []


def test_another_collection_does_not_push_a_backup_out(db, tmp_path, capsys):
    """A database that was lost, and begun anew by the next crawl, must not replace the good backups night by night."""
    dest = tmp_path / "backup"
    backed_up(db, dest)
    other = make(tmp_path / "other", articles=1, message="begun anew")
    assert main(["--db", str(other), "backup", str(dest)]) == 2
    assert "another collection, or of a later state" in capsys.readouterr().err and len(generations(dest)) == 1
    assert main(["--db", str(other), "backup", str(dest), "--force", "--quiet"]) == 0
    assert restored_content(dest, tmp_path) == content(other)


def test_a_clock_that_was_set_back_does_not_hide_the_newest(db, tmp_path):
    dest = tmp_path / "backup"
    made = [
        back_up_at(db, dest, moment)
        for moment in (NOW, NOW.replace(year=2020), NOW.replace(year=2021), NOW.replace(year=2030))
    ]
    assert generations(dest) == made[1:]


def back_up_at(db, dest, moment):
    from storage.backups import back_up

    return back_up(db, dest, software="test", now=lambda: moment, progress=nothing).manifest.generation


# What cannot be


@pytest.mark.parametrize(
    ("place", "code", "said"),
    [
        ("FULL", 2, "holds something else"), ("FILE", 2, "is a file"), ("a.captures/x", 2, "belongs to the collection"),
        (".", 2, "the collection"), ("a.attachments", 2, "belongs to the collection"),
        ("FILE/x", 1, "cannot be written"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be(db, tmp_path, capsys, place, code, said):
    (tmp_path / "FULL").mkdir()
    (tmp_path / "FULL" / "thư.txt").touch()
    (tmp_path / "FILE").touch()
    before = tree(tmp_path)
    dest = tmp_path / place if place.startswith("F") else db.parent / place
    assert main(["--db", str(db), "backup", str(dest)]) == code
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1
    assert tree(tmp_path) == before


def test_no_database_a_newer_one_and_an_empty_one(db, tmp_path, capsys):
    dest = str(tmp_path / "backup")
    assert main(["--db", str(tmp_path / "none.db"), "backup", dest]) == 2
    assert "there is no database" in capsys.readouterr().err
    (tmp_path / "empty.db").touch()
    assert main(["--db", str(tmp_path / "empty.db"), "backup", dest]) == 2
    assert "holds no collection yet" in capsys.readouterr().err
    with closing(sqlite3.connect(db)) as changed:
        changed.execute("PRAGMA user_version = 99")
    assert main(["--db", str(db), "backup", dest]) == 2
    assert "use a newer tinphuong" in capsys.readouterr().err
    assert not (tmp_path / "backup").exists()


def test_two_at_once(db, tmp_path, capsys):
    dest = tmp_path / "backup"
    backed_up(db, dest)
    with FileLock(dest / ".lock"):
        assert main(["--db", str(db), "backup", str(dest)]) == 75
        assert main(["backup", "--verify", str(dest)]) == 75
    assert capsys.readouterr().err.count("is at work in") == 2
    with sole_writer(db):
        assert main(["--db", str(db), "backup", str(dest), "--quiet"]) == 0, "a run that goes on is in the way"


@pytest.mark.parametrize("least", [40_000, 900_000], ids=["for the database", "for a file"])
def test_a_disk_that_is_full(db, tmp_path, capsys, least):
    """No file may grow beyond a size, as on a full disk: the earlier backup is whole, nothing of the new one left."""
    dest = tmp_path / "backup"
    backed_up(db, dest)
    make(db.parent, articles=3, first=4)
    with Opened(db.parent) as opened:
        attachments.keep(
            opened.collection, "https://mot.gov.vn/l.pdf", b"x" * 1_000_000, "pdf", at="x", capture_id=None
        )
    assert db.stat().st_size < 900_000
    before = tree(dest)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (least, limits[1]))
    try:
        assert main(["--db", str(db), "backup", str(dest)]) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "cannot be written" in err and "intact" in err
    assert tree(dest) == before
    assert check(dest, nothing).damage == []


def test_room_is_looked_at_before(db, tmp_path, capsys, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    assert main(["--db", str(db), "backup", str(tmp_path / "backup")]) == 1
    assert "has room for 0 MB" in capsys.readouterr().err


def test_a_folder_of_a_later_form_is_left_alone(db, tmp_path, capsys):
    dest = tmp_path / "backup"
    backed_up(db, dest)
    (dest / "tinphuong-backup.json").write_text('{"format": "tinphuong backup", "version": 2}')
    for words in (["backup"], ["backup", "--verify"], ["restore"]):
        assert main(["--db", str(db), *words, str(dest)]) == 2
        assert "is a backup of form 2" in capsys.readouterr().err


def test_json_and_quiet(db, tmp_path, capsys):
    dest = str(tmp_path / "backup")
    assert main(["--db", str(db), "backup", dest, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["counts"]["articles"] == 3 and said["damage"] == [] and said["copied"] == said["size"]
    assert main(["backup", "--verify", dest, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["restorable"] == read_names(dest)
    assert main(["--db", str(db), "backup", dest, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["--db", str(db), "backup", dest, "--keep", "0"]) == 2


def read_names(dest):
    from pathlib import Path

    (name,) = generations(Path(dest))
    assert read_manifest(Path(dest), name).generation == name
    return [name]


def test_the_paths_of_a_collection_are_known(db):
    assert {db, folder_of(db), attachments_folder(db)} <= set(_own_paths(db))
