"""Runs in which something of our own fails at their end: they have failed, and say so, and nothing is lost."""

import json

import pytest

from tests.living.portal import Portal

NOON, NEXT = "2025-03-01T12:00:00+00:00", "2025-03-02T12:00:00+00:00"
PLACES = {"extension": "EXTENSIONS", "pipeline": "ITEM_PIPELINES"}
BROKEN = 1  # in place of a function: to call it raises TypeError


def two(begin):
    portals = [Portal("mot.test"), Portal("hai.test")]
    for portal in portals:
        portal.publish(6, days_ago=2)
    return begin(*portals)


def failed_in_words(ward, done, *, sites, lost_row=False):
    """Some of the sites failed by our own fault: by exit code, report, row, and in one sentence; all is stored."""
    assert done.code == 1, f"a run that stumbled over our own fault claims success: {done.err}"
    assert "Traceback" not in done.err, f"the user sees a traceback: {done.err}"
    status = {site["site"]: (site["status"], site["reason"]) for site in done.summary["sites"]}
    failed = {slug for slug, (state, _) in status.items() if state == "failed"}
    assert failed == sites, "other sites failed than those that did"
    assert {status[slug] for slug in failed} == {("failed", "internal_error")}, "our own fault has another reason"
    for slug in failed:
        assert f"tinphuong: {slug} failed: tinphuong itself failed" in done.err, "the user is not told in a sentence"
    rows = {row["site"]: row for row in ward.rows("SELECT * FROM runs ORDER BY id")}
    for slug, row in rows.items():
        wanted = ("failed", "internal_error") if slug in failed else ("ok", None)
        assert lost_row or (row["status"], row["reason"]) == wanted, "the run's row says something else"
        assert row["finished_at"] and row["message"], "the run's row was not closed"
    pieces = {number for portal in ward.world.portals.values() for number in portal.pieces}
    assert ward.stored() == pieces, "what was fetched is lost"


@pytest.mark.parametrize(
    "broken",
    [
        "crawler.extensions.ledger.layout_change", "storage.run_history.runs",
        "crawler.run.rechecks.is_alarming", "storage.site_memory.settle_pending",
    ],
)  # fmt: skip
def test_an_error_while_a_run_is_closed(operate, tmp_path, broken):
    ward = two(operate)
    log = tmp_path / "log.txt"
    done = ward.crawl("--all", "--log", log, now=NOON, patch={broken: BROKEN})
    if broken == "storage.site_memory.settle_pending":  # raises in each article's handler, too
        assert done.code == 1 and "Traceback" not in done.err, "an error in a signal's handler goes unnoticed"
        return
    failed_in_words(ward, done, sites={"mot", "hai"})
    assert "Traceback (most recent call last)" in log.read_text(), "the log does not say where the fault is"
    assert ward.crawl(now=NEXT).code == 0, "the run after one that stumbled fails"


def test_an_error_while_the_run_is_written_down(operate):
    """The log of runs cannot be written: the row says failed all the same."""
    ward = two(operate)
    done = ward.crawl(now=NOON, patch={"storage.run_log.seal": BROKEN})
    failed_in_words(ward, done, sites={"mot", "hai"})
    assert ward.crawl(now=NEXT).code == 0, "the run after one that stumbled fails"
    assert ward.run("verify").code == 0, "the log of runs is broken for ever"


@pytest.mark.parametrize("where", ["extension", "pipeline", "scheduler"])
def test_an_error_in_what_scrapy_passes_over(operate, where):
    """Of one of the two sites."""
    ward = two(operate)
    name = f"tests.living.failing.Failing{where.capitalize()}"
    job = {"settings": {"SCHEDULER": name}} if where == "scheduler" else {"add": {PLACES[where]: {name: 900}}}
    done = ward.crawl(now=NOON, env={"FAILING_SITE": "hai"}, **job)
    failed_in_words(ward, done, sites={"hai"})


def test_an_error_while_articles_are_compared(operate):
    ward = two(operate)
    done = ward.crawl("mot", now=NOON, patch={"crawler.run.run.link_waiting": BROKEN})
    assert done.code == 1 and "Traceback" not in done.err, f"an error at the end of the run goes unnoticed: {done.err}"
    (row,) = ward.rows("SELECT status, reason, message FROM runs")
    assert (row["status"], row["reason"]) == ("failed", "internal_error"), "the run's row says something else"
    assert ward.crawl("mot", now=NEXT).summary["near"]["articles"] == 6, "what was not compared is never compared"


def test_a_killed_run_is_noticed_by_the_next(operate):
    ward = two(operate)
    gate = ward.world.portals["mot.test"].keep_back("view_content", 2)
    job = ward.start("crawl", "mot", now=NOON)
    ward.wait_for(gate, job)
    job.kill()
    ward.finish(job)
    ward.world.portals["mot.test"].open_gates()
    done = ward.crawl("mot", now=NEXT)
    assert done.code == 0 and "mot: the run that began at 2025-03-01 19:00 +07:00 did not end" in done.err
    states = [row["status"] for row in ward.rows("SELECT status FROM runs ORDER BY id")]
    assert states == ["interrupted", "ok"]
    assert json.loads(ward.run("status", "--json", "mot").out)[0]["state"] == "healthy"
