"""Which address an article's page names as its own (`rel=canonical`), and whether that is to be believed.

Many sites name the home page, one page for all, or addresses that do not exist. So the page at the address that is
named is asked for, and has to say the same. What a few articles have shown then holds for all whose address differs
from the named one in the same way: `/m/tin/bai-5.html` from `/tin/bai-5.html`.
"""

import re
from collections import Counter
from itertools import takewhile
from urllib.parse import urlsplit

from scrapy.http import Response, TextResponse

from crawler import urls
from crawler.extraction.page_bounds import PageTooLarge
from crawler.run.article_parts import ArticleParts
from crawler.run.reading.received import Received
from crawler.run.site import Site
from crawler.text import fold, normalize
from spiders.lists.responses import as_html

_LINK = re.compile(rb"<link\b[^<>]{0,600}>", re.IGNORECASE)
_IS_CANONICAL = re.compile(rb"\brel\s*=\s*[\"']?\s*canonical\b", re.IGNORECASE)
_HREF = re.compile(rb"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_HEAD = 100_000  # bytes in which the link is looked for
_ENOUGH = 2  # articles that show whether addresses of one form are believed
_MOST_WRONG = 3  # articles that named a wrong address, and none a right one, until none is looked at
_LONG = 60  # characters of a text that says something of its page
_SAME = 0.6  # share of such texts that two forms of a page have in common

Form = tuple[str, str]
"""What an address has that the named one lacks, and the reverse; numbers as 0."""


def named_by(response: Response) -> str | None:
    """Return the address that a page names as its own, None where it names none."""
    for link in _LINK.finditer(response.body[:_HEAD]):
        if _IS_CANONICAL.search(link[0]) and (href := _HREF.search(link[0])):
            written = next((group for group in href.groups() if group), b"").decode("utf-8", "replace")
            return urls.absolute(response.url, written)
    return None


def says_the_same(site: type[Site], one: Received, other: Received) -> bool:
    """Tell whether two pages are forms of one: they share a title and most of their text.

    Work for a reader of pages.
    """
    try:
        (titles, texts), (other_titles, other_texts) = _said(one.response()), _said(other.response())
    except PageTooLarge:
        return False
    least = min(len(texts), len(other_texts))
    return bool(titles & other_titles) and least > 0 and len(texts & other_texts) >= _SAME * least


def _said(response: TextResponse) -> tuple[set[str], set[str]]:
    """The titles of a page, and its texts of some length."""
    page = as_html(response)
    titles = page.xpath("//h1//text() | //title/text() | //meta[@property='og:title']/@content").getall()
    texts = page.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::a)]").getall()
    long = (normalize(text) for text in texts if len(text) >= _LONG)
    return {fold(normalize(title)) for title in titles if title.strip()}, {fold(text) for text in long if text}


class Canonicals:
    """What a run has seen of the addresses that articles name as their own.

    `undecided`: (address that is named, article, its page) of those that wait for what others show; `asked`: identity →
    article and page of those whose named address is asked for.
    """

    def __init__(self) -> None:
        self.undecided: list[tuple[str, ArticleParts, Response]] = []
        self.asked: dict[str, tuple[ArticleParts, Response]] = {}
        self._right: Counter[Form] = Counter()
        self._wrong: Counter[Form] = Counter()

    def verdict(self, url: str, named: str) -> bool | None:
        """Return whether an article at `url` is to be known as `named`; None where the page there has to say so."""
        form = form_of(url, named)
        if self._wrong[form] or (not self._right and self._wrong.total() >= _MOST_WRONG):
            return False
        return True if self._right[form] >= _ENOUGH else None

    def may_ask(self, url: str, named: str) -> bool:
        """Return whether one more named address may be asked for now: as few as may show whether they are right."""
        return len(self.asked) + self._right[form_of(url, named)] < _ENOUGH

    def note(self, url: str, named: str, *, is_right: bool) -> None:
        """Note what the page at the address that was named has shown."""
        (self._right if is_right else self._wrong)[form_of(url, named)] += 1


def form_of(url: str, named: str) -> Form:
    """Return how two addresses of one host differ: `/m/tin/5.html` and `/tin/5.html` by (`m/`, ``)."""
    one, other = (f"{parts.path}?{parts.query}" for parts in (urlsplit(url), urlsplit(named)))
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    return _numbers_as_0(one[start : len(one) - end]), _numbers_as_0(other[start : len(other) - end])


def _alike(one: str, other: str) -> int:
    """How many characters two strings have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _numbers_as_0(text: str) -> str:
    return re.sub(r"\d+", "0", text)
