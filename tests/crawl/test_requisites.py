"""Real crawls that keep what pages need to look as they did."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.replica_portals.icon_font import icon_font
from crawler.replica_portals.special import Answer, picture, redirect
from storage import Collection
from storage.fixity.verification import verify
from storage.pruning.rules import Rules, choose
from tests.crawl.test_attachments import Portals, rows
from tests.running import crawl_replicas, tinphuong

SITE, HOST, CDN = "hatinh_honglinh", "honglinh.hatinh.gov.vn", "cdn.example.vn"
KEEP = {
    "TINPHUONG_REQUISITES": True, "TINPHUONG_REQUISITE_MAXSIZE": 90_000, "TINPHUONG_REQUISITES_PER_PAGE": 24,
    "RETRY_TIMES": 1, "RETRY_BACKOFF": 0.02,
}  # fmt: skip
OWN = f"https://{HOST}/trang-tri/"
LINKS = f"""
<link rel="stylesheet" href="/trang-tri/chinh.css"><link rel="stylesheet" href="/trang-tri/chung.css">
<link rel="stylesheet" href="https://{CDN}/kin/a.css"><link rel="stylesheet" href="http://127.0.0.1/b.css">
<link rel="alternate stylesheet" href="/trang-tri/trang.css"><link rel="stylesheet" href="/trang-tri/hong.css">
<script src="/trang-tri/a.js"></script><script src="https://{CDN}/a.js"></script>
<style>i {{ background: url(/trang-tri/to.png) }}</style></head>"""
CSS, SCRIPT = "text/css", Answer(b"var a = 1;", "text/javascript")
LARGE = b"\x89PNG\r\n\x1a\n" + bytes(100_000)


class DressedPortals(Portals):
    """The replica portals, whose pages name more than their own style sheet."""

    def _answer(self, host, scheme, target):
        answer = super()._answer(host, scheme, target)
        if "html" not in answer.content_type or host != HOST:
            return answer
        return replace(answer, body=answer.body.replace(b"</head>", LINKS.encode()), packed=None)


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """A site crawled twice, with all that can befall a requisite."""
    folder = tmp_path_factory.mktemp("requisites")
    with DressedPortals() as portals:
        portals.answers = {
            (HOST, "/trang-tri/chinh.css"): Answer(
                b'@import "them.css"; body { background: url(nen.png) } @font-face { src: url(chu.woff) }', CSS
            ),
            (HOST, "/trang-tri/them.css"): Answer(b"@import url(chinh.css); b { background: url('mat.png') }", CSS),
            (HOST, "/trang-tri/nen.png"): picture("nen"),
            (HOST, "/trang-tri/chu.woff"): Answer(icon_font(), "application/octet-stream"),
            (HOST, "/trang-tri/mat.png"): Answer(b"Not found", "text/plain", 404),
            (HOST, "/trang-tri/chung.css"): redirect(f"https://{CDN}/v2/chung.css"),
            (CDN, "/v2/chung.css"): Answer(f"p {{ background: url(../nen.png), url({OWN}sau.png) }}".encode(), CSS),
            (CDN, "/nen.png"): picture("nen"),
            (HOST, "/trang-tri/sau.png"): picture("sau"),
            (HOST, "/trang-tri/trang.css"): Answer("<!DOCTYPE html><title>Không có</title><p>Không có".encode()),
            (HOST, "/trang-tri/hong.css"): Answer(b"", "text/plain", 503),
            (HOST, "/trang-tri/a.js"): SCRIPT,
            (CDN, "/a.js"): SCRIPT,
            (HOST, "/trang-tri/to.png"): Answer(LARGE, "image/png"),
            (CDN, "/robots.txt"): Answer(b"User-agent: *\nDisallow: /kin/\n", "text/plain"),
        }
        first = crawl_replicas(portals, folder, SITE, settings=KEEP)
        portals.answers[HOST, "/trang-tri/hong.css"] = Answer(b"u { background: url(muon.gif) }", CSS)
        portals.answers[HOST, "/trang-tri/muon.gif"] = Answer(b"GIF89a" + bytes(30), "image/gif")
        yield first, crawl_replicas(portals, folder, SITE, settings=KEEP)


def asked(done):
    return Counter(f"{s.host}{s.path}" for s in done.requests if "/trang-tri/" in s.path or s.host == CDN)


def of_first(db):
    """The requisites that the first run asked for: name → row."""
    found = {row["url"].removeprefix(OWN): row for row in rows(db, "SELECT * FROM requisites")}
    return {name: row for name, row in found.items() if name not in ("hong.css", "muon.gif")}


def test_each_requisite_is_kept_or_has_its_reason(twice):
    first, _ = twice
    assert first.code == 0, f"a crawl with requisites fails: {first.err}"
    found = of_first(first.db)
    assert {name: row["fetch_error"] for name, row in found.items() if row["fetch_error"]} == {
        "mat.png": "http_404", "trang.css": "not_a_requisite", "to.png": "too_large",
        f"https://{CDN}/kin/a.css": "robots_forbidden", "http://127.0.0.1/b.css": "internal_address",
    }  # fmt: skip
    kept = {name: row["kind"] for name, row in found.items() if row["capture_id"] and "/" not in name}
    assert kept == {
        "chinh.css": "style", "them.css": "style", "chung.css": "style", "chu.woff": "font", "nen.png": "picture",
        "sau.png": "picture", "a.js": "script",
    }  # fmt: skip
    report = first.site(SITE)
    assert report["requisites"] == sum(row["capture_id"] is not None for row in found.values())
    assert report["requisites_failed"] == {
        "http_404": 1, "not_a_requisite": 1, "too_large": 1, "robots_forbidden": 1, "internal_address": 1,
        "http_503": 1,
    }  # fmt: skip
    assert "Requisites not kept:" in first.out and "requisites" in first.out.splitlines()[0]
    assert report["articles"] == 17 and report["attachments"] == 0


def test_every_page_has_what_its_style_sheets_need(twice):
    first, _ = twice
    sql = "SELECT count(*) AS n FROM article_requisites r JOIN requisites q ON q.id = r.requisite_id WHERE q.url LIKE ?"
    articles = rows(first.db, "SELECT count(*) AS n FROM articles")[0]["n"]
    for name in ("chinh.css", "them.css", "chu.woff", "sau.png", "muon.gif"):
        assert rows(first.db, sql, f"%/{name}")[0]["n"] == articles, name


def test_one_content_is_kept_once(twice):
    first, _ = twice
    sql = "SELECT revisit_of IS NOT NULL AS again FROM captures WHERE kind = 'requisite' AND url LIKE ? ORDER BY id"
    for name in ("%/nen.png", "%/a.js"):
        assert [row["again"] for row in rows(first.db, sql, name)] == [0, 1]
    assert rows(first.db, sql, "%/trang.css") == []  # a web page in the place of a style sheet
    assert verify(first.db, lambda done, of: None).damage == []


def test_each_is_asked_for_once_and_again_only_where_it_may_still_come(twice):
    first, second = twice
    again = {name for name, times in asked(first).items() if times > 1}
    assert again == {f"{HOST}/trang-tri/hong.css"}  # tried once more
    assert set(asked(second)) == {f"{HOST}/trang-tri/hong.css", f"{HOST}/trang-tri/muon.gif"}
    assert second.site(SITE)["requisites"] == 2 and second.site(SITE)["requisites_failed"] == {}


def test_exports_bring_them_along(twice, tmp_path):
    first, _ = twice
    chosen = ("--db", first.db, "export", "--query", "vườn cam")
    for name in ("sqlite", "wacz"):
        done = tinphuong(*chosen, name, tmp_path / f"x.{name}")
        assert done.returncode == 0, f"an export with requisites fails: {done.stderr}"
    (article,) = rows(tmp_path / "x.sqlite", "SELECT id FROM articles")
    sql = (
        "SELECT c.url, c.payload_digest FROM article_requisites r JOIN requisites q ON q.id = r.requisite_id "
        "JOIN captures c ON c.id = q.capture_id WHERE r.article_id = ? ORDER BY c.url"
    )
    kept = rows(first.db, sql, article["id"])
    assert rows(tmp_path / "x.sqlite", sql, article["id"]) == kept and len(kept) > 9
    sql = "SELECT count(*) AS n FROM captures WHERE kind = 'redirect' AND url LIKE '%/chung.css'"
    assert rows(tmp_path / "x.sqlite", sql)[0]["n"] == 1


def test_nothing_that_a_page_needs_is_pruned(twice):
    first, _ = twice
    with Collection(first.db) as collection:
        choose(collection, Rules(0, 0, 0), datetime.now(UTC) + timedelta(days=9000))
        sql = "SELECT count(*) AS n FROM temp.pruned p JOIN requisites q ON q.capture_id = p.id"
        assert next(collection.rows(sql))["n"] == 0


def test_bounds_leave_the_rest_under_their_reason(twice, tmp_path):
    with DressedPortals() as portals:
        portals.answers = {
            (HOST, "/trang-tri/"): Answer(b"a { background: url(mot.css) }", CSS), (CDN, "/"): SCRIPT,
        }  # fmt: skip
        few = KEEP | {"TINPHUONG_REQUISITES_PER_PAGE": 3, "TINPHUONG_REQUISITES_MAXSIZE": 40, "TINPHUONG_LIMIT": 1}
        done = crawl_replicas(portals, tmp_path, SITE, settings=few)
    report = done.site(SITE)
    assert len(rows(done.db, "SELECT 1 FROM article_requisites")) == 3
    assert report["requisites_failed"]["too_many"] > 5 and report["requisites_failed"]["run_bound"] == 2
    assert "the bound of one run was reached" in report["message"]


def test_a_replay_keeps_what_the_archive_has(twice, tmp_path):
    first, _ = twice
    archive, db = tmp_path / "all.warc.gz", tmp_path / "replayed.db"
    done = tinphuong("--db", first.db, "export", "warc", archive)
    assert done.returncode == 0, f"an export with requisites fails: {done.stderr}"
    run = ("--db", db, "crawl", SITE, "--replay", archive, "--replay-all", "--requisites", "--summary", tmp_path / "s")
    done = tinphuong(*run)
    assert done.returncode == 0, f"a replay with requisites fails: {done.stderr}"
    sql = "SELECT url, kind FROM requisites WHERE capture_id IS NOT NULL ORDER BY url"
    assert rows(db, sql) == rows(first.db, sql)
    report = json.loads((tmp_path / "s").read_text())["sites"][0]
    assert set(report["requisites_failed"]) == {"not_in_archive"}
    done = tinphuong(*run)
    assert json.loads((tmp_path / "s").read_text())["totals"]["requisites"] == 0


@pytest.mark.parametrize("name", ["sqlite", "bagit"])
def test_an_import_takes_them_over_and_no_second_time(twice, tmp_path, name):
    first, _ = twice
    whole, back = tmp_path / "x", tmp_path / "again.db"
    done = tinphuong("--db", first.db, "export", name, whole)
    assert done.returncode == 0, f"an export with requisites fails: {done.stderr}"
    for _ in range(2):
        done = tinphuong("--db", back, "import", whole)
        assert done.returncode == 0, f"an import with requisites fails: {done.stderr}"
    links = (
        "SELECT a.key, q.url, q.kind, q.fetch_error, c.record_id IS NOT NULL AS is_kept FROM article_requisites r "
        "JOIN articles a ON a.id = r.article_id JOIN requisites q ON q.id = r.requisite_id "
        "LEFT JOIN captures c ON c.id = q.capture_id ORDER BY a.key, q.url"
    )
    theirs = rows(first.db, links)
    if name == "sqlite":  # captures do not come with it
        theirs = [row | {"is_kept": 0} for row in theirs]
    assert rows(back, links) == theirs and len(theirs) > 200
    read = "SELECT a.key, d.page_digest FROM requisites_read d JOIN articles a ON a.id = d.article_id ORDER BY a.key"
    assert rows(back, read) == rows(first.db, read)
    assert verify(back, lambda done, of: None).damage == []
