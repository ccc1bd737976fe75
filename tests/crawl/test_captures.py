"""The captures of real crawls: kept, found again, read again, and whole after a kill."""

import json
import shutil
import sqlite3
import subprocess
from collections import Counter
from dataclasses import replace

import pytest

from crawler.extraction import Layout
from crawler.pipelines.reread_capture import read_again
from crawler.replica_portals.server import PortalServer
from crawler.reprocess.reprocess import reprocess
from crawler.run.reading.reader import PageReader
from crawler.text import content_hash
from spiders.registry import Registry
from storage import Collection
from storage.archives.warc import read_record, records
from storage.fixity.verification import verify
from storage.versions import captured_articles, captured_page
from tests.running import crawl_replicas, run, start_crawl, tinphuong, wait_for
from tests.storage.captured import warcio_check

REGISTRY = Registry.of_package()

SITES = ("hanoi_sotttt", "thainguyen_hoangvanthu")


def files(db):
    return sorted(db.with_suffix(".captures").glob("*.warc.gz"))


def rows(db, sql, *arguments):
    with sqlite3.connect(db) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, arguments)]


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Two sites crawled, and all crawled again with --full; gives both crawls."""
    folder = tmp_path_factory.mktemp("captures")
    with PortalServer() as portals:
        return crawl_replicas(portals, folder, *SITES), crawl_replicas(portals, folder, *SITES, full=True)


def test_warcio_finds_nothing_wrong_in_any_file(crawled, twice):
    for db in (crawled.db, twice[0].db):
        assert files(db) and warcio_check(*files(db)) == (0, "")


def test_every_response_is_kept_but_errors_behind_guessed_links(crawled):
    kept = Counter(row["url"] for row in rows(crawled.db, "SELECT url FROM captures"))
    served = Counter(f"{item.scheme}://{item.host}{item.path}" for item in crawled.requests)
    missing = served - kept
    statuses = {f"{item.scheme}://{item.host}{item.path}": item.status for item in crawled.requests}
    assert not kept - served
    assert all(statuses[url] >= 400 for url in missing)
    kinds = {row["kind"] for row in rows(crawled.db, "SELECT kind FROM captures")}
    assert kinds == {"article", "listing", "robots", "redirect"}


def test_kinds_and_statuses_are_true(crawled):
    for row in rows(crawled.db, "SELECT kind, url, status FROM captures"):
        assert (row["kind"] == "robots") == row["url"].endswith("/robots.txt")
        assert (row["kind"] == "redirect") == (row["status"] in (301, 302))
    assert rows(crawled.db, "SELECT id FROM captures WHERE kind = 'article' AND status = 404")


def test_every_article_points_to_the_page_that_gives_it(crawled):
    with Collection(crawled.db) as collection:
        ids = [number for number, _ in captured_articles(collection)]
        assert len(ids) == next(collection.rows("SELECT count(*) AS n FROM articles"))["n"] > 80
        pages = PageReader(REGISTRY, seconds=0, memory=0, readers=0)  # in this process
        for article_id in ids:
            page = captured_page(collection, article_id)
            (done,) = pages.each([read_again(pages.several, page, REGISTRY[page.row["site"]])])
            item = done.result()
            assert (item.article.title, item.article.body) == (page.row["title"], page.row["body"])
            assert content_hash(item.article.title, item.article.body) == page.row["content_hash"]


def test_bodies_are_kept_as_they_came_over_the_wire(crawled):
    place = rows(crawled.db, "SELECT * FROM captures WHERE kind = 'article' AND status = 200 LIMIT 1")[0]
    record = read_record(crawled.db.with_suffix(".captures") / place["file"], place["offset"])
    assert record.http_header("Content-Encoding") == "gzip" and record.payload[:2] == b"\x1f\x8b"
    assert record.http_header("Content-Length") == str(len(record.payload))
    assert record.http_header("Transfer-Encoding") is None
    assert record.headers["warc-ip-address"] == "127.0.0.1"


def test_the_request_is_kept_beside_the_response(crawled):
    asked = [record for record in records(files(crawled.db)[0]) if record.type == "request"]
    assert asked and all(b"User-Agent: tinphuong/" in record.block for record in asked)
    for record in asked:
        host, _, path = record.url.split("://")[1].partition("/")
        assert record.block.startswith(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n".encode())


def test_what_did_not_change_is_kept_once(twice):
    first, second = twice
    total, revisits = (
        rows(second.db, f"SELECT count(*) AS n FROM captures WHERE run_id > 2 {more}")[0]["n"]
        for more in (
            "AND kind = 'article' AND status = 200",
            "AND kind = 'article' AND status = 200 AND revisit_of > 0",
        )
    )
    assert total >= first.site(SITES[0])["articles"] + first.site(SITES[1])["articles"] and revisits == total
    sizes = {
        row["run"]: row["n"]
        for row in rows(second.db, "SELECT run_id > 2 AS run, sum(length) AS n FROM captures GROUP BY 1")
    }
    assert sizes[1] < sizes[0] / 4
    newest = rows(second.db, "SELECT min(c.run_id) AS run FROM articles a JOIN captures c ON c.id = a.capture_id")
    assert newest[0]["run"] > 2
    assert len(files(second.db)) == 1


def whole(db):
    """What verify calls damaged; None where nothing is."""
    return verify(db, quietly).damage or None


def quietly(done, total):
    pass


@pytest.fixture
def copied(twice, tmp_path):
    """The database of both crawls and its captures, to be damaged."""
    db = twice[1].db
    shutil.copy(db, tmp_path)
    shutil.copytree(db.with_suffix(".captures"), tmp_path / "a.captures")
    return tmp_path / "a.db"


def test_verify_and_reprocess_find_nothing_to_say(twice):
    done = tinphuong("--db", twice[1].db, "verify")
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "all is whole" in said, f"verify finds damage in a fresh collection: {said}"
    result = reprocess(twice[1].db, REGISTRY, progress=quietly)
    assert result.clean and result.differing == 0 and result.articles > 30


def test_captures_can_be_switched_off(portals, tmp_path):
    done = crawl_replicas(portals, tmp_path, "hanoi_sotttt", limit=2, settings={"TINPHUONG_CAPTURE": False})
    assert done.code == 0 and not done.db.with_suffix(".captures").exists()
    assert rows(done.db, "SELECT capture_id FROM articles") == [{"capture_id": None}] * 2


def test_a_replay_keeps_what_it_reads_unless_captures_are_off(twice, tmp_path):
    archive = files(twice[0].db)[0]
    off = tmp_path / "off.db"
    job = {"names": ["hanoi_sotttt"], "db": str(off), "summary": str(tmp_path / "r.json"), "replay": [str(archive)],
           "settings": {"TINPHUONG_CAPTURE": False}, "limit": 1}  # fmt: skip
    done = run("tests.crawl.runner", json.dumps(job))
    assert "Traceback" not in done.stderr and not off.with_suffix(".captures").exists()
    assert rows(off, "SELECT capture_id FROM articles") == [{"capture_id": None}]
    db = tmp_path / "r.db"
    done = tinphuong("--db", db, "crawl", "hanoi_sotttt", "--replay", archive)
    assert "Traceback" not in done.stderr, f"a replay that keeps captures shows a traceback: {done.stderr}"
    assert warcio_check(*files(db)) == (0, "") and not whole(db)
    pairs = rows(db, "SELECT a.id FROM articles a JOIN captures c ON c.id = a.capture_id WHERE c.kind = 'article'")
    assert len(pairs) == len(rows(db, "SELECT id FROM articles")) > 15
    days = rows(twice[0].db, "SELECT min(captured_at) AS first, max(captured_at) AS last FROM captures")[0]
    for row in rows(db, "SELECT captured_at FROM captures"):
        assert days["first"] <= row["captured_at"] <= days["last"]  # when it was captured, not when it was replayed


def test_reprocess_stores_what_is_read_differently(copied):
    db = copied
    with Collection(db) as collection:
        ids = [number for number, _ in captured_articles(collection)]
        collection.change_article(ids[0], {"author": "Sai tên", "published_at": "1999-01-01"})
        row = next(collection.rows("SELECT * FROM articles WHERE id = ?", (ids[1],)))
        collection.change_article(
            ids[1], {"body": "Văn bản cũ.", "content_hash": content_hash(row["title"], "Văn bản cũ.")}
        )
    before = rows(db, "SELECT * FROM articles ORDER BY id")
    dry = reprocess(db, REGISTRY, dry_run=True, progress=quietly).to_dict()
    assert dry["differing"] == 2 and dry["new_texts"] == 1 and rows(db, "SELECT * FROM articles ORDER BY id") == before
    done = tinphuong("--db", db, "reprocess", "--since", "2020-01-01")
    assert (
        done.returncode == 0
        and "Sai tên" in done.stdout
        and "2 read differently, 1 of them in their text" in done.stdout
    )
    after = {row["id"]: row for row in rows(db, "SELECT * FROM articles")}
    assert after[ids[1]]["body"] == row["body"] and after[ids[1]]["changed_at"] is None
    assert after[ids[0]]["author"] != "Sai tên" and after[ids[0]]["changed_at"] is None
    assert rows(db, "SELECT * FROM versions") == [], "our better reading is kept as a version of theirs"
    assert after[ids[1]]["run_id"] != row["run_id"], "harvesters are not told of the corrected text"
    assert {row["status"] for row in rows(db, "SELECT status FROM runs WHERE mode = 'reprocess'")} == {"ok"}
    assert reprocess(db, REGISTRY, site="hanoi_sotttt", progress=quietly).differing == 0
    assert reprocess(db, REGISTRY, since="2999-01-01", progress=quietly).articles == 0


def test_reprocess_reads_a_page_with_the_layout_of_its_capture(copied, monkeypatch):
    """Of two layouts the one of the capture's day counts; a page that has neither leaves its article alone."""
    spider = REGISTRY["hanoi_sotttt"]
    today = spider.platform
    elsewhere = Layout(name="redesigned", container=("//div[@id='not-there']",))
    redesigned = replace(today, layout=elsewhere)
    monkeypatch.setattr(spider, "platform", redesigned)
    result = reprocess(copied, REGISTRY, site="hanoi_sotttt", dry_run=True, progress=quietly)
    assert len(result.lost) == result.articles > 15 and not result.clean
    monkeypatch.setattr(spider, "platform", replace(redesigned, layouts=(("2999-12-31", today.layout),)))
    result = reprocess(copied, REGISTRY, site="hanoi_sotttt", dry_run=True, progress=quietly)
    assert result.clean and result.differing == 0


def test_what_cannot_be_read_is_said(copied):
    files(copied)[0].unlink()
    done = tinphuong("--db", copied, "--json", "reprocess", "--site", "hanoi_sotttt")
    result = json.loads(done.stdout)
    assert done.returncode == 1 and len(result["unusable"]) == result["articles"] > 15
    assert result["unusable"][0]["why"].endswith("is missing")
    done = tinphuong("--db", copied, "verify")
    assert done.returncode == 1 and "missing file" in done.stdout


@pytest.mark.parametrize("command", ["verify", "reprocess"])
def test_without_a_database_it_is_said(tmp_path, command):
    done = tinphuong("--db", tmp_path / "none.db", command)
    assert done.returncode == 2 and "there is no database" in done.stderr


def test_after_a_kill_the_next_run_goes_on_and_all_is_whole(portals, tmp_path):
    db = tmp_path / "a.db"
    for more in (20, 12):
        enough = len(portals.requests) + more
        with start_crawl(portals, tmp_path) as run:
            wait_for(lambda enough=enough: len(portals.requests) >= enough, run)
            run.kill()
    known = len(rows(db, "SELECT id FROM captures"))
    path = files(db)[-1]
    path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08\x00 torn")  # the write that a power cut would have cut
    assert whole(db)
    done = crawl_replicas(portals, tmp_path, *SITES, limit=3)
    assert "cut off by an earlier end" in done.err, "a crawl after a power cut does not say what it repaired"
    assert done.code == 0, f"a crawl after a power cut fails: {done.err}"
    assert len(rows(db, "SELECT id FROM captures")) >= known, "a crawl after a kill lost captures"
    assert not whole(db), "a crawl after a kill leaves damaged captures"
    assert warcio_check(*files(db)) == (0, "")


@pytest.fixture
def small_disk(tmp_path):
    """A folder of captures on a file system of 100 kB, and the function that makes room on it."""
    folder = tmp_path / "a.captures"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small file system takes root; tests/storage tries the same with a limit on file sizes")
    yield lambda: subprocess.run(["mount", "-o", "remount,size=8m", str(folder)], check=True)
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_ends_the_run_as_failed_and_keeps_what_was_stored(portals, tmp_path, small_disk):
    done = crawl_replicas(portals, tmp_path, "hanoi_sotttt")
    report = done.site("hanoi_sotttt")
    found = (done.code, report["status"], report["reason"])
    assert found == (1, "failed", "not_kept"), f"on a full disk a crawl reports {found}"
    assert "make room" in done.err, f"on a full disk a crawl does not say to make room: {done.err}"
    assert "Traceback" not in done.err, f"on a full disk a crawl shows a traceback: {done.err}"
    stored = rows(done.db, "SELECT id, capture_id FROM articles")
    assert stored and all(row["capture_id"] for row in stored)
    assert not whole(done.db)
    small_disk()
    again = crawl_replicas(portals, tmp_path, "hanoi_sotttt")
    assert again.code == 0 and again.site("hanoi_sotttt")["new"] > 0, f"with room again the crawl fails: {again.err}"
    assert not whole(done.db)
