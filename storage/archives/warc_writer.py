"""Writes the records of HTTP exchanges as bytes of a WARC 1.1 file: each record is a gzip member of its own.

The names, their order and the digests are those that warcio's writer gives, so that files of both look alike; a test
compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from storage.archives.gzip_members import packed
from storage.archives.made_records import sha1_digest
from storage.archives.warc import FINISHED, Exchange, Headers, Original

_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
_SAME, _NOT_MODIFIED = "identical-payload-digest", "server-not-modified"
_REQUEST, _RESPONSE = "application/http; msgtype=request", "application/http; msgtype=response"
_NOTHING = sha1_digest(b"")
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Pair:
    """The request record, if the request is known, and the response or revisit record, compressed, ready to append to a
    file."""

    data: bytes
    response_start: int  # bytes into `data`
    record_id: str
    captured_at: str
    warc_digest: str


def warcinfo(file_name: str, about: Mapping[str, str]) -> tuple[str, bytes]:
    """Return the (record id in brackets, bytes) of a file's first record: `about` has its names and values."""
    record_id = _new_id()
    block = "".join(f"{name}: {value}\r\n" for name, value in about.items() if value).encode()
    head = {
        "WARC-Type": "warcinfo", "WARC-Record-ID": record_id, "WARC-Filename": file_name,
        "WARC-Date": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
    }  # fmt: skip
    return record_id, _record(head, "application/warc-fields", block)


def pair(exchange: Exchange, warcinfo_id: str, note: str, original: Original | None) -> Pair:
    """Make the records of an exchange: a response, or a revisit of `original` if that holds its payload.

    `note` (JSON) goes into WARC-JSON-Metadata, which keeps the file readable without the database.
    """
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
    record_id = _new_id()
    if exchange.finished or (archived and archived.is_resource):
        made, digest = _page_alone(exchange, extra, record_id)
        return Pair(made, 0, record_id.strip("<>"), date, digest)
    is_known = archived.request if archived else not exchange.source
    first = _request(exchange, common, record_id) if is_known else b""
    if original:
        made, digest = _revisit(exchange, extra, record_id, original), original.warc_digest
    else:
        made, digest = _response(exchange, extra, record_id)
    return Pair(first + made, len(first), record_id.strip("<>"), date, digest)


def warc_date(time: datetime) -> str:
    """Return `time` (aware) as WARC-Date: UTC, to the millisecond."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _page_alone(exchange: Exchange, extra: dict[str, str], record_id: str) -> tuple[bytes, str]:
    """Make a resource record: of a finished page or a saved one, which no server sent so. It never refers to an earlier
    one."""
    if exchange.made_of:
        extra["WARC-Concurrent-To"] = f"<{exchange.made_of}>"
    target = FINISHED + exchange.url if exchange.finished else exchange.url
    digest = _payload_digest(exchange)
    head = _named(extra, "resource", record_id, target) | {"WARC-Payload-Digest": digest}
    content_type = exchange.header(b"Content-Type") or "text/html; charset=utf-8"
    return _record(head, content_type, payload=exchange.body, block_digest=digest), digest


def _request(exchange: Exchange, extra: dict[str, str], response_id: str) -> bytes:
    """Make the request record; it comes first, so that a file with a whole last response is whole."""
    body = exchange.request_body
    if exchange.archived:
        raw, _, body = exchange.archived.request.partition(b"\r\n\r\n")
        http = raw + b"\r\n\r\n"
    else:
        http = _http(f"{exchange.method} {exchange.request_target} {exchange.protocol}", exchange.request_headers)
    head = _named(extra, "request", _new_id(), exchange.url)
    head |= {"WARC-Payload-Digest": sha1_digest(body) if body else _NOTHING, "WARC-Concurrent-To": response_id}
    return _record(head, _REQUEST, http, body)


def _response(exchange: Exchange, extra: dict[str, str], record_id: str) -> tuple[bytes, str]:
    digest = _payload_digest(exchange)
    head = _named(extra, "response", record_id, exchange.url) | {"WARC-Payload-Digest": digest}
    return _record(head, _RESPONSE, _answer(exchange), exchange.body), digest


def _revisit(exchange: Exchange, extra: dict[str, str], record_id: str, original: Original) -> bytes:
    archived = exchange.archived
    is_unchanged = exchange.status == 304 or (archived is not None and _NOT_MODIFIED in archived.profile)
    head = _named(extra | {"WARC-Refers-To": f"<{original.record_id}>"}, "revisit", record_id, exchange.url) | {
        "WARC-Profile": _PROFILES + (_NOT_MODIFIED if is_unchanged else _SAME),
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": original.captured_at,
        "WARC-Payload-Digest": original.warc_digest,
    }
    return _record(head, _RESPONSE, _answer(exchange) if exchange.headers else b"")


def _payload_digest(exchange: Exchange) -> str:
    known = exchange.archived.payload_digest if exchange.archived else ""
    return known or sha1_digest(exchange.body)


def _answer(exchange: Exchange) -> bytes:
    """Return status line and headers of the answer, as they are in an archive file where it is of one."""
    if exchange.archived and exchange.archived.head:
        return exchange.archived.head
    return _http(f"{exchange.protocol} {exchange.status} {exchange.reason}", exchange.headers)


def _http(first_line: str, headers: Headers) -> bytes:
    lines = [first_line.encode("latin-1", "replace"), *(name + b": " + value for name, value in headers)]
    return b"\r\n".join([*lines, b"", b""])


def _named(extra: Mapping[str, str], kind: str, record_id: str, url: str) -> dict[str, str]:
    return {**extra, "WARC-Type": kind, "WARC-Record-ID": record_id, "WARC-Target-URI": url}


def _record(
    head: Mapping[str, str], content_type: str, http: bytes = b"", payload: bytes = b"", *, block_digest: str = ""
) -> bytes:
    """Return a record as a gzip member. `block_digest`: that of http and payload together, where it is known."""
    digest = block_digest or sha1_digest(http, payload)
    size = str(len(http) + len(payload))
    last = {"WARC-Block-Digest": digest, "Content-Type": content_type, "Content-Length": size}
    lines = [f"{name}: {value}\r\n" for fields in (head, last) for name, value in fields.items()]
    return packed("".join(["WARC/1.1\r\n", *lines, "\r\n"]).encode() + http, payload, _END)


def _new_id() -> str:
    return f"<urn:uuid:{uuid4()}>"
