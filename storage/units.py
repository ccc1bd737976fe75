"""The articles of an administrative unit: those of the sites that are its own, and those that are about it."""

import sqlite3
from collections.abc import Sequence

from crawler.units import NEW, OLD, Asked, asked
from crawler.units.scope import scope_of
from storage.errors import CollectionError


class BadUnit(CollectionError):
    """A text names several units, or neither a unit nor a site; the message says what to write."""


def condition(connection: sqlite3.Connection, texts: tuple[str, ...], *, article: str) -> tuple[str, list[object]]:
    """Return (SQL, its values) for the articles of the units that `texts` name, of one of them at least.

    Those are all articles of a ward's own site; of the site of a district or city that carries the ward's codes, those
    that are linked to no other unit; and those of any site that are linked to the unit. `article`: the
    expression for an article's id. Where a name is that of several units, the articles of all pass:
    whoever may ask back does so by `sites_of`.
    """
    units = [asked(text) for text in texts]
    whole = sorted(_slugs(connection, units, own=True))
    partly = sorted(_slugs(connection, units, own=False))
    linked = {
        vintage: sorted({code for unit in units for meaning in unit.meanings for code in getattr(meaning, vintage)})
        for vintage in (OLD, NEW)
    }
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


def sites_of(connection: sqlite3.Connection, text: str) -> set[str]:
    """Return the slugs of the sites of the unit that `text` names, or that have it in their names; maybe none.

    Raises BadUnit where the name is that of several units, and where it is neither a unit's nor part of a site's.
    """
    unit = asked(text)
    found = set() if unit.is_ambiguous else _slugs(connection, [unit])
    if unit.error and not found:
        raise BadUnit(str(unit.error))
    return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _slugs(connection: sqlite3.Connection, units: list[Asked], *, own: bool | None = None) -> set[str]:
    """The sites that one of the units stands for. `own`: only those that are a ward's own or meant by name, or not."""
    rows = connection.execute("SELECT slug, name, unit_old, unit_new FROM sites")
    found: dict[str, bool] = {}
    for slug, name, unit_old, unit_new in rows:
        meant = [unit for unit in units if unit.includes(name, unit_old, unit_new)]
        if meant:
            found[slug] = any(not unit.meanings for unit in meant) or bool(scope_of(slug, unit_old, unit_new).own)
    return {slug for slug, is_own in found.items() if own in (None, is_own)}
