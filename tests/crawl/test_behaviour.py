"""How a crawl behaves: towards servers, towards their failures, towards its operator."""

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from filelock import FileLock

from tests.running import ROOT, crawl_replicas, tinphuong

FAST = {"RETRY_BACKOFF": 0.02, "DOWNLOAD_TIMEOUT": 2}


def outcome(portals, tmp_path, host, **settings):
    """Crawl a site made up on one of the hosts for behaviour; returns (exit code, its report, the requests)."""
    done = crawl_replicas(portals, tmp_path, "x_thu", extra={"x_thu": host}, settings=FAST | settings)
    assert "Traceback" not in done.err
    return done.code, done.site("x_thu"), done.requests


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("robots-html.test", "robots_unreadable"),
        ("robots-500.test", "http_500"),
        ("empty.test", "empty_listing"),
        ("blocked.test", "antibot"),
        ("unknown.test", "http_404"),
    ],
)
def test_each_failure_has_its_own_name(portals, tmp_path, host, reason):
    code, report, _ = outcome(portals, tmp_path, host)
    assert (code, report["status"], report["reason"]) == (1, "failed", reason)


@pytest.mark.parametrize("host", ["robots-html.test", "robots-500.test"])
def test_where_robots_cannot_be_read_nothing_else_is_asked_for(portals, tmp_path, host):
    _, _, requests = outcome(portals, tmp_path, host)
    assert {served.path for served in requests} == {"/robots.txt"}


def test_a_slow_server_is_a_timeout(portals, tmp_path):
    done = crawl_replicas(
        portals,
        tmp_path,
        "x_thu",
        extra={"x_thu": "slow.test"},
        start_pages=["/30/"],
        settings=FAST | {"RETRY_TIMES": 0},
    )
    assert done.site("x_thu")["reason"] == "timeout" and done.code == 1


def test_a_refused_connection_is_refused(tmp_path, portals):
    port = portals.port
    portals.close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.crawl.runner", json.dumps({
            "names": ["hanoi_sotttt"], "db": str(tmp_path / "a.db"), "port": port,
            "summary": str(tmp_path / "s.json"), "settings": FAST})],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "hanoi_sotttt failed: no start page could be read: the server refused the connection" in done.stderr


def test_429_with_retry_after_is_waited_for(portals, tmp_path):
    code, report, requests = outcome(portals, tmp_path, "flood.test")
    assert code == 0 and report["new"] == 3
    refusals = [served.time for served in requests if served.status == 429]
    assert refusals, "the server never had to ask for patience"
    for refused in refusals:
        after = [served.time - refused for served in requests if served.time > refused]
        assert not after or min(after) > 0.9


def test_one_request_at_a_time_with_a_delay(portals, tmp_path):
    done = crawl_replicas(
        portals, tmp_path, "hanoi_sotttt", limit=1, settings={"DOWNLOAD_DELAY": 0.8, "DOWNLOAD_DELAY_JITTER": 0}
    )
    times = sorted(served.time for served in done.requests)
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(gaps) > 2 and min(gaps) > 0.64  # a busy machine notes one request late, and the next one in time


def test_crawl_delay_is_honoured(crawled):
    """The robots.txt of one portal asks for 0.2 s between requests."""
    times = [served.time for served in crawled.requests if served.host == "trucbach.badinh.hanoi.gov.vn"][1:]
    assert len(times) > 20
    assert (times[-1] - times[0]) / (len(times) - 1) > 0.19


def test_never_two_requests_at_once_to_a_host(portals, tmp_path):
    """Pages that take 0.3 s each are asked for at least 0.3 s apart, with no delay to speak of."""
    starts = [f"/0.3/{n}" for n in range(4)]
    done = crawl_replicas(portals, tmp_path, "x_thu", extra={"x_thu": "slow.test"}, start_pages=starts)
    slow = [served.time for served in done.requests if served.path in starts]
    assert len(slow) == 4
    assert min(later - earlier for earlier, later in itertools.pairwise(sorted(slow))) > 0.29


def test_the_user_agent_names_project_and_contact(portals, tmp_path):
    done = crawl_replicas(
        portals, tmp_path, "hanoi_sotttt", limit=1, settings={"USER_AGENT": "tinphuong/0 (+archive@example.vn)"}
    )
    assert {served.headers.get("User-Agent") for served in done.requests} == {"tinphuong/0 (+archive@example.vn)"}
    from crawler import settings

    assert "tinphuong/" in settings.USER_AGENT and settings.TINPHUONG_CONTACT in settings.USER_AGENT


def test_gzip_is_asked_for(crawled):
    assert all("gzip" in served.headers.get("Accept-Encoding", "") for served in crawled.requests)


def test_no_request_leaves_the_sites_hosts_or_falls_into_a_trap(crawled):
    from spiders.registry import sites

    hosts = {spider.host for spider in sites().values()}
    for served in crawled.requests:
        assert served.host in hosts
        for trap in ("/vi/en", "day=", "print.aspx", "pop_up", "/login", "p_p_id=58", "p_p_id=59", "redirect="):
            assert trap not in served.path, served.path


def test_limit_is_a_number_of_articles(portals, tmp_path):
    done = crawl_replicas(portals, tmp_path, "hanoi_haibatrung", limit=5)
    assert done.site("hanoi_haibatrung")["articles"] == 5 and done.code == 0


def test_limit_is_reached_over_pages_that_do_not_count(portals, tmp_path):
    """The first lists hold pages that are not stored; the limit goes on to the next ones."""
    done = crawl_replicas(portals, tmp_path, "thainguyen_huongson", limit=14)
    assert done.site("thainguyen_huongson")["articles"] == 14


def test_since_leaves_older_articles_out(portals, tmp_path):
    done = crawl_replicas(portals, tmp_path, "hanoi_sotttt", since="2022-06-01")
    assert done.code == 0 and done.site("hanoi_sotttt")["skipped"]["before_since"] > 0
    with sqlite3.connect(done.db) as connection:
        days = [row[0] for row in connection.execute("SELECT published_at FROM articles")]
    assert days and min(days) >= "2022-06-01"


def test_a_second_run_fetches_no_article_it_has(portals, tmp_path):
    first = crawl_replicas(portals, tmp_path, "hanoi_sotttt")
    second = crawl_replicas(portals, tmp_path, "hanoi_sotttt")
    assert second.code == 0 and second.site("hanoi_sotttt")["new"] == 0
    assert first.site("hanoi_sotttt")["new"] > 15
    assert second.site("hanoi_sotttt")["rechecked"] == second.site("hanoi_sotttt")["unchanged"] == 3
    fetched = [served.path for served in second.requests if "view_content/" in served.path]
    failing = [served.path for served in first.requests if "view_content/" in served.path and "4240027" in served.path]
    assert len(set(fetched) - set(failing)) == 3
    assert len(second.requests) < len(first.requests) / 2


def test_full_fetches_all_again_and_changes_nothing(portals, tmp_path):
    first = crawl_replicas(portals, tmp_path, "hatinh_honglinh")
    again = crawl_replicas(portals, tmp_path, "hatinh_honglinh", full=True)
    report = again.site("hatinh_honglinh")
    assert report["new"] == report["changed"] == 0
    assert report["unchanged"] == first.site("hatinh_honglinh")["new"]


def start_crawl(portals, tmp_path, **settings):
    job = {"names": [], "db": str(tmp_path / "a.db"), "port": portals.port, "summary": str(tmp_path / "s.json"),
           "settings": {"DOWNLOAD_DELAY": 0.1} | settings}  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crawl.runner", json.dumps(job)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def articles_answered(portals):
    return [r for r in portals.requests if (r.status == 200 and "/content/" in r.path) or "view_content/" in r.path]


def stored_count(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT count(*) FROM articles").fetchone()[0]


def test_an_interrupt_stops_soon_and_keeps_what_was_fetched(portals, tmp_path):
    run = start_crawl(portals, tmp_path)
    wait_for(lambda: len(articles_answered(portals)) > 10)
    run.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, err = run.communicate(timeout=30)
    assert run.returncode == 130, err
    assert time.monotonic() - began < 10
    assert stored_count(tmp_path / "a.db") >= 8
    summary = json.loads((tmp_path / "s.json").read_text())
    assert {site["status"] for site in summary["sites"]} == {"interrupted"}


def test_a_kill_loses_nothing_older_than_two_seconds(portals, tmp_path):
    run = start_crawl(portals, tmp_path)
    wait_for(lambda: len(articles_answered(portals)) > 12)
    now = time.monotonic()
    time.sleep(2)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    answered = {(r.host, r.path) for r in articles_answered(portals) if r.time <= now}
    with sqlite3.connect(tmp_path / "a.db") as connection:
        urls = {url.split("://", 1)[1] for (url,) in connection.execute("SELECT url FROM article_urls")}
        skipped = {url.split("://", 1)[1] for (url,) in connection.execute("SELECT url FROM skipped")}
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM runs WHERE status = 'running'").fetchone()[0] > 0
    assert not {host + path for host, path in answered} - urls - skipped


def test_a_second_run_on_the_same_database_does_nothing(tmp_path):
    db = tmp_path / "a.db"
    with FileLock(f"{db}.lock"):
        done = tinphuong("--db", db, "crawl", "hanoi_sotttt", "--replay", __file__ + ".warc")
        assert done.returncode == 2  # a missing file is said before anything else
        (tmp_path / "x.warc").write_bytes(WARC)
        done = tinphuong("--db", db, "crawl", "hanoi_sotttt", "--replay", tmp_path / "x.warc")
    assert done.returncode == 75 and "another run" in done.stderr


WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://sotttt.hanoi.gov.vn/\r\n"
    b"WARC-Date: 2022-08-27T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: 59\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html></html>\r\n\r\n\r\n"
)
