"""Sites whose pages only a script fills, crawled with a real browser."""

import csv
import importlib.util
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from storage.archives.archive import Archive
from storage.archives.captures import folder_of, warc_files
from storage.archives.warc import FINISHED, records
from tests.browse.chromium import browser_path
from tests.running import ROOT, real_tinphuong, start, tinphuong, wait_for
from tests.scripted.portal import STORIES, Portal, Served

with_browser = pytest.mark.skipif(
    browser_path() is None or importlib.util.find_spec("scrapy_playwright") is None,
    reason="no Chromium or not the group `browser`: apt-get install chromium, pip install 'tinphuong[browser]'",
)

PAGE = (
    "<!DOCTYPE html><html><head><title>Phường</title></head><body><div id='app'></div><script>{}</script></body></html>"
)
BY_HASH = (
    "app.innerHTML = [1, 2, 3, 4].map(n => '<p><a href=\"#/tin/' + n + '.html\">Tin số ' + n + '</a></p>').join('')"
)
ELSEWHERE = (
    "fetch('http://127.0.0.2:1/tin.json'); fetch('http://may.khac.test/tin.json'); location = 'http://khac.test/'"
)
LIST = "".join(f'<a href="/tin/{story["id"]}.html">{story["title"]}</a>' for story in STORIES.values())
PORTALS = {
    "thu_danhsach": ("lists", Portal("Bờ Đê")),
    "thu_tatca": ("pages", Portal("Bến Cũ", plain_articles=False)),
    "thu_dauthang": ("lists", Portal("Cầu Mới", pages={"/": PAGE.format(BY_HASH)})),
    "thu_treo": ("lists", Portal("Đông Ngạn", pages={"/": PAGE.format("while (true) {}")})),
    "thu_noikhac": ("lists", Portal("Gò Vàng", pages={"/": PAGE.format(ELSEWHERE)})),
    "thu_thuong": ("", Portal("Hồ Sen", pages={"/": LIST})),
}  # fmt: skip


@pytest.fixture(scope="module")
def served():
    """Slug → the portal with its server, of all: each at an address of its own, as archives do not tell ports apart."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TINPHUONG_ALLOW_PRIVATE", "127.3.0.0/16")
        patch.setenv("TINPHUONG_DELAY", "0.01")
        yield {
            slug: stack.enter_context(Served(portal, f"127.3.0.{number}"))
            for number, (slug, (_, portal)) in enumerate(PORTALS.items(), 1)
        }


@pytest.fixture(scope="module")
def table(served, tmp_path_factory):
    """The table of all sites."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["slug", "name", "host", "scheme", "delay", "timeout", "render"])
    for slug, (render, _) in PORTALS.items():
        writer.writerow(
            [slug, "Phường Bờ Đê", served[slug].host, "http", "0.01", "2" if slug == "thu_treo" else "", render]
        )
    path = tmp_path_factory.mktemp("scripted") / "sites.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def crawled(table):
    """(database, summary, exit code, what was said) of one crawl of all."""
    db, summary = table.with_name("a.db"), table.with_name("a.json")
    done = tinphuong("--db", db, "--sites", table, "crawl", *PORTALS, "--summary", summary)
    sites = {site["site"]: site for site in json.loads(summary.read_text(encoding="utf-8"))["sites"]}
    return db, sites, done


def rows(db, sql, *values):
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql, values).fetchall()


def texts(db, site):
    return rows(db, "SELECT url, title, body, published_at FROM articles WHERE site = ? ORDER BY url", site)


@with_browser
def test_lists_that_a_script_fills_are_read_and_shown_to_their_end(crawled):
    db, sites, done = crawled
    assert sites["thu_danhsach"]["status"] == "ok", done.stdout + done.stderr
    assert {title for _, title, _, _ in texts(db, "thu_danhsach")} == {story["title"] for story in STORIES.values()}
    kinds = "SELECT count(*) FROM captures WHERE site = 'thu_danhsach' AND kind = 'article'"
    assert rows(db, kinds) == [(len(STORIES),)], "articles come without the browser: one capture each"


@with_browser
def test_articles_that_a_script_fills_are_read(crawled):
    db, sites, _ = crawled
    assert sites["thu_tatca"]["status"] == "ok"
    found = texts(db, "thu_tatca")
    assert {title for _, title, _, _ in found} == {story["title"] for story in STORIES.values()}
    for _, title, body, published_at in found:
        story = next(story for story in STORIES.values() if story["title"] == title)
        assert body == "\n\n".join(PORTALS["thu_tatca"][1].body_of(story)) and published_at.startswith(
            f"2025-03-{story['id'] + 10:02}T08:0"
        )


@with_browser
@pytest.mark.parametrize("slug", ["thu_danhsach", "thu_tatca"])
def test_what_a_page_asks_for_keeps_the_rules_of_the_crawl(crawled, slug):
    asked = PORTALS[slug][1].asked
    assert asked[0] == "/robots.txt" and asked.count("/robots.txt") == 1
    assert not {"/cam/kin.json", "/style.css", "/logo.png", "/beacon", "/favicon.ico"} & {*asked}
    assert asked.count("/app.js") == 1, "a script is asked for once in a run"
    (agent,) = PORTALS[slug][1].agents
    assert agent.startswith("tinphuong/")


@with_browser
def test_a_site_that_no_browser_helps_says_why_and_holds_up_no_other(crawled):
    _, sites, done = crawled
    assert done.returncode == 1
    assert sites["thu_thuong"]["status"] == "ok"
    said = {slug: (site["reason"], site["message"]) for slug, site in sites.items() if site["status"] == "failed"}
    assert {*said} == {"thu_dauthang", "thu_treo", "thu_noikhac"}
    assert "what follows # (#/tin/1), which is no address that a server knows" in said["thu_dauthang"][1]
    assert said["thu_treo"][0] == "too_slow"
    assert "requests of its scripts were not sent (offsite 3)" in said["thu_noikhac"][1]


@with_browser
def test_the_answers_and_the_finished_page_are_both_kept(crawled):
    db, _, _ = crawled
    found = {}
    for path in warc_files(folder_of(db)):
        for record in records(path):
            found.setdefault((record.type, record.headers.get("warc-target-uri", "")), []).append(record)
    for url, *_ in texts(db, "thu_tatca"):
        (finished,) = found["resource", FINISHED + url]
        (came,) = found.get(("response", url)) or found["revisit", url]  # all these pages are the same frame
        assert came.type == "revisit" or b'<div id="app"></div>' in came.payload
        assert finished.headers["warc-concurrent-to"] == f"<{came.id}>"
        assert finished.http_header("Content-Type") == "text/html; charset=utf-8"
        sql = "SELECT c.record_id, c.kind FROM articles a JOIN captures c ON c.id = a.capture_id WHERE a.url = ?"
        assert rows(db, sql, url) == [(finished.id, "article")]
    assert any(url.endswith("/api/tin?from=0") for kind, url in found if kind == "response")


@with_browser
def test_a_collection_with_finished_pages_is_whole(crawled):
    db, _, _ = crawled
    done = tinphuong("--db", db, "verify")
    assert done.returncode == 0 and "all is whole" in done.stdout, done.stdout
    for path in warc_files(folder_of(db)):
        checked = subprocess.run([sys.executable, "-m", "warcio.cli", "check", path], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout


@with_browser
def test_finished_pages_are_replayed_and_read_again_without_a_browser(crawled, table, tmp_path, monkeypatch):
    db, _, _ = crawled
    monkeypatch.setenv("TINPHUONG_BROWSER_PROGRAM", "/none")
    files = warc_files(folder_of(db))
    for slug in ("thu_danhsach", "thu_tatca"):
        again = tmp_path / f"{slug}.db"
        done = tinphuong("--db", again, "--sites", table, "crawl", slug, "--replay", *files)
        assert done.returncode == 0, done.stdout + done.stderr
        assert texts(again, slug) == texts(db, slug)
    done = tinphuong("--db", db, "--sites", table, "reprocess", "--dry-run", "--json")
    said = json.loads(done.stdout)
    assert (said["articles"], said["differing"], said["lost"], said["unusable"]) == (3 * len(STORIES), 0, [], [])


@with_browser
def test_packages_and_warc_files_that_are_handed_on_hold_finished_pages(crawled, tmp_path):
    db, _, _ = crawled
    for kind in ("warc", "wacz"):
        path = tmp_path / f"a.{'warc.gz' if kind == 'warc' else kind}"
        done = tinphuong("--db", db, "export", kind, path, "--site", "thu_tatca")
        assert done.returncode == 0, done.stderr
        archive = Archive([path])
        assert not [reason for reason in archive.skipped if "index" in reason or "damaged" in reason], archive.skipped
        for url, title, *_ in texts(db, "thu_tatca"):
            capture = archive.find(url)
            assert capture.finished and title.encode() in capture.body
        archive.close()


def test_without_a_browser_a_site_says_what_to_install_and_others_go_on(table, tmp_path, monkeypatch):
    monkeypatch.setenv("TINPHUONG_BROWSER_PROGRAM", "/none")
    done = tinphuong("--db", tmp_path / "b.db", "--sites", table, "crawl", "thu_danhsach", "thu_thuong")
    assert done.returncode == 1
    assert "thu_danhsach: failed: no start page could be read: its pages need a browser, and " in done.stdout
    assert "thu_thuong: ok: 7 new" in done.stdout
    assert "Traceback" not in done.stderr


def test_plain_crawls_and_surveys_import_no_browser():
    text = "import crawler.middlewares.render, crawler.new_site.rendered, sys; print('playwright' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "False\n"


def descendants(pid):
    """The processes that a process has started, and those that they have."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(path.parent.name)] = int(parent)
    found, wave = set(), {pid}
    while wave:
        wave = {child for child, parent in parents.items() if parent in wave} - found
        found |= wave
    return found


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@with_browser
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_browser_ends_with_the_run(served, table, tmp_path, how):
    PORTALS["thu_danhsach"][1].asked.clear()
    with start("crawler", "--db", tmp_path / "c.db", "--sites", table, "crawl", "thu_danhsach") as job:
        wait_for(lambda: "/app.js" in PORTALS["thu_danhsach"][1].asked, job, "a script of the page")
        started = descendants(job.pid)
        assert any(b"--remote-debugging-pipe" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in started)
        os.kill(job.pid, how)
        job.wait()
        for pid in started:
            while is_alive(pid):
                os.sched_yield()


@with_browser
def test_new_site_proposes_what_the_browser_has_to_finish(served, tmp_path):
    for slug, render in (("thu_danhsach", "lists"), ("thu_tatca", "pages")):
        own = tmp_path / f"{slug}.csv"
        own.write_text("slug,name,host\n", encoding="utf-8")
        told = ("--sites", own, "new-site", f"http://{served[slug].host}/", "--table", "--slug", slug)
        done = real_tinphuong(*told, "--frozen", tmp_path / "frozen")
        assert done.returncode == 0, done.stderr
        assert f'a browser finishes them (render = "{render}")' in done.stdout
        with own.open(encoding="utf-8") as lines:
            assert [row["render"] for row in csv.DictReader(lines)] == [render]
        checked = tinphuong("--sites", own, "check", slug, "--frozen", tmp_path / "frozen")
        assert checked.returncode == 0, checked.stdout + checked.stderr


@with_browser
def test_new_site_says_that_pages_behind_a_hash_cannot_be_read(served):
    done = tinphuong("new-site", f"http://{served['thu_dauthang'].host}/", "--dry-run")
    assert done.returncode != 0
    assert "its script names pages by what follows # (#/tin/1)" in done.stderr, done.stderr


def test_new_site_names_what_is_missing_where_only_a_script_shows_a_list(served, monkeypatch):
    monkeypatch.setenv("TINPHUONG_BROWSER_PROGRAM", "/none")
    done = tinphuong("new-site", f"http://{served['thu_danhsach'].host}/", "--dry-run")
    assert done.returncode != 0
    assert "A browser can run it, but /none, which `browser.program` names, is no program here" in done.stderr
