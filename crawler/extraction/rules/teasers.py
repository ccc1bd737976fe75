"""Headings of other articles inside or before an article's text: left out, where the text is there without them."""

from collections.abc import Sequence
from typing import Any

from crawler.extraction.blocks import Block
from crawler.extraction.rules.lines import Line, classify, is_date_line
from crawler.extraction.rules.listings import heads_another

_PROSE = 40  # characters of a paragraph
_TEASER = 300  # characters of prose that an item of a list has beside its heading, at most


def teaser_blocks(
    blocks: Sequence[Block], spans: dict[Any, tuple[int, int]], first: int, end: int, url: str, keep: set[Any]
) -> set[int]:
    """Return the indices in `blocks[first:end]` that are items of a list: a linked heading with what is in its box.

    An item is the largest element around the heading that holds at most one short paragraph besides linked headings,
    pictures and dates. It never reaches over an element of `keep` (the title and the text's own).
    """
    out: set[int] = set()
    for index in range(first, end):
        if index in out or not heads_another(blocks[index], url):
            continue
        low, high = index, index + 1
        node = blocks[index].node
        while node is not None and node.tag not in ("body", "html", "main") and node not in keep:
            span = spans.get(node)
            if span is None or span[0] < first or span[1] > end or not _is_item(blocks[slice(*span)], url):
                break
            low, high = min(low, span[0]), max(high, span[1])
            node = node.getparent()
        out.update(range(low, high))
        while low > first and _heads_the_list(blocks[low - 1]):
            low -= 1
            out.add(low)
    return out


def _is_item(blocks: Sequence[Block], url: str) -> bool:
    """Return True for linked headings with at most a short paragraph for each."""
    heads = prose = size = 0
    for block in blocks:
        if heads_another(block, url):
            heads += 1
        elif _is_prose(block):
            prose += 1
            size += len(block.text)
        elif block.kind == "table":
            return False
    return heads > 0 and prose <= heads and size <= _TEASER * heads


def _heads_the_list(block: Block) -> bool:
    return classify(block.text) is Line.END and len(block.text) < 60


def is_article_among_teasers(
    blocks: Sequence[Block], teasers: set[int], title: int, start: int, end: int, url: str
) -> bool:
    """Return True where `blocks[start:end]` without its teasers is the text of the title in `blocks[title]`.

    In a list the paragraphs stand under one heading after the other, in a box with it. An article's stand together,
    outside the teasers' boxes; a date, a lead or a paragraph before the first teaser says so too.
    """
    own = set(blocks[title].node.iterancestors()) | {blocks[title].node}
    runs = prose = 0
    teaser: int | None = None
    led = False
    for index in range(title + 1, end):
        block = blocks[index]
        if index in teasers:
            teaser = index if heads_another(block, url) else teaser
            continue
        before = index < min(teasers, default=end)
        led = led or (before and any(is_date_line(line) for line in block.text.split("\n")))
        if not _is_prose(block):
            continue
        prose += index >= start
        led = led or before
        if before:
            own.update((block.node, *block.node.iterancestors()))
        if teaser is not None:
            if _common(blocks[teaser].node, block.node) not in own:
                return False
            runs += 1
        teaser = None
    if not prose:
        return False
    if runs <= 1:
        return led or (prose >= 2 and len(blocks[title].text.split()) >= 5)
    return led and prose > 2 * runs


def _common(one: Any, other: Any) -> Any:
    """Return the innermost element that holds both."""
    above = {other, *other.iterancestors()}
    while one is not None and one not in above:
        one = one.getparent()
    return one


def behind_leading_teasers(
    blocks: Sequence[Block], spans: dict[Any, tuple[int, int]], title: int, start: int, end: int, url: str
) -> int:
    """Return where the text begins behind other articles' headings that stand between it and its title, else `start`.

    Cures: a box of related news over the text, taken for the list behind it.
    """
    own = set(blocks[title].node.iterancestors()) | {blocks[title].node}
    others = teaser_blocks(blocks, spans, start, end, url, own)
    at = start
    while at < end and (at in others or not _is_prose(blocks[at])):
        at += 1
    leading = [index for index in others if index < at]
    if not leading or at == end or _common(blocks[max(leading)].node, blocks[at].node) not in own:
        return start
    prose = [index for index in range(at, end) if index not in others and _is_prose(blocks[index])]
    return max(leading) + 1 if len(prose) >= 2 or len(leading) == 1 else start


def opens_with_another(blocks: Sequence[Block], title: int, start: int, end: int, url: str) -> bool:
    """Return True where the text begins with another article's heading and is that article's, in one box with it."""
    own = set(blocks[title].node.iterancestors()) | {blocks[title].node}
    first = next((index for index in range(start, end) if blocks[index].text), end)
    prose = next((index for index in range(first, end) if _is_prose(blocks[index])), end)
    if prose == end or not heads_another(blocks[first], url):
        return False
    return _common(blocks[first].node, blocks[prose].node) not in own


def _is_prose(block: Block) -> bool:
    return len(block.text) >= _PROSE and block.density < 0.5 and block.kind != "h" and classify(block.text) is None


def inside_the_text(
    blocks: Sequence[Block], spans: dict[Any, tuple[int, int]], start: int, end: int, url: str
) -> set[int]:
    """Return the indices of one or two teasers that stand in boxes of their own between the text's paragraphs.

    A linked heading of the editor's, without a box, stays.
    """
    found = teaser_blocks(blocks, spans, start, end, url, set())
    return {index for index in found if _boxed(blocks[index], spans, start, end)}


def _boxed(block: Block, spans: dict[Any, tuple[int, int]], start: int, end: int) -> bool:
    parent = block.node.getparent()
    span = spans.get(parent) if parent is not None else None
    return span is not None and (span[0] > start or span[1] < end) and span[1] - span[0] <= 4
