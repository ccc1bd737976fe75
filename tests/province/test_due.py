"""Whose turn it is, from the run history: sites without an answer age into a slow schedule and come back."""

from datetime import datetime, timedelta

import pytest

from crawler.reasons import is_without_answer
from crawler.run.due import due, last_runs, turn
from storage import Collection
from storage.run_history import LastRun

START = datetime.fromisoformat("2026-06-01T00:00:00+00:00")
HOUR = timedelta(hours=1)


class History:
    """A collection whose runs a test writes; `well` is a site that answers every six hours, beside those named."""

    def __init__(self, folder, *slugs):
        self.collection = Collection(folder / "a.db")
        for slug in ("well", *slugs):
            facts = {"name": slug, "host": f"{slug}.test", "platform": "generic", "unit_old": None, "unit_new": None}
            self.collection.put_site({"slug": slug, **facts, "updated_at": START.isoformat()})

    def run(self, slug, hours, status="failed", reason="dns", mode="live"):
        """A run that began so many hours after the start."""
        at = (START + hours * HOUR).isoformat()
        number = self.collection.begin_run(slug, mode=mode, started_at=at, software="test")
        if status != "running":
            self.collection.finish_run(
                number, finished_at=at, status=status, reason=reason, message="", counts={}, skipped={}
            )

    def well(self, until):
        for hours in range(0, until + 1, 6):
            self.run("well", hours, "ok", None)

    def turn(self, slug, hours=24):
        """Hours from the last run to the next, and whether that is slow."""
        self.collection.commit()
        last = last_runs(self.collection.db.conn)[slug]
        found = turn(slug, hours, last)
        return (found.at - datetime.fromisoformat(last.started_at)) / HOUR, found.is_slow


@pytest.fixture
def history(tmp_path):
    made = History(tmp_path, "gone", "other")
    yield made
    made.collection.close()


def test_a_site_without_an_answer_is_tried_after_twice_as_long_each_time_up_to_30_days(history):
    hours, pauses = 0, []
    history.well(24 * 100)
    for _ in range(12):
        history.run("gone", hours)
        pause, is_slow = history.turn("gone")
        assert is_slow is (len(pauses) >= 3)
        pauses.append(pause)
        hours += round(pause)
    wanted = [6, 6, 6, 12, 24, 48, 96, 192, 384, 720, 720, 720]
    assert all(most * 0.9 <= pause <= most for pause, most in zip(pauses, wanted, strict=True)), pauses


def test_one_answer_brings_a_site_back_to_its_habit(history):
    history.well(24 * 10)
    for hours in range(0, 60, 6):
        history.run("gone", hours)
    assert history.turn("gone")[1]
    history.run("gone", 72, "ok", None)
    pause, is_slow = history.turn("gone")
    assert 21 < pause <= 24 and not is_slow
    history.run("gone", 96)
    assert history.turn("gone") == (6, False), "what was before the answer still counts"


def test_another_failure_is_an_answer_and_runs_that_say_nothing_are_passed_over(history):
    history.well(24 * 10)
    for hours in range(0, 60, 6):
        history.run("gone", hours)
        history.run("gone", hours + 1, "interrupted", "interrupted")
        history.run("gone", hours + 1, "ok", None, mode="replay")
        history.run("other", hours, reason="timeout" if hours != 54 else "http_404")
    history.run("gone", 60)
    assert history.turn("gone")[1], "an interrupted run or a replay counts as an answer"
    assert history.turn("other") == (6, False), "a server that answers 404 is not there"


def test_a_killed_run_goes_on_at_once(history):
    history.well(24 * 10)
    for hours in range(0, 60, 6):
        history.run("gone", hours)
    history.run("gone", 60, "running")
    assert history.turn("gone") == (0, False)


def test_our_own_network_makes_no_site_slow(history):
    history.run("well", 0, "ok", None)
    for hours in range(6, 24 * 10, 6):
        history.run("gone", hours)
        history.run("well", hours)
    assert history.turn("gone") == (6, False), "nothing answered for days, which the sites are blamed for"
    history.run("well", 24 * 10, "ok", None)
    pause, is_slow = history.turn("gone")
    assert pause == 6 and not is_slow, "the first answer after an outage makes the other sites slow"


def test_a_short_habit_doubles_from_itself_and_a_long_one_stays(history):
    history.well(24 * 10)
    for hours in range(5):
        history.run("gone", hours)
    pause, is_slow = history.turn("gone", hours=1)
    assert 3.6 <= pause <= 4 and is_slow
    assert turn("gone", 24 * 60, LastRun(START.isoformat(), "failed", "dns", 40)).at - START > timedelta(days=53)


def test_the_longest_overdue_goes_first():
    def last(days, status="ok"):
        return LastRun((START + timedelta(days=days)).isoformat(), status, None)

    runs = {"a": last(3), "b": last(1), "c": last(9), "d": last(9, "interrupted")}
    assert due(dict.fromkeys("abcde", 24), runs, START + timedelta(days=9, hours=1)) == ["e", "b", "a", "d"]


def test_thousands_of_sites_are_asked_for_by_three_statements(history):
    statements = []
    history.well(48)
    for hours in range(0, 48, 6):
        history.run("gone", hours)
    history.collection.commit()
    history.collection.db.conn.set_trace_callback(statements.append)
    last_runs(history.collection.db.conn)
    assert len(statements) == 3


@pytest.mark.parametrize("reason", ["dns", "timeout", "refused", "tls", "connection", "http_503", "moved_to_another"])
def test_no_answer(reason):
    assert is_without_answer(reason)


@pytest.mark.parametrize("reason", [None, "http_404", "proxy", "empty_listing", "robots_forbidden", "internal_error"])
def test_an_answer_or_a_fault_of_ours(reason):
    assert not is_without_answer(reason)
