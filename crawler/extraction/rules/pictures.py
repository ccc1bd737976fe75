"""Which pictures belong to the article, and what is written under them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.extraction.article import Image
from crawler.extraction.blocks import Block
from crawler.extraction.page_metadata import absolute
from crawler.text import normalize

_SOURCES = ("data-original", "data-src", "data-lazy-src", "data-lazy", "data-echo", "src")
_DECORATION = re.compile(
    r"(?:spacer|blank|pixel|transparent|loading|icon|/ico_|_ico\.|logo|bullet|arrow|print\.|email\.|facebook"
    r"|twitter|zalo|google|"
    r"rating|star|/smil|emoji|tracking|counter|line\.gif|dot\.gif|1x1|new\.gif|hot\.gif)", re.IGNORECASE,
)  # fmt: skip
_CAPTION_CLASS = re.compile(
    r"(?:caption|chuthich|chu-thich|photo-?desc|image-?desc|pic-?title|img-?title|note-?img)", re.IGNORECASE
)
_SIZE = re.compile(r"^\s*(\d+)")
_LONGEST = 300


def source_of(img: Any, base: str) -> str | None:
    """Return the URL of a picture, lazy loading undone; None for decoration, tracking pixels and inline data."""
    url = None
    for attribute in _SOURCES:
        value = (img.get(attribute) or "").strip()
        if value and not value.startswith("data:") and (url := absolute(value, base)):
            break
    if url is None:
        return None
    for attribute in ("width", "height"):
        match = _SIZE.match(img.get(attribute) or "")
        if match and 0 < int(match.group(1)[:6]) <= 40 and "%" not in img.get(attribute):
            return None
    path = url.split("?")[0].rsplit("/", 1)[-1]
    return None if _DECORATION.search(path) else url


def collect(
    blocks: Sequence[Block], base: str, extra: Sequence[Any] = (), captions: Mapping[Any, str] | None = None
) -> list[Image]:
    """Return the article's pictures in order with their captions, each URL once.

    `extra` are outside the body; `captions` has those that their layout names.
    """
    out: dict[str, Image] = {}
    known: dict[Any, str | None] = {}
    for img in extra:
        if (url := source_of(img, base)) and url not in out:
            out[url] = Image(url, (captions or {}).get(img) or own_caption(img, known))
    for index, block in enumerate(blocks):
        urls = [(img, url) for img in block.images if (url := source_of(img, base))]
        for number, (img, url) in enumerate(urls):
            caption = own_caption(img, known)
            if caption is None and number == len(urls) - 1:
                caption = caption_below(blocks, index)
            if url not in out:
                out[url] = Image(url, caption)
            elif out[url].caption is None:
                out[url].caption = caption
    return list(out.values())


def own_caption(img: Any, known: dict[Any, str | None] | None = None) -> str | None:
    """Return the text of the `figcaption` or caption-named element in the picture's own figure or box, or None.

    `known`: box → its caption, for boxes that hold many pictures; it grows.
    """
    known = {} if known is None else known
    for depth, box in enumerate(img.iterancestors()):
        if depth > 4 or box.tag in ("body", "article", "main", "td"):
            return None
        if box.tag == "figure" or _CAPTION_CLASS.search(box.get("class") or ""):
            if box not in known:
                known[box] = _caption_in(box)
            if known[box]:
                return known[box]
            if box.tag == "figure":
                return None
    return None


def _caption_in(box: Any) -> str | None:
    for el in box.iter("figcaption", "p", "div", "span"):
        if el is not box and (el.tag == "figcaption" or _CAPTION_CLASS.search(el.get("class") or "")):
            text = normalize(" ".join(el.itertext()))
            if text:
                return text[:_LONGEST]
    return None


def caption_below(blocks: Sequence[Block], index: int) -> str | None:
    """Return the caption in the picture's own paragraph or right under it, or None.

    A caption is short, and centred, in italics, in a table's next cell, or named so; plain paragraphs are not captions.
    """
    block = blocks[index]
    if block.text and len(block.text) <= _LONGEST and block.kind != "table":
        return block.text.replace("\n", " ") if _looks_caption(block) or block.align == "center" else None
    for below in blocks[index + 1 : index + 2]:
        if below.images or below.kind not in ("p", "caption", "h", "quote") or not 0 < len(below.text) <= _LONGEST:
            return None
        if _looks_caption(below):
            return below.text.replace("\n", " ")
    return None


def _looks_caption(block: Block) -> bool:
    if block.kind == "caption" or _CAPTION_CLASS.search(block.node.get("class") or ""):
        return True
    if block.align == "center" and len(block.text) <= 200:
        return True
    italic = sum(len(run.text) for run in block.runs if run.italic)
    return italic > 0.8 * len(block.text) and len(block.text) <= 200
