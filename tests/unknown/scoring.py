"""Crawling the portals of unknown make twice and scoring what is in the collection against what they published."""

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote

from crawler.text import normalize
from tests.platforms.crawling import crawl, slug_of
from tests.unknown.makes import PORTALS


@dataclass
class Score:
    """What one portal's crawls gave. Counts of articles, of rows that are none, of requests; names of what is wrong."""

    name: str
    family: str
    published: int
    unreached: int
    found: int = 0
    extra: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    twice: list = field(default_factory=list)
    requests: int = 0
    again: int = 0
    new_again: int = 0
    refetched: int = 0
    trapped: int = 0
    status: str = ""
    message: str = ""
    skipped: dict = field(default_factory=dict)


def score(folder, chosen=PORTALS):
    """Crawl `chosen` twice into `folder`; returns a Score for each."""
    first = crawl(folder, chosen)
    rows = {
        slug_of(p): first.rows(
            "SELECT id, url, title, published_at, summary, body FROM articles WHERE site = ?", slug_of(p)
        )
        for p in chosen
    }
    second = crawl(folder, chosen)
    return [_of(portal, rows[slug_of(portal)], first, second) for portal in chosen], first, second


def _of(portal, rows, first, second):
    site, site_again = (
        next(s for s in run.summary["sites"] if s["site"] == slug_of(portal)) for run in (first, second)
    )
    out = Score(portal.make.name, portal.make.family, len(portal.notices), portal.make.unreached)
    by_title = {normalize(row["title"] or ""): row for row in rows}
    for notice in portal.notices:
        row = by_title.get(notice.title)
        if row is None:
            out.missing.append(notice.slug)
            continue
        out.found += 1
        if (row["published_at"] or "")[:10] != notice.at("%Y-%m-%d"):
            out.wrong.append(f"{notice.slug}: {row['published_at']} for {notice.at('%Y-%m-%d')}")
        text = f"{row['summary'] or ''}\n{row['body']}"
        if notice.paragraphs[-1] not in text or notice.sapo not in text:
            out.wrong.append(f"{notice.slug}: text")
    titles = {notice.title for notice in portal.notices}
    out.extra = [row["url"] for row in rows if normalize(row["title"] or "") not in titles]
    hosts = (portal.host, f"www.{portal.host}")
    asked = [served.target for served in first.served if served.host in hosts]
    got = [served.target for served in first.served if served.host in hosts and served.method == "GET"]
    again = [served.target for served in second.served if served.host in hosts]
    out.requests, out.again = len(asked), len(again)
    out.twice = [target for target, count in Counter(got).items() if count > 1]
    addresses = {unquote(portal.address(notice).removeprefix(f"http://www.{portal.host}")) for notice in portal.notices}
    out.refetched = sum(unquote(target) in addresses for target in again)
    out.trapped = sum(any(trap in target for trap in portal.traps) for target in asked)
    out.new_again = site_again["new"] + site_again["changed"] + site_again["duplicates"]
    out.status, out.message, out.skipped = f"{site['status']}/{site_again['status']}", site["message"], site["skipped"]
    return out


def table(scores):
    """The scores as lines of text."""
    lines = [f"{'portal':11} {'found':>7} {'extra':>5} {'wrong':>5} {'first':>5} {'second':>6} {'again':>5}  status"]
    lines += [
        f"{s.name:11} {s.found:>3}/{s.published - s.unreached:<3} {len(s.extra):>5} {len(s.wrong):>5} {s.requests:>5} {s.again:>6} {s.refetched:>5}  {s.status} {s.message}"
        for s in scores
    ]
    return "\n".join(lines)
