"""Boxes with other articles' headlines between a title and its text's last paragraph: none of them is the text.

A portal sets its teasers into a box, whatever it calls it and whatever their headlines are made of; an editor's link
stands in a paragraph like the text's own.
"""

import re
from collections.abc import Sequence
from typing import Any

from crawler.extraction.blocks import Block
from crawler.extraction.region import Scan, is_prose
from crawler.extraction.rules.lines import Line, classify, is_date_line
from crawler.extraction.rules.listings import heads_another
from crawler.extraction.rules.neighbours import is_headline, opens_with_headline

_TEASER = 300  # characters of prose that a headline has beside it, at most
_MOST_BEHIND = 5  # headlines behind a text that is short for an article's
_A_TEXT = 150  # characters of text for each headline behind it, from which it is no introduction of a list
_HEADLINE = 24  # characters of a linked line that is no category
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_LABEL = 60  # characters of a box's heading
# An editor's own elements: a link in one of them is the text's.
_EDITORS = frozenset(("p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "a", "figure", "dl"))


def take_out(found: Scan, title: int | None, url: str) -> int | None:
    """Take the teasers' boxes out of the scan and return the index that the title then has.

    Cures: half the text, or another article's date, lost to three teasers between the paragraphs or under the title.
    """
    boxes = _boxes(found, -1 if title is None else title, url)
    if not boxes:
        return title
    kept = [index for index in range(len(found.blocks)) if index not in boxes]
    moved = [0]
    for index in range(len(found.blocks)):
        moved.append(moved[-1] + (index not in boxes))
    found.blocks = [found.blocks[index] for index in kept]
    found.spans.update({el: (moved[start], moved[end]) for el, (start, end) in found.spans.items()})
    found.gaps = {moved[min(gap, len(moved) - 1)] for gap in found.gaps}
    return None if title is None else moved[title]


def _boxes(found: Scan, title: int, url: str) -> set[int]:
    """Return the indices of the blocks in such boxes: inside the text's element, and between it and the title."""
    blocks, spans = found.blocks, found.spans
    if not any(is_headline(block, url) or opens_with_headline(block, url) for block in blocks[title + 1 :]):
        return set()
    holder, prose = _holder(found, title)
    if holder is None or (holder.tag in ("body", "html") and title < 0):
        return set()
    out: set[int] = set()

    def take(children: Any, last: int) -> None:
        for child in children:
            span = spans.get(child)
            if span is not None and title < span[0] < span[1] <= last and _is_box(child, span, blocks, url):
                low = span[0]
                if (
                    low - 1 > title
                    and classify(blocks[low - 1].text) is Line.END
                    and len(blocks[low - 1].text) < _LABEL
                ):
                    low -= 1
                out.update(range(low, span[1]))

    take(holder, prose[-1])
    behind = [index for index in range(prose[-1] + 1, spans[holder][1]) if is_headline(blocks[index], url)]
    if len(behind) <= _MOST_BEHIND or sum(len(blocks[index].text) for index in prose) > _A_TEXT * len(behind):
        take(holder, spans[holder][1])
    own = set() if title < 0 else {blocks[title].node, *blocks[title].node.iterancestors()}
    node = holder
    while title >= 0 and node is not None and node not in own and node.getparent() is not None:
        take(node.itersiblings(preceding=True), prose[0])
        node = node.getparent()
    direct = [
        index
        for index in range(title + 1, prose[-1])
        if index not in out and (is_headline(blocks[index], url) or heads_another(blocks[index], url))
    ]
    return out if len(direct) < 2 else set()


def _holder(found: Scan, title: int) -> tuple[Any, list[int]]:
    """Return the element that has the most paragraphs' text right in it, and their indices: two paragraphs or more."""
    held: dict[Any, list[int]] = {}
    for index in range(title + 1, len(found.blocks)):
        block = found.blocks[index]
        if not is_prose(block) or block.node.tag in ("li", "blockquote"):
            continue
        span = found.spans.get(block.node)
        several = span is not None and span[1] - span[0] > 1
        node = block.node if several else block.node.getparent()
        while node is not None and node not in found.spans:  # text right in a span or a link
            node = node.getparent()
        held.setdefault(node, []).append(index)
    best: tuple[Any, list[int]] = (None, [])
    size = 0
    for el, indices in held.items():
        mine = sum(len(found.blocks[index].text) for index in indices)
        if el is not None and len(indices) >= 2 and mine > size:
            best, size = (el, indices), mine
    return best


def _is_box(el: Any, span: tuple[int, int], blocks: Sequence[Block], url: str) -> bool:
    """Return True for an element with headlines of other articles and no more beside them than teasers have."""
    inside = blocks[slice(*span)]
    if any(block.node is el and not _is_beside(block) for block in inside):
        return False
    if el.tag in _EDITORS and not (el.tag == "table" and classify(inside[0].text) is Line.END):
        return False
    heads = labels = prose = size = 0
    surely = False  # a headline, not a category beside the article's own date
    marked = False  # as a portal's teaser: by a heading, a date, a picture, a label
    for block in inside:
        if block.kind == "table":
            return False
        if is_headline(block, url) or opens_with_headline(block, url) or heads_another(block, url):
            heads += 1
            prose += len(block.text) - block.linked >= 40
            marked = marked or block.kind == "h" or bool(block.images) or _DAY.search(block.text) is not None
            surely = surely or block.kind == "h" or len(block.text) >= _HEADLINE
        elif _is_beside(block):
            marked = True
        elif block.kind == "h" and len(block.text) < _LABEL:
            labels += 1
            marked = True
        elif len(block.text) < _LABEL and not block.text.rstrip().endswith((".", "!", "?", ";")):
            labels += 1
        else:
            prose += 1
            size += len(block.text)
    if not surely or prose > heads or size > _TEASER * heads or labels > heads + 1:
        return False
    if el.tag in ("ul", "ol", "tr", "tbody", "td", "table"):
        return marked
    named = bool(el.get("class") or el.get("id"))
    return marked or heads > 1 or (named and (prose + labels > 0 or any(b.strong > 0.8 * len(b.text) for b in inside)))


def _is_beside(block: Block) -> bool:
    """Return True for what portals set beside headlines: a picture, a date, the list's heading."""
    return not block.text or is_date_line(block.text) or classify(block.text) is not None
