"""A run as cron sees it: what is due, bounded time, signals, the lock, what is printed, logged and pinged."""

import importlib
import json
import signal
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from filelock import FileLock

from tests.living.portal import Portal
from tests.living.seams import GRACE, LOG_BYTES, LOG_FILES, READING, REST

NOON = "2025-03-01T12:00:00+00:00"


def at(day, hour=0):
    return f"2025-03-{day:02}T{hour:02}:00:00+00:00"


def small(host, count=4):
    portal = Portal(host)
    portal.publish(count, days_ago=2)
    return portal


def crawled(done):
    return {site["site"] for site in done.summary.get("sites", [])}


# What is due


def test_due_picks_what_is_due(operate):
    ward = operate(small("mot.test", 1), small("hai.test", 1), small("ba.test", 1))
    ward.sites["ba"]["every"] = 168
    assert crawled(ward.crawl("--due", now=at(1))) == {"mot", "hai", "ba"}, "a site that was never crawled is not due"
    done = ward.crawl("--due", now=at(1, 12))
    assert (done.code, done.out) == (0, "no site is due\n"), "sites are crawled again before their turn"
    assert crawled(ward.crawl("--due", now=at(2))) == {"mot", "hai"}, "a day later the daily sites are not due, or more"
    assert crawled(ward.crawl("--due", now=at(8))) == {"mot", "hai", "ba"}, "a week later the weekly site is not due"


def test_due_tries_a_failing_site_sooner(operate):
    failing = small("mot.test")
    ward = operate(failing, small("hai.test"))
    failing.fail("500")
    assert ward.crawl("--due", now=at(1)).code == 1, "a failing site is not reported"
    assert ward.crawl("--due", now=at(1, 5)).out == "no site is due\n", "a failing site is asked again too soon"
    failing.recover()
    done = ward.crawl("--due", now=at(1, 6))
    assert crawled(done) == {"mot"}, "a failing site is not tried again sooner than others"
    assert done.code == 0, "a site that works again is reported as failing"


def test_due_of_a_name_that_is_none_is_a_usage_error(operate):
    done = operate(small("mot.test")).crawl("--due", "mott", now=NOON)
    assert done.code == 2, "a misspelt site is not a usage error"
    assert "did you mean mot?" in done.err, "a misspelt site is not answered with the right name"


QUICKLY = {GRACE: 0.1, READING: 3600.0}  # what came is read, however busy the machine is


def cut_at(ward, gate, *argv, max_time="0.01", **job):
    """Run until a request reaches `gate`; only then the seconds of --max-time begin."""
    clock = ward.folder / "the-clock-runs"
    job = ward.start("crawl", *argv, "--max-time", max_time, max_time_from=str(clock), **job)
    ward.wait_for(gate, job)
    clock.touch()
    done = ward.finish(job)
    clock.unlink()
    return done


def test_due_goes_on_with_a_site_cut_short_at_once_and_does_not_start_anew(operate):
    portal = Portal("mot.test", sections=("tin-tuc",))
    portal.publish(30, days_ago=3)
    gate = portal.keep_back("view_content", 10)
    ward = operate(portal)
    cut = cut_at(ward, gate, "--due", now=at(1), patch=QUICKLY)
    assert (cut.code, cut.site("mot")["reason"]) == (0, "cut_short"), "a run that the time ended is not said to be cut"
    assert 1 <= cut.site("mot")["new"] < 30, "a run that was cut short kept nothing, or was not cut"
    assert "the next run goes on" in cut.out, "the user does not learn that the rest will come"
    seen = {r.path for r in cut.requests if "view_content" in r.path or "_cur=" in r.path}
    portal.open_gates()
    rest = ward.crawl("--due", now=at(1))
    assert crawled(rest) == {"mot"}, "a site that was cut short is not due at once"
    assert ward.stored() == set(portal.pieces), "what the time cut off was never fetched"
    assert cut.site("mot")["new"] + rest.site("mot")["new"] == 30, "the two runs do not add up"
    again = seen & {r.path for r in rest.requests} - {r.path for r in rest.requests if "_cur=2" in r.path}
    assert len(again) <= 5, "the run that goes on starts anew"  # the page it stopped at, and the recheck


# Bounded


def test_at_most_so_many_sites_at_once(operate):
    portals = [small(f"p{n}.test", 1) for n in range(5)]
    gates = [portal.keep_back("view_content") for portal in portals]
    ward = operate(*portals)
    job = ward.start("crawl", "--all", settings={"TINPHUONG_SITES_AT_ONCE": 2}, now=NOON)
    for gate in gates[:2]:
        ward.wait_for(gate, job)
    assert not any(gate.reached() for gate in gates[2:]), "a third site is crawled beside the two that may be"
    for gate in gates:
        gate.open()
    done = ward.finish(job)
    assert done.code == 0 and len(crawled(done)) == 5, "the sites that waited were not crawled"
    spans = [
        (min(times), max(times)) for p in portals if (times := [r.time for r in done.requests if r.host == p.host])
    ]
    at_once = [sum(begin <= moment <= end for begin, end in spans) for moment, _ in spans]
    assert max(at_once) == 2, "more sites are crawled at once than may be"


def test_max_time_names_the_sites_it_did_not_reach_and_they_are_next(operate):
    portals = [small(f"p{n}.test", 3) for n in range(3)]
    gate = portals[0].keep_back("view_content", 2)
    ward = operate(*portals)
    done = cut_at(ward, gate, "--due", settings={"TINPHUONG_SITES_AT_ONCE": 1}, now=at(1), patch=QUICKLY)
    assert done.summary["not_begun"] == ["p1", "p2"], "the summary does not name the sites that had no turn"
    assert "2 not begun" in done.out, "the user does not learn how many sites had no turn"
    gate.open()
    assert crawled(ward.crawl("--due", now=at(1))) == {"p0", "p1", "p2"}, "sites that had no turn are not due at once"


@pytest.mark.parametrize(("nth", "verdict"), [(1, ("interrupted", "cut_short")), (3, ("ok", "cut_short"))])
def test_max_time_does_not_wait_for_silent_servers(operate, nth, verdict):
    """A server that never answers, or falls silent; that the run ends at all shows that it does not wait for it."""
    portal = small("mot.test")
    gate = portal.keep_back("", nth)
    done = cut_at(operate(portal), gate, "--all", now=NOON, patch=QUICKLY)
    said = done.site("mot")["status"], done.site("mot")["reason"]
    assert said == verdict, "a site that never answered is called well, or one that was cut short a failure"
    assert "Traceback" not in done.err, f"a silent server ends in a traceback: {done.err}"


# Stopped


def test_open_requests_are_given_seconds_and_not_minutes():
    def seconds(seam):
        module, _, name = seam.rpartition(".")
        return getattr(importlib.import_module(module), name)

    assert 1 <= seconds(GRACE) <= 5, "a stopped run takes longer than people wait"
    assert seconds(GRACE) + seconds(READING) <= 7 and seconds(REST) <= 8, "a stopped run takes longer than ten seconds"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("silent", [False, True])
def test_a_signal_stops_and_keeps_what_was_fetched(operate, how, silent):
    """An open request that is answered is waited for, and the run ends then; a silent server is given up after a while.

    That the run ends at all shows it: no request times out here, and where the server answers, the grace is an hour.
    """
    portals = [small("p0.test", 14), small("p1.test", 1), small("p2.test", 1)]
    gate = portals[0].keep_back("view_content", 9)
    ward = operate(*portals)
    job = ward.start(
        "crawl",
        "--all",
        settings={"TINPHUONG_SITES_AT_ONCE": 1},
        now=NOON,
        patch=QUICKLY if silent else {GRACE: 3600.0},
    )
    ward.wait_for(gate, job)
    job.send_signal(how)
    if not silent:
        gate.open()
    done = ward.finish(job)
    assert done.code == 130, "a run that a signal stopped has another exit code"
    assert {r.host for r in done.requests} == {"p0.test"}, "a run that is to stop begins another site"
    assert "interrupted; what was fetched is kept" in done.err, "the user does not learn what became of the run"
    assert "Traceback" not in done.err, f"a signal ends in a traceback: {done.err}"
    assert len(ward.stored()) >= 7, "what was fetched before the signal is lost"
    assert ward.rows("SELECT status FROM runs") == [{"status": "interrupted"}], "the run is not kept as interrupted"
    portals[0].open_gates()
    assert ward.crawl("--due", now=NOON).code == 0, "the run after an interrupted one fails"
    everything = {number for portal in portals for number in portal.pieces}
    assert ward.stored() == everything, "the run after an interrupted one does not fetch the rest"


def test_a_second_run_exits_with_75_at_once_and_is_not_told_of(operate, pings):
    """It does not wait: the lock is held until it has ended."""
    ward = operate(small("mot.test"))
    with FileLock(f"{ward.db}.lock"):
        done = ward.crawl("--all", "--ping", pings.url, now=NOON)
    assert done.code == 75, "a second run does not say by its exit code that another is writing"
    assert "another run" in done.err, "a second run does not say why it did nothing"
    assert pings.got == [], "a run that did nothing is reported to the monitoring service"
    assert done.requests == [], "a second run asks the portals"


# What is said


def test_without_a_terminal_a_line_a_site_and_a_summary_line(operate):
    broken = small("hai.test")
    broken.fail("500")
    ward = operate(small("mot.test"), broken)
    done = ward.crawl(now=NOON)
    lines = done.out.splitlines()
    assert len(lines) == 3, "cron's mail holds more than a line a site and one for all"
    assert sorted(line.split(": ")[0] for line in lines[:2]) == ["hai", "mot"], "a site has no line of its own"
    assert lines[2] == "2 sites: 1 ok, 1 failed; 4 articles new", "the last line does not sum up the run"
    error = "tinphuong: hai failed: no start page could be read: the server answered 500\n"
    assert done.err == error, "a failed site is not said in one sentence"


def test_quiet_prints_what_turned_bad_and_nothing_else(operate):
    broken = small("hai.test")
    broken.fail("500")
    ward = operate(small("mot.test"), broken)
    quiet = ward.run("crawl", "--all", "--quiet", now=NOON)
    assert quiet.out == "", "--quiet prints what went well"
    error = "tinphuong: hai failed: no start page could be read: the server answered 500\n"
    assert quiet.err == error, "--quiet keeps silent about a failed site"


def test_the_summary_holds_what_json_prints(operate):
    ward = operate(small("mot.test"))
    done = ward.run("--json", "crawl", "--all", now=NOON)
    assert json.loads(done.out[done.out.index("{") :]) == done.summary, "--json and --summary differ"
    assert done.summary["totals"]["new"] == 4, "the summary counts the new articles wrongly"
    assert done.summary["exit_code"] == 0, "the summary holds another exit code"


def test_the_log_rotates(operate, tmp_path):
    ward = operate(small("mot.test", 30))
    log = tmp_path / "logs" / "crawl.log"
    patch = {LOG_BYTES: 2000, LOG_FILES: 3}
    for _ in range(3):
        done = ward.crawl("--all", "--full", "--log", log, now=NOON, patch=patch)
        assert (done.code, done.err) == (0, ""), "a run with a log fails or says on stderr what belongs into the log"
    names = sorted(path.name for path in log.parent.iterdir())
    assert names == ["crawl.log", "crawl.log.1", "crawl.log.2", "crawl.log.3"], "the log does not rotate"
    sizes = [path.stat().st_size for path in log.parent.iterdir()]
    assert max(sizes) < 30_000, "a log grows beyond its bound"  # by less than a line, which is never cut


def test_a_log_that_cannot_be_written_is_a_usage_error(operate, tmp_path):
    (tmp_path / "file").write_text("")
    done = operate(small("mot.test")).crawl("--all", "--log", tmp_path / "file" / "x.log", now=NOON)
    assert done.code == 2, "a log that cannot be written is not a usage error"
    assert "cannot be written" in done.err, "the user does not learn that the log cannot be written"


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
    expected = [("/check/start", ""), ("/check", "1 site: 1 ok; 4 articles new")]
    assert pings.got == expected, "the monitoring service does not learn of start and success"


def test_the_ping_tells_failure(operate, pings):
    portal = small("mot.test")
    portal.fail("500")
    done = operate(portal).crawl("--all", now=NOON, env={"TINPHUONG_PING_URL": pings.url})
    assert done.code == 1, "a run in which all failed claims success"
    expected = [("/check/start", ""), ("/check/fail", "1 site: 1 failed; 0 articles new")]
    assert pings.got == expected, "the monitoring service does not learn of the failure"


def test_the_ping_tells_of_a_database_that_cannot_be_used(operate, pings):
    ward = operate(small("mot.test"))
    ward.db.write_bytes(b"no database at all" * 100)
    done = ward.crawl("--all", "--ping", pings.url, now=NOON)
    assert done.code == 2, "a file that is not a database is crawled into"
    assert [path for path, _ in pings.got] == ["/check/fail"], "the monitoring service does not learn of the database"


def test_a_service_that_does_not_answer_changes_nothing(operate):
    ward = operate(small("mot.test"))
    done = ward.crawl("--all", "--ping", f"http://127.0.0.1:{ward.world.refusing}/x", now=NOON)
    assert done.code == 0, "a monitoring service that is down makes the run fail"
    assert "did not arrive" in done.err, "the user does not learn that the monitoring service is down"


def test_the_lock_outlives_no_run(operate):
    ward = operate(small("mot.test"))
    ward.crawl(now=NOON)
    assert ward.crawl(now=NOON).code == 0, "a run that has ended keeps the next one out"
    assert ward.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}], "two runs damage the database"
