"""What a choice of articles holds, table by table and row by row in one order, whatever the database file looks like.

An exported database holds these rows, and the database digest is made of them. The order follows from what the rows
say: not from the order in which they were written, from a vacuum, or from the numbers of rows that nothing points to.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlite_utils import Database

_CHOSEN = "IN (SELECT id FROM temp.chosen)"
_OF_SITES = "site IN (SELECT DISTINCT a.site FROM articles a JOIN temp.chosen USING (id))"
_REQUISITES = f"id IN (SELECT requisite_id FROM article_requisites WHERE article_id {_CHOSEN})"  # noqa: S608
TORN = f"(SELECT group_id FROM near_groups GROUP BY 1 HAVING min(article_id {_CHOSEN}) = 0)"  # noqa: S608
_WHERE = {  # of tables whose rows belong to no single article; in the order in which rows point to each other
    "sites": "1", "runs": "1", "run_log": "1", "captures_elsewhere": "1", "archive_files": "1",
    "skipped": _OF_SITES,
    "files": f"sha256 IN (SELECT t.sha256 FROM attachments t WHERE t.article_id {_CHOSEN})",  # noqa: S608
    "captures": "id IN (SELECT id FROM temp.kept)",
    "articles": f"id {_CHOSEN}",
    "requisites": _REQUISITES,
    "rights_evidence": _OF_SITES,
}  # fmt: skip
# What groups were put together from (near_sketches, near_waiting) is no content: it is worked out from the texts.
_NEAR = {
    "near_duplicates": f"article_id {_CHOSEN} AND other_id {_CHOSEN}",
    "near_groups": f"group_id NOT IN {TORN} AND article_id {_CHOSEN}",
}
_NOT_HANDED_ON = {"imported", "near_sketches", "near_waiting"}
# Tables whose rows nothing points to by number: they are numbered anew in this order.
_UNNUMBERED = {
    "attachments": "article_id, position, url",
    "images": "article_id, position, url",
    "versions": "article_id, seen_from, seen_until, id",
    "article_events": "article_id, at, id",
    "confirmations": "article_id, at, id",
    "skipped": "run_id, id",
    "rights_evidence": "site, text",
}
_ORDER = {
    "article_urls": "article_id, url",
    "article_units": "article_id, position, code, vintage",
    "article_requisites": "article_id, requisite_id",
    "requisites_read": "article_id",
    "captures_elsewhere": "record_id",
    "sites": "slug",
    "near_duplicates": "article_id, other_id",
    "near_groups": "article_id",
}
# Where a record lies in a folder of captures, and when a pair was found, differs from copy to copy of the same content.
_INSTEAD = {
    "archive_files": {"path": "NULL"},
    "captures": {"is_referred": "0", "file": "''", "offset": "row_number() OVER (ORDER BY file, offset)"},
    "near_duplicates": {
        "found_at": "(SELECT max(coalesce(a.changed_at, a.first_seen_at)) FROM articles a "
        "WHERE a.id IN (article_id, other_id))"
    },
}
_MOMENTS = {
    "first_seen_at", "last_seen_at", "changed_at", "removed_at", "checked_at", "gone_at", "at", "started_at",
    "finished_at", "fetched_at", "kept_at", "text_at", "updated_at",
}  # fmt: skip
_NO_MOMENT = "1980-01-01T00:00:00+00:00"  # of an empty collection; no archive format has an earlier one


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table that a choice holds. `sql` gives them in their order, with the columns `names`."""

    table: str
    names: tuple[str, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class State:
    """What was chosen, as it is in the database. `moment`: the newest that is said in it, ISO 8601 in UTC; `digest`:
    SHA-256, hex, of all its rows."""

    moment: str
    digest: str


def parts(db: Database) -> Iterator[Part]:
    """Yield the tables of what the temporary tables `chosen` and `kept` name, each after those that it points to."""
    hanging = dict.fromkeys(_hanging(db), f"article_id {_CHOSEN}")
    for table, where in (_WHERE | hanging | _NEAR).items():
        every = [column.name for column in db[table].columns]
        names = tuple(name for name in every if name != "id" or table not in _UNNUMBERED)
        instead = _INSTEAD.get(table, {})
        columns = ", ".join(f"{instead[name]} AS {name}" if name in instead else name for name in names)
        order = _UNNUMBERED.get(table) or _ORDER.get(table) or ("number" if table == "run_log" else "id")
        yield Part(table, names, f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order}")  # noqa: S608


def state(db: Database) -> State:
    """Read all that is chosen (see `parts`) and return what it comes to."""
    made, newest = sha256(), ""
    for part in parts(db):
        made.update(f"{part.table}\n".encode())
        moments = [place for place, name in enumerate(part.names) if name in _MOMENTS]
        for row in db.execute(part.sql):
            made.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
            made.update(b"\n")
            for place in moments:
                if row[place] and row[place] > newest:
                    newest = row[place]
    moment = datetime.fromisoformat(newest or _NO_MOMENT).astimezone(UTC).isoformat(timespec="seconds")
    return State(max(moment, _NO_MOMENT), made.hexdigest())


def _hanging(db: Database) -> list[str]:
    """The tables whose rows belong to one article."""
    return sorted(
        table.name
        for table in db.tables
        if table.name not in {*_WHERE, *_NEAR, *_NOT_HANDED_ON}
        and not table.virtual_table_using
        and "article_id" in table.columns_dict
    )
