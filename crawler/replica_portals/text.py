"""Bytes as old portals send them: Word's HTML, named entities, decomposed letters, windows-1258."""

# ruff: noqa: E501 (markup keeps the long lines of the portals)

import html
import unicodedata
from collections.abc import Iterable, Sequence
from html.entities import codepoint2name

from crawler.replica_portals.model import INLINE_LINK, Article, Block, Site

WORD_HEAD = (
    "<!--[if gte mso 9]><xml> <w:WordDocument> <w:View>Normal</w:View> <w:Zoom>0</w:Zoom> <w:PunctuationKerning /> "
    "</w:WordDocument> </xml><![endif]--><!--[if gte mso 10]> <style> /* Style Definitions */ table.MsoNormalTable "
    '{mso-style-name:"Table Normal"; mso-style-parent:""; font-size:10.0pt; font-family:"Times New Roman";} </style> '
    "<![endif]-->"
)
_WORD_P = 'class="MsoNormal" style="margin-top:6.0pt;text-align:justify;text-indent:36.0pt"'
_LATER_P = 'style="text-align: justify;margin: 3.0pt 0.0cm;text-indent: 36.0pt;"'
# The placements of a tone mark that writers do not agree on.
_OLD_TONES = (
    ("hòa", "hoà"),
    ("Hòa", "Hoà"),
    ("ủy", "uỷ"),
    ("Ủy", "Uỷ"),
    ("hóa", "hoá"),
    ("khỏe", "khoẻ"),
    ("tòa", "toà"),
)
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def esc(text: str) -> str:
    """Escape for HTML text and attributes."""
    return html.escape(text, quote=True)


def named(text: str) -> str:
    """Escape, with named entities for every letter that has one, as the portals' editor writes (`&agrave;`)."""
    return "".join(f"&{codepoint2name[ord(c)]};" if ord(c) in codepoint2name else c for c in text)


def old_tones(text: str) -> str:
    """The same words with the tone marks in their older places (`hoà`, `uỷ`)."""
    for new, old in _OLD_TONES:
        text = text.replace(new, old)
    return text


def to_1258(text: str) -> bytes:
    """Encode as windows-1258, whose tones are combining marks after the base letter."""
    out = bytearray()
    for char in unicodedata.normalize("NFC", text):
        try:
            out += char.encode("cp1258")
            continue
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
        tone = "".join(c for c in parts[1:] if c in _TONES)
        base = unicodedata.normalize("NFC", parts[0] + "".join(c for c in parts[1:] if c not in _TONES))
        out += (base + tone).encode("cp1258", "xmlcharrefreplace")
    return bytes(out)


def _inline(site: Site, article: Article, text: str) -> str:
    escape = named if "entities" in article.styles else esc
    out, last = [], 0
    for match in INLINE_LINK.finditer(text):
        target = match.group(1)
        url = site.document_url(target[1:]) if target.startswith("@") else target
        out += [escape(text[last : match.start()]), f'<a href="{esc(url)}">{escape(match.group(2))}</a>']
        last = match.end()
    return "".join(out) + escape(text[last:])


def _picture(site: Site, article: Article, block: Block, number: int) -> str:
    url, alt = esc(site.image_url(block.file, article)), esc(block.alt)
    if not block.text:
        return f'<p style="text-align: center;"><img alt="{alt}" src="{url}" style="width: 480.0px;height: 300.0px;" /></p>'
    caption = _inline(site, article, block.text)
    if site.platform == "badinh":
        return (
            f'<p align="center"><img alt="{alt}" src="{url}" width="480" /></p><p align="center"><em>{caption}</em></p>'
        )
    if site.platform == "hatinh":
        return (
            f'<p style="text-align:center"><img alt="{alt}" src="{url}" width="480"></p>\n'
            f'<p style="text-align:center"><i>{caption}</i></p>'
        )
    return (
        f'<p style="text-align: center;"> <img alt="{alt}" class="imageClassDetail" src="{url}" '
        f'style="width: 480.0px;border-width: 1.0px;" /> <span style="display: block;width: auto;"> <i>{caption}</i></span></p>'
    )


def _table(site: Site, article: Article, rows: Iterable[Sequence[str]]) -> str:
    cell = '<td style="border: 1pt solid windowtext; padding: 0in 5.4pt;"><p>{}</p></td>'
    body = "\n".join(
        "<tr> " + " ".join(cell.format(_inline(site, article, text)) for text in row) + " </tr>" for row in rows
    )
    return (
        '<table cellspacing="0" cellpadding="0" border="1" style="border-collapse: collapse;" class="MsoTableGrid"> <tbody>\n'
        f"{body}\n</tbody> </table>"
    )


def _layout(site: Site, article: Article, cells: Iterable[str]) -> str:
    body = " ".join(f'<td valign="top" style="padding: 4px;"> <p>{_inline(site, article, c)}</p> </td>' for c in cells)
    return f'<table border="0" cellpadding="0" cellspacing="0" style="width: 100%;"> <tbody> <tr> {body} </tr> </tbody> </table>'


def body_html(site: Site, article: Article) -> str:
    """The body as HTML in the manner the article's `styles` name: word, br, font, entities, spacers."""
    styles = article.styles
    out: list[str] = []
    run: list[str] = []

    def close_run() -> None:
        if run:
            out.append('<div style="text-align: justify;">' + "<br />\n<br />\n".join(run) + "</div>")
            run.clear()

    bullets = False
    for number, block in enumerate(article.blocks):
        text = _inline(site, article, block.text)
        if block.kind == "p" and "br" in styles:
            run.append(text)
            continue
        close_run()
        if (block.kind == "li") != bullets:
            out.append("</ul>" if bullets else "<ul>")
            bullets = not bullets
        if block.kind == "p" and "word" in styles:
            out.append(
                f'<p {_WORD_P}><span lang="VI" style="font-size:14.0pt;mso-ansi-language:VI">{text}<o:p></o:p></span></p>'
            )
        elif block.kind == "p" and "font" in styles:
            out.append(f'<p align="justify"><font face="Times New Roman" size="4">&nbsp;&nbsp;&nbsp; {text}</font></p>')
        elif block.kind == "p" and "bare" in styles and number % 2:
            out.append(f'<span style="font-size: small;">{text}</span><p>&nbsp;</p>')
        elif block.kind == "p":
            out.append(f"<p {_LATER_P}>{text}</p>")
        elif block.kind == "h":
            out.append(f"<p {_LATER_P}><strong>{text}</strong></p>")
        elif block.kind == "li":
            out.append(f"<li>{text}</li>")
        elif block.kind == "img":
            out.append(_picture(site, article, block, number))
        elif block.kind == "table":
            out.append(_table(site, article, block.rows))
        elif block.kind == "layout":
            out.append(_layout(site, article, block.rows[0]))
        elif block.kind == "sign":
            out.append(f'<p style="text-align: right;"><b><em>{text}</em></b></p>')
        elif block.kind == "file" and site.platform != "hatinh":
            out.append(f'<p><a href="{esc(site.document_url(block.file))}">{text}</a></p>')
        if "spacers" in styles:
            out.append("<p>&nbsp;</p>")
    close_run()
    if bullets:
        out.append("</ul>")
    return (WORD_HEAD if "word" in styles else "") + "\n".join(out)


def encode(article: Article | None, page: str) -> tuple[bytes, str]:
    """The page's bytes and its Content-Type, wrong where the article's `styles` say so.

    `cp1258`: windows-1258 bytes that the header calls UTF-8 (the page's own declaration is right).
    `metalies`: UTF-8 bytes that the page declares to be windows-1252, without a word in the header.
    `nfd`: decomposed letters.
    """
    styles = article.styles if article else frozenset()
    declaration = "text/html; charset=UTF-8"
    if "cp1258" in styles:
        page = page.replace(f'content="{declaration}"', 'content="text/html; charset=windows-1258"')
        return to_1258(page), "text/html;charset=UTF-8"
    if "metalies" in styles:
        page = page.replace(f'content="{declaration}"', 'content="text/html; charset=windows-1252"')
        return page.encode(), "text/html"
    if "nfd" in styles:
        page = unicodedata.normalize("NFD", page)
    return page.encode(), "text/html;charset=UTF-8"
