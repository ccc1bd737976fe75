"""What a page needs to look as its readers saw it: style sheets, fonts, scripts and pictures. Pure functions.

Left out is what a browser of today would not load, or what shows nothing: fonts as EOT or SVG, what only stands in
`<noscript>`, counting pixels of other hosts; and what is a page or a film of its own: frames, videos, objects.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from w3lib.url import safe_url_string

from crawler.extraction.charsets import decode
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.tree import parse, slim
from crawler.filetypes import is_markup, real_type
from crawler.urls import mended

_LONGEST = 2_000  # characters of an address
_MOST = 2_000  # addresses of one page or style sheet that are looked at
_LONGEST_SHEET = 4 * 1024 * 1024  # characters


class RequisiteKind(StrEnum):
    """What a page needs a file for, as in the column `requisites.kind`."""

    STYLE = "style"
    FONT = "font"
    SCRIPT = "script"
    PICTURE = "picture"
    DATA = "data"  # what its scripts ask for when they run: nothing that a page names


@dataclass(frozen=True, slots=True)
class Requisite:
    """A file that a page needs: its address, absolute and without a fragment, and what for."""

    url: str
    kind: RequisiteKind


_SCRIPT_TYPES = re.compile(r"(?:text|application)/(?:x-)?(?:java|ecma)script|application/(?:\w+\+)?json")
_VAGUE_TYPES = frozenset({"", "text/plain", "application/octet-stream", "application/x-css"})
_SHOWN = frozenset({"jpg", "png", "gif", "webp", "tiff"})
_ICON_OR_BITMAP = (b"\x00\x00\x01\x00", b"BM")
_MODERN_PICTURES = frozenset({b"avif", b"avis", b"mif1", b"heic"})  # behind `ftyp`
_FONTS = (b"wOFF", b"wOF2", b"OTTO", b"\x00\x01\x00\x00", b"true", b"ttcf")
_SVG = re.compile(rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!doctype\s+svg[^>]*>\s*)*<svg\b", re.IGNORECASE | re.DOTALL)

# A link to a thing of that kind by `rel`; `as` says it for what is only to be loaded ahead.
_AHEAD = {
    "style": RequisiteKind.STYLE, "font": RequisiteKind.FONT, "script": RequisiteKind.SCRIPT,
    "image": RequisiteKind.PICTURE,
}  # fmt: skip
# Where pages and the scripts that load pictures late keep addresses of pictures: one each, and sets of them.
_PICTURES = (
    "src", "data-src", "data-original", "data-lazy-src", "data-lazy", "data-echo", "data-lazyload", "lazy-src",
    "lowsrc",
)  # fmt: skip
_SETS = ("srcset", "data-srcset", "data-lazy-srcset", "imagesrcset")
_BACKGROUNDS = ("background", "data-bg", "data-background", "data-background-image")
_XLINK = "{http://www.w3.org/1999/xlink}href"
_FILE = re.compile(r"[^\s{}<>]+\.(?:jpe?g|png|webp|gif|bmp|avif|svg)(?:[?#]\S*)?$|^https?://|^/", re.IGNORECASE)
_IN_SET = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+[\d.]+[wxh])*\s*(?:,|$)")
_PIXEL = re.compile(r"^\s*[012](?:px)?\s*$")

# The parts of a style sheet that may hold an address. Comments and other strings are read past, so that nothing within
# them is taken for one.
_CSS = re.compile(
    r"""/\*.*?(?:\*/|\Z)
    | @import\s+(?:url\(\s*)?(?P<import>"[^"\n]*"|'[^'\n]*'|[^\s"'();]+)
    | url\(\s*(?P<url>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?:[^\s"'()\\]|\\.)*)\s*\)
      (?:\s*format\(\s*["']?(?P<format>[\w-]+)["']?\s*\))?
    | (?P<font>@font-face\s*\{) | (?P<end>\})
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_OLD_FONTS = frozenset({"embedded-opentype", "svg"})


def requisites_of_page(html: bytes, url: str, charset: str | None = None) -> list[Requisite]:
    """Return what the page at `url` names itself, each address once, style sheets first; [] where it cannot be read.

    `charset`: the one of its HTTP header. What its style sheets name is for `requisites_of_style_sheet`.
    """
    try:
        decoded = decode(slim(html), charset)
        root = parse(decoded.text)[0] if decoded else None
    except PageTooLarge:
        return []
    if decoded is None or root is None:
        return []
    base = next((href for found in root.iter("base") if (href := found.get("href"))), "")
    base = _absolute(base, url, decoded.codec) or url
    own = urlsplit(url).hostname
    found: dict[str, RequisiteKind] = {}
    for kind, address in _named(root, own, base):
        if (absolute := _absolute(address, base, decoded.codec)) and len(found) < _MOST:
            found.setdefault(absolute, kind)
    order = list(RequisiteKind)
    return sorted((Requisite(*pair) for pair in found.items()), key=lambda one: order.index(one.kind))


def requisites_of_style_sheet(css: bytes, url: str) -> list[Requisite]:
    """Return what the style sheet at `url` names: other sheets, fonts and pictures, each address once."""
    found: dict[str, RequisiteKind] = {}
    for kind, address in _in_css(css.decode("utf-8", "replace")):
        if (absolute := _absolute(address, url, "utf-8")) and len(found) < _MOST:
            found.setdefault(absolute, kind)
    return [Requisite(*pair) for pair in found.items()]


def kind_of_answer(data: bytes, content_type: str, asked: RequisiteKind) -> RequisiteKind | None:
    """Return what came where `asked` was asked for, None where it is nothing that a page needs: a web page, a film …

    Fonts and pictures are known by their bytes, whatever their server says of them; style sheets and scripts, which
    have no signature, by `content_type`, or as what was asked for where that says nothing. Data may be anything.
    """
    if asked == RequisiteKind.DATA:
        return asked
    if data.startswith(_FONTS):
        return RequisiteKind.FONT
    is_modern = data[4:8] == b"ftyp" and data[8:12] in _MODERN_PICTURES
    if real_type(data) in _SHOWN or is_modern or data.startswith(_ICON_OR_BITMAP) or _SVG.match(data[:4096]):
        return RequisiteKind.PICTURE
    declared = content_type.partition(";")[0].strip().lower()
    if is_markup(data) or b"\0" in data[:1024]:
        return None
    if declared == "text/css":
        return RequisiteKind.STYLE
    if _SCRIPT_TYPES.fullmatch(declared):
        return RequisiteKind.SCRIPT
    is_text = asked in (RequisiteKind.STYLE, RequisiteKind.SCRIPT) and data.strip()
    return asked if is_text and declared in _VAGUE_TYPES else None


def is_page(data: bytes) -> bool:
    """Tell whether `data` begins as a web page does, and not as an SVG picture."""
    return is_markup(data) and not _SVG.match(data[:4096])


def _named(root: Any, own: str | None, base: str) -> Iterator[tuple[RequisiteKind, str]]:
    """Yield (what for, address as written) for all that the elements of a page name."""
    for element in root.iter():
        if not isinstance(element.tag, str) or any(above.tag == "noscript" for above in _above(element)):
            continue
        if "style" in element.attrib:
            yield from _in_css(element.get("style"))
        for name in _BACKGROUNDS:
            if (value := element.get(name)) and _FILE.search(value.strip()):
                yield RequisiteKind.PICTURE, value
        yield from _of_element(element, own, base)


def _above(element: Any) -> Iterator[Any]:
    """Yield the element and the two above it: `<noscript>` holds a link, or a picture in one box more."""
    for _ in range(3):
        if element is None:
            return
        yield element
        element = element.getparent()


def _of_element(element: Any, own: str | None, base: str) -> Iterator[tuple[RequisiteKind, str]]:
    match element.tag:
        case "link":
            yield from _of_link(element)
        case "style":
            yield from _in_css(element.text or "")
        case "script":
            if src := element.get("src"):
                yield RequisiteKind.SCRIPT, src
        case "img":
            if not _is_foreign_pixel(element, own, base):
                yield from _pictures(element, _PICTURES)
        case "source" if _parent(element) == "picture":
            yield from _pictures(element, ())
        case "input" if (element.get("type") or "").lower() == "image":
            yield from _pictures(element, ("src",))
        case "video":
            yield from _pictures(element, ("poster",))
        case "image" | "use":
            address = element.get("href") or element.get(_XLINK) or element.get("xlink:href") or ""
            if address and not address.startswith("#"):
                yield RequisiteKind.PICTURE, address


def _of_link(link: Any) -> Iterator[tuple[RequisiteKind, str]]:
    words = (link.get("rel") or "").lower().split()
    href = link.get("href") or ""
    if "stylesheet" in words:
        yield RequisiteKind.STYLE, href
    elif "icon" in words or "apple-touch-icon" in words:
        yield RequisiteKind.PICTURE, href
    elif "modulepreload" in words:
        yield RequisiteKind.SCRIPT, href
    elif "preload" in words and (kind := _AHEAD.get((link.get("as") or "").lower())):
        yield kind, href
        yield from _pictures(link, ())


def _pictures(element: Any, names: tuple[str, ...]) -> Iterator[tuple[RequisiteKind, str]]:
    for name in names:
        if value := element.get(name):
            yield RequisiteKind.PICTURE, value
    for name in _SETS:
        for address in _IN_SET.findall((element.get(name) or "")[:20_000]):
            yield RequisiteKind.PICTURE, address


def _is_foreign_pixel(img: Any, own: str | None, base: str) -> bool:
    """Tell whether a picture only counts visits for another host: nobody sees it."""
    if not all(_PIXEL.match(img.get(name) or "") for name in ("width", "height")):
        return False
    absolute = _absolute(img.get("src") or "", base, "utf-8")
    return absolute is not None and urlsplit(absolute).hostname != own


def _parent(element: Any) -> str:
    above = element.getparent()
    return above.tag if above is not None and isinstance(above.tag, str) else ""


def _in_css(text: str) -> Iterator[tuple[RequisiteKind, str]]:
    """Yield (what for, address as written) for all that a style sheet or a `style` attribute names."""
    in_font = False
    for found in _CSS.finditer(text[:_LONGEST_SHEET]):
        if found["font"]:
            in_font = True
        elif found["end"]:
            in_font = False
        elif found["import"]:
            yield RequisiteKind.STYLE, _unquoted(found["import"])
        elif found["url"]:
            address = _unquoted(found["url"])
            if not in_font:
                yield RequisiteKind.PICTURE, address
            elif (found["format"] or "").lower() not in _OLD_FONTS and not re.search(r"\.eot(?:[?#]|$)", address, re.I):
                yield RequisiteKind.FONT, address


def _unquoted(written: str) -> str:
    if written[:1] in ("'", '"'):
        written = written[1:-1]
    return _ESCAPE.sub(_escaped, written)


def _escaped(escape: re.Match[str]) -> str:
    if escape[2] is not None:
        return escape[2]
    code = int(escape[1], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "�"


def _absolute(address: str, base: str, codec: str) -> str | None:
    """Return an address as a browser asks for it, or None for one that is not of the web: `data:`, `javascript:` …"""
    address = mended(address.strip(), base)
    if not address or address.startswith("#") or len(address) > _LONGEST:
        return None
    try:
        url = urldefrag(safe_url_string(urljoin(base, address), encoding=codec)).url
        parts = urlsplit(url)
    except (ValueError, LookupError):
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
