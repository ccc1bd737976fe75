"""WARC 1.1 records as bytes: written from HTTP exchanges with warcio, and read back without it.

Reading is a second implementation on purpose: `tinphuong verify` must not depend on the library that wrote the files.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from crawler.errors import InternalError
from storage.archives.address_records import is_address_record

_CHUNK = 64 * 1024
_GZIP = 31  # zlib's window bits for a gzip member
FINISHED = "urn:dom:"
"""Before a page's address, the address of the page as it was when a browser had run its scripts: its DOM as HTML.

Browsertrix names what its browser makes of a page in the same way (`urn:text:`, `urn:view:`).
"""

_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Archived:
    """What a record of an archive file says of itself, kept as it is there in the copy.

    `file`: the id of the row of `archive_files`; `record`: the record's id in that file, or where it is; `date`: its
    WARC-Date; `head`: status line and headers with the empty line after them, b"" where there is none; `request`: the
    block of the request's record; `is_resource`: it holds a page or file alone; `profile`: why it is a revisit; `note`:
    for WARC-JSON-Metadata; `more`: further headers of the record.
    """

    file: int
    record: str
    date: str
    note: Mapping[str, object]
    head: bytes = b""
    request: bytes = b""
    is_resource: bool = False
    profile: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, as they went over the wire except for the framing of the transfer.

    `body` is the payload with its Content-Encoding, but without Transfer-Encoding. `time` is aware: when the response
    had arrived. `truncated` says why the body is not whole (WARC-Truncated), None if it is. `source`: the address in a
    web archive that it was copied from; then nothing is known about the request. Of a revisit without `headers` it is
    only known that the page was the same. `tls`: "any" where the server's certificate was not verified, "old" where old
    protocols and weak keys were allowed, else "". `finished`: `body` is no answer of a server but the finished page,
    the DOM of a browser as HTML; `made_of`: the id of the record of what the server sent. `archived`: it is a copy out
    of an archive file, whose head, framing and date are kept as they are.
    """

    url: str
    status: int
    headers: Headers
    body: bytes
    time: datetime
    method: str = "GET"
    request_target: str = "/"
    request_headers: Headers = ()
    request_body: bytes = b""
    protocol: str = "HTTP/1.1"
    reason: str = ""
    address: str | None = None
    truncated: str | None = None
    source: str | None = None
    tls: str = ""
    finished: bool = False
    made_of: str | None = None
    archived: Archived | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the payload, in hex."""
        return sha256(self.body).hexdigest()

    def header(self, name: bytes) -> str | None:
        """Return the first response header of that name, as text."""
        found = next((value for key, value in self.headers if key.lower() == name.lower()), None)
        return None if found is None else found.decode("latin-1")


@dataclass(frozen=True, slots=True)
class Original:
    """The capture that already holds a payload, as a revisit record names it. `warc_digest` is sha1:…"""

    id: int
    record_id: str
    url: str
    captured_at: str
    payload_digest: str
    warc_digest: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The request record, if the request is known, and the response or revisit record, compressed, ready to append to a
    file."""

    data: bytes
    response_start: int  # bytes into `data`
    record_id: str
    captured_at: str
    warc_digest: str


@dataclass(slots=True)
class Record:
    """A record in a file: `offset` and `length` in compressed bytes, `headers` with lower-case names."""

    offset: int
    length: int
    headers: dict[str, str] = field(default_factory=dict)
    block: bytes = b""

    @property
    def type(self) -> str:
        """WARC-Type."""
        return self.headers.get("warc-type", "")

    @property
    def id(self) -> str:
        """WARC-Record-ID without its brackets."""
        return self.headers.get("warc-record-id", "").strip("<>")

    @property
    def url(self) -> str:
        """WARC-Target-URI; of a finished page the page's own address."""
        return self.headers.get("warc-target-uri", "").strip("<>").removeprefix(FINISHED)

    @property
    def is_finished_page(self) -> bool:
        """Whether the record holds a page as it was when a browser had run its scripts."""
        return self.type == "resource" and self.headers.get("warc-target-uri", "").strip("<>").startswith(FINISHED)

    @property
    def is_capture(self) -> bool:
        """Whether the record holds what a server answered, a page or file alone, or refers to an earlier record."""
        return self.type in ("response", "revisit", "resource") and not is_address_record(self.headers)

    def has_request(self, request: "Record | None") -> bool:
        """Tell whether `request`, the record before this one, is the request that was answered by this record."""
        return request is not None and self.id in request.headers.get("warc-concurrent-to", "")

    @property
    def payload(self) -> bytes:
        """What follows the HTTP headers."""
        return self.block if self.type == "resource" else self.block.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        """The HTTP status, or 0 for a record without one; only what came with 200 is kept as a page alone."""
        if self.type == "resource":
            return 200
        parts = self.block[:40].split(None, 2)
        return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0

    def http_header(self, name: str) -> str | None:
        """Return the first HTTP header of that name; of a page or file alone the record's own."""
        if self.type == "resource":
            return self.headers.get(name.lower())
        for line in self.block.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
            key, _, value = line.decode("latin-1").partition(":")
            if key.strip().lower() == name.lower():
                return value.strip()
        return None


class DamagedRecord(InternalError):
    """A file cannot be read from byte `offset` on."""

    def __init__(self, offset: int, why: str):
        super().__init__(f"{why} at byte {offset}")
        self.offset = offset
        self.why = why


def records(path: Path, start: int = 0) -> Iterator[Record]:
    """Yield the records of a file compressed record by record, from byte `start`, where a record must begin.

    Raises DamagedRecord at a record that is cut off, is not gzip, fails gzip's checksum, or does not contain a WARC
    record; OSError where the file cannot be read.
    """
    with path.open("rb") as stream:
        stream.seek(start)
        offset, buffer = start, stream.read(_CHUNK)
        while buffer:
            inflate = zlib.decompressobj(_GZIP)
            parts, length = [], 0
            while not inflate.eof:
                if not buffer:
                    raise DamagedRecord(offset, "the file ends within a record")
                try:
                    parts.append(inflate.decompress(buffer))
                except zlib.error as error:
                    raise DamagedRecord(offset, f"damaged compression ({error})") from None
                length += len(buffer) - len(inflate.unused_data)
                buffer = inflate.unused_data or stream.read(_CHUNK)
            yield _record(offset, length, b"".join(parts))
            offset += length


def read_record(path: Path, offset: int) -> Record:
    """Return the record at byte `offset`. Raises DamagedRecord and OSError as `records` does."""
    for record in records(path, offset):
        return record
    raise DamagedRecord(offset, "the file ends")


def _record(offset: int, length: int, content: bytes) -> Record:
    head, found, rest = content.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    size = headers.get("content-length", "")
    if not found or not lines[0].startswith("WARC/") or not size.isdigit():
        raise DamagedRecord(offset, "no WARC record")
    if len(rest) != int(size) + 4 or not rest.endswith(b"\r\n\r\n"):
        raise DamagedRecord(offset, "a record of another length than it says")
    return Record(offset, length, headers, rest[: int(size)])


def is_well_formed(content: bytes) -> bool:
    """Tell whether the bytes of a record, not compressed, are one record as the standard has it, and nothing else."""
    try:
        _record(0, 0, content)
    except DamagedRecord:
        return False
    return True


def warcinfo(file_name: str, about: dict[str, str]) -> tuple[str, bytes]:
    """Return the (record id, bytes) of a file's first record: `about` has its names and values."""
    from warcio.warcwriter import WARCWriter

    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    record = writer.create_warcinfo_record(file_name, about)
    writer.write_record(record)
    return record.rec_headers.get_header("WARC-Record-ID"), out.getvalue()


def pair(exchange: Exchange, warcinfo_id: str, note: str, original: Original | None) -> Pair:
    """Make the records of an exchange: a response, or a revisit of `original` if that holds its payload.

    `note` (JSON) goes into WARC-JSON-Metadata, which keeps the file readable without the database.
    """
    from warcio.warcwriter import WARCWriter

    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    archived = exchange.archived
    date = archived.date if archived else warc_date(exchange.time)
    common = {"WARC-Date": date, "WARC-Warcinfo-ID": warcinfo_id}
    extra = common | {"WARC-JSON-Metadata": note}
    if exchange.address:
        extra["WARC-IP-Address"] = exchange.address
    if exchange.truncated:
        extra["WARC-Truncated"] = exchange.truncated
    if exchange.source:
        extra["WARC-Source-URI"] = exchange.source
    if archived:
        extra |= archived.more
    if exchange.finished or (archived and archived.is_resource):
        return _page_alone(writer, exchange, extra)
    response = _response(writer, exchange, extra, original)
    record_id = response.rec_headers.get_header("WARC-Record-ID")
    is_known = archived.request if archived else not exchange.source
    first = _request(writer, exchange, common, record_id) if is_known else b""
    out.seek(0)
    out.truncate()
    writer.write_record(response)
    digest = response.rec_headers.get_header("WARC-Payload-Digest")
    return Pair(first + _member(out.getvalue()), len(first), record_id.strip("<>"), date, digest)


def _page_alone(writer: Any, exchange: Exchange, extra: dict[str, str]) -> Pair:
    """Make a resource record: of a finished page or a saved one, which no server sent so. It never refers to an earlier
    one."""
    if exchange.made_of:
        extra["WARC-Concurrent-To"] = f"<{exchange.made_of}>"
    target = FINISHED + exchange.url if exchange.finished else exchange.url
    record = writer.create_warc_record(
        target, "resource", payload=BytesIO(exchange.body), length=len(exchange.body),
        warc_content_type=exchange.header(b"Content-Type") or "text/html; charset=utf-8", warc_headers_dict=extra,
    )  # fmt: skip
    writer.ensure_digest(record, block=False, payload=True)
    writer.write_record(record)
    record_id, digest = (record.rec_headers.get_header(name) for name in ("WARC-Record-ID", "WARC-Payload-Digest"))
    return Pair(_member(writer.out.getvalue()), 0, record_id.strip("<>"), extra["WARC-Date"], digest)


def _request(writer: Any, exchange: Exchange, extra: dict[str, str], record_id: str) -> bytes:
    """Make the request record; it comes first, so that a file with a whole last response is whole."""
    body = exchange.request_body
    if exchange.archived:
        raw, _, body = exchange.archived.request.partition(b"\r\n\r\n")
        head = _as_sent(raw + b"\r\n\r\n")
    else:
        head = _http(f"{exchange.method} {exchange.request_target} {exchange.protocol}", exchange.request_headers)
    request = writer.create_warc_record(
        exchange.url, "request", payload=BytesIO(body), length=len(body),
        http_headers=head, warc_headers_dict=dict(extra),
    )  # fmt: skip
    request.rec_headers.add_header("WARC-Concurrent-To", record_id)
    writer.write_record(request)
    return _member(writer.out.getvalue())


def _member(record: bytes) -> bytes:
    """Return a record as a gzip member, at zlib's default level: warcio's level 9 is slower and hardly smaller."""
    packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return packer.compress(record) + packer.flush()


def _response(writer: Any, exchange: Exchange, extra: dict[str, str], original: Original | None) -> Any:
    archived = exchange.archived
    if archived and archived.head:
        http = _as_sent(archived.head)
    else:
        http = _http(f"{exchange.protocol} {exchange.status} {exchange.reason}", exchange.headers)
    if original is None:
        return writer.create_warc_record(
            exchange.url, "response", payload=BytesIO(exchange.body), length=len(exchange.body),
            http_headers=http, warc_headers_dict=extra,
        )  # fmt: skip
    extra["WARC-Refers-To"] = f"<{original.record_id}>"
    record = writer.create_revisit_record(
        exchange.url, original.warc_digest, original.url, original.captured_at,
        http_headers=http if exchange.headers else None, warc_headers_dict=extra,
    )  # fmt: skip
    if exchange.status == 304 or (archived and _NOT_MODIFIED.rpartition("/")[2] in archived.profile):
        record.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
    return record


def _as_sent(head: bytes) -> Any:
    """Return the head of a message, with the empty line at its end, for warcio to write as it is."""
    return _verbatim()(head.partition(b"\r\n")[0].decode("latin-1"), head)


def _http(first_line: str, headers: Headers) -> Any:
    lines = [first_line.encode("latin-1", "replace"), *(name + b": " + value for name, value in headers)]
    return _verbatim()(first_line, b"\r\n".join([*lines, b"", b""]))


@cache
def _verbatim() -> Any:
    """Return a class of HTTP headers that writes bytes as they are; warcio's own changes those that are not ASCII."""
    from warcio.statusandheaders import StatusAndHeaders

    class Verbatim(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
        def __init__(self, first_line: str, raw: bytes):
            super().__init__(first_line, [])
            self.raw = raw

        def compute_headers_buffer(self, header_filter: object = None) -> None:
            self.headers_buff = self.raw

    return Verbatim


def warc_date(time: datetime) -> str:
    """Return `time` (aware) as WARC-Date: UTC, to the millisecond."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
