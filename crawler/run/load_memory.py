"""Reads from the collection what a spider should remember of earlier runs, and writes it back."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from scrapy.settings import BaseSettings

from crawler import clock, urls
from crawler.run.items import Listed
from crawler.run.session_parameters import known_values
from crawler.run.site import Site, SitePlatform
from crawler.run.site_memory import ALL_LISTS, PageMemory, Remembered, SiteMemory
from storage import Collection
from storage import site_memory as stored
from storage.addresses.renewed import renew_keys
from storage.archives.archive import Archive
from storage.site_memory import NOT_ON

_LOOK_AGAIN = timedelta(days=30)  # how long a page that was not a list is left alone
_EVERYTHING = timedelta(days=6, hours=12)  # how long lists that only show what others show are: with daily runs a week
_LATELY = timedelta(hours=20)  # after a look at an article, within which another one is not due


def recall(
    collection: Collection, site: str, platform: SitePlatform, now: datetime, *, share: float, least: int,
    is_left_out: Callable[[str], bool] | None = None,
) -> SiteMemory:  # fmt: skip
    """Return what `collection` knows of `site`.

    A `share` of its articles, at least `least`, is chosen for a recheck: those that were checked longest ago, and none
    whose addresses are all left out.
    """
    memory = SiteMemory()
    for name, is_session in stored.parameters(collection, site).items():
        (memory.sessions if is_session else memory.constant).add(name)
    _recall_articles(collection, site, platform, memory)
    for key, facts in stored.sections(collection, site).items():
        if key == ALL_LISTS:
            memory.was_crawled = True
            memory.everything = now - datetime.fromisoformat(facts.checked_at) > _EVERYTHING
            continue
        if key.startswith(NOT_ON) and now - datetime.fromisoformat(facts.checked_at) <= _LOOK_AGAIN:
            memory.refused_platforms.add(key.removeprefix(NOT_ON))
        if key.startswith(NOT_ON):
            continue
        if not facts.is_list and now - datetime.fromisoformat(facts.checked_at) > _LOOK_AGAIN:
            continue
        if _without(memory, facts.url) != facts.url:  # from before it was known that this is a session
            continue
        resume = ((facts.resume[0], facts.resume[1]), facts.resume[2]) if facts.resume else None
        memory.sections[key] = Remembered(facts.url, facts.is_list, facts.complete, resume, tuple(facts.top))
    for url, page in stored.pages(collection, site).items():
        if any(_without(memory, each) != each for each in (url, *page.entries[:1], *page.links[:1])):
            continue
        named = {(name, number): at for name, number, at in page.pages}
        memory.pages[url] = PageMemory(url, page.etag, page.last_modified, page.entries, named, page.links)
    refused = (platform.identity(url) for url in stored.refused(collection, site))
    memory.refused = {key for key in refused if key}
    memory.published = stored.publication_dates(collection, site)
    if memory.stored:
        count = max(least, math.ceil(share * len(memory.stored)))
        due = stored.to_recheck(collection, site, count, is_left_out)
        memory.rechecks = [_recheck(article, memory) for article in due]
        memory.due = sum(
            article.seems_gone or now - datetime.fromisoformat(article.looked_at) > _LATELY for article in due
        )
        besides = {article.id for article in due}
        seen_last = stored.witnesses(collection, site, count, besides)
        memory.witnesses = [
            _recheck(article, memory) for article in seen_last if not (is_left_out and is_left_out(article.urls[0]))
        ]
    for article in stored.pending_of(collection, site):
        url = _without(memory, article.url)
        key = platform.identity(url) or article.key
        if key in memory.stored:  # under another address, or by a replay
            stored.settle_pending(collection, site, article.key)
        else:
            memory.pending.append((key, url, _listed(article.listed)))
    return memory


def fill(spider: Site, collection: Collection, settings: BaseSettings, archive: Archive | None) -> None:
    """Give `spider` what earlier runs know, and what the `archive` that is replayed has in the place of lists."""
    is_replay, limited = settings["TINPHUONG_MODE"] == "replay", bool(settings.getint("TINPHUONG_LIMIT"))
    memory = spider.memory = recall(
        collection,
        spider.name,
        spider.platform,
        clock.now(),
        share=0.0 if is_replay else settings.getfloat("TINPHUONG_RECHECK"),
        least=0 if is_replay else settings.getint("TINPHUONG_RECHECK_LEAST"),
        is_left_out=spider.is_left_out if spider.leave_out else None,
    )
    memory.full, memory.since = settings.getbool("TINPHUONG_FULL"), settings.get("TINPHUONG_SINCE")
    if archive is not None:
        memory.instead = pages_instead(archive, spider)
    if memory.full or limited:
        memory.rechecks, memory.witnesses = [], []
    if is_replay or limited:
        memory.pending = []
    if archive is not None and settings.getbool("TINPHUONG_REPLAY_ALL"):
        memory.pending = articles_in(archive, spider)


def _recall_articles(collection: Collection, site: str, platform: SitePlatform, memory: SiteMemory) -> None:
    """Fill in which articles are stored, under the identities that they have by what is known today."""

    @cache  # most addresses of the site are those of its articles
    def today(url: str) -> tuple[str, str | None]:
        bare = _without(memory, url)
        return bare, platform.identity(bare)

    renew_keys(collection, site, today)
    addresses = list(collection.urls(site))
    memory.stored = {key for url in addresses if (key := today(url)[1])}
    memory.values = known_values(url for url in addresses if "?" in url)


def _without(memory: SiteMemory, url: str) -> str:
    return urls.without_parameters(url, memory.sessions)


def keep_parameters(
    collection: Collection, site: str, platform: SitePlatform, memory: SiteMemory, sessions: set[str],
    constant: set[str], now: str,
) -> None:  # fmt: skip
    """Store which parameters of addresses say who asks and which do not; what is stored is known without the former."""
    for names, is_session in ((constant, False), (sessions, True)):
        for name in sorted(names):
            stored.put_parameter(collection, site, name, is_session=is_session, at=now)
    memory.constant |= constant
    if sessions:
        memory.sessions |= sessions
        _recall_articles(collection, site, platform, memory)


def _recheck(article: stored.DueArticle, memory: SiteMemory) -> tuple[str, list[str], Listed]:
    addresses = list(dict.fromkeys(_without(memory, url) for url in article.urls))
    return article.key, addresses, _listed(article.listed)


def keep_pending(collection: Collection, site: str, key: str, url: str, listed: Listed) -> None:
    """Store that an article was met, until it is stored itself."""
    stored.put_pending(collection, site, stored.Pending(key, url, asdict(listed)))


def pages_instead(archive: Archive, spider: Site) -> list[str]:
    """Return where a replay starts when the archive holds none of the site's start pages: its other plain pages.

    An archive of only a few sections is thus read from the lists it has. Empty where a start page is archived.
    """
    if any(url in archive for url in spider.start_urls_of()):
        return []
    pages = (url for url in archive.urls_on(spider.host_names()) if "?" not in url)
    return [url for url in pages if spider.platform.is_followed(url) and not spider.platform.identity(url)]


def articles_in(archive: Archive, spider: Site) -> list[tuple[str, str, Listed]]:
    """Return (identity, URL, nothing listed) of every article page of the site that the archive holds, each once.

    Where several addresses lead to it, the one that was captured last is named.
    """
    found: dict[str, tuple[datetime, str]] = {}
    for url in archive.urls_on(spider.host_names()):
        key = spider.platform.identity(url)
        if key is not None:
            last = archive.times(url)[-1]
            if key not in found or last > found[key][0]:
                found[key] = last, url
    return [(key, url, Listed()) for key, (_, url) in found.items()]


def keep_section(collection: Collection, site: str, key: str, remembered: Remembered, now: str) -> None:
    """Store what the next run should remember of a section."""
    resume = (*remembered.resume[0], remembered.resume[1]) if remembered.resume else None
    facts = stored.SectionFacts(
        key, remembered.url, remembered.is_list, remembered.complete, resume, list(remembered.top), now
    )
    stored.put_section(collection, site, facts)


def keep_lists(collection: Collection, spider: Site, now: str) -> None:
    """Store at the end of a run what it learnt of the site's lists, and whether it read all that may be one.

    A first run counts as such: within the stated time one follows that does.
    """
    none, deferred = spider.what_lists_taught()
    for key, url in none.items():
        keep_section(collection, spider.name, key, Remembered(url, is_list=False), now)
    for key, remembered in deferred:
        keep_section(collection, spider.name, key, remembered, now)
    if spider.memory.everything or not spider.memory.was_crawled:
        keep_section(collection, spider.name, ALL_LISTS, Remembered(), now)


def keep_page(collection: Collection, site: str, page: PageMemory, now: str) -> None:
    """Store what a page of a list held, with its validators."""
    named = [(name, number, url) for (name, number), url in page.pages.items()]
    facts = stored.PageFacts(page.url, page.etag, page.last_modified, page.entries, named, page.links)
    stored.put_page(collection, site, facts, now)


def _listed(stored: Mapping[str, Any]) -> Listed:
    return Listed(**stored)
