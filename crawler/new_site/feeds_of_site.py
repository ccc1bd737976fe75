"""The feeds, sitemaps and APIs of a site that answer."""

from urllib.parse import urljoin

from crawler import urls
from crawler.extraction.page_bounds import PageTooLarge
from crawler.new_site.probe import Fetch, PageNotFetched
from crawler.new_site.surveyed import SeenPage, path_of
from spiders.lists.feeds import Feed
from spiders.platform import Platform


async def feeds_of(platform: Platform, home: SeenPage, fetch: Fetch) -> dict[str, int]:
    """Return path → entries for the feeds, sitemaps and APIs that work, of the platform or linked on the home page."""
    answered: dict[str, int] = {}
    usual = [urls.absolute(urljoin(home.page.url, "/"), path) or home.page.url for path in platform.discovery]
    for path, url in {path_of(url): url for url in (*usual, *platform.feeds(home.fetched.response))}.items():
        try:
            fetched = await fetch(url)
        except PageNotFetched:
            continue
        try:
            feed: Feed | None = platform.read_data(fetched.response)
        except PageTooLarge:
            continue
        if feed is not None and (feed.entries or feed.children):
            answered[path] = len(feed.entries) + len(feed.children)
    return answered
