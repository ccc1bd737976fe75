"""The items that go from the spider through the pipelines."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from crawler.profile.model import EMPTY, SiteProfile

if TYPE_CHECKING:
    from crawler.dates import EventDate
    from crawler.extraction import Article
    from crawler.extraction.layout import Layout
    from crawler.extraction.observe import Observer
    from crawler.text.text_keys import TextKeys
    from crawler.units.links import Link


@dataclass(slots=True)
class Listed:
    """What a list says about an article it links to: strings as shown, "" where the list says nothing."""

    title: str = ""
    date: str = ""
    page: str = ""  # the URL of the list
    section: str = ""  # the list's own title; "" on a home page
    summary: str = ""  # an excerpt or sapo, without markup
    by_feed: bool = False  # the date is a feed's
    summary_is_written: bool = False  # it stands beside the whole text and is not cut off it

    def complete(self, other: "Listed") -> bool:
        """Fill gaps with what another list says; True if that changed anything."""
        before = (self.title, self.date, self.section, self.summary)
        self.title = self.title or other.title
        if other.date and not self.date:
            self.date, self.by_feed = other.date, other.by_feed
        if other.summary and (not self.summary or (other.summary_is_written and not self.summary_is_written)):
            self.summary, self.summary_is_written = other.summary, other.summary_is_written
        if other.section and not self.section:
            self.section, self.page = other.section, other.page
        return before != (self.title, self.date, self.section, self.summary)


@dataclass(frozen=True, slots=True)
class FurtherPage:
    """A page on which an article continues: its URL, its bytes, the charset that the server declared.

    `frame`: the address under which the article's page shows it in a frame; "" for a page that follows it.
    """

    url: str
    html: bytes = field(repr=False)
    charset: str | None = None
    frame: str = ""


@dataclass(slots=True)
class PageItem:
    """A fetched page at an article's URL, and what each stage adds to it.

    The spider fills the first block; extraction adds `article`; dates completes it and adds `event_dates`; units
    adds the `units` it is about, and the `keys` of its text are made; dedupe adds `twin` where the collection has the
    same text.
    """

    site: str
    key: str  # the article's identity on its host
    url: str  # canonical
    html: bytes = field(repr=False)
    layout: "Layout | None"
    charset: str | None  # as the server declared it
    fetched_at: datetime  # aware, UTC
    listed: Listed = field(default_factory=Listed)
    seen_urls: tuple[str, ...] = ()  # every other URL that led here
    capture_id: int | None = None  # the row of `captures` that holds the response
    further: tuple[FurtherPage, ...] = ()  # its frames, and the pages on which the article continues, in order
    lacks_frame: bool = False  # a frame of it could not be had
    others: tuple[str, ...] = ()  # further identities under which the collection may know the article
    unsure: bool = False  # it counts as an article only if it has a date of its own
    profile: SiteProfile = field(default=EMPTY, repr=False)  # what is known of the site
    observer: "Observer | None" = None  # looks on, to learn more of the site

    article: "Article | None" = None
    event_dates: "list[EventDate]" = field(default_factory=list)
    units: "list[Link]" = field(default_factory=list)
    keys: "TextKeys | None" = None
    content_hash: str = ""
    twin: int | None = None


class NotStored(DropItem):
    """Raised for a page that must not be stored; `reason` is the word under which it is counted."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason}: {detail}" if detail else reason, log_level="DEBUG")
        self.reason = reason
        self.detail = detail
