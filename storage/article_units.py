"""The units that articles are about. Finding them is the crawler's part (crawler/units/); here they are only kept."""

from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from storage.fields import picked
from storage.rows import UnitLink

COLUMNS = ("code", "vintage", "certainty", "found_in", "evidence", "position")


def put(db: Database, article_id: int, linked: Sequence[UnitLink]) -> None:
    """Make `linked` the units of an article, in the open batch, in place of those it had.

    Their `position` is the place in `linked`.
    """
    db.execute("DELETE FROM article_units WHERE article_id = ?", (article_id,))
    add(db, article_id, linked)


def add(db: Database, article_id: int, linked: Sequence[UnitLink]) -> None:
    """Give `linked` to an article that has no units, in the open batch, as `put` does."""
    if not linked:
        return
    db.conn.executemany(
        f"INSERT INTO article_units (article_id, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        [(article_id, *picked(item, COLUMNS[:-1]).values(), number) for number, item in enumerate(linked)],
    )


def of(db: Database, article_id: int) -> list[UnitLink]:
    """Return the units of an article in their order, as `put` takes them."""
    sql = f"SELECT {', '.join(COLUMNS[:-1])} FROM article_units WHERE article_id = ? ORDER BY position"  # noqa: S608
    rows: Iterable[UnitLink] = db.query(sql, [article_id])
    return list(rows)
