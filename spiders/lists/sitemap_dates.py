"""What an index of sitemaps says of when each changed, and which therefore need not be asked for again. Pure.

The sitemaps of an index are pages of its walk. Their `Page` carries what the index says, so that it is remembered with
the page: ("sitemap:/sitemap.xml 2025-11-01", 3).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import zip_longest

from crawler.dates.model import HANOI
from crawler.run.site_memory import Page, PageMemory

_PREFIX = "sitemap:"
_AS_READ = 0  # number of the page under which a sitemap is remembered itself
_OTHER_ZONES = timedelta(days=1)  # a day is over everywhere one day after it is over here
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NEWS_FIRST = re.compile(r"post|news|article|tin|bai-?viet", re.IGNORECASE)


def in_order(addresses: Sequence[str], dates: Mapping[str, str]) -> list[str]:
    """Return sitemaps in the order in which news is likely: those named for news before others, the latest change
    first; of those without a date the last, the first, the last but one and so on, as news is at either end."""
    ordered = []
    for is_news in (True, False):
        some = [url for url in dict.fromkeys(addresses) if bool(_NEWS_FIRST.search(url)) == is_news]
        dated = sorted((url for url in some if dates.get(url)), key=lambda url: dates[url], reverse=True)
        bare = [url for url in some if not dates.get(url)]
        half = len(bare) // 2
        ends = zip_longest(reversed(bare[half:]), bare[:half])
        ordered += [*dated, *(url for pair in ends for url in pair if url)]
    return ordered


def pages_of(index: str, sitemaps: Sequence[str], dates: Mapping[str, str]) -> dict[Page, str]:
    """Return the sitemaps of the index at the path `index` as pages of its walk."""
    return {
        (f"{_PREFIX}{index} {dates.get(url, '')}".strip(), number): url for number, url in enumerate(sitemaps, start=2)
    }


def is_sitemap(page: Page) -> bool:
    """Return whether a page of a walk is a sitemap that an index names."""
    return page[0].startswith(_PREFIX)


def changed(pages: Mapping[Page, str], memory: Mapping[str, PageMemory]) -> tuple[dict[Page, str], set[Page]]:
    """Return (the sitemaps of an index that have to be asked for, which of these have news for certain).

    A sitemap that has the date under which it was last read is left out. For certain: it was never read, or its date
    is another one; but where all have one date, as those that are made anew for every reader have, that says nothing.
    """
    all_dates = {_stated(page) for page in pages}
    says_something = len(pages) == 1 or len(all_dates) > 1
    asked: dict[Page, str] = {}
    certain = set()
    for page, url in pages.items():
        known, date = memory.get(url), _stated(page)
        before = None if known is None else _read_as(known)
        if date and before == date:
            continue
        asked[page] = url
        if known is None or (date and says_something):
            certain.add(page)
    return asked, certain


def remembered(page: Page, url: str, now: datetime, memory: PageMemory | None) -> PageMemory:
    """Return what to remember of a sitemap that was read as `page` of an index: also the date that the index states,
    unless it may change once more under that date. `memory`: what is remembered of it besides."""
    date = _stated(page)
    own = page if date and _is_over(date, now) else (page[0].partition(" ")[0], page[1])
    kept = memory or PageMemory(url)
    others = {named: at for named, at in kept.pages.items() if named[1] != _AS_READ}
    return replace(kept, pages={**others, (own[0], _AS_READ): url})


def others(pages: Mapping[Page, str]) -> dict[Page, str]:
    """Return the pages that a remembered page named, without itself."""
    return {page: url for page, url in pages.items() if page[1] != _AS_READ}


def _stated(page: Page) -> str:
    return page[0].partition(" ")[2]


def _read_as(memory: PageMemory) -> str:
    return next((_stated(page) for page in memory.pages if page[1] == _AS_READ), "")


def _is_over(date: str, now: datetime) -> bool:
    """Return whether nothing can change any more under a date: a moment that has passed, a day that is over."""
    if _DAY.fullmatch(date):
        return date < (now.astimezone(HANOI) - _OTHER_ZONES).date().isoformat()
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return False
    return (moment if moment.tzinfo else moment.replace(tzinfo=HANOI) + _OTHER_ZONES) < now
