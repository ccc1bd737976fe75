"""The files that the invented articles show and link to."""

import struct
import zlib
from pathlib import Path

from benchmarks.cms_lab.articles import Article
from crawler.replica_portals.pdf import pdf_of

_PDF = pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])
_EMPTY_ZIP = b"PK\5\6" + bytes(18)  # enough for a file called .docx, which is linked to and not read


def png(number: int) -> bytes:
    """A picture of 640 by 400 pixels in one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + bytes((40 * number % 256, 120, 160)) * 640
    head = struct.pack(">IIBBBBB", 640, 400, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * 400)) + chunk(b"IEND", b"")


def write_files(articles: list[Article], folder: Path) -> None:
    """Write the pictures and attachments of these articles into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for article in articles:
        for picture in article.pictures:
            (folder / picture.name).write_bytes(png(article.number))
        for name in article.files:
            (folder / name).write_bytes(_PDF if name.endswith(".pdf") else _EMPTY_ZIP)
