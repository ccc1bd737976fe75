"""trafilatura's verdict: which blocks are the article's.

trafilatura gets a plain tree in which every piece of text is in a paragraph, list or table of its own, so that it
loses nothing by markup. What it drops is dropped only where it is doubtful (mostly links): plain text that an editor
wrote inside the region is never lost.
"""

from collections.abc import Sequence
from typing import Any

from crawler.extraction.blocks import Block
from crawler.extraction.rules.attachment_links import file_type

_DOUBTFUL = 0.5
# More than trafilatura is asked about: its time grows with the square of the links of one paragraph.
_MOST_LINKS, _MOST_ELEMENTS = 1_500, 20_000


def doubtful(block: Block) -> bool:
    """Return True for a block that may be a neighbour's: mostly links, none of them a file."""
    if block.kind == "table":
        return block.density > 0.8
    return block.density > _DOUBTFUL and not any(run.href and file_type(run.href) is not None for run in block.runs)


def select(blocks: list[Block]) -> list[Block]:
    """Return the blocks that are the article's.

    trafilatura is asked where its verdict can change something: where at least one block is doubtful.
    """
    if not any(doubtful(block) for block in blocks):
        return blocks
    links = sum(1 for block in blocks for run in block.runs if run.href is not None)
    kept = kept_text(plain_tree(blocks)) if links <= _MOST_LINKS else ""
    return [b for b in blocks if not doubtful(b) or b.images or not b.text or "".join(b.text.split()) in kept]


def plain_tree(blocks: Sequence[Block]) -> Any:
    """Return an HTML tree of the blocks: `p`, `h2`, `li`, `table`, with their links."""
    from lxml.html import Element

    root = Element("html")
    body = Element("body")
    root.append(body)
    article = Element("article")
    body.append(article)
    parent = article
    for block in blocks:
        if not block.text:
            continue
        if block.kind == "li":
            if parent.tag != "ul":
                parent = Element("ul")
                article.append(parent)
        else:
            parent = article
        if block.kind == "table":
            article.append(_table(block))
            continue
        el = Element({"h": "h2", "li": "li"}.get(block.kind, "p"))
        last = None
        for run in block.runs:
            if not run.text:
                continue
            if run.href is None:
                if last is None:
                    el.text = (el.text or "") + run.text
                else:
                    last.tail = (last.tail or "") + run.text
            else:
                last = Element("a", href=run.href)
                last.text = run.text
                el.append(last)
        parent.append(el)
    return root


def _table(block: Block) -> Any:
    from lxml.html import Element

    table = Element("table")
    for row in block.rows:
        tr = Element("tr")
        for cell in row:
            td = Element("td")
            td.text = cell
            tr.append(td)
        table.append(tr)
    return table


def is_too_much(tree: Any) -> bool:
    """Return True for a tree that trafilatura would take seconds for: no real page has as many links or elements."""
    return bool(tree.xpath(f"count(//a) > {_MOST_LINKS} or count(//*) > {_MOST_ELEMENTS}"))


def kept_text(tree: Any) -> str:
    """Return the text that trafilatura keeps of a tree, without spaces ("" for nothing). The tree may be changed."""
    if is_too_much(tree):
        return ""
    from trafilatura import bare_extraction

    try:
        document = bare_extraction(
            tree, fast=True, with_metadata=False, include_comments=False, include_links=False, include_tables=True
        )
    except Exception:  # a page that trafilatura cannot read is a page without its verdict
        return ""
    body = getattr(document, "body", None)
    return "".join("".join(body.itertext()).split()) if body is not None else ""
