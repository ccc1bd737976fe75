"""Takes out of a text what is known to stand on other pages of the site too."""

from collections.abc import Collection, Sequence

from crawler.extraction.blocks import Block
from crawler.profile.furniture import may_be_editors
from crawler.profile.model import PortalLines
from crawler.profile.observation import LONGEST_LINE, masked

_RUN = 3  # lines of furniture one after the other: then also long ones go
_LABEL = 60  # characters: a longer line alone may be the article's own, shown in a box of all pages ("Tin nổi bật")


def drop(blocks: Sequence[Block], furniture: PortalLines, own: Collection[str]) -> list[Block]:
    """Return the blocks without the portal's: runs of three or more anywhere, and short ones at both edges.

    `own`: masked lines that are the article's whatever stands elsewhere, such as its title.
    """
    if not furniture:
        return list(blocks)
    known = [is_furniture(block, furniture) and masked(block.text) not in own for block in blocks]
    empty = [not block.text and not block.images for block in blocks]
    dropped = [False] * len(blocks)
    start = 0
    while start < len(blocks):
        end = start
        while end < len(blocks) and (known[end] or (empty[end] and end > start)):
            end += 1
        if sum(known[start:end]) >= _RUN:
            dropped[start:end] = [True] * (end - start)
        start = max(end, start + 1)
    for indexes in (range(len(blocks)), range(len(blocks) - 1, -1, -1)):
        for index in indexes:
            if dropped[index] or empty[index]:
                continue
            text = blocks[index].text
            if not known[index] or len(text) > _LABEL or may_be_editors(masked(text)):
                break
            dropped[index] = True
    return [block for block, gone in zip(blocks, dropped, strict=True) if not gone]


def is_furniture(block: Block, furniture: PortalLines) -> bool:
    """Tell whether every line of a block is known furniture; pictures, files and tables are not looked at."""
    if not block.text or block.images or block.kind == "table":
        return False
    lines = [line for line in block.text.split("\n") if masked(line)]
    return bool(lines) and all(len(line) <= LONGEST_LINE and masked(line) in furniture for line in lines)


def share(text: str, furniture: PortalLines) -> float:
    """Return which share of a text's characters is in lines that are furniture, 0 to 1."""
    if not furniture:
        return 0.0
    lines = [line for line in text.split("\n") if line]
    known = sum(len(line) for line in lines if len(line) <= LONGEST_LINE and masked(line) in furniture)
    return known / max(1, sum(map(len, lines)))
