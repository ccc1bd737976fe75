"""The articles of an administrative unit: those of the sites that are its own, and those that are about it."""

import sqlite3
from collections.abc import Sequence

from crawler.units import NEW, OLD, Asked, asked
from storage.errors import CollectionError


class BadUnit(CollectionError):
    """A text names several units, or neither a unit nor a site; the message says what to write."""


def condition(
    connection: sqlite3.Connection, texts: tuple[str, ...], *, article: str, site: str
) -> tuple[str, list[object]]:
    """Return (SQL, its values) for the articles of the units that `texts` name, of one of them at least.

    `article`, `site`: the expressions for an article's id and its site. Where a name is that of several units, the
    articles of all pass: whoever may ask back does so by `sites_of`.
    """
    units = [asked(text) for text in texts]
    slugs = sorted(_slugs(connection, units))
    linked = {
        vintage: sorted({code for unit in units for meaning in unit.meanings for code in getattr(meaning, vintage)})
        for vintage in (OLD, NEW)
    }
    sql = (
        f"({site} IN ({_marks(slugs)}) OR {article} IN (SELECT l.article_id FROM article_units l WHERE "  # noqa: S608
        f"(l.vintage = 'old' AND l.code IN ({_marks(linked[OLD])})) "
        f"OR (l.vintage = 'new' AND l.code IN ({_marks(linked[NEW])}))))"
    )
    return sql, [*slugs, *linked[OLD], *linked[NEW]]


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


def _slugs(connection: sqlite3.Connection, units: list[Asked]) -> set[str]:
    rows = connection.execute("SELECT slug, name, unit_old, unit_new FROM sites")
    return {slug for slug, *facts in rows if any(unit.includes(*facts) for unit in units)}
