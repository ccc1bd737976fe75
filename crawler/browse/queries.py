"""What the pages ask of the database. Functions take a read-only connection and return plain dicts."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from crawler.browse import charts
from crawler.browse.facets import facets
from crawler.run.health import assess
from crawler.text.word_diff import changes
from crawler.units import NEW, OLD, named
from storage.exports.citations import CITED, cited
from storage.search import ranking
from storage.search.counts import Counts, counts
from storage.search.fts_match import resolved
from storage.search.fulltext import parse_query
from storage.search.query import Filters, Query
from storage.search.snippets import Piece, pieces

Row = dict[str, Any]
PAGE = 20  # results a page
MOST = 1000  # results that are listed at all
_OPENING, _LINES = 600, 400  # characters of a body that stand in a list, and of one in a long list
_MOST_KEPT = 64  # answers
_KEPT: dict[Any, Any] = {}
_LOOKED_AT = 100  # a site's newest articles, by which its habit is judged
_LIVE = "status IN ('ok', 'failed') AND mode NOT IN ('reprocess', 'replay')"
_LISTED = "id, site, key, url, title, summary, section, published_at, removed_at"
_FIELDS = ("title", "summary", "body", "published_at", "author")


def rows(connection: sqlite3.Connection, sql: str, values: Iterable[object] = ()) -> list[Row]:
    """Return the rows of a query as dicts."""
    cursor = connection.execute(sql, tuple(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def one(connection: sqlite3.Connection, sql: str, values: Iterable[object] = ()) -> Row | None:
    """Return the first row of a query, or None."""
    found = rows(connection, sql, values)
    return found[0] if found else None


def sites(connection: sqlite3.Connection) -> dict[str, Row]:
    """Return slug → row of `sites`, by name, with `unit_old_name` and `unit_new_name` where the codes have any."""
    return {row["slug"]: _with_units(row) for row in rows(connection, "SELECT * FROM sites ORDER BY name")}


def _with_units(site: Row) -> Row:
    return site | {
        "unit_old_name": named(site["unit_old"], OLD),
        "unit_new_name": named(site["unit_new"], NEW),
    }


def articles(connection: sqlite3.Connection, ids: list[int], *, opening: int = _OPENING) -> list[Row]:
    """Return the articles with these ids, in this order, with `opening`: so many characters of the body, `files`: how
    many each has, and `picture`: the capture of its first one that is kept."""
    found = rows(
        connection,
        f"SELECT {_LISTED}, substr(body, 1, {opening:d}) AS opening, "  # noqa: S608 — question marks only
        "(SELECT count(*) FROM attachments t WHERE t.article_id = articles.id) AS files, "
        "(SELECT i.capture_id FROM images i WHERE i.article_id = articles.id AND i.capture_id IS NOT NULL "
        "ORDER BY i.position LIMIT 1) AS picture "
        f"FROM articles WHERE id IN ({', '.join('?' * len(ids))})",
        ids,
    )
    by_id = {row["id"]: row for row in found}
    return [by_id[number] for number in ids if number in by_id]


def teaser(row: Row) -> str:
    """Return the summary, or how the text begins without the rows of tables, which are no sentences."""
    return str(row["summary"]) or " ".join(line for line in row["opening"].splitlines() if " | " not in line)


def newest(connection: sqlite3.Connection, count: int, site: str | None = None) -> list[Row]:
    """Return the articles published last, of a site or of all."""
    where, values = ("WHERE site = ?", [site]) if site else ("", [])
    found = connection.execute(
        f"SELECT id FROM search_keys {where} ORDER BY published DESC, id LIMIT ?",  # noqa: S608 — literals only
        [*values, count],
    )
    return articles(connection, [row[0] for row in found])


def by_month(connection: sqlite3.Connection, site: str | None = None) -> list[tuple[str, int]]:
    """Return (2021-05, how many) for all months and years in which articles were published."""
    where, values = ("AND site = ?", [site]) if site else ("", [])
    found = connection.execute(
        f"SELECT month, sum(articles) FROM search_months WHERE month <> '' AND articles {where} GROUP BY 1",  # noqa: S608
        values,
    )
    return charts.months([(row[0], row[1]) for row in found])


def start(connection: sqlite3.Connection, now: datetime) -> Row:
    """Return what the front page shows."""
    counts = connection.execute(
        "SELECT (SELECT coalesce(sum(articles), 0) FROM search_months), "
        "(SELECT min(published) FROM search_keys WHERE published <> ''), (SELECT max(published) FROM search_keys), "
        "(SELECT count(*) FROM search_keys WHERE removed), (SELECT count(*) FROM versions), "
        "(SELECT count(*) FROM attachments)"
    ).fetchone()
    names = ("total", "first", "last", "removed", "versions", "files")
    return dict(zip(names, counts, strict=True)) | {
        "newest": newest(connection, 13),
        "health": health(connection, now),
        "months": by_month(connection),
    }


def health(connection: sqlite3.Connection, now: datetime) -> list[Row]:
    """Return a dict a site: its row with state, reason, message, since, silence, articles, newest and last run."""

    def read() -> list[Row]:
        counted = connection.execute("SELECT site, sum(articles) FROM search_months GROUP BY site")
        articles_of = dict(counted.fetchall())
        return [_health(connection, row, articles_of.get(slug, 0), now) for slug, row in sites(connection).items()]

    verdicts: list[Row] = _kept(connection, ("health", now.isoformat()[:13]), read)
    return verdicts


def _health(connection: sqlite3.Connection, row: Row, count: int, now: datetime) -> Row:
    slug = row["slug"]
    last = _runs(connection, slug, "status IN ('ok', 'failed') AND mode <> 'reprocess'", 1)
    live = last if last and last[0]["mode"] != "replay" else _runs(connection, slug, _LIVE, 1)
    if live and live[0]["status"] == "failed":
        live = _runs(connection, slug, _LIVE)  # since when
    days = connection.execute(
        "SELECT DISTINCT substr(published, 1, 10) FROM (SELECT published FROM search_keys WHERE site = ? "
        "ORDER BY published DESC LIMIT ?) WHERE length(published) >= 10",
        (slug, _LOOKED_AT),
    )
    published = [day for (day,) in days]
    verdict = assess(live, published, now)
    return row | {
        "state": str(verdict.state), "reason": verdict.reason, "message": verdict.message, "since": verdict.since,
        "silence": asdict(verdict.silence) if verdict.silence else None, "articles": count,
        "newest": published[0] if published else None, "last_run": _run(last[0]) if last else None,
    }  # fmt: skip


def runs(connection: sqlite3.Connection, site: str, *, limit: int = 30) -> list[Row]:
    """Return a site's runs, newest first, with `counts` and `skipped` as dicts."""
    return [_run(row) for row in _runs(connection, site, "1", limit)]


def _runs(connection: sqlite3.Connection, site: str, only: str, limit: int = 30) -> list[Row]:
    return rows(connection, f"SELECT * FROM runs WHERE site = ? AND {only} ORDER BY id DESC LIMIT ?", (site, limit))  # noqa: S608


def _run(row: Row) -> Row:
    return row | {"counts": json.loads(row["counts"]), "skipped": json.loads(row["skipped"])}


def run(connection: sqlite3.Connection, number: int) -> Row | None:
    """Return a run with its pages that were not stored and some of the articles it wrote."""
    row = one(connection, "SELECT * FROM runs WHERE id = ?", [number])
    if row is None:
        return None
    skipped = rows(
        connection, "SELECT url, reason, detail FROM skipped WHERE run_id = ? ORDER BY id LIMIT 500", [number]
    )
    ids = [
        found[0]
        for found in connection.execute(
            "SELECT id FROM articles WHERE run_id = ? AND site = ? ORDER BY id LIMIT 50", [number, row["site"]]
        )
    ]
    return _run(row) | {"pages_skipped": skipped, "written": articles(connection, ids)}


def ward(connection: sqlite3.Connection, slug: str, now: datetime) -> Row | None:
    """Return what a site's page shows, or None."""
    site = sites(connection).get(slug)
    if site is None:
        return None
    count = one(connection, "SELECT sum(articles) AS articles FROM search_months WHERE site = ?", [slug]) or {}
    row = _health(connection, site, count["articles"] or 0, now)
    sections = rows(
        connection,
        "SELECT section AS name, sum(articles) AS articles FROM search_counts WHERE site = ? AND section <> '' "
        "AND articles GROUP BY section ORDER BY 2 DESC, 1 LIMIT 30",
        [slug],
    )
    return row | {
        "newest_articles": newest(connection, 20, slug),
        "sections": sections,
        "months": by_month(connection, slug),
        "runs": runs(connection, slug),
    }


def article(connection: sqlite3.Connection, site: str, key: str) -> Row | None:
    """Return all that is kept of the article known as `key` on `site`, under any identity it had there; or None."""
    row = one(
        connection,
        "SELECT a.* FROM articles a WHERE a.site = ? AND a.key = ? UNION ALL "
        "SELECT a.* FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE u.site = ? AND u.key = ? LIMIT 1",
        (site, key, site, key),
    )
    if row is None:
        return None
    number = row["id"]
    others = [found["id"] for found in newest(connection, 7, row["site"]) if found["id"] != number]
    citation = cited(rows(connection, CITED, [number])[0])
    return row | {
        "citation": citation.to_dict() | {"issuer_in_full": citation.issuer_in_full},
        "ward": _with_units(rows(connection, "SELECT * FROM sites WHERE slug = ?", [row["site"]])[0]),
        "urls": rows(
            connection,
            "SELECT * FROM article_urls WHERE article_id = ? AND url <> ? ORDER BY url",
            (number, row["url"]),
        ),
        "attachments": rows(connection, "SELECT * FROM attachments WHERE article_id = ? ORDER BY position", [number]),
        "images": rows(connection, "SELECT * FROM images WHERE article_id = ? ORDER BY position", [number]),
        "about": [
            unit | {"name": (named(unit["code"], unit["vintage"]) or unit["code"]).split(",")[0]}
            for unit in rows(connection, "SELECT * FROM article_units WHERE article_id = ? ORDER BY position", [number])
        ],
        "capture": one(connection, "SELECT * FROM captures WHERE id = ?", [row["capture_id"]]),
        "events": rows(connection, "SELECT * FROM article_events WHERE article_id = ? ORDER BY id", [number]),
        "changes": _changes(connection, row),
        "near": _near(connection, number),
        "others": articles(connection, others[:6]),
    }


def _changes(connection: sqlite3.Connection, row: Row) -> list[Row]:
    """The changes between an article's texts, the latest first: from, to, and for each field runs of (kind, text)."""
    earlier = rows(connection, "SELECT * FROM versions WHERE article_id = ? ORDER BY id", [row["id"]])
    texts = [*earlier, row | {"seen_from": row["changed_at"] or row["first_seen_at"]}]
    return [
        {
            "from": older["seen_from"],
            "to": newer["seen_from"],
            "fields": {
                name: _grouped(changes(older[name] or "", newer[name] or ""))
                for name in _FIELDS
                if (older[name] or "") != (newer[name] or "")
            },
        }
        for older, newer in reversed(list(pairwise(texts)))
    ]


def _grouped(runs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Changed words with only a space between them as one change: “Thứ Bảy” to “Chủ nhật”, not word by word."""
    made: list[tuple[str, str]] = []
    gone = new = space = ""
    for kind, text in (*runs, ("same", "")):
        if kind == "same" and text and (gone or new) and not text.strip(" "):
            space += text  # it stands in both texts, perhaps between two changes
        elif kind == "same":
            made += [(name, part) for name, part in (("gone", gone), ("new", new)) if part.strip()]
            made += [("same", space + text)] if space + text else []
            gone = new = space = ""
        else:
            gone, new, space = gone + space, new + space, ""
            gone, new = (gone + text, new) if kind == "gone" else (gone, new + text)
    return made


def _near(connection: sqlite3.Connection, number: int) -> list[Row]:
    """The articles of one story, the earliest source first, each with `site_name` and `likeness` to that source."""
    return rows(
        connection,
        "SELECT a.id, a.site, a.key, a.title, a.published_at, s.name AS site_name, "
        "a.id = o.group_id AS is_earliest, n.likeness FROM near_groups m "
        "JOIN near_groups o ON o.group_id = m.group_id JOIN articles a ON a.id = o.article_id "
        "JOIN sites s ON s.slug = a.site LEFT JOIN near_duplicates n "
        "ON n.article_id = min(o.group_id, a.id) AND n.other_id = max(o.group_id, a.id) "
        "WHERE m.article_id = ? ORDER BY a.id <> o.group_id, a.published_at, a.id LIMIT 100",
        [number],
    )


def find(
    connection: sqlite3.Connection, text: str, filters: Filters, *, page: int, by_date: bool, size: int = PAGE,
    brief: bool = False,
) -> Row:  # fmt: skip
    """Return a page of results: `hits` with `snippet` and `title_pieces`; `total`, which is the least it can be where
    there are `more`; `facets`, `remarks`. For many hits there is `brief`: without facets, titles are not marked, and
    the body is only looked into for the snippet where its first lines hold nothing that was asked for.
    """
    query = parse_query(text, filters)
    if query.node is not None:
        query.node = resolved(connection, query.node)
    everything = query.node is None and query.filters == Filters()
    offset = (page - 1) * size
    ids: list[int] = []
    if offset < MOST:
        ids = ranking.best(connection, query, limit=size, offset=offset, newest=by_date or everything)
    counted = _counted(connection, query, by_unit=not brief)
    total = max(counted.total, offset + len(ids))
    return {
        "hits": [
            _hit(connection, row, query, title=not brief)
            for row in articles(connection, ids, opening=_LINES if brief else _OPENING)
        ],
        "total": total,
        "more": counted.more,
        "facets": {} if brief else facets(counted, sites(connection)),
        "remarks": query.remarks,
        "last_page": max(1, -(-min(total, MOST) // size)),
    }


def latest(connection: sqlite3.Connection, text: str, filters: Filters, count: int) -> list[Row]:
    """Return the newest matches as `find` gives its hits, without counting all of them."""
    query = parse_query(text, filters)
    ids = ranking.best(connection, query, limit=count, newest=True)
    return [_hit(connection, row, query) for row in articles(connection, ids)]


def _counted(connection: sqlite3.Connection, query: Query, *, by_unit: bool) -> Counts:
    """The counts of all matches."""
    about = query.node, query.filters, by_unit
    counted: Counts = _kept(connection, about, lambda: counts(connection, query, by_unit=by_unit))
    return counted


def _kept(connection: sqlite3.Connection, about: Any, read: Callable[[], Any]) -> Any:
    """What `read` gives; kept for as long as the database's files stay as they are."""
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    files = [file for file in (Path(path), Path(f"{path}-wal")) if file.exists()]
    key = (tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files), about)
    if key not in _KEPT:
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = read()
    return _KEPT[key]


def forget() -> None:
    """Forget the answers that are kept, as a change of the database does."""
    _KEPT.clear()


def _hit(connection: sqlite3.Connection, row: Row, query: Query, *, title: bool = True) -> Row:
    wanted = ranking.shown_terms(query)
    text = f"{row['summary']}\n{row['opening']}"
    shown = pieces(text, wanted)
    if wanted and not any(piece.hit for piece in shown):
        body = connection.execute("SELECT body FROM articles WHERE id = ?", [row["id"]]).fetchone()[0]
        deep = pieces(body, wanted)
        shown = deep if any(piece.hit for piece in deep) else shown
    marked: list[Piece] = pieces(row["title"], wanted, None) if title else []
    return row | {"title_pieces": marked, "snippet": shown}
