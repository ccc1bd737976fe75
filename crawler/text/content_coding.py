"""Undoes what a transfer did to a body: chunks and content codings, within bounds, and says whether it came whole.

Archives contradict themselves: a body is plain although its header says gzip, because a browser wrote it down unpacked;
the chunks are gone and their header is not; a coding is there and nobody names it. What the bytes are counts more than
what is said of them.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from crawler.reasons import Reason

MAX_BODY = 32 * 1024 * 1024  # bytes, unpacked
_MOST_CODINGS = 5  # of one body; each may multiply it
_MOST_MEMBERS = 10_000  # of one body that is gzip or zstd: each costs a new decompressor
_STEP = 64 * 1024  # bytes handed to a decompressor at once
_PIECE = 256 * 1024  # bytes that it gives at once
_LONGEST_SIZE = 1024  # bytes of the line before a chunk
_GZIP, _ZLIB, _RAW = 31, 15, -15  # zlib's window bits
_NO_CODING = frozenset({"", "identity", "none", "binary", "8bit", "7bit", "utf-8", "chunked"})
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKS = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")  # of gzip and zstd
_MARK = 4  # bytes of the longest
_PLAIN = (b"\xff\xfe", b"\xfe\xff", b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF", b"PK\x03\x04")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?/a-zA-Z]")
_HEAD = 512  # bytes that are looked at
_LONGEST_LETTER = 4  # bytes of UTF-8

Decoded = tuple[bytes, Reason | None]
"""A body, and why it is not whole: TRUNCATED, TOO_LARGE, UNDECODABLE, or None. The body is then what there is of it."""


class _Inflater(Protocol):
    """One decompressor under one face."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` gives, in pieces of `_PIECE` bytes at most."""

    def rest(self) -> bytes | None:
        """Return what follows the end of the stream, None before its end."""


def decoded(body: bytes, codings: str, *, limit: int = MAX_BODY) -> Decoded:
    """Undo the Content-Encoding `codings` ("gzip", "br", "deflate, gzip"), up to `limit` bytes."""
    names = _names(codings)
    if len(names) > _MOST_CODINGS:
        return b"", Reason.UNDECODABLE
    fault: Reason | None = None
    for name in reversed(names):
        body, fault = _undone(body, name, limit)
        if fault is not None:
            return body, fault
    return (body, None) if len(body) <= limit else (body[:limit], Reason.TOO_LARGE)


def gunzipped(body: bytes, *, limit: int = MAX_BODY) -> Decoded:
    """Undo gzip that nothing names, as often as it was done, up to `limit` bytes."""
    fault: Reason | None = None
    for _ in range(_MOST_CODINGS):
        if fault is not None or not looks_gzip(body):
            break
        body, fault = _undone(body, "gzip", limit)
    return body, fault


def is_known(codings: str) -> bool:
    """Tell whether each of the codings can be undone here."""
    return all(_decoders(name) for name in _names(codings))


def looks_gzip(body: bytes) -> bool:
    """Tell whether a body begins as gzip does."""
    return body.startswith(b"\x1f\x8b\x08")


def unchunked(body: bytes) -> tuple[bytes, bool]:
    """Return a body without the framing of chunks, and whether the last chunk came; a body that has none as it is."""
    parts: list[bytes] = []
    at = 0
    while True:
        size = _CHUNK_SIZE.match(body[at : at + _LONGEST_SIZE])
        if size is None:
            return (b"".join(parts), False) if parts else (body, True)
        length = int(size[1], 16)
        if not length:
            return b"".join(parts), True
        begin = at + size.end()
        at = begin + length
        line_end = re.match(rb"\r?\n", body[at : at + 2])
        if line_end is None and at < len(body) and not parts:
            return body, True  # a number at the beginning of a text
        parts.append(body[begin:at])
        if line_end is None:
            return b"".join(parts), False
        at += line_end.end()


def _names(codings: str) -> list[str]:
    return [name for name in (part.strip().lower() for part in codings.split(",")) if name not in _NO_CODING]


def _undone(body: bytes, name: str, limit: int) -> Decoded:
    """Undo one coding; a body that is plain already stays as it is."""
    best: Decoded = b"", Reason.UNDECODABLE
    for make in _decoders(name) if body else ():
        found = _unpacked(body, make, limit)
        if found[1] in (None, Reason.TOO_LARGE):
            return found
        if found[1] == Reason.TRUNCATED and len(found[0]) >= len(best[0]):
            best = found
    return (body, None) if not body or _looks_plain(body) else best


def _decoders(name: str) -> tuple[Callable[[], _Inflater], ...]:
    match name:
        case "gzip" | "x-gzip":
            return (lambda: _Zlib(_GZIP),)
        case "deflate" | "x-deflate":  # zlib by the standard, raw from some servers
            return (lambda: _Zlib(_ZLIB), lambda: _Zlib(_RAW), lambda: _Zlib(_GZIP))
        case "br" | "brotli":
            return (_Brotli,)
        case "zstd":
            return (_Zstd,)
    return ()


def _unpacked(body: bytes, make: Callable[[], _Inflater], limit: int) -> Decoded:
    """Unpack one stream after the other; what follows the last one and is none is left out, as browsers do."""
    out = bytearray()
    inflater, members = make(), 1
    pending, at = body[:_STEP], _STEP
    try:
        while True:
            for piece in inflater.feed(pending):
                out += piece
                if len(out) > limit or members > _MOST_MEMBERS:
                    del out[limit:]
                    return bytes(out), Reason.TOO_LARGE
            rest = inflater.rest()
            if rest is not None and len(rest) >= _MARK:
                pending = rest
            elif at < len(body):
                pending, at = (rest or b"") + body[at : at + _STEP], at + _STEP
            elif rest is None:
                return bytes(out), Reason.TRUNCATED
            else:
                return bytes(out), None
            if rest is not None:
                if not pending.startswith(_MARKS):
                    return bytes(out), None
                inflater, members = make(), members + 1
    except Exception:  # each library has its own errors, and all of them mean the same
        return bytes(out), Reason.TRUNCATED if out else Reason.UNDECODABLE


class _Zlib:
    def __init__(self, window: int):
        self._inflate = zlib.decompressobj(window)

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._inflate.decompress(data, _PIECE)
        while self._inflate.unconsumed_tail and not self._inflate.eof:
            yield self._inflate.decompress(self._inflate.unconsumed_tail, _PIECE)

    def rest(self) -> bytes | None:
        return self._inflate.unused_data if self._inflate.eof else None


class _Zstd:
    def __init__(self) -> None:
        from backports.zstd import ZstdDecompressor

        self._inflate = ZstdDecompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._inflate.decompress(data, _PIECE)
        while not self._inflate.eof and not self._inflate.needs_input:
            yield self._inflate.decompress(b"", _PIECE)

    def rest(self) -> bytes | None:
        return self._inflate.unused_data if self._inflate.eof else None


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._inflate = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        piece = self._inflate.process(data, output_buffer_limit=_PIECE)
        while piece:  # it says that it takes more also while it still has something to give
            yield piece
            piece = b"" if self._inflate.is_finished() else self._inflate.process(b"", output_buffer_limit=_PIECE)

    def rest(self) -> bytes | None:
        return b"" if self._inflate.is_finished() else None


def _looks_plain(body: bytes) -> bool:
    """Tell whether a body has no coding: it begins as a known kind of file does, or has no byte that no text has."""
    if body.startswith(_PLAIN):
        return True
    head = body[:_HEAD]
    if body.startswith(_MARKS) or _CONTROL.search(head):
        return False
    if _MARKUP.match(head):
        return True  # in whatever charset
    try:
        head[: -_LONGEST_LETTER if len(head) == _HEAD else None].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True
