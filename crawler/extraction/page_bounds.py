"""How much one page may hold, seen by one fast look at its text before anything parses or walks it. Pure.

Both doors go through `bounded`: extraction (`crawler.extraction.tree.parse`) and the lists (`spiders.lists.responses`).
The look knows tags as HTML's tokens do, so that a `>` in quotes, a comment or a script can hide nothing from it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from crawler.errors import InternalError

MAX_ELEMENTS = 60_000
"""Start tags of a page: the largest real page seen has under 20,000."""

MAX_LINKS = 8_000
"""`<a href>` and `<area>` of a page: lists of 3,000 exist."""

MAX_TEXT = 2_000_000
"""Characters of a page outside its tags, comments, scripts and styles: the longest laws have half a million."""

MAX_ATTRIBUTES = 256
"""Attributes of one tag; a tag with more loses all: libxml2's time grows with the square of their number."""

MAX_ALL_ATTRIBUTES = 400_000
"""Attributes of all tags."""

MAX_DECLARED = 2_000
"""`<meta>`, `<link>` and `<base>` of a page, each."""

_SMALL = 16_384  # characters: a page that short can break no bound but that of one tag, which costs 0.2 s then
_LONG = 2 * MAX_ATTRIBUTES  # characters: each attribute takes two at least
_MOST_INSIDE = 8  # how deep tags in attributes in tags are looked for
# One attribute, a `/` or blanks before it; possessive throughout: no way back, so linear.
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|(?=>)|[^\s>"'][^\s>]*+)?+)?+"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_START = rf"(?P<name>[A-Za-z][^\s/>]*+)(?P<attributes>(?:{_ATTRIBUTE})*+)[\s/]*+>?"
_TOKENS = re.compile(rf"<(?:(?P<comment>!--(?:-?>|(?s:.)*?(?:--!?>|\Z)))|(?P<other>[!?][^>]*+)|{_START})")
_STARTS = re.compile(f"<{_START}")
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
_RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_TAG = re.compile(r"<[A-Za-z]")


class PageTooLarge(InternalError):
    """The page is over a limit of this module or of `crawler.extraction.tree`."""


class TooManyElements(PageTooLarge):
    """The page has more than `MAX_ELEMENTS`; without those that only nest it may be within the bounds."""


@lru_cache(maxsize=4)
def _plain(most: int) -> re.Pattern[str]:
    """Return what matches a run of markup that can hide nothing and has no tag of more than `most` attributes.

    Text, end tags, start tags that hold no `<`, and comments, scripts and styles without tags in them. Such a tag ends
    here where it ends for `_TOKENS`; all else is left to that.
    """
    attribute = (
        r"""(?:\s[A-Za-z-]++="[^"<]*+"|"""  # one that is written as most are, found sooner
        r"""[\s/]*+[^\s/><][^\s/>=<]*+(?:\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'|(?=>)|[^\s>"'<][^\s><]*+)|(?!\s*+=)))"""
    )
    attributes = rf"(?:{attribute}){{0,{most}}}+"
    raw = rf"(?!(?i:{'|'.join(sorted(_RAW))})[\s/>])[{''.join(sorted({name[0] for name in _RAW}))}INSTX]"
    name = rf"(?:[A-HJ-MO-RU-WYZa-hj-mo-ru-wyz]|{raw})[^\s/><]*+"
    scripts = (
        rf"{name}(?=[\s/>]){attributes}\s*+(?<!/)>(?:[^<]++|<(?!/?[A-Za-z]))*+</{name}(?=[\s/>])"
        for name in ("script", "style")
    )
    comment = r"!--(?!-?>)(?:[^-<]++|-(?!-!?>)|<(?![A-Za-z]))*+--!?>"
    declaration = r"(?!!--)[!?][^<>]++(?=>)"
    token = "|".join((rf"{name}(?:>|{attributes}[\s/]*+>)", *scripts, comment, declaration))
    return re.compile(rf"[^<]*+(?:<(?:/|{token}|(?![A-Za-z!?]))[^<]*+)*+")


class _Look:
    """One pass over a page: what it holds, and where tags lose their attributes (start and end in the text)."""

    def __init__(self, *, counts: bool = True) -> None:
        """`counts`: count what the page holds; else look only at tags that are long or hold others."""
        self.counts = counts
        self.cuts: list[tuple[int, int]] = []
        self.elements = self.links = self.attributes = self.markup = 0
        self.declared: dict[str, int] = {}

    def over(self, text: str, start: int, end: int, depth: int = 0) -> None:
        """Look at `text[start:end]`; `depth`: in how many attributes, comments or scripts that stands."""
        for token, inside in _tokens(text, start, end, hidden=depth > 0, plain=self.counts):
            name = (token["name"] or "").lower()
            if name:
                begin, stop = token.span("attributes")
                if stop - begin > _LONG:
                    self._tag(text, begin, stop, depth)
                else:
                    self.attributes += (stop - begin) // 8
                if depth == 0 and self.counts:
                    self._element(name, stop > begin)
            elif token.end() - token.start() > _LONG:
                self._hidden(text, token.start() + 2, token.end(), depth)
            if inside - token.end() > _LONG:
                self._hidden(text, token.end(), inside, depth)
            if depth == 0:
                self.markup += inside - token.start()

    def _element(self, name: str, has_attributes: bool) -> None:
        self.elements += 1
        if name in ("a", "area"):
            self.links += has_attributes
        elif name in ("meta", "link", "base"):
            self.declared[name] = self.declared.get(name, 0) + 1
        if self.elements > MAX_ELEMENTS:
            raise TooManyElements(f"more than {MAX_ELEMENTS} elements")
        if self.links > MAX_LINKS:
            raise PageTooLarge(f"more than {MAX_LINKS} links")

    def _tag(self, text: str, start: int, end: int, depth: int) -> None:
        """Count the attributes of a long tag; where there are few, look into the long ones."""
        found = list(_ATTRIBUTES.finditer(text, start, end))
        self.attributes += len(found)
        if len(found) > MAX_ATTRIBUTES:
            self.cuts.append((start, end))
            return
        for attribute in found:
            if attribute.end() - attribute.start() > _LONG:
                self._hidden(text, attribute.start(), attribute.end(), depth)

    def _hidden(self, text: str, start: int, end: int, depth: int) -> None:
        """Look into what is no markup to us, lest the parser see it otherwise."""
        if _TAG.search(text, start, end) is None:
            return
        if depth == _MOST_INSIDE:
            raise PageTooLarge("tags in attributes in tags")
        self.over(text, start, end, depth + 1)


def _tokens(text: str, start: int, end: int, *, hidden: bool, plain: bool) -> Iterator[tuple[re.Match[str], int]]:
    """Yield each start tag, comment and declaration, and where the text goes on behind it and what it makes raw.

    In what is `hidden` itself, comments and scripts hide nothing more: their insides are read as tags. Without `plain`,
    those are left out that can be neither too long nor hide anything, but for some.
    """
    if hidden:
        for tag in _STARTS.finditer(text, start, end):
            yield tag, tag.end()
        return
    at = start
    while True:
        if not plain and (passed := _plain(MAX_ATTRIBUTES).match(text, at, end)) is not None:
            at = passed.end()
        if (token := _TOKENS.search(text, at, end)) is None:
            return
        at = token.end()
        ends = _RAW_ENDS.get((token["name"] or "").lower())
        if ends is not None and not token[0].endswith("/>"):
            close = ends.search(text, at, end)
            at = close.start() if close else end
        yield token, at


def bounded(text: str) -> str:
    """Return the page without the attributes of tags that have more than `MAX_ATTRIBUTES`.

    Linear in the text. Raises PageTooLarge for a page over one of the other bounds.
    """
    if len(text) <= _SMALL:
        return text
    look = _Look(counts=not _is_within(text))
    look.over(text, 0, len(text))
    if not look.counts and look.attributes + len(text) // 2 > MAX_ALL_ATTRIBUTES:
        look = _Look()
        look.over(text, 0, len(text))
    if look.counts:
        _check(look, len(text))
    for start, end in reversed(look.cuts):
        text = f"{text[:start]} {text[end:]}"
    return text


def _is_within(text: str) -> bool:
    """Tell whether a page is so small that it can only break the bounds of attributes: a count of its marks says so."""
    if len(text) > min(MAX_TEXT, 2 * MAX_ALL_ATTRIBUTES):
        return False
    marks = text.count("<")
    if marks <= min(MAX_DECLARED, MAX_LINKS, MAX_ELEMENTS):
        return True
    links, *declared = (text.count(f"<{letter}") + text.count(f"<{letter.upper()}") for letter in "amlb")
    return marks <= MAX_ELEMENTS and links <= MAX_LINKS and max(declared) <= MAX_DECLARED


def _check(look: _Look, length: int) -> None:
    if look.attributes > MAX_ALL_ATTRIBUTES:
        raise PageTooLarge(f"more than {MAX_ALL_ATTRIBUTES} attributes")
    for name, count in look.declared.items():
        if count > MAX_DECLARED:
            raise PageTooLarge(f"{count} <{name}>")
    if length - look.markup > MAX_TEXT:
        raise PageTooLarge(f"more than {MAX_TEXT} characters of text")
