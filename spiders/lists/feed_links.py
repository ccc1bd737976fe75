"""Where pages name their feeds: in their heads, by plain links, on a page that lists feeds, in an OPML file."""

import re
from collections.abc import Iterable

from scrapy.http import TextResponse

from crawler import urls
from spiders.lists.responses import base_of

MOST = 3
"""Feeds of one page that are asked for: the first is that of all news."""

_MOST_OUTLINES = 200
_LONGEST = 60  # characters of what a link to a feed is called
_LOWER = "translate({}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
_KIND = _LOWER.format("@type")
_IN_HEAD = (
    f"//link[contains(concat(' ', {_LOWER.format('@rel')}, ' '), ' alternate ')]"
    f"[contains({_KIND}, 'rss') or contains({_KIND}, 'atom') or contains({_KIND}, 'feed+json')"
    f" or {_KIND} = 'text/xml' or {_KIND} = 'application/xml'"
    f" or ({_KIND} = 'application/json' and not(contains(@href, 'wp-json')))]/@href"
)
_ADDRESS = re.compile(
    r"/(?:rss|feeds?|atom|rdf)(?:\d?\.\w{2,5})?/?(?:[?#]|$)|/(?:rss|feeds?|atom)/[^?#]*$|\.(?:rss|atom|rdf|opml)(?:[?#]|$)"
    r"|/[\w-]{0,20}(?:rss|feed|rdf){1,2}s?\d?\.(?:xml|aspx|ashx|php|html?|json)(?:[?#]|$)|[?&](?:feed|format|type|output)=(?:rss2?|atom|feed)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\W*(?:rss|atom|rss\s?2\.0|(?:kênh|nguồn|tin)\s+rss|rss\s?feeds?|feeds?)\W*", re.IGNORECASE)
_OTHER = re.compile(r"comment|binh-?luan|javascript:|podcast", re.IGNORECASE)
_OPML = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)?<opml\b", re.IGNORECASE | re.DOTALL)
_OUTLINE = re.compile(r"""<outline\b[^<>]*?\bxmlUrl\s*=\s*["']([^"'<>]{1,2000})["']""", re.IGNORECASE)


def is_address_of_feed(url: str) -> bool:
    """Return whether an address is named like that of a feed, or of a page that lists feeds."""
    return _ADDRESS.search(url) is not None and not _OTHER.search(url)


def named_by(response: TextResponse) -> list[str]:
    """Return the feeds that a page names in its head; where it names none, those that plain links lead to."""
    base = base_of(response)
    found = [urls.absolute(base, href) for href in response.xpath(_IN_HEAD).getall()]
    return _first(found) or linked_from(response)


def linked_from(response: TextResponse) -> list[str]:
    """Return the feeds of the same site that links of a page lead to, by their addresses or because they are called RSS
    or Atom."""
    base, host = base_of(response), urls.plain_host(urls.host(response.url))
    found = []
    for link in response.xpath("//a[@href] | //area[@href]"):
        url = urls.absolute(base, link.root.get("href"))
        if url is None or urls.plain_host(urls.host(url)) != host or url == response.url:
            continue
        said = [link.xpath("string()").get() or "", *link.xpath("@title | .//img/@alt | @aria-label").getall()]
        if is_address_of_feed(url) or any(len(text) < _LONGEST and _NAMED.fullmatch(text.strip()) for text in said):
            found.append(url)
    return _first(found)


def outlined_in(text: str, url: str) -> list[str] | None:
    """Return the feeds that an OPML file names; None for anything else."""
    if not _OPML.match(text[:10_000]):
        return None
    found = [urls.absolute(url, href.replace("&amp;", "&")) for href in _OUTLINE.findall(text)[:_MOST_OUTLINES]]
    return _first(found)


def _first(found: Iterable[str | None]) -> list[str]:
    return [url for url in dict.fromkeys(found) if url and not _OTHER.search(url)][:MOST]
