"""What came where a list was asked for: a list, an article in its place, or a reason why it cannot be read."""

from dataclasses import dataclass, field

from crawler.run.items import Listed
from crawler.run.session_parameters import Carried
from crawler.run.site_memory import Page


@dataclass(slots=True)
class Listing:
    """A page, feed, sitemap or API's answer, read as a list.

    - `entries`: (URL, what the list says of it) for every link to an article, in the page's order
    - `item_count`: how many blocks have the platform's list shape, with or without a link to an article
    - `pages`: the list's other pages, with their URLs
    - `links`: other pages of the site that may be lists; `feeds`: the feeds that the page names
    - `spare_feeds`: those that a page without entries names, where its platform reads none otherwise
    - `is_scripted`: a script fetches the entries; `pages` has the first page's address then
    - `goes_on_by_script`: there are further pages, but only a script can fetch them
    - `left_out`: how many more addresses a feed or sitemap names than are read
    - `is_frame`: the page is an empty frame that a script fills in a browser
    - `is_index`: an index of sitemaps, which names nothing but `pages`, or a page that names nothing but `feeds`
    - `empty_because`: why a start page lists no article, with a sentence, where something tells
    - `rights`: its lines that speak of reuse, of the first page of a list (`crawler.extraction.rights_lines`)
    - `onward`: the pages of the site that stand in this one's place: its frames, or where its script sends readers
    - `frames`: pages of the site that a page without entries shows in frames, besides what it says itself
    - `maybe_sessions`: parameters of its links that may say who asks (`crawler.run.session_parameters.Carried`)
    """

    entries: list[tuple[str, Listed]] = field(default_factory=list)
    item_count: int = 0
    pages: dict[Page, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    spare_feeds: list[str] = field(default_factory=list)
    is_scripted: bool = False
    goes_on_by_script: bool = False
    left_out: int = 0
    is_frame: bool = False
    is_index: bool = False
    onward: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    maybe_sessions: Carried = field(default_factory=dict)
    empty_because: tuple[str, str] | None = None
    rights: list[str] = field(default_factory=list)

    @property
    def has_items(self) -> bool:
        """Whether the page has the platform's list shape, or a script fetches its entries."""
        return self.item_count > 0 or self.is_scripted


@dataclass(frozen=True, slots=True)
class ArticleInstead:
    """The address redirects to an article, at `url` (as `crawler.urls.cleaned` gives it)."""

    url: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What came cannot be read as a list. `reason`: the word under which that is counted; `detail`: more about it."""

    reason: str
    detail: str = "in place of a list"
