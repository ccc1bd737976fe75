"""Pictures that are no `<img>` in the source: made ones, so that all other rules see them where a reader does."""

import re
from copy import copy
from typing import Any

from crawler.extraction.xpaths import compiled

_ADDRESS = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*[\"']?([^\"')]{1,2000}?)[\"']?\s*\)", re.IGNORECASE)
_IN_DATA = ("data-bg", "data-background", "data-background-image", "data-bg-src", "data-src", "data-image-src")
# Asked of the attributes: twice as fast as a search for their elements.
_WITH_BACKGROUND = "|".join(("//@style[contains(., 'background')]/..", *(f"//@{name}/.." for name in _IN_DATA)))
_OF_PHOTOS = re.compile(r"photo|image|img|\banh|anh\b|hinh|pic|thumb|cover|featured", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|bmp|avif)(?:[?#]|$)|/(?:image|photo|img|picture)s?/", re.IGNORECASE)
_MOST = 200  # of one page


def bring_out(root: Any, source: str) -> None:
    """Give an `<img>` to each picture without one: a `<picture>` of sources alone, a `<noscript>` beside no picture, an
    `<amp-img>`, the background of a figure or of an empty box for a photo. `source`: the page as text."""
    for element in list(root.iter("amp-img"))[:_MOST]:
        element.tag = "img"
    for picture in list(root.iter("picture"))[:_MOST]:
        if next(picture.iter("img"), None) is None:
            picture.append(picture.makeelement("img"))
    for fallback in list(root.iter("noscript"))[:_MOST]:
        images = list(fallback.iter("img"))
        if images and not _has_picture(fallback.getprevious()) and not _has_picture(fallback.getnext()):
            for image in images:
                made = copy(image)
                made.tail = None
                fallback.addprevious(made)
    _from_backgrounds(root, source)


def _has_picture(element: Any) -> bool:
    return element is not None and (element.tag == "img" or next(element.iter("img"), None) is not None)


def _from_backgrounds(root: Any, source: str) -> None:
    found = [
        element
        for element in compiled(_WITH_BACKGROUND)(root)[:_MOST]
        if element.tag not in ("img", "source", "iframe", "video", "a", "body")
    ]
    if not found or ("background" not in (lower := source.lower()) and "data-bg" not in lower):
        return
    for element in found:
        if _has_picture(element):
            continue
        address = _background(element)
        if address is None or not _shows_photo(element):
            continue
        made = element.makeelement("img", {"src": address})
        made.tail, element.text = element.text, None
        element.insert(0, made)


def _background(element: Any) -> str | None:
    found = _ADDRESS.search((element.get("style") or "")[:4000])
    written = [found[1]] if found else []
    written += [element.get(name) or "" for name in _IN_DATA]
    return next((text.strip() for text in written if _PICTURE.search(text) and not text.startswith("data:")), None)


def _shows_photo(element: Any) -> bool:
    """Return whether an element is a figure or in one, or an empty box that is named for a photo."""
    for above in (element, *list(element.iterancestors())[:4]):
        if above.tag == "figure":
            return next(above.iter("img"), None) is None
        if above.tag == "a":
            return False
    is_empty = not "".join(element.itertext()).strip()
    return is_empty and _OF_PHOTOS.search(element.get("class") or "") is not None
