"""Gzip members, of which a WARC file has one for each record: packed and unpacked with zlib-ng.

It takes half of zlib's time for both; members are 1 to 4 % larger. What is in them is the same, and every tool that
reads gzip reads them. Its bytes differ from zlib's, and may differ between its versions and between kinds of
processors: what is promised to be the same bytes again (storage.archives.made_records) is packed with zlib.
"""

from collections.abc import Sequence
from struct import pack
from typing import Any, Protocol

from zlib_ng import zlib_ng

_LEVEL = 6  # 7 takes half as long again for 1 to 2 % less, 5 and below save little time
_WINDOW = 31  # zlib's window bits for a gzip member
_RAW = -15  # for deflate without a header
_BEGIN = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # a member without a name, a time or a system
_MOST_STORED = 0xFFFF  # bytes of a stored block
_SHORTEST_STORED = 1024  # bytes; below it packing costs nothing
_PACKED = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"wOF2")  # gzip, zstd, WOFF2; of pictures many can be packed more

DamagedMember: Any = zlib_ng.error  # its types say an instance
"""What is raised where a member is not whole or not gzip."""


class Inflater(Protocol):
    """A decompressor of one member, as zlib has it."""

    @property
    def eof(self) -> bool:
        """Whether the end of the member was read."""

    @property
    def unused_data(self) -> bytes:
        """What was given and follows the end."""

    @property
    def unconsumed_tail(self) -> bytes:
        """What was given and not read, because the bound was reached."""

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        """Return what `data` gives, up to a bound. Raises DamagedMember."""


def inflater() -> Inflater:
    """Return what unpacks one member."""
    return zlib_ng.decompressobj(_WINDOW)


def unpacked(data: bytes) -> bytes:
    """Return the content of a whole member. Raises DamagedMember."""
    content: bytes = zlib_ng.decompress(data, _WINDOW)
    return content


def packed(*parts: bytes) -> bytes:
    """Return a member with these parts one after the other.

    A part that begins as a packed body does is put in as it is: packing it again costs time and wins nothing.
    """
    if any(len(part) >= _SHORTEST_STORED and part.startswith(_PACKED) for part in parts):
        return _with_stored(parts)
    content: bytes = zlib_ng.compress(b"".join(parts), _LEVEL, _WINDOW)
    return content


def _with_stored(parts: Sequence[bytes]) -> bytes:
    """Return a member in which packed parts are stored blocks, and other parts are packed each on its own."""
    out: list[bytes | memoryview] = [_BEGIN]
    crc = size = 0
    for part in parts:
        crc, size = zlib_ng.crc32(part, crc), size + len(part)
        if len(part) >= _SHORTEST_STORED and part.startswith(_PACKED):
            view = memoryview(part)
            for at in range(0, len(part), _MOST_STORED):
                piece = view[at : at + _MOST_STORED]
                out += [pack("<BHH", 0, len(piece), len(piece) ^ _MOST_STORED), piece]
        else:
            packer = zlib_ng.compressobj(_LEVEL, zlib_ng.DEFLATED, _RAW)
            out += [packer.compress(part), packer.flush(zlib_ng.Z_SYNC_FLUSH)]
    out += [pack("<BHH", 1, 0, _MOST_STORED), pack("<II", crc, size & 0xFFFFFFFF)]  # the last block is empty
    return b"".join(out)
