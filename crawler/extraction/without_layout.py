"""Reading a page without a layout: title, region, date, sapo and author by structure."""

from copy import deepcopy
from typing import Any

from crawler.extraction import by_trafilatura, region
from crawler.extraction.authors import read_people
from crawler.extraction.blocks import Block, is_among
from crawler.extraction.by_layout import files_beside
from crawler.extraction.found_parts import Parts
from crawler.extraction.headings import declared_titles, heading_of
from crawler.extraction.page_metadata import Declared
from crawler.extraction.rules import listings, teaser_boxes, teasers, titles
from crawler.extraction.rules.bylines import is_byline
from crawler.extraction.rules.label_rows import is_label_row
from crawler.extraction.rules.lines import classify, is_date_line
from crawler.extraction.rules.neighbours import cut_at_neighbours
from crawler.extraction.rules.site_footer import without_footer
from crawler.extraction.rules.stamps import is_stamp, part_stamp
from crawler.extraction.rules.summaries import is_bold_lead
from crawler.extraction.rules.title_choice import cannot_be_title
from crawler.extraction.shown_dates import near_title
from crawler.extraction.xpaths import text_of

_LEAST = 140  # characters of text that make an article of a page without a title


def read(
    root: Any, declared: Declared, url: str, listed: str = "", *, misnested: bool = False, author: str | None = None
) -> Parts | None:
    """Return the parts of the article, or None where the page holds none.

    `listed` is the title that a list gives it: it helps where what the page declares names the site only. `misnested`:
    end tags of the page may have closed the text's element too early. `author` is the one that its metadata name.
    """
    wanted = declared_titles(declared)
    heading = heading_of(root, wanted)
    if heading is None and listed:
        wanted.append(listed)
        heading = heading_of(root, wanted)
    protected: set[Any] = set()
    if heading is not None:
        protected = set(heading.iterancestors()) | {heading}
    found = region.scan(root, protected)
    blocks = found.blocks
    if not blocks:
        return None
    blocks = found.blocks = split_title(found, wanted)
    index = _title_index(blocks, wanted, heading, found)
    if index is None:
        index = dated_title(found, url)
    index = teaser_boxes.take_out(found, index, url)
    blocks = found.blocks
    parts = Parts(declared_author=author)
    span, body = _span(found, index, root, url)
    if span is None:
        return _files_alone(found, declared, parts, url) if index is None else _bare(found, index, parts)
    start, end = span
    if body is None:
        begin = start
        if index is not None and index < start:
            begin = teasers.behind_leading_teasers(blocks, found.spans, index, start, end, url)
        end = region.without_side_boxes(found, start, cut_at_neighbours(blocks, begin, end, url), url)
    if misnested and (body is not None or end == span[1]):
        end = region.where_it_goes_on(found, end, url)
    if index is None and sum(1 for block in blocks if listings.heads_another(block, url)) >= 3:
        return None
    if index is None and region.prose(blocks[start:end]) < _LEAST:
        named = body is not None and listings.names_an_article(url)
        near = "\n".join(block.text for block in blocks[max(0, start - 2) : min(start + 2, end)])
        if not named and not any(is_date_line(line) for line in near.split("\n")):
            return _files_alone(found, declared, parts, url)
    if index is None:
        index = _heading_above(found, start)
        if index is not None and listings.heads_another(blocks[index], url):
            return None
    parts.title = _title(blocks, index, declared)
    others: set[int] = set()
    if listings.is_listing(blocks, index, start, end, url):
        if index is None or index >= start:
            return None
        keep = set(blocks[index].node.iterancestors()) | {blocks[index].node, *found.bodies}
        others = teasers.teaser_blocks(blocks, found.spans, index + 1, end, url, keep)
        if not teasers.is_article_among_teasers(blocks, others, index, start, end, url):
            return None
    elif index is not None and index < start:
        if body is None and teasers.opens_with_another(blocks, index, start, end, url):
            return None
        others = teasers.inside_the_text(blocks, found.spans, start, end, url)
    parts.blocks = without_footer(
        [b for i, b in enumerate(blocks[start:end], start) if i not in others], apart=body is None
    )
    if body is None and index is not None:
        parts.blocks = region.without_lone_boxes(parts.blocks, url)
    if not others and body is None and region.is_teasers(parts.blocks, url) and region.prose(parts.blocks) < 3000:
        return None
    first = index if index is not None and index < start else start
    shown = near_title(found, first, start, end)
    parts.dates = shown.candidates
    # A line of who and when stays until the text's edges are cut: the labels in one row with it go with it.
    parts.blocks = [b for b in parts.blocks if not is_among(b, shown.blocks) or is_byline(b.text.replace("\n", " "))]
    read_people(found, first, start, end, parts, root)
    _summary(found, first, start, end, declared, parts, shown.blocks)
    if body is not None and index is not None:
        _lead_outside([b for b in blocks[index + 1 : start] if not is_among(b, shown.blocks)], parts)
    parts.nodes = _nodes(found, first, end, body)
    if parts.nodes:
        beside = [*files_beside(parts.nodes[-1]), *(files_beside(body) if body is not None else ())]
        parts.nodes += dict.fromkeys(beside)
    inside = {id(img) for block in parts.blocks for img in block.images}
    parts.lead_images = [i for b in blocks[first:start] for i in b.images if id(i) not in inside]
    parts.section = declared.section or _section(declared, parts.title)
    return parts


def split_title(found: region.Scan, wanted: list[str]) -> list[Block]:
    """Return the blocks with a title parted from the lines under it, where single breaks join them to one block.

    Cures: `<span>title</span><br><span>date</span><br>text` in one element, as DotNetNuke and WebCenter write it.
    """
    for index, block in enumerate(found.blocks):
        if parted := part_stamp(block, wanted):
            return _replaced(found, index, parted)
        if "\n" not in block.text or block.kind not in ("p", "h"):
            continue
        lines = block.text.split("\n")[:3]
        titled = any(titles.matches(line, other) == 3 for line in lines if 8 < len(line) < 400 for other in wanted)
        under_date = index > 0 and is_date_line(found.blocks[index - 1].text) and 12 < len(lines[0]) < 200
        if titled or under_date or any(is_date_line(line) for line in lines[:2]):
            return _replaced(found, index, block.lines())
    return found.blocks


def _replaced(found: region.Scan, index: int, parted: list[Block]) -> list[Block]:
    """Return the blocks with one of them replaced by its parts; the spans follow."""
    for el, (start, end) in found.spans.items():
        if end > index:
            found.spans[el] = (start + (len(parted) - 1) * (start > index), end + len(parted) - 1)
    return [*found.blocks[:index], *parted, *found.blocks[index + 1 :]]


def dated_title(found: region.Scan, url: str) -> int | None:
    """Return the index of a short text right above a date line with an article under it, or None.

    Cures: pages whose `<title>` names the site or the kind of page, and whose headline is not marked up as a heading.
    """
    blocks = found.blocks
    for index, block in enumerate(blocks[:-2]):
        if (
            not 12 < len(block.text) < 300
            or block.density > 0.5
            or classify(block.text)
            or is_stamp(block.text)
            or titles.is_site_name(block.text)
            or cannot_be_title(block.text)
        ):
            continue
        below = [b.text for b in blocks[index + 1 : index + 3] if b.text]
        above = blocks[index - 1].text if index else ""
        dated = bool(below) and is_date_line(below[0].split("\n")[0])
        dated = dated or (is_date_line(above) and not block.text.rstrip().endswith((".", ";")))
        if dated and not listings.heads_another(block, url):
            span = region.around_title(found, index, url)
            if span is not None:
                end = cut_at_neighbours(blocks, *span, url)
                if region.worth(blocks[span[0] : end], url) >= 20:
                    return index - 1 if _is_under_title(found, index, url) else index
    return None


def _is_under_title(found: region.Scan, index: int, url: str) -> bool:
    """Return True for a sentence right under a heading that is higher than its own: the sapo, not the title."""
    above, block = found.blocks[index - 1], found.blocks[index]
    headed = above.kind == "h" or any(found.spans.get(el) == (index - 1, index) for el in found.titles)
    if (
        not index
        or not block.text.rstrip().endswith((".", "!", "…"))
        or not headed
        or not 12 < len(above.text) < 300
        or classify(above.text) is not None
    ):
        return False
    if titles.is_site_name(above.text) or cannot_be_title(above.text) or listings.heads_another(above, url):
        return False
    return block.kind != "h" or 0 < above.level < block.level


def _title_index(blocks: list[Block], wanted: list[str], heading: Any, found: region.Scan) -> int | None:
    best, rank = None, 0
    if heading is not None:
        span = found.spans.get(heading)
        text = titles.key(" ".join(heading.text_content().split()))
        if span and span[1] > span[0]:
            best = span[0]
        else:
            best = next((index for index, block in enumerate(blocks) if titles.key(block.text) == text), None)
        if best is not None:
            rank = max((titles.matches(blocks[best].text, other) for other in wanted), default=0)
            if rank == 3:
                return best
    for index, block in enumerate(blocks):
        if 8 < len(block.text) < 400 and "\n" not in block.text:
            fit = max((titles.matches(block.text, other) for other in wanted), default=0)
            if fit > rank or (fit == rank and fit and best is not None and blocks[best].density > 0.5 > block.density):
                best, rank = index, fit
    return best


def _span(found: region.Scan, index: int | None, root: Any, url: str) -> tuple[tuple[int, int] | None, Any]:
    body = region.named_body(found, index)
    if body is not None:
        return found.spans[body], body
    if index is not None:
        around = region.around_title(found, index, url)
        if around is not None:
            return around, None
    tree = deepcopy(root)
    kept = region.by_trafilatura(found, by_trafilatura.kept_text(tree))
    if kept is not None and index is not None and kept[0] < index:
        above = found.blocks[kept[0] : min(kept[1], index)]
        if all(block.density > 0.5 or not block.text or classify(block.text) for block in above):  # a menu, a date
            kept = (index + 1, kept[1]) if kept[1] > index + 1 else None
    return kept, None


def _bare(found: region.Scan, index: int, parts: Parts) -> Parts | None:
    """An item with a title and a date and nothing under it is an article without a body."""
    if any(block.kind == "h" and block.density > 0.8 for block in found.blocks[index + 1 : index + 12]):
        return None
    parts.dates = near_title(found, index, index + 1, min(len(found.blocks), index + 4)).candidates
    if not parts.dates:
        return None
    parts.title = found.blocks[index].text.replace("\n", " ")
    parts.notes.append("no text under the title")
    return parts


def _files_alone(found: region.Scan, declared: Declared, parts: Parts, url: str) -> Parts | None:
    """An empty element named for the text with files right behind it is an article without a body."""
    for el in found.bodies:
        span = found.spans.get(el)
        if span is not None and span[0] == span[1] and (files := files_beside(el)) and listings.names_an_article(url):
            parts.title = _title(found.blocks, None, declared)
            parts.nodes = [el, *files]
            return parts
    return None


def _heading_above(found: region.Scan, start: int) -> int | None:
    """Return the index of the heading-like block nearest above the text, or the first of the text, or None."""
    for index in range(start, max(-1, start - 8), -1):
        if index >= len(found.blocks):
            continue
        block = found.blocks[index]
        if not 8 < len(block.text) < 300 or classify(block.text) is not None or titles.is_site_name(block.text):
            continue
        if cannot_be_title(block.text):
            continue
        named = any(found.spans.get(el, (-1, -1))[0] <= index < found.spans.get(el, (-1, -1))[1] for el in found.titles)
        if block.kind == "h" or named:
            return index
    return None


def _title(blocks: list[Block], index: int | None, declared: Declared) -> str | None:
    if index is not None:
        return " ".join(blocks[index].text.split())
    for text in (declared.headline, declared.og_title, declared.title):
        if text and (bare := titles.without_site(text, declared.site_name)):
            return bare
    return None


def _summary(
    found: region.Scan, first: int, start: int, end: int, declared: Declared, parts: Parts, stamps: list[Block]
) -> None:
    """Find the sapo: the element named for it near the title, else the bold or declared first paragraph.

    A page with an element for the sapo, even an empty one, keeps no other: its bold first paragraph is text.
    """
    for el in found.summaries:
        span = found.spans.get(el)
        if span and first <= span[0] <= start + 3 and span[1] <= end and 0 < span[1] - span[0] <= 5:
            text = text_of(el)
            if len(text) > 20 and classify(text) is None:
                parts.summary = text
                parts.lead_images.extend(el.iter("img"))
                return
    if any(first <= found.spans.get(el, (-1, -1))[0] <= start + 3 for el in found.summaries):
        return
    declared_key = titles.key(declared.description)
    rest = [block for block in found.blocks[first + 1 : end] if not is_among(block, stamps)]
    for index, block in enumerate(rest[: start - first + 3]):
        if (
            not block.text
            or classify(block.text) is not None
            or titles.key(block.text) == titles.key(parts.title or "")
            or is_byline(block.text.replace("\n", " "))
        ):
            continue
        if len(block.text) < 40 or block.density > 0.5 or block.kind not in ("p", "h", "quote"):
            return
        mine = titles.key(block.text)
        bold = is_bold_lead(block, rest[index + 1 :])
        if bold or (len(declared_key) > 40 and mine.startswith(declared_key[:200]) and len(mine) < 900):
            parts.summary = block.text.replace("\n", " ")
        return


def _lead_outside(between: list[Block], parts: Parts) -> None:
    """Keep the sentences between the title and the element that holds the text: one is the sapo, more are text.

    Cures: a lead in a box of its own, without a name, lost with all that is outside the text's container.
    """
    lost = [
        b for b in between if len(b.text) >= 40 and b.density < 0.3 and b.kind != "table" and classify(b.text) is None
    ]
    lost = [b for b in lost if not is_byline(b.text.replace("\n", " ")) and not is_label_row(b)]
    lost = [
        b for b in lost if titles.key(b.text) not in (titles.key(parts.title or ""), titles.key(parts.summary or ""))
    ]
    if len(lost) == 1 and parts.summary is None and len(lost[0].text) < 900:
        parts.summary = lost[0].text.replace("\n", " ")
    elif parts.summary is None:
        parts.blocks = [*lost, *parts.blocks]


def _nodes(found: region.Scan, first: int, end: int, body: Any) -> list[Any]:
    """Return the elements to look for files in: those that contain the article's blocks, or the whole of it."""
    blocks = found.blocks[first:end]
    seen: dict[Any, None] = {}
    for block in blocks:
        seen[block.node] = None
    if not seen:
        return [body] if body is not None else []
    node = body if body is not None else next(iter(seen))
    while node is not None and node.tag not in ("body", "html"):
        span = found.spans.get(node)
        if span and span[0] <= first and span[1] >= end:
            return [node] if span[1] - end < 4 and first - span[0] < 4 else list(seen)
        node = node.getparent()
    return [body] if body is not None else list(seen)


def _section(declared: Declared, title: str | None) -> str | None:
    """Return the part of `<title>` between the article's and the site's."""
    pieces = titles.parts(declared.title)
    if len(pieces) >= 3 and title and titles.key(pieces[0]) == titles.key(title):
        return pieces[1]
    return None
