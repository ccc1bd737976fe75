"""References that a portal escaped twice: the page shows `b&agrave; con` where its editor wrote "bà con"."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from crawler.extraction.xpaths import compiled

_REFERENCE = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{2,7}|#[xX][0-9a-fA-F]{2,6});")
# A reference joined to a word, or an ampersand between two: no one writes of references so.
_JOINED = re.compile(
    rf"(?:[^\W_]{_REFERENCE.pattern}|{_REFERENCE.pattern}[^\W_]|[^\W_]\W{{0,2}} &amp; \W{{0,2}}[^\W_])"
)
# Signs and letters: no one writes their names, but of markup.
_NAMED = re.compile(
    r"&(?:nbsp|[nm]dash|hellip|[lr][sd]quo|[sb]d?quo|bull|middot|[lr]aquo|deg|frac\d\d"
    r"|[aeiouyAEIOUY](?:acute|grave|circ|tilde|uml)|[dD]strok);"
)
_ABOUT_MARKUP = re.compile(
    r"html|\bcss\b|\bxml\b|markup|mã nguồn|thẻ <|</?[a-z]+>|javascript|[kc][ýí] tự đặc biệt"
    r"|entit(?:y|ies)|unicode",
    re.IGNORECASE,
)
_WITH_AMPERSAND = "//text()[contains(., '&')]"
_VERBATIM = frozenset(("pre", "code", "kbd", "samp", "script", "style", "textarea", "xmp"))
_CONTENT = frozenset(
    ("description", "og:description", "og:title", "headline", "og:site_name", "article:section", "author")
)


def decode_again(root: Any) -> bool:
    """Decode the references that the page's texts still hold, in place; True where that changed any.

    One text that clearly was escaped once too often tells of the page. A text that speaks of markup keeps what it
    writes, and so does a sample of code.
    """
    places = [place for place in _places(root) if _REFERENCE.search(place[2])]
    sure = [place for place in places if _is_clear(place[2])]
    if sure and not any(_ABOUT_MARKUP.search(text) for _, _, text in places):
        sure = places
    changed = False
    for el, name, text in sure:
        if (plain := _decode(text)) == text:
            continue  # it looks like a reference, and no character has that name
        changed = True
        if name == "content":
            el.set(name, plain)
        else:
            setattr(el, name, plain)
    return changed


def _places(root: Any) -> Iterator[tuple[Any, str, str]]:
    """Yield (element, "text", "tail" or "content", text) for what a reader sees or the page declares."""
    in_sample: set[Any] = set()
    for sample in root.iter(*_VERBATIM):
        if sample not in in_sample:
            in_sample.update(sample.iter())
    found = {(text.getparent(), "tail" if text.is_tail else "text"): None for text in compiled(_WITH_AMPERSAND)(root)}
    for el, name in found:
        holder = el.getparent() if name == "tail" else el
        if holder not in in_sample:
            yield el, name, getattr(el, name)
    for el in root.iter("meta"):
        name = (el.get("property") or el.get("name") or el.get("itemprop") or "").lower()
        if name in _CONTENT and "&" in (content := el.get("content") or ""):
            yield el, "content", content


def decoded(text: str) -> str:
    """Return a text with its references decoded as often as it clearly was escaped too often."""
    while _is_clear(text) and (plain := _decode(text)) != text:
        text = plain
    return text


def _is_clear(text: str) -> bool:
    return (
        "&" in text and (_JOINED.search(text) or _NAMED.search(text)) is not None and _ABOUT_MARKUP.search(text) is None
    )


def _decode(text: str) -> str:
    out = _REFERENCE.sub(lambda match: unescape(match[0]), text)
    return "".join(char for char in out if char >= " " or char in "\n\t\r")
