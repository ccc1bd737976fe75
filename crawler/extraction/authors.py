"""Who wrote the article: what its page shows near the title or under the text, and what it declares."""

import json
import re
from collections.abc import Sequence
from typing import Any

from crawler.extraction import region
from crawler.extraction.blocks import Block, Walker, is_among
from crawler.extraction.found_parts import Parts
from crawler.extraction.rules import people
from crawler.extraction.rules.bylines import labelled_name, name_beside_date
from crawler.extraction.rules.label_rows import is_label_row
from crawler.extraction.rules.lines import Line, classify, is_date_line
from crawler.extraction.rules.site_footer import footer_kind
from crawler.extraction.xpaths import compiled, text_of
from crawler.text import normalize

_ARTICLE_TYPES = re.compile(r"(?:News|Blog|Report|Scholarly)?(?:Article|Posting)|Report|WebPage")
_OWN_FOOTER = re.compile(
    r"(?:^| |entry-?|post-?|article-?|node-?)(?:footer|meta)(?: |$)|(?:^|[\s_-])small[_-]?print(?: |$)"
)
_PLACE = re.compile(r"(?:phường|xã|thị trấn|đặc khu|quận|huyện|tỉnh|thành phố|trang|website|ward)\b", re.IGNORECASE)
_LONGEST = 120  # characters of an element that is named for the author


def read_people(found: region.Scan, first: int, start: int, end: int, parts: Parts, root: Any) -> None:
    """Take the author from the element named for it, and out of the text: the portal put it there, not the editor.

    `first` is the title's block, `start` and `end` those of the text.
    """
    for el in found.authors:
        if _near(found, el, max(0, first - 3), end + 2) and not _in_side_box(el):
            text = text_of(el)
            name = _name_in(text) if text and len(text) < _LONGEST and not is_date_line(text) else None
            if name:
                no_name = people.is_account(name) or name[0].islower()  # "Tác giả nổi bật …" heads a box
                parts.author = parts.author or (None if no_name else name)
                span = found.spans[el]
                parts.blocks = [b for b in parts.blocks if not is_among(b, found.blocks[slice(*span)])]
    if parts.author is None:
        parts.author = _named_below(found, first, end)
    rest = found.blocks[end : end + 8]
    imprint = next((i for i, block in enumerate(rest) if any(map(footer_kind, block.text.split("\n")))), len(rest))
    below = [*filter(is_label_row, found.blocks[max(start, end - 3) : end]), *rest[:imprint]]
    parts.author = parts.author or shown_near_title(found.blocks[max(0, first - 2) : start + 2], parts.declared_author)
    parts.author = parts.author or people.byline(below) or next(filter(None, map(_labelled, below[:3])), None)
    parts.source = people.source_line(below)
    for footer in own_footers(found, first, start):
        parts.author = parts.author or people.byline(footer) or next(filter(None, map(_labelled, footer)), None)
        parts.source = parts.source or people.source_line(footer)
    if parts.author is None:
        parts.author = _marked_author(root)


def _named_below(found: region.Scan, first: int, end: int) -> str | None:
    """Return the name in the one element named for the author a little below the text, in the article's own box.

    Cures: "Posted June 20, 2026 in Notices by …" below each article, every word in an element of its own.
    """
    if not first < len(found.blocks):
        return None
    box = next((up for up in found.blocks[first].node.iterancestors() if up.tag in ("article", "main")), None)
    near = [el for el in found.authors if _near(found, el, end, end + 8) and not _in_side_box(el)]
    names = set()
    for el in near if box is not None else ():
        up = next((up for up in el.iterancestors() if up is box or up.tag in ("li", "article")), None)
        text = text_of(el)
        name = _name_in(text) if up is box and 0 < len(text) < _LONGEST and not is_date_line(text) else None
        if name and not people.is_account(name):
            names.add(name)
    return names.pop() if len(names) == 1 else None


def _name_in(text: str) -> str | None:
    """Return the name in an element that is named for the author, without labels, dates and what follows them."""
    if classify(text.split("|")[0]) is Line.META:  # a counter comes first: the box is the counter's
        return people.tidy(text)
    return labelled_name(text) or name_beside_date(text) or people.tidy(text)


def _labelled(block: Block) -> str | None:
    lines = (line for line in block.text.split("\n") if classify(line.split("|")[0]) is not Line.META)
    return next(filter(None, map(labelled_name, lines)), None)


def shown_near_title(blocks: Sequence[Block], declared: str | None) -> str | None:
    """Return the name that a short line beside the title gives: with a label, or beside the date, or None."""
    for block in blocks:
        if len(block.text) > 300 or block.kind == "table":
            continue
        for line in (*block.text.split("\n"), block.text.replace("\n", " ")):
            starts = labelled_name(line) if len(line) < 80 or any(char.isdigit() for char in line) else None
            if name := starts or name_beside_date(line, declared):
                return name
    return None


def own_footers(found: region.Scan, first: int, start: int | None = None) -> list[list[Block]]:
    """Return the blocks of the article's own footers: those in the element that holds its title, or that of its text,
    which begins at `start`."""
    if not found.blocks:
        return []
    around = set(found.blocks[min(first, len(found.blocks) - 1)].node.iterancestors("article", "main"))
    if start is not None and start < len(found.blocks):
        around.update(list(found.blocks[start].node.iterancestors("article"))[:1])
    heading = found.blocks[min(first, len(found.blocks) - 1)].node
    path = {above for above in heading.iterancestors() if above.tag not in ("body", "html")}
    out = []
    for el in found.skipped:
        names = f"{el.get('class') or ''} {el.get('id') or ''}".lower()
        own = el.tag == "footer" or _OWN_FOOTER.search(names)
        inside = any(above in around or above in found.bodies for above in el.iterancestors())
        cell = next((up for up in el.iterancestors() if up.tag not in ("td", "tr")), None)
        beside = cell in path and len(el.text_content()) < _LONGEST
        if own and (inside or beside):
            out.append(Walker().walk(el))
    return out


def _near(found: region.Scan, el: Any, low: int, high: int) -> bool:
    span = found.spans.get(el)
    return span is not None and low <= span[0] <= high and span[1] - span[0] <= 4


def _in_side_box(el: Any) -> bool:
    return any(above.tag in ("aside", "nav") or "comment" in (above.get("class") or "") for above in el.iterancestors())


def _marked_author(root: Any) -> str | None:
    """Return the one name that `rel=author` or `itemprop=author` gives outside comments and side boxes, or None."""
    names = set()
    for el in compiled("//a[@rel='author']|//*[@itemprop='author']|//*[@rel='sioc:has_creator']//*[@property]")(root):
        if _in_side_box(el) or el.tag == "meta" or len(el.text_content()) > _LONGEST:
            continue
        name = _name_in(text_of(el))
        if name and not people.is_account(name):
            names.add(name)
    return names.pop() if len(names) == 1 else None


def declared_author(root: Any, site_name: str | None) -> str | None:
    """Return the person whom `meta name=author` or the article's JSON-LD names; None for offices, accounts, the site.

    Has to be asked before scripts are dropped. Many a site declares one name for all its pages: what a page shows is
    to be believed before this.
    """
    names: list[str] = []
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        if name in ("author", "article:author", "dc.creator", "dcterms.creator", "sailthru.author", "parsely-author"):
            names.append(normalize((meta.get("content") or "")[:200]))
    for script in root.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json" and script.text and '"author"' in script.text:
            names.extend(_in_json(script.text[:200_000]))
    title = root.find(".//title")
    site = f"{site_name or ''} {title.text_content() if title is not None else ''}".casefold()
    for name in names:
        name = people.tidy(name) or ""
        if not name or "/" in name or people.is_account(name) or people.is_organ(name) or _PLACE.match(name):
            continue
        if name.casefold() in site or not 2 <= len(name.split()) <= 6 or not name[0].isupper():
            continue
        return name
    return None


def _in_json(text: str) -> list[str]:
    """Return the names of the authors of a document's one article; [] where it holds several or none."""
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return []
    rows = value if isinstance(value, list) else [value]
    rows = [each for row in rows if isinstance(row, dict) for each in _graph(row)]
    articles = [row for row in rows if _is_article(row)]
    if len(articles) != 1:
        return []
    people_ = articles[0].get("author")
    by_id = {row.get("@id"): row for row in rows if isinstance(row.get("@id"), str)}
    out = []
    for each in people_ if isinstance(people_, list) else [people_]:
        if isinstance(each, dict) and not each.get("name"):
            each = by_id.get(each.get("@id"), each)
        name = each.get("name") if isinstance(each, dict) else each
        if isinstance(name, str) and not (isinstance(each, dict) and each.get("@type") == "Organization"):
            out.append(normalize(name[:200]))
    return out


def _graph(row: dict[str, Any]) -> list[dict[str, Any]]:
    graph = row.get("@graph")
    return [each for each in graph if isinstance(each, dict)] if isinstance(graph, list) else [row]


def _is_article(row: dict[str, Any]) -> bool:
    kinds = row.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind != "WebPage" and _ARTICLE_TYPES.fullmatch(kind) for kind in kinds)
