"""The heading that shows the title which the page declares."""

import re
from typing import Any

from crawler.extraction.page_metadata import Declared
from crawler.extraction.rules import titles

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))
_NEVER = frozenset(("title", "meta", "head", "body", "html"))
_CLASS = re.compile("itle|ieude|ieu-de|headline|ArticleHeader")

LONGEST_TITLE = 1000  # characters; what is longer is a text in the place of a title


def declared_titles(declared: Declared) -> list[str]:
    """Return the titles that the page declares, the surest first."""
    return [text for text in (declared.headline, declared.og_title, declared.title) if 0 < len(text) <= LONGEST_TITLE]


def heading_of(root: Any, wanted: list[str]) -> Any | None:
    """Return the heading-like element whose text is what the page declares as its title, or None.

    Cures: the title was wrong on 388 of 388 Hà Nội pages, where a category label or a side box's h1 won.
    """
    heading, office = None, False
    rank = length = 0
    for el in root.iter("*"):
        if not _is_like_heading(el):
            continue
        text = el.text_content()
        if not 3 < len(text) < 1500:
            continue
        text = " ".join(text.split())
        if len(text) > 500:
            continue
        fit = max((titles.matches(text, other) for other in wanted), default=0)
        if fit > rank or (fit and office and len(text) > length):
            heading, rank, length = el, fit, len(text)
            office = titles.is_office(text)
    return heading


def _is_like_heading(el: Any) -> bool:
    """Whether an element is a heading, or named for a title; a walk that asks each is faster than an XPath."""
    tag = el.tag
    if tag in _HEADINGS:
        return True
    if tag in _NEVER:
        return False
    names = el.get("class")
    if names and _CLASS.search(names):
        return True
    return "itle" in el.get("id", "") or "headline" in el.get("itemprop", "")
