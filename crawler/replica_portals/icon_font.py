"""The icon font of the portals: a few drawn signs, built here as WOFF, so that their pages have a font to load."""

import struct
import zlib

_EM = 1000
# Sign → its contours: corners in units of the em, clockwise.
ICONS = {
    0xE001: [[(500, 900), (950, 480), (820, 480), (820, 60), (180, 60), (180, 480), (50, 480)]],  # a house
    0xE002: [[(250, 900), (750, 480), (250, 60)]],  # an arrow
    0xE003: [[(100, 900), (900, 900), (900, 60), (100, 60)], [(200, 200), (800, 200), (800, 650), (200, 650)]],  # a day
}
_ALIGN = 4


def icon_font() -> bytes:
    """Return the font as WOFF 1.0; its family is `ward-icons`."""
    tables = sorted(_tables().items())
    directory, body = b"", b""
    start = 44 + 20 * len(tables)
    for tag, data in tables:
        packed = zlib.compress(data, 9)
        stored = packed if len(packed) < len(data) else data
        directory += struct.pack(">4sIIII", tag, start + len(body), len(stored), len(data), _checksum(data))
        body += _padded(stored)
    unpacked = 12 + 16 * len(tables) + sum(len(_padded(data)) for _, data in tables)
    sizes = (start + len(body), len(tables), 0, unpacked, 1, 0, 0, 0, 0, 0, 0)
    return struct.pack(">4sIIHHIHHIIIII", b"wOFF", 0x00010000, *sizes) + directory + body


def _tables() -> dict[bytes, bytes]:
    glyphs = [b"", *map(_glyph, ICONS.values())]  # the first is shown for what is missing: nothing
    offsets, place = [0], 0
    for glyph in glyphs:
        place += len(glyph)
        offsets.append(place)
    count = len(glyphs)
    corners = max(sum(map(len, contours)) for contours in ICONS.values())
    head = struct.pack(
        ">IIIIHHQQhhhhHHhhh", 0x00010000, 0x00010000, 0, 0x5F0F3CF5, 3, _EM, 0, 0, 0, 0, _EM, _EM, 0, 8, 2, 1, 0
    )
    hhea = struct.pack(">IhhhHhhhhhhhhhhhH", 0x00010000, 900, -100, 0, _EM, 0, 0, _EM, 1, 0, 0, 0, 0, 0, 0, 0, count)
    maxp = struct.pack(">IHHHHHHHHHHHHHH", 0x00010000, count, corners, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    first, last = min(ICONS), max(ICONS)
    os_2 = struct.pack(
        ">HhHHHhhhhhhhhhhh10sIIII4sHHHhhhHHIIhhHHH",
        3, _EM, 400, 5, 0, 500, 500, 0, 0, 500, 500, 0, 0, 50, 400, 0, bytes(10), 0, 0, 0, 0, b"ward", 0x40,
        first, last, 900, -100, 0, 900, 100, 1, 0, 500, 900, 0, 32, 1,
    )  # fmt: skip
    return {
        b"OS/2": os_2, b"cmap": _cmap(), b"glyf": b"".join(glyphs), b"head": head, b"hhea": hhea,
        b"hmtx": struct.pack(">Hh", _EM, 0) * count, b"loca": struct.pack(f">{count + 1}I", *offsets), b"maxp": maxp,
        b"name": _names("ward-icons"), b"post": struct.pack(">IIhhIIIII", 0x00030000, 0, 0, 0, 0, 0, 0, 0, 0),
    }  # fmt: skip


def _glyph(contours: list[list[tuple[int, int]]]) -> bytes:
    corners = [corner for contour in contours for corner in contour]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    ends, total = [], -1
    for contour in contours:
        total += len(contour)
        ends.append(total)
    data = struct.pack(">hhhhh", len(contours), min(xs), min(ys), max(xs), max(ys))
    data += struct.pack(f">{len(ends)}HH", *ends, 0) + b"\x01" * len(corners)
    for values in (xs, ys):
        steps = [value - before for before, value in zip([0, *values], values, strict=False)]
        data += struct.pack(f">{len(steps)}h", *steps)
    return _padded(data)


def _cmap() -> bytes:
    """One range of signs, in the order of the glyphs."""
    first, last = min(ICONS), max(ICONS)
    segments = struct.pack(">HHHHHHHHHHHH", 4, 4, 1, 0, last, 0xFFFF, 0, first, 0xFFFF, (1 - first) & 0xFFFF, 1, 0)
    segments += struct.pack(">H", 0)
    table = struct.pack(">HHH", 4, 6 + len(segments), 0) + segments
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table


def _names(family: str) -> bytes:
    texts = {1: family, 2: "Regular", 3: family, 4: family, 5: "Version 1.0", 6: family}
    records, data = b"", b""
    for number, text in texts.items():
        encoded = text.encode("utf-16-be")
        records += struct.pack(">HHHHHH", 3, 1, 0x409, number, len(encoded), len(data))
        data += encoded
    return struct.pack(">HHH", 0, len(texts), 6 + len(records)) + records + data


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGN)


def _checksum(data: bytes) -> int:
    padded = _padded(data)
    return sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
