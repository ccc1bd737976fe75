"""How a crawl behaves: towards servers, towards their failures, towards its operator."""

import itertools
import json
import signal
import sqlite3

import pytest
from filelock import FileLock

from crawler import settings as own_settings
from spiders.registry import Registry
from tests.running import crawl_replicas, start_crawl, tinphuong, wait_for

FAST = {"RETRY_BACKOFF": 0.02}
# DOWNLOAD_TIMEOUT is obeyed by this middleware of Scrapy's, which crawler.settings switches off.
TIMEOUTS = {
    "DOWNLOAD_TIMEOUT": 3,
    "DOWNLOADER_MIDDLEWARES": own_settings.DOWNLOADER_MIDDLEWARES
    | {"scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350},
}


def outcome(portals, tmp_path, host, **settings):
    """Crawl a site made up on one of the hosts for behaviour; returns (exit code, its report, the requests)."""
    done = crawl_replicas(portals, tmp_path, "x_thu", extra={"x_thu": host}, settings=FAST | settings)
    assert "Traceback" not in done.err, f"the crawl of {host} shows a traceback: {done.err}"
    return done.code, done.site("x_thu"), done.requests


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("robots-html.test", "antibot"),
        ("robots-500.test", "http_500"),
        ("empty.test", "empty_listing"),
        ("blocked.test", "antibot"),
        ("unknown.test", "http_404"),
    ],
)
def test_each_failure_has_its_own_name(portals, tmp_path, host, reason):
    code, report, _ = outcome(portals, tmp_path, host)
    found = (code, report["status"], report["reason"])
    assert found == (1, "failed", reason), f"the report on {host} says {found}, not why it failed: {reason}"


@pytest.mark.parametrize("host", ["robots-html.test", "robots-500.test"])
def test_where_robots_cannot_be_read_nothing_else_is_asked_for(portals, tmp_path, host):
    _, _, requests = outcome(portals, tmp_path, host)
    asked = {served.path for served in requests}
    assert asked == {"/robots.txt"}, f"without a readable robots.txt the crawl still asks for {asked}"


def test_a_slow_server_is_a_timeout(portals, tmp_path):
    done = crawl_replicas(
        portals, tmp_path, "x_thu", extra={"x_thu": "slow.test"}, start_pages=["/120/"],
        settings=FAST | TIMEOUTS | {"RETRY_TIMES": 0},
    )  # fmt: skip
    reason = done.site("x_thu")["reason"]
    assert (reason, done.code) == ("timeout", 1), f"a server that stays silent is reported as {reason}, not as timeout"


def test_a_refused_connection_is_refused(tmp_path, portals):
    portals.close()
    done = crawl_replicas(portals, tmp_path, "hanoi_sotttt", settings=FAST)
    words = "hanoi_sotttt failed: no start page could be read: the server refused the connection"
    assert done.code == 1 and words in done.err, f"a refused connection is not named as such: {done.err}"


def test_429_with_retry_after_is_waited_for(portals, tmp_path):
    code, report, requests = outcome(portals, tmp_path, "flood.test")
    assert code == 0 and report["new"] == 3
    refusals = [served.time for served in requests if served.status == 429]
    assert refusals, "flood.test never asked for patience: the test shows nothing"
    for refused in refusals:
        after = [served.time - refused for served in requests if served.time > refused]
        assert not after or min(after) > 0.9, f"after 'Retry-After: 1' the crawl came back in {min(after):.2f} s"


def test_one_request_at_a_time_with_a_delay(portals, tmp_path):
    settings = {"DOWNLOAD_DELAY": 0.4, "DOWNLOAD_DELAY_JITTER": 0}
    sent = tmp_path / "sent"
    crawl_replicas(portals, tmp_path, "hanoi_sotttt", limit=1, settings=settings, sent=str(sent))
    times = [float(line) for line in sent.read_text().split()]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(gaps) > 2, "the crawl asked for too little to show its pauses"
    assert min(gaps) > 0.3, f"with a delay of 0.4 s two requests left {min(gaps):.2f} s apart"


def test_crawl_delay_is_honoured(crawled):
    """The robots.txt of one portal asks for 0.2 s between requests."""
    times = [served.time for served in crawled.requests if served.host == "trucbach.badinh.hanoi.gov.vn"][1:]
    assert len(times) > 20
    mean = (times[-1] - times[0]) / (len(times) - 1)
    assert mean > 0.18, f"robots.txt asks for 0.2 s between requests, the crawl leaves {mean:.2f} s"


def test_never_two_requests_at_once_to_a_host(portals, tmp_path):
    """Pages that take 0.3 s each are asked for at least 0.3 s apart, with no delay to speak of."""
    starts = [f"/0.3/{n}" for n in range(4)]
    done = crawl_replicas(portals, tmp_path, "x_thu", extra={"x_thu": "slow.test"}, start_pages=starts)
    slow = [served.time for served in done.requests if served.path in starts]
    assert len(slow) == 4
    least = min(later - earlier for earlier, later in itertools.pairwise(sorted(slow)))
    assert least > 0.29, f"a page was asked for {least:.2f} s after another that takes 0.3 s: two at once to one host"


def test_the_user_agent_names_project_and_contact(portals, tmp_path):
    done = crawl_replicas(
        portals, tmp_path, "hanoi_sotttt", limit=1, settings={"USER_AGENT": "tinphuong/0 (+archive@example.vn)"}
    )
    assert {served.headers.get("User-Agent") for served in done.requests} == {"tinphuong/0 (+archive@example.vn)"}
    assert "tinphuong/" in own_settings.USER_AGENT and own_settings.TINPHUONG_CONTACT in own_settings.USER_AGENT


def test_gzip_is_asked_for(crawled):
    pages = [served for served in crawled.requests if served.path != "/robots.txt"]  # of that the first bytes are read
    assert all("gzip" in served.headers.get("Accept-Encoding", "") for served in pages)


def test_no_request_leaves_the_sites_hosts_or_falls_into_a_trap(crawled):
    hosts = {spider.host for spider in Registry.of_package().values()}
    for served in crawled.requests:
        assert served.host in hosts
        for trap in ("/vi/en", "day=", "print.aspx", "pop_up", "/login", "p_p_id=58", "p_p_id=59", "redirect="):
            assert trap not in served.path, served.path


def test_limit_is_a_number_of_articles(portals, tmp_path):
    done = crawl_replicas(portals, tmp_path, "hanoi_haibatrung", limit=5)
    found = done.site("hanoi_haibatrung")["articles"]
    assert (found, done.code) == (5, 0), f"--limit 5 stores {found} articles and exits with {done.code}"


def test_limit_is_reached_over_pages_that_do_not_count(portals, tmp_path):
    """The first lists hold pages that are not stored; the limit goes on to the next ones."""
    done = crawl_replicas(portals, tmp_path, "thainguyen_huongson", limit=14)
    found = done.site("thainguyen_huongson")["articles"]
    assert found == 14, f"--limit 14 stores {found} articles where some pages do not count"


def test_since_leaves_older_articles_out(portals, tmp_path):
    done = crawl_replicas(portals, tmp_path, "hanoi_sotttt", since="2022-06-01")
    assert done.code == 0 and done.site("hanoi_sotttt")["skipped"]["before_since"] > 0
    with sqlite3.connect(done.db) as connection:
        days = [row[0] for row in connection.execute("SELECT published_at FROM articles")]
    assert days and min(days) >= "2022-06-01", f"--since 2022-06-01 stores an article of {min(days, default='no day')}"


def test_a_second_run_fetches_no_article_it_has(portals, tmp_path):
    first = crawl_replicas(portals, tmp_path, "hanoi_sotttt")
    second = crawl_replicas(portals, tmp_path, "hanoi_sotttt")
    assert second.code == 0, f"a second crawl fails: {second.err}"
    assert second.site("hanoi_sotttt")["new"] == 0, "a second crawl calls articles new that it has"
    assert first.site("hanoi_sotttt")["new"] > 15
    assert second.site("hanoi_sotttt")["rechecked"] == second.site("hanoi_sotttt")["unchanged"] <= 1
    fetched = [served.path for served in second.requests if "view_content/" in served.path]
    failing = [served.path for served in first.requests if "view_content/" in served.path and "4240027" in served.path]
    looked_at = second.site("hanoi_sotttt")["rechecked"]
    assert len(set(fetched) - set(failing)) == looked_at, "a second crawl fetches old articles besides"
    assert len(second.requests) < len(first.requests) / 2, "a second crawl asks for nearly as much as the first"


def test_full_fetches_all_again_and_changes_nothing(portals, tmp_path):
    first = crawl_replicas(portals, tmp_path, "hatinh_honglinh")
    again = crawl_replicas(portals, tmp_path, "hatinh_honglinh", full=True)
    report = again.site("hatinh_honglinh")
    assert report["new"] == report["changed"] == 0
    assert report["unchanged"] == first.site("hatinh_honglinh")["new"]


def is_article(path):
    return "/content/" in path or "view_content/" in path


def articles_answered(portals):
    return [served for served in portals.requests if served.status == 200 and is_article(served.path)]


def stored_count(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT count(*) FROM articles").fetchone()[0]


def test_an_interrupt_stops_soon_and_keeps_what_was_fetched(portals, tmp_path):
    portals.keep_back(is_article, after=40)  # so that it cannot end by itself
    with start_crawl(portals, tmp_path, settings={"DOWNLOAD_DELAY": 0.1}) as run:
        wait_for(lambda: len(articles_answered(portals)) > 10, run)
        before = len(portals.requests)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate()
    assert run.returncode == 130, f"an interrupted crawl exits with {run.returncode}, not 130: {err}"
    more = len(portals.requests) - before
    open_at_once = own_settings.CONCURRENT_REQUESTS * len(
        Registry.of_package()
    )  # requests handed in already, some of them sent
    assert more <= open_at_once, f"after Ctrl-C the crawl went on and asked for {more} pages"
    assert stored_count(tmp_path / "a.db") >= 8, "what was fetched before Ctrl-C is not in the database"
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert {site["status"] for site in summary["sites"]} == {"interrupted"}


def test_a_kill_loses_nothing_that_was_fetched_before_the_last_commit(portals, crawled, tmp_path):
    """What came is committed while the crawl goes on, here while it waits for further pages; then it is killed.

    Pages that hold no article are left out: the crawl asks for another address of theirs first, which is kept back.
    """
    db = tmp_path / "a.db"

    def read(sql, path=db):
        with sqlite3.connect(path) as connection:
            return connection.execute(sql).fetchall()

    def kept():
        pages = read("SELECT url FROM article_urls UNION SELECT url FROM skipped") if db.exists() else []
        return {url.split("://", 1)[1] for (url,) in pages}

    with_article = {url.split("://", 1)[1] for (url,) in read("SELECT url FROM article_urls", crawled.db)}

    def answered():
        return {served.host + served.path for served in articles_answered(portals)} & with_article

    portals.keep_back(is_article, after=13)
    with start_crawl(portals, tmp_path) as run:
        wait_for(lambda: len(articles_answered(portals)) >= 13, run)
        wait_for(lambda: answered() <= kept(), run)
        assert run.poll() is None, "the crawl ended although pages were kept back"
        came = answered()
        assert came
        run.kill()
        assert not came - kept(), "a killed crawl lost articles that it had committed"
    assert read("PRAGMA integrity_check") == [("ok",)], "a killed crawl leaves a damaged database"
    assert read("SELECT count(*) FROM runs WHERE status = 'running'")[0][0] > 0


def test_a_second_run_on_the_same_database_does_nothing(tmp_path):
    db = tmp_path / "a.db"
    with FileLock(f"{db}.lock"):
        done = tinphuong("--db", db, "crawl", "hanoi_sotttt", "--replay", __file__ + ".warc")
        assert done.returncode == 2  # a missing file is said before anything else
        (tmp_path / "x.warc").write_bytes(WARC)
        done = tinphuong("--db", db, "crawl", "hanoi_sotttt", "--replay", tmp_path / "x.warc")
    found = (done.returncode, done.stderr)
    assert found[0] == 75 and "another run" in found[1], (
        f"a second crawl of the same database does not give way: {found}"
    )


WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://sotttt.hanoi.gov.vn/\r\n"
    b"WARC-Date: 2022-08-27T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: 59\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html></html>\r\n\r\n\r\n"
)
