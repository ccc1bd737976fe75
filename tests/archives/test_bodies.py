"""What a transfer did to a page is undone, whatever is said of it; half a page is never taken for a whole one."""

import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from crawler.reasons import Reason
from crawler.text.content_coding import decoded, unchunked
from storage.archives.archive import Archive, BadArchive
from tests.archives.made_warcs import html, http, packed, record, revisit
from tests.examples import examples

A = "http://phuong.test/tin/mot.html"
PAGE = html("Một", size=9000)


def raw_deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def chunks(data, *, last=True, size=1000, extra=""):
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    framed = b"".join(f"{len(part):x}{extra}\r\n".encode() + part + b"\r\n" for part in parts)
    return framed + (b"0\r\n\r\n" if last else b"")


PACKERS = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress, "deflate": zlib.compress}
PACKED = {name: pack(PAGE) for name, pack in PACKERS.items()}
CHUNKED, GZIP = "Transfer-Encoding: chunked", "Content-Encoding: gzip"

WHOLE = {
    **{name: http(data, f"Content-Encoding: {name}") for name, data in PACKED.items()},
    **{f"{name} in capitals": http(data, f"content-encoding:  {name.upper()} ") for name, data in PACKED.items()},
    **{f"{name} that is plain": http(PAGE, f"Content-Encoding: {name}", "Content-Length: 99") for name in PACKERS},
    **{f"{name} in chunks": http(chunks(data), CHUNKED, f"Content-Encoding: {name}") for name, data in PACKED.items()},
    "x-gzip": http(gzip.compress(PAGE), "Content-Encoding: x-gzip"),
    "deflate without a head": http(raw_deflate(PAGE), "Content-Encoding: deflate"),
    "gzip called deflate": http(gzip.compress(PAGE), "Content-Encoding: deflate"),
    "identity": http(PAGE, "Content-Encoding: identity"),
    "nothing": http(PAGE, "Content-Encoding: "),
    "a charset for a coding": http(PAGE, "Content-Encoding: UTF-8"),
    "an unknown coding of a plain page": http(PAGE, "Content-Encoding: sdch"),
    "two codings": http(gzip.compress(brotli.compress(PAGE)), "Content-Encoding: br, gzip"),
    "two codings, two headers": http(gzip.compress(zlib.compress(PAGE)), "Content-Encoding: deflate", GZIP),
    "gzip twice": http(gzip.compress(gzip.compress(PAGE)), "Content-Encoding: gzip, gzip"),
    "gzip of several members": http(gzip.compress(PAGE[:4000]) + gzip.compress(PAGE[4000:]), GZIP),
    "gzip, then rubbish": http(gzip.compress(PAGE) + b"\0\0rubbish", GZIP),
    "gzip, then zeros": http(gzip.compress(PAGE) + bytes(2000), GZIP),
    "gzip unsaid": http(gzip.compress(PAGE)),
    "chunks": http(chunks(PAGE), CHUNKED),
    "chunks with extensions": http(chunks(PAGE, extra=";a=b"), CHUNKED),
    "chunks in capitals": http(chunks(PAGE), "transfer-encoding: Chunked"),
    "chunks that are gone": http(PAGE, CHUNKED),
    "chunks that are gone, of gzip": http(gzip.compress(PAGE), CHUNKED, GZIP),
    "gzip whole, last chunk not": http(chunks(gzip.compress(PAGE), last=False), CHUNKED, GZIP),
    "a page to its end, last chunk not": http(chunks(PAGE, last=False), CHUNKED),
    "a page to its end, shorter than said": http(PAGE, "Content-Length: 99999"),
    "longer than said": http(PAGE, "Content-Length: 5"),
    "a length that is none": http(PAGE, "Content-Length: many"),
    "all of it as a range": http(PAGE, f"Content-Range: bytes 0-{len(PAGE) - 1}/{len(PAGE)}", status="HTTP/1.1 206 x"),
}  # fmt: skip


@pytest.mark.parametrize("block", WHOLE.values(), ids=WHOLE)
def test_a_whole_page_is_read(tmp_path, block):
    (tmp_path / "a.warc.gz").write_bytes(packed(record(A, block)))
    found = Archive([tmp_path / "a.warc.gz"]).find(A)
    assert found and (found.status, found.body, found.fault) == (200, PAGE, None)


HALF = {
    **{f"{name} cut": http(data[: len(data) * 2 // 3], f"Content-Encoding: {name}")
       for name, data in PACKED.items()},
    **{f"{name} in chunks, cut": http(chunks(data)[: len(data) // 2], CHUNKED, f"Content-Encoding: {name}")
       for name, data in PACKED.items()},
    "deflate without a head, cut": http(raw_deflate(PAGE)[:-40], "Content-Encoding: deflate"),
    "the second member cut": http(gzip.compress(PAGE[:4000]) + gzip.compress(PAGE[4000:])[:-300], GZIP),
    "shorter than said": http(PAGE[:5000], f"Content-Length: {len(PAGE)}"),
    "chunks cut": http(chunks(PAGE)[:5000], CHUNKED),
    "last chunk missing": http(chunks(PAGE[:5000], last=False), CHUNKED),
    "a part": http(PAGE[:5000], f"Content-Range: bytes 0-4999/{len(PAGE)}", status="HTTP/1.1 206 Partial Content"),
    "a part of unknown size": http(PAGE[:5000], "Content-Range: bytes 0-4999/*", status="HTTP/1.1 206 Partial Content"),
}  # fmt: skip


@pytest.mark.parametrize("block", HALF.values(), ids=HALF)
def test_half_a_page_is_none(tmp_path, block):
    (tmp_path / "a.warc.gz").write_bytes(packed(record(A, block)))
    archive = Archive([tmp_path / "a.warc.gz"])
    assert archive.find(A) is None and archive.fault(A) == Reason.TRUNCATED
    assert archive.skipped == {"capture that is not whole": 1}


SAID = ["length", "time", "disconnect", "unspecified", "LENGTH"]


@pytest.mark.parametrize("why", SAID)
@pytest.mark.parametrize("name", ["WARC-Truncated", "warc-truncated"])
def test_a_record_that_says_it_is_cut_is_believed_and_so_are_its_revisits(tmp_path, why, name):
    content = packed(
        record(A, http(PAGE, f"Content-Length: {len(PAGE)}"), f"{name}: {why}", number="<urn:uuid:1>"),
        revisit("http://phuong.test/x", "WARC-Refers-To: <urn:uuid:1>"),
    )
    (tmp_path / "a.warc.gz").write_bytes(content)
    archive = Archive([tmp_path / "a.warc.gz"])
    assert [archive.fault(url) for url in (A, "http://phuong.test/x")] == [Reason.TRUNCATED, Reason.TRUNCATED]


def test_a_page_that_ends_as_one_is_whole_where_only_the_connection_could_end_it(tmp_path):
    cut, half = "WARC-Truncated: disconnect", PAGE[: PAGE.rindex(b"</html")]
    content = packed(record(A, http(PAGE), cut), record("http://phuong.test/x", http(half), cut))
    (tmp_path / "a.warc.gz").write_bytes(content)
    archive = Archive([tmp_path / "a.warc.gz"])
    assert archive.find(A).body == PAGE and archive.fault("http://phuong.test/x") == Reason.TRUNCATED


@pytest.mark.parametrize("body", [b"\x00\x99" * 400, b"\x1f\x8b\x08" + b"\xff" * 400], ids=["noise", "damage"])
@pytest.mark.parametrize("coding", [*PACKERS, "compress", ",".join(["gzip"] * 20)])
def test_what_cannot_be_unpacked_is_no_page(tmp_path, body, coding):
    (tmp_path / "a.warc.gz").write_bytes(packed(record(A, http(body, f"Content-Encoding: {coding}"))))
    archive = Archive([tmp_path / "a.warc.gz"])
    assert archive.find(A) is None and archive.fault(A) in (Reason.UNDECODABLE, Reason.TRUNCATED)


@pytest.mark.parametrize("coding", PACKERS)
def test_a_bomb_is_unpacked_up_to_the_bound(coding):
    assert decoded(PACKERS[coding](bytes(3_000_000)), coding, limit=1_000_000) == (bytes(1_000_000), Reason.TOO_LARGE)
    assert decoded(PACKERS[coding](bytes(1_000_000)), coding, limit=1_000_000) == (bytes(1_000_000), None)


def test_countless_members_end_somewhere():
    assert decoded(gzip.compress(b"") * 20_000, "gzip")[1] == Reason.TOO_LARGE


@examples(100)
@given(body=st.binary(max_size=300), coding=st.sampled_from([*PACKERS, "", "compress", "gzip, br"]))
def test_any_bytes_are_decoded_or_not(body, coding):
    out, fault = decoded(body, coding)
    assert isinstance(out, bytes) and (fault is None or fault in Reason)
    assert isinstance(unchunked(body)[0], bytes)


@examples(50)
@given(body=st.binary(max_size=3000), coding=st.sampled_from([*PACKERS]), size=st.integers(1, 900))
def test_what_was_packed_comes_back(body, coding, size):
    whole = PACKERS[coding](body)
    assert decoded(whole, coding) == (body, None)
    assert unchunked(chunks(whole, size=size)) == (whole, True)


SOUND = [
    record(A, http(gzip.compress(PAGE), GZIP)),
    revisit("http://phuong.test/x", f"WARC-Refers-To-Target-URI: {A}"),
    record("http://phuong.test/y", http(chunks(PAGE), CHUNKED)),
    record("http://phuong.test/z", PAGE, kind="resource", content_type="text/html"),
]
FILES = [packed(*SOUND), b"".join(SOUND)]
CHANGE = st.tuples(st.integers(0, 2**20), st.binary(min_size=1, max_size=8), st.integers(0, 40))


@examples(150)
@given(which=st.integers(0, 1), changes=st.lists(CHANGE, min_size=1, max_size=5), cut=st.none() | st.integers(0, 2**20))
def test_no_damage_to_a_file_breaks_the_program(which, changes, cut, tmp_path_factory):
    data = bytearray(FILES[which])
    for at, value, left_out in changes:
        at %= len(data) or 1
        data[at : at + left_out] = value
    path = tmp_path_factory.getbasetemp() / "damaged.warc"
    path.write_bytes(bytes(data[: cut % len(data)] if cut is not None and data else data))
    try:
        archive = Archive([path])
    except BadArchive as error:
        assert str(path) in str(error)
    else:
        read = sum(1 for _ in archive.captures())
        assert read + archive.skipped.get("record that can no longer be read", 0) >= len(archive)
