"""Which pictures belong to the article, and what is written under them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from crawler.extraction.article import Image
from crawler.extraction.blocks import Block
from crawler.extraction.page_metadata import absolute
from crawler.text import normalize

# Where scripts that load pictures late keep the address.
_SOURCES = (
    "data-original", "data-src", "data-lazy-src", "data-lazy", "data-echo", "data-lazyload", "data-lazy-original",
    "data-orig-file", "data-large-file", "data-actualsrc", "data-real-src", "lazy-src",
)  # fmt: skip
_OLD_SOURCES = frozenset({"original", "_src", "file", "real_src", "src2", "lowsrc"})
_SOURCE_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set", "lazy-srcset")
_DECORATION = re.compile(
    r"(?:spacer|blank|pixel|transparent|loading|icon|/ico_|_ico\.|logo|bullet|arrow|print\.|email\.|facebook"
    r"|twitter|zalo|google|"
    r"rating|star|/smil|emoji|tracking|counter|line\.gif|dot\.gif|1x1|new\.gif|hot\.gif)", re.IGNORECASE,
)  # fmt: skip
# What stands in `src` until the true picture is loaded; only where the element names another one.
_PLACEHOLDER = re.compile(
    r"place-?_?holder|lazy|^gr[ae]y|no-?_?image|default|empty|clear|^trans|^1px|^px|^white|^b64|svg$", re.IGNORECASE
)
_PICTURE = re.compile(r"^[^\s{}<>]+\.(?:jpe?g|png|webp|gif|bmp|avif)(?:\?[^\s]*)?$", re.IGNORECASE)
_ADDRESS_OF_SET = re.compile(r"[\s,]*(\S+)")
_SIZE_OF_SET = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)([wx])")
_LONGEST_SET, _LONGEST_ADDRESS = 20_000, 2_000  # characters
_CAPTION_CLASS = re.compile(
    r"(?:caption|chuthich|chu-thich|photo-?desc|image-?desc|pic-?title|img-?title|note-?img)", re.IGNORECASE
)
_SIZE = re.compile(r"^\s*(\d+)")
_LONGEST = 300
_MOST_SOURCES = 12  # of one picture
_SMALL, _PLACEHOLDER_SIZE = 40, 2  # pixels: no picture of an article is as small; a placeholder's size is not its own


def source_of(img: Any, base: str) -> str | None:
    """Return the URL of a picture, lazy loading undone; None for decoration, tracking pixels and inline data.

    A placeholder in `src` gives way to what a script would put there: another attribute, the largest picture of a
    `srcset`, a `<source>` of the same `<picture>`, the `<noscript>` beside it.
    """
    found = dict.fromkeys(url for value in _candidates(img) if (url := absolute(value, base)))
    fit = [url for url in found if not _DECORATION.search(_file_name(url))]
    url = next((url for url in fit if not _PLACEHOLDER.search(_file_name(url))), fit[0] if fit else None)
    if url is None:
        return None
    beyond = _PLACEHOLDER_SIZE if url != absolute(img.get("src"), base) else 0
    for attribute in ("width", "height"):
        match = _SIZE.match(img.get(attribute) or "")
        if match and beyond < int(match.group(1)[:6]) <= _SMALL and "%" not in img.get(attribute):
            return None
    return url


def _candidates(img: Any) -> Iterator[str]:
    """Yield what a picture's element says of its address, best first, without inline data."""
    yield from _written(img, _SOURCES)
    yield from _largest(img, _SOURCE_SETS)
    yield from _written(img, ("src",))
    yield from _largest(img, ("srcset",))
    box = next((above for above in islice(img.iterancestors(), _MOST_SOURCES) if above.tag == "picture"), None)
    if box is not None:  # libxml2 puts what follows a <source> into it
        for source in islice(box.iter("source"), _MOST_SOURCES):
            yield from _largest(source, (*_SOURCE_SETS, "srcset"))
            yield from _written(source, (*_SOURCES, "src"))
    for name, value in img.attrib.items():
        if (
            (name.startswith("data-") or name in _OLD_SOURCES)
            and name not in _SOURCES
            and _PICTURE.search(value[:_LONGEST_ADDRESS])
        ):
            yield value
    shown = img if box is None else box
    for beside in (shown.getnext(), shown.getprevious()):
        if beside is not None and beside.tag == "noscript":
            for inner in list(beside.iter("img"))[:1]:
                yield from _written(inner, (*_SOURCES, "src"))
                yield from _largest(inner, (*_SOURCE_SETS, "srcset"))


def _written(element: Any, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = (element.get(name) or "").strip()
        if value and not value.startswith("data:"):
            yield value


def _largest(element: Any, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the picture of each set that is widest, or meant for the densest screen."""
    for name in names:
        if value := element.get(name):
            pictures = [
                (float(size or 1), address)
                for address, size, _ in _of_set(value[:_LONGEST_SET])
                if not address.startswith("data:")
            ]
            if pictures:
                yield max(pictures, key=lambda picture: picture[0])[1]


def _of_set(value: str) -> Iterator[tuple[str, str, str]]:
    """Yield (address, size, unit) for the pictures of a `srcset`, as in "/a.jpg 320w, /b.jpg 2x"; "" for no size."""
    place = 0
    while found := _ADDRESS_OF_SET.match(value, place):
        address, place = found[1], found.end()
        if address.endswith(","):
            yield address.rstrip(","), "", ""
            continue
        end = value.find(",", place)
        size = _SIZE_OF_SET.match(value, place, len(value) if end < 0 else end)
        place = len(value) if end < 0 else end
        yield address, size[1] if size else "", size[2] if size else ""


def _file_name(url: str) -> str:
    return url.split("?")[0].rsplit("/", 1)[-1]


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
