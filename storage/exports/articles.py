"""The chosen articles, whole: row, issuer, addresses, files, pictures, earlier texts, units, events, runs, captures."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from storage import fields
from storage.collection import Collection
from storage.near import marks
from storage.rights.statements import Statements
from storage.rows import Issuer, WholeArticle

_Row = dict[str, Any]  # of whichever table; what comes out of here has a type of its own
_BATCH = 200  # articles read at once
_RUN = ("site", "mode", "started_at", "finished_at", "status", "software")
_CAPTURE = ("record_id", "url", "status", "content_type", "captured_at", "payload_digest", "warc_digest", "source")
_PARTS = {
    "urls": "SELECT * FROM article_urls WHERE article_id IN ({}) ORDER BY first_seen_at, url",
    "attachments": "SELECT t.*, f.type AS file_type, f.kept_at, f.text, f.text_reason, f.text_at FROM attachments t "
    "LEFT JOIN files f ON f.sha256 = t.sha256 WHERE t.article_id IN ({}) ORDER BY t.position, t.id",
    "images": "SELECT * FROM images WHERE article_id IN ({}) ORDER BY position, id",
    "versions": "SELECT * FROM versions WHERE article_id IN ({}) ORDER BY id",
    "units": "SELECT * FROM article_units WHERE article_id IN ({}) ORDER BY position",
    "events": "SELECT * FROM article_events WHERE article_id IN ({}) ORDER BY id",
    "confirmations": "SELECT * FROM confirmations WHERE article_id IN ({}) ORDER BY id",
}


def articles(
    collection: Collection, on_read: Callable[[], None] = lambda: None, statements: Statements | None = None
) -> Iterator[WholeArticle]:
    """Yield the articles of the table `chosen` in its order, a few hundred in memory at a time.

    Each is its row as a dict, JSON columns unpacked, with `issuer` (the row of its site), `urls`, `attachments`,
    `images`, `versions`, `units`, `events` and `confirmations` (lists of rows), and in place of `run_id` and
    `capture_id`, here and in those rows, `run` and `capture`: dicts of what identifies them on any machine, None where
    there is none.
    `near_group`: earliest_id, earliest_url and `articles` (ids) of those that tell the same story, None where no other
    does. `statements`: what is stated on reuse; that which holds for a site goes into its row.
    """
    reader = _Reader(collection, statements)
    position = 0
    while True:
        rows = list(
            collection.rows(
                "SELECT a.*, c.position AS _position FROM temp.chosen c JOIN articles a ON a.id = c.id "
                "WHERE c.position > ? ORDER BY c.position LIMIT ?",
                [position, _BATCH],
            )
        )
        if not rows:
            return
        position = rows[-1]["_position"]
        for row in rows:
            del row["_position"]
        for whole in reader.read(rows):
            on_read()
            yield whole


def of_ids(collection: Collection, ids: Sequence[int], statements: Statements | None = None) -> list[WholeArticle]:
    """Return the articles with these ids, in this order, as `articles` yields them."""
    places = ", ".join("?" * len(ids))
    found = {row["id"]: row for row in collection.rows(f"SELECT * FROM articles WHERE id IN ({places})", ids)}  # noqa: S608
    return list(_Reader(collection, statements).read([found[number] for number in ids]))


class _Reader:
    """Reads what belongs to rows of `articles`."""

    def __init__(self, collection: Collection, statements: Statements | None):
        self._collection = collection
        self._statements = statements or Statements()
        self._issuers: dict[str, Issuer] = {}
        self._runs = _Named(collection, "runs", _RUN)
        self._elsewhere = _Named(collection, "captures_elsewhere", _CAPTURE, key="record_id")

    def read(self, rows: Sequence[_Row]) -> Iterator[WholeArticle]:
        captures = _Named(self._collection, "captures", _CAPTURE)
        near = marks(self._collection.db, [row["id"] for row in rows])
        parts = {name: _grouped(self._collection, sql, rows) for name, sql in _PARTS.items()}
        for row in rows:
            for name in fields.LISTS:
                row[name] = json.loads(row[name])
            whole = _pointed(row, self._runs, captures, self._elsewhere)
            whole["issuer"] = self._issuer(row["site"])
            whole["near_group"] = near.get(row["id"])
            for name, groups in parts.items():
                of_row = groups.get(row["id"], ())
                whole[name] = [_pointed(part, self._runs, captures, self._elsewhere) for part in of_row]
            yield cast(WholeArticle, whole)

    def _issuer(self, site: str) -> Issuer:
        if site not in self._issuers:
            row = next(self._collection.rows("SELECT * FROM sites WHERE slug = ?", [site]))
            del row["slug"]
            issuer = self._issuers[site] = cast(Issuer, row)
            self._statements.put_into(site, issuer)
        return self._issuers[site]


def _grouped(collection: Collection, sql: str, rows: Sequence[_Row]) -> dict[int, list[_Row]]:
    ids = [row["id"] for row in rows]
    groups: dict[int, list[_Row]] = {}
    for part in collection.rows(sql.format(", ".join("?" * len(ids))), ids):
        part.pop("id", None)
        groups.setdefault(part.pop("article_id"), []).append(part)
    return groups


class _Named:
    """Rows of a table by id, in the columns that mean something on another machine."""

    def __init__(self, collection: Collection, table: str, columns: tuple[str, ...], *, key: str = "id"):
        self._collection = collection
        self._sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {key} = ?"  # noqa: S608 — literals only
        self._known: dict[int | str, _Row | None] = {}

    def __getitem__(self, row_id: int | str | None) -> _Row | None:
        if row_id is None:
            return None
        if row_id not in self._known:
            self._known[row_id] = next(self._collection.rows(self._sql, [row_id]), None)
        return self._known[row_id]


def _pointed(row: _Row, runs: _Named, captures: _Named, elsewhere: _Named) -> _Row:
    pointed: _Row = {}
    for name, value in row.items():
        if name == "run_id":
            pointed["run"] = runs[value]
        elif name == "capture_id":
            pointed["capture"] = captures[value] or elsewhere[row.get("capture_elsewhere")]
        elif name != "capture_elsewhere":
            pointed[name] = value
    return pointed
