"""From text to a tree of bounded size."""

import re
from functools import cache
from typing import Any

from crawler.extraction.page_bounds import PageTooLarge, TooManyElements, bounded
from crawler.text.counted import counted

MAX_BYTES = 8 * 1024 * 1024
"""Larger pages are refused: an article of 8 MiB without its inline pictures is not one."""

MAX_DEPTH = 400
"""Deeper elements are read as flat text; libxml2 itself stops nesting at 256."""

# Cures: pages whose pictures are typed into the HTML as base64 weigh megabytes and hold no more text for it.
_INLINE_DATA = re.compile(rb"data:[\w.+/-]{1,80};base64,[A-Za-z0-9+/=\s%]{256,}")
# Cures: at an attribute of some megabytes libxml2 stops reading, and the rest of the page is lost.
_LONG_ATTRIBUTE = re.compile(rb"""=\s*(?:"[^"<>]{65536,}"|'[^'<>]{65536,}')""")
_LONG_TOKEN = re.compile(rb"<[^<>\s]{4096,}")
# What XML cannot hold; noncharacters go when a page is decoded, lone surrogates when it is encoded here.
_CONTROLS = bytes(byte for byte in range(32) if byte not in (9, 10, 13))
# The tags that matter once a page is so deep that nesting itself no longer means anything.
_FLAT_TAGS = re.compile(
    r"<(?!/?(?:p|br|h[1-6]|a|img|title|meta|link|html|head|body|script"
    r"|style)\b)/?[a-z][^<>]*>",
    re.IGNORECASE,
)
# A `</p>` without its `<p>` is in every third page of some portals and moves nothing.
_MISNESTED = re.compile(r"Unexpected end tag : (?!p\s|br\s|html\s|body\s)")
_NESTED_BLOCKS = re.compile(
    r"</?(?:div|section|article|center|blockquote|d[ldt]|form|main|table|t[rdh]|[uo]l|li)\b[^<>]*>", re.IGNORECASE
)

_DEEP = f"boolean({'/*' * 252})"  # level by level: linear in the elements


def slim(html: bytes) -> bytes:
    """Return the page without inline base64 data and without attributes over 64 KiB.

    Raises PageTooLarge where more than `MAX_BYTES` are left.
    """
    if len(html) > 8 * MAX_BYTES:
        raise PageTooLarge(counted(len(html), "byte"))
    if len(html) > 65_536:
        html = _INLINE_DATA.sub(b"", html)
        if len(html) > 131_072:
            html = _LONG_TOKEN.sub(b"<p", _LONG_ATTRIBUTE.sub(b'=""', html))
    if len(html) > MAX_BYTES:
        raise PageTooLarge(f"{counted(len(html), 'byte')} of markup")
    return html


def parse(text: str) -> tuple[Any | None, bool, bool]:
    """Return (root element or None where there is no markup to read, whether nesting had to be flattened, whether end
    tags close what they should not: one `</div>` too many, or one for an element that is not open).

    One parse; a page nested deeper than libxml2 reads (256) is flattened and parsed again, as all text below would be
    lost. Raises PageTooLarge for a page over the bounds of `page_bounds` even when flattened.
    """
    text, is_flat = within_bounds(text)
    root, deep, misnested = _parse(text)
    if deep and not is_flat:
        root, _, misnested = _parse(flat(text))
    return root, deep or is_flat, misnested


def within_bounds(text: str) -> tuple[str, bool]:
    """Return the page as `page_bounds.bounded` leaves it, and whether it had to be flattened for that.

    Raises PageTooLarge for a page over the bounds even when flattened.
    """
    try:
        return bounded(text), False
    except TooManyElements:
        return bounded(flat(text)), True


def flat(text: str) -> str:
    """Return a page without the tags that nest."""
    text = _FLAT_TAGS.sub(" ", _NESTED_BLOCKS.sub("<p>", text))
    return re.sub(r"(?:<p>\s*){2,}", "<p>", text)


def _parse(text: str) -> tuple[Any | None, bool, bool]:
    from lxml import html as lxml_html  # 40 ms: not at import
    from lxml.etree import HTMLParser, LxmlError

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_classes())
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace").translate(None, _CONTROLS), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return None, False, False
    log = parser.error_log.last_error
    deep = log is not None and ("depth" in log.message or log.level == 3) and is_deep(root)
    misnested = log is not None and any(_MISNESTED.match(entry.message) for entry in parser.error_log)
    return root, deep, misnested


@cache
def _classes() -> Any:
    """Return a table that makes every element an `HtmlElement`. lxml.html's own asks Python for each element it hands
    out, to tell forms and their fields from others, which nobody here needs."""
    from lxml.etree import ElementDefaultClassLookup
    from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction

    return ElementDefaultClassLookup(
        element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
    )


def is_deep(root: Any) -> bool:
    """Return True where the tree goes down to the depth at which libxml2 stops reading."""
    return bool(root.xpath(_DEEP))
