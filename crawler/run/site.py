"""What a run needs to know about a site and its platform."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol, Self
from urllib.parse import unquote, urlsplit

from scrapy import Spider
from scrapy.settings import BaseSettings

from crawler import urls
from crawler.run.frontier import Frontier
from crawler.run.site_memory import Remembered, SiteMemory

if TYPE_CHECKING:
    from scrapy.http import TextResponse

    from crawler.extraction.layout import Layout


GENERIC = "generic"
"""The platform of a site of which none is known."""

STATED, FOUND, UNKNOWN = "stated", "found", "unknown"
BROWSER = "browser"
"""Where a site's platform is known from: its own facts say it; a run found it, and it was kept; from nowhere yet."""

LEAST_DELAY = 0.001  # seconds; with 0 Scrapy 2.19 starts several requests to one host at once


class SitePlatform(Protocol):
    """How a site's CMS names its articles and lays them out (`spiders.platform.Platform`)."""

    @property
    def name(self) -> str:
        """The name of the platform's module, as in the table `sites`."""

    @property
    def parts(self) -> str:
        """XPath of the links to an article's further pages; "" where articles have one page."""

    @property
    def pause(self) -> float:
        """Seconds between two requests that keep a crawl under the platform's own limit; 0 where it has none."""

    def identity(self, url: str) -> str | None:
        """Return the identity of the article behind `url`, or None for any other page."""

    def number(self, identity: str) -> str | None:
        """Return what all identities of one article have in common, where it may have several."""

    def canonical(self, url: str) -> str:
        """Return the one URL under which the article at `url` is stored."""

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
    Facts in the place of the run's settings, each of which `[site.SLUG]` of a configuration may set too: `timeout`:
    seconds that one transfer may take where the site answers slowly, 0 for DOWNLOAD_TIMEOUT; `delay`: seconds between
    two requests, also where the platform's `pause` is longer, None for the longer one of DOWNLOAD_DELAY and that;
    `user_agent`: "" for USER_AGENT; `proxy`: an address, "" for none at all, None for TINPHUONG_PROXY; `attachments`,
    `pictures` and `requisites`: whether a live run fetches them, None for what the run is asked, of requisites also
    BROWSER: the pages of articles are loaded in a browser to find them; `leave_out`:
    beginnings of paths that are not visited; `render`: what a browser finishes, "lists" (start pages, sections and
    lists), "pages" (articles too) or ""; `rights`: what is stated on the reuse of its articles, `rights_url`: the
    licence, "" for none of its own. `platform_from`: STATED, FOUND or UNKNOWN; but for the first, a run may find
    another platform, and puts it in the place of `platform` before it reads anything.
    """

    ward: ClassVar[str]
    host: ClassVar[str]
    platform: SitePlatform
    platform_from: str = STATED
    start_pages: ClassVar[tuple[str, ...]] = ("/",)
    other_hosts: ClassVar[tuple[str, ...]] = ()
    scheme: ClassVar[str] = "https"
    every: ClassVar[int] = 24
    tls: ClassVar[str] = ""
    timeout: ClassVar[float] = 0.0
    delay: ClassVar[float | None] = None
    user_agent: ClassVar[str] = ""
    proxy: ClassVar[str | None] = None
    attachments: ClassVar[bool | None] = None
    pictures: ClassVar[bool | None] = None
    requisites: ClassVar[bool | str | None] = None
    leave_out: ClassVar[tuple[str, ...]] = ()
    render: ClassVar[str] = ""
    rights: ClassVar[str] = ""
    rights_url: ClassVar[str] = ""
    unit_old: ClassVar[str | None] = None
    unit_new: ClassVar[str | None] = None
    allowed_domains: list[str]
    memory: SiteMemory  # the ledger fills it
    frontier: Frontier
    robots_sitemaps: Sequence[str] = ()  # addresses in the robots.txt of its own host, once that was read

    def take_platform(self, name: str) -> None:
        """Go on with the platform `name`, which was found on the site's pages or kept from an earlier run."""

    @classmethod
    def of_platform(cls, name: str) -> type[Self]:
        """Return the class of the same site as one on the platform `name`, which was found; itself for a platform that
        there is not, or not any more."""
        return cls

    def leads_back(self, section: str, url: str) -> bool:
        """Return whether a redirect of the page `section` to `url` leads to a page that this run has asked for."""
        return False

    def what_lists_taught(self) -> tuple[dict[str, str], list[tuple[str, Remembered]]]:
        """Return what is to be kept at the end of a run: key → URL of pages that are no lists, and what to remember of
        lists whose further pages other lists show."""
        return {}, []

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Put the site's facts in the place of the run's settings; what a run sets for itself goes before them."""
        super().update_settings(settings)
        facts: dict[str, object] = {}
        if cls.delay is not None:
            facts["TINPHUONG_DELAY_ELSEWHERE"] = settings.getfloat("DOWNLOAD_DELAY")
            facts["DOWNLOAD_DELAY"] = max(LEAST_DELAY, cls.delay)
        elif cls.platform.pause > settings.getfloat("DOWNLOAD_DELAY"):
            facts["DOWNLOAD_DELAY"] = cls.platform.pause
        if cls.timeout:
            facts["DOWNLOAD_TIMEOUT"] = cls.timeout
        if cls.user_agent:
            facts["USER_AGENT"] = cls.user_agent
        settings.update(facts, priority="spider")

    @classmethod
    def is_left_out(cls, url: str) -> bool:
        """Tell whether `url` lies in a section that is not visited: its path, with query and with or without a leading
        language segment, begins as one of `leave_out` does. Case and percent-encoding make no difference."""
        if not cls.leave_out:
            return False
        beginnings = tuple(map(_plain, cls.leave_out))
        return any(_plain(_target(form)).startswith(beginnings) for form in (url, urls.without_locale(url)))

    @classmethod
    def host_names(cls) -> tuple[str, ...]:
        """Return the names of the site's hosts, without ports."""
        return tuple(dict.fromkeys(urls.host(f"//{host}") for host in (cls.host, *cls.other_hosts)))

    @classmethod
    def start_urls_of(cls) -> list[str]:
        """Return the site's start pages as URLs."""
        return cls.addresses_of(cls.start_pages)

    @classmethod
    def addresses_of(cls, paths: Iterable[str]) -> list[str]:
        """Return paths on the site's host, and addresses, as URLs; without those that lead to no page."""
        found = (urls.absolute(f"{cls.scheme}://{cls.host}/", path) for path in paths)
        return [url for url in found if url]


def _target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _plain(path: str) -> str:
    """A path in one form for all its spellings."""
    return unicodedata.normalize("NFC", unquote(path)).casefold()
