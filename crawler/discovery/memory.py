"""What discovery remembers beside a collection: answers of the name service, findings, and for which units it asked.

A small SQLite file, `discovery.db`, of its own: a crawl may write to the collection meanwhile. Each row is kept as soon
as it is known, so what ends a discovery costs it nothing.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler import clock
from crawler.discovery.model import AnswerKind, Candidate, Confidence, DnsAnswer, Finding
from crawler.discovery.refusals import PASSING
from crawler.units import Unit
from storage.connection import CarefulConnection
from storage.errors import Locked, NewerSchema, Unreadable
from storage.locking import sole_writer

FILE_NAME = "discovery.db"
DAYS = 30
"""How long an answer and a finding are believed."""
UNSURE_HOURS = 20
"""How long a name that did not answer, or whose server failed, is left alone: the next day asks again."""

_VERSION = 1
_UNSURE = (AnswerKind.SILENT, AnswerKind.SERVFAIL)
_PASSING = re.compile(PASSING)
_JSON = ("evidence", "against")
_BUSY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Remembered:
    """A finding. `form`: how the host was formed; `at`: when it was judged (aware)."""

    finding: Finding
    form: str
    at: datetime


def memory_of(db: Path) -> Path:
    """Return the file beside a collection."""
    return db.parent / FILE_NAME


class Memory:
    """The open file; `keeps` says whether anything may be written: not by a dry run, which makes no file either."""

    def __init__(self, path: Path, *, keeps: bool = True, now: Callable[[], datetime] = clock.now):
        """Open or make the file. Raises Unreadable or NewerSchema."""
        self.path = path
        self._now = now
        if not keeps and not path.exists():
            self.db = Database(memory=True)
        else:
            self.db = _opened(path)
        self._prepare()

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    # Answers

    def answer(self, host: str) -> DnsAnswer | None:
        """Return what the name service said of a host, if that is not too old."""
        for row in self.db["answers"].rows_where("host = ?", [host]):
            answer = DnsAnswer(
                host, AnswerKind(row["kind"]), datetime.fromisoformat(row["at"]), tuple(json.loads(row["addresses"])),
                row["alias"], bool(row["any_name"]),
            )  # fmt: skip
            age = timedelta(hours=UNSURE_HOURS) if answer.kind in _UNSURE else timedelta(days=DAYS)
            return answer if self._now() - answer.at < age else None
        return None

    def keep_answer(self, answer: DnsAnswer) -> None:
        """Keep what the name service said."""
        row = {
            "host": answer.host, "kind": str(answer.kind), "at": answer.at.isoformat(timespec="seconds"),
            "addresses": json.dumps(answer.addresses), "alias": answer.alias, "any_name": int(answer.any_name),
        }  # fmt: skip
        self.db["answers"].upsert(row, pk="host")

    def any_name(self, suffix: str) -> bool | None:
        """Return whether any name under a suffix answers; None where that is not known, or too old."""
        for row in self.db["suffixes"].rows_where("suffix = ?", [suffix]):
            if self._is_young(row["at"]):
                return bool(row["any_name"])
        return None

    def keep_any_name(self, suffix: str, answers: bool) -> None:
        """Keep whether any name under a suffix answers."""
        self.db["suffixes"].upsert({"suffix": suffix, "any_name": int(answers), "at": self._stamp()}, pk="suffix")

    # Findings

    def finding(self, asked: str) -> Remembered | None:
        """Return what was concluded of a host that was asked for, if that is not too old."""
        for row in self.db["findings"].rows_where("asked = ?", [asked]):
            found = _remembered(row)
            age = timedelta(hours=UNSURE_HOURS) if _may_pass(found.finding) else timedelta(days=DAYS)
            return found if self._now() - found.at < age else None
        return None

    def keep_finding(self, finding: Finding, candidate: Candidate) -> None:
        """Keep what was concluded of a host."""
        row: dict[str, Any] = asdict(finding) | {
            "confidence": str(finding.confidence), "is_frozen": int(finding.is_frozen), "form": candidate.form,
            "found_on": candidate.found_on, "at": self._stamp(),
        }  # fmt: skip
        row |= {name: json.dumps(row[name], ensure_ascii=False) for name in _JSON}
        self.db["findings"].upsert(row, pk="asked", alter=True)

    def forget(self, hosts: Iterable[str]) -> None:
        """Forget answers and findings of hosts, and what is known of their suffixes, so that all is asked again."""
        for host in hosts:
            self.db["answers"].delete_where("host = ?", [host])
            self.db["findings"].delete_where("asked = ?", [host])
            self.db["suffixes"].delete_where("suffix = ?", [host.partition(".")[2]])

    # Links that were read, and what was asked for

    def links(self, references: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
        """Yield host, units, page and words of the links that were read for units ("new:05443")."""
        wanted = set(references)
        for row in self.db["links"].rows:
            if not row["units"] or not wanted.isdisjoint(row["units"].split()):
                yield row["host"], row["units"], row["found_on"], row["said"]

    def keep_link(self, candidate: Candidate) -> None:
        """Keep a link that may lead to a portal."""
        row = {
            "host": candidate.host, "units": " ".join(unit.reference for unit in candidate.units),
            "found_on": candidate.found_on, "said": candidate.said, "at": self._stamp(),
        }  # fmt: skip
        self.db["links"].upsert(row, pk="host")

    def has_read(self, host: str) -> bool:
        """Tell whether the front page of a known portal was read for its links, not too long ago."""
        return any(self._is_young(row["at"]) for row in self.db["read"].rows_where("host = ?", [host]))

    def keep_read(self, host: str) -> None:
        """Keep that the front page of a known portal was read for its links."""
        self.db["read"].upsert({"host": host, "at": self._stamp()}, pk="host")

    def forget_read(self) -> None:
        """Let the links of all known portals and captures be read again."""
        self.db["read"].delete_where()

    def keep_units(self, units: Iterable[Unit]) -> None:
        """Keep that all names of these units were asked for."""
        rows = ({"unit": unit.reference, "asked_at": self._stamp()} for unit in units)
        self.db["units"].upsert_all(rows, pk="unit")

    def asked_at(self, units: Iterable[Unit]) -> list[str]:
        """Return when all names of each unit were asked for last, of those for which they were."""
        wanted = {unit.reference for unit in units}
        return [row["asked_at"] for row in self.db["units"].rows if row["unit"] in wanted]

    def _is_young(self, at: str) -> bool:
        return self._now() - datetime.fromisoformat(at) < timedelta(days=DAYS)

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _prepare(self) -> None:
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise NewerSchema(
                f"{self.path} was written by a newer tinphuong; update this one, or move the file away: it only "
                "remembers what was asked"
            )
        text, number = str, int
        self.db["answers"].create(
            {"host": text, "kind": text, "at": text, "addresses": text, "alias": text, "any_name": number},
            pk="host", if_not_exists=True,
        )  # fmt: skip
        self.db["suffixes"].create({"suffix": text, "any_name": number, "at": text}, pk="suffix", if_not_exists=True)
        columns = {field.name: number if field.name == "is_frozen" else text for field in fields(Finding)}
        self.db["findings"].create(
            columns | {"form": text, "found_on": text, "at": text}, pk="asked", if_not_exists=True
        )
        self.db["links"].create(
            {"host": text, "units": text, "found_on": text, "said": text, "at": text}, pk="host", if_not_exists=True
        )
        self.db["read"].create({"host": text, "at": text}, pk="host", if_not_exists=True)
        self.db["units"].create({"unit": text, "asked_at": text}, pk="unit", if_not_exists=True)
        self.db.execute(f"PRAGMA user_version = {_VERSION}")


@contextmanager
def kept(db: Path, *, now: Callable[[], datetime] = clock.now) -> Iterator[Memory]:
    """Open the memory beside a collection for one discovery, alone. Raises Locked, Unreadable, NewerSchema."""
    path = memory_of(db)
    with ExitStack() as stack:
        try:
            stack.enter_context(sole_writer(path))
        except Locked:
            raise Locked(f"another discovery is on (it holds {path}.lock); this one did nothing") from None
        memory = Memory(path, now=now)
        stack.callback(memory.close)
        yield memory


def _opened(path: Path) -> Database:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = Database(
            sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, factory=CarefulConnection)
        )
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
    except (sqlite3.Error, OSError) as error:
        raise Unreadable(
            f"{path} cannot be used as a database: {error}; move it away: it only remembers what was asked"
        ) from error
    return database


def _may_pass(finding: Finding) -> bool:
    """Tell whether a page did not come for a reason that may be over tomorrow."""
    return finding.confidence in (Confidence.LOOK, Confidence.REFUSED) and bool(_PASSING.fullmatch(finding.reason))


def _remembered(row: dict[str, Any]) -> Remembered:
    facts = {field.name: row[field.name] for field in fields(Finding)}
    facts |= {name: tuple(json.loads(row[name])) for name in _JSON}
    facts |= {"confidence": Confidence(row["confidence"]), "is_frozen": bool(row["is_frozen"])}
    return Remembered(Finding(**facts), row["form"], datetime.fromisoformat(row["at"]))
