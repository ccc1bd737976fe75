"""Archives as others leave them: revisits, several captures, damage, folders of pages, articles without a link."""

import json
import random
import re
from datetime import UTC, datetime
from io import BytesIO

import pytest

from crawler.new_site import frozen_pages
from storage import Collection
from storage.archives.archive import Archive, BadArchive
from tests.running import tinphuong

SLUG = "thainguyen_huongson"


def records(*made):
    """A WARC of (type, URL, moment, body) as bytes, and where each record begins."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out, starts = BytesIO(), []
    writer = WARCWriter(out, gzip=True)
    for kind, url, moment, body in made:
        starts.append(out.tell())
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        if kind == "revisit":
            digest = body
            record = writer.create_revisit_record(url, digest, url, moment, http, {"WARC-Date": moment})
        else:
            record = writer.create_warc_record(
                url, kind, payload=BytesIO(body), http_headers=http, warc_headers_dict={"WARC-Date": moment}
            )
        writer.write_record(record)
        if kind == "response":
            starts[-1] = (starts[-1], record.rec_headers.get_header("WARC-Payload-Digest"))
    return bytearray(out.getvalue()), starts


def page(number):
    return f"<html><p>{number} {random.Random(number).randbytes(3000).hex()}</p></html>".encode()


def test_captures_of_a_url_are_told_apart_by_date(tmp_path):
    url = "http://a.vn/x"
    one, two = page(1), page(2)
    content, _ = records(("response", url, "2022-05-01T00:00:00Z", two), ("response", url, "2021-05-01T00:00:00Z", one))
    (tmp_path / "a.warc.gz").write_bytes(content)
    archive = Archive([tmp_path / "a.warc.gz"])
    assert archive.find(url).body == two
    assert archive.find(url, until=datetime(2021, 6, 1, tzinfo=UTC)).body == one
    assert archive.find(url, until=datetime(2020, 1, 1, tzinfo=UTC)) is None
    assert [time.year for time in archive.times(url)] == [2021, 2022]


def test_a_revisit_stands_for_the_payload_it_refers_to(tmp_path):
    body = page(1)
    _, ((_, digest),) = records(("response", "http://a.vn/x", "2021-05-01T00:00:00Z", body))
    content, _ = records(
        ("response", "http://a.vn/x", "2021-05-01T00:00:00Z", body),
        ("revisit", "http://a.vn/y", "2023-05-01T00:00:00Z", digest),
        ("revisit", "http://a.vn/z", "2023-05-01T00:00:00Z", "sha1:OTHER"),
    )
    (tmp_path / "a.warc.gz").write_bytes(content)
    archive = Archive([tmp_path / "a.warc.gz"])
    found = archive.find("http://a.vn/y")
    assert found.body == body and found.time.year == 2023
    assert archive.find("http://a.vn/z") is None
    assert archive.skipped == {"revisit of a payload that no file holds": 1}


def test_the_payload_of_a_revisit_may_stand_in_a_later_file(tmp_path):
    content, ((_, digest),) = records(("response", "http://a.vn/x", "2021-05-01T00:00:00Z", page(1)))
    (tmp_path / "b.warc.gz").write_bytes(content)
    content, _ = records(("revisit", "http://a.vn/y", "2023-05-01T00:00:00Z", digest))
    (tmp_path / "a.warc.gz").write_bytes(content)
    archive = Archive([tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"])
    assert archive.find("http://a.vn/y").body == page(1) and archive.skipped == {}


@pytest.mark.parametrize("at", [2, 40, 0.5])
def test_damage_costs_the_record_it_is_in_and_no_other(tmp_path, at):
    made = [("response", f"http://a.vn/{number}", "2021-05-01T00:00:00Z", page(number)) for number in range(5)]
    content, starts = records(*made)
    begin, end = starts[2][0], starts[3][0]
    place = begin + (at if at > 1 else int((end - begin) * at))
    content[place : place + 4] = b"\xff\x00\xff\x00"
    (tmp_path / "a.warc.gz").write_bytes(content)
    archive = Archive([tmp_path / "a.warc.gz"])
    assert [bool(archive.find(url)) for _, url, _, _ in made] == [True, True, False, True, True]
    # Where the unpacking goes on behind the damage, what it gives may look like one record more.
    assert 1 <= archive.skipped.pop("damaged record") <= 2 and archive.skipped.keys() <= {"response record"}


def test_a_cut_end_and_foreign_records_are_counted(tmp_path):
    content, starts = records(
        ("resource", "urn:x", "2021-05-01T00:00:00Z", b"x"),
        ("response", "dns:a.vn", "2021-05-01T00:00:00Z", b"x"),
        ("response", "http://a.vn/1", "2021-05-01T00:00:00Z", page(1)),
        ("response", "http://a.vn/2", "2021-05-01T00:00:00Z", page(2)),
    )
    (tmp_path / "a.warc.gz").write_bytes(content[: starts[3][0] + 700])
    archive = Archive([tmp_path / "a.warc.gz"])
    assert archive.find("http://a.vn/1") and not archive.find("http://a.vn/2")
    assert archive.skipped == {"resource record": 1, "response record": 1, "damaged end of file": 1}


def test_a_redirect_to_the_other_scheme_never_hides_the_page(tmp_path):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    moved = [("Location", "https://a.vn/x")]
    with (tmp_path / "a.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for url, status, headers, moment in (
            ("https://a.vn/x", "200 OK", [], "2019-01-01T00:00:00Z"),
            ("http://a.vn/x", "301 Moved", moved, "2019-01-01T00:00:00Z"),
            ("http://a.vn/x", "nonsense", [], "2021-01-01T00:00:00Z"),
            ("http://a.vn/y", "302 Found", moved, "2021-01-01T00:00:00Z"),
        ):
            http = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(
                url, "response", payload=BytesIO(b"page"), http_headers=http, warc_headers_dict={"WARC-Date": moment}
            ))  # fmt: skip
    archive = Archive([tmp_path / "a.warc.gz"])
    assert (archive.find("http://a.vn/x").status, archive.find("http://a.vn/y").status) == (200, 302)


def test_a_capture_is_of_the_day_it_names_or_is_passed_over(tmp_path):
    moments = {"1": "2019", "2": "2019-05", "3": "2019-05-06", "4": "2019-05-06T07:08:09", "5": "yesterday", "6": ""}
    content, _ = records(*(("response", f"http://a.vn/{name}", moment, b"x") for name, moment in moments.items()))
    (tmp_path / "a.warc.gz").write_bytes(content)
    archive = Archive([tmp_path / "a.warc.gz"])
    found = {name: archive.find(f"http://a.vn/{name}") for name in moments}
    assert [found[name].time.isoformat()[:19] for name in "1234"] == [
        "2019-01-01T00:00:00", "2019-05-01T00:00:00", "2019-05-06T00:00:00", "2019-05-06T07:08:09",
    ]  # fmt: skip
    assert found["5"] is None and found["6"] is None
    assert archive.skipped == {"record without a valid date": 2}


def saved(folder, place, content):
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_saved_pages_find_their_addresses_again(tmp_path):
    comment = b"<!-- Mirrored from a.vn/tin/mot?p=1&amp;q=2 by HTTrack Website Copier/3.49-2 [XR&CO'2014], Thu, 09 Feb 2023 03:04:05 GMT -->"  # noqa: E501
    saved(tmp_path, "a.vn/tin/mot4f2a.html", b"<html>" + comment + b'<a href="../hai.html">x</a></html>')
    saved(tmp_path, "a.vn/hai.html", b"<html>hai</html>")
    saved(tmp_path, "a.vn/list@page=2.html", b"<html>list</html>")
    saved(tmp_path, "kept/ba.html", b"<html>ba</html>")
    saved(tmp_path, "kept/bon.html", b"<html>bon</html>")
    (tmp_path / "urls.tsv").write_text("kept/ba.html\thttps://b.vn/ba\n")
    archive = Archive([tmp_path])
    found = archive.find("https://a.vn/tin/mot?q=2&p=1")
    assert found.time == datetime(2023, 2, 9, 3, 4, 5, tzinfo=UTC)
    assert b'href="http://a.vn/hai.html"' in found.body
    assert archive.find("http://b.vn/ba") and archive.find("http://a.vn/list?page=2.html")
    assert archive.skipped == {"page of unknown address": 1}


def test_a_folder_without_any_address_is_refused(tmp_path):
    saved(tmp_path, "x/y.html", b"<html></html>")
    with pytest.raises(BadArchive, match=r"urls\.tsv"):
        Archive([tmp_path])


def crawl(tmp_path, *options):
    db, summary = tmp_path / "a.db", tmp_path / "s.json"
    done = tinphuong("--db", db, "crawl", SLUG, "--summary", summary, *options)
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(summary.read_text())["sites"][0]


def test_every_article_page_is_read_whether_linked_or_not(tmp_path):
    article = frozen_pages.load(SLUG, "article")
    folder = tmp_path / "saved"
    saved(folder, "bai.html", article.body)
    (folder / "urls.tsv").write_text(f"bai.html\t{article.url}\n")
    assert crawl(tmp_path, "--replay", folder)["new"] == 0
    report = crawl(tmp_path, "--replay", folder, "--replay-all")
    assert report["new"] == 1
    rows = json.loads(tinphuong("--db", tmp_path / "a.db", "--json", "search", "phuong").stdout)
    assert len(rows) == 1


def test_replay_all_needs_files(tmp_path):
    done = tinphuong("--db", tmp_path / "a.db", "crawl", SLUG, "--replay-all")
    assert done.returncode == 2 and "--replay" in done.stderr


def test_every_text_between_the_captures_is_kept_under_its_date(tmp_path):
    article = frozen_pages.load(SLUG, "article")
    edited = re.sub(rb"(<p[^>]*>)", rb"\1" + "Đoạn này về sau bị sửa. ".encode(), article.body)
    made = [
        ("response", article.url, "2020-05-01T00:00:00Z", edited),
        ("response", article.url, "2021-05-01T00:00:00Z", edited),
        ("response", article.url, "2022-05-01T00:00:00Z", article.body),
    ]
    content, _ = records(*made)
    (tmp_path / "a.warc.gz").write_bytes(content)
    for _ in range(2):  # the second time changes nothing
        crawl(tmp_path, "--replay", tmp_path / "a.warc.gz", "--replay-all", "--full")
        with Collection(tmp_path / "a.db") as collection:
            (row,) = collection.rows("SELECT * FROM articles")
            versions = list(collection.rows("SELECT * FROM versions"))
        assert [(item["seen_from"][:4], item["seen_until"][:4]) for item in versions] == [("2020", "2021")]
        assert "về sau bị sửa" in versions[0]["body"] and "về sau bị sửa" not in row["body"]
        assert [row[name][:4] for name in ("first_seen_at", "changed_at", "last_seen_at")] == ["2020", "2022", "2022"]
