"""Recognises a file of web pages by its bytes, and finds where reading can continue in a damaged one."""

import re
import zlib
from pathlib import Path
from typing import IO

_BEGIN = re.compile(rb"\x1f\x8b\x08|WARC/(?:0\.1[78]|1\.[01])\r?\n[A-Za-z][\w-]*:")
_FIRST_CHUNK = 16 * 1024  # bytes: the next record is mostly near
_CHUNK = 1 << 20
_PACKED = (
    (b"\x28\xb5\x2f\xfd", "it is compressed with zstd: unpack it with unzstd first"),
    (b"\x5d\x2a\x4d\x18", "it is compressed with zstd and a dictionary: unpack it first"),
    (b"BZh", "it is compressed with bzip2: unpack it with bunzip2 first"),
    (b"\xfd7zXZ", "it is compressed with xz: unpack it with unxz first"),
    (b"7z\xbc\xaf", "it is a 7z package: unpack it and name the WARC files in it"),
)


def is_package(path: Path) -> bool:
    """Tell whether a file begins like a ZIP file, which a WACZ is."""
    with path.open("rb") as stream:
        return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def starts_like_warc(stream: IO[bytes]) -> bool:
    """Tell whether a file begins with a WARC record, compressed or not."""
    return _head(stream).lstrip().startswith(b"WARC/")


def blank_before(stream: IO[bytes]) -> int:
    """Return how many blank bytes a file begins with."""
    stream.seek(0)
    head = stream.read(2048)
    return len(head) - len(head.lstrip())


def starts_like_arc(stream: IO[bytes]) -> bool:
    """Tell whether a file is an ARC file, the form before WARC, compressed or not."""
    return _head(stream).startswith(b"filedesc:")


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
    """Return a sentence that says what a file without captures is instead, and what to do."""
    if is_package(path):
        return "the package's WARC files hold no record"
    with path.open("rb") as stream:
        head = stream.read(8)
        for mark, sentence in _PACKED:
            if head.startswith(mark):
                return sentence
        if not head:
            return "it holds no WARC record: it is empty"
        if starts_like_arc(stream):
            return "it is an ARC file, the form before WARC, without a page that can be read; try `warcio recompress`"
    return "it holds no WARC record"


def next_record(stream: IO[bytes], start: int) -> int | None:
    """Return where the next record begins, at or after byte `start`, or None."""
    position, tail, size = start, b"", _FIRST_CHUNK
    stream.seek(start)
    while chunk := stream.read(size):
        size = min(_CHUNK, 4 * size)
        window = tail + chunk
        for match in _BEGIN.finditer(window):
            begin = position - len(tail) + match.start()
            if window[match.start()] != 0x1F or _is_record(window[match.start() : match.start() + 4096]):
                return begin
        position += len(chunk)
        tail = window[-4096:]
        start = position
    return None


def _is_record(data: bytes) -> bool:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, 64).startswith(b"WARC/")
    except zlib.error:
        return False
