"""What an export states of itself, so that it can be made again, and so that deliveries can follow each other.

The statement is the same in every format, as JSON: in `delivery.json` of a folder (of a bag: in `data/`), in the table
`export_info` of a database, in the metadata of a Parquet file, in `datapackage.json` of a WACZ, in the first record of
a WARC. Formats without room for it have it beside them where the user asks for that.
"""

import importlib
import json
import re
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from crawler.errors import MissingGroup, how_to_install
from storage import run_log
from storage.archives.warc import DamagedRecord, Record, read_record
from storage.collection import Collection
from storage.errors import CollectionError
from storage.exports.selection import Choice

NAME = "delivery.json"
TAGS = (  # of a bag's bag-info
    "Selection", "Database-State", "Database-Digest", "Database-Schema", "Delivery-Digest", "Previous-Delivery",
    "Previous-Delivery-Digest",
)  # fmt: skip
KEY = "delivery"  # in what holds other facts, too
_MOST = 1_000_000  # bytes of a statement
_HEX = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
_IDENTIFIER = re.compile(r"\S.{0,398}\S")
_SHORT = 8  # hex digits


class NotADelivery(CollectionError):
    """A file or folder does not say that it is an export of tinphuong's, or says what cannot be."""


class BrokenChain(CollectionError):
    """An export cannot go on from an earlier one: it is of another collection, or was chosen otherwise."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The delivery that one goes on from. `digest`: SHA-256, hex, of its statement."""

    identifier: str
    digest: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One export, as it states itself.

    `choice`: the filters, as Choice.to_dict gives them; `options`: of the format; `state`: the newest moment that the
    chosen content names, ISO 8601 in UTC; `since`: the moment from which the next delivery has to look: earlier than
    `state` where a run was going on; `content`: SHA-256, hex, of all rows that were chosen; `log`: the newest entry of
    the run log.
    """

    format: str
    collection: str
    choice: dict[str, Any]
    options: dict[str, str]
    software: str
    schema: int
    state: str
    since: str
    content: str
    log: run_log.Head
    articles: int
    previous: Previous | None = None
    _given: str = field(default="", repr=False)  # of one that was read: its identifier

    @property
    def identifier(self) -> str:
        """The name of this delivery: collection, state, and what follows from choice and content."""
        if self._given:
            return self._given
        what = json.dumps([self.choice, self.content], ensure_ascii=False, sort_keys=True)
        moment = self.state[:19].replace(":", "")
        return f"{self.collection}-{moment}-{sha256(what.encode('utf-8', 'surrogatepass')).hexdigest()[:_SHORT]}"

    @property
    def digest(self) -> str:
        """SHA-256, hex, of the statement as compact JSON with sorted names."""
        return sha256(self.to_json().encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "identifier": self.identifier,
            "format": self.format,
            "collection": self.collection,
            "choice": self.choice,
            "options": self.options,
            "software": self.software,
            "schema": self.schema,
            "state": self.state,
            "since": self.since,
            "database_digest": f"sha256:{self.content}",
            "run_log": {"number": self.log.number, "digest": self.log.digest and f"sha256:{self.log.digest}"},
            "articles": self.articles,
            "previous": self.previous
            and {"identifier": self.previous.identifier, "digest": f"sha256:{self.previous.digest}"},
        }

    def to_json(self) -> str:
        """Return the statement on one line, in the form that its digest is made of."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))

    def to_text(self) -> str:
        """Return the statement as a file holds it."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"

    def as_previous(self) -> Previous:
        """Return how the next delivery names this one."""
        return Previous(self.identifier, self.digest)


def parsed(text: str, place: object) -> Delivery:
    """Return what a statement says. Raises NotADelivery."""
    try:
        facts = json.loads(text)
        log, previous = facts["run_log"], facts["previous"]
        made = Delivery(
            format=_fit(facts["format"], str), collection=_fit(facts["collection"], str),
            choice=_fit(facts["choice"], dict), options=_fit(facts["options"], dict),
            software=_fit(facts["software"], str), schema=_fit(facts["schema"], int),
            state=_fit(facts["state"], str, _MOMENT), since=_fit(facts["since"], str, _MOMENT),
            content=_digest(facts["database_digest"]),
            log=run_log.Head(_fit(log["number"], int), log["digest"] and _digest(log["digest"])),
            articles=_fit(facts["articles"], int),
            previous=previous and Previous(_fit(previous["identifier"], str, _IDENTIFIER), _digest(previous["digest"])),
            _given=_fit(facts["identifier"], str, _IDENTIFIER),
        )  # fmt: skip
        made.to_json().encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotADelivery(f"{place} does not say what it is as an export of tinphuong's does") from None
    return made


def _fit(value: Any, kind: type, pattern: re.Pattern[str] | None = None) -> Any:
    if type(value) is not kind or (pattern and not pattern.fullmatch(str(value))):
        raise ValueError(f"{value!r} is not {kind.__name__}")
    return value


def _digest(value: str) -> str:
    return str(_fit(value.removeprefix("sha256:"), str, _HEX))


def read(path: Path) -> Delivery:
    """Return what the export at `path` states of itself: a folder, a database, Parquet, WACZ or WARC file, or the
    statement alone. Raises NotADelivery."""
    try:
        if path.is_dir():
            return _of_folder(path)
        if path.name == NAME:
            return parsed(_text(path), path)
        with path.open("rb") as stream:
            head = stream.read(16)
        text = _statement(path, head)
    except (OSError, sqlite3.Error, zipfile.BadZipFile, DamagedRecord, UnicodeDecodeError) as error:
        raise NotADelivery(f"{path} cannot be read as an earlier export: {error}") from None
    if text is None:
        raise NotADelivery(
            f"{path} does not say which export it is: name a bag, its data/{NAME}, an exported sqlite, parquet, wacz "
            "or warc, or the file that --statement wrote; or give a moment"
        )
    return parsed(text, path)


def _of_folder(path: Path) -> Delivery:
    for place in (path / "data" / NAME, path / NAME):
        if place.is_file():
            return parsed(_text(place), place)
    raise NotADelivery(f"{path} holds no {NAME}: it is not an export of tinphuong's, or one of before there were any")


def _text(path: Path) -> str:
    with path.open("rb") as stream:
        content = stream.read(_MOST + 1)
    if len(content) > _MOST:
        raise NotADelivery(f"{path} is too large for a statement of an export")
    return content.decode("utf-8-sig")


def _statement(path: Path, head: bytes) -> str | None:
    if head.startswith(b"SQLite format 3\x00"):
        return _of_database(path)
    if head.startswith(b"PK\x03\x04"):
        return _of_package(path)
    if head.startswith(b"PAR1"):
        return _of_parquet(path)
    if head.startswith(b"\x1f\x8b"):
        return _of_warc(path)
    if head.lstrip().startswith(b"{") and path.stat().st_size <= _MOST:
        text = _text(path)
        return text if text.rstrip().endswith("}") and '"database_digest"' in text else None
    return None


def _of_database(path: Path) -> str | None:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source:
        source.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST)
        return statement_in(source)


def statement_in(source: sqlite3.Connection) -> str | None:
    """Return the statement that an exported database holds, None where it holds none."""
    table = source.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'export_info'").fetchone()
    if not table:
        return None
    row = source.execute("SELECT value FROM main.export_info WHERE name = ?", [KEY]).fetchone()
    return row[0] if row and isinstance(row[0], str) else None


def _of_package(path: Path) -> str | None:
    with zipfile.ZipFile(path) as package:
        if "datapackage.json" not in package.namelist():
            return None
        with package.open("datapackage.json") as stream:
            return _inside(stream.read(_MOST))


def _of_warc(path: Path) -> str | None:
    record = read_record(path, 0)
    return _line(record) if record.type == "warcinfo" else None


def is_own_record(record: Record) -> bool:
    """Whether a warcinfo record is the one in which an export states what it is."""
    return _line(record) is not None


def _line(record: Record) -> str | None:
    lines = record.block.decode("utf-8", "replace").splitlines()
    return next((line.removeprefix(f"{KEY}: ") for line in lines if line.startswith(f"{KEY}: ")), None)


def _of_parquet(path: Path) -> str | None:
    try:
        pyarrow, parquet = (importlib.import_module(name) for name in ("pyarrow", "pyarrow.parquet"))
    except ImportError as error:
        raise MissingGroup(f"to read {path}, {how_to_install('export')} ({error})") from error
    try:
        found: Mapping[bytes, bytes] = parquet.read_schema(path).metadata or {}
    except pyarrow.ArrowException as error:
        raise NotADelivery(f"{path} cannot be read as Parquet: {error}") from None
    text = found.get(f"tinphuong.{KEY}".encode())
    return text.decode() if text else None


def _inside(content: bytes) -> str | None:
    """The statement among the other facts of a JSON file."""
    try:
        facts = json.loads(content)
    except (ValueError, RecursionError):
        return None
    found = facts.get(KEY) if isinstance(facts, dict) else None
    return json.dumps(found) if found else None


def tags(delivery: Delivery) -> list[tuple[str, str]]:
    """Return what a bag's bag-info says of a delivery, beside its identifier."""
    facts = [
        ("Selection", json.dumps(delivery.choice, ensure_ascii=False) if delivery.choice else "all articles"),
        ("Database-State", delivery.state),
        ("Database-Digest", f"sha256:{delivery.content}"),
        ("Database-Schema", str(delivery.schema)),
        ("Delivery-Digest", f"sha256:{delivery.digest}"),
    ]
    if delivery.previous:
        facts.append(("Previous-Delivery", delivery.previous.identifier))
        facts.append(("Previous-Delivery-Digest", f"sha256:{delivery.previous.digest}"))
    return facts


def require_chain(collection: Collection, earlier: Delivery, choice: Choice) -> None:
    """Raise BrokenChain where a delivery with the filters `choice` cannot go on from `earlier`."""
    log = earlier.log
    sql = "SELECT digest FROM run_log WHERE number = ?"
    row = next(collection.rows(sql, [log.number]), None)
    if log.number and (row is None or row["digest"] != log.digest):
        raise BrokenChain(
            f"{collection.path} does not go on from {earlier.identifier}: run number {log.number}, with which that "
            "delivery ended, is not in its run log; name a delivery of this collection, or give a moment"
        )
    now, then = (
        {name: value for name, value in each.items() if name != "changed_since"}
        for each in (choice.to_dict(), earlier.choice)
    )
    if now != then:
        raise BrokenChain(
            f"{earlier.identifier} was chosen otherwise ({_words(then)}; now {_words(now)}): give the same filters, "
            "or a moment instead of the delivery"
        )


def _words(choice: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(choice.items())) or "all articles"


def look_again_from(collection: Collection, state: str) -> str:
    """Return from which moment the next delivery has to look: not later than the begin of a run that is going on, as
    what it has met is stored later, under the moment at which it was met."""
    row = next(
        collection.rows(
            "SELECT min(started_at) AS begun FROM runs r WHERE status = 'running' AND NOT EXISTS "
            "(SELECT 1 FROM runs n WHERE n.site = r.site AND n.id > r.id)"
        )
    )
    return min(state, row["begun"] or state)
