"""What a spider remembers of earlier runs: plain data that the ledger fills from the collection."""

from dataclasses import dataclass, field

from crawler.run.items import Listed

Page = tuple[str, int]
"""A page of a list: the query parameter that counts pages ("" for the first page), and its number."""

FIRST: Page = ("", 1)


@dataclass(slots=True)
class Remembered:
    """What earlier runs know about a page of the site.

    `is_list` False: it was read and linked to no articles. `complete`: it was walked to its end once. `resume`: the
    page, with its URL, where an unfinished walk continues. `top`: identities on its first pages, in order.
    """

    url: str = ""
    is_list: bool = True
    complete: bool = False
    resume: tuple[Page, str] | None = None
    top: tuple[str, ...] = ()


@dataclass(slots=True)
class PageMemory:
    """One page of a list as last read: its validators, the articles it linked to, the further pages of the
    list and the other pages of the site that it linked to."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    entries: list[str] = field(default_factory=list)
    pages: dict[Page, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SiteMemory:
    """What is known about a site.

    `sessions`: parameters of its addresses that say who asks, and `constant` those that were looked at and do not;
    `stored`: identities of the articles in the collection; `sections`: key → what is known of a page that may be a
    list; `pages`: URL → what a page with validators held; `rechecks`: (identity, URLs, what its list said) of articles
    to fetch again; `witnesses`: the same, of articles to fetch when one of those is gone; `pending`: (identity, URL,
    what its list said) of those that an earlier run met but did not get; `refused`:
    identities of what the last run asked for and did not store; `published`: identity → publication date of the
    articles in the collection. `was_crawled`: the lists of the site were read in an earlier run; `everything`: this run
    reads also what shows only what other lists show, and what is unlikely to be a list; `due`: how many
    rechecks are of articles that seemed gone, or were not looked at lately.
    """

    sessions: set[str] = field(default_factory=set)
    constant: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)
    sections: dict[str, Remembered] = field(default_factory=dict)
    pages: dict[str, PageMemory] = field(default_factory=dict)
    rechecks: list[tuple[str, list[str], Listed]] = field(default_factory=list)
    witnesses: list[tuple[str, list[str], Listed]] = field(default_factory=list)
    pending: list[tuple[str, str, Listed]] = field(default_factory=list)
    instead: list[str] = field(default_factory=list)  # where a replay starts without a start page
    refused: set[str] = field(default_factory=set)
    published: dict[str, str] = field(default_factory=dict)
    was_crawled: bool = False
    everything: bool = False
    due: int = 0
    values: dict[str, dict[str, str]] = field(default_factory=dict)  # parameter → stored address without it → value
    refused_platforms: set[str] = field(default_factory=set)  # that were found, and on which the site is not
    full: bool = False  # fetch also what is stored, walk every list to its end
    since: str | None = None  # ISO date: older articles are not asked for

    def is_list(self, key: str) -> bool:
        """Tell whether the page `key` was found to be a list."""
        return key in self.sections and self.sections[key].is_list

    def lists(self, section: str) -> bool:
        """Tell whether the page `section` listed articles in an earlier run."""
        return section in self.sections and self.sections[section].is_list and bool(self.sections[section].top)

    def is_none(self, key: str) -> bool:
        """Tell whether the page `key` was recently found not to be an article."""
        return none_key(key) in self.sections and not self.full


ALL_LISTS = "all lists"
"""The key under which a run remembers that it read everything that may be a list."""


def none_key(key: str) -> str:
    """Return the key under which a run remembers that the page `key` is not an article."""
    return f"no article: {key}"
