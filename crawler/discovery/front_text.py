"""What a front page shows: its title, its lines with the part of the page in which they stand, and its links. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crawler import urls
from crawler.discovery.model import FrontPage
from crawler.extraction.blocks import Walker
from crawler.extraction.charsets import decode, is_binary
from crawler.extraction.isolation import base_of, drop_scripts
from crawler.extraction.page_bounds import PageTooLarge
from crawler.extraction.page_problems import is_frame, page_problem
from crawler.extraction.shown_dates import is_clock
from crawler.extraction.tree import parse, slim
from crawler.reasons import Reason
from crawler.text import normalize

TITLE, SITE_NAME, BANNER, HEADING = "title", "site_name", "banner", "heading"
FOOTER, MENU, BODY = "footer", "menu", "body"
_MOST_LINES = 4000
_LONGEST = 600  # characters of a line that are read
_LEVELS = 12
_FOOTER = re.compile(
    r"(?:^|[\s_-])(?:footer\w*|foot|ft|copyright|bottom-?(?:bar|info)?|chan-?trang|ban-?quyen|site-?info)(?=$|[\s_-])",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"(?:^|[\s_-])(?:header|head|masthead|banner\w*|logo\w*|brand\w*|site-?(?:title|name|branding|description)"
    r"|top|top-?(?:bar|header|line)|dau-?trang)(?=$|[\s_\d-])",
    re.IGNORECASE,
)
_MENU = re.compile(r"(?:^|[\s_-])(?:nav|menu|navbar|navigation|breadcrumb)", re.IGNORECASE)
_NAMES = ("og:site_name", "application-name", "og:title", "author", "dc.creator", "dc.publisher", "copyright")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that readers see. `place`: one of those above; `linked`: most of it is a link; `clock`: it stands where
    pages show the time of day; `node`: its element."""

    text: str
    place: str
    linked: bool = False
    clock: bool = False
    node: Any = None


@dataclass(slots=True)
class FrontText:
    """A front page, read. `problem`: why it is none, a reason of `crawler.reasons` or ""; `links`: (address, words);
    `asks_password`: it has a field for one."""

    problem: str = ""
    title: str = ""
    lines: list[Line] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    source: str = ""
    text: str = ""
    asks_password: bool = False

    def of(self, *places: str) -> Iterator[Line]:
        """Yield the lines in some parts of the page."""
        return (line for line in self.lines if line.place in places)


def read(page: FrontPage) -> FrontText:
    """Return what a front page shows; with its `problem` where it is empty, no page, an error's or a firewall's."""
    body, charset = page.body, page.charset or None
    if is_binary(body):
        return FrontText(Reason.NOT_HTML)
    try:
        decoded = decode(slim(body), charset)
        if decoded is None:
            return FrontText(Reason.UNDECODABLE)
        root, _, _ = parse(decoded.text)
    except PageTooLarge:
        return FrontText(Reason.TOO_LARGE)
    if root is None:
        return FrontText(Reason.EMPTY_PAGE, source=decoded.text)
    found = FrontText(str(page_problem(body, page.url, charset) or ""), source=decoded.text)
    found.asks_password = bool(root.xpath("boolean(//input[@type='password'])"))
    found.title = normalize(" ".join((root.findtext(".//title") or "")[: 4 * _LONGEST].split()))[:_LONGEST]
    base = base_of(root, page.url)
    for anchor in root.iter("a"):
        if (url := urls.absolute(base, anchor.get("href") or "")) is not None:
            found.links.append((url, normalize(" ".join(" ".join(anchor.itertext()).split()))))
    found.lines = list(_declared(root, found.title))
    drop_scripts(root)
    found.lines += _shown(root)
    found.text = "\n".join(line.text for line in found.lines)
    shown = sum(len(line.text) for line in found.lines if line.node is not None)
    if not found.problem and is_frame(decoded.text):
        found.problem = Reason.FILLED_BY_SCRIPT
    elif not found.problem and shown < 20 and not found.links:
        found.problem = Reason.FILLED_BY_SCRIPT if "<script" in decoded.text.lower() else Reason.EMPTY_PAGE
    return found


def _declared(root: Any, title: str) -> Iterator[Line]:
    if title:
        yield Line(title, TITLE)
    for name in _NAMES:
        for meta in root.xpath("//meta[@property=$name or @name=$name]", name=name)[:2]:
            if content := normalize(" ".join((meta.get("content") or "").split())):
                yield Line(content[:_LONGEST], SITE_NAME if name != "og:title" else TITLE)


def _shown(root: Any) -> Iterator[Line]:
    places: dict[Any, str] = {}
    body = root.find("body")
    blocks = Walker().walk(root if body is None else body)
    for image in (root if body is None else body).iter("img"):
        alt = normalize(" ".join((image.get("alt") or image.get("title") or "").split()))
        if alt and (place := _place(image, places)) in (BANNER, FOOTER):
            yield Line(alt[:_LONGEST], place, linked=False, node=image)
    count = 0
    for block in blocks:
        place = _place(block.node, places)
        if block.kind == "h" and block.level == 1 and place == BODY:
            place = HEADING
        linked, clock = block.density > 0.5, is_clock(block.node, set())
        for text in (part for line in block.text.split("\n") for part in line.split(" | ")):
            if text.strip():
                yield Line(text.strip()[:_LONGEST], place, linked, clock, block.node)
                count += 1
        if count > _MOST_LINES:
            return


def _place(node: Any, known: dict[Any, str]) -> str:
    """Return in which part of the page an element stands, by the names of those around it; the outermost decides."""
    found, place, level = BODY, node, 0
    while place is not None and isinstance(place.tag, str) and level < _LEVELS and place.tag not in ("body", "html"):
        if place not in known:
            known[place] = _named(place)
        if known[place] != BODY and not (known[place] == BANNER and found == MENU):
            found = known[place]
        place, level = place.getparent(), level + 1
    return found


def _named(node: Any) -> str:
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    if node.tag == "footer" or _FOOTER.search(names):
        return FOOTER
    if node.tag == "nav" or _MENU.search(names):
        return MENU
    return BANNER if node.tag == "header" or _BANNER.search(names) else BODY
