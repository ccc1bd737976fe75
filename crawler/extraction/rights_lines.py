"""The lines of a page that speak of its reuse: "Ghi rõ nguồn … khi phát hành lại thông tin", "Bản quyền thuộc về …".

They are evidence of what a site says, and no licence. Only what stands outside news counts: in a footer, or near the
end of a page and not beside a headline. Hand in the page of a list: an article may speak of copyright, too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.tree import parse
from crawler.text import fold, normalize

Element = Any  # an lxml element: lxml has no types

MOST = 8  # lines of a page
_SHORTEST, _LONGEST = 8, 400  # characters of a line; what is longer is a text about something
_NEAR_END = 0.3  # share of a page's text, counted from its end, in which a line may stand outside a footer
_LEVELS = 3  # elements above a line in which a headline makes it a teaser

_MENTIONED = re.compile(
    r"©|&copy;|&#0*169;|copyright|quy(?:ề|ề|&#7873;|&ecirc;|e)|ngu(?:ồ|ồ|&#7891;|&ocirc;|o)n|rights|license"
    r"|creative commons|sao ch|phát hành lại|phat hanh lai",
    re.IGNORECASE,
)
_NEWS_SOURCE = r"nguon\b(?! (?:goc|von|nuoc|luc|nhan|thu|chi|tin\b))"
_BEGINS = re.compile(
    r"©|\(c\) ?(?:copyright|ban quyen|\d{4})|copyright\b"
    r"|(?:giu |so huu )?ban quyen(?: noi dung)? ?(?:©|\(c\)|:|-|thuoc|cua|tren|website|trang|cong|\d{4})"
    r"|bao luu (?:moi |toan )?quyen|(?:all|some) rights reserved|creative commons|cc[ -]by\b"
    r"|(?:nghiem )?cam sao chep|(?:khong|vui long khong) (?:duoc )?sao chep"
    rf"|(?:[\w ,]{{0,80}}\b)?(?:ghi|neu|dan|trich dan|trich)(?: lai| ro| day du)* {_NEWS_SOURCE}"
)
_SPEAKS = re.compile(  # of reuse, wherever it stands in a line
    r"(?:phat hanh|su dung|dang|dang tai|trich dan|khai thac|xuat ban) lai (?:cac |toan bo |mot phan |nhung )?"
    r"(?:thong tin|noi dung|tin|bai|tu lieu|hinh anh)\b"
    r"|giu ban quyen|copyright ?(?:©|\(c\))|© ?(?:copyright|\d{4}|ban quyen)|all rights reserved"
    r"|(?:trich dan|sao chep|su dung)\b.{0,80}\b(?:phai|can) (?:duoc|co) su (?:dong y|cho phep|chap thuan)"
)
_FOOTER = re.compile(r"foot|copy-?right|ban-?quyen|chan-?trang|bottom|imprint", re.IGNORECASE)
_OF_NEWS = re.compile(
    r"(?:article|post|entry|news|card|item)[\w-]*foot|summary|sapo|teaser|excerpt|abstract|lead\b|trich|mo-?ta|desc\b"
    r"|description",
    re.IGNORECASE,
)
_UNREAD = {
    "script", "style", "noscript", "template", "title", "head", "article", "h1", "h2", "h3", "h4", "h5", "h6",
    "select", "option", "textarea", "button", "svg",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "label", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "u",
}  # fmt: skip
_META = frozenset({"copyright", "rights", "dc.rights", "dcterms.rights", "dcterms.license", "dcterms.rightsholder"})


@dataclass(slots=True)
class _Line:
    """A line of a page: its text, the element that it begins in, where that is."""

    element: Element
    in_footer: bool
    begins_in_link: bool
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return normalize(" ".join("".join(self.parts).split()))


def rights_lines(page: str) -> list[str]:
    """Return the lines of a page of HTML that speak of reuse, each once, as they stand there, at most `MOST`.

    What the head of the page says comes first, as `meta NAME: …` and `rel=license: ADDRESS`. Never raises for what a
    page may hold.
    """
    if not _MENTIONED.search(page):
        return []
    try:
        root = parse(page)[0]
    except PageTooLarge:
        return []
    if root is None:
        return []
    found = [*_declared(root), *_shown(root)]
    return list(dict.fromkeys(found))[:MOST]


def _declared(root: Element) -> Iterator[str]:
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = normalize(meta.get("content") or "")
        if name in _META and _SHORTEST <= len(content) <= _LONGEST:
            yield f"meta {name}: {content}"
    for link in root.iter("a", "link"):
        href = normalize(link.get("href") or "")
        if "license" in (link.get("rel") or "").lower().split() and re.match(r"https?://\S{4,300}\Z", href):
            yield f"rel=license: {href}"


def _shown(root: Element) -> Iterator[str]:
    lines = [line for line in _lines(root) if line.text]
    total, before = sum(len(line.text) for line in lines), 0
    for line in lines:
        text = line.text
        is_near_end = total - before <= max(total * _NEAR_END, _LONGEST * 2)
        before += len(text)
        if not _SHORTEST <= len(text) <= _LONGEST or not _speaks_of_rights(text):
            continue
        if line.in_footer or (is_near_end and not line.begins_in_link and not _is_of_news(line.element)):
            yield text


def _speaks_of_rights(text: str) -> bool:
    key = re.sub(r"^[^\w©(]+", "", fold(text))
    return bool(_BEGINS.match(key) or _SPEAKS.search(key)) and sum(map(str.isalpha, text)) >= _SHORTEST // 2


def _is_of_news(element: Element) -> bool:
    """Whether an element belongs to an entry of a list: it is named so, or a headline stands beside it."""
    for level in range(_LEVELS + 1):
        if element is None or element.tag in ("body", "html"):
            return False
        if _OF_NEWS.search(_names(element)):
            return True
        if level and next(element.iter("h1", "h2", "h3", "h4", "h5", "h6", "article"), None) is not None:
            return True
        element = element.getparent()
    return False


def _names(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _lines(root: Element) -> Iterator[_Line]:
    """Yield the lines of a page in order, of which a block or a line break ends each."""
    line: _Line | None = None
    footers: list[Element] = []
    links = unread = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if event == "start":
            unread += tag in _UNREAD
            links += tag == "a"
            if tag == "footer" or (_FOOTER.search(_names(element)) and not _OF_NEWS.search(_names(element))):
                footers.append(element)
            if tag not in _INLINE and line:
                yield line
                line = None
            text, holder = element.text, element
        elif event == "end":
            unread -= tag in _UNREAD
            links -= tag == "a"
            if footers and footers[-1] is element:
                footers.pop()
            if tag not in _INLINE and line:
                yield line
                line = None
            text, holder = element.tail, element.getparent()
        else:  # a comment
            text, holder = element.tail, element.getparent()
        if text and not unread and holder is not None and (line or text.strip()):
            line = line or _Line(holder, bool(footers), links > 0)
            line.parts.append(text)
    if line:
        yield line
