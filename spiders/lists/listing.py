"""Reading a list of articles: its entries, its pager, the sections it links to."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import TextResponse

from crawler import urls
from crawler.run.items import Listed
from crawler.run.site_memory import Page
from crawler.text import normalize
from spiders.platform import Platform


@dataclass(slots=True)
class Listing:
    """What a page says as a list.

    `entries`: (URL, what the list says of it) for every link to an article, in the page's order; `item_count`: how many
    blocks have the platform's list shape, with or without an article's link; `pages`: the list's other pages with their
    URLs; `links`: other pages of the site that may be lists; `is_scripted`: the entries come by a script, which asks
    for the list's first page; `is_cut`: the list goes on where no address leads.
    """

    entries: list[tuple[str, Listed]] = field(default_factory=list)
    item_count: int = 0
    pages: dict[Page, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    is_scripted: bool = False
    is_cut: bool = False

    @property
    def has_items(self) -> bool:
        """Whether the page has the platform's list shape, or leaves it to a script."""
        return self.item_count > 0 or self.is_scripted


_LEVELS = 4  # elements above a link in which its date is looked for
_LONGEST_STAMP = 60  # characters
_STAMP = re.compile(
    r"\W*(?:ngày đăng|đăng ngày|ngày|cập nhật|publish date)?\W*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"(?:\W+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M|\s*SA|\s*CH)?)?\W*",
    re.IGNORECASE,
)


def read_listing(response: TextResponse, platform: Platform, hosts: set[str]) -> Listing:
    """Read `response` as a list of `platform`; links to other hosts than `hosts` are left out."""
    listing = Listing()
    told = _told_by_items(response, platform, listing)
    section = _section(response)
    seen: set[str] = set()
    here = urls.cleaned(response.url)
    base = _base(response)
    for link in response.xpath("//a[@href] | //area[@href]"):
        url = urls.absolute(base, link.attrib["href"])
        if url is None or url in seen or urls.host(url) not in hosts:
            continue
        seen.add(url)
        if not platform.is_followed(url):
            continue
        if platform.takes(url, told=url in told):
            listed = told.setdefault(url, Listed())
            listed.page, listed.section = response.url, section
            listed.date = listed.date or _date_beside(link.root)
            listing.entries.append((url, listed))
        elif url != here and not _is_page_of(url, here, platform, listing) and platform.names_list(url):
            first = platform.first_of(url)  # the pager of another list: a home page may show one
            if first == url or (first != here and first not in listing.links):
                listing.links.append(first)
    for page, address in platform.more_pages(response, len(listing.entries)).items():
        listing.pages.setdefault(page, address)
        listing.is_scripted = listing.is_scripted or page[1] == 1
    if missing := platform.next_by_count(response, here):
        listing.pages.setdefault(*missing)
    turned = set(listing.pages.values())
    listing.links = [url for url in listing.links if url not in turned and platform.names_list(url)]
    listing.is_cut = bool(listing.entries) and not listing.pages and platform.is_cut(response)
    return listing


def _base(response: TextResponse) -> str:
    base = response.xpath("//base/@href").get()
    return urls.absolute(response.url, base) or response.url if base else response.url


def _told_by_items(response: TextResponse, platform: Platform, listing: Listing) -> dict[str, Listed]:
    """URL → title and date that the list shows, for blocks of the platform's list shape."""
    told: dict[str, Listed] = {}
    base = _base(response)
    for href, title, date in platform.read_items(response):
        listing.item_count += 1
        if url := urls.absolute(base, href):
            told.setdefault(url, Listed(title=title, date=date))
    return told


def _section(response: TextResponse) -> str:
    """The list's title: what <title> says before the site's name; "" for the home page."""
    if urls.without_locale(response.url).split("://", 1)[1].rstrip("/").count("/") == 0:
        return ""
    first = re.split(r"\s+[-–|:»]\s+", normalize(response.xpath("string(//title)").get() or ""))[0]
    return first if 1 < len(first) <= _LONGEST_STAMP else ""


def _date_beside(link: Any) -> str:
    """The date that stands alone in an element near a link, and near no other link: as shown, "" for none.

    Portals of all makes print it so, in a span or div of its own: (24/08/2022), 21/07/2022 | 10:00 AM.
    """
    box, href = link, link.get("href")
    for _ in range(_LEVELS):
        parent = box.getparent()
        if parent is None or any(other.get("href") != href for other in parent.iter("a")):
            break
        box = parent
    for element in box.iter():
        for text in (element.text, element.tail if element is not box else None):
            if text and len(text) < _LONGEST_STAMP * 3 and _STAMP.fullmatch(stripped := normalize(text)):
                return stripped
    return ""


def _is_page_of(url: str, here: str, platform: Platform, listing: Listing) -> bool:
    """Whether `url` is another page of the list at `here`; if so it is noted."""
    if platform.list_of(url) != platform.list_of(here) or (platform.page_path is None and "?" not in url):
        return False
    if page := platform.page(url):
        listing.pages.setdefault(page, url)
    return page is not None


def read_data(response: TextResponse, platform: Platform, hosts: set[str]) -> Listing | None:
    """Read `response` as a feed, a sitemap or an API's answer; None where it is none."""
    feed = platform.read_data(response)
    if feed is None:
        return None
    listing = Listing(item_count=len(feed.entries) + len(feed.children) + len(feed.pages))
    for url, listed in feed.entries:
        if urls.host(url) in hosts and platform.is_followed(url) and platform.identity(url):
            listed.page = response.url
            listing.entries.append((url, listed))
    for number, url in enumerate(feed.children, start=2):
        if urls.host(url) in hosts:
            listing.pages[urlsplit(response.url).path, number] = url
    listing.pages.update((page, url) for page, url in feed.pages.items() if urls.host(url) in hosts)
    return listing
