"""Pages that take for ever, or all memory: they alone are not stored, and are asked for again."""

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fork_server import PATIENCE
from tests.living.portal import Portal
from tests.living.seams import GRACE, PATIENCE_BY_THE_CLOCK, READING
from tests.running import wait_for

NOON, NEXT = "2025-03-01T12:00:00+00:00", "2025-03-02T12:00:00+00:00"
SHORT = {"TINPHUONG_PAGE_SECONDS": 2, "TINPHUONG_PAGE_MEMORY": 64}  # of CPU time; a first page needs half of one


def small(host, count=4):
    portal = Portal(host, sections=("tin-tuc",))
    portal.publish(count, days_ago=2)
    return portal


def bad(ward, pages, **settings):
    """What a job needs for reading these pages to go wrong."""
    sign = ward.folder / "sign"
    sign.unlink(missing_ok=True)
    return {
        "call": ["tests.living.bad_pages.install"],
        "env": {"BAD_PAGES": json.dumps(pages), "BAD_SIGN": str(sign)},
        "settings": SHORT | settings,
        "patch": {
            PATIENCE_BY_THE_CLOCK: 1000,
            GRACE: 0.1,
            READING: 0.1,
        },  # a busy machine is slow, which is no fault of a page
    }


def readers(ward):
    """The processes that have read a bad page so far."""
    sign = ward.folder / "sign"
    return [int(line) for line in sign.read_text().split()] if sign.exists() else []


def is_gone(pid):
    """Whether a process has ended: it may wait to be collected by whoever is its parent now."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


def all_gone(pids):
    ends = time.monotonic() + PATIENCE
    while not all(is_gone(pid) for pid in pids):
        assert time.monotonic() < ends, "a process goes on after its run"
        time.sleep(0.01)


@pytest.mark.parametrize("kind", ["endless", "hungry", "deadly"])
def test_a_page_that_cannot_be_read_is_too_slow_and_the_others_are_stored(operate, kind):
    portals = small("mot.test"), small("hai.test")
    ward = operate(*portals)
    number = list(portals[0].pieces)[1]
    done = ward.crawl(now=NOON, **bad(ward, {str(number): kind}))
    assert done.code == 0 and "Traceback" not in done.err, f"one bad page fails the run: {done.err}"
    assert ward.stored() == {*portals[0].pieces, *portals[1].pieces} - {number}, "other pages are lost"
    row = ward.rows("SELECT site, reason, detail FROM skipped")
    assert [(one["site"], one["reason"]) for one in row] == [("mot", "too_slow")], "the page is not counted, or twice"
    assert row[0]["detail"], "nothing says why the page was ended"
    assert [one["key"] for one in ward.rows("SELECT key FROM pending")] == [str(number)], "it is not asked for again"
    assert ward.rows("SELECT * FROM captures WHERE url LIKE ?", f"%{number}%"), "its capture is lost"
    assert len(readers(ward)) == (2 if kind == "deadly" else 1), "a page that took too long was read twice"
    all_gone(readers(ward))
    healthy = ward.crawl(now=NEXT)
    assert healthy.code == 0 and number in ward.stored(), "the page is not stored once it can be read"
    assert ward.rows("SELECT * FROM pending") == []


def test_a_list_that_never_ends_is_too_slow_and_the_other_lists_are_read(operate):
    portal, other = Portal("mot.test"), small("hai.test")
    portal.publish(8, days_ago=2)
    ward = operate(portal, other)
    done = ward.crawl(now=NOON, **bad(ward, {"mot.test thong-bao": "endless"}))
    assert "Traceback" not in done.err, done.err
    skipped = {(row["site"], row["reason"]) for row in ward.rows("SELECT site, reason FROM skipped")}
    assert skipped == {("mot", "too_slow")}, "a list that cannot be read is not counted"
    assert set(portal.order["tin-tuc"]) <= ward.stored(), "the site did not go on with its other lists"
    assert set(other.pieces) <= ward.stored(), "another site has lost articles"


@pytest.mark.long
def test_a_slow_page_holds_up_no_other_site(operate):
    """While one site's page is read for ever, the other site is read to its end: no page ends here by its time."""
    slow, quick = small("mot.test", 2), small("hai.test", 6)
    ward = operate(slow, quick)
    number = next(iter(slow.pieces))
    job = ward.start(
        "crawl",
        "--all",
        now=NOON,
        **bad(ward, {str(number): "endless"}, TINPHUONG_PAGE_SECONDS=3600),
    )
    wait_for(
        lambda: ward.db.exists() and readers(ward) and set(quick.pieces) <= ward.stored(),
        job,
        that="the end of the other site",
    )
    job.send_signal(signal.SIGTERM)
    assert ward.finish(job).code == 130
    all_gone(readers(ward))


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "--max-time"])
@pytest.mark.parametrize("part", ["view_content", "/"])
def test_a_run_ends_though_a_page_is_being_read(operate, how, part):
    """That it ends at all shows it: by its own time the page would be read for an hour."""
    portal = small("mot.test")
    ward = operate(portal)
    clock = ward.folder / "the-clock-runs"
    more = {"max_time_from": str(clock)} if how == "--max-time" else {}
    arguments = ("--max-time", "0.01") if more else ()
    badly = bad(ward, {part: "endless"}, TINPHUONG_PAGE_SECONDS=3600)
    job = ward.start("crawl", "--all", *arguments, now=NOON, **more, **badly)
    wait_for(lambda: readers(ward), job, that="the page that never ends")
    if more:
        clock.touch()
    else:
        job.send_signal(getattr(signal, how))
    done = ward.finish(job)
    assert "Traceback" not in done.err, done.err
    assert done.code == (0 if more else 130), "the run ends with another code"
    assert ward.rows("SELECT * FROM skipped") == [], "a page that was not read to its end counts as read"
    all_gone(readers(ward))
    healthy = ward.crawl(now=NEXT)
    assert healthy.code == 0 and ward.stored() == set(portal.pieces), "what the stopped run left is never read"


def test_a_run_that_is_killed_leaves_no_reader(operate):
    ward = operate(small("mot.test"))
    job = ward.start("crawl", "--all", now=NOON, **bad(ward, {"view_content": "endless"}, TINPHUONG_PAGE_SECONDS=3600))
    wait_for(lambda: readers(ward), job, that="the page that never ends")
    job.kill()
    all_gone(readers(ward))
    assert ward.crawl(now=NEXT).code == 0, "the lock on the database outlives the run that was killed"


def test_a_reader_that_somebody_kills_is_replaced_and_its_page_is_read(operate):
    portal = small("mot.test")
    ward = operate(portal)
    job = ward.start(
        "crawl", "--all", now=NOON, **bad(ward, {str(next(iter(portal.pieces))): "asleep"}, TINPHUONG_PAGE_SECONDS=3600)
    )
    wait_for(lambda: readers(ward), job, that="the page that never ends")
    (first,) = readers(ward)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(readers(ward)) == 2, job, that="the second reader")
    os.kill(readers(ward)[1], signal.SIGKILL)
    done = ward.finish(job)
    assert done.code == 0 and len(ward.stored()) == 3, f"the run did not go on: {done.err}"


@pytest.mark.long
def test_a_replay_goes_on_past_a_page_that_cannot_be_read(operate):
    portal = small("mot.test")
    ward = operate(portal)
    assert ward.crawl(now=NOON).code == 0
    number = next(iter(portal.pieces))
    captured = next((ward.folder / "a.captures").rglob("*.warc.gz"), None) or next(ward.folder.rglob("*.warc.gz"))
    again = operate(portal)
    again.db = ward.folder / "b.db"
    done = again.crawl("--all", "--replay", captured, now=NEXT, **bad(again, {str(number): "endless"}))
    assert "Traceback" not in done.err, done.err
    assert again.stored() == set(portal.pieces) - {number}


def test_reprocess_and_extract_name_a_page_that_cannot_be_read(operate):
    portal = small("mot.test")
    ward = operate(portal)
    assert ward.crawl(now=NOON).code == 0
    number = next(iter(portal.pieces))
    done = ward.run("--json", "reprocess", **bad(ward, {str(number): "endless"}))
    lost = json.loads(done.out)["lost"]
    assert [(str(number) in one["url"], one["reason"]) for one in lost] == [(True, "too_slow")]
    assert ward.stored() == set(portal.pieces), "an article is gone because its page could not be read"
    all_gone(readers(ward))
