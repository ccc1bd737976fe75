"""Finds the articles of an administrative unit: those of its own sites, and those that are about it."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from json import dumps

from crawler.units import NEW, OLD, UnitQuery, new_codes, parse_unit, table
from crawler.units.scope import own_units
from storage.errors import CollectionError

_MANY = 10_000  # articles of the sites of a unit
_LISTED = (  # the ids of the articles of a unit, some more than once
    "SELECT a.id FROM search_keys a WHERE a.site IN ({whole}) "  # noqa: S608 — literals only
    "UNION ALL SELECT a.id FROM search_keys a WHERE a.site IN ({partly}) "
    "AND NOT EXISTS (SELECT 1 FROM article_units l WHERE l.article_id = a.id) "
    f"UNION ALL SELECT l.article_id FROM article_units l WHERE l.vintage = '{OLD}' AND l.code IN ({{old}}) "
    f"UNION ALL SELECT l.article_id FROM article_units l WHERE l.vintage = '{NEW}' AND l.code IN ({{new}})"
)


class BadUnit(CollectionError):
    """The text names several units, or neither a unit nor a site; the message says what to write."""


def condition(
    connection: sqlite3.Connection, texts: tuple[str, ...], *, article: str, site: str | None = None
) -> tuple[str, list[object]]:
    """Return (SQL, its values) for the articles of at least one of the units that `texts` name.

    Those are all articles of a ward's own site; of the site of a district or city with the ward's codes, those that are
    linked to no other unit; and those of any site that are linked to the unit. `article`: the expression for an
    article's id. With `site`, that for its site, the SQL looks at one article after the other; without, it lists them
    all first. Where several units have the name, the articles of all pass; callers that can ask the user which one is
    meant use `sites_of`.
    """
    named = _named(connection, texts)
    if not any(named):
        return "0", []
    values: list[object] = [value for listed in named for value in listed]
    whole, partly, old, new = map(_marks, named)
    if site is not None:
        return (
            f"({site} IN ({whole}) OR ({site} IN ({partly}) "  # noqa: S608 — placeholders
            f"AND NOT EXISTS (SELECT 1 FROM article_units l WHERE l.article_id = {article})) "
            f"OR EXISTS (SELECT 1 FROM article_units l WHERE l.article_id = {article} AND "
            f"((l.vintage = '{OLD}' AND l.code IN ({old})) OR (l.vintage = '{NEW}' AND l.code IN ({new})))))"
        ), values
    return f"{article} IN ({_LISTED.format(whole=whole, partly=partly, old=old, new=new)})", values


def ids(connection: sqlite3.Connection, texts: tuple[str, ...]) -> list[int]:
    """Return the ids of the articles that pass `condition`, in order."""
    named = _named(connection, texts)
    whole, partly, old, new = map(_marks, named)
    rows = connection.execute(
        _LISTED.format(whole=whole, partly=partly, old=old, new=new), [value for listed in named for value in listed]
    )
    rows.row_factory = None
    return sorted({number for (number,) in rows})


def are_many(connection: sqlite3.Connection, texts: tuple[str, ...]) -> bool:
    """Tell whether the sites of the units have so many articles that to list them takes long."""
    whole, partly, *_ = _named(connection, texts)
    sql = f"SELECT coalesce(sum(articles), 0) FROM search_months WHERE site IN ({_marks([*whole, *partly])})"  # noqa: S608
    (count,) = connection.execute(sql, [*whole, *partly]).fetchone()
    return int(count) > _MANY


def _named(connection: sqlite3.Connection, texts: tuple[str, ...]) -> list[list[str]]:
    """Return the sites of which all articles pass, those of which some do, and the old and the new codes."""
    units = [parse_unit(text) for text in texts]
    linked = (
        sorted({code for unit in units for meaning in unit.meanings for code in getattr(meaning, vintage)})
        for vintage in (OLD, NEW)
    )
    return [sorted(_slugs(connection, units, own=True)), sorted(_slugs(connection, units, own=False)), *linked]


def counted(connection: sqlite3.Connection, articles: Sequence[tuple[int, str]]) -> Counter[str]:
    """Return code of a unit since July 2025 → how many of these articles (id, site) pass `condition` for it."""
    site_of = dict(articles)
    of_sites = Counter(site_of.values())
    homes = _homes(connection)
    found: Counter[str] = Counter()
    for number, about in _linked(connection, list(site_of)).items():
        codes, is_own = homes[site_of[number]]
        if not is_own:
            of_sites[site_of[number]] -= 1
        for code in about.difference(codes) if is_own else about:
            found[code] += 1
    for site, count in of_sites.items():
        for code in homes[site][0]:
            found[code] += count
    return +found


def counted_by_site(connection: sqlite3.Connection, articles: dict[str, int]) -> Counter[str]:
    """Return code of a unit since July 2025 → how many articles its own sites have, by how many each site has."""
    found: Counter[str] = Counter()
    for site, (codes, is_own) in _homes(connection).items():
        found.update(dict.fromkeys(codes if is_own else (), articles.get(site, 0)))
    return +found


def _homes(connection: sqlite3.Connection) -> dict[str, tuple[frozenset[str], bool]]:
    """Return site → codes since July 2025 of its units, and whether it is a ward's own site."""
    rows = connection.execute("SELECT slug, name, unit_old, unit_new FROM sites")
    return {row[0]: _home(*row) for row in rows}


@lru_cache(maxsize=1 << 14)
def _home(slug: str, name: str, unit_old: str | None, unit_new: str | None) -> tuple[frozenset[str], bool]:
    return new_codes(name, unit_old, unit_new), bool(own_units(slug, unit_old, unit_new))


def _linked(connection: sqlite3.Connection, articles: list[int]) -> dict[int, frozenset[str]]:
    """Return article → codes since July 2025 of the units that it is linked to; only articles with links."""
    units, codes = table(), dict[tuple[str, str], frozenset[str]]()
    rows = connection.execute(
        "SELECT article_id, vintage, code FROM article_units WHERE article_id IN (SELECT value FROM json_each(?))",
        [dumps(articles)],
    )
    rows.row_factory = None
    found: dict[int, frozenset[str]] = {}
    for number, vintage, code in rows:
        after = codes.get((vintage, code))
        if after is None:
            there = {new.code for new in units.successors(code)} if vintage == OLD else {code} & units.new.keys()
            after = codes[vintage, code] = frozenset(there)
        found[number] = found[number] | after if number in found else after
    return found


def sites_of(connection: sqlite3.Connection, text: str) -> set[str]:
    """Return the slugs of the sites of the unit that `text` names, or with `text` in their names; may be empty.

    Raises BadUnit where several units have the name, or neither a unit nor a site has it.
    """
    unit = parse_unit(text)
    found = set() if unit.is_ambiguous else _slugs(connection, [unit])
    if unit.error and not found:
        raise BadUnit(str(unit.error))
    return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _slugs(connection: sqlite3.Connection, units: list[UnitQuery], *, own: bool | None = None) -> set[str]:
    """Return the sites of the units. `own`: True for a ward's own and those meant by name, False for the others."""
    rows = connection.execute("SELECT slug, name, unit_old, unit_new FROM sites")
    found: dict[str, bool] = {}
    for slug, name, unit_old, unit_new in rows:
        meant = [unit for unit in units if unit.includes(name, unit_old, unit_new)]
        if meant:
            found[slug] = any(not unit.meanings for unit in meant) or bool(own_units(slug, unit_old, unit_new))
    return {slug for slug, is_own in found.items() if own in (None, is_own)}
