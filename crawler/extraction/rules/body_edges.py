"""Where the body begins and ends inside its region, and which of its lines are the portal's."""

import re
from collections.abc import Sequence

from crawler.extraction.blocks import Block
from crawler.extraction.rules.attachment_links import file_type
from crawler.extraction.rules.bylines import is_byline
from crawler.extraction.rules.label_rows import is_label_row, tags_at_end
from crawler.extraction.rules.lines import Line, classify
from crawler.extraction.rules.titles import key
from crawler.text import fold

# What heads a box beside the text.
_SIDE_BOX = re.compile(
    r"(?:danh muc|chuyen muc|quang cao|lien ket|tim kiem|dang nhap|thong ke|tham do|binh chon|video"
    r"|menu|links?|search|login"
    r"|archives?|categories|recent posts|thong bao|lich cong tac)\b.{0,20}"
)
_TEXT_KINDS = frozenset(("p", "h", "li", "quote", "caption"))


def clean(blocks: Sequence[Block], title: str | None, summary: str | None, section: str | None) -> list[Block]:
    """Return the blocks of the body without the portal's lines: the rules of this module in their order."""
    kept = cut_after_end(blocks)
    kept = drop_portal_lines(kept)
    kept = drop_head(kept, title, summary, section)
    kept = drop_tail(kept, title)
    return drop_file_lines(drop_repeats(kept))


def cut_after_end(blocks: Sequence[Block]) -> list[Block]:
    """Cut at the first line that says the article is over, unless more text of the article follows than came before.

    Cures: related news, ratings, counters and the footer inside the container. "Đánh giá:" in the middle of a report is
    a heading: what follows it is prose, so it stays.
    """
    total = before = 0
    sizes = [len(b.text) - b.linked for b in blocks]
    total = sum(sizes)
    lines = [classify(b.text) if b.kind in _TEXT_KINDS and b.text else None for b in blocks]
    for index, line in enumerate(lines):
        if line is Line.END:
            after = sum(
                size
                for size, other, block in zip(sizes[index + 1 :], lines[index + 1 :], blocks[index + 1 :], strict=True)
                if other is None and block.density < 0.4 and (size > 60 or block.kind == "table")
            )
            images = sum(len(b.images) for b in blocks[:index])
            if before + 1 >= after * 2 or (before == 0 and images and after < 200) or after == 0:
                return list(blocks[:index])
        before += sizes[index] if line is None else 0
    return list(blocks) if total or blocks else []


def drop_portal_lines(blocks: Sequence[Block]) -> list[Block]:
    """Drop labels, tools and footer lines wherever they are; META lines only go at the edges (drop_head, drop_tail).

    Cures: "content:" between the paragraphs of Ba Đình, "In bài viết", "A- A+", lines of dots and bars.
    """
    out = []
    for block in blocks:
        line = _whole(block) if block.text and block.kind in _TEXT_KINDS else None
        if line is None and block.linked > 0 and len(block.text) <= 160 and _only_tools(block):
            line = Line.TOOL
        if line in (Line.LABEL, Line.TOOL) or (
            line is Line.END and block.kind != "h" and block.density < 0.5 and _counter(block)
        ):
            if not block.images:
                continue
            block.text, block.runs = "", [run for run in block.runs if run.image is not None]
        out.append(block)
    return out


def _whole(block: Block) -> Line | None:
    """Return what a block is as a whole; labels and tools on lines of their own in it are one label.

    Cures: "content:<br>content:", two labels of the template in one block.
    """
    line = classify(block.text)
    if line is not None or "\n" not in block.text:
        return line
    lines = {classify(each) for each in block.text.split("\n") if each.strip()}
    return Line.LABEL if lines <= {Line.LABEL, Line.TOOL} else None


def _edge(block: Block) -> Line | None:
    """Return what a block is at the text's edge; lines that all are the portal's are META together."""
    line = classify(block.text)
    if line is not None or "\n" not in block.text:
        return line
    lines = {classify(each) for each in block.text.split("\n") if each.strip()}
    return Line.META if lines <= {Line.LABEL, Line.TOOL, Line.META} else None


def _only_tools(block: Block) -> bool:
    """Return True for a row of tools, "Chia sẻ Facebook In bài", each in its own link or span."""
    texts = [run.text.strip(" |·•/\n\xa0-") for run in block.runs]
    return all(classify(text) in (Line.TOOL, Line.LABEL) for text in texts if text)


def drop_file_lines(blocks: list[Block]) -> list[Block]:
    """Drop the portal's own list of files ("Tệp đính kèm: a.pdf"), and all lines where there is nothing but files.

    Cures: an article that is only a PDF must have an empty body, not the name of the file. Beside other text the link
    to a file is the editor's sentence ("Quyết định số 12") and stays.
    """
    out = []
    text = False
    for block in blocks:
        if block.text and _has_file(block) and block.kind in _TEXT_KINDS:
            bare = " ".join(run.text for run in block.runs if run.href is None).strip(" \n\t.;,:|()[]-–*•\xa0/")
            if bare and classify(f"{bare}:") is Line.LABEL:
                continue
            if not bare and block.density > 0.7:
                out.append(block)
                continue
        text = text or bool(block.text)
        out.append(block)
    return out if text else [block for block in out if block.images or not block.text]


def _counter(block: Block) -> bool:
    """Return True for an end line that is surely no heading of the editor's: one with a number."""
    return any(letter.isdigit() for letter in block.text)


def drop_head(blocks: list[Block], title: str | None, summary: str | None, section: str | None) -> list[Block]:
    """Drop what repeats above the text: the title, the sapo, date and poster lines, breadcrumbs, the section's name.

    Cures: a breadcrumb or category line at the top of the body (319 of 388 Hà Nội pages), title or lead printed twice.
    """
    title_key, summary_key, section_key = key(title or ""), key(summary or ""), key(section or "")
    blocks = blocks[_title_inside(blocks, title_key) :]
    out: list[Block] = []
    for index, block in enumerate(blocks):
        if not block.text:
            out.append(block)
            continue
        mine = key(block.text)
        if (
            (title_key and mine == title_key)
            or (summary_key and mine == summary_key)
            or (section_key and mine == section_key)
        ):
            continue
        if summary_key and len(mine) > 30 and mine in summary_key:
            continue
        if _edge(block) in (Line.META, Line.END) or is_breadcrumb(block) or is_byline_row(blocks, index):
            continue
        if is_label_row(block):
            continue
        if len(mine) < 2 and not mine.isdigit():
            continue
        return out + blocks[index:]
    return [b for b in out if b.images]


def _title_inside(blocks: list[Block], title_key: str) -> int:
    """Return the index of a title among the first blocks, under nothing but short lines; else 0.

    Cures: "Hoạt động các phường", the section's name above the title inside the container.
    """
    for index, block in enumerate(blocks[:6]):
        if block.text and title_key and key(block.text) == title_key:
            return index
        if len(block.text) > 80 or block.images or block.text.rstrip().endswith((".", ";", ":")):
            return 0
    return 0


def is_byline_row(blocks: Sequence[Block], index: int) -> bool:
    """Return True for a line of who, when and where at the top, "admin 28 Jul 2026", and for labels in one row with it.

    Cures: poster, tags and category of themes that name none of them, above the text.
    """
    block = blocks[index]
    if len(block.text) > 160 or block.images or block.kind in ("table", "li", "quote", "pre"):
        return False
    if is_byline(block.text.replace("\n", " ")):
        return True
    if len(block.text) > 80 or block.text.rstrip().endswith((".", "!", "?", ":", ";", ",", "…")):
        return False
    row = block.node.getparent()
    beside = [other for other in (*blocks[max(0, index - 2) : index], *blocks[index + 1 : index + 3]) if other.text]
    return row is not None and any(
        other.node is not block.node and other.node.getparent() is row and is_byline(other.text.replace("\n", " "))
        for other in beside
    )


def is_breadcrumb(block: Block) -> bool:
    """Return True for a path of links, "Trang chủ » Tin tức » Tin hoạt động"."""
    text = block.text
    if len(text) > 200:
        return False
    start = key(text[:24])
    if start.startswith(("trangchủ", "bạnđangở", "bạnđangxem", "home")) and (
        block.density > 0.4 or "»" in text or ">" in text
    ):
        return True
    return block.density > 0.6 and any(mark in text for mark in "»›>") and not _has_file(block)


def drop_tail(blocks: list[Block], title: str | None) -> list[Block]:
    """Drop what trails the text: counters, date lines, and a run of links to other articles.

    Cures: "Lượt xem: 40" under the text, and related headlines there without a heading of their own. A
    single link ("Xem chi tiết tại đây: …") stays, and so does every link to a file.
    """
    title_key = key(title or "")
    end = tags_at_end(blocks)
    while end:
        block = blocks[end - 1]
        if block.images and not block.text:
            break
        if not block.text or (
            block.kind in _TEXT_KINDS
            and (
                _edge(block) in (Line.META, Line.END)
                or (title_key and key(block.text) == title_key)
                or (is_label_row(block) and not _has_file(block))
                or (block.kind == "h" and _SIDE_BOX.fullmatch(fold(block.text)))
            )
        ):
            end -= 1
            continue
        break
    links = 0
    while end - links > 0 and is_headline_link(blocks[end - links - 1]):
        links += 1
    if links >= 2 and end - links > 0:
        end -= links
        return drop_tail(blocks[:end], title)
    return blocks[:end]


def is_headline_link(block: Block) -> bool:
    """Return True for a block that is one link to another page, with or without its date."""
    if block.kind == "table" or block.density < 0.6 or len(block.text) < 15 or _has_file(block):
        return False
    hrefs = {run.href for run in block.runs if run.href}
    text = block.text.strip()
    return len(hrefs) == 1 and not text.startswith(("http", "www.")) and "@" not in text


def _has_file(block: Block) -> bool:
    return any(run.href and file_type(run.href) is not None for run in block.runs)


def drop_repeats(blocks: list[Block]) -> list[Block]:
    """Drop a long paragraph that comes twice in a row: a lead or caption printed twice. Short lines may repeat."""
    out: list[Block] = []
    for block in blocks:
        if out and len(block.text) > 80 and block.text == out[-1].text and not block.images:
            continue
        out.append(block)
    return out
