"""Where the article's neighbours begin: lists of other articles behind it, with or without a heading."""

import re
from collections.abc import Sequence

from crawler.extraction.blocks import Block
from crawler.extraction.rules.lines import Line, classify
from crawler.extraction.rules.listings import leads_away
from crawler.text import fold

_AHEAD = 9  # blocks to look ahead: two items of a list with picture, headline, date and teaser
# Words that occur in a list's heading, but not in a signature or the last line of a notice.
_NEWS = re.compile(
    r"\b(?:tin|bai|bai viet|moi|xem|doc|noi bat|lien quan|thong bao|su kien|video|chuyen muc|danh muc"
    r"|khac|news|van ban|lien ket|thong ke|quang cao)\b"
)
_HEADING = 70  # characters: headings of side boxes are short


def is_headline(block: Block, url: str) -> bool:
    """Return True for a block that is, all but a date, one link to another page."""
    if block.kind == "table" or len(block.text) < 15 or block.density < 0.5:
        return block.kind == "table" and block.density > 0.7
    text = block.text.lstrip()
    if text.startswith(("http", "www.")) or len(block.text) - block.linked > 40 + len(block.text) // 5:
        return False
    return any(run.href and len(run.text.strip()) > 10 and leads_away(run.href, url) for run in block.runs)


def opens_with_headline(block: Block, url: str) -> bool:
    """Return True for a block whose first line is a link to another page, its teaser behind a break."""
    first, _, rest = block.text.partition("\n")
    if not rest or len(first) < 15 or not block.runs:
        return False
    run = next((run for run in block.runs if run.text.strip()), None)
    return run is not None and run.href is not None and len(run.text.strip()) > 10 and leads_away(run.href, url)


def cut_at_neighbours(blocks: Sequence[Block], start: int, end: int, url: str) -> int:
    """Return the end of the article in `blocks[start:end]`: where the first list of other articles begins.

    Cures: related news and side boxes that are in the same cell or box as the text, without a name of their own. A
    list is two headlines within a few blocks; its heading ("Tin nổi bật") and its pictures go with it. A list inside
    the text, with more of the text behind it than before, is left to the rules of the edges.
    """
    heads = [is_headline(block, url) or opens_with_headline(block, url) for block in blocks[start:end]]
    for offset, head in enumerate(heads):
        if not head or sum(heads[offset : offset + _AHEAD]) < 2:
            continue
        cut = start + offset
        while cut > start and _goes_with_list(blocks[cut - 1], url):
            cut -= 1
        behind = _plain(blocks[cut:end], heads[cut - start :])
        if behind > 2 * _plain(blocks[start:cut], heads[: cut - start]) + 400:
            continue
        return cut
    return end


def _goes_with_list(block: Block, url: str) -> bool:
    """Return True for a heading, a date line or a linked picture right above a list's first headline."""
    if not block.text:
        return not block.images or any(r.image is not None and r.href and leads_away(r.href, url) for r in block.runs)
    line = classify(block.text)
    if line in (Line.END, Line.META, Line.TOOL):
        return True
    if len(block.text) > _HEADING or block.align == "right" or block.text.rstrip().endswith((".", "!", "?", "…", ";")):
        return False
    marked = block.kind == "h" or block.strong > 0.9 * len(block.text) or block.text.isupper()
    return marked and _NEWS.search(fold(block.text)) is not None


def _plain(blocks: Sequence[Block], heads: Sequence[bool]) -> int:
    """Return the characters of the blocks that are neither headlines nor the teaser right under one."""
    total = 0
    after_head = False
    for block, head in zip(blocks, heads, strict=True):
        if not head and block.text:
            if not after_head and classify(block.text) is None:
                total += len(block.text) - block.linked
            after_head = False
        elif head:
            after_head = True
    return total
