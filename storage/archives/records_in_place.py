"""Reads one record out of an archive file that others wrote, compressed or not, and hands it on as a gzip member.

This is as lenient as crawlers are careless: lines may end without CR, headers may be folded, blank lines may lack.
"""

import gzip
import re
import zlib
from hashlib import sha256
from pathlib import Path
from typing import IO

from crawler.reasons import Reason
from crawler.text.content_coding import MAX_BODY, Decoded
from storage.archives.http_message import MAX_HEAD, Message, message_of
from storage.archives.http_message import payload_of as whole_payload_of
from storage.archives.warc import DamagedRecord, Record, is_well_formed

_MOST = MAX_HEAD + MAX_BODY + 1024 * 1024  # bytes of a record that are read
_CHUNK = 64 * 1024
_GZIP = 31  # zlib's window bits for a gzip member
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\r?\n(?![ \t])")
_BETWEEN = re.compile(rb"[\r\n]{0,4}")


def read(path: Path, start: int, offset: int) -> Record:
    """Return the record at byte `start` of a file, which is byte `offset` of its WARC (where that lies in a package).

    Raises DamagedRecord where none can be read there, OSError where the file cannot.
    """
    with path.open("rb") as stream:
        stream.seek(start)
        is_packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(start)
        if is_packed:
            length, content = _member(stream, offset)
            return _parsed(content, offset, length)
        return _plain(stream, offset)


def as_member(path: Path, start: int, record: Record, record_id: str) -> bytes:
    """Return a record as a gzip member of its own: the bytes of the file where they are one, else made of its headers
    and its block, which stays as it is. `record_id`: the id that it gets where it has none.

    Raises OSError.
    """
    with path.open("rb") as stream:
        stream.seek(start)
        data = stream.read(record.length)
    if record.id and data.startswith(b"\x1f\x8b") and is_well_formed(zlib.decompress(data, _GZIP)):
        return data
    headers = dict(record.headers)
    if not record.id:
        headers = {"warc-record-id": f"<{record_id}>"} | {k: v for k, v in headers.items() if k != "warc-record-id"}
    headers["content-length"] = str(len(record.block))
    lines = "".join(f"{_spelled(name)}: {value}\r\n" for name, value in headers.items())
    return gzip.compress(b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + record.block + b"\r\n\r\n", mtime=0)


def answer_of(record: Record) -> Message | None:
    """Return the head of the answer that a record holds; None where it holds none."""
    kind = record.headers.get("content-type", "")
    if record.type.lower() == "resource":
        return Message(200, [(b"Content-Type", kind.encode("latin-1", "replace"))], 0)
    return message_of(record.block, kind)


def payload_of(record: Record, message: Message | None) -> bytes:
    """Return the body as the record has it, with the framing of its transfer where that was kept."""
    return record.block[message.body_start :] if message else record.block


def page_of(record: Record) -> Decoded:
    """Return the body without the codings of its transfer, and why it is not whole, None where it is."""
    message = answer_of(record)
    if message is None:
        return b"", Reason.UNDECODABLE
    said = record.headers.get("warc-truncated", "").strip().lower()
    is_part = "warc-segment-number" in record.headers
    return whole_payload_of(
        message, record.block, said_truncated=bool(said or is_part), by_disconnect=said == "disconnect" and not is_part
    )


def digest_of(record: Record) -> str:
    """Return the SHA-256 (hex) of a record's payload."""
    return sha256(payload_of(record, answer_of(record))).hexdigest()


def _member(stream: IO[bytes], offset: int) -> tuple[int, bytes]:
    """Return (compressed length, content) of the gzip member that begins here. Raises DamagedRecord."""
    inflate = zlib.decompressobj(_GZIP)
    parts, read, size = [], 0, 0
    while not inflate.eof:
        if not (buffer := stream.read(_CHUNK)):
            raise DamagedRecord(offset, "the file ends within a record")
        read += len(buffer)
        try:
            while buffer and not inflate.eof:
                parts.append(inflate.decompress(buffer, _MOST + 1 - size))
                size += len(parts[-1])
                if size > _MOST:
                    raise DamagedRecord(offset, "a record that is too large")
                buffer = inflate.unconsumed_tail
        except zlib.error as error:
            raise DamagedRecord(offset, f"damaged compression ({error})") from None
    return read - len(inflate.unused_data), b"".join(parts)


def _plain(stream: IO[bytes], offset: int) -> Record:
    """Return the uncompressed record that begins here; its length includes the blank lines after it."""
    content = stream.read(_CHUNK)
    while not _HEAD_END.search(content) and len(content) < _MOST and (more := stream.read(_CHUNK)):
        content += more
    record = _parsed(content, offset, 0, is_beginning=True)
    end = _HEAD_END.search(content)
    head = end.end() if end else len(content)
    size = int(record.headers["content-length"])
    if size > _MOST:
        raise DamagedRecord(offset, "a record that is too large")
    content += stream.read(max(0, head + size + 4 - len(content)))
    between = _BETWEEN.match(content, head + size)
    return _parsed(content[: head + size], offset, between.end() if between else head + size)


def _parsed(content: bytes, offset: int, length: int, *, is_beginning: bool = False) -> Record:
    """Return the record that `content` begins with. Raises DamagedRecord."""
    end = _HEAD_END.search(content)
    lines = _LINE_END.split(content[: end.start()]) if end else []
    fields = [line.partition(b":") for line in lines[1:]]
    headers: dict[str, str] = {}
    for name, _, value in fields:
        headers.setdefault(name.decode("utf-8", "replace").strip().lower(), _unfolded(value))
    size = headers.get("content-length", "")
    if end is None or not lines[0].startswith(b"WARC/") or not (size.isascii() and size.isdigit()):
        raise DamagedRecord(offset, "no WARC record")
    block = content[end.end() : end.end() + int(size)]
    if len(block) < int(size) and not is_beginning:
        raise DamagedRecord(offset, "a record of another length than it says")
    return Record(offset, length, headers, block)


def _unfolded(value: bytes) -> str:
    return " ".join(value.decode("utf-8", "replace").split())


def _spelled(name: str) -> str:
    """Return a header's name as the standard spells it."""
    special = {"warc": "WARC", "id": "ID", "uri": "URI", "ip": "IP"}
    return "-".join(special.get(part, part.capitalize()) for part in name.split("-"))
