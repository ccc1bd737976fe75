"""What people confirmed or corrected, and how it is laid over what is read from a page later.

A row of `confirmations` is one column of an article; a field that has companions (a date its precision, a body its
Markdown) is confirmed with them. Rows are only ever added: the newest of a column counts. `value` is what is right,
`was` what the person saw instead: what was stored, or what the page said. A reading that equals one of them tells
nothing new: the confirmed value stays, and doubts about the field are not raised again.

Where a page says a third thing, it has changed since:

- title, summary, author, source, section, date: the confirmed value stays, and the doubt `changed_since` shows what the
  page says now. Confirming the field again settles it.
- body: the new text is today's, and the confirmed one a version as ever, as an archive must show what a site publishes.
  The confirmation no longer holds. Where it was a correction, the reading that was wrong then may be wrong again:
  `changed_since` says so. Where the body was confirmed as it was read, there is no doubt.

When a stored capture is read again by a better program, the page has not changed: then every confirmation holds.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from crawler.dates.local_time import local_day
from crawler.doubts import Doubt, DoubtKind
from crawler.text import content_hash
from storage import fields
from storage.records import Record
from storage.rows import ArticleRow, Confirmation, DoubtRow

COMPANIONS = {
    "published_at": ("published_precision", "published_raw", "published_from"),
    "body": ("markdown", "event_dates"),
}
_HEADS = {name: head for head, names in COMPANIONS.items() for name in names}
SHOWN = tuple(name for name in fields.NAMES if name not in _HEADS)  # what people name when they confirm


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What people said of a field. `columns`: column → value, as stored; `known`: readings that tell nothing new."""

    columns: Mapping[str, str | None]
    known: frozenset[str]
    corrected: bool
    by: str
    at: str

    def knows(self, read: object) -> bool:
        """Whether a reading is one that the person saw."""
        return _even(read) in self.known


def head(column: str) -> str:
    """Return the field with which a column is confirmed."""
    return _HEADS.get(column, column)


def history(db: Database, article_id: int) -> list[Confirmation]:
    """Return all that people said of an article, the oldest first; fields only, without their companions."""
    return [row for row in _rows(db, article_id) if row["field"] in SHOWN]


def of(db: Database, article_id: int) -> dict[str, Confirmed]:
    """Return field → what people said of it, for the fields of an article of which they said something."""
    rows = _rows(db, article_id)
    newest = {row["field"]: row for row in rows}
    return {
        name: Confirmed(
            {column: newest[column]["value"] for column in (name, *COMPANIONS.get(name, ())) if column in newest},
            frozenset(_even(row[side]) for row in rows if row["field"] == name for side in ("value", "was")),
            _even(row["value"]) != _even(row["was"]), row["by"], row["at"],
        )
        for name, row in newest.items()
        if name in SHOWN
    }  # fmt: skip


def _rows(db: Database, article_id: int) -> list[Confirmation]:
    sql = "SELECT field, value, was, by, at FROM confirmations WHERE article_id = ? ORDER BY at, id"
    rows: Iterable[Confirmation] = db.query(sql, [article_id])
    return list(rows)


def _even(value: object) -> str:
    """What two spellings of a value have in common."""
    return content_hash(str(value or ""), "")


# Laying over


def laid_over(db: Database, article_id: int, record: Record, *, reread: bool = False) -> Record:
    """Return what was read of an article with what people said of it laid over, its hash and doubts accordingly.

    `reread`: it was read from a capture that is stored already.
    """
    said = of(db, article_id)
    if not said:
        return record
    values = over_today(record.fields, said, reread=reread)
    return replace(record, fields=values, content_hash=_hash(values), keys=None)


def over_today(values: Mapping[str, Any], said: Mapping[str, Confirmed], *, reread: bool = False) -> dict[str, Any]:
    """Return a reading of the text of today (lists as Python lists) with `said` laid over."""
    laid = _laid(values, said, lambda name, one: reread or name != "body" or one.knows(values.get(name)))
    doubts: list[DoubtRow] = laid["doubts"]
    for name, one in said.items():
        read = values.get(name)
        if reread or one.knows(read) or (not one.corrected if name == "body" else not read):
            continue  # a page that no longer shows a date, or another short field, does not contradict it
        evidence = f"{one.by}, {local_day(one.at)}" if name == "body" else str(read or "")
        doubts.append({**Doubt(name, DoubtKind.CHANGED_SINCE, evidence).to_dict()})  # type: ignore[typeddict-item]
    return laid


def over_earlier(values: Mapping[str, Any], said: Mapping[str, Confirmed]) -> dict[str, Any]:
    """Return an earlier text with `said` laid over where it was read as the person saw it; what else it had, it had."""
    return _laid(values, said, lambda name, one: one.knows(values.get(name)))


def _laid(
    values: Mapping[str, Any], said: Mapping[str, Confirmed], holds: Callable[[str, Confirmed], bool]
) -> dict[str, Any]:
    laid = dict(values)
    settled = set()
    for name, one in said.items():
        if not holds(name, one):
            continue
        settled.add(name)
        laid |= {
            column: json.loads(value or "[]") if column in fields.LISTS else value
            for column, value in one.columns.items()
        }
    laid["doubts"] = [doubt for doubt in values.get("doubts") or () if head(doubt["field"]) not in settled]
    return laid


def _hash(values: Mapping[str, Any]) -> str:
    return content_hash(values.get("title") or "", values.get("body") or "")


def with_hash(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a text with the content hash that they have."""
    return values | {"content_hash": _hash(values)}


def raised(row: ArticleRow, record: Record) -> dict[str, str]:
    """Return the change to the doubts of an article whose page says again what it says but for confirmed fields."""
    stored: list[DoubtRow] = json.loads(row["doubts"])
    read: list[DoubtRow] = list(record.fields.get("doubts") or ())  # type: ignore[call-overload]
    kept = [doubt for doubt in stored if doubt["kind"] != DoubtKind.CHANGED_SINCE]
    doubts = kept + [doubt for doubt in read if doubt["kind"] == DoubtKind.CHANGED_SINCE]
    return {} if doubts == stored else {"doubts": json.dumps(doubts, ensure_ascii=False)}
