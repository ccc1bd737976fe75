"""Runs that end hard: killed at any moment, on a full disk, beside a locked database, two at once.

`TINPHUONG_KILLS=200` kills 200 runs; the default is 40, so that the tests stay quick.
"""

import os
import random
import sqlite3
import subprocess
import threading
import time

import pytest

from tests.living.forge import kill
from tests.living.portal import Portal
from tests.running import tinphuong

KILLS = int(os.environ.get("TINPHUONG_KILLS") or 40)
NOON = "2025-03-01T12:00:00+00:00"


def grown(host, count):
    portal = Portal(host)
    portal.publish(count, days_ago=9)
    return portal


def integrity(ward):
    return [list(row.values()) for row in ward.rows("PRAGMA integrity_check")]


def is_whole(ward, *portals):
    """After a run to its end: every published article is stored once, with its text, and all captures are sound."""
    pieces = {number: piece for portal in portals for number, piece in portal.pieces.items()}
    rows = ward.rows("SELECT key, body FROM articles")
    assert {int(row["key"]): row["body"] for row in rows} == {n: piece.body for n, piece in pieces.items()}
    assert len(rows) == len(pieces)
    urls = ward.rows("SELECT url FROM article_urls WHERE relation = 'canonical'")
    assert sorted(row["url"] for row in urls) == sorted(p.url(n) for p in portals for n in p.pieces)
    assert ward.rows("SELECT * FROM pending") == []
    done = ward.run("verify")
    assert done.code == 0, done.out + done.err


def test_killed_at_random_moments(operate):
    """Each run meets what the ones before left; every tenth goes to its end and finds all that was published."""
    chance = random.Random(5)
    portals = [grown("mot.test", 20), grown("hai.test", 10)]
    ward = operate(*portals)
    counted, hit, torn = set(), 0, 0
    for moment in range(1, KILLS + 1):
        for portal in portals:
            portal.publish(chance.randint(1, 3))
        now = f"2025-03-{1 + moment // 20:02}T{moment % 20:02}:00:00+00:00"
        pid = ward.start("crawl", "--all", now=now)
        time.sleep(chance.uniform(0.0, 0.3))
        kill(pid)
        done = ward.finish()
        assert done.code in (-9, 0), done.err
        hit += done.code == -9
        torn += "was cut off by an earlier end" in done.err
        if ward.db.exists() and ward.rows("SELECT name FROM sqlite_master WHERE name = 'pending'"):
            assert integrity(ward) == [["ok"]]
            stored = ward.stored()
            assert counted <= stored
            counted = stored
        if moment % 10 == 0:
            done = ward.crawl(now=now.replace("00:00+", "30:00+"))
            assert done.code == 0 and "Traceback" not in done.err, done.err
            is_whole(ward, *portals)
    assert hit > KILLS / 2
    print(f"{KILLS} kills, {hit} before the run's end")


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of 3 MB. Skips where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("captures", [True, False])
def test_a_full_disk(operate, small_disk, captures):
    portal = grown("mot.test", 60)
    ward = operate(portal, TINPHUONG_CAPTURE=captures)
    ward.db = small_disk / "a.db"
    portal.broken["/-/"] = 500
    assert ward.crawl(now=NOON).site("mot")["new"] == 0
    portal.broken.clear()
    filler = small_disk / "filler"
    free = os.statvfs(small_disk)
    filler.write_bytes(b"x" * (free.f_bavail * free.f_bsize - 60_000))
    full = ward.crawl(now=NOON)
    assert full.code == 1 and "Traceback" not in full.err, full.err
    assert "cannot be written" in full.err and "stopped before the end" in full.err
    assert integrity(ward) == [["ok"]]
    counted = ward.stored()
    assert len(counted) < 60
    filler.unlink()
    assert ward.crawl(now=NOON).code == 0
    assert counted <= ward.stored()
    is_whole(ward, portal)


@pytest.mark.parametrize("captures", [True, False])
@pytest.mark.parametrize("room", [0, 4_000, 50_000])
def test_files_that_may_not_grow(operate, captures, room):
    """A quota: the database, its log or the WARC file reaches the largest size."""
    portal = grown("mot.test", 50)
    ward = operate(portal, TINPHUONG_CAPTURE=captures)
    portal.broken["/-/"] = 500
    ward.crawl(now=NOON)
    portal.broken.clear()
    largest = max(path.stat().st_size for path in ward.folder.rglob("*") if path.is_file())
    full = ward.crawl(now=NOON, fsize=largest + room if not captures or room else 30_000)
    assert full.code == 1 and "Traceback" not in full.err, full.err
    assert "cannot be written" in full.err or "cannot be used" in full.err
    counted = ward.stored()
    assert ward.crawl(now=NOON).code == 0
    assert counted <= ward.stored() and integrity(ward) == [["ok"]]
    is_whole(ward, portal)


def hold(db, seconds):
    """Lock the database as another writer does, for some seconds, in a thread; returns an event set once it is held."""
    held = threading.Event()

    def lock():
        connection = sqlite3.connect(db, isolation_level=None, timeout=10)
        connection.execute("BEGIN IMMEDIATE")
        held.set()
        time.sleep(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    thread = threading.Thread(target=lock)
    thread.start()
    held.wait()
    return thread


def test_a_database_locked_for_a_while_is_waited_for(operate):
    portal = grown("mot.test", 8)
    ward = operate(portal)
    ward.crawl(now=NOON)
    portal.publish(4)
    thread = hold(ward.db, 0.7)
    done = ward.crawl(now=NOON)
    thread.join()
    assert done.code == 0 and done.site("mot")["new"] == 4
    is_whole(ward, portal)


@pytest.mark.parametrize("later", [0.0, 0.5])
def test_a_database_locked_for_longer_is_an_error_and_nothing_is_lost(operate, later):
    portal = grown("mot.test", 8)
    ward = operate(portal)
    ward.crawl(now=NOON)
    portal.publish(30)
    portal.slow = 0.2  # between two commits there is time to take the lock
    counted = ward.stored()
    ward.start("crawl", "--all", now=NOON, patch={"storage.collection._BUSY_SECONDS": 0.2})
    time.sleep(later)
    thread = hold(ward.db, 2.5)
    done = ward.finish()
    thread.join()
    assert done.code == 1 and "Traceback" not in done.err, done.err
    assert "database cannot be written: database is locked" in done.err
    assert counted <= ward.stored()
    portal.slow = 0
    assert ward.crawl(now=NOON).code == 0
    is_whole(ward, portal)


def test_two_processes_at_once(operate):
    portal = grown("mot.test", 30)
    portal.slow = 0.05
    ward = operate(portal)
    ward.start("crawl", "--all", now=NOON)
    while not ward.world.requests:
        time.sleep(0.01)
    second = tinphuong("--db", ward.db, "crawl", "hanoi_sotttt")
    assert second.returncode == 75 and "another run is writing" in second.stderr and second.stdout == ""
    assert ward.finish().code == 0
    is_whole(ward, portal)
