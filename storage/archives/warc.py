"""WARC 1.1 records: what is written of an HTTP exchange (storage.archives.warc_writer), and records as they are read.

Reading does not depend on warcio: `tinphuong verify` is a second opinion on files that other tools read with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from crawler.errors import InternalError
from storage.archives.address_records import is_address_record
from storage.archives.gzip_members import DamagedMember, inflater

_CHUNK = 64 * 1024
FINISHED = "urn:dom:"
"""Before a page's address, the address of the page as it was when a browser had run its scripts: its DOM as HTML.

Browsertrix names what its browser makes of a page in the same way (`urn:text:`, `urn:view:`).
"""

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Archived:
    """What a record of an archive file says of itself, kept as it is there in the copy.

    `file`: the id of the row of `archive_files`; `record`: the record's id in that file, or where it is; `date`: its
    WARC-Date; `head`: status line and headers with the empty line after them, b"" where there is none; `request`: the
    block of the request's record; `is_resource`: it holds a page or file alone; `profile`: why it is a revisit; `note`:
    for WARC-JSON-Metadata; `more`: further headers of the record; `payload_digest`: sha1:… of the payload in base32,
    where it was computed already, "" where it was not.
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
    payload_digest: str = ""


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
    sha256: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the payload, in hex; computed each time it is asked for, unless it was known."""
        return self.sha256 or sha256(self.body).hexdigest()

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
            inflate = inflater()
            parts, length = [], 0
            while not inflate.eof:
                if not buffer:
                    raise DamagedRecord(offset, "the file ends within a record")
                try:
                    parts.append(inflate.decompress(buffer))
                except DamagedMember as error:
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
