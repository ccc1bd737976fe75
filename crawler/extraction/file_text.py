"""The text of attached files, for searching: PDF by the optional package pypdf, Office's zipped XML by lxml. Pure.

A hostile file can still take minutes or all memory in here; crawler.run.file_reader runs it in a bounded process.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from itertools import islice
from typing import Any

from lxml import etree

from crawler.extraction.legacy_fonts import convert, font_of
from crawler.filetypes import zip_members
from crawler.text import normalize

LONGEST = 2_000_000  # characters kept of a file
_MOST_PAGES = 2_000
_MOST_MEMBERS = 5_000
_LARGEST_MEMBER = 32 * 1024 * 1024  # bytes, unpacked
_LARGEST_IN_ALL = 96 * 1024 * 1024

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_NUMBER = re.compile(r"\d+")


class FileTextProblem(StrEnum):
    """Why a file has no text, or not all of it; the words are stored in `files.text_reason` (docs/attachments.md)."""

    NO_READER = "no_reader"  # none for this kind of file
    READER_MISSING = "reader_missing"  # pypdf is not installed
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NO_TEXT = "no_text"  # scanned pages, or nothing but pictures
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    CUT = "cut"  # the text is the beginning: the rest was too long, or took too long
    TIMEOUT = "text_timeout"  # by crawler.run.file_reader


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's text, "" for none, and why it is missing or incomplete, None where it is whole."""

    text: str
    problem: FileTextProblem | None = None


class _Refused(Exception):
    def __init__(self, problem: FileTextProblem):
        super().__init__(problem)
        self.problem = problem


def file_text(data: bytes, kind: str, *, go_on: Callable[[], bool] = lambda: True) -> FileText:
    """Return the text of a file whose real type is `kind`; lines are paragraphs, rows or lines of a page.

    `go_on` is asked between the parts of a file: where it says no, the text so far is returned. Whatever is wrong with
    the file is a problem, never an exception.
    """
    reader = _READERS.get(kind)
    if reader is None:
        return FileText("", FileTextProblem.NO_READER)
    parts: list[str] = []
    length = 0
    problem = None
    try:
        for part in reader(data):
            parts.append(part)
            length += len(part)
            if length > LONGEST or not go_on():
                problem = FileTextProblem.CUT
                break
    except _Refused as error:
        problem = error.problem
    except ImportError:
        return FileText("", FileTextProblem.READER_MISSING)
    except (Exception, RecursionError):  # the readers raise whatever a broken file leads them into
        problem = FileTextProblem.DAMAGED
    text = _clean("\n".join(parts)[:LONGEST])
    if text:
        return FileText(text, FileTextProblem.CUT if problem else None)
    return FileText("", problem or FileTextProblem.NO_TEXT)


def _clean(text: str) -> str:
    """One form of Unicode, no empty lines; text in the fonts of the 1990s is converted where it can be."""
    if font := font_of(text.replace("\xad", "")):  # alone it is a soft hyphen
        text = convert(text, font) or text
    return "\n".join(line for part in text.splitlines() if (line := normalize(part)))


def _pdf(data: bytes) -> Iterator[str]:
    """Page by page; a page that cannot be read is passed over, unless all are so."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, WrongPasswordError

    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise _Refused(FileTextProblem.ENCRYPTED)
    broken = 0
    for number, page in enumerate(reader.pages):
        if number >= _MOST_PAGES:
            raise _Refused(FileTextProblem.CUT)
        try:
            yield page.extract_text()
        except (FileNotDecryptedError, WrongPasswordError):
            raise _Refused(FileTextProblem.ENCRYPTED) from None
        except Exception:
            broken += 1
    if broken:
        raise _Refused(FileTextProblem.DAMAGED)


class _Package:
    """A zipped document whose members are read within bounds."""

    def __init__(self, data: bytes):
        if next(islice(zip_members(data), _MOST_MEMBERS, None), None) is not None:
            raise _Refused(FileTextProblem.UNPACKS_TOO_LARGE)
        self._zip = zipfile.ZipFile(BytesIO(data))
        self._read = 0

    def names(self, pattern: str) -> list[str]:
        """The members whose whole name matches, in the order of their number."""
        found = [name for name in self._zip.namelist() if re.fullmatch(pattern, name)]
        return sorted(found, key=lambda name: [int(number) for number in _NUMBER.findall(name)])

    def elements(self, name: str, *tags: str) -> Iterator[Any]:
        """Yield a member's elements of these tags as each is closed; it is emptied afterwards."""
        info = self._zip.getinfo(name)
        if info.flag_bits & 1:
            raise _Refused(FileTextProblem.ENCRYPTED)
        with self._zip.open(info) as stream:
            data = stream.read(_LARGEST_MEMBER + 1)  # what the archive says of its own sizes is not believed
        self._read += len(data)
        if len(data) > _LARGEST_MEMBER or self._read > _LARGEST_IN_ALL:
            raise _Refused(FileTextProblem.UNPACKS_TOO_LARGE)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:  # Office writes none
            raise _Refused(FileTextProblem.DAMAGED)
        for _, element in etree.iterparse(
            BytesIO(data), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        ):
            yield element
            element.clear(keep_tail=True)


def _docx(data: bytes) -> Iterator[str]:
    """Paragraphs of the text, then of headers, footers and notes; table cells are paragraphs of their own."""
    package = _Package(data)
    yield from _paragraphs(package, "word/document.xml")
    for name in package.names(r"word/(header|footer|footnotes|endnotes)\d*\.xml"):
        yield from _paragraphs(package, name)


def _paragraphs(package: _Package, name: str) -> Iterator[str]:
    for paragraph in package.elements(name, f"{_W}p"):
        runs = paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr")
        yield "".join(element.text or "" if element.tag == f"{_W}t" else " " for element in runs)


def _xlsx(data: bytes) -> Iterator[str]:
    """Row by row, the cells parted by tabs."""
    package = _Package(data)
    strings: list[str] = []
    for name in package.names(r"xl/sharedStrings\.xml"):
        strings += ("".join(t.text or "" for t in item.iter(f"{_S}t")) for item in package.elements(name, f"{_S}si"))
    for name in package.names(r"xl/worksheets/sheet\d+\.xml"):
        for row in package.elements(name, f"{_S}row"):
            yield "\t".join(filter(None, (_cell(cell, strings) for cell in row.iter(f"{_S}c"))))


def _cell(cell: Any, strings: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_S}t"))
    value = cell.findtext(f"{_S}v") or ""
    if cell.get("t") == "s":
        return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    return value


def _pptx(data: bytes) -> Iterator[str]:
    """Paragraph by paragraph, slide by slide."""
    package = _Package(data)
    for name in package.names(r"ppt/slides/slide\d+\.xml"):
        for paragraph in package.elements(name, f"{_A}p"):
            yield "".join(t.text or "" for t in paragraph.iter(f"{_A}t"))


def _open_document(data: bytes) -> Iterator[str]:
    """Paragraphs and headings of an OpenDocument file."""
    for paragraph in _Package(data).elements("content.xml", f"{_T}p", f"{_T}h"):
        yield "".join(paragraph.itertext())


def _plain(data: bytes) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield data.decode("utf-16", "replace")
        return
    try:
        yield data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield data.decode("cp1258", "replace")


_READERS: dict[str, Callable[[bytes], Iterator[str]]] = {
    "pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "pptx": _pptx, "odt": _open_document, "ods": _open_document,
    "odp": _open_document, "txt": _plain, "csv": _plain,
}  # fmt: skip
