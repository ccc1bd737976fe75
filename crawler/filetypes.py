"""What a file is by its own bytes, whatever its name or its server say. Pure functions."""

import re
import struct
from collections.abc import Iterator
from itertools import islice

_HEAD = 1024  # bytes in which a PDF's signature may begin, as readers of PDF allow
_SIGNATURES = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"ID3", "mp3"),
)
PICTURES = frozenset({"jpg", "png", "gif", "webp"})  # what every browser shows; no SVG, which can hold scripts
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (("WordDocument", "doc"), ("PowerPoint Document", "ppt"), ("Workbook", "xls"), ("Book", "xls"))
_MEMBERS = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))
_OPEN_DOCUMENT = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
_OPEN_MIMETYPE = re.compile(rb"mimetypeapplication/vnd\.oasis\.opendocument\.([a-z]+)")
_MOST_MEMBERS = 2000
_END = b"PK\x05\x06"
_MARKUP = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|script|meta|title|div|table|!--)", re.IGNORECASE)
_PLAIN = frozenset({"csv", "txt", "xml"})
# Names for the same kind of file: macro-enabled and slide-show forms have the same members and streams.
_SAME = {"docm": "docx", "xlsm": "xlsx", "ppsx": "pptx", "pps": "ppt"}


def real_type(data: bytes, claimed: str = "") -> str | None:
    """Return what `data` is: pdf, doc, docx, xls, xlsx, ppt, pptx, odt, ods, odp, rtf, zip, rar, 7z, jpg …

    `ole` is an Office file of another or of an encrypted kind. Text has no signature: csv, txt and xml are believed
    where they are `claimed` and the bytes are text. None for everything else: web pages, programs, nothing at all.
    """
    if b"%PDF-" in data[:_HEAD]:
        return None if _MARKUP.match(data) else "pdf"
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data.startswith(_OLE):
        return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in data), "ole")
    if data.startswith((b"PK\x03\x04", _END)):
        return _kind_of_zip(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        return "mp4"
    if claimed in _PLAIN and data.strip() and b"\0" not in data[:_HEAD] and not is_markup(data):
        return claimed
    return None


def is_markup(data: bytes) -> bool:
    """Whether `data` begins as a web page does."""
    return _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")[:_HEAD]) is not None


def agree(claimed: str, real: str) -> bool:
    """Whether the kind of file a link claims ("" for none) is the one it turned out to be."""
    return not claimed or _SAME.get(claimed, claimed) == real


def zip_members(data: bytes) -> Iterator[bytes]:
    """Yield the names of a zip archive's members from its central directory; ends where that is damaged.

    Reads no member and keeps nothing, so that an archive made to exhaust memory cannot.
    """
    end = data.rfind(_END, max(0, len(data) - 66_000))
    if end < 0 or len(data) < end + 22:
        return
    at = struct.unpack_from("<I", data, end + 16)[0]
    while data[at : at + 4] == b"PK\x01\x02" and at + 46 <= len(data):
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        yield data[at + 46 : at + 46 + name]
        at += 46 + name + extra + comment


def _kind_of_zip(data: bytes) -> str:
    if match := _OPEN_MIMETYPE.match(data, 30):
        return _OPEN_DOCUMENT.get(match[1], "zip")
    names = list(islice(zip_members(data), _MOST_MEMBERS))
    if b"[Content_Types].xml" in names:
        for start, kind in _MEMBERS:
            if any(name.startswith(start) for name in names):
                return kind
    return "zip"
