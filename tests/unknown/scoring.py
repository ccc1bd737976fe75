"""Crawling the portals on unknown platforms, and scoring what is in the collection against what they published."""

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote

from crawler.text import normalize
from tests.platforms.crawling import crawl, slug_of
from tests.unknown.platforms import PORTALS


@dataclass
class Score:
    """What a crawl of one portal gave.

    How many notices were found; what is missing, wrong or not a notice; what was requested more than once, or should
    not have been; how many requests it took, and those of a second crawl.
    """

    portal: object
    found: int = 0
    missing: list = field(default_factory=list)
    extra: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    twice: list = field(default_factory=list)
    trapped: list = field(default_factory=list)
    site: dict = field(default_factory=dict)
    requests: int = 0
    again: dict | None = None
    requests_again: int = 0
    refetched: int = 0


def score(folder, chosen=PORTALS, again=PORTALS):
    """Crawl `chosen` into `folder`, and `again` once more; returns (scores, what the first crawl printed to stderr)."""
    first = crawl(folder, chosen)
    scores = [_of(portal, first) for portal in chosen]
    if again:
        second = crawl(folder, again)
        for each in scores:
            if each.portal in again:
                _note_again(each, second)
    return scores, first.err


def _of(portal, crawled):
    out = Score(portal, site=_site(portal, crawled))
    rows = crawled.rows("SELECT url, title, published_at, summary, body FROM articles WHERE site = ?", slug_of(portal))
    by_title = {normalize(row["title"] or ""): row for row in rows}
    for notice in portal.notices:
        row = by_title.get(notice.title)
        if row is None:
            out.missing.append(notice.slug)
            continue
        day, text = (row["published_at"] or "")[:10], f"{row['summary'] or ''}\n{row['body']}"
        if day != notice.at("%Y-%m-%d"):
            out.wrong.append(f"{notice.slug}: {day} for {notice.at('%Y-%m-%d')}")
        if notice.sapo not in text or not all(part in text for part in notice.paragraphs):
            out.wrong.append(f"{notice.slug}: {text}")
    out.found = len(portal.notices) - len(out.missing)
    titles = {notice.title for notice in portal.notices}
    out.extra = [row["url"] for row in rows if normalize(row["title"] or "") not in titles]
    out.extra += [title for title, count in Counter(row["title"] for row in rows).items() if count > 1]
    asked = _asked(portal, crawled)
    pages = Counter((each.host, each.target) for each in asked if each.method == "GET")
    out.twice = [target for (_, target), count in pages.items() if count > 1]
    out.trapped = [each.target for each in asked if portal.is_trap(each.target)]
    out.requests = len(asked)
    return out


def _note_again(out, crawled):
    portal = out.portal
    addresses = {unquote(portal.address(notice)).removeprefix(f"http://www.{portal.host}") for notice in portal.notices}
    asked = _asked(portal, crawled)
    out.again, out.requests_again = _site(portal, crawled), len(asked)
    out.refetched = sum(unquote(each.target) in addresses for each in asked)


def _site(portal, crawled):
    return next(site for site in crawled.summary["sites"] if site["site"] == slug_of(portal))


def _asked(portal, crawled):
    return [each for each in crawled.served if each.host in (portal.host, f"www.{portal.host}")]
