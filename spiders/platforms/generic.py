"""A site of unknown make: lists, pager and articles are found by structure.

An entry of a list is a link with a headline's length that stands in a block of its own; blocks of one shape must
repeat, and where some lists show dates, those without are none. Feeds and sitemaps are asked for where they usually
are. Articles are read without a layout. A site's file may state `article_urls`, the shape of its articles' addresses;
then every link of that shape is an article.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from parsel import Selector
from scrapy.http import TextResponse

from crawler.text import normalize
from spiders.base import PortalSpider
from spiders.platform import Platform

LAYOUT = None

_HEADLINE = 20  # letters that make a headline of a link
_REPEATED = 3  # blocks of one shape that make a list
_LEVELS = 5  # elements above a link that may be its block
_DATE = re.compile(r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}\b|\b\d{4}-\d\d-\d\d\b|ngày \d{1,2} tháng \d{1,2}")
_CHROME = frozenset({"nav", "footer", "header", "form", "select"})
_CHROME_NAME = re.compile(r"menu|nav\b|navbar|breadcrumb|footer|pagination|pager|banner|lien-?ket", re.IGNORECASE)
_NO_ARTICLE = (
    r"(?:category|chuyen-?muc|danh-?muc|tag|tags|author|page|trang|search|tim-kiem|feed|rss|sitemap|contact|lien-he|"
    r"login|dang-nhap|user|gioi-thieu|so-do)"
)
_IDS = r"(?:\w*id|nid|p|n|tin|news|bai|baiviet|article|post|item|key|code|slug)"


class Generic(Platform):
    """Knows entries by their repetition."""

    def find_items(self, response: TextResponse) -> list[Selector]:
        """Return the blocks of the page that are a list's entries, outermost first."""
        shapes: dict[str, list[Any]] = defaultdict(list)
        for link in response.xpath("//a[@href]"):
            if len(normalize(link.root.text_content())) >= _HEADLINE and not _in_chrome(link.root):
                block = _block(link.root)
                if not any(block is other for other in shapes[_shape(block)][-3:]):
                    shapes[_shape(block)].append(block)
        lists = [blocks for blocks in shapes.values() if len(blocks) >= _REPEATED]
        dated = [blocks for blocks in lists if sum(map(_is_dated, blocks)) * 2 > len(blocks)]
        return [Selector(root=block) for blocks in dated or lists for block in blocks]

    def identity(self, url: str) -> str | None:
        """Return the address without scheme and host; None for a home page, a pager or a list by its name."""
        if not self.items_only:
            return super().identity(url)
        if self.page(url) or super().identity(url) is None:
            return None
        bare = urlsplit(self.canonical(url))
        return f"{bare.path.rstrip('/')}?{bare.query}".rstrip("?").lstrip("/") or None


PLATFORM = Generic(
    name="generic",
    layout=None,
    articles=(
        re.compile(rf"^https?://[^/]+/(?!{_NO_ARTICLE}(?:[/.?]|$))(?P<id>[^?]{{8,}})"),
        re.compile(rf"^https?://[^/]+/[^?]*\?(?:[^#]*&)?(?P<id>{_IDS}=[^&]+)", re.IGNORECASE),
    ),
    items="",
    item_title=".//a[string-length(normalize-space()) >= 20]",
    page_parameter=re.compile(r"(?:\w+_)?(?:page|paged|pageindex|page_?no|cur|trang|start|p)", re.IGNORECASE),
    page_path=re.compile(r"(?P<page>[/-](?:page|trang|p)[/-]?(?P<number>\d+))(?=/$|\.html?$|\.aspx$|$)", re.IGNORECASE),
    list_parameters=re.compile(r"(?:cat\w*|c|chuyen-?muc\w*|tabid|mid|menu\w*|module|nv|op|option|view|com|act)", re.I),
    identity_parameters=re.compile(_IDS, re.IGNORECASE),
    items_only=True,
    discovery=("/sitemap.xml", "/rss.xml", "/feed/"),
    never=re.compile(
        r"/in(?:-bai)?/|[?&](?:print|in|tmpl|format|sort|order)=|/(?:sitemap|so-do)\b|/\w*print\w*[/.]", re.IGNORECASE
    ),
)  # fmt: skip


def _in_chrome(element: Any) -> bool:
    """Whether an element stands in a menu, a header or a footer."""
    return any(
        above.tag in _CHROME or _CHROME_NAME.search(f"{above.get('class', '')} {above.get('id', '')}")
        for above in element.iterancestors()
        if above.tag not in ("body", "html")
    )


def _block(link: Any) -> Any:
    """The largest element above a link, five levels up at most, in which all links of a headline's length are alike."""
    block, href = link, link.get("href")
    for _ in range(_LEVELS):
        parent = block.getparent()
        if parent is None or parent.tag in ("body", "html", "main", "ul", "ol", "tbody", "table"):
            break
        if any(other != href for other in _headlines(parent)):
            break
        block = parent
    return block


def _headlines(element: Any) -> Iterator[str]:
    for link in element.iter("a"):
        if link.get("href") and len(normalize(link.text_content())) >= _HEADLINE:
            yield link.get("href")


def _shape(block: Any) -> str:
    """What blocks of one list share: the names of their element and of the one around it."""
    parent = block.getparent()
    around = f"{parent.tag}.{parent.get('class', '')}" if parent is not None else ""
    return f"{around}>{block.tag}.{' '.join(sorted((block.get('class') or '').split())[:2])}"


def _is_dated(block: Any) -> bool:
    return _DATE.search(block.text_content()) is not None


# Shapes that addresses of articles have, from sure to unsure; `learn` takes the first that fits all.
_SHAPES = (
    r"-(?P<id>\d{3,})\.(?:html?|aspx)$",
    r"/(?P<id>\d{3,})-[^/?]+$",
    r"[/-](?P<id>\d{3,})/?$",
    r"/[a-z-]+\.(?:aspx|php|html)\?(?:.*&)?\w*id=(?P<id>\d+)",
    r"[?&]\w*id=(?P<id>\d+)",
    r"/(?:bai-viet|tin-bai|tin-tuc|tin|news|post|posts|article|chi-tiet)/(?P<id>[^/?]{8,})$",
)


def learn(articles: list[str], others: list[str]) -> str | None:
    """Return the pattern that every article's address has and no other link does; None where no known shape fits."""
    if len(articles) < _REPEATED:
        return None
    for shape in _SHAPES:
        found = [re.search(shape, url) for url in articles]
        if all(found) and not any(re.search(shape, url) for url in others):
            numbers = Counter(match["id"] for match in found if match)
            if len(numbers) == len(set(articles)):
                return shape
    return None


class GenericSpider(PortalSpider):
    """A site of unknown make. `article_urls`: a pattern with a group `id`, where the addresses have a shape."""

    platform = PLATFORM
    article_urls: ClassVar[str | None] = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.article_urls:
            cls.platform = replace(PLATFORM, articles=(re.compile(cls.article_urls),), items_only=False)
