"""What an entry of a list shows beside its title: the date and the teaser."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from crawler.text import normalize

_BEHIND = 3  # elements behind a block that may show its date
STAMP = 60  # characters of a text that shows a date and little else, at most
_TEASER, _LONGEST_TEASER = 40, 1000  # characters of an entry's teaser
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_DATE = re.compile(
    r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}\b|\b\d{4}-\d\d-\d\d\b|\b\d\d \d\d (?:19|20)\d\d\b|"
    r"\b\d{1,2} tháng \d{1,2},? (?:năm )?\d{4}|"
    rf"\b{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?[.,]?\s+\d{{4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s+{_MONTH}[.,]?\s+\d{{4}}\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:posted|published|submitted|written|by|on|đăng|viết|gửi|tác giả|ngày)\b", re.IGNORECASE)
# Attributes that hold a date where the text says "3 ngày trước", or nothing.
_FOR_MACHINES = {
    "time": ("datetime", "title"),
    "abbr": ("title", "data-date"),
    "span": ("title", "data-date", "data-time", "datetime"),
    "div": ("data-date", "data-time"),
    "i": ("title",),
    "small": ("title",),
    "meta": ("content",),
}
_WHOLE = re.compile(rf"\D{{0,12}}(?:{_DATE.pattern})(?:\D{{1,8}}\d{{1,2}}:\d{{2}}.{{0,24}})?\W*", re.IGNORECASE)

Element = Any  # an lxml element: lxml has no types
Under = Mapping[Element, Collection[str]]
"""Element → what names the headlines inside it."""


def stamps(element: Element, link: Element) -> Iterator[str]:
    """Yield the texts in an element, but for those of `link`, that show a date and little else."""
    for inner in element.iter():
        if not isinstance(inner.tag, str):
            continue
        texts = [inner.text] if inner is not link else []
        texts += _for_machines(inner)
        if inner is not element:
            texts.append(inner.tail)
        for text in texts:
            if text and _DATE.search(text) and len(stripped := normalize(text)) <= STAMP:
                yield stripped


def is_stamp(text: str) -> bool:
    """Return whether a text is a date and nothing else."""
    return _WHOLE.fullmatch(text) is not None


def _for_machines(element: Element) -> list[str]:
    names = _FOR_MACHINES.get(element.tag, ())
    if not any(name in element.attrib for name in names) or _DATE.search(element.text_content()):
        return []
    found = ((element.get(name) or "").strip().replace("T", " ") for name in names)
    return [text for text in found if is_stamp(text)]


def date_of(block: Element, link: Element, under: Under) -> str:
    """Return the date shown in a block or, where entries are not in blocks, right behind the headline; "" for none."""
    if found := next(stamps(block, link), ""):
        return found
    return _first_stamp(block.itersiblings(), under)


def date_before(block: Element, under: Under) -> str:
    """Return the date shown right before a headline that has no block of its own; "" for none."""
    return _first_stamp(block.itersiblings(preceding=True), under)


def _first_stamp(siblings: Iterable[Element], under: Under) -> str:
    for sibling in islice(siblings, _BEHIND):
        if under.get(sibling):
            break
        if isinstance(sibling.tag, str) and (found := next(stamps(sibling, None), "")):
            return found
    return ""


def teaser_of(block: Element, title: str) -> str:
    """Return the first sentence or more that an entry's block shows besides its title, outside links; "" for none."""
    for inner in block.iter("p", "div", "span", "td", "dd"):
        if inner.find(".//p") is not None or inner.find("div") is not None or inner.find(".//table") is not None:
            continue
        text = normalize(" ".join(inner.text_content().split()))
        linked = sum(len(link.text_content()) for link in inner.iter("a"))
        if len(text) < 2 * STAMP and _DATE.search(text) and _BYLINE.match(text):
            continue
        if (
            _TEASER <= len(text) <= _LONGEST_TEASER
            and linked < 0.4 * len(text)
            and not (title and text.startswith(title))
        ):
            return text
    return ""
