"""Recognises a file of web pages by its bytes, and finds where reading can continue in a damaged one."""

import re
import zlib
from pathlib import Path
from typing import IO

_BEGIN = re.compile(rb"\x1f\x8b\x08|\r\n\r\nWARC/1\.")
_CHUNK = 1 << 20


def is_package(path: Path) -> bool:
    """Tell whether a file begins like a ZIP file, which a WACZ is."""
    with path.open("rb") as stream:
        return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def starts_like_warc(stream: IO[bytes]) -> bool:
    """Tell whether a file begins with a WARC record, compressed or not."""
    return _head(stream).lstrip().startswith(b"WARC/")


def _head(stream: IO[bytes]) -> bytes:
    """Return the first bytes of a file, decompressed if it is gzip; empty if it only looks like gzip."""
    stream.seek(0)
    head = stream.read(2048)
    stream.seek(0)
    if head.startswith(b"\x1f\x8b"):
        try:
            return zlib.decompressobj(wbits=31).decompress(head, 64)
        except zlib.error:
            return b""
    return head


def what_it_is(path: Path) -> str:
    """Return a sentence that says what a file without WARC records is instead, and what to do."""
    if is_package(path):
        return "the package's WARC files hold no record"
    with path.open("rb") as stream:
        if stream.read(4) == b"\x28\xb5\x2f\xfd":
            return "it is compressed with zstd: unpack it with unzstd first"
        if _head(stream).startswith(b"filedesc:"):
            return (
                "it is an ARC file, the form before WARC: convert it with `warcio recompress FILE.arc.gz FILE.warc.gz`"
            )
    return "it holds no WARC record"


def next_record(stream: IO[bytes], start: int) -> int | None:
    """Return where the next record begins, at or after byte `start`, or None."""
    position, tail = start, b""
    stream.seek(start)
    while chunk := stream.read(_CHUNK):
        window = tail + chunk
        for match in _BEGIN.finditer(window):
            begin = position - len(tail) + match.start()
            if window[match.start()] != 0x1F or _is_record(window[match.start() : match.start() + 4096]):
                return begin + (4 if window[match.start()] == 0x0D else 0)
        position += len(chunk)
        tail = window[-4096:]
        start = position
    return None


def _is_record(data: bytes) -> bool:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, 64).startswith(b"WARC/")
    except zlib.error:
        return False
