"""The sites, and the figures of each."""

import sqlite3
from typing import TypedDict, cast

from crawler.units import NEW, OLD, named
from storage.rows import ProfileRow, SiteRow
from storage.views.select import one, rows


class NamedSite(SiteRow):
    """A row of `sites`, with the names of its units where its codes have any."""

    unit_old_name: str | None
    unit_new_name: str | None


class SectionCount(TypedDict):
    """A section of a site, and how many articles it has."""

    name: str
    articles: int


def sites(connection: sqlite3.Connection) -> dict[str, NamedSite]:
    """Return slug → site, by name."""
    return {row["slug"]: _site(row) for row in rows(connection, "SELECT * FROM sites ORDER BY name")}


def site(connection: sqlite3.Connection, slug: str) -> NamedSite | None:
    """Return one site, or None."""
    row = one(connection, "SELECT * FROM sites WHERE slug = ?", [slug])
    return _site(row) if row else None


def _site(row: dict[str, str | None]) -> NamedSite:
    units = {"unit_old_name": named(row["unit_old"], OLD), "unit_new_name": named(row["unit_new"], NEW)}
    return cast(NamedSite, row | units)


def kept_platform(connection: sqlite3.Connection, slug: str) -> str | None:
    """Return the platform by which a site was read last, "" where it is still to be found; None where the site was
    never crawled."""
    row = connection.execute("SELECT platform FROM sites WHERE slug = ?", [slug]).fetchone()
    return str(row[0]) if row else None


def kept_platforms(connection: sqlite3.Connection) -> dict[str, str]:
    """Return slug → platform of the sites of which one is known."""
    return dict(connection.execute("SELECT slug, platform FROM sites WHERE platform <> ''").fetchall())


def article_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return slug → how many articles, for the sites that have any."""
    return dict(connection.execute("SELECT site, sum(articles) FROM search_months GROUP BY site").fetchall())


def article_count(connection: sqlite3.Connection, slug: str) -> int:
    """Return how many articles a site has."""
    (count,) = connection.execute("SELECT sum(articles) FROM search_months WHERE site = ?", [slug]).fetchone()
    return int(count or 0)


def sections(connection: sqlite3.Connection, slug: str, *, limit: int = 30) -> list[SectionCount]:
    """Return a site's largest sections."""
    found = connection.execute(
        "SELECT section, sum(articles) FROM search_counts WHERE site = ? AND section <> '' "
        "AND articles GROUP BY section ORDER BY 2 DESC, 1 LIMIT ?",
        [slug, limit],
    )
    return [SectionCount(name=name, articles=count) for name, count in found]


def profile(connection: sqlite3.Connection, slug: str) -> ProfileRow | None:
    """Return what was learned of a site as a whole, as it is in force today; None where nothing was."""
    sql = "SELECT * FROM site_profiles WHERE site = ? AND valid_until IS NULL ORDER BY id DESC LIMIT 1"
    return cast("ProfileRow | None", one(connection, sql, [slug]))
