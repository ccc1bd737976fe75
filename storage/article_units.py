"""The units that articles are about, as they were handed in; who found them, and how, is not known here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlite_utils import Database

COLUMNS = ("code", "vintage", "certainty", "found_in", "evidence", "position")


def put(db: Database, article_id: int, linked: Sequence[Mapping[str, Any]]) -> None:
    """Make `linked` the units of an article, in the open batch; those it had go.

    Each is a mapping with the columns of `article_units` but `position`, which is that in the sequence.
    """
    db.execute("DELETE FROM article_units WHERE article_id = ?", (article_id,))
    db.conn.executemany(
        f"INSERT INTO article_units (article_id, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        [(article_id, *(item[name] for name in COLUMNS[:-1]), number) for number, item in enumerate(linked)],
    )


def of(db: Database, article_id: int) -> list[dict[str, Any]]:
    """Return the units of an article in their order, as `put` takes them."""
    columns = COLUMNS[:-1]
    rows: Iterable[tuple[Any, ...]] = db.execute(
        f"SELECT {', '.join(columns)} FROM article_units WHERE article_id = ? ORDER BY position",  # noqa: S608
        (article_id,),
    )
    return [dict(zip(columns, row, strict=True)) for row in rows]
