"""Undoes the Content-Encoding of a body, and tells whether all of it came. Pure."""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli

from crawler.errors import InternalError

_CHUNK = 64 * 1024
_MOST_LAYERS = 4  # codings one upon the other
_GZIP = b"\x1f\x8b\x08"
_GZIP_WINDOW, _ZLIB_WINDOW, _RAW_WINDOW = 31, 15, -15  # window bits by which zlib tells the formats apart
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NO_CODING = frozenset({"", "identity", "none", "binary", "8bit", "7bit", "utf-8", "utf8"})

_WHOLE, _CUT, _DAMAGED = "", "ends early", "is damaged"


class TooMuch(InternalError):
    """A body is larger than allowed once it is unpacked."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A body without its Content-Encoding.

    `flaw`: what is wrong with it, as the end of a sentence; "" where it is whole. `unknown`: the name of a coding that
    cannot be undone, "" where there is none; `body` still has it then.
    """

    body: bytes
    flaw: str = ""
    unknown: str = ""


def unpacked(body: bytes, codings: str, *, most: int = 0, unnamed: bool = False) -> Unpacked:
    """Undo what `codings`, the value of Content-Encoding, names, the last first.

    A body that is plain although a coding is named is returned as it is, as browsers do. `unnamed`: gzip is undone also
    where nothing names it; `most`: bytes that the body may have, 0 for no bound. Raises TooMuch.
    """
    names = [name for name in (part.strip().lower() for part in codings.split(",")) if name not in _NO_CODING]
    flaw = ""
    for name in reversed(names[-_MOST_LAYERS:]):
        undo = _UNDO.get(name)
        if undo is None:
            return Unpacked(body, flaw) if _is_plain(body) else Unpacked(body, flaw, name)
        if body:
            body, wrong = undo(body, most)
            flaw = flaw or (f"its {name} {wrong}" if wrong else "")
    for _ in range(_MOST_LAYERS if unnamed and not flaw else 0):
        if not body.startswith(_GZIP):
            break
        body, wrong = _gunzip(body, most)
        flaw = flaw or (f"its gzip {wrong}" if wrong else "")
    return Unpacked(body, flaw)


def _gunzip(body: bytes, most: int) -> tuple[bytes, str]:
    """All members of a gzip file; what follows the last one is not part of it."""
    if not body.startswith(_GZIP[:2]):
        return (body, _CUT) if body == _GZIP[:1] else (body, _WHOLE)
    parts: list[bytes] = []
    rest, size = body, 0
    while rest.startswith(_GZIP) or not parts:
        part, wrong, rest = _inflated(rest, _GZIP_WINDOW, most and max(1, most - size))
        parts.append(part)
        size += len(part)
        if wrong:
            return b"".join(parts), wrong
    return b"".join(parts), _WHOLE


def _inflate(body: bytes, most: int) -> tuple[bytes, str]:
    """`deflate` is zlib's format, and from some servers the bare stream."""
    if body.startswith(_GZIP):
        return _gunzip(body, most)
    for window in (_ZLIB_WINDOW, _RAW_WINDOW):
        found, wrong, _ = _inflated(body, window, most)
        if not wrong or (wrong == _CUT and not _is_plain(body)) or (found and window == _ZLIB_WINDOW):
            return found, wrong
    return (body, _WHOLE) if _is_plain(body) else (found, wrong)


def _inflated(body: bytes, window: int, most: int) -> tuple[bytes, str, bytes]:
    """Return (what a stream holds, what is wrong with it, what follows it)."""
    inflate = zlib.decompressobj(window)
    parts: list[bytes] = []
    size, rest = 0, body
    while rest and not inflate.eof:
        try:
            part = inflate.decompress(rest, _CHUNK)
        except zlib.error:
            return b"".join(parts), _DAMAGED, b""
        parts.append(part)
        size += len(part)
        _check(size, most)
        rest = inflate.unconsumed_tail
    return b"".join(parts), _WHOLE if inflate.eof else _CUT, inflate.unused_data


def _unbrotli(body: bytes, most: int) -> tuple[bytes, str]:
    """A stream of brotli has no mark at its beginning, so that plain text is known by what it is."""
    unpack = brotli.Decompressor()
    parts: list[bytes] = []
    size, rest, wrong = 0, body, ""
    while not unpack.is_finished():
        try:
            part = unpack.process(rest, output_buffer_limit=_CHUNK)
        except brotli.error:
            wrong = _DAMAGED
            break
        rest = b""
        if not part and not unpack.is_finished():
            wrong = _CUT
            break
        parts.append(part)
        size += len(part)
        _check(size, most)
    return (body, _WHOLE) if wrong and _is_plain(body) else (b"".join(parts), wrong)


def _check(size: int, most: int) -> None:
    if most and size > most:
        raise TooMuch(f"{size} bytes and more when unpacked, where {most} are allowed")


def _is_plain(body: bytes) -> bool:
    """Tell whether a body that should be packed is text."""
    return _CONTROLS.search(body[:2000]) is None or body.startswith((b"\xff\xfe", b"\xfe\xff"))


_UNDO: dict[str, Callable[[bytes, int], tuple[bytes, str]]] = {
    "gzip": _gunzip, "x-gzip": _gunzip, "deflate": _inflate, "x-deflate": _inflate, "br": _unbrotli,
}  # fmt: skip
