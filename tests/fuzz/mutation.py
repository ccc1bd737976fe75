"""Damaging inputs: bytes flipped, cut out, repeated, spliced; and by structure, for what has one.

A mutation is a function (Random, data, other seed) → data. The same seed of the generator gives the same input.
"""

import gzip
import json
import random
import re
import zlib
from collections.abc import Callable, Sequence
from io import BytesIO

from tests.fuzz import markup
from tests.fuzz.tokens import NASTY

Mutation = Callable[[random.Random, bytes, bytes], bytes]
LARGEST = 4_000_000  # bytes of an input: beyond that, bounds are tested elsewhere
_TIMES = (2, 10, 100, 1000, 20_000)


def _span(chance: random.Random, data: bytes, most: int = 400) -> tuple[int, int]:
    begin = chance.randrange(len(data) + 1)
    return begin, min(len(data), begin + chance.randint(1, most))


def flip(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Change some bytes."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        if made:
            made[chance.randrange(len(made))] = chance.choice((0, 0xFF, 0xFE, 0x80, 0x20, 0x3C, chance.randrange(256)))
    return bytes(made)


def cut(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Leave out a piece, or all that follows."""
    begin, end = _span(chance, data, 5000)
    return data[:begin] + (data[end:] if chance.random() < 0.7 else b"")


def insert(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Put in something nasty."""
    begin, end = _span(chance, data, 30)
    piece = chance.choice(NASTY)
    return data[:begin] + piece + data[(end if chance.random() < 0.5 else begin) :]


def repeat(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Say a piece again and again."""
    begin, end = _span(chance, data, chance.choice((1, 10, 100, 2000)))
    piece = data[begin:end]
    times = min(chance.choice(_TIMES), LARGEST // max(1, len(piece)))
    return data[:begin] + piece * times + data[end:]


def splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Go over into another seed."""
    begin, _ = _span(chance, data)
    end, _ = _span(chance, other)
    return data[:begin] + other[end:]


def swap(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Let two pieces change places."""
    a, b = sorted((_span(chance, data), _span(chance, data)))
    if a[1] > b[0]:
        return data
    return data[: a[0]] + data[b[0] : b[1]] + data[a[1] : b[0]] + data[a[0] : a[1]] + data[b[1] :]


def recode(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Write the same text in another charset, right or wrong."""
    text = data.decode(chance.choice(("utf-8", "latin-1")), "replace")
    name = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1258", "latin-1", "utf-7", "utf-32"))
    return text.encode(name, "replace")


def number(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Put another number in the place of one."""
    found = list(re.finditer(rb"\d+", data[:200_000]))
    if not found:
        return data
    one = chance.choice(found)
    new = chance.choice((b"0", b"-1", b"9" * 20, b"9" * 5000, b"00", b"1e400", b"31", b"2147483648", b"\xd9\xa1"))
    return data[: one.start()] + new + data[one.end() :]


PLAIN: tuple[Mutation, ...] = (flip, cut, insert, insert, repeat, splice, swap, recode, number)


def json_value(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Put another type, a huge number or a deep array in the place of a value of JSON or of one of its lines."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    try:
        value = json.loads(lines[at])
    except (ValueError, RecursionError):
        return data
    places = list(_places(value))
    if not places:
        return data
    holder, name = chance.choice(places)
    odd = (
        None, True, -1, 0, 1.5, 10**25, -(2**63), "", "x" * 100_000, "\ud800", "\x00\u202e\x1b[31m", "2025-02-31",
        "9999999-01-01", [], {}, [[]], {"a": {}}, [None], "\ufffe", "NaN", 2**63, "../../../x",
    )  # fmt: skip
    if chance.random() < 0.15:
        del holder[name]
    else:
        holder[name] = chance.choice(odd)
    text = json.dumps(value, ensure_ascii=chance.random() < 0.5)
    if chance.random() < 0.05:
        text = text.replace("[]", "[" * 20_000 + "]" * 20_000, 1)
    lines[at] = text.encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _places(value: object) -> list[tuple[object, object]]:
    """(object or array, name or index) of every value inside."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found: list[tuple[object, object]] = []
    for name, each in list(inside):
        found += [(value, name), *_places(each)]
    return found


def json_lines(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Shuffle, double and join lines, or end them otherwise."""
    lines = data.splitlines(keepends=True) or [b""]
    match chance.randrange(5):
        case 0:
            chance.shuffle(lines)
        case 1:
            lines += [chance.choice(lines)] * chance.choice((1, 50))
        case 2:
            lines = [line.rstrip(b"\n") + b"\r\n" for line in lines]
        case 3:
            lines.insert(0, b"\xef\xbb\xbf")
        case _:
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(other.splitlines(keepends=True) or [b"\n"]))
    return b"".join(lines)


def unpacked(data: bytes) -> bytes | None:
    """A WARC without its compression, None where it cannot be undone."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.GzipFile(fileobj=BytesIO(data)).read(LARGEST)
    except (OSError, EOFError, zlib.error):
        return None


def _packed(chance: random.Random, plain: bytes) -> bytes:
    """Compressed record by record, as a whole, or not at all."""
    match chance.randrange(4):
        case 0:
            return gzip.compress(plain, 1, mtime=0)
        case 1:
            return plain
        case _:
            parts = re.split(rb"(?=WARC/1\.\d\r\n)", plain)
            return b"".join(gzip.compress(part, 1, mtime=0) for part in parts if part)


def warc_header(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Change, drop, double or fold header lines of a WARC's records, or of the HTTP in them; then pack it again."""
    plain = unpacked(data)
    if not plain:
        return data
    lines = plain.split(b"\r\n")
    heads = [n for n, line in enumerate(lines) if re.match(rb"[\w-]+: |WARC/|HTTP/", line)]
    for _ in range(chance.choice((1, 1, 2, 5))):
        if not heads:
            break
        at = chance.choice(heads)
        name, colon, value = lines[at].partition(b": ")
        lines[at] = chance.choice(
            (
                b"",
                lines[at] + b"\r\n" + lines[at],
                name + colon,
                name.lower() + colon + value,
                value,
                name + colon + chance.choice(NASTY),
                name + colon + b"-1",
                name + colon + b"9" * 20,
                name + b":\r\n  " + value,
                name + colon + value + b"\r\nWARC-Truncated: length",
                name + colon + value + b"\r\nContent-Encoding: br",
                b"WARC-Type: revisit",
                b"WARC-Type: resource",
                b"WARC-Type: conversion",
                b"WARC-Target-URI: <http://[::1>",
                b"WARC-Date: 0000-00-00T00:00:00Z",
                b"Content-Length: 0",
                b"Transfer-Encoding: chunked",
                b"HTTP/1.1 999999 OK",
                b"HTTP/0.9",
                b"Content-Encoding: " + chance.choice((b"gzip", b"deflate", b"zstd", b"br, gzip", b"x" * 5000)),
                b"WARC-Refers-To-Target-URI: http://mot.gov.vn/1.html",
            )
        )
    return _packed(chance, b"\r\n".join(lines))


def warc_repacked(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Damage what is inside, and pack it again, so that the compression is sound and its content is not."""
    plain = unpacked(data)
    return data if not plain else _packed(chance, chance.choice(PLAIN)(chance, plain, unpacked(other) or other))


BY_KIND: dict[str, tuple[Mutation, ...]] = {
    "html": (*PLAIN, *markup.HTML * 2),
    "xml": (*PLAIN, *markup.XML * 2),
    "json": (*PLAIN, *(json_value,) * 6),
    "lines": (flip, cut, insert, recode, json_lines, json_lines, *(json_value,) * 12),
    "warc": (*PLAIN, *(warc_header,) * 8, *(warc_repacked,) * 4),
    "text": PLAIN,
}


def mutated(chance: random.Random, kind: str, seeds: Sequence[bytes]) -> bytes:
    """Return a new input: one of the seeds, damaged once or a few times."""
    data, other = chance.choice(seeds), chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        data = chance.choice(BY_KIND[kind])(chance, data, other)[:LARGEST]
    return data
