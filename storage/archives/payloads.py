"""Reads the payload of a capture from its WARC file."""

import sqlite3
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.errors import InternalError
from storage.archives.warc import DamagedRecord, read_record

_MAX_BODY = 32 * 1024 * 1024  # bytes, unpacked


class UnreadableCapture(InternalError):
    """A capture cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A response's body with its Content-Encoding undone; `captured_at` is aware."""

    body: bytes
    content_type: str
    captured_at: datetime


def payload_of(connection: sqlite3.Connection, folder: Path, capture_id: int) -> Payload:
    """Return the payload of the capture with this id; for a revisit, that of the capture it refers to.

    `folder`: with the WARC files. Raises UnreadableCapture where the record is missing or damaged, or its encoding
    is not known.
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
    body = _decoded(record.payload, record.http_header("Content-Encoding") or "")
    return Payload(body, content_type or "", datetime.fromisoformat(captured_at))


def _decoded(body: bytes, encoding: str) -> bytes:
    """Undo a Content-Encoding; of a body that ends early the beginning is returned, as in a browser."""
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip" | "deflate":
            windows = (47, -15)  # with a gzip or zlib header, or raw, which some servers send as "deflate"
        case other:
            raise UnreadableCapture(f"the payload is encoded as {other!r}, which is not known here")
    for window in windows:
        try:
            return zlib.decompressobj(window).decompress(body, _MAX_BODY)
        except zlib.error:
            continue
    raise UnreadableCapture(f"the payload is not valid {encoding}")
