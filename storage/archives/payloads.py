"""Reads the payload of a capture from its WARC file."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.errors import InternalError
from crawler.reasons import Reason, sentence
from crawler.text.content_coding import decoded, is_known, looks_gzip, unchunked
from storage.archives.http_message import is_whole_all_the_same
from storage.archives.warc import DamagedRecord, read_record


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

    `folder`: with the WARC files. Raises UnreadableCapture where the record is missing or damaged, or its encoding
    is not known. Of a body that ends early the beginning is returned, as in a browser.
    """
    place = connection.execute(
        "SELECT o.file, o.offset, o.record_id, coalesce(c.content_type, o.content_type), c.captured_at FROM captures c "
        "JOIN captures o ON o.id = coalesce(c.revisit_of, c.id) WHERE c.id = ?",
        [capture_id],
    ).fetchone()
    if place is None:
        raise UnreadableCapture(f"no capture has the id {capture_id}")
    file, offset, record_id, content_type, captured_at = place
    path = folder / file
    try:
        record = read_record(path, offset)
    except FileNotFoundError:
        raise UnreadableCapture(f"{path} is missing") from None
    except (DamagedRecord, OSError) as error:
        raise UnreadableCapture(f"{path}: {error}") from None
    if record.id != record_id:
        raise UnreadableCapture(f"{path}: another record is at byte {offset}")
    encoding = record.http_header("Content-Encoding") or ""
    sent, is_chunked = record.payload, "chunked" in (record.http_header("Transfer-Encoding") or "").lower()
    if is_chunked:  # in a copy from an archive file, which keeps the framing of the transfer
        sent, _ = unchunked(sent)
    body, fault = decoded(sent, encoding)
    if not encoding and "html" in (record.http_header("Content-Type") or "") and looks_gzip(body):
        body, fault = decoded(body, "gzip")
    if fault == Reason.UNDECODABLE:
        if is_known(encoding):
            raise UnreadableCapture(f"the payload is not valid {encoding}")
        raise UnreadableCapture(f"the payload is encoded as {encoding!r}, which is not known here")
    said = (record.headers.get("warc-truncated") or "").strip().lower()
    has_end = bool(record.http_header("Content-Length")) or is_chunked
    if fault is None and said and not is_whole_all_the_same(body, by_disconnect=said == "disconnect", has_end=has_end):
        fault = Reason.TRUNCATED
    return Payload(body, content_type or "", datetime.fromisoformat(captured_at), fault)


def whole_payload_of(connection: sqlite3.Connection, folder: Path, capture_id: int) -> Payload:
    """Return the payload of a capture that came whole. Raises UnreadableCapture as payload_of does, and for others."""
    payload = payload_of(connection, folder, capture_id)
    if payload.fault is not None:
        raise UnreadableCapture(f"capture {capture_id}: {sentence(payload.fault)}")
    return payload
