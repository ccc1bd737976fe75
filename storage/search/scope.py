"""What a query's filters mean: the articles that pass them, as SQL and as far as the index alone shows."""

import sqlite3
from dataclasses import dataclass
from json import dumps

from crawler.text import fold
from storage.doubts.listing import articles_with
from storage.search import indexed_text, units
from storage.search.fts_match import FOLDED_TEXT, quoted
from storage.search.query import Filters, end

DAY = 1 << 22  # places of a day, as in the schema
_MOST_SITES = 50  # sites in an expression for the index


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles that pass the filters: as SQL on `search_keys` k, and as far as the index alone shows."""

    where: str
    values: tuple[object, ...]
    sites: str  # an expression that all articles of the sites match, or ""
    first: int  # place: the newest
    last: int  # place: the oldest

    def matching(self, expression: str) -> str:
        """Return the expression limited to the sites."""
        return f"({expression}) AND ({self.sites})" if self.sites else expression


def conditions(connection: sqlite3.Connection, filters: Filters, *, of_few: bool = False) -> tuple[str, list[object]]:
    """Return (SQL on `search_keys` as k, its values) for the articles that pass `filters`; "1" for all.

    `of_few`: few articles will be looked at, so that those of a large unit are not all listed first.
    """
    found: list[str] = []
    values: list[object] = []
    for name, chosen in (
        ("site", _sites(connection, filters)),
        ("section", _sections(connection, filters.sections) if filters.sections else None),
    ):
        if chosen is not None:
            found.append(f"k.{name} IN ({', '.join('?' * len(chosen))})" if chosen else "0")
            values += chosen
    if filters.units and of_few and units.are_many(connection, filters.units):
        part, wanted = units.condition(connection, filters.units, article="k.id", site="k.site")
        found.append(part)
        values += wanted
    elif filters.units:
        listed = units.ids(connection, filters.units)
        found.append("k.id IN (SELECT value FROM json_each(?))" if listed else "0")
        values += [dumps(listed)] if listed else []
    for meant in filters.doubts:
        among = "k.id IN (SELECT value FROM json_each(?))"
        found.append(f"NOT {among}" if meant.startswith("-") else among)
        values.append(dumps(articles_with(connection, meant.removeprefix("-"))))
    if filters.since:
        found.append("k.published >= ?")
        values.append(filters.since)
    if filters.until:
        found.append("k.published <= ? AND k.published <> ''")
        values.append(end(filters.until))
    if filters.has_file is not None:
        found.append(f"k.files = {int(filters.has_file)}")
    if filters.removed is not None:
        found.append("k.removed" if filters.removed else "NOT k.removed")
    return " AND ".join(found) or "1", values


def _sites(connection: sqlite3.Connection, filters: Filters) -> list[str] | None:
    """Return the sites that a query names, by slug, or else by a part of slug, host or name."""
    if not filters.sites:
        return None
    rows = connection.execute("SELECT slug, host, name FROM sites").fetchall()
    exact = {row[0] for row in rows if row[0] in filters.sites}
    return sorted(exact or {row[0] for row in rows for one in filters.sites if one in fold(" ".join(row))})


def _sections(connection: sqlite3.Connection, wanted: tuple[str, ...]) -> list[str]:
    known = connection.execute("SELECT DISTINCT section FROM search_counts WHERE section <> ''")
    return [name for (name,) in known if any(_is_meant(one, fold(name)) for one in wanted)]


def _is_meant(wanted: str, name: str) -> bool:
    return name == wanted[1:].strip() if wanted.startswith("=") else wanted in name


def scope(connection: sqlite3.Connection, filters: Filters, *, of_few: bool = False) -> Scope:
    """Return the scope of `filters`; `of_few` as for `conditions`."""
    where, values = conditions(connection, filters, of_few=of_few)
    sites = ""
    if filters.sites:
        slugs = _sites(connection, Filters(sites=filters.sites)) or []
        if 0 < len(slugs) <= _MOST_SITES:
            sites = " OR ".join(quoted(FOLDED_TEXT, (indexed_text.site_word(slug),)) for slug in slugs)
    return Scope(where, tuple(values), sites, *places(filters.since, filters.until))


def places(since: str | None, until: str | None) -> tuple[int, int]:
    """Return the first and last place of a span of days, months or years, both ends included."""
    return _day(until, 99) if until else 0, (_day(since, 0) if since else _day("0", 0)) + DAY - 1


def _day(date: str, missing: int) -> int:
    """Return the first place of a day; `missing` replaces a month or day that the date leaves open."""
    year, month, day = [*map(int, date.split("-")), missing, missing][:3]
    return (99_999_999 - (year * 10_000 + month * 100 + day)) * DAY
