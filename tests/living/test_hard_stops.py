"""Runs that end hard: killed at any moment, on a full disk, beside a locked database, two at once."""

import os
import random
import sqlite3
import subprocess
import time
from contextlib import contextmanager

import pytest

from tests.fork_server import PATIENCE
from tests.living.portal import Portal
from tests.living.seams import BUSY_SECONDS

NOON = "2025-03-01T12:00:00+00:00"


def grown(host, count):
    portal = Portal(host)
    portal.publish(count, days_ago=9)
    return portal


def is_sound(ward):
    found = [list(row.values()) for row in ward.rows("PRAGMA integrity_check")]
    assert found == [["ok"]], "the database is damaged"


def is_whole(ward, *portals):
    """After a run to its end: every published article is stored once, with its text, and all captures are sound."""
    pieces = {number: piece for portal in portals for number, piece in portal.pieces.items()}
    rows = ward.rows("SELECT key, body FROM articles")
    stored = {int(row["key"]): row["body"] for row in rows}
    assert set(stored) == set(pieces), "what is stored is not what was published"
    assert stored == {n: piece.body for n, piece in pieces.items()}, "an article is stored with another text"
    assert len(rows) == len(pieces), "an article is stored twice"
    urls = sorted(row["url"] for row in ward.rows("SELECT url FROM article_urls WHERE relation = 'canonical'"))
    assert urls == sorted(p.url(n) for p in portals for n in p.pieces), "an article has lost its address"
    assert ward.rows("SELECT * FROM pending") == [], "what was fetched is asked for again in the next run"
    done = ward.run("verify")
    assert done.code == 0, f"verify finds the collection damaged: {done.out}{done.err}"


def goes_on(ward, portal, counted):
    """The next run finds what is left, and what was `counted` before is still there."""
    done = ward.crawl(now=NOON)
    assert done.code == 0, f"the run after a failed one fails: {done.err}"
    assert counted <= ward.stored(), "articles that were stored are lost"
    is_sound(ward)
    is_whole(ward, portal)


def failed_in_words(done, *sentences):
    assert done.code == 1, "a run that could not write claimed success"
    assert "Traceback" not in done.err, f"a full disk or a lock ends in a traceback: {done.err}"
    assert any(sentence in done.err for sentence in sentences), f"the run does not say what it could not do: {done.err}"


# Killed


def begin_and_kill(ward, portal, chance, now):
    """Begin a run and kill it: before it asks for anything, at some request, or after the last new article."""
    phase = chance.choice(("beginning", "midst", "midst", "end"))
    unknown = len(set(portal.pieces) - (ward.stored() if has_tables(ward) else set()))
    part, nth = {
        "beginning": ("", 1), "midst": ("", chance.randint(2, 9)), "end": ("view_content", unknown),
    }[phase]  # fmt: skip
    gate = portal.keep_back(part, nth)
    job = ward.start("crawl", "--all", now=now)
    if phase != "beginning":
        ward.wait_for(gate, job)
    if phase == "end":
        gate.open()
    time.sleep(chance.uniform(0, 0.05))  # any moment will do: nothing that follows depends on how far the run came
    job.kill()
    done = ward.finish(job)
    portal.open_gates()
    assert done.code == -9 or (phase == "end" and done.code == 0), f"the run ended before it was killed: {done.err}"
    return done.code == -9


def has_tables(ward):
    return ward.db.exists() and bool(ward.rows("SELECT name FROM sqlite_master WHERE name = 'pending'"))


@pytest.mark.parametrize(("kills", "whole_every"), [(8, 4), pytest.param(200, 10, marks=pytest.mark.long)])
def test_killed_at_random_moments(operate, kills, whole_every):
    """Each run meets what the ones before left; some go to their end and find all that was published."""
    chance = random.Random(5)
    portals = [grown("mot.test", 20), grown("hai.test", 10)]
    ward = operate(*portals)
    counted, hit = set(), 0
    for moment in range(1, kills + 1):
        for portal in portals:
            portal.publish(chance.randint(1, 3))
        now = f"2025-03-{1 + moment // 20:02}T{moment % 20:02}:00:00+00:00"
        hit += begin_and_kill(ward, portals[0], chance, now)
        if has_tables(ward):
            is_sound(ward)
            stored = ward.stored()
            assert counted <= stored, "a kill lost articles that were stored before"
            counted = stored
        if moment % whole_every == 0:
            done = ward.crawl(now=now.replace("00:00+", "30:00+"))
            assert done.code == 0, f"the run after a kill fails: {done.err}"
            assert "Traceback" not in done.err, f"the run after a kill stumbles: {done.err}"
            is_whole(ward, *portals)
    assert hit > kills / 2, "hardly a run was killed before its end"


# No room


def lists_only(begin, **settings):
    """A portal of 50 articles none of which could be read yet."""
    portal = grown("mot.test", 50)
    portal.broken["/-/"] = 500
    ward = begin(portal, **settings)
    assert ward.crawl(now=NOON).site("mot")["new"] == 0, "articles are stored though the portal gave none"
    portal.broken.clear()
    return ward


def with_captures(begin):
    return lists_only(begin)


def without_captures(begin):
    return lists_only(begin, TINPHUONG_CAPTURE=False)


CAPTURES = pytest.mark.parametrize("beginning", [with_captures, without_captures])


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


@CAPTURES
def test_a_full_disk(go_on_from, small_disk, beginning):
    ward = go_on_from(beginning, small_disk)
    (portal,) = ward.world.portals.values()
    filler = small_disk / "filler"
    free = os.statvfs(small_disk)
    filler.write_bytes(b"x" * (free.f_bavail * free.f_bsize - 60_000))
    full = ward.crawl(now=NOON)
    failed_in_words(full, "cannot be written")
    assert "stopped before the end" in full.err, "a run that the disk ended does not say that it is not whole"
    is_sound(ward)
    counted = ward.stored()
    assert len(counted) < 50, "60 kB hold 50 articles: the disk was not full"
    filler.unlink()
    goes_on(ward, portal, counted)


@CAPTURES
@pytest.mark.parametrize("room", [0, 4_000, 20_000])
def test_files_that_may_not_grow(go_on_from, beginning, room):
    """A quota: the database, its log or the WARC file reaches the largest size."""
    ward = go_on_from(beginning)
    (portal,) = ward.world.portals.values()
    largest = max(path.stat().st_size for path in ward.folder.rglob("*") if path.is_file())
    full = ward.crawl(now=NOON, fsize=largest + room if beginning is without_captures or room else 30_000)
    failed_in_words(full, "cannot be written", "cannot be used")
    goes_on(ward, portal, ward.stored())


# Beside others


@contextmanager
def locked(db):
    """Lock the database as another writer does, as long as the block runs."""
    connection = sqlite3.connect(db, isolation_level=None, timeout=PATIENCE)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def eight(begin):
    ward = begin(grown("mot.test", 8))
    assert ward.crawl(now=NOON).code == 0, "a plain crawl fails"
    return ward


def test_a_database_locked_for_a_while_is_waited_for(go_on_from):
    ward = go_on_from(eight)
    (portal,) = ward.world.portals.values()
    portal.publish(4)
    with locked(ward.db):
        job = ward.start("crawl", "--all", now=NOON)
        time.sleep(0.5)  # so that the run meets the lock; where it is slower than that, all that follows holds too
        until = time.monotonic()
    done = ward.finish(job)
    assert done.code == 0, f"a database that was locked for a moment ended the run: {done.err}"
    assert done.requests[0].time > until, "the run asked the portal for pages that it could not have stored"
    assert done.site("mot")["new"] == 4, "articles were lost while the database was locked"
    is_whole(ward, portal)


@pytest.mark.parametrize("later", [False, True])
def test_a_database_locked_for_longer_is_an_error_and_nothing_is_lost(go_on_from, later):
    """From the beginning, or from the middle of the run on."""
    ward = go_on_from(eight)
    (portal,) = ward.world.portals.values()
    portal.publish(30)
    gate = portal.keep_back("view_content", 10 if later else 1000)
    counted = ward.stored()
    begin = {"now": NOON, "patch": {BUSY_SECONDS: 0.1}}
    if later:
        job = ward.start("crawl", "--all", **begin)
        ward.wait_for(gate, job)
        with locked(ward.db):
            gate.open()
            done = ward.finish(job)
    else:
        with locked(ward.db):
            done = ward.crawl(**begin)
    failed_in_words(done, "database cannot be written: database is locked")
    portal.open_gates()
    goes_on(ward, portal, counted)


def test_two_processes_at_once(operate):
    portal = grown("mot.test", 12)
    gate = portal.keep_back("view_content", 3)
    ward = operate(portal)
    first = ward.start("crawl", "--all", now=NOON)
    ward.wait_for(gate, first)
    second = ward.crawl(now=NOON)
    assert second.code == 75, "a second run does not give way to the one that is writing"
    assert "another run is writing" in second.err, "the second run does not say why it did nothing"
    assert second.out == "" and second.summary == {}, "a run that did nothing prints a result"
    gate.open()
    assert ward.finish(first).code == 0, "a second run disturbed the first"
    is_whole(ward, portal)
