"""The strings on a page that may show its publication date, each with where it stands.

On a page without a layout: date lines, stamps that share their line, elements named for a date and `<time>`, between
the title and the text first; then above the title, where the site's clock stands too. What stands in the page's head or
menu, or in an element named for a clock, is called a clock; what stands outside the article's own box, `outside`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

from crawler.dates.publication import DateCandidate
from crawler.extraction.authors import own_footers
from crawler.extraction.blocks import Block, Walker
from crawler.extraction.region import Scan, is_prose
from crawler.extraction.rules.lines import Line, classify, is_date_line
from crawler.extraction.rules.stamps import block_stamps, is_beside_stamp
from crawler.extraction.time_elements import finer, of_time, said_by_class
from crawler.extraction.xpaths import compiled, text_of
from crawler.text import fold, normalize

_ABOVE = "preceding::text()[normalize-space()][position() <= 8]"
_LEVELS = 3
_MOST = 200  # strings near the title that are candidates
_PARAGRAPH = 160  # characters from which a block in front of the text is a paragraph, not a title or a line
_DIGITS = re.compile(r"\d+")
_CLOCK_NAMES = re.compile(
    r"(?:^|[\s_-])(?:dong-?ho|[a-z]{0,8}clock|(?:cur(?:rent)?|now|today|server|sys(?:tem)?|real|live|local|header|top|site)"
    r"[-_]?(?:date|time|day)\w*|(?:date|time)[-_]?(?:now|today|current|server|header|top)|hom-?nay|"
    r"ngay-?hien-?tai|(?:gio|ngay)-?he-?thong|lich|today|now|digital|weather|thoi-?tiet|marquee)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_HEAD_NAMES = re.compile(
    r"(?:^|[\s_-])(?:header|head|masthead|top-?bar|top|top-?(?:menu|nav|header|line|link)|banner|menu\w*|nav\w*"
    r"|breadcrumbs?|crumbs?|logo|toolbar|search\w*|footer|foot|copyright|page-?header|site-?header|dau-?trang)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
# The head of an article, not of the page, although its name ends like that of one: "detail-top", "article__header".
_OWN_HEAD = re.compile(
    r"(?:^|(?<=\s))(?:(?:article|entry|post|detail|story|bai-?viet)[-_]+[\w-]+|(?:header|head|top)[-_]+"
    r"(?:article|entry|post|detail|story|bai-?viet))(?=\s|$)",
    re.IGNORECASE,
)
_BARE_TIME = re.compile(r"\W*\d{1,2}\s?(?:[:h]|giờ)\s?\d{2}(?::\d{2})?(?:\s?(?:am|pm|sa|ch|phút))?\W*", re.IGNORECASE)
_LABEL_ONLY = re.compile(
    r"(?:ngay|thoi gian|gio)? ?(?:dang|cap nhat|tao|xuat ban|gui|viet)(?: (?:tin|bai|luc|ngay))?\s*:?"
    r"|(?:published|posted|updated|created|last updated|date)(?: on| date)?\s*:?"
)
_PUBLISHED = re.compile(r"(?:^|[\s_-])(?:published|datePublished|pubdate)(?:$|\s)")
_OTHERS = ("aside", "nav", "footer")


@dataclass(slots=True)
class ShownDates:
    """Candidates, the best first, and the blocks that are nothing but stamps: the portal's, not the editor's."""

    candidates: list[DateCandidate] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def place_of(node: Any) -> str:
    """Return a short signature of where an element stands: its last levels with their first class or id, no digits."""
    levels: list[str] = []
    while node is not None and len(levels) < _LEVELS and isinstance(node.tag, str):
        name = next(iter((node.get("class") or node.get("id") or "").split()), "")
        levels.append(f"{node.tag}.{_DIGITS.sub('', name)[:40]}".rstrip("."))
        node = node.getparent()
    return "/".join(reversed(levels))


def candidate(text: str, node: Any, label: str = "", distance: int = 0) -> DateCandidate:
    """Return a string of the page as a candidate."""
    return DateCandidate(text[:200], "page", label, distance, place_of(node))


def near_title(found: Scan, first: int, start: int, end: int) -> ShownDates:
    """Return the strings near the title that look like a publication date, the surest first.

    `first` is the title's block (or the text's first), `start` and `end` the text's. Sure: a line that is a date with
    its label, between the title and the text; an element named for it; `<time>`; then right above the title; then
    among the first and last lines of the text.
    """
    blocks = found.blocks
    out = ShownDates()
    box = _box(blocks, first, start)
    above = _ancestors(blocks[first].node) if first < len(blocks) else set()

    def add(text: str, node: Any, index: int, said: str = "") -> None:
        if len(out.candidates) >= _MOST:
            return
        label = _standing(node, above, box, blocks[index + 1 : first]) if index < first else ""
        label = said if said and label in ("", "above") else label
        if not label and is_clock(node, above) and (index < first or index >= end):
            label = "clock"
        elif not label and index >= end and box is not None and box not in _ancestors(node):
            label = "outside"
        out.candidates.append(candidate(finer(text, node), node, label))

    stop = _others_below(blocks, first, end)
    near = (*range(first, min(start + 4, stop, max(end, start + 1))), *range(first - 1, max(-1, first - 5), -1))
    for index in near:
        for line in blocks[index].text.split("\n"):
            if is_date_line(line):
                add(_joined(blocks, index, line), blocks[index].node, index)
    for index, stamps in _stamped(blocks, first, start, min(end, stop), out.blocks):
        for stamp in stamps:
            add(stamp, blocks[index].node, index)
    for el, index in _named(found, first, start):
        text = text_of(el)
        if any(char.isdigit() for char in text) and len(text) < 160:
            add(text, el, index)
    for el, index in _times(found, first, start, end):
        text = of_time(el)
        if text:
            add(text, el, index, said_by_class(el))
    above_text = len(out.candidates)
    for index in (*range(start, min(start + 3, end)), *range(max(start, end - 3), min(end + 2, len(blocks)))):
        last = max((i for i in range(start, min(end, index)) if is_prose(blocks[i])), default=index)
        behind = any(gap in found.gaps for gap in range(last + 1, index + 1))  # other boxes stand between
        if index >= stop or behind or (index >= end and _is_of_others(blocks[index].node)):
            continue
        for line in blocks[index].text.split("\n"):
            if is_date_line(line):
                add(line, blocks[index].node, index)
    _distrust_behind(out.candidates, above_text)
    if not any(one.label == "" for one in out.candidates):
        for block in (block for footer in own_footers(found, first, start) for block in footer):
            stamps = [line for line in block.text.split("\n") if is_date_line(line)] or block_stamps(block)
            out.candidates[:0] = [candidate(finer(stamp, block.node), block.node) for stamp in stamps]
    if not any(one.label == "" for one in out.candidates) and (el := _time_in_article(found, first, end)) is not None:
        out.candidates.insert(0, candidate(of_time(el), el))
    out.candidates = list({(one.text, one.label == ""): one for one in reversed(out.candidates)}.values())[::-1]
    return out


def _time_in_article(found: Scan, first: int, end: int) -> Any | None:
    """Return the one `<time>` under the text, else above it, in the `<article>` or `<main>` of the title; None for none
    and several.

    Cures: themes that say "Posted 20 June 2026 in Notices by …" below each article, in its footer or without one; and
    a `<time>` in the breadcrumb, which is no part of the text.
    """
    if not first < len(found.blocks):
        return None
    heading = found.blocks[first].node
    box = next((up for up in (heading, *heading.iterancestors()) if up.tag in ("article", "main")), None)
    if box is None:
        return None
    last = found.blocks[min(end, len(found.blocks)) - 1].node
    order = {el: place for place, el in enumerate(box.iter())}
    own = [el for el in box.iter("time") if _is_own(el, box) and of_time(el)]
    below = [el for el in own if order[el] > order.get(last, 0)] or [el for el in own if el.get("datetime")]
    named = [el for el in below if _PUBLISHED.search(f"{el.get('class', '')} {el.get('itemprop', '')}")]
    below = named or below
    return below[0] if len({of_time(el) for el in below}) == 1 else None


def _is_own(el: Any, box: Any) -> bool:
    """Tell whether a `<time>` is the article's own: no clock, in no list, side box, comment or teaser of another."""
    if _CLOCK_NAMES.search(f"{el.get('class', '')} {el.getparent().get('class', '')}"):
        return False
    for up in el.iterancestors():
        if up is box:
            return True
        if up.tag in ("article", "h2", "h3", "h4") or _is_of_others(up):
            return False
    return False


def _is_of_others(node: Any) -> bool:
    """Tell whether an element under the text is a list's, a side box's or a comment's, or stands in one."""
    return any(
        up.tag in ("aside", "nav", "li") or "comment" in (up.get("class") or "")
        for up in (node, *node.iterancestors())
        if up.tag not in ("body", "html")
    )


def _distrust_behind(candidates: list[DateCandidate], above_text: int) -> None:
    """Call what stands under the text `outside` where a date under the title names another day: it is a clock."""
    from crawler.dates import parse_date

    days = {found.start[:3] for one in candidates[:above_text] if not one.label and (found := parse_date(one.text))}
    for index, one in enumerate(candidates[above_text:], above_text):
        found = parse_date(one.text)
        if days and not one.label and found is not None and found.start[:3] not in days:
            candidates[index] = replace(one, label="outside")


def _others_below(blocks: list[Block], first: int, end: int) -> int:
    """Return where a list of other articles with a heading begins below the title: the dates in it are theirs."""
    for index in range(first + 1, min(end + 2, len(blocks) - 1)):
        if classify(blocks[index].text) is Line.END and blocks[index + 1].density > 0.5:
            return index
    return len(blocks)


def _joined(blocks: list[Block], index: int, line: str) -> str:
    """Return a date line with the time or the label that stands in the cell or element beside it."""
    before = blocks[index - 1].text if index else ""
    after = blocks[index + 1].text if index + 1 < len(blocks) else ""
    if blocks[index].text != line:
        return line
    if not re.search(r"\d\s?[:h]\s?\d\d|giờ", line):
        line = f"{line} {after}" if _BARE_TIME.fullmatch(after) else line
        line = f"{before} {line}" if _BARE_TIME.fullmatch(before) and not _BARE_TIME.fullmatch(after) else line
    return f"{before} {line}" if len(before) < 40 and _LABEL_ONLY.fullmatch(fold(before)) else line


def _stamped(
    blocks: list[Block], first: int, start: int, end: int, portals: list[Block]
) -> Iterator[tuple[int, list[str]]]:
    """Yield (index, stamps) of the blocks around the title that hold stamps among other things.

    Below the title the portal's lines are read up to the first that is the editor's; those that stand with a stamp are
    added to `portals`.
    """
    beside: list[Block] = []
    seen, row = False, None
    for index in range(first + 1, min(max(start + 2, first + 9), end)):
        block = blocks[index]
        stamps = block_stamps(block)
        lines = sum(1 for line in block.text.split("\n") if line.strip())
        if stamps or is_date_line(block.text):
            seen = True
            portals.extend([*beside, block] if lines <= max(1, len(stamps)) else beside)
            beside, row = [], _row(block)
            yield index, stamps
        elif is_beside_stamp(block, after=seen and (row is None or _row(block) is not row)):
            beside.append(block)
        elif index >= start + 1:
            break
        else:
            beside = []
    if seen:
        portals.extend(beside)
    for index in range(first - 1, max(-1, first - 5), -1):
        yield index, block_stamps(blocks[index])


def _row(block: Block) -> Any:
    """Return the row or list of a block, whose other cells say the same kind of thing, or None."""
    for up in (block.node, *block.node.iterancestors()):
        if up.tag in ("tr", "ul", "ol", "dl"):
            return up if len(up.text_content()) < 240 else None
    return None


def _named(found: Scan, first: int, start: int) -> Iterator[tuple[Any, int]]:
    for el in found.dates:
        span = found.spans.get(el)
        if span is not None and max(0, first - 4) <= span[0] <= start + 3 and span[1] - span[0] <= 4:
            yield el, span[0]


def _times(found: Scan, first: int, start: int, end: int) -> Iterator[tuple[Any, int]]:
    """Yield the `<time>` elements in the blocks near the title, outside side boxes and lists of others."""
    seen: set[Any] = set()
    for index in range(max(0, first - 4), min(start + 3, max(end, start + 1), len(found.blocks))):
        node = found.blocks[index].node
        if node in seen or node.tag in ("body", "html"):
            continue
        seen.add(node)
        for el in node.iter("time"):
            inside = next((up for up in el.iterancestors() if up in found.spans), None)
            if inside is node and not any(up.tag in _OTHERS for up in el.iterancestors()):
                yield el, index
        if node.tag == "time":
            yield node, index


def is_clock(node: Any, above_title: set[Any]) -> bool:
    """Tell whether an element stands in the page's head or menu, or is named for a clock.

    Looked at are its ancestors up to those of the title, `above_title`: the article's own `<header>` is none. Cures: a
    category and the date above the title, in an element "detail-top" or anywhere in the title's own `<article>`.
    """
    in_article = _shares_article(node, above_title)
    while node is not None and isinstance(node.tag, str) and node not in above_title:
        names = _OWN_HEAD.sub("", f"{node.get('class', '')} {node.get('id', '')}")
        if node.tag in ("nav", "marquee") or node.get("role") in ("banner", "navigation"):
            return True
        if _CLOCK_NAMES.search(names) or (not in_article and (node.tag == "header" or _HEAD_NAMES.search(names))):
            return True
        node = node.getparent()
    return False


def _shares_article(node: Any, above_title: set[Any]) -> bool:
    """Tell whether an element stands in the `<article>` that holds the title."""
    return any(up.tag == "article" and up in above_title for up in node.iterancestors())


def _standing(node: Any, above_title: set[Any], box: Any, between: list[Block]) -> str:
    """Return what is to be thought of a date above the title: clock, outside (the article's box), above."""
    if is_clock(node, above_title):
        return "clock"
    if any(block.density > 0.5 and block.kind != "h" for block in between):
        return "outside"  # a menu or a breadcrumb stands between
    if box is not None and box is not node and not any(up is box for up in node.iterancestors()):
        return "outside"
    return "above"


def _ancestors(node: Any) -> set[Any]:
    return set(node.iterancestors()) | {node}


def _box(blocks: list[Block], first: int, start: int) -> Any:
    """Return the innermost element that holds title and text, None where that is the page itself."""
    if not first < start < len(blocks):
        return None
    title = _ancestors(blocks[first].node)
    node = blocks[start].node
    while node is not None and node not in title:
        node = node.getparent()
    return None if node is None or node.tag in ("body", "html") else node


def around_container(container: Any, blocks: list[Block], title: str | None = None) -> list[DateCandidate]:
    """Return the date lines right above the container, in front of its text and among the text's first and last lines.

    `blocks` are the text's. For layouts made without a page at hand, and for pages on which the layout's element of the
    date is missing: the sites' texts show that there is a date line, but not where. A date further up than the title is
    believed less.
    """
    out = []
    own = _ancestors(container)
    above_title = False
    wanted = title or ""
    titled = bool(wanted) and any(wanted in " ".join(text.split()) for text in compiled(_ABOVE)(container))
    for text in reversed(compiled(_ABOVE)(container)):
        line, node = normalize(" ".join(text.split())), text.getparent()
        if text.is_tail:
            node = node.getparent()
        above_title = above_title or (titled and wanted in line)
        if is_date_line(line):
            out.append(candidate(line, node, "clock" if is_clock(node, own) else "above" if above_title else ""))
    lines = [(line, block.node) for block in (*blocks[:4], *blocks[-3:]) for line in block.text.split("\n")]
    out += [candidate(line, node) for line, node in lines if is_date_line(line)]
    return list({one.text: one for one in reversed((*_in_front(container), *out))}.values())[::-1]


def _in_front(container: Any) -> list[DateCandidate]:
    """Return the stamps in a container in front of its first paragraph."""
    out: list[DateCandidate] = []
    for block in Walker(lambda el: el.tag in _OTHERS).walk(container)[:8]:
        if len(block.text) - block.linked > _PARAGRAPH:
            break
        stamps = [line for line in block.text.split("\n") if is_date_line(line)] or block_stamps(block)
        out += [candidate(stamp, block.node) for stamp in stamps]
    return out


def of_layout(items: list[Any]) -> list[DateCandidate]:
    """Return what a layout's XPath found for the date: elements, or strings of which the element is known."""
    out = []
    for item in items:
        text = text_of(item)
        if text:
            out.append(candidate(text, cast(Any, item).getparent() if isinstance(item, str) else item))
    return out
