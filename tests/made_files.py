"""Small documents made for tests: PDFs with Vietnamese text, Office packages."""

import zipfile
import zlib
from io import BytesIO

from crawler.replica_portals.pdf import pdf_of

_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def pdf(*pages, packed=False, content=None):
    """A PDF with a line of text a page, in a font without glyphs whose ToUnicode map gives the letters.

    `content` replaces the pages' drawing commands.
    """
    letters = sorted(set("".join(pages)) | {" "})
    code = {letter: number for number, letter in enumerate(letters, 1)}
    pairs = "\n".join(f"<{n:04X}> <{letter.encode('utf-16-be').hex()}>" for letter, n in code.items())
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(code)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap end end"
    ).encode()
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /T /Encoding /Identity-H /DescendantFonts [4 0 R] "
        b"/ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /T /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        b"/Supplement 0 >> /DW 500 >>",
        _stream(to_unicode, packed),
    ]
    for number, text in enumerate(pages):
        drawn = content or f"BT /F1 12 Tf 72 760 Td <{''.join(f'{code[c]:04X}' for c in text)}> Tj ET".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(_stream(drawn, packed))
    return pdf_of(objects)


def _stream(data, packed):
    how = b""
    if packed:
        data, how = zlib.compress(data), b" /Filter /FlateDecode"
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), how, data)


def package(members):
    """A zip archive: name → text or bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def docx(*paragraphs, document=None):
    """A Word document; `document` replaces its main part."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    main = document or f"<w:document {_W}><w:body>{body}</w:body></w:document>"
    return package({"[Content_Types].xml": _TYPES, "word/document.xml": main})


def xlsx(*rows):
    """A spreadsheet of shared strings and numbers."""
    strings = [cell for row in rows for cell in row if isinstance(cell, str)]
    shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
    numbered = iter(range(len(strings)))
    lines = "".join(
        "<row>"
        + "".join(
            f'<c t="s"><v>{next(numbered)}</v></c>' if isinstance(cell, str) else f"<c><v>{cell}</v></c>"
            for cell in row
        )
        + "</row>"
        for row in rows
    )
    return package({
        "[Content_Types].xml": _TYPES,
        "xl/workbook.xml": f"<workbook {_S}/>",
        "xl/sharedStrings.xml": f"<sst {_S}>{shared}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {_S}><sheetData>{lines}</sheetData></worksheet>",
    })  # fmt: skip


def pptx(*slides):
    """A presentation with one paragraph a slide."""
    made = {
        f"ppt/slides/slide{n}.xml": f"<p {_A}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p>"
        for n, text in enumerate(slides, 1)
    }
    return package({"[Content_Types].xml": _TYPES, **made})


def odt(*paragraphs):
    """An OpenDocument text; its mimetype comes first and is not packed."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        body = "".join(f"<t:p>{text}</t:p>" for text in paragraphs)
        archive.writestr("content.xml", f'<o xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0">{body}</o>')
    return out.getvalue()
