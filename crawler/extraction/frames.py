"""Articles whose text stands in a frame: which frames to ask for, and the page as a reader sees it with them. Pure."""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from crawler.extraction.charsets import decode
from crawler.extraction.isolation import base_of, drop_scripts, isolate, visible_text
from crawler.extraction.layout import Layout
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.page_metadata import absolute, split_url
from crawler.extraction.rules.attachment_links import file_type
from crawler.extraction.tree import parse, slim

Framed = tuple[str, bytes, str | None]
"""The page in a frame: its URL, its bytes, the charset that the server declared."""

_FRAME = re.compile(
    rb"""<i?frame\b[^<>]{0,2000}?\s(?:data-)?src\s*=\s*["']?\s*([^"'>\s][^"'>]{0,1000})""", re.IGNORECASE
)
_MOST = 6  # frames of one page that are looked at
_OWN_TEXT = 200  # characters of an article that need no frame
_OWN_HEADING = 250  # characters of text with which a page has a title of its own
_NEVER = re.compile(
    r"\.(?:swf|mp[34]|png|jpe?g|gif|webp|svg|js|css)(?:\?|$)|/(?:ads?|banner\w*|quang-?cao|video|youtube|map|ban-do|"
    r"counter|thong-ke|login|dang-nhap|captcha|recaptcha|chat|weather|thoi-tiet|facebook|zalo|viewer)(?:[/.?_-]|$)",
    re.IGNORECASE,
)
_AROUND = re.compile(r"/(?:menu|top|left|right|head(?:er)?|foot(?:er)?|bottom|nav|logo)\w*\.\w+(?:\?|$)", re.IGNORECASE)


def named(html: bytes, url: str) -> list[str]:
    """Return the pages of the same host that a page shows in frames, seen without parsing it."""
    if b"frame" not in html and b"FRAME" not in html and b"Frame" not in html:
        return []
    host = split_url(url).netloc
    found: dict[str, None] = {}
    for frame in islice(_FRAME.finditer(html), 2 * _MOST):
        address = absolute(frame[1].decode("utf-8", "replace").replace("&amp;", "&"), url)
        if address and split_url(address).netloc == host and _may_hold_text(address) and address != url:
            found[address.partition("#")[0]] = None
    return list(found)[:_MOST]


def holding_text(html: bytes, url: str, layout: Layout | None, charset: str | None) -> list[str]:
    """Return the frames of an article's page that are to be asked for: [] where the page holds a text of its own.

    Those that are named like a menu or a banner are left out where another one is there.
    """
    addresses = named(html, url)
    if not addresses or len(isolate(html, url, layout=layout, charset=charset).body) > _OWN_TEXT:
        return []
    return [address for address in addresses if not _AROUND.search(address)] or addresses


def filled(html: bytes, url: str, charset: str | None, pages: Mapping[str, Framed]) -> bytes:
    """Return a page, in UTF-8, with the pages that its frames show in their places; `pages`: address → what came.

    Links in a frame become absolute. A page of nothing but frames takes its title from the first that has one. What
    cannot be read stays out.
    """
    try:
        root = _root(html, charset)
    except PageTooLarge:
        return html
    if root is None:
        return html
    base = base_of(root, url)
    is_set = bool(root.xpath("//frameset"))
    has_heading = (not is_set and len(visible_text(root)) > _OWN_HEADING) or bool(root.xpath("//h1"))
    boxes = []
    for frame in list(root.iter("frame", "iframe")):
        address = absolute(frame.get("src") or frame.get("data-src"), base) or ""
        shown = pages.get(address.partition("#")[0])
        box = _box(root, shown) if shown else None
        if box is None:
            continue
        boxes.append(box[0])
        if not has_heading and (title := box[1]):
            _entitle(root, title)
            has_heading = True
        if not is_set:
            frame.addprevious(box[0])
            frame.drop_tree()
    if is_set:
        for old in [*root.iter("frameset"), *root.iter("body")]:
            if old.getparent() is not None:
                old.getparent().remove(old)
        body = root.makeelement("body")
        root.append(body)
        body.extend(boxes)
    from lxml.html import tostring

    return bytes(tostring(root, encoding="utf-8")) if boxes else html


def _may_hold_text(address: str) -> bool:
    return not _NEVER.search(split_url(address).path) and file_type(address) is None


def _root(html: bytes, charset: str | None) -> Any:
    decoded = decode(slim(html), charset)
    return parse(decoded.text)[0] if decoded else None


def _box(root: Any, shown: Framed) -> tuple[Any, str] | None:
    """Return (a box with what a frame shows, the title that its page has)."""
    url, html, charset = shown
    try:
        inner = _root(html, charset)
    except PageTooLarge:
        return None
    if inner is None:
        return None
    title = next((str(text).strip() for text in inner.xpath("//title/text()")), "")
    drop_scripts(inner)
    base = base_of(inner, url)
    inner.rewrite_links(lambda href: absolute(href, base) or href, resolve_base_href=False)
    box = root.makeelement("div")
    body = inner.find(".//body")
    content = inner if body is None else body
    box.text = content.text
    box.extend(list(content))
    return box, title


def _entitle(root: Any, title: str) -> None:
    for old in list(root.iter("title"))[:1]:
        old.text = title
        return
    head = root.find(".//head")
    if head is None:
        head = root.makeelement("head")
        root.insert(0, head)
    element = root.makeelement("title")
    element.text = title
    head.append(element)
