"""The records that are written: those of warcio byte for byte, in members that every tool reads."""

import gzip
import json
import random
import subprocess
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.archives import gzip_members, warc_writer
from storage.archives.warc import FINISHED, Archived, Exchange, Original, records
from tests.replay.wayback import wayback
from tests.running import PATIENCE
from tests.storage.captured import Opened, exchange, files, warcio_check

IDS = [UUID(int=number) for number in (1, 2)]  # of the response, then of its request
INFO = f"<urn:uuid:{UUID(int=3)}>"
NOTE = json.dumps({"site": "x_mot", "kind": "article", "run": 1})
HELD = Original(7, f"urn:uuid:{UUID(int=4)}", "https://mot.gov.vn/giữ", "2026-01-01T00:00:00.000Z", "00", "sha1:AA")
NOISE = random.Random(1).randbytes(200_000)


class AsIs(StatusAndHeaders):
    """A head that warcio writes as it is."""

    def __init__(self, raw):
        super().__init__(raw.partition(b"\r\n")[0].decode("latin-1"), [])
        self.raw = raw

    def compute_headers_buffer(self, header_filter=None):
        self.headers_buff = self.raw


def http(first_line, headers):
    return AsIs(b"\r\n".join([first_line.encode("latin-1"), *(b": ".join(item) for item in headers), b"", b""]))


def by_warcio(page, original):
    """What warcio makes of an exchange: its request if it is known, and its answer, not packed."""
    archived = page.archived
    date = archived.date if archived else warc_writer.warc_date(page.time)
    first = {"WARC-Date": date, "WARC-Warcinfo-ID": INFO}
    more = {"WARC-IP-Address": page.address, "WARC-Truncated": page.truncated, "WARC-Source-URI": page.source}
    extra = first | {"WARC-JSON-Metadata": NOTE} | {name: value for name, value in more.items() if value}
    extra |= archived.more if archived else {}
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    body = {"payload": BytesIO(page.body), "length": len(page.body)}
    response = f"<urn:uuid:{IDS[0]}>"
    if page.finished or (archived and archived.is_resource):
        extra |= {"WARC-Concurrent-To": f"<{page.made_of}>"} if page.made_of else {}
        writer.write_record(writer.create_warc_record(
            FINISHED + page.url if page.finished else page.url, "resource", **body, warc_headers_dict=named(extra, 0),
            warc_content_type=page.header(b"Content-Type") or "text/html; charset=utf-8",
        ))  # fmt: skip
        return out.getvalue()
    if archived.request if archived else not page.source:
        if archived:
            head, _, sent = archived.request.partition(b"\r\n\r\n")
            asked = AsIs(head + b"\r\n\r\n")
        else:
            sent = page.request_body
            asked = http(f"{page.method} {page.request_target} {page.protocol}", page.request_headers)
        request = writer.create_warc_record(
            page.url, "request", payload=BytesIO(sent), length=len(sent), http_headers=asked,
            warc_headers_dict=named(first, 1),
        )  # fmt: skip
        request.rec_headers.add_header("WARC-Concurrent-To", response)
        writer.write_record(request)
    answer = http(f"{page.protocol} {page.status} {page.reason}", page.headers)
    answer = AsIs(archived.head) if archived and archived.head else answer
    if original is None:
        record = writer.create_warc_record(
            page.url, "response", **body, http_headers=answer, warc_headers_dict=named(extra, 0)
        )
    else:
        record = writer.create_revisit_record(
            page.url, original.warc_digest, original.url, original.captured_at,
            http_headers=answer if page.headers else None,
            warc_headers_dict=named(extra | {"WARC-Refers-To": f"<{original.record_id}>"}, 0),
        )  # fmt: skip
        if page.status == 304 or (archived and "server-not-modified" in archived.profile):
            profile = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
            record.rec_headers.replace_header("WARC-Profile", profile)
    writer.write_record(record)
    return out.getvalue()


def named(headers, number):
    """Headers with the id and the kind where warcio puts them when it chooses them itself."""
    return headers | {"WARC-Type": "", "WARC-Record-ID": f"<urn:uuid:{IDS[number]}>"}


NAMES = st.sampled_from([b"Content-Type", b"Server", b"Set-Cookie", b"X-Tin"])
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20).map(
    lambda text: text.strip().encode()
)
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=4)
BODIES = st.one_of(
    st.binary(max_size=200), st.just(NOISE), st.just(b"<p>Tin</p>" * 3000), st.binary(max_size=50).map(gzip.compress),
    st.just(gzip.compress(NOISE)), st.just(b"wOF2" + NOISE[:70_000]), st.just(b"\x1f\x8b\x08" + b"\0" * 0xFFFF),
)  # fmt: skip
COPIES = st.builds(
    Archived, file=st.just(1), record=st.just("r"), date=st.just("2020-01-01T00:00:00Z"), note=st.just({}),
    head=st.sampled_from([b"", b"HTTP/1.0 200 T\xf4t\r\nserver:x\r\n\r\n"]),
    request=st.sampled_from([b"", b"GET / HTTP/1.0\r\nhost: x\r\n\r\n", b"POST / HTTP/1.0\r\n\r\na=1"]),
    is_resource=st.booleans(), profile=st.sampled_from(["", "http://netpreserve.org/warc/1.0/revisit/server-not-modified"]),
    more=st.sampled_from([{}, {"WARC-IP-Address": "192.0.2.7", "WARC-Page-ID": "5"}]),
)  # fmt: skip
EXCHANGES = st.builds(
    Exchange, url=st.sampled_from(["https://mot.gov.vn/tin?a=1", "https://phường.vn/tin tức"]),
    status=st.sampled_from([200, 304, 404]), headers=HEADERS, body=BODIES,
    time=st.datetimes(timezones=st.just(UTC)), method=st.sampled_from(["GET", "POST"]), request_headers=HEADERS,
    request_body=st.sampled_from([b"", b"a=1&b=2"]), reason=st.sampled_from(["", "OK", "Tôt"]),
    address=st.sampled_from([None, "192.0.2.1"]), truncated=st.sampled_from([None, "length"]),
    source=st.sampled_from([None, "https://archive.test/1"]), finished=st.booleans(),
    made_of=st.sampled_from([None, "urn:uuid:9"]), archived=st.none() | COPIES,
)  # fmt: skip


@given(EXCHANGES, st.sampled_from([None, HELD]))
def test_records_are_those_of_warcio_byte_for_byte(page, original):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warc_writer, "uuid4", iter(IDS).__next__)
        made = warc_writer.pair(page, INFO, NOTE, original)
    assert gzip.decompress(made.data) == by_warcio(page, original)
    answer = made.data[made.response_start :]
    unpacker = zlib.decompressobj(31)
    content = unpacker.decompress(answer)
    assert unpacker.eof and not unpacker.unused_data and made.warc_digest.encode() in content
    assert made.record_id == IDS[0].urn and f"WARC-Date: {made.captured_at}\r\n".encode() in content


def test_the_first_record_is_that_of_warcio(tmp_path):
    about = {"software": "tinphuong/thử", "operator": "", "format": "WARC File Format 1.1"}
    record_id, data = warc_writer.warcinfo("a.warc.gz", about)
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    writer._make_warc_id = lambda: record_id
    writer.curr_warc_date = lambda: date
    date = gzip.decompress(data).partition(b"WARC-Date: ")[2].partition(b"\r\n")[0].decode()
    writer.write_record(writer.create_warcinfo_record("a.warc.gz", about))
    assert gzip.decompress(data) == out.getvalue()
    assert datetime.fromisoformat(date).tzinfo is not None


@given(st.lists(BODIES, max_size=4))
def test_a_member_holds_its_parts_and_nothing_else(parts):
    member = gzip_members.packed(*parts)
    assert gzip.decompress(member) == gzip_members.unpacked(member) == b"".join(parts)
    ours, reference = gzip_members.inflater(), zlib.decompressobj(31)
    assert ours.decompress(member + b"x") == reference.decompress(member + b"x")
    assert ours.eof and ours.unused_data == reference.unused_data == b"x"
    for cut in {0, 1, len(member) // 2, len(member) - 1}:
        with pytest.raises(gzip_members.DamagedMember):
            gzip_members.unpacked(member[:cut])


@given(st.sampled_from([b"<p>Tin</p>" * 300, gzip.compress(NOISE[:5000])]), st.data())
def test_one_byte_that_is_wrong_is_found(body, data):
    member = bytearray(gzip_members.packed(b"head", body, b"\r\n\r\n"))
    place = data.draw(st.integers(10, len(member) - 1))  # behind the header, some of whose bytes mean nothing
    member[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(gzip_members.DamagedMember):
        if gzip_members.unpacked(bytes(member)) == b"head" + body + b"\r\n\r\n":
            raise gzip_members.DamagedMember("a bit that means nothing")


def test_what_is_packed_already_costs_no_more_than_its_length():
    for body in (gzip.compress(NOISE), b"wOF2" + NOISE):
        assert len(gzip_members.packed(b"head", body, b"\r\n\r\n")) < len(body) + 100


PAGES = {
    "text": exchange(1, "<html><body>Tin phường</body></html>".encode() * 500),
    "gzip": exchange(2, gzip.compress(b"<html><body>" + NOISE.hex().encode() + b"</body></html>"),
                     headers=[(b"Content-Encoding", b"gzip")]),
    "font": replace(exchange(3, b"wOF2" + NOISE), headers=[(b"Content-Type", b"font/woff2")]),
    "noise": replace(exchange(4, NOISE), headers=[(b"Content-Type", b"application/octet-stream")]),
    "nothing": exchange(5, b""),
    "finished": exchange(6, b"<html><body>Xong</body></html>", finished=True),
    "revisit": exchange(7, "<html><body>Tin phường</body></html>".encode() * 500),
    "not modified": exchange(1, b"", status=304, minutes=60),
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with a file that has a record of each kind."""
    folder = tmp_path_factory.mktemp("written")
    with Opened(folder) as opened:
        for page in PAGES.values():
            opened.keep(page)
    return folder


def test_tools_of_others_accept_every_kind_of_record(written):
    (path,) = files(written)
    assert subprocess.run(["gzip", "-t", path], timeout=PATIENCE).returncode == 0
    assert warcio_check(path) == (0, "")
    kinds = [record.type for record in records(path)]
    assert kinds == ["warcinfo", *["request", "response"] * 5, "resource", *["request", "revisit"] * 2]


def test_pywb_serves_every_kind_of_record(written, tmp_path):
    with wayback(tmp_path, *files(written)) as client:
        for name in ("text", "gzip", "font", "noise", "revisit"):
            page = PAGES[name]
            answer = client.get(f"{page.time:%Y%m%d%H%M%S}id_/{page.url}", follow_redirects=True)
            wanted = gzip.decompress(page.body) if name == "gzip" else page.body
            assert answer.status_code == 200 and answer.content == wanted, name
