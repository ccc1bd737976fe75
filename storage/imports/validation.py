"""What may come in of a stranger's file: every row against our own schema, and every value against what it means.

One check for all that can be imported: articles as JSONL has them, and the rows of a database.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from crawler.errors import InternalError
from storage import fields

LONGEST = 10_000_000  # characters of a text
_LONGEST_SHORT = 100_000  # of anything that is not a text to read: addresses, names, keys
_HIGHEST_ID = 10**15  # leaves room for all that comes after it, and JavaScript can still count it
_HIGHEST = 2**63 - 1
_SHOWN = 60  # characters of a value in a message
_KNOWN_SHOWN = 20  # names of what was passed over

_TEXTS = {
    "title", "summary", "body", "markdown", "text", "value", "was", "evidence", "message", "detail", "counts",
    "skipped", *fields.LISTS,
}  # fmt: skip
_JSON: dict[str, type] = {"counts": dict, "skipped": dict, **dict.fromkeys(fields.LISTS, list)}
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_PATTERNS = {
    "site": re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*"), "slug": re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*"),
    "host": re.compile(r"[^\s/\\?#@<>\"']+"),
    "content_hash": re.compile(r"[0-9a-f]{64}"), "sha256": re.compile(r"[0-9a-f]{64}"),
    "type": re.compile(r"[\w.+-]{0,40}"), "file_type": re.compile(r"[a-z0-9]{1,16}"),
    "real_type": re.compile(r"[\w.+-]{0,40}"),
    "relation": re.compile("canonical|alias|duplicate"), "vintage": re.compile("old|new"),
}  # fmt: skip
_NAMES = ("key", "url", "record_id")  # identify something, so that nothing in them may go unseen
_WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_MEMBERS: dict[str, dict[str, type]] = {
    "event_dates": {"date": str, "raw": str, "start": int, "end": int},
    "doubts": {"field": str, "kind": str, "evidence": str},
}
# Of an article as JSONL has it: the part, and the table whose rows it holds.
PARTS = {
    "urls": "article_urls", "attachments": "attachments", "images": "images", "versions": "versions",
    "units": "article_units", "events": "article_events", "confirmations": "confirmations",
}  # fmt: skip
_OF_FILES = ("file_type", "kept_at", "text", "text_reason", "text_at")  # that an attachment brings along
_POINTERS = ("run_id", "capture_id", "capture_elsewhere", "article_id")  # are found here by what they point to
_NOT_STORED = {"near_group", "issuer", "run", "capture", *PARTS}


class BadValue(InternalError):
    """What is wrong with a row, to go on a sentence that says where it is."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as our schema has it. `type`: TEXT, INTEGER or REAL; `has_default`: it may be left out."""

    name: str
    type: str
    not_null: bool
    has_default: bool


@dataclass(slots=True)
class Checker:
    """Checks rows against the tables of `db`. `latest`: no moment may be later than that; ISO 8601 in UTC.

    `unknown`: columns and tables that we do not have, with how often they were met.
    """

    db: Database | sqlite3.Connection
    latest: str
    unknown: Counter[str] = field(default_factory=Counter)
    _tables: dict[str, dict[str, Column]] = field(default_factory=dict)

    def columns(self, table: str) -> dict[str, Column]:
        """Return the columns of one of our tables, by name."""
        if table not in self._tables:
            rows = self.db.execute(f"PRAGMA table_info({table})").fetchall()
            self._tables[table] = {
                name: Column(name, kind, bool(not_null) and not key, default is not None)
                for _, name, kind, not_null, default, key in rows
            }
        return self._tables[table]

    def article(self, article: object) -> None:
        """Check an article as storage.exports.articles hands it on, with all its parts. Raises BadValue."""
        if not isinstance(article, dict):
            raise BadValue("is not an article as `tinphuong export jsonl` writes it")
        for name in ("urls", "issuer"):
            if name not in article:
                raise BadValue(f"is not an article as `tinphuong export jsonl` writes it: it has no {name}")
        self.row("articles", article, also=_NOT_STORED, packed=False)
        self.row("sites", _object(article["issuer"], "issuer"), without=("slug",), where="issuer: ")
        self._pointers(article, "")
        for part, table in PARTS.items():
            items = article.get(part)
            if items is None:
                continue
            if not isinstance(items, list):
                raise BadValue(f"{part} is {_shown(items)}, not a list")
            for number, item in enumerate(items, 1):
                where = f"{part} {number}: "
                also = {"run", "capture", *(_OF_FILES if part == "attachments" else ())}
                self.row(table, _object(item, f"{part} {number}"), also=also, where=where)
                self._pointers(item, where)
                if part == "attachments":
                    self._file(item, where)
                if part == "confirmations":
                    self.confirmation(item, where)

    def row(
        self, table: str, values: Mapping[str, object], *, also: set[str] | tuple[str, ...] = (),
        without: tuple[str, ...] = (), where: str = "", packed: bool = True,
    ) -> None:  # fmt: skip
        """Check a row. `also`: what it may hold besides, `without`: columns that it may lack; `packed`: lists are JSON
        text. Raises BadValue."""
        known = self.columns(table)
        for name in values.keys() - known.keys() - set(also):
            self._passed_over(f"{table}.{name}" if isinstance(name, str) else f"{table}.?")
        for name, column in known.items():
            if name in values:
                self._value(table, column, values[name], where, packed)
            elif column.not_null and not column.has_default and name not in (*_POINTERS, *without):
                raise BadValue(f"{where}{name} is missing")

    def _passed_over(self, name: str) -> None:
        if name in self.unknown or len(self.unknown) < _KNOWN_SHOWN:
            self.unknown[name[:_SHOWN]] += 1

    def _pointers(self, row: Mapping[str, object], where: str) -> None:
        if row.get("run") is not None:
            run = _object(row["run"], f"{where}run")
            for name in ("site", "mode", "started_at", "software", "status"):
                if run.get(name) is None:
                    raise BadValue(f"{where}run: {name} is missing")
            self.row("runs", run, where=f"{where}run: ")
        if row.get("capture") is not None:
            self.row("captures_elsewhere", _object(row["capture"], f"{where}capture"), where=f"{where}capture: ")
            if not isinstance(row["capture"]["record_id"], str):  # type: ignore[index]
                raise BadValue(f"{where}capture: record_id is missing")

    def _file(self, item: Mapping[str, object], where: str) -> None:
        """Check what an attachment says of the file itself, which is stored in another table."""
        for name in _OF_FILES:
            if item.get(name) is not None:
                self._value("files", Column(name, "TEXT", False, True), item[name], where, True)
        if item.get("sha256") and item.get("file_type"):
            for name in ("size", "kept_at"):
                if item.get(name) is None:
                    raise BadValue(f"{where}{name} is missing")

    def confirmation(self, item: Mapping[str, object], where: str) -> None:
        """Check what a person said of a field: it is laid over the article, so it must be a value of that column."""
        name = item["field"]
        columns = {name: self.columns("articles")[name] for name in (*fields.NAMES, "content_hash")}
        if name not in columns:
            raise BadValue(f"{where}{_shown(name)} is not a field of an article")
        self._value("articles", columns[str(name)], item["value"], where, True)

    # Values

    def _value(self, table: str, column: Column, value: object, where: str, packed: bool) -> None:
        name = column.name
        if name in fields.LISTS and not packed:
            if value is None and not column.not_null:
                return
            _list(f"{where}{name}", name, value)
            return
        if value is None:
            if column.not_null:
                raise BadValue(f"{where}{name} is empty (null)")
            return
        if column.type == "INTEGER":
            _whole_number(f"{where}{name}", value, _HIGHEST_ID if name == "id" or name.endswith("_id") else _HIGHEST)
            if name == "id" and value == 0:
                raise BadValue(f"{where}id is 0; ids begin with 1")
        elif column.type == "REAL":
            if type(value) not in (int, float):
                raise BadValue(f"{where}{name} is {_shown(value)}, not a number")
        else:
            self._text(table, name, value, where)

    def _text(self, table: str, name: str, value: object, where: str) -> None:
        said = f"{where}{name}"
        if not isinstance(value, str):
            raise BadValue(f"{said} is {_shown(value)}, not text")
        longest = LONGEST if name in _TEXTS else _LONGEST_SHORT
        if len(value) > longest:
            raise BadValue(f"{said} has {len(value):,} characters, more than {longest:,}")
        if _SURROGATE.search(value):
            raise BadValue(f"{said} holds half of a surrogate pair, which is no character")
        if name in _JSON:
            _packed(said, name, value)
        elif (name in _PATTERNS or name in _NAMES) and _CONTROL.search(value):
            raise BadValue(f"{said} holds a control character: {_shown(value)}")
        pattern = _PATTERNS.get(name)
        if pattern and not pattern.fullmatch(value):
            raise BadValue(f"{said} is {_shown(value)}, which it cannot be")
        if name == "type" and table == "files" and not _PATTERNS["file_type"].fullmatch(value):
            raise BadValue(f"{said} is {_shown(value)}, which it cannot be")
        if name == "url" and table in ("articles", "article_urls") and not _WEB.match(value):
            raise BadValue(f"{said} is {_shown(value)}, not a web address")
        if name == "kind" and table == "article_events" and value not in ("removed", "returned"):
            raise BadValue(f"{said} is {_shown(value)}, neither removed nor returned")
        if name == "published_at":
            _published(said, value)
        elif name == "captured_at":
            if not _real(value.partition("T")[0]) or len(value) > 40:
                raise BadValue(f"{said} is {_shown(value)}, which is not a moment")
        elif name.endswith("_at") or name in ("at", "seen_from", "seen_until"):
            self._moment(said, value)

    def _moment(self, said: str, value: str) -> None:
        try:
            if not _MOMENT.fullmatch(value):
                raise ValueError
            datetime.fromisoformat(value)
        except ValueError:
            raise BadValue(f"{said} is {_shown(value)}, which is not a moment like 2026-03-05T04:00:00+00:00") from None
        if value > self.latest:
            raise BadValue(f"{said} is {_shown(value)}, which is yet to come")


def _object(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadValue(f"{name} is {_shown(value)}, not an object")
    return value


def _whole_number(said: str, value: object, highest: int) -> None:
    if type(value) is not int:
        raise BadValue(f"{said} is {_shown(value)}, not a whole number")
    if not 0 <= value <= highest:
        raise BadValue(f"{said} is {_shown(value)}, which is {'below 0' if value < 0 else 'too large'}")


def _packed(said: str, name: str, value: str) -> None:
    """Check a column that holds JSON."""
    try:
        unpacked = loads(value)
    except ValueError as error:
        raise BadValue(f"{said} is not JSON: {error}") from None
    if _JSON[name] is list:
        _list(said, name, unpacked)
    elif not isinstance(unpacked, dict):
        raise BadValue(f"{said} is {_shown(unpacked)}, not an object")


def _list(said: str, name: str, value: object) -> None:
    """Check one of the lists that articles have."""
    if not isinstance(value, list):
        raise BadValue(f"{said} is {_shown(value)}, not a list")
    members = _MEMBERS.get(name)
    for item in value:
        if members is None and not isinstance(item, str):
            raise BadValue(f"{said} holds {_shown(item)}, not text")
        if members is None:
            continue
        for member, kind in members.items():
            if type(_object(item, said).get(member)) is not kind:
                wanted = "text" if kind is str else "a number"
                raise BadValue(f"{said}: {member} is {_shown(item.get(member))}, not {wanted}")
            if kind is int:
                _whole_number(f"{said}: {member}", item[member], LONGEST)
    if _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise BadValue(f"{said} holds half of a surrogate pair, which is no character")


def _published(said: str, value: str) -> None:
    """Check a date as `parse_date` gives it: a year, month, day or moment, or two of these as an interval."""
    parts = value.split("/")
    if len(parts) > 2 or len(value) > 80 or not all(map(_real, parts)):
        raise BadValue(f"{said} is {_shown(value)}, which is not a date of the calendar in ISO 8601")


def _real(text: str) -> bool:
    """Whether a text is a year, month, day or moment that there is."""
    try:
        if "T" in text:
            return bool(_MOMENT.fullmatch(text)) and bool(datetime.fromisoformat(text))
        found = _DAY.fullmatch(text)
        return bool(found and date(*(int(part) if part else 1 for part in found.groups())))
    except ValueError:
        return False


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


_decode: Callable[[str], object] = json.JSONDecoder(parse_constant=_constant).decode


def loads(text: str) -> Any:
    """Return what JSON says. Raises ValueError also for what is nested too deeply, and for NaN and Infinity."""
    try:
        return _decode(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _shown(value: object) -> str:
    """A value as it may stand in a sentence."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, bytes):
        return "bytes"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**18:
        return "a number of many digits"
    text = json.dumps(value[: _SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
