"""What may come in of a stranger's file: every row against our own schema, and every value against what it means.

One check for all that can be imported: articles as JSONL has them, and the rows of a database.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from crawler.errors import InternalError
from crawler.extraction.requisites import RequisiteKind
from storage import fields
from storage.imports.characters import WRITTEN, Unfit, checked, cleaned, cleaned_all

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
_OF_GROUPS = ("near_group", "unit_then", "unit_today")  # is worked out here
_NOT_STORED = {*_OF_GROUPS, "issuer", "run", "capture", *PARTS}


class BadValue(InternalError):
    """What is wrong with a row, to go on a sentence that says where it is."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as our schema has it. `type`: TEXT, INTEGER or REAL; `default`: its value where it is left out, as SQL
    has it, None where it has none."""

    name: str
    type: str
    not_null: bool
    default: str | None = None

    @property
    def filled(self) -> object:
        """The value of this column in a row that comes without it, lists unpacked."""
        if self.default is None:
            return None
        if self.type == "INTEGER":
            return int(self.default)
        text = self.default.strip("'")
        return json.loads(text) if self.name in fields.LISTS else text


@dataclass(slots=True)
class Checker:
    """Checks rows against the tables of `db`. `latest`: no moment may be later than that; ISO 8601 in UTC.

    What may be left out is filled in, and texts are cleaned, both in the rows themselves. `unknown`: columns and tables
    that we do not have, with how often they were met; `cleaned`: how many texts held what cannot be stored.
    """

    db: Database | sqlite3.Connection
    latest: str
    unknown: Counter[str] = field(default_factory=Counter)
    cleaned: int = 0
    _tables: dict[str, dict[str, Column]] = field(default_factory=dict)

    def add(self, cleaned: int, unknown: Iterable[str]) -> None:
        """Count what another checker has found."""
        self.cleaned += cleaned
        for name in unknown:
            self._passed_over(name)

    def columns(self, table: str) -> dict[str, Column]:
        """Return the columns of one of our tables, by name."""
        if table not in self._tables:
            rows = self.db.execute(f"PRAGMA table_info({table})").fetchall()
            self._tables[table] = {
                name: Column(name, kind, bool(not_null or key) and name != "id", default)
                for _, name, kind, not_null, default, key in rows
            }
        return self._tables[table]

    def article(self, article: object) -> None:
        """Check an article as storage.exports.articles hands it on, with all its parts; what it may lack is filled in.

        Raises BadValue.
        """
        if not isinstance(article, dict):
            raise BadValue("is not an article as `tinphuong export jsonl` writes it")
        for name in ("urls", "issuer"):
            if name not in article:
                raise BadValue(f"is not an article as `tinphuong export jsonl` writes it: it has no {name}")
        body = article.get("body")
        self.row("articles", article, also=_NOT_STORED, packed=False)
        self._fill("articles", article)
        if article["body"] != body and isinstance(body, str):
            _move_days(article["event_dates"], body)
        for name in _OF_GROUPS:
            article.pop(name, None)
        self.row("sites", _object(article["issuer"], "issuer"), without=("slug",), where="issuer: ")
        self._pointers(article, "")
        for part, table in PARTS.items():
            if article.get(part) is None:
                article[part] = []
            items = article[part]
            if not isinstance(items, list):
                raise BadValue(f"{part} is {_shown(items)}, not a list")
            for number, item in enumerate(items, 1):
                self._part(part, table, item, f"{part} {number}")

    def _part(self, part: str, table: str, item: object, name: str) -> None:
        also = {"run", "capture", *(_OF_FILES if part == "attachments" else ())}
        where = f"{name}: "
        row = _object(item, name)
        self.row(table, row, also=also, where=where)
        self._fill(table, row)
        self._pointers(row, where)
        if part == "attachments":
            self._file(row, where)
        if part == "confirmations":
            self.confirmation(row, where)

    def row(
        self, table: str, values: dict[str, Any], *, also: set[str] | tuple[str, ...] = (),
        without: tuple[str, ...] = (), where: str = "", packed: bool = True,
    ) -> None:  # fmt: skip
        """Check a row, clean its texts, and take out what we have no column for.

        `also`: what it may hold besides, `without`: columns that it may lack; `packed`: lists are JSON text. Raises
        BadValue.
        """
        known = self.columns(table)
        for name in values.keys() - known.keys() - set(also):
            self._passed_over(f"{table}.{name}" if isinstance(name, str) else f"{table}.?")
            del values[name]
        for name, column in known.items():
            if name in values:
                values[name] = self._value(table, column, values[name], where, packed)
            elif column.not_null and column.default is None and name not in (*_POINTERS, *without):
                raise BadValue(f"{where}{name} is missing")

    def _fill(self, table: str, values: dict[str, Any]) -> None:
        """Give a checked row the columns that it may lack; ids and what it points to are found here."""
        for name, column in self.columns(table).items():
            if name not in values and name != "id" and name not in _POINTERS:
                values[name] = column.filled

    def _passed_over(self, name: str) -> None:
        if name in self.unknown or len(self.unknown) < _KNOWN_SHOWN:
            self.unknown[name[:_SHOWN]] += 1

    def _pointers(self, row: dict[str, Any], where: str) -> None:
        run, capture = row.setdefault("run", None), row.setdefault("capture", None)
        if run is not None:
            for name in ("site", "mode", "started_at", "software", "status"):
                if _object(run, f"{where}run").get(name) is None:
                    raise BadValue(f"{where}run: {name} is missing")
            self.row("runs", run, where=f"{where}run: ")
        if capture is not None:
            self.row("captures_elsewhere", _object(capture, f"{where}capture"), where=f"{where}capture: ")
            self._fill("captures_elsewhere", capture)

    def _file(self, item: dict[str, Any], where: str) -> None:
        """Check what an attachment says of the file itself, which is stored in another table."""
        for name in _OF_FILES:
            value = item.setdefault(name, None)
            item[name] = self._value("files", Column(name, "TEXT", not_null=False), value, where, packed=True)
        if item["sha256"] and item["file_type"]:
            for name in ("size", "kept_at"):
                if item[name] is None:
                    raise BadValue(f"{where}{name} is missing")

    def confirmation(self, item: dict[str, Any], where: str) -> None:
        """Check what a person said of a field: it is laid over the article, so it must be a value of that column."""
        name = item["field"]
        columns = {name: self.columns("articles")[name] for name in (*fields.NAMES, "content_hash")}
        if name not in columns:
            raise BadValue(f"{where}{_shown(name)} is not a field of an article")
        item["value"] = self._value("articles", columns[str(name)], item["value"], where, packed=True)

    # Values

    def _value(self, table: str, column: Column, value: object, where: str, packed: bool) -> object:
        """Check a value, and return it as it is to be stored."""
        name = column.name
        if value is None:
            if column.not_null and not (name in fields.LISTS and not packed):
                raise BadValue(f"{where}{name} is empty (null)")
            return [] if name in fields.LISTS and not packed else None
        if name in fields.LISTS and not packed:
            return self._clean(f"{where}{name}", value, lambda kept: self._list(f"{where}{name}", name, kept))
        if column.type == "INTEGER":
            _whole_number(f"{where}{name}", value, _HIGHEST_ID if name == "id" or name.endswith("_id") else _HIGHEST)
            if name == "id" and value == 0:
                raise BadValue(f"{where}id is 0; ids begin with 1")
        elif column.type == "REAL":
            if type(value) not in (int, float):
                raise BadValue(f"{where}{name} is {_shown(value)}, not a number")
        else:
            return self._text(table, name, value, where)
        return value

    def _clean(self, said: str, value: Any, clean: Callable[[Any], Any]) -> Any:
        try:
            made = clean(value)
        except Unfit as error:
            raise BadValue(f"{said} {error}: {_shown(value)}") from None
        if made != value:
            self.cleaned += 1
        return made

    def _text(self, table: str, name: str, value: object, where: str) -> str:
        said = f"{where}{name}"
        if not isinstance(value, str):
            raise BadValue(f"{said} is {_shown(value)}, not text")
        longest = LONGEST if name in _TEXTS else _LONGEST_SHORT
        if len(value) > longest:
            raise BadValue(f"{said} has {len(value):,} characters, more than {longest:,}")
        if name in _JSON:
            return self._packed(said, name, value)
        value = str(self._clean(said, value, cleaned if name in WRITTEN else checked))
        pattern = _PATTERNS.get(name)
        if pattern and not pattern.fullmatch(value):
            raise BadValue(f"{said} is {_shown(value)}, which it cannot be")
        if name == "type" and table == "files" and not _PATTERNS["file_type"].fullmatch(value):
            raise BadValue(f"{said} is {_shown(value)}, which it cannot be")
        if name == "url" and table in ("articles", "article_urls", "requisites") and not _WEB.match(value):
            raise BadValue(f"{said} is {_shown(value)}, not a web address")
        if name == "kind" and table == "article_events" and value not in ("removed", "returned"):
            raise BadValue(f"{said} is {_shown(value)}, neither removed nor returned")
        if name == "kind" and table == "requisites" and value not in list(RequisiteKind):
            raise BadValue(f"{said} is {_shown(value)}, which no page needs")
        if name == "published_at":
            _published(said, value)
        elif name == "captured_at":
            if not _real(value.partition("T")[0]) or len(value) > 40:
                raise BadValue(f"{said} is {_shown(value)}, which is not a moment")
        elif name.endswith("_at") or name in ("at", "seen_from", "seen_until"):
            self._moment(said, value)
        return value

    def _packed(self, said: str, name: str, value: str) -> str:
        """Check a column that holds JSON."""
        try:
            unpacked = loads(value)
        except ValueError as error:
            raise BadValue(f"{said} is not JSON: {error}") from None
        if _JSON[name] is list:
            kept = self._clean(said, unpacked, lambda read: self._list(said, name, read))
        elif isinstance(unpacked, dict):
            kept = self._clean(said, unpacked, cleaned_all)
        else:
            raise BadValue(f"{said} is {_shown(unpacked)}, not an object")
        return value if kept == unpacked else json.dumps(kept, ensure_ascii=False)

    def _list(self, said: str, name: str, value: object) -> list[Any]:
        """Check one of the lists that articles have, and return it with the members that we know."""
        if not isinstance(value, list):
            raise BadValue(f"{said} is {_shown(value)}, not a list")
        members = _MEMBERS.get(name)
        if members is not None:
            return [self._member(said, name, members, item) for item in value]
        for item in value:
            if not isinstance(item, str):
                raise BadValue(f"{said} holds {_shown(item)}, not text")
        return [cleaned(item) for item in value]

    def _member(self, said: str, name: str, members: Mapping[str, type], item: object) -> dict[str, Any]:
        made: dict[str, Any] = {}
        given = _object(item, said)
        for more in given.keys() - members.keys():
            self._passed_over(f"articles.{name}.{more}")
        for member, kind in members.items():
            value = given.get(member)
            if type(value) is not kind:
                raise BadValue(f"{said}: {member} is {_shown(value)}, not {'text' if kind is str else 'a number'}")
            if kind is int:
                _whole_number(f"{said}: {member}", value, LONGEST)
                made[member] = value
            else:
                made[member] = (cleaned if member in WRITTEN else checked)(str(value))
        return made

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


def _move_days(days: list[dict[str, Any]], body: str) -> None:
    """Let the days that a body names have their places in the body as it was cleaned."""
    for day in days:
        day["start"], day["end"] = (len(cleaned(body[: day[name]])) for name in ("start", "end"))


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
