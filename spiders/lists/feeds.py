"""Reading what a site tells of its articles besides its pages: RSS, Atom, sitemaps."""

import json
import re
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy.http import TextResponse

from crawler import urls
from crawler.dates.model import HANOI
from crawler.run.items import Listed
from crawler.text import normalize

_HEAD = re.compile(
    rb"^\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*)*<(\w+:)?(rss|rdf|feed|urlset|sitemapindex)\b", re.IGNORECASE | re.DOTALL
)
_NEWS_FIRST = re.compile(r"post|news|article|tin|bai-?viet", re.IGNORECASE)
_MOST_CHILDREN = 50  # sitemaps of an index that are looked at


class Feed:
    """What a feed, a sitemap or an API's answer holds.

    `entries`: (URL, what it says); `children`: the sitemaps that an index names; `pages`: the answer's further pages by
    (parameter, number).
    """

    def __init__(self) -> None:
        self.entries: list[tuple[str, Listed]] = []
        self.children: list[str] = []
        self.pages: dict[tuple[str, int], str] = {}

    def add(self, base: str, href: str, title: str, date: str) -> None:
        """Add an entry; one without an address is none."""
        if url := urls.absolute(base, href):
            self.entries.append((url, Listed(title=normalize(title)[:500], date=date)))


def read_xml(response: TextResponse) -> Feed | None:
    """Return what an RSS, Atom or sitemap document holds; None for anything else. A broken one gives what it can."""
    from lxml.etree import XMLParser, fromstring

    if not _HEAD.match(response.body[:4000].removeprefix(b"\xef\xbb\xbf")):
        return None
    parser = XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    root = fromstring(response.body.lstrip(), parser)
    feed = Feed()
    if root is None:
        return feed
    for element in root.iter():
        match _name(element):
            case "item" | "entry":
                feed.add(response.url, _link(element), _text(element, "title"), _date(element))
            case "url":
                feed.add(response.url, _text(element, "loc"), _text(element, "title"), _date(element))
            case "sitemap":
                if child := urls.absolute(response.url, _text(element, "loc")):
                    feed.children.append(child)
    feed.children.sort(key=lambda url: not _NEWS_FIRST.search(url))
    del feed.children[_MOST_CHILDREN:]
    return feed


def read_json(response: TextResponse) -> Any:
    """Return the JSON value of an answer, None where it is none."""
    try:
        return json.loads(response.text)
    except ValueError:
        return None


def rows_of(value: Any, name: str) -> list[dict[str, Any]]:
    """Return the objects in the list `name` of a JSON object; [] where there is no such list."""
    rows = value.get(name) if isinstance(value, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def number_of(value: Any, name: str) -> int:
    """Return the number `name` of a JSON object; 0 where there is none."""
    found = str(value.get(name)) if isinstance(value, dict) else ""
    return int(found) if found.isascii() and found.isdigit() else 0


def local_time(text: str) -> str:
    """Return a feed's date in Việt Nam's time, as `2023-12-08 15:07`; other text as it is."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return text
    return (moment.astimezone(HANOI) if moment.tzinfo else moment).strftime("%Y-%m-%d %H:%M")


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text(element: Any, name: str) -> str:
    found = next((each for each in element.iter() if _name(each) == name and each is not element), None)
    return normalize("".join(found.itertext())) if found is not None else ""


def _link(element: Any) -> str:
    for link in element.iter():
        if _name(link) == "link":
            if link.get("href") and link.get("rel", "alternate") == "alternate":
                return str(link.get("href"))
            if link.text and link.text.strip():
                return str(link.text.strip())
    return ""


def _date(element: Any) -> str:
    for name in ("pubdate", "published", "publication_date", "date"):
        if text := _text(element, name):
            return local_time(text)
    return ""
