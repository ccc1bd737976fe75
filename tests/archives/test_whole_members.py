"""Records of the ordinary form are read without warcio, and what is read is what warcio reads."""

import gzip
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.archives import warcio_records
from storage.archives.whole_members import Members

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Tin</p>"
FORM = b"POST /tin HTTP/1.1\r\n\r\n"
BLOCKS = st.one_of(
    st.sampled_from([b"", PAGE, PAGE * 2000, FORM + b"a=1", FORM + b"a" * 70_000, FORM + b"a" * 1_200_000]),
    st.just(bytes(3_000_000)),
    st.binary(max_size=100),
)
TYPES = st.sampled_from([b"response", b"request", b"resource", b"revisit", b"warcinfo", b"Response"])
ADDRESSES = st.sampled_from(
    [b"http://a/b", b"<http://a/b>", b"http://a/b c", "http://a/phường".encode(), b"http://a/\xff"]
)
ODD = st.sampled_from([
    b"Content-Length: 3", b"X: a\r\n b", b"a line", b": x", b"X:", b"X :  y  ", b" X: y", b"\tX: y", b"X: a\nY: b",
    b"X: a\rY: b", "Ế: ố".encode(), b"X: \x85", b"\x0bX: y", b"X: y\x1c", b"WARC-Type: metadata",
    b"X: " + b"z" * 70_000,
])  # fmt: skip
VERSIONS = st.sampled_from([b"WARC/1.1", b"WARC/1.0", b"WARC/0.18", b"WARC/1.2", b"warc/1.0", b"WARC/1.1 "])
LENGTHS = st.sampled_from([b"%d", b"%d", b"0%d", b"+%d", b"%d0", b"1%d", b"", b"x%d"])
ENDS = st.sampled_from([b"\r\n\r\n", b"\r\n\r\n", b"", b"\r\n", b"\n\n", b"\r\n\r\n\r\n", b"tail"])


@st.composite
def a_record(draw, *, odd):
    """A record, not packed; `odd`: perhaps out of the ordinary."""
    block, line = draw(BLOCKS), b"\r\n"
    version, length, end, more = b"WARC/1.1", b"%d", b"\r\n\r\n", []
    address = b"http://a/b"
    if odd:
        version, length, end, address = draw(VERSIONS), draw(LENGTHS), draw(ENDS), draw(ADDRESSES)
        line, more = draw(st.sampled_from([line, line, b"\n"])), draw(st.lists(ODD, max_size=2))
    said = length % len(block) if b"%" in length else length
    head = [b"WARC-Type: " + draw(TYPES), b"WARC-Target-URI: " + address, *more, b"Content-Length: " + said]
    return line.join([version, *draw(st.permutations(head)), b"", block]) + end


@st.composite
def a_piece(draw):
    """What a file may have in the place of a record: a member with one, with two or none, damage, other bytes."""
    content = draw(a_record(odd=draw(st.booleans())))
    kind = draw(st.sampled_from(["whole"] * 12 + ["plain", "two", "none", "damaged", "cut", "followed"]))
    member = bytearray(gzip.compress(content, 1))
    if kind == "plain":
        return content
    if kind == "two":
        return gzip.compress(content + draw(a_record(odd=False)))
    if kind == "none":
        return gzip.compress(b"")
    if kind == "damaged":
        member[draw(st.integers(0, len(member) - 1))] ^= 1 << draw(st.integers(0, 7))
    if kind == "cut":
        del member[draw(st.integers(0, len(member) - 1)) :]
    return bytes(member) + (draw(st.sampled_from([b"\0" * 9, b"\r\n", b"tail"])) if kind == "followed" else b"")


class NoMembers(Members):
    """Leaves all records to warcio."""

    def next(self, most, *, is_bounded=False):
        return None


def all_of(data, offsets):
    """What is read of a file: from its beginning to its end, and at some places."""
    found = []
    try:
        found.extend(
            record if isinstance(record, str) else (record, *record.headers.items())
            for record in warcio_records.records(BytesIO(data))
        )
    except warcio_records.PackedAsWhole:
        found.append("packed as a whole")
    return found, [warcio_records.read_record(BytesIO(data), offset, arc=False) for offset in offsets]


@given(st.lists(a_piece(), min_size=1, max_size=5), st.data())
def test_a_file_is_read_as_warcio_reads_it(pieces, data):
    content = b"".join(pieces)
    offsets = {sum(map(len, pieces[:number])) for number in range(len(pieces))}
    offsets.add(data.draw(st.integers(0, len(content))))
    read = all_of(content, offsets)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warcio_records, "Members", NoMembers)
        assert read == all_of(content, offsets)


def test_records_of_the_ordinary_form_need_no_warcio(monkeypatch):
    def no_reader():
        raise AssertionError("warcio was asked")

    monkeypatch.setattr(warcio_records, "_reader", no_reader)
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a/b\r\nContent-Length: %d\r\n\r\n"
    blocks = [PAGE, b"", bytes(3_000_000)]
    data = b"".join(gzip.compress(head % len(block) + block + b"\r\n\r\n") for block in blocks)
    found = list(warcio_records.records(BytesIO(data)))
    assert [record.block for record in found] == [block[: 64 * 1024] for block in blocks]
    whole = [warcio_records.read_record(BytesIO(data), record.offset, arc=False) for record in found]
    assert [record.block for record in whole] == blocks
