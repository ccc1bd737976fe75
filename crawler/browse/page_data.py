"""What each page shows. Functions take a read-only connection; what they return can be written as JSON."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise
from typing import TypedDict

from crawler.browse import charts
from crawler.browse.answer_cache import AnswerCache
from crawler.browse.facets import Facets, facets
from crawler.browse.text_at import text_at
from crawler.run.health import Health, site_health, sites_health
from crawler.text.remarks import Remark
from crawler.text.word_diff import changes
from crawler.units import OLD, named, table
from storage import fields, run_history
from storage.doubts import listing
from storage.doubts.listing import DoubtCount
from storage.exports.citations import Citation
from storage.rows import RunRecord
from storage.search import ranking
from storage.search.counts import Counts, counts
from storage.search.fts_match import resolved
from storage.search.fulltext import parse_query
from storage.search.query import Filters, Query
from storage.search.snippets import Piece, pieces
from storage.views import articles, runs, sites, totals
from storage.views.articles import ArticleCard
from storage.views.runs import SkippedPage
from storage.views.select import Row
from storage.views.sites import NamedSite, SectionCount
from storage.views.totals import Totals

PAGE = 20  # results a page
MOST = 1000  # results that are listed at all
_LINES = 400  # characters of a body in a long list


class SiteHealth(NamedSite):
    """A site with its state and the reason for it. `silence`, where it is quiet: the `days` without news, and
    `longest`, how many days its news was apart before (None: it has no habit); `from_archives`, where it was never
    crawled: how many `articles` replays brought, out of how many `files`."""

    state: str
    reason: str | None
    message: str
    since: str | None
    silence: dict[str, int | None] | None
    from_archives: dict[str, int] | None
    articles: int
    newest: str | None
    last_run: RunRecord | None


class WardPage(SiteHealth):
    """A site's own page."""

    newest_articles: list[ArticleCard]
    sections: list[SectionCount]
    months: list[tuple[str, int]]
    runs: list[RunRecord]
    doubts: list[DoubtCount]
    profile: Row | None
    profile_since: str | None


class StartPage(Totals):
    """The front page: figures of the whole collection, its newest articles, the health of every site."""

    newest: list[ArticleCard]
    health: list[SiteHealth]
    months: list[tuple[str, int]]


class RunPage(RunRecord):
    """A run with the pages that it did not store and some of the articles it wrote."""

    pages_skipped: list[SkippedPage]
    written: list[ArticleCard]


# What changed between two texts of an article: `from` and `to` are the days on which they were first seen, `fields`
# maps a field to its runs of (kind, text), where the kind is same, gone or new.
TextChange = TypedDict("TextChange", {"from": str, "to": str, "fields": dict[str, list[tuple[str, str]]]})


class Hit(ArticleCard):
    """An article that a search found, in pieces of which some are marked."""

    title_pieces: list[Piece]
    snippet: list[Piece]


class ResultPage(TypedDict):
    """A page of results. `total` is the least it can be where there are `more`."""

    hits: list[Hit]
    total: int
    more: bool
    facets: Facets
    remarks: list[Remark]
    last_page: int


def teaser(card: ArticleCard) -> str:
    """Return the summary, or how the text begins without the rows of tables, which are not sentences."""
    return card["summary"] or " ".join(line for line in card["opening"].splitlines() if " | " not in line)


def by_month(connection: sqlite3.Connection, site: str | None = None) -> list[tuple[str, int]]:
    """Return (2021-05, how many) for all months and years in which articles were published."""
    return charts.months(totals.by_month(connection, site))


def start(connection: sqlite3.Connection, now: datetime, cache: AnswerCache) -> StartPage:
    """Return what the front page shows; `now`: aware."""
    return {
        **totals.totals(connection),
        "newest": articles.newest(connection, 13),
        "health": health(connection, now, cache),
        "months": by_month(connection),
    }


def health(connection: sqlite3.Connection, now: datetime, cache: AnswerCache) -> list[SiteHealth]:
    """Return each site with its state, by name; `now`: aware. One that `cache` has is at most an hour old."""

    def read() -> list[SiteHealth]:
        count_of, last = sites.article_counts(connection), run_history.newest_runs(connection, live_only=False)
        verdicts = sites_health(connection, now)
        return [
            _health(row, verdicts[slug], count_of.get(slug, 0), last.get(slug))
            for slug, row in sites.sites(connection).items()
        ]

    found: list[SiteHealth] = cache.get(connection, ("health", now.isoformat()[:13]), read)
    return found


def _health(site: NamedSite, verdict: Health, count: int, last: RunRecord | None) -> SiteHealth:
    return {
        **site,
        "state": str(verdict.state), "reason": verdict.reason, "message": verdict.message, "since": verdict.since,
        "silence": asdict(verdict.silence) if verdict.silence else None,
        "from_archives": asdict(verdict.from_archives) if verdict.from_archives else None, "articles": count,
        "newest": verdict.newest, "last_run": last,
    }  # fmt: skip


def run(connection: sqlite3.Connection, number: int) -> RunPage | None:
    """Return a run with its pages that were not stored and some of the articles it wrote; None for an unknown one."""
    row = runs.run(connection, number)
    if row is None:
        return None
    written = runs.written(connection, number, row["site"])
    return {
        **row,
        "pages_skipped": runs.skipped_pages(connection, number),
        "written": articles.cards(connection, written),
    }


def ward(connection: sqlite3.Connection, slug: str, now: datetime) -> WardPage | None:
    """Return what a site's page shows, or None for an unknown site."""
    site = sites.site(connection, slug)
    if site is None:
        return None
    learned = sites.profile(connection, slug)
    return {
        **_health(
            site,
            site_health(connection, slug, now),
            sites.article_count(connection, slug),
            run_history.last_finished(connection, slug),
        ),
        "profile": json.loads(learned["profile"]) if learned else None,
        "profile_since": learned["valid_from"] if learned else None,
        "newest_articles": articles.newest(connection, 20, slug),
        "sections": sites.sections(connection, slug),
        "months": by_month(connection, slug),
        "runs": runs.runs(connection, slug),
        "doubts": listing.counted(connection, site=slug),
    }


def article(connection: sqlite3.Connection, site: str, identity: str, at: datetime | None = None) -> Row | None:
    """Return the row of an article with all that is kept of it, or None; `identity`: any that it had on `site`.

    `at`: with the text that it had at that moment (aware); None where it was not yet met.
    """
    present = articles.article(connection, site, identity)
    if present is None:
        return None
    row = text_at(connection, present, at) if at else present
    if row is None:
        return None
    number = row["id"]
    others = [card for card in articles.newest(connection, 7, row["site"]) if card["id"] != number]
    citation = articles.citation(connection, row)
    about = articles.units(connection, number)
    return row | {
        "is_earlier": row.get("is_earlier", False),
        "citation": citation.to_dict() | {"issuer_in_full": citation.issuer_in_full},
        "ward": sites.site(connection, row["site"]),
        "urls": articles.other_urls(connection, row),
        "attachments": articles.attachments(connection, number),
        "images": articles.images(connection, number),
        "about": [
            unit
            | {
                "name": (named(unit["code"], unit["vintage"]) or unit["code"]).split(",")[0],
                "today": [one.title for one in table().successors(unit["code"])] if unit["vintage"] == OLD else [],
            }
            for unit in about
        ],
        "capture": articles.capture(connection, row["capture_id"]),
        "events": articles.events(connection, number),
        "doubts": json.loads(row["doubts"]),
        "confirmations": articles.confirmations(connection, row),
        "changes": _changes(connection, present),
        "near": articles.story(connection, number),
        "others": others[:6],
    }


def _changes(connection: sqlite3.Connection, row: Row) -> list[TextChange]:
    """The changes between an article's texts, the latest first."""
    earlier = articles.earlier_texts(connection, row["id"])
    texts = [*earlier, row | {"seen_from": row["changed_at"] or row["first_seen_at"]}]
    return [
        {
            "from": older["seen_from"],
            "to": newer["seen_from"],
            "fields": {name: _grouped(changes(*pair)) for name, pair in fields.differing(older, newer).items()},
        }
        for older, newer in reversed(list(pairwise(texts)))
    ]


def _grouped(parts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Changed words with only a space between them as one change: “Thứ Bảy” to “Chủ nhật”, not word by word."""
    made: list[tuple[str, str]] = []
    gone = new = space = ""
    for kind, text in (*parts, ("same", "")):
        if kind == "same" and text and (gone or new) and not text.strip(" "):
            space += text  # both texts have it, perhaps between two changes
        elif kind == "same":
            made += [(name, part) for name, part in (("gone", gone), ("new", new)) if part.strip()]
            made += [("same", space + text)] if space + text else []
            gone = new = space = ""
        else:
            gone, new, space = gone + space, new + space, ""
            gone, new = (gone + text, new) if kind == "gone" else (gone, new + text)
    return made


def find(
    connection: sqlite3.Connection, text: str, filters: Filters, cache: AnswerCache, *, page: int, by_date: bool,
    size: int = PAGE, brief: bool = False,
) -> ResultPage:  # fmt: skip
    """Return a page of results.

    For many hits there is `brief`: without facets, titles are not marked, and the body is only looked into for the
    snippet where its first lines hold nothing that was asked for.
    """
    query = _read(connection, text, filters)
    offset = (page - 1) * size
    ids = _best(connection, query, size, offset, by_date=by_date) if offset < MOST else []
    counted = _counted(connection, query, cache, by_unit=not brief)
    total = max(counted.total, offset + len(ids))
    found = articles.cards(connection, ids, opening=_LINES if brief else articles.OPENING)
    return {
        "hits": [_hit(connection, card, query, title=not brief) for card in found],
        "total": total,
        "more": counted.more,
        "facets": {} if brief else facets(counted, sites.sites(connection)),
        "remarks": query.remarks,
        "last_page": max(1, -(-min(total, MOST) // size)),
    }


def _read(connection: sqlite3.Connection, text: str, filters: Filters) -> Query:
    query = parse_query(text, filters)
    if query.node is not None:
        query.node = resolved(connection, query.node)
    return query


def _best(connection: sqlite3.Connection, query: Query, size: int, offset: int = 0, *, by_date: bool) -> list[int]:
    everything = query.node is None and query.filters == Filters()
    return ranking.best(connection, query, limit=size, offset=offset, newest=by_date or everything)


def cited(connection: sqlite3.Connection, text: str, filters: Filters, *, by_date: bool) -> list[Citation]:
    """Return how the articles that a search finds are cited, at most MOST, in the order in which they are listed."""
    return articles.citations(connection, _best(connection, _read(connection, text, filters), MOST, by_date=by_date))


def latest(connection: sqlite3.Connection, text: str, filters: Filters, count: int) -> list[Hit]:
    """Return the newest matches as `find` gives its hits, without counting all of them."""
    query = parse_query(text, filters)
    ids = ranking.best(connection, query, limit=count, newest=True)
    return [_hit(connection, card, query) for card in articles.cards(connection, ids)]


def _counted(connection: sqlite3.Connection, query: Query, cache: AnswerCache, *, by_unit: bool) -> Counts:
    """The counts of all matches."""
    about = query.node, query.filters, by_unit
    counted: Counts = cache.get(connection, about, lambda: counts(connection, query, by_unit=by_unit))
    return counted


def _hit(connection: sqlite3.Connection, card: ArticleCard, query: Query, *, title: bool = True) -> Hit:
    wanted = ranking.shown_terms(query)
    shown = pieces(f"{card['summary']}\n{card['opening']}", wanted)
    if wanted and not any(piece.hit for piece in shown):
        deep = pieces(articles.body(connection, card["id"]), wanted)
        shown = deep if any(piece.hit for piece in deep) else shown
    return {**card, "title_pieces": pieces(card["title"], wanted, None) if title else [], "snippet": shown}
