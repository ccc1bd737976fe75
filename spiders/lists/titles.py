"""What a link to an article is called: what it shows itself, or else what people see on its card.

A headline is long enough to be known as one by itself; a title may be as short as "Thông báo", and counts in an entry
of a list only.
"""

import re
from collections.abc import Callable
from typing import Any

from crawler.extraction.rules.lines import Line, classify
from crawler.text import fold, normalize
from spiders.lists.dates_beside import is_stamp
from spiders.lists.short_texts import short_text

HEADLINE = 12  # characters of a headline, at least
_SHORTEST, _LONGEST = 3, 300  # characters of a title
HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")
HEAD_NAME = re.compile(r"tit(?:le)?\b|tieu-?de|ten\b|name\b|headline", re.IGNORECASE)
_NO_HEAD_NAME = re.compile(r"sub-?tit|user|author|nick|cat(?:egory)?[-_]|site|tac-?gia", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "li", "time", "small", "figure", "figcaption", "section", "article", "header", "td"})
# Labels of a link for those who do not see it, before the title: "post link to …".
_PREFIX = re.compile(
    r"(?:(?:post|perma(?:nent)?)?[ -]?link (?:to|for)|permalink(?: to)?|(?:read|view|see|open) (?:(?:the )?(?:full )?"
    r"(?:article|post|story|more))(?: (?:about|on|of))?|(?:continue|keep) reading|read more|go to|"
    r"(?:xem|đọc)(?: (?:thêm|tiếp|chi tiết|bài(?: viết)?|tin|toàn bộ))+(?: về)?|liên kết (?:đến|tới|bài viết)|"
    r"(?:đi|chuyển) (?:đến|tới)(?: bài(?: viết)?)?|mở bài(?: viết)?|"
    r"(?:chi tiết|bài viết|tin bài)(?= ?:))\b\s*[:–-]?\s*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s*\((?:opens? in (?:a )?new (?:tab|window)|mở (?:trong|ở) (?:tab|cửa sổ|thẻ) mới)\)$", re.I)
# Words of links that only say that there is more to read.
_MORE = re.compile(
    r"(?:(?:xem|doc|chi tiet|tiep(?: tuc| theo)?|them|bai|viet|nay|day du|tai day|toan bo|toan van|noi dung|read|view"
    r"|see|go|to|more|full|post|article|story|continue|reading|details?|the|this|here|link|open)\b\W*)+"
)
# What links to the articles before and after this one are called, and links to answer a comment.
_ONWARD = re.compile(
    r"(?:cancel )?reply\b|tra loi binh luan\b|(?:next|prev(?:ious)?|older|newer|earlier|later)\b|"
    r"(?:(?:bai|tin|trang)(?: viet)? )?(?:truoc(?: do)?|sau|ke tiep|tiep theo|cu hon|moi hon)\s*(?:[:«»‹›<>(-]|$)"
)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg)$|^(?:img|dsc|image|picture|photo|anh|hinh)[\W_]*\d*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2}")

Element = Any  # an lxml element: lxml has no types


def is_headline(text: str) -> bool:
    """Return whether a text is a title by its length and its words alone."""
    if len(text) < HEADLINE or text.count(" ") < 2 or is_stamp(text):
        return False
    return classify(text) not in (Line.TOOL, Line.END, Line.LABEL)


def is_title(text: str) -> bool:
    """Return whether a text may be an entry's title, however short: it has words, and is no date and no label."""
    return _SHORTEST <= len(text) <= _LONGEST and bool(_WORD.search(text)) and not _is_label(text)


def _is_label(text: str) -> bool:
    return classify(text) is not None or is_stamp(text) or is_more(text) or leads_onward(text)


def leads_onward(text: str) -> bool:
    """Return whether a link is called by where it leads from here: "Next article: …", "Bài sau"."""
    return _ONWARD.match(fold(text)) is not None


def is_more(text: str) -> bool:
    """Return whether a link's text only says that there is more: "Xem chi tiết", "Read post", "»"."""
    if len(text) > 60 or (text and _WORD.search(text) is None and not text.isdigit()):
        return len(text) <= 60
    return classify(text) is Line.TOOL or _MORE.fullmatch(fold(text).strip(" .:»›>→[]()…")) is not None


def shown_text(link: Element) -> str:
    """Return what a link shows; of a link around a whole card, its heading, or else the block that says most."""
    text = normalize(" ".join(short_text(link).split()))
    if not len(link) or len(text) <= HEADLINE:
        return text
    for inner in link.iter():
        if inner is not link and is_head(inner):
            return normalize(" ".join(short_text(inner).split())) or text
    blocks = [inner for inner in link.iterdescendants() if inner.tag in _BLOCKS]
    if len(blocks) > 1:
        leaves = [block for block in blocks if not any(inner.tag in _BLOCKS for inner in block.iterdescendants())]
        texts = [normalize(" ".join(short_text(leaf).split())) for leaf in leaves]
        bold = [normalize(" ".join(short_text(inner).split())) for inner in link.iter("strong", "b")]
        return next((said for said in [*bold, *texts] if is_headline(said) and classify(said) is None), text)
    return text


def is_head(element: Element) -> bool:
    """Return whether an element is a heading, or named like one."""
    if not isinstance(element.tag, str):
        return False
    name = element.get("class") or ""
    return element.tag in HEADS or bool(HEAD_NAME.search(name) and not _NO_HEAD_NAME.search(name))


def is_in_heading(link: Element, levels: int) -> bool:
    """Return whether a link stands in a heading, or in what is named like one, at most `levels` above it."""
    above = link
    for _ in range(levels):
        if above is None or above.tag == "body":
            return False
        if is_head(above):
            return True
        above = above.getparent()
    return False


def heading_in(card: Element, is_other: Callable[[Element], bool]) -> str:
    """Return the title that a card shows outside links: its heading, or else what is named like one; "" for none.

    `is_other`: whether a link leads elsewhere; a heading with such a link is not this card's.
    """
    named = ""
    for inner in card.iter():
        if not is_head(inner) or (inner.tag not in HEADS and named):
            continue
        links = [*inner.iter("a"), *(above for above in inner.iterancestors("a"))]
        if any(is_other(link) for link in links):
            continue
        text = normalize(" ".join(short_text(inner).split()))
        if is_title(text):
            if inner.tag in HEADS:
                return text
            named = text
    return named


def title_in_row(card: Element) -> str:
    """Return the title in a table's row, or in the term before a definition, that has no link; "" for none."""
    if card.tag == "tr":
        cells = (normalize(" ".join(short_text(cell).split())) for cell in card.iter("td", "th"))
        return next((text for text in cells if is_headline(text) and classify(text) is None), "")
    if card.tag == "dd" and (term := card.getprevious()) is not None and term.tag == "dt":
        text = normalize(" ".join(short_text(term).split()))
        return text if is_title(text) else ""
    return ""


def title_for_machines(link: Element) -> str:
    """Return what a link is called for those who do not see it: in `aria-labelledby`, `aria-label`, `title`, or in the
    `alt` of its picture; without "post link to" and the like. "" for none."""
    for text in _hidden_texts(link):
        said = normalize(_SUFFIX.sub("", _PREFIX.sub("", normalize(" ".join(text.split())), count=1)))
        if is_title(said):
            return said
    alts = (normalize(" ".join((picture.get("alt") or "").split())) for picture in link.iter("img"))
    return next((text for text in alts if is_headline(text) and not _FILE.search(text)), "")


def _hidden_texts(link: Element) -> list[str]:
    found = []
    if named := (link.get("aria-labelledby") or "").split()[:4]:
        root = link.getroottree().getroot()
        elements = [next(iter(root.xpath("//*[@id=$name]", name=name)), None) for name in named]
        found.append(" ".join(short_text(element) for element in elements if element is not None))
    return [*found, link.get("aria-label") or "", link.get("title") or ""]
