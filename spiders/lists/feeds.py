"""Where a site lists its articles besides its pages: RSS, Atom, sitemaps, JSON."""

import json
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy.http import TextResponse

from crawler import urls
from crawler.dates.model import HANOI
from crawler.extraction.page_bounds import PageTooLarge
from crawler.run.items import Listed
from crawler.text import normalize
from spiders.lists.feed_bounds import MAX_ADDRESSES, newest

_HEAD = re.compile(
    rb"^\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*)*<(\w+:)?(rss|rdf|feed|urlset|sitemapindex)\b", re.IGNORECASE | re.DOTALL
)
_NEWS_FIRST = re.compile(r"post|news|article|tin|bai-?viet", re.IGNORECASE)
_MOST_CHILDREN = 50  # sitemaps of an index that are read
_EXCERPT = 2000  # characters of an excerpt that are kept
_DIGITS = 19  # of a number, at most

Json = dict[str, "Json"] | list["Json"] | str | int | float | None
Element = Any  # an lxml element: lxml has no types


class Feed:
    """What a feed, a sitemap or an API's answer holds.

    `entries`: (URL, what it says); `children`: the sitemaps that an index names; `pages`: the answer's further pages by
    (parameter, number); `left_out`: how many more addresses it names than are read.
    """

    def __init__(self) -> None:
        self.entries: list[tuple[str, Listed]] = []
        self.children: list[str] = []
        self.pages: dict[tuple[str, int], str] = {}
        self.left_out = 0

    def add(self, base: str, href: str, title: str, date: str, summary: str = "") -> None:
        """Add an entry, unless it has no address. `summary` may have markup."""
        if url := urls.absolute(base, href):
            summary = without_markup(summary)[:_EXCERPT]
            title = normalize(title)[:500]
            self.entries.append((url, Listed(title=title, date=date, summary=summary, by_feed=bool(date))))


def read_xml(response: TextResponse) -> Feed | None:
    """Return what an RSS, Atom or sitemap document holds; None for anything else. Of a broken one, what is readable."""
    from lxml.etree import XMLParser, fromstring

    if not _HEAD.match(response.body[:4000].removeprefix(b"\xef\xbb\xbf")):
        return None
    parser = XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    feed = Feed()
    body, feed.left_out = newest(response.body)
    root = fromstring(body.lstrip(), parser)
    if root is None:
        return feed
    for element in root.iter():
        match _name(element):
            case "item" | "entry":
                summary = _text(element, "description") or _text(element, "summary")
                feed.add(response.url, _link(element), _text(element, "title"), _date(element), summary)
            case "url":
                feed.add(response.url, _text(element, "loc"), _text(element, "title"), _date(element))
            case "sitemap":
                if child := urls.absolute(response.url, _text(element, "loc")):
                    feed.children.append(child)
    feed.children.sort(key=lambda url: not _NEWS_FIRST.search(url))
    del feed.children[_MOST_CHILDREN:]
    return feed


def read_json(response: TextResponse) -> Json:
    """Return the JSON value of an answer, None where it is not JSON."""
    try:
        value: Json = json.loads(response.text)
    except (ValueError, RecursionError):
        return None
    return value


def member(value: Json, name: str) -> Json:
    """Return what a JSON object holds under `name`; None where that is missing, or `value` is not an object."""
    return value.get(name) if isinstance(value, dict) else None


def text_of(value: Json, name: str) -> str:
    """Return the text or number that a JSON object holds under `name`, as text; "" for anything else."""
    found = member(value, name)
    return str(found) if found and isinstance(found, str | int | float) else ""


def number_of(value: Json, name: str) -> int:
    """Return the whole number that a JSON object holds under `name`; 0 for anything else."""
    return whole_number(text_of(value, name))


def objects(value: Json) -> list[dict[str, Json]]:
    """Return the objects in a JSON array; [] where `value` is not an array. Raises PageTooLarge for too many."""
    if isinstance(value, list) and len(value) > MAX_ADDRESSES:
        raise PageTooLarge(f"more than {MAX_ADDRESSES} rows")
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def whole_number(text: str | None, default: int = 0) -> int:
    """Return the number that a parameter or a form's field holds; `default` where it does not hold one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < _DIGITS else default


def without_markup(text: str) -> str:
    """Return the text of a piece of HTML on one line, without what it says of pictures and how to read on."""
    if "<" in text or "&" in text:
        from lxml.html import fragment_fromstring

        element = fragment_fromstring(text[: 10 * _EXCERPT], create_parent="div")
        for inner in list(element.iter("script", "style")):
            inner.drop_tree()
        text = " ".join(element.itertext())
    return normalize(" ".join(text.split()))


def local_time(text: str) -> str:
    """Return a feed's date in Việt Nam's time, as `2023-12-08 15:07`; text that is not a date unchanged."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment.astimezone(HANOI) if moment.tzinfo else moment).strftime("%Y-%m-%d %H:%M")
    except (ValueError, TypeError, OverflowError):
        return text


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text(element: Element, name: str) -> str:
    found = next((each for each in _own(element) if _name(each) == name), None)
    return normalize("".join(found.itertext())) if found is not None else ""


def _own(element: Element) -> Iterator[Element]:
    """What stands in an entry, up to another one: where end tags are missing, entries stand in entries."""
    own = _name(element)
    for inner in element.iter():
        if inner is not element:
            if _name(inner) == own:
                return
            yield inner


def _link(element: Element) -> str:
    for link in _own(element):
        if _name(link) == "link":
            if link.get("href") and link.get("rel", "alternate") == "alternate":
                return str(link.get("href"))
            if link.text and link.text.strip():
                return str(link.text.strip())
    return ""


def _date(element: Element) -> str:
    for name in ("pubdate", "published", "publication_date", "date"):
        if text := _text(element, name):
            return local_time(text)
    return ""
