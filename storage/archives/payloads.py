"""Reads the payload of a capture from its WARC file."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.errors import InternalError
from crawler.reasons import Reason, sentence
from crawler.text.content_coding import Decoded, decoded, is_known, looks_gzip, unchunked
from storage.archives import records_in_place
from storage.archives.capture_files import CaptureFiles, is_of_others
from storage.archives.http_message import is_whole_all_the_same
from storage.archives.warc import DamagedRecord, Record

_PLACE = ("file", "offset", "record_id", "is_referred", "archive_file", "archive_record")


class UnreadableCapture(InternalError):
    """A capture cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A response's body with its Content-Encoding undone; `captured_at` is aware. `fault`: why the body is not whole,
    None where it is."""

    body: bytes
    content_type: str
    captured_at: datetime
    fault: Reason | None = None


def payload_of(connection: sqlite3.Connection, folder: Path, capture_id: int) -> Payload:
    """Return the payload of the capture with this id; for a revisit, that of the capture it refers to.

    `folder`: with the collection's own WARC files. Raises UnreadableCapture where the record is missing or damaged, or
    its encoding is not known. Of a body that ends early the beginning is returned, as in a browser.
    """
    place = connection.execute(
        "SELECT o.file, o.offset, o.record_id, o.is_referred, o.archive_file, o.archive_record, "
        "coalesce(c.content_type, o.content_type), c.captured_at FROM captures c "
        "JOIN captures o ON o.id = coalesce(c.revisit_of, c.id) WHERE c.id = ?",
        [capture_id],
    ).fetchone()
    if place is None:
        raise UnreadableCapture(f"no capture has the id {capture_id}")
    *where, content_type, captured_at = place
    row = dict(zip(_PLACE, where, strict=True))
    path: Path | str = folder / row["file"]
    try:
        files = CaptureFiles(connection, folder)
        path = files.located(row).path
        record = files.read(row)
    except FileNotFoundError as error:
        raise UnreadableCapture(str(error.strerror) if row["is_referred"] else f"{path} is missing") from None
    except DamagedRecord as error:
        raise UnreadableCapture(f"{path}: {error}") from None
    except OSError as error:
        raise UnreadableCapture(f"{path}: {error.strerror or error}") from None
    body, fault = records_in_place.page_of(record) if is_of_others(row) else _own(record)
    if fault == Reason.UNDECODABLE:
        raise UnreadableCapture(_undecodable(record))
    return Payload(body, content_type or "", datetime.fromisoformat(captured_at), fault)


def _own(record: Record) -> Decoded:
    """Return the body of a record that this program wrote, and why it is not whole."""
    encoding = record.http_header("Content-Encoding") or ""
    sent, is_chunked = record.payload, "chunked" in (record.http_header("Transfer-Encoding") or "").lower()
    if is_chunked:  # in a copy from an archive file, which keeps the framing of the transfer
        sent, _ = unchunked(sent)
    body, fault = decoded(sent, encoding)
    if not encoding and "html" in (record.http_header("Content-Type") or "") and looks_gzip(body):
        body, fault = decoded(body, "gzip")
    said = (record.headers.get("warc-truncated") or "").strip().lower()
    has_end = bool(record.http_header("Content-Length")) or is_chunked
    if fault is None and said and not is_whole_all_the_same(body, by_disconnect=said == "disconnect", has_end=has_end):
        fault = Reason.TRUNCATED
    return body, fault


def _undecodable(record: Record) -> str:
    encoding = record.http_header("Content-Encoding") or ""
    if is_known(encoding):
        return f"the payload is not valid {encoding}"
    return f"the payload is encoded as {encoding!r}, which is not known here"


def whole_payload_of(connection: sqlite3.Connection, folder: Path, capture_id: int) -> Payload:
    """Return the payload of a capture that came whole. Raises UnreadableCapture as payload_of does, and for others."""
    payload = payload_of(connection, folder, capture_id)
    if payload.fault is not None:
        raise UnreadableCapture(f"capture {capture_id}: {sentence(payload.fault)}")
    return payload
