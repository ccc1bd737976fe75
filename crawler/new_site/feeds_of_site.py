"""The feeds, sitemaps and APIs of a site that answer, and the best of them as its list where its pages show none."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from crawler import urls
from crawler.extraction.page_bounds import PageTooLarge
from crawler.new_site.allowance import Allowance
from crawler.new_site.frozen_pages import Page
from crawler.new_site.probe import Fetched, PageNotFetched
from crawler.new_site.surveyed import SeenPage, path_of
from crawler.run.items import Listed
from spiders.fingerprint import Seen
from spiders.lists.address_shapes import shape
from spiders.lists.feeds import Feed
from spiders.lists.listing import Listing
from spiders.lists.reader import ListReader
from spiders.lists.responses import content_type_of
from spiders.platform import Platform
from spiders.platforms import generic

_LEAST = 2  # articles of a list
_MOST_CHILDREN = 2  # sitemaps of an index that are looked at
_MOST_OF_ROBOTS = 100_000  # characters
_SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_KEPT = 5  # requests kept for the pager and the articles


@dataclass(frozen=True, slots=True)
class SeenFeed:
    """A feed, sitemap or API's answer that came, and what it holds."""

    fetched: Fetched
    feed: Feed

    @property
    def path(self) -> str:
        """Its address on its host."""
        return path_of(self.fetched.response.url)

    @property
    def count(self) -> int:
        """How many entries it has, or sitemaps it names."""
        return len(self.feed.entries) + len(self.feed.children)


def feed_in(fetched: Fetched, platform: Platform = generic.PLATFORM) -> SeenFeed | None:
    """Return what came as a feed or sitemap; None where it is anything else, or names nothing."""
    try:
        feed = platform.read_data(fetched.response)
    except PageTooLarge:
        return None
    return SeenFeed(fetched, feed) if feed and (feed.entries or feed.children) else None


async def _feed_at(url: str, fetch: Allowance, platform: Platform = generic.PLATFORM) -> SeenFeed | None:
    """Return the feed or sitemap at an address; None where there is none."""
    try:
        return feed_in(await fetch(url), platform)
    except PageNotFetched:
        return None


async def feeds_of(platform: Platform, pages: Sequence[SeenPage], fetch: Allowance) -> list[SeenFeed]:
    """Return the feeds, sitemaps and APIs that work: of the platform, or linked on the home page, the first page."""
    answered: list[SeenFeed] = []
    home = pages[0]
    usual = [urls.absolute(urljoin(home.page.url, "/"), path) or home.page.url for path in platform.discovery]
    for path, url in {path_of(url): url for url in (*usual, *platform.feeds(home.fetched.response))}.items():
        if not fetch.allows("feeds and sitemaps", keep=_KEPT, share=0.75):
            break
        if (seen := await _feed_at(url, fetch, platform)) and path not in [other.path for other in answered]:
            answered.append(seen)
    return answered


async def feeds_of_robots(home: SeenPage, known: Sequence[str], fetch: Allowance) -> list[SeenFeed]:
    """Return the sitemaps of the site that its robots.txt names, but for those at the paths in `known`."""
    found: list[SeenFeed] = []
    address = urljoin(home.page.url, "/robots.txt")
    if not fetch.allows("sitemaps that robots.txt names", keep=_KEPT, share=0.75):
        return found
    try:
        text = (await fetch(address)).response.text
    except PageNotFetched:
        return found
    for named in dict.fromkeys(_SITEMAP.findall(text[:_MOST_OF_ROBOTS])):
        url = urls.absolute(address, named)
        if url is None or urls.host(url) != urls.host(address) or path_of(url) in known:
            continue
        if len(found) == _MOST_CHILDREN or not fetch.allows("sitemaps that robots.txt names", keep=_KEPT, share=0.8):
            break
        if seen := await _feed_at(url, fetch):
            found.append(seen)
    return found


async def feed_as_list(feeds: Sequence[SeenFeed], reader: ListReader, fetch: Allowance) -> SeenPage | None:
    """Return the best of the feeds as a page that lists articles; None where none lists two of them.

    Feeds, whose entries have titles, go before sitemaps; of an index the first sitemaps are asked for.
    """
    best: SeenPage | None = None
    for seen in sorted(feeds, key=lambda seen: not any(listed.title for _, listed in seen.feed.entries)):
        for each in [seen, *await _children(seen, reader.platform, fetch)]:
            page = _as_page(each, reader)
            if len(page.articles) >= _LEAST:
                if any(listed.title for _, listed in page.listing.entries):
                    return page
                best = page if best is None or len(page.articles) > len(best.articles) else best
    return best


async def _children(seen: SeenFeed, platform: Platform, fetch: Allowance) -> list[SeenFeed]:
    found = []
    for url in seen.feed.children[:_MOST_CHILDREN] if not seen.feed.entries else ():
        if not fetch.allows("sitemaps of an index", keep=_KEPT, share=0.85):
            break
        if child := await _feed_at(url, fetch, platform):
            found.append(child)
    return found


def _as_page(seen: SeenFeed, reader: ListReader) -> SeenPage:
    response = seen.fetched.response
    listing = reader.read(response)
    kind = content_type_of(response, "application/xml")
    page = Page(urls.cleaned(response.url), kind, response.body, seen.fetched.at)
    found = SeenPage(page, Seen(page.url, {}), seen.fetched, is_feed=True)
    if isinstance(listing, Listing):
        listing.entries = likely_articles(listing.entries)
        found.listing = listing
    return found


def likely_articles(entries: Sequence[tuple[str, Listed]]) -> list[tuple[str, Listed]]:
    """Return the entries of a feed; of a sitemap of bare addresses those that have the shape of most articles.

    A sitemap names every page: home page, sections and articles. Articles are many, and their addresses have long
    words or numbers.
    """
    if any(listed.title for _, listed in entries):
        return list(entries)
    shapes = Counter(shape(url) for url, _ in entries)
    rows = [
        (count, found) for found, count in shapes.items() if count >= _LEAST and ("slug" in found[1] or "0" in found[1])
    ]
    if not rows:
        return [(url, listed) for url, listed in entries if urlsplit(url).path.strip("/")]
    most = max(rows, key=lambda row: row[0])[1]
    return [(url, listed) for url, listed in entries if shape(url) == most]
