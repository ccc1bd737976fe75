"""What the pages of a site say of their own reuse: kept as evidence, never taken for a licence."""

import re
import sqlite3
from collections.abc import Iterable
from typing import TypedDict

from storage.collection import Collection

MOST = 20  # lines of a site: a page that says something else each time fills no table


class Evidence(TypedDict):
    """A row of `rights_evidence`, with the record of the capture that shows it; None where none is kept."""

    site: str
    text: str
    url: str
    capture_id: int | None
    record_id: str | None
    captured_at: str | None
    first_seen_at: str
    last_seen_at: str


def keep(collection: Collection, site: str, lines: Iterable[str], *, url: str, capture_id: int | None, at: str) -> None:
    """Keep the lines that a page shows. `at`: ISO 8601 in UTC.

    A line that is there already but for its numbers (a year, a counter) is the same one: its newest wording stays.
    """
    kept = {
        _key(row["text"]): row["id"]
        for row in collection.rows("SELECT id, text FROM rights_evidence WHERE site = ? ORDER BY id", [site])
    }
    for text in lines:
        if known := kept.get(_key(text)):
            collection.execute(
                "UPDATE rights_evidence SET first_seen_at = min(first_seen_at, ?) WHERE id = ?", (at, known)
            )
            collection.execute(
                "UPDATE rights_evidence SET text = ?, url = ?, capture_id = coalesce(?, capture_id), last_seen_at = ? "
                "WHERE id = ? AND last_seen_at <= ?",
                (text, url, capture_id, at, known, at),
            )
        elif len(kept) < MOST:
            values = {
                "site": site, "text": text, "url": url, "capture_id": capture_id, "first_seen_at": at,
                "last_seen_at": at,
            }  # fmt: skip
            kept[_key(text)] = collection.insert("rights_evidence", values)


def take_over(collection: Collection, other: Collection) -> None:
    """Keep the evidence of another collection, whose sites and captures are here already, besides what is here."""
    rows = other.rows(
        "SELECT e.*, k.record_id FROM rights_evidence e LEFT JOIN captures k ON k.id = e.capture_id ORDER BY e.id"
    )
    for row in rows:
        sql = "SELECT id FROM captures WHERE record_id = ?"
        here = next(collection.rows(sql, [row["record_id"]]), None)
        kept = here["id"] if here else None
        for at in (row["first_seen_at"], row["last_seen_at"]):
            keep(collection, row["site"], [row["text"]], url=row["url"], capture_id=kept, at=at)


def _key(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def evidence(db: sqlite3.Connection, site: str) -> list[Evidence]:
    """Return what the pages of a site say, what was seen first at the beginning."""
    cursor = db.execute(
        "SELECT e.site, e.text, e.url, e.capture_id, k.record_id, k.captured_at, e.first_seen_at, e.last_seen_at "
        "FROM rights_evidence e LEFT JOIN captures k ON k.id = e.capture_id WHERE e.site = ? "
        "ORDER BY e.first_seen_at, e.id",
        (site,),
    )
    names = [column[0] for column in cursor.description]
    return [Evidence(**dict(zip(names, row, strict=True))) for row in cursor]  # type: ignore[typeddict-item]
