"""WARC files of other tools: what is in them is read, and what is not is counted under its name."""

import bz2
import gzip
import lzma
import time
import zipfile
from base64 import b32encode
from hashlib import sha1, sha256

import pytest

from crawler.reasons import Reason
from storage.archives.archive import Archive, BadArchive
from tests.archives.made_warcs import DAY, html, http, packed, record, revisit

A, B = "http://phuong.test/tin/mot.html", "http://phuong.test/tin/hai.html"
ONE, TWO = html("Một"), html("Hai")


def archive_of(folder, content, name="a.warc.gz"):
    (folder / name).write_bytes(content)
    return Archive([folder / name])


def body(archive, url):
    found = archive.find(url)
    return found and found.body


SHA1 = sha1(ONE).digest()
DIGESTS = {
    "base32": f"sha1:{b32encode(SHA1).decode()}",
    "lower case": f"SHA1:{b32encode(SHA1).decode().lower()}",
    "hex": f"sha1:{SHA1.hex()}",
    "hex in capitals": f"sha-1:{SHA1.hex().upper()}",
}


@pytest.mark.parametrize("one", DIGESTS.values(), ids=DIGESTS)
@pytest.mark.parametrize("other", DIGESTS.values(), ids=DIGESTS)
def test_a_digest_is_the_same_however_it_is_spelled(tmp_path, one, other):
    archive = archive_of(
        tmp_path,
        packed(
            record(A, http(ONE), f"WARC-Payload-Digest: {one}"),
            revisit(B, f"WARC-Payload-Digest: {other}"),
        ),
    )
    assert body(archive, B) == ONE and archive.skipped == {}


SHA256 = f"WARC-Payload-Digest: sha256:{sha256(ONE).hexdigest()}"
REFERENCES = {
    "record id": ["WARC-Refers-To: <urn:uuid:1>"],
    "address and time": [f"WARC-Refers-To-Target-URI: {A}", f"WARC-Refers-To-Date: {DAY}"],
    "time with fractions": [f"WARC-Refers-To-Target-URI: <{A}>", "WARC-Refers-To-Date: 2025-11-21T07:02:33.4Z"],
    "address": [f"WARC-Refers-To-Target-URI: {A}"],
    "digest": [SHA256],
    "id that is nowhere, and digest": ["WARC-Refers-To: <urn:uuid:9>", SHA256],
    "digest that is nowhere, and id": ["WARC-Refers-To: <urn:uuid:1>", f"WARC-Payload-Digest: {DIGESTS['hex']}"],
}  # fmt: skip


@pytest.mark.parametrize("said", REFERENCES.values(), ids=REFERENCES)
@pytest.mark.parametrize("first", [True, False], ids=["before it", "after it"])
def test_a_revisit_finds_its_original(tmp_path, said, first):
    original = record(A, http(ONE), SHA256, number="<urn:uuid:1>")
    other = record(A, http(TWO), date="2025-11-01T00:00:00Z", number="<urn:uuid:2>")
    again = revisit(B, *said, block=http(b"", "X-Own: 1", kind=None))
    archive = archive_of(tmp_path, packed(again, other, original) if first else packed(other, original, again))
    found = archive.find(B)
    assert found.body == ONE and found.time.month == 12 and archive.skipped == {}
    assert found.content_type == "text/html; charset=utf-8"


def test_revisits_of_revisits_in_another_file_and_of_themselves(tmp_path):
    (tmp_path / "a.warc.gz").write_bytes(
        packed(
            revisit(B, "WARC-Refers-To: <urn:uuid:2>", number="<urn:uuid:3>"),
            revisit("http://phuong.test/x", "WARC-Refers-To: <urn:uuid:5>", number="<urn:uuid:4>"),
            revisit("http://phuong.test/y", "WARC-Refers-To: <urn:uuid:4>", number="<urn:uuid:5>"),
            revisit("http://phuong.test/z", "WARC-Refers-To: <urn:uuid:6>", number="<urn:uuid:6>"),
        )
    )
    (tmp_path / "b.warc.gz").write_bytes(
        packed(
            revisit(A, "WARC-Refers-To: <urn:uuid:1>", number="<urn:uuid:2>"),
            record(A, http(ONE), number="<urn:uuid:1>"),
        )
    )
    archive = Archive([tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"])
    assert body(archive, B) == ONE and len(archive.times(A)) == 2
    assert archive.skipped == {"revisit of a payload that no file holds": 3}


def test_a_revisit_never_takes_a_payload_of_another_digest(tmp_path):
    archive = archive_of(
        tmp_path,
        packed(
            record(A, http(ONE), f"WARC-Payload-Digest: {DIGESTS['hex']}"),
            revisit(B, f"WARC-Refers-To-Target-URI: {A}", f"WARC-Payload-Digest: sha1:{'0' * 40}"),
        ),
    )
    assert archive.find(B) is None and archive.skipped == {"revisit of a payload that no file holds": 1}


def test_an_answer_that_nothing_has_changed_hides_nothing(tmp_path):
    unchanged = http(b"", status="HTTP/1.1 304 Not Modified", kind=None)
    archive = archive_of(
        tmp_path,
        packed(
            record(A, http(ONE), number="<urn:uuid:1>"),
            record(A, unchanged, date="2025-12-02T00:00:00Z"),
            revisit(A, block=unchanged, profile="server-not-modified", date="2025-12-03T00:00:00Z"),
            revisit(A, "WARC-Refers-To: <urn:uuid:1>", "WARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
                    block=unchanged, profile="server-not-modified", date="2025-12-04T00:00:00Z"),
            record(A, http(b"", status="HTTP/1.1 204 No Content", kind=None), date="2025-12-05T00:00:00Z"),
        ),
    )  # fmt: skip
    found = archive.find(A)
    assert (found.status, found.body, found.time.day) == (200, ONE, 4)
    assert archive.skipped == {
        "answer without a page (status 304)": 1,
        "answer without a page (status 204)": 1,
        "revisit of a payload that no file holds": 1,
    }


PAGES_WITHOUT_HEADERS = {
    "resource": record(A, ONE, kind="resource", content_type="text/html; charset=utf-8"),
    "resource of a package": record(f"<{A}>", ONE, kind="resource", content_type="text/html"),
    "response that is the page alone": record(A, ONE, content_type="text/html"),
    "response that is called HTTP and is the page alone": record(A, ONE),
    "headers without a status line": record(A, b"Content-Type: text/html\r\nServer: x\r\n\r\n" + ONE),
    "not called HTTP": record(A, http(ONE), content_type=None),
    "type in capitals": record(A, ONE, kind="Resource", content_type="TEXT/HTML"),
}


@pytest.mark.parametrize("made", PAGES_WITHOUT_HEADERS.values(), ids=PAGES_WITHOUT_HEADERS)
def test_a_page_without_http_headers_is_a_page(tmp_path, made):
    found = archive_of(tmp_path, packed(made)).find(A)
    assert (found.status, found.body, found.fault) == (200, ONE, None)
    assert "html" in found.content_type.lower() or not found.content_type


HEADS = {
    "HTTP/2": http(ONE, status="HTTP/2 200"),
    "HTTP/3.0": http(ONE, status="HTTP/3.0 200 "),
    "no phrase": http(ONE, status="HTTP/1.1 200"),
    "ICY": http(ONE, status="ICY 200 OK"),
    "lower case": http(ONE, status="http/1.1 200 ok"),
    "tab": http(ONE, status="HTTP/1.1\t200 OK"),
    "line feeds": http(ONE, eol="\n"),
    "two carriage returns": http(ONE, eol="\r\r\n"),
    "carriage returns": http(ONE, eol="\r"),
    "100 before it": b"HTTP/1.1 100 Continue\r\n\r\n" + http(ONE),
    "a proxy before it": b"HTTP/1.1 200 Connection established\r\n\r\n" + http(ONE),
    "103 before it": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + http(ONE),
    "no empty line": http(ONE).replace(b"\r\n\r\n", b"\r\n", 1),
    "folded": http(ONE, "X-Long: a", " b", "\tc"),
    "no colon": http(ONE, "nonsense", "X: y"),
    "phrase in Vietnamese": http(ONE, status="HTTP/1.1 200 Được"),
    "lower names": http(ONE).replace(b"Content-Type", b"content-type"),
    "type twice": http(ONE, "content-type: text/html"),
}


@pytest.mark.parametrize("block", HEADS.values(), ids=HEADS)
def test_a_head_is_read_however_it_is_written(tmp_path, block):
    found = archive_of(tmp_path, packed(record(A, block), record(B, http(TWO)))).find(A)
    assert (found.status, found.body, found.fault) == (200, ONE, None)
    assert found.content_type == "text/html; charset=utf-8"


SECOND = record(B, http(TWO))
FORMS = {
    "WARC/1.1": packed(record(A, http(ONE), version="WARC/1.1", date="2025-11-21T07:02:33.123456789Z"), SECOND),
    "WARC/0.18": packed(record(A, http(ONE), version="WARC/0.18"), record(B, http(TWO), version="WARC/0.18")),
    "line feeds": record(A, http(ONE), eol="\n") + record(B, http(TWO), eol="\n"),
    "one empty line": record(A, http(ONE), end=b"\r\n") + record(B, http(TWO), end=b"\r\n"),
    "five empty lines": record(A, http(ONE), end=b"\r\n" * 5) + record(B, http(TWO)),
    "no empty line at the end": record(A, http(ONE)) + record(B, http(TWO), end=b""),
    "empty lines first": b"\r\n\r\n" + record(A, http(ONE)) + record(B, http(TWO)),
    "lower names": packed(*(each.replace(b"WARC-T", b"warc-t").replace(b"Content-L", b"content-l") for each in
                            (record(A, http(ONE)), record(B, http(TWO))))),
    "headers twice": packed(record(A, http(ONE), "WARC-Target-URI: http://other.test/"), record(B, http(TWO))),
    "14 digits": packed(record(A, http(ONE), date="20251121070233"), record(B, http(TWO))),
    "a note of the crawler": packed(record(None, b"software: x\r\n", kind="warcinfo"), record(A, http(ONE)), SECOND),
    "padding between": packed(record(A, http(ONE))) + packed(b"") + packed(record(B, http(TWO))),
    "folded headers": packed(record(A, http(ONE), "X-Note: one", " two"), record(B, http(TWO))),
    "the first one damaged": packed(record(A + "x", http(TWO)))[:90] + packed(record(A, http(ONE)), SECOND),
    "rubbish first": b"\0\x01rubbish\r\n" + record(A, http(ONE)) + SECOND,
    "packed by the middle": packed(record(A, http(ONE))) + SECOND,
    "small letters in the date": packed(record(A, http(ONE), date="2025-11-21t07:02:33z"), SECOND),
    "old letters": packed(record(A, http(ONE), "X-Note: \u0111").replace("\u0111".encode(), b"\xf0"), SECOND),
}  # fmt: skip


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_every_form_of_file_is_read(tmp_path, content):
    archive = archive_of(tmp_path, content)
    assert (body(archive, A), body(archive, B)) == (ONE, TWO)
    assert archive.skipped.keys() <= {"warcinfo record", "damaged record"}


FAULTY = {
    "too short a length": record(B, http(TWO), length=len(http(TWO)) - 40),
    "too great a length": record(B, http(TWO), length=len(http(TWO)) + 40),
    "an immense length": record(B, http(TWO), length=10**15),
    "no length": record(B, http(TWO), length=""),
    "a length that is no number": record(B, http(TWO), length="many"),
    "a negative length": record(B, http(TWO), length=-5),
    "no empty lines after it": record(B, http(TWO), end=b""),
    "a version of the future": record(B, http(TWO), version="WARC/7.0"),
    "no address": record(None, http(TWO)),
    "half an address of the sixth version": record("http://[bad", http(TWO)),
    "an impossible port": record("http://phuong.test:99999/x", http(TWO)),
    "no host": record("http:///x", http(TWO)),
    "an address with a blank in the host": record("http://phuong .test/x", http(TWO)),
    "no type": record(B, http(TWO)).replace(b"WARC-Type: response\r\n", b""),
    "no date": record(B, http(TWO), date=None),
    "a status that is none": record(B, http(TWO, status="HTTP/1.1 nonsense")),
    "a status of four digits": record(B, http(TWO, status="HTTP/1.1 2000 OK")),
    "nothing in it": record(B, b""),
    "a name server": record("dns:phuong.test", b"20251121 phuong.test. 60 IN A 192.0.2.1", content_type="text/dns"),
    "a conversion": record(B, TWO, kind="conversion", content_type="text/plain"),
    "a continuation": record(B, TWO, "WARC-Segment-Number: 2", kind="continuation"),
    "a page's text in a package": record(f"urn:text:{A}", b"x", kind="resource", content_type="text/plain"),
    "a file": record("file:///etc/passwd", b"x", kind="resource", content_type="text/plain"),
    "headers without an end": record(B, http(TWO), *(f"X-{number}: {'x' * 1000}" for number in range(2000))),
}


@pytest.mark.parametrize("pack", [packed, lambda *records: b"".join(records)], ids=["packed", "plain"])
@pytest.mark.parametrize("made", FAULTY.values(), ids=FAULTY)
def test_a_faulty_record_is_counted_and_costs_no_other(tmp_path, made, pack, capfd):
    content = pack(record(A, http(ONE)), made, record("http://phuong.test/ba", http(html("Ba"))))
    archive = archive_of(tmp_path, content, "a.warc")
    assert body(archive, A) == ONE and body(archive, "http://phuong.test/ba") == html("Ba")
    for capture in archive.captures():
        assert capture.body in (ONE, html("Ba")) or TWO[:-41] in capture.body
    assert len(list(archive.captures())) + sum(archive.skipped.values()) >= 3
    assert capfd.readouterr() == ("", "")


def test_of_two_hosts_of_one_page_the_newest_capture_counts(tmp_path):
    archive = archive_of(
        tmp_path,
        packed(
            record("http://www.phuong.test/a", http(TWO), date="2025-12-02T00:00:00.5Z"),
            record("http://phuong.test/a", http(ONE), date="2025-12-02T00:00:00Z"),
        ),
    )
    assert body(archive, "http://phuong.test/a") == TWO
    assert list(archive.urls_on(["phuong.test"])) == ["http://www.phuong.test/a"]


def test_a_picture_of_a_page_never_stands_for_it(tmp_path):
    archive = archive_of(
        tmp_path,
        packed(
            record(A, http(ONE)),
            record(A, b"\x89PNG", kind="resource", content_type="image/png", date="2026-01-01T00:00:00Z"),
        ),
    )
    assert body(archive, A) == ONE


def test_an_arc_file_is_read(tmp_path):
    head = b"1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n"
    first = b"filedesc://a.arc 0.0.0.0 20050101000000 text/plain %d\n" % len(head) + head
    pages = [
        f"{url} 192.0.2.1 20050203040506 text/html {len(http(page))}\n".encode() + http(page)
        for url, page in ((A, ONE), (B, TWO))
    ]
    for name, content in {
        "a.arc": b"\n".join([first, *pages]) + b"\n",
        "a.arc.gz": b"".join(gzip.compress(part + b"\n") for part in (first, *pages)),
    }.items():
        archive = archive_of(tmp_path, content, name)
        assert (body(archive, A), body(archive, B)) == (ONE, TWO)
        assert archive.times(A)[0].isoformat() == "2005-02-03T04:05:06+00:00"


WHOLE = record(A, http(ONE)) + record(B, http(TWO))
OTHERS = {
    "bzip2": (bz2.compress(WHOLE), "bunzip2"),
    "xz": (lzma.compress(WHOLE), "unxz"),
    "zstd with a dictionary": (b"\x5d\x2a\x4d\x18rest", "zstd"),
    "one gzip stream": (gzip.compress(WHOLE), "gunzip"),
    "two records in a gzip stream, then more": (gzip.compress(WHOLE) + packed(record(A + "x", http(ONE))), "gunzip"),
    "empty": (b"", "empty"),
    "blank": (b"\n\n\n", "no WARC record"),
    "a page": (ONE, "no WARC record"),
    "gzip of a page": (gzip.compress(ONE), "no WARC record"),
}


@pytest.mark.parametrize(("content", "said"), OTHERS.values(), ids=OTHERS)
def test_another_kind_of_file_is_refused_with_a_sentence(tmp_path, content, said):
    with pytest.raises(BadArchive, match=said):
        archive_of(tmp_path, content)


def test_a_package_of_a_recorder_in_a_browser(tmp_path):
    content = packed(
        record(None, b"software: recorder\r\n", kind="warcinfo", content_type="application/warc-fields"),
        record(f"urn:pageinfo:{A}", b"{}", kind="resource", content_type="application/json"),
        record(A, http(ONE, "content-encoding: br", "content-length: 20")),
        record(B, TWO, kind="resource", content_type="text/html", date="2025-11-21T07:02:33.5Z"),
    )
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as out:
        out.writestr("archive/data.warc.gz", content)
        out.writestr("datapackage.json", "{}")
    archive = Archive([tmp_path / "a.wacz"])
    assert (body(archive, A), body(archive, B)) == (ONE, TWO)
    assert archive.skipped == {"warcinfo record": 1, "resource record": 1}
    assert archive.fault(A) is None and archive.fault("http://phuong.test/none") is None


def test_an_older_whole_capture_stands_for_half_a_newer_one(tmp_path):
    archive = archive_of(
        tmp_path,
        packed(
            record(A, http(ONE)),
            record(A, http(TWO), "WARC-Truncated: length", date="2025-12-02T00:00:00Z"),
            record(B, http(TWO, f"Content-Length: {len(TWO)}"), "WARC-Truncated: disconnect"),
        ),
    )
    assert body(archive, A) == ONE and archive.find(B) is None and archive.fault(B) == Reason.TRUNCATED
    assert [capture.fault for capture in archive.captures()] == [None, Reason.TRUNCATED, Reason.TRUNCATED]
    assert archive.skipped == {"capture that is not whole": 2}


def test_records_packed_together_are_counted(tmp_path):
    archive = archive_of(
        tmp_path, packed(record(A, http(ONE))) + gzip.compress(WHOLE) + packed(record(A + "x", http(ONE)))
    )
    assert body(archive, A) == ONE and body(archive, A + "x") == ONE
    assert archive.skipped == {"record packed together with another one": 1}


@pytest.mark.parametrize("name", ["archive/A.WARC.GZ", "archive/a.warc", "a.arc.gz"])
def test_the_files_of_a_package_may_have_any_name(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.wacz", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(name, record(A, http(ONE)))
    assert body(Archive([tmp_path / "a.wacz"]), A) == ONE


def test_an_index_of_countless_captures_of_one_address_is_made_in_time(tmp_path):
    """Each hour one capture, for years: neither what revisits repeat nor what they lack may be searched for in turn."""
    days = [f"20{year}-{month:02}-{day:02}" for year in range(10, 20) for month in range(1, 13) for day in range(1, 29)]
    made = [record(A, http(ONE), date="2009-01-01T00:00:00Z")]
    made += [revisit(A, f"WARC-Refers-To-Target-URI: {A}", date=f"{day}T00:00:00Z") for day in days]
    made += [revisit(B, f"WARC-Refers-To-Target-URI: {B}", date=f"{day}T00:00:00Z") for day in days]
    begun = time.process_time()
    archive = archive_of(tmp_path, b"".join(made), "a.warc")
    assert time.process_time() - begun < 20  # a tenth of it, if the work grows with the captures
    assert len(archive.times(A)) == len(days) + 1 and archive.find(A).body == ONE
    assert archive.skipped == {"revisit of a payload that no file holds": len(days)}


def test_countless_damaged_records_end_somewhere(tmp_path):
    begun = time.process_time()
    archive = archive_of(tmp_path, record(A, http(ONE)) + b"WARC/1.0\r\nWARC-Type: response\r\n\r\n" * 30_000, "a.warc")
    assert time.process_time() - begun < 60
    assert body(archive, A) == ONE and archive.skipped["damaged end of file"] == 1
