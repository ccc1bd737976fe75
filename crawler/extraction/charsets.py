"""From bytes to text: the charset a page really has, whatever it says."""

import codecs
import re
import sys
from typing import NamedTuple

from crawler.text import without_unstorable

_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]{2,40})["']""", re.IGNORECASE)
# What a declaration names and what pages under that name really hold.
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "x-sjis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-user-defined": "cp1252",
    "unicode": "utf-8",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "windows-1258": "cp1258",
    "x-cp1258": "cp1258",
    "tcvn": "cp1258",
    "utf-16": "utf-16",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
# How noncharacters end in UTF-8: U+FFFE and U+FFFF of each plane, and all from U+FDC0 to U+FDFF.
_LAST_OF_PLANE = re.compile(rb"\xbf[\xbe\xbf]")
_ARABIC_FORMS, _THEIR_LEAD = b"\xef\xb7", b"\xef"
# Base vowels with which a combining tone of windows-1258 follows: Ì huyền, Ò hỏi, Þ ngã, ì sắc, ò nặng.
_TONED_1258 = re.compile(rb"[aeiouyAEIOUY\xe2\xea\xf4\xf5\xfd\xc2\xca\xd4\xd5\xdd\xe3\xc3][\xcc\xd2\xde\xec\xf2]")
_MAGIC = (
    b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"\xd0\xcf\x11\xe0", b"Rar!", b"\x1f\x8b",
    b"{\\rtf", b"BM\x00", b"\x00\x00\x00\x18ftyp", b"7z\xbc\xaf",
)  # fmt: skip
# A numeric reference to a character; libxml2 would put even U+0001 and U+FFFF into the tree.
_REFERENCE = re.compile(r"&#(?:x0*([0-9a-f]{1,6})(?![0-9a-f])|0*([0-9]{1,7})(?![0-9]));?", re.IGNORECASE)
_CONTROLS = bytes(byte for byte in range(1, 32) if not 9 <= byte <= 13 and byte != 27)


class Decoded(NamedTuple):
    """The page as text, the codec that read it and what there is to say about it."""

    text: str
    codec: str
    notes: tuple[str, ...]


def declared_charset(content_type: str) -> str | None:
    """Return the charset that a Content-Type header names, lower case, as written; None where it names none."""
    _, _, charset = content_type.lower().partition("charset=")
    return charset.split(";")[0].split(",")[0].strip(" '\"") or None


def is_binary(html: bytes) -> bool:
    """Return True for files that no browser would show as a page: by their first bytes, or by many control bytes."""
    head = html[:1024]
    if head.startswith(_MAGIC):
        return True
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    zeros = head.count(0)
    if 4 * zeros > len(head):  # UTF-16 without a mark, which `decode` knows, or nothing but zeros
        return b"<" not in head
    return len(head) - len(head.translate(None, _CONTROLS)) > 8 + len(head) // 25


def decode(html: bytes, charset: str | None = None) -> Decoded | None:
    """Return the page as text, or None where no codec makes sense of it. Noncharacters (U+FFFF), references to them
    and to control characters are left out, as no XML can hold them.

    Trust: a byte-order mark; UTF-8 wherever the bytes are valid UTF-8 with letters beyond ASCII; the HTTP charset; the
    one in `<meta>` or the XML declaration; windows-1258 where its tones follow vowels; cp1252. A charset that
    lies is passed over with a note.
    """
    decoded = _decode(html, charset)
    if decoded is None:
        return None
    text = decoded.text
    if decoded.codec != "utf-8" or _may_hold_noncharacters(html):
        text = without_unstorable(text)
    if "&#" in text:
        text = _REFERENCE.sub(_storable_reference, text)
    return decoded if text is decoded.text else decoded._replace(text=text)


def _may_hold_noncharacters(html: bytes) -> bool:
    return _LAST_OF_PLANE.search(html) is not None or (_THEIR_LEAD in html and _ARABIC_FORMS in html)


def _storable_reference(reference: re.Match[str]) -> str:
    """Return a numeric reference as it is; "" for one to a control character, a surrogate or a noncharacter."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if code > sys.maxunicode or without_unstorable(chr(code)) else ""


def _decode(html: bytes, charset: str | None) -> Decoded | None:
    for mark, codec in _BOMS:
        if html.startswith(mark):
            return Decoded(html[len(mark) :].decode(codec, "replace"), codec, ())
    if (zeros := html[:400].count(0)) > 60:
        codec = "utf-16-le" if 2 * html[1:400:2].count(0) > zeros else "utf-16-be"
        return Decoded(html.decode(codec, "replace"), "utf-16", ())
    declared = [name for name in (_known(charset), _known(_declared(html))) if name]
    ascii_only = html.isascii()
    try:
        text = html.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        notes = (
            () if ascii_only or not declared or declared[0] == "utf-8" else (f"declared {declared[0]}, read as utf-8",)
        )
        return Decoded(text, "utf-8", notes)
    damaged = html.decode("utf-8", "replace")
    broken = damaged.count("\ufffd")
    beyond = sum(1 for _ in re.finditer(rb"[\x80-\xff]+", html[:200_000])) or 1
    wanted = declared[0] if declared else "utf-8"
    # Cures: one cut byte in a UTF-8 page must not turn the whole page into cp1252.
    if broken * 20 < beyond:
        return Decoded(damaged, "utf-8", (f"{broken} bytes are not utf-8",))
    for name in declared:
        if name == "utf-8":
            continue
        if name == "cp1252" and _looks_1258(html):
            break
        try:
            return Decoded(html.decode(name), name, ())
        except (UnicodeDecodeError, LookupError):
            if name in {"cp1258", "cp1252"}:
                return Decoded(html.decode(name, "replace"), name, ())
    codec = "cp1258" if _looks_1258(html) else "cp1252"
    return Decoded(html.decode(codec, "replace"), codec, (f"declared {wanted}, read as {codec}",))


def _declared(html: bytes) -> str | None:
    match = _META.search(html, 0, 8192) or _XML.match(html[:300])
    return match.group(1).decode("ascii", "ignore") if match else None


def _known(name: str | None) -> str | None:
    """Return Python's name of a charset, as browsers understand it, or None for an unknown name."""
    if not name:
        return None
    name = name.strip().strip("\"';").split(",")[0].strip().lower()
    name = _ALIASES.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs between bytes and bytes (zip, base64 …) are not charsets.
    return info.name if getattr(info, "_is_text_encoding", True) else None


def _looks_1258(html: bytes) -> bool:
    """Return True where tones of windows-1258 follow vowels too often for an accident of cp1252."""
    sample = html[:200_000]
    high = len(re.findall(rb"[\x80-\xff]", sample))
    return high > 8 and 5 * len(_TONED_1258.findall(sample)) > high
