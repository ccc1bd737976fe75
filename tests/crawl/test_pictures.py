"""Real crawls that keep the pictures of articles, as captures."""

import hashlib
import re
import sqlite3

import pytest

from crawler.replica_portals.special import Answer, picture, redirect
from storage import Collection
from storage.archives.captures import folder_of
from storage.files import pictures
from storage.fixity.verification import verify
from tests.crawl.test_attachments import Portals, rows
from tests.running import crawl_replicas, tinphuong

SITE, HOST = "hatinh_honglinh", "honglinh.hatinh.gov.vn"
KEEP = {"TINPHUONG_PICTURES": True, "RETRY_TIMES": 1, "RETRY_BACKOFF": 0.02}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """A site crawled twice; of its six pictures three come, one of them by way of another host."""
    folder = tmp_path_factory.mktemp("pictures")
    with Portals() as portals:
        portals.answers = {
            (HOST, "toan-canh.jpg"): redirect("https://anh.hatinh.gov.vn/toan-canh.png"),
            ("anh.hatinh.gov.vn", "/robots.txt"): Answer(b"", "text/plain"),
            ("anh.hatinh.gov.vn", "/toan-canh.png"): picture("toan-canh"),
            (HOST, "phat-bieu.jpg"): Answer(SVG, "image/svg+xml"),
            (HOST, "ky-niem.jpg"): Answer(b"", "text/html", 404),
            (HOST, "may-2.jpg"): Answer(b"", "text/plain", 503),
        }
        first = crawl_replicas(portals, folder, SITE, settings=KEEP)
        yield first, crawl_replicas(portals, folder, SITE, settings=KEEP)


def asked(done):
    return sorted(
        {name for served in done.requests if (name := served.path.rsplit("/", 1)[1])[-4:] in (".jpg", ".png")}
    )


def test_each_picture_is_kept_or_has_its_reason(twice):
    first, _ = twice
    assert first.code == 0, f"a crawl with pictures fails: {first.err}"
    found = {row["url"].rsplit("/", 1)[1]: row for row in rows(first.db, "SELECT * FROM images")}
    assert {name: row["fetch_error"] for name, row in found.items()} == {
        "toan-canh.jpg": None, "vuon-cam.jpg": None, "may-1.jpg": None,
        "phat-bieu.jpg": "not_a_file", "ky-niem.jpg": "http_404", "may-2.jpg": "http_503",
    }  # fmt: skip
    assert {name for name, row in found.items() if row["capture_id"]} == {"toan-canh.jpg", "vuon-cam.jpg", "may-1.jpg"}
    report = first.site(SITE)
    assert report["pictures"] == 3 and report["pictures_failed"] == {"not_a_file": 1, "http_404": 1, "http_503": 1}
    assert "Pictures not kept:" in first.out and "pictures" in first.out.splitlines()[0]


def test_what_is_kept_is_what_came(twice):
    first, _ = twice
    (row,) = rows(
        first.db, "SELECT c.* FROM images i JOIN captures c ON c.id = i.capture_id WHERE i.url LIKE '%toan-canh%'"
    )
    assert (row["kind"], row["url"]) == ("picture", "https://anh.hatinh.gov.vn/toan-canh.png")
    with sqlite3.connect(first.db) as connection:
        data = pictures.content(connection, first.db, row["id"])
        assert data == picture("toan-canh").body and hashlib.sha256(data).hexdigest() == row["payload_digest"]
        page = connection.execute("SELECT capture_id FROM articles").fetchone()[0]
        assert pictures.content(connection, first.db, page) is None  # no picture of an article
    assert verify(first.db, lambda done, of: None).damage == []


def test_a_second_run_asks_only_for_what_may_still_come(twice):
    first, second = twice
    assert asked(first) == ["ky-niem.jpg", "may-1.jpg", "may-2.jpg", "phat-bieu.jpg", "toan-canh.jpg", "toan-canh.png",
                            "vuon-cam.jpg"]  # fmt: skip
    assert asked(second) == ["may-2.jpg"] and second.site(SITE)["pictures"] == 0


def test_pictures_go_with_the_captures_and_come_back(twice, tmp_path):
    first, _ = twice
    done = tinphuong("--db", first.db, "export", "bagit", tmp_path / "bag")
    assert done.returncode == 0, f"handing on a collection with pictures fails: {done.stderr}"
    done = tinphuong("--db", tmp_path / "b.db", "import", tmp_path / "bag")
    assert done.returncode == 0, f"handing on a collection with pictures fails: {done.stderr}"
    for db in (first.db, tmp_path / "b.db"):
        with Collection(db, must_exist=True) as collection:
            kept = list(collection.rows("SELECT url, capture_id FROM images WHERE capture_id IS NOT NULL ORDER BY url"))
            shown = [pictures.content(collection.db.conn, db, row["capture_id"]) for row in kept]
        assert len(kept) == 3 and all(data and data.startswith(b"\x89PNG") for data in shown)


def test_the_offline_site_shows_them(twice, tmp_path):
    done = tinphuong("--db", twice[0].db, "export", "html", tmp_path / "site")
    assert done.returncode == 0, f"handing on a collection with pictures fails: {done.stderr}"
    shown = {
        (page.parent / place).resolve()
        for page in (tmp_path / "site" / "articles").rglob("*.html")
        for place in re.findall(r'<img src="([^"]+)"', page.read_text(encoding="utf-8"))
    }
    assert len(shown) == 3 and shown == {path.resolve() for path in (tmp_path / "site" / "pictures").rglob("*.png")}


def test_without_its_file_a_picture_is_missing_and_nothing_worse(twice, tmp_path):
    copy = tmp_path / "c.db"
    copy.write_bytes(twice[0].db.read_bytes())
    assert not folder_of(copy).exists()
    with sqlite3.connect(copy) as connection:
        number = connection.execute("SELECT max(capture_id) FROM images").fetchone()[0]
        assert pictures.content(connection, copy, number) is None
