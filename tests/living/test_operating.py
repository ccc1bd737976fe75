"""A run as cron sees it: what is due, bounded time, signals, the lock, what is printed, logged and pinged."""

import json
import signal
import sqlite3
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from filelock import FileLock

from tests.living.forge import kill
from tests.living.portal import Portal

NOON = "2025-03-01T12:00:00+00:00"


def at(day, hour=0):
    return f"2025-03-{day:02}T{hour:02}:00:00+00:00"


def small(host, count=4):
    portal = Portal(host)
    portal.publish(count, days_ago=2)
    return portal


def crawled(done):
    return {site["site"] for site in done.summary.get("sites", [])}


def wait_for(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.01)


# What is due


def test_due_picks_what_is_due(operate):
    ward = operate(small("mot.test"), small("hai.test"), small("ba.test"))
    ward.sites["ba"]["every"] = 168
    assert crawled(ward.crawl("--due", now=at(1))) == {"mot", "hai", "ba"}
    done = ward.crawl("--due", now=at(1, 12))
    assert (done.code, done.out) == (0, "no site is due\n")
    assert crawled(ward.crawl("--due", now=at(2))) == {"mot", "hai"}
    assert crawled(ward.crawl("--due", now=at(8))) == {"mot", "hai", "ba"}


def test_due_tries_a_failing_site_sooner(operate):
    failing = small("mot.test")
    ward = operate(failing, small("hai.test"))
    failing.fail("500")
    assert ward.crawl("--due", now=at(1)).code == 1
    assert ward.crawl("--due", now=at(1, 5)).out == "no site is due\n"
    failing.recover()
    done = ward.crawl("--due", now=at(1, 6))
    assert crawled(done) == {"mot"} and done.code == 0


def test_due_of_a_name_that_is_none_is_a_usage_error(operate):
    ward = operate(small("mot.test"))
    done = ward.crawl("--due", "mott", now=NOON)
    assert done.code == 2 and "did you mean mot?" in done.err


def test_due_goes_on_with_a_site_cut_short_at_once_and_does_not_start_anew(operate):
    portal = Portal("mot.test", sections=("tin-tuc",))
    portal.publish(60, days_ago=3)
    portal.slow = 0.02
    ward = operate(portal)
    cut = ward.crawl("--due", "--max-time", "0.8", now=at(1))
    assert (cut.code, cut.site("mot")["reason"]) == (0, "cut_short") and 5 < cut.site("mot")["new"] < 55
    assert "the next run goes on" in cut.out
    seen = {r.path for r in cut.requests if "view_content" in r.path or "_cur=" in r.path}
    portal.slow = 0
    rest = ward.crawl("--due", now=at(1))
    assert crawled(rest) == {"mot"} and ward.stored() == set(portal.pieces)
    assert cut.site("mot")["new"] + rest.site("mot")["new"] == 60
    again = seen & {r.path for r in rest.requests} - {r.path for r in rest.requests if "_cur=2" in r.path}
    assert len(again) <= 5  # the page it stopped at, and the recheck


# Bounded


def test_at_most_so_many_sites_at_once(operate):
    portals = [small(f"p{n}.test", 2) for n in range(5)]
    for portal in portals:
        portal.slow = 0.03
    ward = operate(*portals)
    done = ward.crawl(settings={"TINPHUONG_SITES_AT_ONCE": 2}, now=NOON)
    assert done.code == 0 and len(crawled(done)) == 5
    spans = [
        (min(times), max(times)) for p in portals if (times := [r.time for r in done.requests if r.host == p.host])
    ]
    at_once = [sum(begin <= moment <= end for begin, end in spans) for moment, _ in spans]
    assert max(at_once) == 2


def test_max_time_names_the_sites_it_did_not_reach_and_they_are_next(operate):
    portals = [small(f"p{n}.test", 9) for n in range(3)]
    for portal in portals:
        portal.slow = 0.05
    ward = operate(*portals)
    done = ward.crawl("--due", "--max-time", "0.6", settings={"TINPHUONG_SITES_AT_ONCE": 1}, now=at(1))
    assert done.summary["not_begun"] == ["p1", "p2"] and "2 not begun" in done.out
    assert crawled(ward.crawl("--due", now=at(1))) == {"p0", "p1", "p2"}


@pytest.mark.parametrize("silent", ["timeout", "slow"])
def test_max_time_does_not_wait_for_silent_servers(operate, silent):
    portal = small("mot.test")
    portal.fail("timeout")
    ward = operate(portal, settings={})
    began = time.monotonic()
    done = ward.crawl("--all", "--max-time", "0.5", settings={"DOWNLOAD_TIMEOUT": 45}, now=NOON)
    assert time.monotonic() - began < 10
    assert done.site("mot")["status"] != "ok" and "Traceback" not in done.err


# Stopped


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("silent", [False, True])
def test_a_signal_stops_in_seconds_and_keeps_what_was_fetched(operate, how, silent):
    portals = [small(f"p{n}.test", 30) for n in range(3)]
    for portal in portals:
        portal.slow = 0.05
    ward = operate(*portals)
    pid = ward.start(
        "crawl", "--all", settings={"TINPHUONG_SITES_AT_ONCE": 1, "DOWNLOAD_TIMEOUT": 45}, now=NOON
    )  # fmt: skip
    wait_for(lambda: sum("view_content" in r.path for r in ward.world.requests) > 8)
    if silent:
        portals[0].slow = 40
        time.sleep(0.2)
    began = time.monotonic()
    kill(pid, how)
    done = ward.finish()
    assert done.code == 130 and time.monotonic() - began < 8
    assert {r.host for r in done.requests} == {"p0.test"}  # no other site is begun
    assert "interrupted; what was fetched is kept" in done.err and "Traceback" not in done.err
    assert len(ward.stored()) >= 7
    assert ward.rows("SELECT status FROM runs") == [{"status": "interrupted"}]
    portals[0].slow = 0
    assert ward.crawl("--due", now=NOON).code == 0
    assert ward.stored() == {number for portal in portals for number in portal.pieces}


def test_a_second_run_exits_with_75_at_once_and_is_not_told_of(operate, pings):
    ward = operate(small("mot.test"))
    with FileLock(f"{ward.db}.lock"):
        began = time.monotonic()
        done = ward.crawl("--all", "--ping", pings.url, now=NOON)
        assert done.code == 75 and time.monotonic() - began < 3 and "another run" in done.err
    assert pings.got == [] and done.requests == []


# What is said


def test_without_a_terminal_a_line_a_site_and_a_summary_line(operate):
    broken = small("hai.test")
    broken.fail("500")
    ward = operate(small("mot.test"), broken)
    done = ward.crawl(now=NOON)
    lines = done.out.splitlines()
    assert len(lines) == 3
    assert sorted(line.split(": ")[0] for line in lines[:2]) == ["hai", "mot"]
    assert lines[2] == "2 sites: 1 ok, 1 failed; 4 articles new"
    assert done.err == "tinphuong: hai failed: no start page could be read: the server answered 500\n"
    quiet = ward.run("crawl", "--all", "--quiet", now=NOON)
    assert quiet.out == "" and quiet.err == done.err


def test_the_summary_holds_what_json_prints(operate):
    ward = operate(small("mot.test"))
    done = ward.run("--json", "crawl", "--all", now=NOON)
    assert json.loads(done.out[done.out.index("{") :]) == done.summary
    assert done.summary["totals"]["new"] == 4 and done.summary["exit_code"] == 0


def test_the_log_rotates(operate, tmp_path):
    portal = small("mot.test", 30)
    ward = operate(portal, settings={})
    log = tmp_path / "logs" / "crawl.log"
    patch = {"crawler.cli.logs._BYTES": 5000, "crawler.cli.logs._FILES": 3}
    for _ in range(3):
        done = ward.crawl("--all", "--full", "--log", log, now=NOON, patch=patch)
        assert done.code == 0 and done.err == ""
    assert sorted(path.name for path in log.parent.iterdir()) == [
        "crawl.log",
        "crawl.log.1",
        "crawl.log.2",
        "crawl.log.3",
    ]
    assert all(path.stat().st_size < 30_000 for path in log.parent.iterdir())  # a line is never cut


def test_a_log_that_cannot_be_written_is_a_usage_error(operate, tmp_path):
    (tmp_path / "file").write_text("")
    done = operate(small("mot.test")).crawl("--all", "--log", tmp_path / "file" / "x.log", now=NOON)
    assert done.code == 2 and "cannot be written" in done.err


# The ping


class Pings:
    """A monitoring service on loopback."""

    def __init__(self):
        self.got = got = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                got.append((self.path, self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/check"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def pings():
    made = Pings()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_the_ping_tells_start_and_success(operate, pings):
    operate(small("mot.test")).crawl("--all", "--ping", pings.url, now=NOON)
    assert pings.got == [("/check/start", ""), ("/check", "1 site: 1 ok; 4 articles new")]


def test_the_ping_tells_failure(operate, pings):
    portal = small("mot.test")
    portal.fail("500")
    done = operate(portal).crawl("--all", now=NOON, env={"TINPHUONG_PING_URL": pings.url})
    assert done.code == 1
    assert pings.got == [("/check/start", ""), ("/check/fail", "1 site: 1 failed; 0 articles new")]


def test_the_ping_tells_of_a_database_that_cannot_be_used(operate, pings):
    ward = operate(small("mot.test"))
    ward.db.write_bytes(b"no database at all" * 100)
    done = ward.crawl("--all", "--ping", pings.url, now=NOON)
    assert done.code == 2 and [path for path, _ in pings.got] == ["/check/fail"]


def test_a_service_that_does_not_answer_changes_nothing(operate):
    done = operate(small("mot.test")).crawl("--all", "--ping", "http://127.0.0.1:9/x", now=NOON)
    assert done.code == 0 and "did not arrive" in done.err


def test_the_lock_outlives_no_run(operate):
    ward = operate(small("mot.test"))
    ward.crawl(now=NOON)
    assert ward.crawl(now=NOON).code == 0
    with sqlite3.connect(ward.db) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
