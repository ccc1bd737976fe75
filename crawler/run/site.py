"""What a run needs to know about a site and its platform."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

from scrapy import Spider

from crawler import urls
from crawler.run.frontier import Frontier
from crawler.run.site_memory import SiteMemory

if TYPE_CHECKING:
    from scrapy.http import TextResponse

    from crawler.extraction.layout import Layout


class SitePlatform(Protocol):
    """How a site's CMS names its articles and lays them out (`spiders.platform.Platform`)."""

    @property
    def name(self) -> str:
        """The name of the platform's module, as in the table `sites`."""

    @property
    def parts(self) -> str:
        """XPath of the links to an article's further pages; "" where articles have one page."""

    def identity(self, url: str) -> str | None:
        """Return the identity of the article behind `url`, or None for any other page."""

    def is_followed(self, url: str) -> bool:
        """Tell whether a link may be followed at all."""

    def layout_at(self, captured_at: datetime | None) -> "Layout | None":
        """Return the layout of article pages captured then."""

    def part_of(self, url: str) -> tuple[str, int] | None:
        """Return (identity, number) where `url` is a further page of an article."""

    def further_pages(self, response: "TextResponse") -> dict[int, str]:
        """Return number → address of the further pages that an article's page names."""


class Site(Spider):
    """A site: its facts, and what earlier runs know about it. `spiders.base.PortalSpider` crawls it.

    `name` is the slug; `start_pages` are paths; `every`: hours between runs; `unit_old` and `unit_new`: codes of the
    administrative unit before and since July 2025; `other_hosts` serve the same site; `tls`: `old` where its server
    offers only old protocols or weak keys, `any` where its certificate is not to be verified (crawler.network.tls).
    `timeout`: seconds that one transfer may take where the site answers slowly, 0 for the setting DOWNLOAD_TIMEOUT.
    """

    ward: ClassVar[str]
    host: ClassVar[str]
    platform: SitePlatform
    start_pages: ClassVar[tuple[str, ...]] = ("/",)
    other_hosts: ClassVar[tuple[str, ...]] = ()
    scheme: ClassVar[str] = "https"
    every: ClassVar[int] = 24
    tls: ClassVar[str] = ""
    timeout: ClassVar[float] = 0.0
    unit_old: ClassVar[str | None] = None
    unit_new: ClassVar[str | None] = None
    allowed_domains: list[str]
    memory: SiteMemory  # the ledger fills it
    frontier: Frontier
    robots_sitemaps: Sequence[str] = ()  # addresses in the robots.txt of its own host, once that was read

    @classmethod
    def host_names(cls) -> tuple[str, ...]:
        """Return the names of the site's hosts, without ports."""
        return tuple(dict.fromkeys(urls.host(f"//{host}") for host in (cls.host, *cls.other_hosts)))

    @classmethod
    def start_urls_of(cls) -> list[str]:
        """Return the site's start pages as URLs."""
        pages = (urls.absolute(f"{cls.scheme}://{cls.host}/", path) for path in cls.start_pages)
        return [url for url in pages if url]
