"""Replaying archives through the ordinary spider."""

import json
from io import BytesIO

from crawler.new_site import frozen_pages
from tests.running import tinphuong


def archive(path, pages):
    """Write a WARC of (URL, content type, body)."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for url, kind, body in pages:
            http = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=http))
    return path


def replay(tmp_path, slug, pages, *options):
    warc = archive(tmp_path / "a.warc.gz", pages)
    done = tinphuong(
        "--db", tmp_path / "a.db", "crawl", slug, "--replay", warc, "--summary", tmp_path / "s.json", *options
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads((tmp_path / "s.json").read_text())["sites"][0]


def frozen(slug, name):
    page = frozen_pages.load(slug, name)
    return page.url, page.content_type, page.body


def test_a_replay_finds_what_its_lists_reach_and_counts_what_is_missing(tmp_path):
    slug = "hanoi_sotttt"
    code, report = replay(tmp_path, slug, [frozen(slug, "listing"), frozen(slug, "article")])
    assert report["new"] == 1 and report["skipped"]["not_in_archive"] > 3
    assert report["status"] == "failed" and code == 1  # most of what the list names is not in the file


def test_a_replay_is_dated_by_its_captures(tmp_path):
    slug = "hanoi_haibatrung"
    replay(tmp_path, slug, [frozen(slug, "listing"), frozen(slug, "article")])
    rows = json.loads(tinphuong("--db", tmp_path / "a.db", "--json", "search", "phường").stdout)
    assert len(rows) == 1 and rows[0]["first_seen_at"]


def test_an_archive_without_a_start_page_is_read_from_the_lists_it_has(tmp_path):
    slug = "thainguyen_huongson"
    url, kind, body = frozen(slug, "listing")
    moved = url.replace("/tin-tuc-su-kien", "/chuyen-muc-cu")
    article = frozen(slug, "article")
    _, report = replay(tmp_path, slug, [(moved, kind, body), article])
    assert report["new"] == 1


def test_an_archive_of_another_site_is_a_failure(tmp_path):
    code, report = replay(tmp_path, "hanoi_trucbach", [("http://example.org/", "text/html", b"<html></html>")])
    assert code == 1 and report["reason"] == "not_in_archive"
