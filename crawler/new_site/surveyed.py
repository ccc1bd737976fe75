"""What a survey found: the pages that were looked at, and what is to be written of the site."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.extraction import Article
from crawler.new_site.frozen_pages import Page
from crawler.new_site.probe import Fetched
from crawler.units import propose
from spiders.base import PortalSpider
from spiders.fingerprint import Match, Seen
from spiders.lists.listing import Listing
from spiders.spider_classes import spider_class


@dataclass(slots=True)
class SeenPage:
    """A page that was fetched, and what it holds as a list. `is_feed`: it is a feed, a sitemap or an API's answer."""

    page: Page
    seen: Seen
    fetched: Fetched
    listing: Listing = field(default_factory=Listing)
    answer: Page | None = None  # from which the page's script gets its entries
    is_feed: bool = False
    frames: list["SeenPage"] = field(default_factory=list)  # of a page that is a frameset

    @property
    def articles(self) -> list[str]:
        """The addresses of the articles that it lists, each once."""
        return list(dict.fromkeys(url for url, _ in self.listing.entries))

    @property
    def shows_list(self) -> Page:
        """What holds the list's entries: the page itself, or the answer that its script requests."""
        return self.answer or self.page


@dataclass(slots=True)
class Survey:
    """What was found. `lists`: pages that are lists, most articles first; `shown`: article pages and what was read."""

    url: str
    platform: str
    matches: list[Match]
    ward: str
    slug: str
    host: str
    scheme: str
    start_pages: tuple[str, ...]
    lists: list[SeenPage]
    shown: list[tuple[Page, Article]]
    pager: str
    feeds: dict[str, int]
    article_urls: str | None = None
    front: str = ""  # the text of the first page
    notes: list[str] = field(default_factory=list)
    render: str = ""  # what a browser has to finish
    empty: list[dict[str, str]] = field(default_factory=list)  # for each of `shown`: field → why it is empty
    lost: list[str] = field(default_factory=list)  # why articles of the preview were not fetched
    requests: int = 0  # pages that were asked for

    def units(self) -> tuple[str | None, str | None]:
        """Return the codes of the ward's unit before and since July 2025, None where host and page leave them open."""
        return propose(self.ward, self.host, self.front)

    def spider(self) -> type[PortalSpider]:
        """Return the site's spider class, as its file would define it."""
        facts: dict[str, object] = {
            "name": self.slug, "ward": self.ward, "host": self.host, "scheme": self.scheme,
            "start_pages": self.start_pages,
        }  # fmt: skip
        if self.article_urls:
            facts["article_urls"] = self.article_urls
        if self.render:
            facts["render"] = self.render
        made: type[PortalSpider] = type("Surveyed", (spider_class(self.platform),), facts)
        return made


def path_of(url: str) -> str:
    """Return the path of an address with its query, as start pages name it."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
