"""Rows of labels at the edges of a text: tags, categories, counters of comments, links to the posts beside it."""

import re
from collections.abc import Sequence

from crawler.extraction.blocks import Block
from crawler.text import fold

_LONGEST = 200
_LONGEST_TAG = 60
_TAGS = re.compile(
    r"(?:tu khoa(?: lien quan| tim kiem)?|tags?|the|keywords?|tagged(?: with| as| in)?|labels?|nhan"
    r"|(?:filed|listed|published) (?:under|in)|posted in|classified (?:in|under)"
    r"|categor(?:y|ies)|categori[sz]ed (?:as|in|under)|topics?)\s*(?::|\||-|–|$)"
    r"|(?:filed under|posted in|classified (?:in|under)|categori[sz]ed (?:as|in|under)|tagged(?: with| as| in)?)\b"
)
_SECTION = re.compile(r"(?:chuyen muc|danh muc|chu de|muc|the loai|thuoc chuyen muc|trong)\s*:")
_POSTED = re.compile(
    r"this (?:entry|post|article|item|page|news) was (?:posted|published|written|filed|created|last)\b"
    r"|bai (?:viet )?(?:nay )?(?:da )?duoc (?:dang|viet|gui|tao|xuat ban|luu|phan loai) (?:boi|trong|vao|luc)\b"
)
_BESIDE = re.compile(
    r"\W*(?:(?:(?:previous|next|older|newer)(?: (?:posts?|articles?|entry|page))?|bai (?:truoc|sau|tiep)"
    r"|trang (?:truoc|sau)"
    r"|\d+ (?:comments?|binh luan|min(?:ute)?s? read|phut doc)|no comments(?: yet)?|no feedback yet|send feedback"
    r"|permalink|reply|edit|share|back|continue reading)\W*)+"
)


def is_label_row(block: Block) -> bool:
    """Return True for a row of tags or categories, or of links to what is beside the article.

    "Chủ đề:" and "Chuyên mục:" may be an editor's words: they take links behind them.
    """
    text = block.text.replace("\n", " ")
    if not text or len(text) > _LONGEST or block.kind in ("table", "quote", "pre"):
        return False
    key = fold(text)
    if _POSTED.match(key):
        return True
    if text.rstrip().endswith((".", "!", "?", ";")) and block.density < 0.5:
        return False
    if _TAGS.match(key) or _BESIDE.fullmatch(key):
        return True
    parts = [part for part in re.split(r"\s*[|«»·•]\s*", key) if part.strip()]
    if len(parts) > 1 and block.density > 0.5 and all(_BESIDE.fullmatch(part) for part in parts):
        return True
    return block.density > 0.3 and _SECTION.match(key) is not None


def tags_at_end(blocks: Sequence[Block]) -> int:
    """Return where a label of tags begins that has nothing but short links under it, else the number of blocks.

    Cures: "Từ khóa" with each keyword in a list's item or a line of its own under the text.
    """
    index = len(blocks)
    while index and blocks[index - 1].density > 0.8 and len(blocks[index - 1].text) < _LONGEST_TAG:
        index -= 1
    label = blocks[index - 1] if 0 < index < len(blocks) else None
    alone = label is not None and label.linked == 0 and _TAGS.fullmatch(fold(label.text))
    return index - 1 if alone and index > 1 else len(blocks)
