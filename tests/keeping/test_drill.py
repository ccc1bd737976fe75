"""The drill: backup, restore and prune are killed right before any of their operations on files, then all goes on.

Each kill is a real SIGKILL in a process of its own; `-m long` kills before every operation.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from crawler.cli import main
from storage.archives.payloads import payload_of
from storage.backups import check, restore
from storage.backups.layout import generations
from storage.errors import Unreadable
from storage.fixity.verification import verify
from storage.locking import sole_writer
from storage.pruning import Rules, prune
from tests.keeping.kept import NOW, backed_up, content, damage, make, nothing, tree, with_lists
from tests.keeping.killing import killed_at, operations_of
from tests.storage.captured import Opened

SOME = pytest.mark.parametrize("share", [8, pytest.param(10_000, marks=pytest.mark.long)], ids=["some", "every"])


def moments(begin, work, share):
    """Numbers of operations to kill before: `share` of them, evenly; the last ones always, where things are swapped."""
    begin()
    count = operations_of(work)
    assert count > 15
    step = max(1, count // share)
    return sorted({*range(1, count + 1, step), *range(max(1, count - share // 2), count + 1)})


@SOME
def test_a_backup_that_is_killed_leaves_the_earlier_one_and_the_next_is_whole(db, tmp_path, share):
    dest, work_dest = tmp_path / "backup", tmp_path / "work"
    first = backed_up(db, dest).manifest.generation
    earlier = content(db)
    make(db.parent, articles=2, first=4)
    now = content(db)

    def afresh():
        shutil.rmtree(work_dest, ignore_errors=True)
        shutil.copytree(dest, work_dest)

    for nth in moments(afresh, lambda: backed_up(db, work_dest, keep=1), share):
        afresh()
        killed_at(nth, lambda: backed_up(db, work_dest, keep=1))
        found = check(work_dest, nothing)
        assert found.damage == [] and found.whole == found.generations, f"killed before operation {nth}"
        target = tmp_path / f"of {nth}" / "a.db"
        restore(target, work_dest, now=NOW, progress=nothing)
        assert damage(target) == []
        assert content(target) == (earlier if found.whole[-1] == first else now), f"killed before operation {nth}"
        done = backed_up(db, work_dest, keep=1)
        assert len(list((work_dest / "generations").iterdir())) == 1, "what was cut short stays for ever"
        named = {item.file for item in done.manifest.files()}
        there = {name for name in tree(work_dest) if name.startswith(("captures", "attachments"))}
        assert there <= named and check(work_dest, nothing).damage == []


def test_the_first_backup_that_is_killed_goes_on_where_it_was(db, tmp_path):
    dest = tmp_path / "backup"

    def first():
        backed_up(db, dest)

    count = operations_of(first)
    while True:  # from the end, until it is killed before the generation appears
        shutil.rmtree(dest)
        assert killed_at(count, first)
        if not generations(dest):
            break
        count -= 1
    assert main(["--db", str(tmp_path / "x.db"), "restore", str(dest)]) == 1, "half a backup was restored"
    left = {
        path: path.stat().st_mtime_ns for folder in ("captures", "attachments") for path in (dest / folder).rglob("*.*")
    }
    assert len(left) == 4
    done = backed_up(db, dest)
    assert {path: path.stat().st_mtime_ns for path in left} == left, "what had been copied was copied again"
    assert done.copied == done.manifest.database.size


@SOME
def test_a_restore_that_is_killed_is_all_or_nothing(db, tmp_path, share):
    """With --force over another collection: after the next restore, or none, nothing of either is lost or mixed."""
    dest, place = tmp_path / "backup", tmp_path / "place"
    backed_up(db, dest)
    backup = content(db)
    other = make(tmp_path / "other", articles=2, first=7)
    with sole_writer(other):  # so that its lock's file is there, too
        pass
    there = content(other)
    target = place / "a.db"

    def afresh():
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(other.parent, place)

    def again():
        restore(target, dest, now=NOW, progress=nothing, force=True)

    for nth in moments(afresh, again, share):
        afresh()
        killed_at(nth, again)
        try:
            with sole_writer(target):
                interrupted = False
        except Unreadable as error:
            assert "was cut short: run `tinphuong restore` again" in str(error)
            interrupted = True
        if not interrupted:
            assert damage(target) == [] and content(target) in (there, backup), f"killed before operation {nth}"
        aside_before = set(place.glob("a.before-restore-*"))
        restore(target, dest, now=NOW + timedelta(seconds=nth), progress=nothing, force=True)
        assert damage(target) == [] and content(target) == backup, f"killed before operation {nth}"
        asides = [content(path / "a.db") for path in place.glob("a.before-restore-*") if (path / "a.db").exists()]
        assert there in asides, f"killed before operation {nth}: what was there before is lost"
        assert not [path.name for path in place.iterdir() if "restor" in path.name and "before" not in path.name]
        assert len(asides) <= 1 + len(aside_before)


@SOME
def test_a_pruning_that_is_killed_loses_nothing_that_stays(tmp_path, share):
    made = with_lists(tmp_path / "made")
    place = tmp_path / "place"
    db = place / "a.db"
    rules = Rules(1, 1, 1)

    def afresh():
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(made.parent, place)

    def pruned():
        return prune(db, rules, software="test", now=NOW, dry_run=False, progress=nothing)

    afresh()
    pruned()
    want = payloads(db)
    for nth in moments(afresh, pruned, share):
        afresh()
        killed_at(nth, pruned)
        found = verify(db, nothing)
        assert found.damage == [], f"killed before operation {nth}"
        assert want.items() <= payloads(db).items(), f"killed before operation {nth}: what stays is gone"
        with Opened(place) as opened:  # the next crawl
            assert not opened.captures.repaired.adopted, f"killed before operation {nth}: what was pruned came back"
        assert damage(db) == []
        pruned()
        assert payloads(db) == want and damage(db) == []
        assert not list((place / "a.captures").glob("*.part")), "marks stay for ever"


def payloads(db):
    """Record id → payload of every capture, revisits with that of what they refer to."""
    with closing(sqlite3.connect(db)) as connection:
        ids = connection.execute("SELECT id, record_id FROM captures").fetchall()
        return {record: payload_of(connection, db.with_suffix(".captures"), number).body for number, record in ids}
