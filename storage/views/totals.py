"""Figures of a collection, or of one site in it."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from storage import fields


class Totals(TypedDict):
    """How much a collection holds. `first`, `last`: publication days (ISO), None where no article has a date."""

    total: int
    first: str | None
    last: str | None
    removed: int
    versions: int
    files: int


class Filled(NamedTuple):
    """How many articles there are, how many of them are removed, and how many have each field."""

    articles: int
    removed: int
    filled: dict[str, int]


class Sizes(NamedTuple):
    """How many things are kept, and their size in bytes."""

    number: int
    size: int


def totals(connection: sqlite3.Connection) -> Totals:
    """Return what the collection holds in all."""
    counts = connection.execute(
        "SELECT (SELECT coalesce(sum(articles), 0) FROM search_months), "
        "(SELECT min(published) FROM search_keys WHERE published <> ''), (SELECT max(published) FROM search_keys), "
        "(SELECT count(*) FROM search_keys WHERE removed), (SELECT count(*) FROM versions), "
        "(SELECT count(*) FROM attachments)"
    ).fetchone()
    total, first, last, removed, versions, files = counts
    return Totals(total=total, first=first, last=last, removed=removed, versions=versions, files=files)


def by_month(connection: sqlite3.Connection, site: str | None = None) -> list[tuple[str, int]]:
    """Return (2021-05, how many) for the months and years in which articles were published, in no order."""
    where, values = ("AND site = ?", [site]) if site else ("", [])
    found = connection.execute(
        f"SELECT month, sum(articles) FROM search_months WHERE month <> '' AND articles {where} GROUP BY 1",  # noqa: S608
        values,
    )
    return [(row[0], row[1]) for row in found]


def _of(site: str | None, column: str = "a.site") -> tuple[str, Sequence[str]]:
    return (f"WHERE {column} = ?", [site]) if site else ("", [])


def filled(connection: sqlite3.Connection, site: str | None) -> Filled:
    """Return how many articles have each field; `site` None: of all sites."""
    where, values = _of(site)
    own = [name for name in fields.REPORT if name not in fields.PARTS]
    sums = [f"sum(coalesce(a.{name}, '') <> '')" for name in own] + [
        f"sum(EXISTS (SELECT 1 FROM {table} t WHERE t.article_id = a.id))"  # noqa: S608 — literals only
        for table in fields.PARTS
    ]
    row = connection.execute(
        f"SELECT count(*), sum(a.removed_at IS NOT NULL), {', '.join(sums)} FROM articles a {where}",  # noqa: S608
        values,
    ).fetchone()
    counts = dict(zip((*own, *fields.PARTS), (count or 0 for count in row[2:]), strict=True))
    return Filled(row[0], row[1] or 0, counts)


def date_sources(connection: sqlite3.Connection, site: str | None) -> list[tuple[str, int]]:
    """Return (`published_from` or "", how many articles), the largest first."""
    where, values = _of(site)
    sql = f"SELECT coalesce(a.published_from, ''), count(*) FROM articles a {where} GROUP BY 1 ORDER BY 2 DESC"  # noqa: S608
    return connection.execute(sql, values).fetchall()


def address_relations(connection: sqlite3.Connection, site: str | None) -> dict[str, int]:
    """Return relation of `article_urls` → how many addresses."""
    where, values = _of(site)
    return dict(connection.execute(f"SELECT a.relation, count(*) FROM article_urls a {where} GROUP BY 1", values))  # noqa: S608


def version_count(connection: sqlite3.Connection, site: str | None) -> int:
    """Return how many earlier texts are kept."""
    where, values = _of(site)
    sql = f"SELECT count(*) FROM versions v JOIN articles a ON a.id = v.article_id {where}"  # noqa: S608
    return int(connection.execute(sql, values).fetchone()[0])


def capture_sizes(connection: sqlite3.Connection, site: str | None) -> Sizes:
    """Return how many captures there are, and their compressed size."""
    where, values = _of(site)
    sql = f"SELECT count(*), coalesce(sum(a.length), 0) FROM captures a {where}"  # noqa: S608
    return Sizes(*connection.execute(sql, values).fetchone())


def file_sizes(connection: sqlite3.Connection, site: str | None) -> Sizes:
    """Return how many attached files are kept, and their size; each content counts once."""
    where, values = _of(site)
    sql = (
        "SELECT count(DISTINCT f.sha256), coalesce(sum(f.size), 0) FROM files f WHERE f.sha256 IN "  # noqa: S608
        f"(SELECT t.sha256 FROM attachments t JOIN articles a ON a.id = t.article_id {where})"
    )
    return Sizes(*connection.execute(sql, values).fetchone())
