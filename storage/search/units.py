"""Finds the articles of an administrative unit: those of its own sites, and those that are about it."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from json import dumps

from crawler.units import NEW, OLD, UnitQuery, new_codes, parse_unit, table
from crawler.units.scope import own_units
from storage.errors import CollectionError


class BadUnit(CollectionError):
    """The text names several units, or neither a unit nor a site; the message says what to write."""


def condition(connection: sqlite3.Connection, texts: tuple[str, ...], *, article: str) -> tuple[str, list[object]]:
    """Return (SQL, its values) for the articles of at least one of the units that `texts` name.

    Those are all articles of a ward's own site; of the site of a district or city with the ward's codes, those that are
    linked to no other unit; and those of any site that are linked to the unit. `article`: the expression for an
    article's id. Where several units have the name, the articles of all pass; callers that can ask the user which one
    is meant use `sites_of`.
    """
    units = [parse_unit(text) for text in texts]
    whole = sorted(_slugs(connection, units, own=True))
    partly = sorted(_slugs(connection, units, own=False))
    linked = {
        vintage: sorted({code for unit in units for meaning in unit.meanings for code in getattr(meaning, vintage)})
        for vintage in (OLD, NEW)
    }
    if not (whole or partly or any(linked.values())):
        return "0", []
    sql = (
        f"{article} IN (SELECT a.id FROM search_keys a WHERE a.site IN ({_marks(whole)}) "  # noqa: S608 — placeholders
        f"UNION ALL SELECT a.id FROM search_keys a WHERE a.site IN ({_marks(partly)}) "
        "AND NOT EXISTS (SELECT 1 FROM article_units l WHERE l.article_id = a.id) "
        "UNION ALL SELECT l.article_id FROM article_units l "
        f"WHERE l.vintage = '{OLD}' AND l.code IN ({_marks(linked[OLD])}) "
        "UNION ALL SELECT l.article_id FROM article_units l "
        f"WHERE l.vintage = '{NEW}' AND l.code IN ({_marks(linked[NEW])}))"
    )
    return sql, [*whole, *partly, *linked[OLD], *linked[NEW]]


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
