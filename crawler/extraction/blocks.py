"""The page as a list of blocks: the pre-pass.

One walk turns any markup into paragraphs, headings, list items, tables and captions in reading order. It cures what
extractors lose on Vietnamese portals: bare text and spans beside `<p>` (they become paragraphs of their own), runs of
`<br>` (they part paragraphs), layout tables (their cells become blocks, one after the other), Word's inline soup.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from crawler.extraction.rules import words
from crawler.extraction.tree import MAX_DEPTH
from crawler.text import normalize

SKIPPED = words(
    """
    script style noscript template svg canvas button select option textarea input map area link meta head audio
    datalist dialog math applet frame frameset title base
    """
)
BLOCKS = words(
    """
    p div section article main header footer aside nav h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table tbody thead
    tfoot tr td th caption blockquote pre hr figure figcaption center form fieldset legend address details
    summary body html menu dir colgroup col hgroup search video iframe object embed
    """
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_RIGHT_STYLE = re.compile(r"text-align\s*:\s*(?:right|end)", re.IGNORECASE)
_CENTER_STYLE = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BLANKS = " \t\r\n\f\v"
_UNEVEN = re.compile(r"[\t\r\n\f\v]|  ")
# What `normalize` would change: without any of it and in NFC a text only loses the spaces at its ends.
_ODD = re.compile(
    r"[^\S \n]|  |\n[ \n]| \n"
    r"|[\x00-\x08\x0e-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufffe\uffff]"
)
_SENTENCE_END = re.compile(r"[.!?…:;”\"»)]\s*$")
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|screen-reader-text|visually-hidden|hide-accessible|element-(?:hidden|invisible)|d-none)(?:\s|$)"
)
# Classes that scripts switch, so that a text may have them: they hide what is there for machines.
_HIDDEN_FOR_MACHINES = re.compile(r"(?:^|\s)hid(?:e|den)(?:\s|$)")


@dataclass(slots=True)
class Run:
    """A piece of text in one style. `href` is the link it is in; an image run has `image` set and no text."""

    text: str
    href: str | None = None
    bold: bool = False
    italic: bool = False
    image: Any = None


@dataclass(slots=True)
class Block:
    """One paragraph, heading, list item, table, caption or preformatted text, in reading order.

    `text` is normalised (NFC), single line breaks as "\\n". `rows` holds a data table's cells. `node` is the element
    that holds it; `linked` and `strong` count the characters inside links and in bold or italic.
    """

    kind: str
    text: str
    node: Any
    runs: list[Run] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    level: int = 0
    linked: int = 0
    strong: int = 0
    align: str = ""
    images: list[Any] = field(default_factory=list)

    @property
    def density(self) -> float:
        """The share of the text that is in links, 0 to 1."""
        return self.linked / max(1, len(self.text))

    def lines(self) -> list["Block"]:
        """Return one block for each line of the text; the runs go with their line."""
        groups: list[list[Run]] = [[]]
        for run in self.runs:
            if run.text == "\n":
                groups.append([])
            else:
                groups[-1].append(run)
        out = []
        for runs in groups:
            text = normalize("".join(run.text for run in runs)).replace("\n", " ")
            images = [run.image for run in runs if run.image is not None]
            if text or images:
                linked = sum(len(run.text) for run in runs if run.href is not None)
                strong = sum(len(run.text) for run in runs if run.bold or run.italic)
                out.append(Block(self.kind, text, self.node, runs, [], self.level, linked, strong, self.align, images))
        return out


def is_among(block: Block, others: Sequence[Block]) -> bool:
    """Tell whether a block is one of others: the block itself, not one like it."""
    return any(block is other for other in others)


class Walker:
    """Walks one subtree. `spans` maps every block element walked to the half-open range of its blocks.

    `skip(element)` says which subtrees to leave out (chrome, dropped parts); it sees block elements only.
    """

    def __init__(self, skip: Any = None) -> None:
        self.blocks: list[Block] = []
        self.spans: dict[Any, tuple[int, int]] = {}
        self._skip = skip
        self._runs: list[Run] = []
        self._node: Any = None
        self._breaks = 0
        self._kind = "p"
        self._level = 0
        self._align = ""

    def walk(self, root: Any) -> list[Block]:
        """Return the blocks of `root`."""
        self._node = root
        start = len(self.blocks)
        self._visit(root, None, False, False, 0)
        self._flush()
        self.spans[root] = (start, len(self.blocks))
        return self.blocks

    def _visit(self, el: Any, href: str | None, bold: bool, italic: bool, depth: int) -> None:
        text = el.text
        if text:
            self._text(text, href, bold, italic)
        for child in el:
            tag = child.tag
            if tag.__class__ is not str:
                pass
            elif tag == "br":
                self._break()
            elif tag == "img":
                self._runs.append(Run("", href, image=child))
            elif tag in SKIPPED:
                pass
            elif depth > MAX_DEPTH:
                self._text(" ".join(child.itertext()), href, bold, italic)
            elif tag in BLOCKS:
                self._block(child, tag, href, bold, italic, depth)
            else:
                self._inline(child, tag, href, bold, italic, depth)
            tail = child.tail
            if tail:
                self._text(tail, href, bold, italic)

    def _inline(self, el: Any, tag: str, href: str | None, bold: bool, italic: bool, depth: int) -> None:
        style = el.get("style")
        if style:
            if _HIDDEN_STYLE.search(style):
                return
            if _BOLD_STYLE.search(style):
                bold = True
        names = el.get("class")
        if (names and _hides(names)) or el.get("hidden") is not None:
            return
        if names and el.get("itemprop") is not None and _HIDDEN_FOR_MACHINES.search(names):
            return
        if tag == "a":
            href = el.get("href") or href
        elif tag in ("b", "strong"):
            bold = True
        elif tag in ("i", "em"):
            italic = True
        self._visit(el, href, bold, italic, depth + 1)

    def _block(self, el: Any, tag: str, href: str | None, bold: bool, italic: bool, depth: int) -> None:
        style = el.get("style", "")
        if el.get("hidden") is not None or (style and _HIDDEN_STYLE.search(style)):
            return
        names = el.get("class")
        if names and _hides(names):
            return
        if self._skip is not None and self._skip(el):
            self._flush()
            return
        self._flush()
        start = len(self.blocks)
        outer = (self._node, self._kind, self._level, self._align)
        self._node = el
        if tag == "table":
            self._table(el, href, bold, italic, depth)
        elif tag == "hr":
            pass
        else:
            if tag in _HEADINGS:
                self._kind, self._level = "h", _HEADINGS[tag]
            elif tag == "li":
                self._kind = "li"
                self._level = sum(1 for a in el.iterancestors("ul", "ol")) if depth < 60 else 1
            elif tag == "figcaption":
                self._kind = "caption"
            elif tag == "pre":
                self._kind = "pre"
            elif tag == "blockquote":
                self._kind = "quote"
            elif tag in ("ul", "ol", "td", "table"):
                self._kind = "p"
            align = el.get("align")
            if style or align is not None:
                self._align = _alignment(align or "", style) or self._align
            elif tag == "center":
                self._align = "center"
            if style and _BOLD_STYLE.search(style):
                bold = True
            self._visit(el, href, bold, italic, depth + 1)
        self._flush()
        self._node, self._kind, self._level, self._align = outer
        self.spans[el] = (start, len(self.blocks))

    def _table(self, el: Any, href: str | None, bold: bool, italic: bool, depth: int) -> None:
        from crawler.extraction.rules.data_tables import data_rows

        rows = data_rows(el)
        if rows is None:
            self._kind = "p"
            self._visit(el, href, bold, italic, depth + 1)
            return
        caption = el.find("caption")
        if caption is not None:
            text = normalize(" ".join(caption.itertext()))
            if text:
                self.blocks.append(Block("caption", text, caption, [Run(text)]))
        if rows:
            text = "\n".join(" | ".join(row) for row in rows)
            linked = sum(len("".join(a.itertext())) for a in el.iter("a"))
            block = Block("table", text, el, rows=rows, linked=linked, images=list(el.iter("img")))
            self.blocks.append(block)

    def _text(self, text: str, href: str | None, bold: bool, italic: bool) -> None:
        if self._kind != "pre":
            if not self._runs and not text.strip(_BLANKS):
                return
            if _UNEVEN.search(text):
                text = _SPACE.sub(" ", text)
        if not text or (text == " " and not self._runs):
            return
        if not text.isspace():
            self._breaks = 0
        self._runs.append(Run(text, href, bold, italic))

    def _break(self) -> None:
        self._breaks += 1
        if self._breaks > 1 or self._ends_sentence():
            self._flush(keep_breaks=True)
        else:
            self._runs.append(Run("\n"))

    def _ends_sentence(self) -> bool:
        """Return True where the line before a single `<br>` is a whole paragraph: long and closed by a stop."""
        length, last = 0, ""
        for run in reversed(self._runs):
            if run.text == "\n":
                break
            if run.text:
                last = last or run.text.rstrip()
                length += len(run.text)
        return length >= 80 and _SENTENCE_END.search(last) is not None

    def _flush(self, keep_breaks: bool = False) -> None:
        if not keep_breaks:
            self._breaks = 0
        runs = self._runs
        if not runs:
            return
        self._runs = []
        text = tidy("".join([run.text for run in runs]))
        if self._kind != "pre":
            text = text.replace("\n\n", "\n")
        images = [run.image for run in runs if run.image is not None]
        if not text and not images:
            return
        linked = strong = 0
        for run in runs:
            if run.href is not None:
                linked += len(run.text)
            if run.bold or run.italic:
                strong += len(run.text)
        self.blocks.append(
            Block(self._kind, text, self._node, runs, level=self._level, linked=linked, strong=strong,
                  align=self._align, images=images)
        )  # fmt: skip


def _hides(names: str) -> bool:
    """Whether a class hides its element; the answers for short ones are kept, as pages repeat them."""
    return _short_hides(names) if len(names) <= 200 else _HIDDEN_CLASS.search(names) is not None


@lru_cache(maxsize=4096)
def _short_hides(names: str) -> bool:
    return _HIDDEN_CLASS.search(names) is not None


def tidy(text: str) -> str:
    """Return `normalize(text)`, found out fast for the texts that need nothing but a strip."""
    if _ODD.search(text) is None and unicodedata.is_normalized("NFC", text):
        return text.strip(" \n")
    return normalize(text)


def _alignment(align: str, style: str) -> str:
    if align.lower() in ("right", "center"):
        return align.lower()
    if style:
        if _RIGHT_STYLE.search(style):
            return "right"
        if _CENTER_STYLE.search(style):
            return "center"
    return ""
