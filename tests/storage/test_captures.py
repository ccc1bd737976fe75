"""WARC files and the rows that point into them."""

import gzip
import itertools
import sqlite3
import subprocess
import sys
import textwrap

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.archives.payloads import UnreadableCapture
from storage.archives.warc import DamagedRecord, read_record, records
from storage.errors import CapturesUnwritable, Locked, Unreadable
from storage.fixity.verification import verify
from storage.locking import sole_writer
from storage.versions import captured_page
from tests.running import ROOT
from tests.storage.captured import ABOUT, Opened, exchange, files, warcio_check

TEXT = "Tin số {}. " + "Hội nghị đã đánh giá kết quả thực hiện nhiệm vụ của phường trong năm qua. " * 5


def check(folder):
    return verify(folder / "a.db", lambda done, total: None)


def kinds(folder):
    return {item.kind for item in check(folder).damage}


def read(path):
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            yield record.rec_type, dict(record.rec_headers.headers), record.content_stream().read()


@pytest.fixture
def three(tmp_path):
    """A folder with three articles and their captures, closed."""
    with Opened(tmp_path) as opened:
        for number in (1, 2, 3):
            opened.article(number, TEXT.format(number))
    return tmp_path


# Records


def test_a_file_opens_with_who_wrote_it_and_holds_request_and_response(tmp_path):
    page = gzip.compress("<p>Tin phường</p>".encode())
    with Opened(tmp_path) as opened:
        opened.keep(exchange(body=page, headers=[(b"Content-Encoding", b"gzip")], address="192.0.2.1"))
        (row,) = opened.rows()
    (path,) = files(tmp_path)
    info, request, response = read(path)
    assert info[0] == "warcinfo" and info[2].decode().splitlines() == [f"{k}: {v}" for k, v in ABOUT.items()]
    assert request[0] == "request" and request[1]["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]
    assert response[2].decode() == "<p>Tin phường</p>" and response[1]["WARC-IP-Address"] == "192.0.2.1"
    assert {item[1].get("WARC-Warcinfo-ID") for item in (request, response)} == {info[1]["WARC-Record-ID"]}
    record = read_record(path, row["offset"])
    assert record.payload == page and record.length == row["length"] and record.id == row["record_id"]
    assert record.url == row["url"] and record.headers["warc-date"] == row["captured_at"] == "2026-01-01T00:01:00.000Z"
    assert warcio_check(path) == (0, "")


def test_headers_stay_as_they_came(tmp_path):
    headers = [(b"Content-Disposition", "attachment; filename=Thông báo.pdf".encode()), (b"Set-Cookie", b"a=1"),
               (b"Set-Cookie", b"b=2")]  # fmt: skip
    with Opened(tmp_path) as opened:
        opened.keep(exchange(headers=headers))
        offset = opened.rows()[0]["offset"]
    head = read_record(files(tmp_path)[0], offset).block.partition(b"\r\n\r\n")[0]
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    for name, value in headers:
        assert b"\r\n" + name + b": " + value in head
    assert warcio_check(*files(tmp_path)) == (0, "")


def test_a_payload_is_kept_once(tmp_path):
    with Opened(tmp_path) as opened:
        first = opened.keep(exchange(1))
        opened.keep(exchange(1, minutes=60))
        opened.keep(exchange(2))
        opened.keep(exchange(3, b"another"))
        opened.keep(exchange(4, b""))
        opened.keep(exchange(5, b""))
        rows = opened.rows()
    assert [row["revisit_of"] for row in rows] == [None, first, first, None, None, None]
    assert rows[0]["payload_digest"] == rows[2]["payload_digest"] != rows[3]["payload_digest"]
    revisits = [headers for kind, headers, _ in read(files(tmp_path)[0]) if kind == "revisit"]
    for headers in revisits:
        assert headers["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
        assert headers["WARC-Refers-To"] == f"<{rows[0]['record_id']}>"
        assert headers["WARC-Refers-To-Target-URI"] == rows[0]["url"]
        assert headers["WARC-Refers-To-Date"] == rows[0]["captured_at"]
    assert len(revisits) == 2 and warcio_check(*files(tmp_path)) == (0, "") and not check(tmp_path).damage


def test_not_modified_refers_to_what_was_not_modified(tmp_path):
    with Opened(tmp_path) as opened:
        opened.keep(exchange(1))
        opened.keep(exchange(1, b"new"))
        opened.keep(exchange(1, b"", status=304))
        opened.keep(exchange(9, b"", status=304))  # of a page that was never captured
        rows = opened.rows()
    assert [row["revisit_of"] for row in rows] == [None, None, rows[1]["id"], None]
    assert rows[2]["payload_digest"] == rows[1]["payload_digest"]
    assert "server-not-modified" in read_record(files(tmp_path)[0], rows[2]["offset"]).headers["warc-profile"]
    assert warcio_check(*files(tmp_path)) == (0, "") and not check(tmp_path).damage


def test_files_are_rotated(tmp_path):
    with Opened(tmp_path, max_bytes=3000) as opened:
        for number in range(12):
            opened.keep(exchange(number, str(number).encode() * 50))
    found = files(tmp_path)
    assert len(found) > 2 and [path.name[-13:] for path in found] == [f"{n:05d}.warc.gz" for n in range(len(found))]
    for path in found:
        assert path.stat().st_size < 5000 and [kind for kind, *_ in read(path)].count("warcinfo") == 1
    assert not check(tmp_path).damage


def test_a_later_run_goes_on_in_the_file_but_not_under_another_name(tmp_path):
    for about in (ABOUT, ABOUT, ABOUT | {"operator": "somebody"}):
        with Opened(tmp_path, about) as opened:
            opened.keep(exchange(len(opened.rows()), str(len(opened.rows())).encode()))
    assert [sum(1 for _ in records(path)) for path in files(tmp_path)] == [5, 3]
    assert not check(tmp_path).damage


# What a kill, a power cut or a full disk leaves


def test_a_torn_record_is_cut_off_and_kept_aside(three):
    (path,) = files(three)
    whole = path.read_bytes()
    with Opened(three) as opened:
        opened.keep(exchange(9, b"x" * 500))
        opened.collection.db.execute("DELETE FROM captures WHERE id = 4")  # as if never committed
    longer = path.read_bytes()
    for cut in (len(whole) + 1, len(whole) + 200, len(longer) - 1):
        path.write_bytes(longer[:cut])
        assert kinds(three) == {"damaged record"}
        with Opened(three) as opened:
            (torn,) = opened.captures.repaired.torn
            assert torn[:2] == (path.name, cut - len(whole)) and not opened.captures.repaired.adopted
            assert "cut off" in next(opened.captures.repaired.sentences())
        assert path.read_bytes() == whole
        assert (three / "a.captures" / torn[2]).read_bytes() == longer[len(whole) : cut]
        assert not check(three).damage and warcio_check(path) == (0, "")
    assert len(check(three).remarks) == 3


def test_zeros_at_the_end_of_a_file_are_cut_off(three):
    """As a power cut leaves them on some file systems."""
    (path,) = files(three)
    whole = path.read_bytes()
    path.write_bytes(whole + bytes(70_000))
    with Opened(three) as opened:
        assert opened.captures.repaired.torn[0][1] == 70_000
        opened.article(4, TEXT.format(4))
    assert path.read_bytes().startswith(whole) and not check(three).damage


def test_whole_records_without_a_row_are_taken_in(tmp_path):
    with Opened(tmp_path) as opened:
        opened.keep(exchange(1))
        opened.keep(exchange(1, minutes=9), "listing")
        opened.keep(exchange(2, b"", status=301), "redirect")
        before = opened.rows()
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("DELETE FROM captures")
    assert kinds(tmp_path) == {"orphan record"}
    with Opened(tmp_path) as opened:
        assert opened.captures.repaired.adopted == 3 and opened.rows() == before
    assert not check(tmp_path).damage
    with Opened(tmp_path) as opened:
        assert not opened.captures.repaired.adopted


def test_a_file_of_which_nothing_is_whole_is_moved_aside(tmp_path):
    with Opened(tmp_path) as opened:
        opened.keep(exchange(1))
        opened.collection.db.execute("DELETE FROM captures")
    (path,) = files(tmp_path)
    path.write_bytes(path.read_bytes()[:60])
    with Opened(tmp_path) as opened:
        assert opened.captures.repaired.torn[0][1] == 60
        opened.keep(exchange(1))
    assert not check(tmp_path).damage and len(files(tmp_path)) == 1


@pytest.mark.parametrize("where", ["files", "database"])
def test_a_full_disk_is_said_and_spoils_nothing(tmp_path, where):
    code = f"""
        import resource, sys
        from pathlib import Path
        from storage.errors import CapturesUnwritable
        from tests.storage.captured import Opened, exchange
        import random
        noise = random.Random(1)
        folder = Path({str(tmp_path)!r})
        with Opened(folder) as opened:
            if {where!r} == "files":
                resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
            else:
                opened.collection.db.execute("PRAGMA max_page_count = 80")
            try:
                for number in range(3000):
                    opened.keep(exchange(number, noise.randbytes(20_000 if {where!r} == "files" else 20)))
                    if number % 10 == 0:
                        opened.collection.commit()
            except CapturesUnwritable as error:
                print(error)
            try:
                opened.keep(exchange(9999, b"after"))
            except CapturesUnwritable:
                print("still")
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True)
    assert "make room" in done.stdout and "still" in done.stdout, done.stderr
    with Opened(tmp_path) as opened:
        assert not opened.captures.repaired.torn
        assert len(opened.rows()) > 10
        opened.keep(exchange(5000, b"room again"))
    assert not check(tmp_path).damage and warcio_check(*files(tmp_path)) == (0, "")


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "a.captures").write_text("in the way")
    with pytest.raises(CapturesUnwritable, match=r"a\.captures cannot be written"):
        Opened(tmp_path)


# Verify


def test_what_is_whole_is_called_whole(three):
    seen = []
    verdict = verify(three / "a.db", lambda done, total: seen.append((done, total)))
    assert not verdict.damage and (verdict.captures, verdict.articles, verdict.files) == (3, 3, 1)
    assert seen[-1] == (6, 6)


def flip(path, offset):
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x10
    path.write_bytes(data)


def contents(path):
    """What the records of a file say, or None where it cannot be read to its end."""
    try:
        return [(record.offset, record.headers, record.block) for record in records(path)]
    except DamagedRecord:
        return None


def test_a_flipped_byte_is_found_wherever_it_is(three):
    """Each byte of the compressed records but those bits that carry nothing: gzip's header and padding."""
    (path,) = files(three)
    whole, held = path.read_bytes(), contents(path)
    for offset in itertools.chain(range(0, len(whole), 97), range(len(whole) - 40, len(whole))):
        flip(path, offset)
        if contents(path) == held:
            path.write_bytes(whole)
            continue
        damage = check(three).damage
        assert damage, offset
        assert {item.kind for item in damage} <= {"damaged record", "lost capture", "orphan record", "digest"}
        path.write_bytes(whole)
    assert not check(three).damage


def test_reading_goes_on_behind_a_damaged_record(three):
    with sqlite3.connect(three / "a.db") as connection:
        ((offset,),) = connection.execute("SELECT offset FROM captures WHERE id = 2")
    flip(files(three)[0], offset + 40)
    verdict = check(three)
    assert verdict.captures == 3
    assert [item.kind for item in verdict.damage] == ["damaged record", "lost capture"]
    assert "https://mot.gov.vn/2.html" in verdict.damage[1].what


def test_a_cut_file_and_a_missing_file_are_found(three):
    (path,) = files(three)
    path.write_bytes(path.read_bytes()[:-30])
    assert kinds(three) == {"damaged record", "lost capture"}
    path.unlink()
    (missing,) = check(three).damage
    assert missing.kind == "missing file" and "3 captures" in missing.what


def test_nothing_is_appended_where_known_records_are_missing(three):
    (path,) = files(three)
    path.write_bytes(path.read_bytes()[:-30])
    with Opened(three) as opened:
        assert not opened.captures.repaired.torn  # what a row points to is damage, not the end of an unfinished write
        opened.keep(exchange(7, b"seven"))
    assert len(files(three)) == 2 and kinds(three) == {"damaged record", "lost capture"}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE captures SET url = 'https://mot.gov.vn/other.html' WHERE id = 2", "pointer"),
        ("UPDATE captures SET payload_digest = 'ff' WHERE id = 2", "pointer"),
        ("UPDATE captures SET offset = offset + 1 WHERE id = 3", "lost capture"),
        ("UPDATE captures SET status = 404 WHERE id = 1", "pointer"),
        ("UPDATE captures SET revisit_of = 1 WHERE id = 2", "pointer"),
        ("UPDATE captures SET file = 'tinphuong-20260101000000-00009.warc.gz' WHERE id = 3", "missing file"),
        ("DELETE FROM captures WHERE id = 2", "orphan record"),
        ("DELETE FROM captures WHERE id = 2", "foreign key"),
        ("UPDATE articles SET capture_id = 3 WHERE id = 1", "pointer"),
        ("UPDATE articles SET body = body || ' Thêm một câu.' WHERE id = 2", "content hash"),
        ("UPDATE articles SET body = body || ' Thêm một câu.' WHERE id = 2", "index"),
        ("UPDATE articles SET summary = 'Một tóm tắt khác hẳn' WHERE id = 2", "index"),
        ("DELETE FROM articles_fts_docsize WHERE id = (SELECT place FROM search_keys WHERE id = 2)", "index"),
        ("UPDATE articles SET published_at = '2001-02-03' WHERE id = 2", "index"),
        ("DELETE FROM articles WHERE id = 2", "index"),
        ("INSERT INTO versions (article_id, title, summary, body, markdown, content_hash, seen_from, seen_until, "
         "run_id) VALUES (1, 'a', '', 'b', '', 'c', '', '', 1)", "content hash"),
    ],
)  # fmt: skip
def test_a_changed_row_is_found(three, change, kind):
    with sqlite3.connect(three / "a.db") as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(change)
    assert kind in kinds(three)


def test_a_damaged_database_is_damage_and_a_missing_one_is_not(three, tmp_path_factory):
    data = bytearray((three / "a.db").read_bytes())
    data[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
    (three / "a.db").write_bytes(data)
    assert "database" in kinds(three)
    (three / "a.db").write_bytes(b"no database at all" * 500)
    assert kinds(three) == {"database"}
    with pytest.raises(Unreadable, match="there is no database"):
        check(tmp_path_factory.mktemp("empty"))


def test_verify_does_not_look_while_another_writes(three):
    with sole_writer(three / "a.db"), pytest.raises(Locked):
        check(three)


# Reading again


def test_an_article_is_read_from_its_newest_capture_also_through_a_revisit(tmp_path):
    with Opened(tmp_path) as opened:
        opened.article(1, TEXT.format(1))
        opened.article(1, TEXT.format(1), minutes=1440)
        page = captured_page(opened.collection, 1)
        assert page.row["capture_id"] == 2 and opened.rows()[1]["revisit_of"] == 1
        assert page.html.decode() == TEXT.format(1) and page.captured_at.isoformat() == "2026-01-02T00:01:00+00:00"


@pytest.mark.parametrize(
    ("encoding", "body", "said"),
    [
        (b"compress", b"\x1f\x9d\x90", "not known"), (b"gzip", b"\x00\x01", "not valid gzip"),
        (b"br", b"\x01\x99\x00" * 9, "not valid br"), (b"zstd", b"\x00\xff" * 9, "not valid zstd"),
        (b"gzip", gzip.compress(b"page", mtime=0)[:-9], "only a part"),
        (b"br", brotli.compress(b"page" * 999)[:-3], "only a part"),
    ],
)  # fmt: skip
def test_a_capture_that_cannot_be_read_says_why(three, encoding, body, said):
    with Opened(three) as opened:
        capture = opened.keep(exchange(5, body, headers=[(b"Content-Encoding", encoding)]))
        opened.collection.change_article(1, {"capture_id": capture})
        with pytest.raises(UnreadableCapture, match=said):
            captured_page(opened.collection, 1)


def test_a_record_is_not_read_from_the_wrong_place(three):
    with pytest.raises(DamagedRecord):
        read_record(files(three)[0], 7)
