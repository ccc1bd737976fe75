"""Which elements stand around the text, and which only look so by their names."""

import re
from typing import Any

from crawler.extraction.rules.site_footer import is_footer_text
from crawler.text import normalize

MEDIA = ("iframe", "object", "embed", "video")
TAGS = frozenset(("nav", "footer", "aside", *MEDIA))
_FOOTER = re.compile(r"(?:^|[\s_-])(?:foot|footer|chantrang|chan-trang|bottom)(?:$|[\s_-])|footer", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PIECES = frozenset(("p", "ul", "ol", "blockquote", "table", "h2", "h3", "h4", "span"))
_NO_TEXT = frozenset(("a", "select", "option", "button", "noscript", "textarea"))
_LEAST = 20  # characters of a sentence in an aside


class Measure:
    """How much of a page's own text (outside links and hidden elements) an element holds.

    `title_path` are the title's element and what it stands in, empty where the title is unknown.
    """

    def __init__(self, body: Any, title_path: set[Any]) -> None:
        self._title_path = title_path
        self._body = body
        self._total: int | None = None

    def holds_the_article(self, el: Any, names: str) -> bool:
        """Return True for an element that is named like chrome but holds the title, or most of the page's own text.

        Cures: unclosed markup and frames of the whole page with a menu's name. A footer without the title is a footer
        however long it is, or it becomes the text of every article that is only a film; a column of links, or one
        whose entries are folded away, is no text.
        """
        if el in self._title_path:
            return True
        if el.tag == "nav" or (el.tag == "form" and el.find(".//input[@type='password']") is not None):
            return False
        footer = el.tag == "footer" or _FOOTER.search(names) is not None
        if footer and (self._title_path or is_footer_text(normalize(el.text_content()))):
            return False
        if self._total is None:
            self._total = max(1, _own_text(self._body))
        least = 0.45 * self._total
        return len(el.text_content()) > least and _own_text(el) > least  # the first is an upper bound, and fast

    def is_form_beside(self, el: Any) -> bool:
        """Return True for a form to sign in, search or vote, which holds no text: its labels are none."""
        if el in self._title_path or el.find(".//p") is not None or len(el.text_content()) > 600:
            return False
        return el.find(".//input") is not None


def _own_text(el: Any) -> int:
    """Return the characters of an element outside links and hidden elements, spaces not counted."""
    pieces: list[str] = []
    stack = [el]
    while stack:
        node = stack.pop()
        if text := node.text:
            pieces.append(text)
        for child in node:
            if tail := child.tail:
                pieces.append(tail)
            tag = child.tag
            if tag in _NO_TEXT or tag.__class__ is not str or child.get("hidden") is not None:
                continue
            style = child.get("style")
            if style is None or not _HIDDEN.search(style):
                stack.append(child)
    return len("".join("".join(pieces).split()))


def is_aside_of_text(el: Any) -> bool:
    """Return True for an aside that is part of the text: a quotation or a box of facts between its paragraphs."""
    text = " ".join(el.text_content().split())
    linked = sum(len(" ".join(a.text_content().split())) for a in el.iter("a"))
    if len(text) < _LEAST or linked > 0.3 * len(text):
        return False
    before, after = el.getprevious(), el.getnext()
    if before is None and not (el.getparent().text or "").strip():
        return sum(1 for piece in el.itersiblings("p") if _is_prose(piece, False)) >= 2
    sections = next(el.iterancestors("article"), None) is not None
    return _is_prose(before, sections) and (
        after is None or _is_prose(after, sections) or bool((el.tail or "").strip())
    )


def _is_prose(el: Any | None, sections: bool) -> bool:
    """Return True for a piece of a text; `sections`: the parts of an article count as well."""
    while el is not None and el.tag in ("figure", "img", "br", "aside", "hr"):
        el = el.getprevious()
    if el is None or not (el.tag in _PIECES or (sections and el.tag in ("section", "div", "header"))):
        return False
    text = " ".join(el.text_content().split())
    linked = sum(len(a.text_content()) for a in el.iter("a"))
    return len(text) >= _LEAST and linked < 0.5 * len(text)
