"""Where the article is on a page on an unknown platform.

Three ways, the surest first: an element whose name says that it holds the text; the neighbourhood of the title; and
where the page has neither, what trafilatura takes for the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.extraction.blocks import Block, Walker, tidy
from crawler.extraction.rules import chrome, element_names
from crawler.extraction.rules.lines import Line, classify
from crawler.extraction.rules.listings import own_images
from crawler.extraction.rules.neighbours import is_headline, opens_with_headline
from crawler.extraction.rules.site_footer import footer_kind

_PROSE = 40


@dataclass(slots=True)
class Scan:
    """One walk over a page with the elements whose names say what they are."""

    blocks: list[Block]
    spans: dict[Any, tuple[int, int]]
    bodies: list[Any] = field(default_factory=list)
    summaries: list[Any] = field(default_factory=list)
    dates: list[Any] = field(default_factory=list)
    authors: list[Any] = field(default_factory=list)
    titles: list[Any] = field(default_factory=list)
    skipped: list[Any] = field(default_factory=list)
    gaps: set[int] = field(default_factory=set)  # the blocks before which chrome was left out


def scan(root: Any, protected: set[Any]) -> Scan:
    """Walk the page and leave out its chrome. `protected` elements (ancestors of the title) are never chrome."""
    body = root.find("body")
    body = root if body is None else body
    measure = chrome.Measure(body, protected)
    found = Scan([], {})

    def skip(el: Any) -> bool:
        tag = el.tag
        flags = 0
        names = f"{el.get('class', '')} {el.get('id', '')} {el.get('itemprop', '')}"
        if len(names) > 2:
            flags = element_names.named(names)
        if el.get("role") in ("navigation", "banner", "contentinfo", "search", "complementary"):
            flags |= element_names.CHROME
        if tag in chrome.TAGS and not (tag == "aside" and not flags and chrome.is_aside_of_text(el)):
            flags |= element_names.CHROME
        if tag == "form" and not flags and measure.is_form_beside(el):
            flags |= element_names.CHROME
        if not flags:
            return False
        if flags & element_names.CHROME:
            if measure.holds_the_article(el, names):
                return False
            found.skipped.append(el)
            if tag not in chrome.MEDIA:
                found.gaps.add(len(walker.blocks))
            return True
        for flag, kept in (
            (element_names.BODY, found.bodies),
            (element_names.SUMMARY, found.summaries),
            (element_names.DATE, found.dates),
            (element_names.AUTHOR, found.authors),
            (element_names.TITLE, found.titles),
        ):
            if flags & flag:
                kept.append(el)
        return False

    walker = Walker(skip)
    found.blocks = walker.walk(body)
    for block in found.blocks:
        if block.linked > 0 and len(block.text) <= 160:
            drop_tools(block)
    found.spans = walker.spans
    return found


def drop_tools(block: Block) -> None:
    """Take links that only print, share or enlarge out of a short block.

    Cures: "14/04/2023 08:15 In bài viết", a date line that is none to the rules because of the tool beside it.
    """
    kept = [run for run in block.runs if run.href is None or classify(run.text.strip()) is not Line.TOOL]
    if len(kept) < len(block.runs) and any(run.text.strip() for run in kept):
        block.runs = kept
        block.text = tidy("".join(run.text for run in kept)).replace("\n\n", "\n")
        block.linked = sum(len(run.text) for run in kept if run.href is not None)


def prose(blocks: Sequence[Block]) -> int:
    """Return how many characters of the blocks are the article's kind: outside links, no portal line."""
    return sum(len(b.text) - b.linked for b in blocks if b.density < 0.5 and b.text and classify(b.text) is None)


def worth(blocks: Sequence[Block], url: str) -> int:
    """Return what the blocks weigh as part of an article: their prose, with something for pictures and files."""
    pictures = sum(own_images(block, url) for block in blocks)
    return prose(blocks) + 30 * pictures + 40 * sum(_to_file(block) for block in blocks)


def is_teasers(blocks: Sequence[Block], url: str) -> bool:
    """Return True for a list of other articles: linked headings as many as paragraphs, at least two.

    Cures: a two-line notice beside long teasers, where every text measure points at the teasers.
    """
    heads = [is_headline(b, url) or opens_with_headline(b, url) for b in blocks]
    text = sum(
        1 for b, head in zip(blocks, heads, strict=True) if not head and len(b.text) >= _PROSE and b.density < 0.3
    )
    return sum(heads) >= 2 and sum(heads) * 2 >= text


def _to_file(block: Block) -> bool:
    from crawler.extraction.rules.attachment_links import file_type

    return any(run.href and file_type(run.href) for run in block.runs)


def named_body(found: Scan, title_index: int | None) -> Any | None:
    """Return the element whose name says it holds the text: the first after the title that holds anything.

    Cures: Liferay's side boxes have the article's class too. Without a title the one with the most prose is taken.
    """
    filled = [el for el in found.bodies if el in found.spans and _holds(found, el)]
    shows = _only_media(found, title_index) if title_index is not None else None
    if title_index is not None and shows is not None:
        before = [el for el in filled if title_index < found.spans[el][0] <= found.spans[shows][0]]
        if not before:
            return shows
    if not filled:
        return None
    if title_index is not None:
        after = [el for el in filled if found.spans[el][1] > title_index + 1]
        chosen = after[0] if after else None
    else:
        chosen = max(filled, key=lambda el: prose(found.blocks[slice(*found.spans[el])]))
    if chosen is None:
        return None
    # The innermost name wins where it holds nearly all of it: `.post-content > .entry-content`.
    size = prose(found.blocks[slice(*found.spans[chosen])])
    for el in filled:
        start, end = found.spans[el]
        outer = found.spans[chosen]
        if el is not chosen and outer[0] <= start and end <= outer[1]:
            inside = prose(found.blocks[start:end])
            if inside and inside >= 0.9 * size:
                chosen = el
    return chosen


def _only_media(found: Scan, title_index: int) -> Any | None:
    """Return the first element after the title that is named for the text and holds a film or a frame alone, or None.

    Cures: neighbours and footers taken for the text of an article that is only a film.
    """
    for el in found.bodies:
        span = found.spans.get(el)
        if span is not None and span[0] == span[1] > title_index and next(el.iter(*chrome.MEDIA), None) is not None:
            return el
    return None


def _holds(found: Scan, el: Any) -> bool:
    start, end = found.spans[el]
    return end > start


def around_title(found: Scan, title_index: int, url: str) -> tuple[int, int] | None:
    """Return the range of blocks that belongs to the title at `title_index`, or None where nothing follows it.

    Climbs from the title. On each level the siblings after it are taken as long as they are not a list of other
    articles; a further level is climbed only while what was found is less than what the level adds, so that a sapo in
    the title's own box does not hide the text beside it, and a side column does not join the text.
    """
    blocks = found.blocks
    node = blocks[title_index].node
    size = 0
    best: tuple[int, int] | None = None
    own = found.spans.get(node)
    if own is not None and own[1] > title_index + 1:
        size = worth(blocks[title_index + 1 : own[1]], url)
        best = (title_index + 1, own[1]) if size else None
    while node is not None and node.tag not in ("body", "html"):
        parent = node.getparent()
        if parent is None:
            break
        end = start = None
        added = 0
        for first, last, sibling in _parts_after(found, node, parent):
            part = blocks[first:last]
            if size + added and _is_imprint(part) and _has_own(blocks[title_index + 1 : first]):
                break
            over = len(part) > 1 and classify(part[0].text) is Line.END
            if over or (sibling is not None and is_teasers(part, url) and not _is_body(found, sibling)):
                if added or size:
                    break
                continue
            if parent.tag == "tr" and size:
                break
            start = first if start is None else start
            end = last
            added += worth(part, url)
        if start is not None and end is not None and added > 1.5 * size:
            best = (title_index + 1, end) if best is None or start <= best[1] + 1 else (start, end)
            size += added
        node = parent
    return best


def _is_imprint(blocks: Sequence[Block]) -> bool:
    return all(footer_kind(line) for block in blocks for line in block.text.split("\n"))


def _has_own(blocks: Sequence[Block]) -> bool:
    """Return True where one of the blocks is the article's: neither the portal's line nor its imprint."""
    return any(block.text and classify(block.text) is None and not _is_imprint([block]) for block in blocks)


def where_it_goes_on(found: Scan, end: int, url: str) -> int:
    """Return where the text ends that goes on behind `end`, on a page whose end tags close too much.

    Cures: half the article lost after one `</div>` too many under a picture. Chrome, a list of others, an imprint and
    a line that says the article is over end it.
    """
    last = end
    for index in range(end, len(found.blocks)):
        block = found.blocks[index]
        if index in found.gaps or classify(block.text) is Line.END or any(map(footer_kind, block.text.split("\n"))):
            break
        if is_headline(block, url) or opens_with_headline(block, url):
            break
        if (
            own_images(block, url)
            or block.kind == "table"
            or (block.text and block.kind != "h" and block.density < 0.5)
        ):
            last = index + 1
    return last


def without_side_boxes(found: Scan, start: int, end: int, url: str) -> int:
    """Return where the text in `blocks[start:end]` ends when boxes beside it follow: headings with links and labels.

    Cures: "Chào bạn", "Kho tin cũ", a cloud of tags and their like as the end of the text, on themes that name neither
    the text nor the columns. Looks only outside the element that holds the text's paragraphs.
    """
    blocks = found.blocks
    long = [index for index in range(start, end) if is_prose(blocks[index])]
    if not long:
        return end
    last = long[-1]
    total = sum(len(blocks[index].text) for index in long)
    holder = blocks[last].node
    while holder is not None and holder.tag not in ("body", "html"):
        span = found.spans.get(holder)
        if span and sum(len(blocks[i].text) for i in long if span[0] <= i < span[1]) >= 0.6 * total:
            break
        holder = holder.getparent()
    span = found.spans.get(holder)
    if span is None or span[1] >= end:
        return end
    for index in range(max(span[1], last + 1), end):
        block = blocks[index]
        if block.kind == "table" or own_images(block, url) or _to_file(block):
            return end
        if block.kind == "h" or classify(block.text) is Line.END or (block.density > 0.8 and len(block.text) < 200):
            rest = blocks[index:end]
            shorts = all(not is_prose(b) and len(b.text) < 200 for b in rest)
            return index if shorts and not any(own_images(b, url) or _to_file(b) for b in rest) else end
    return end


def without_lone_boxes(blocks: list[Block], url: str) -> list[Block]:
    """Return the blocks without headings, links and labels where there is no sentence among them: no article's text.

    Cures: the box beside an article that is only a film or a picture, taken for its text.
    """
    for block in blocks:
        if block.kind == "table":
            return blocks
        ended = block.text.rstrip().endswith((".", "!", "?", "…", ";", ":"))
        sentence = ended or (len(block.text) >= _PROSE and block.kind != "h")
        if block.density < 0.5 and sentence and classify(block.text) is None:
            return blocks
    if not any(block.text and not _to_file(block) and (block.kind == "h" or block.density > 0.8) for block in blocks):
        return blocks
    return [block for block in blocks if _to_file(block) or (own_images(block, url) and not block.text)]


def is_prose(block: Block) -> bool:
    """Return True for a paragraph of the article's kind: a sentence or more, outside links."""
    return len(block.text) >= _PROSE and block.density < 0.5 and block.kind != "h" and classify(block.text) is None


def _parts_after(found: Scan, node: Any, parent: Any) -> list[tuple[int, int, Any]]:
    """Return what follows `node` in `parent` as (start, end, element): siblings, and bare text with None."""
    at = found.spans[node][1] if node in found.spans else 0
    last = found.spans[parent][1] if parent in found.spans else len(found.blocks)
    out: list[tuple[int, int, Any]] = []
    for sibling in node.itersiblings():
        span = found.spans.get(sibling)
        if span is None or span[0] == span[1] or span[0] < at:
            continue
        out.extend((index, index + 1, None) for index in range(at, span[0]))
        out.append((*span, sibling))
        at = span[1]
    out.extend((index, index + 1, None) for index in range(at, last))
    return out


def _is_body(found: Scan, el: Any) -> bool:
    return any(el is body or el in body.iterancestors() for body in found.bodies)


def by_trafilatura(found: Scan, kept_text: str) -> tuple[int, int] | None:
    """Return the range of blocks around what trafilatura kept, given its text without spaces; None for nothing."""
    hits = [
        index
        for index, block in enumerate(found.blocks)
        if len(block.text) >= 20 and "".join(block.text.split()) in kept_text
    ]
    if not hits:
        return None
    return hits[0], hits[-1] + 1
