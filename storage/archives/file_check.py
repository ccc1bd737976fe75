"""Checks one WARC file against the rows that point into it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import new, sha256
from pathlib import Path

from storage.archives import records_in_place
from storage.archives.capture_files import is_of_others
from storage.archives.made_records import sha1_digest
from storage.archives.places import moment_of, plain_digest
from storage.archives.warc import DamagedRecord, Record, records
from storage.fields import picked
from storage.rows import CaptureRow

_ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha512"})


@dataclass(frozen=True, slots=True)
class Damage:
    """One defect: a word for its kind, where it is, and what it is.

    `of` and `item`: the kind and the id of what it is of (capture, article, version or file), as the ledger of
    storage.fixity has them; None where it is of none.
    """

    kind: str
    where: str
    what: str
    item: int | None = None
    of: str | None = None


class CheckedCapture(CaptureRow):
    """A row of `captures` with the record id and the payload digest of the capture that it refers to."""

    original_id: str | None
    original_digest: str | None


class Pointers:
    """The rows of `captures` for one file, in the order of their offsets, taken one by one as the file is read."""

    def __init__(self, rows: Iterator[CheckedCapture], on_take: Callable[[], None]):
        self._rows = rows
        self._on_take = on_take
        self.next = next(rows, None)
        self.taken = 0
        self.told = 0  # of how many rows `on_take` has been told already

    def take(self) -> CheckedCapture:
        """Return the next row and move on. Raises StopIteration after the last."""
        row = self.next
        if row is None:
            raise StopIteration
        self.next = next(self._rows, None)
        self.taken += 1
        if self.taken > self.told:
            self._on_take()
        return row

    def pass_over(self) -> None:
        """Take the rows that are left, of all of which `on_take` has been told."""
        while self.next is not None:
            self.next = next(self._rows, None)
            self.taken += 1

    def left(self) -> Iterator[int]:
        """Yield the ids of the rows that were not taken, and take them."""
        while self.next is not None:
            yield self.take()["id"]

    def before(self, offset: int) -> Iterator[CheckedCapture]:
        """Yield and take the rows that point before `offset`."""
        while self.next is not None and self.next["offset"] < offset:
            yield self.take()


def check_file(path: Path, pointers: Pointers) -> Iterator[Damage]:
    """Read a file once from start to end and yield the defects of its records and of the rows that point to them.

    After a damaged record reading continues at the next one that a row points to.
    """
    yield from _check(path, pointers, 0, None)


def is_sound(path: Path, pointers: Pointers, start: int, end: int | None) -> bool:
    """Whether the records from byte `start` to byte `end` (None: to the end of the file) have no defect, nor have the
    rows that point to them. A record begins at `start`, and the one before is the last part of a capture."""
    return next(_check(path, pointers, start, end), None) is None


def _check(path: Path, pointers: Pointers, begin: int, end: int | None) -> Iterator[Damage]:
    start: int | None = begin
    while start is not None:
        request: Record | None = None
        try:
            for record in _until(path, start, end):
                yield from _astray(path, pointers.before(record.offset))
                item = pointers.next["id"] if pointers.next else None  # a request is part of the capture after it
                if record.type == "request":
                    if request:
                        yield _orphan(path, request)
                    request = record
                elif record.is_capture or _points_to(pointers.next, record):  # which may be a page alone, by others
                    if request and not record.has_request(request):
                        yield _orphan(path, request)
                    request = None
                    row = pointers.take() if _points_to(pointers.next, record) else None
                    yield from check_capture(path, record, row)
                    if row is not None and is_of_others(row):
                        continue  # what others say of their blocks may never have been true
                yield from check_block(path, record, item)
            start = None
        except DamagedRecord as torn:
            rows = list(pointers.before(torn.offset + 1))
            unread = "" if rows or pointers.next else "; the next crawl cuts a torn end off and keeps it in a file"
            of = rows[0] if rows else pointers.next
            yield Damage("damaged record", f"{path.name} byte {torn.offset}", torn.why + unread, of and of["id"])
            yield from _astray(path, iter(rows))
            start = pointers.next["offset"] if pointers.next else None
            request = None
        except OSError as error:
            yield Damage("unreadable file", path.name, error.strerror or str(error))
            return
        if request:
            yield _orphan(path, request)
    yield from _astray(path, pointers.before(2**63))


def _until(path: Path, start: int, end: int | None) -> Iterator[Record]:
    """Yield the records up to byte `end`. Raises DamagedRecord where none ends there."""
    for record in records(path, start):
        yield record
        if end is not None and record.offset + record.length >= end:
            if record.offset + record.length > end:
                raise DamagedRecord(record.offset, "a record of another length than its row says")
            return


def _points_to(row: CheckedCapture | None, record: Record) -> bool:
    return row is not None and row["offset"] == record.offset


def _orphan(path: Path, record: Record) -> Damage:
    what = f"a {record.type} record of {record.url} to which no row of the database leads"
    if record.is_capture:
        what += "; the next crawl takes it in if it comes after all known ones"
    return Damage("orphan record", f"{path.name} byte {record.offset}", what)


def _astray(path: Path, rows: Iterator[CheckedCapture]) -> Iterator[Damage]:
    for row in rows:
        what = f"{path.name} byte {row['offset']} no longer gives {row['url']}"
        yield Damage("lost capture", f"capture {row['id']}", what, row["id"])


def check_block(path: Path, record: Record, item: int | None) -> Iterator[Damage]:
    """Yield the defect of a record whose block is not what its own digest says."""
    written = record.headers.get("warc-block-digest", "")
    if written.startswith("sha1:") and written == sha1_digest(record.block):
        return  # as nearly all are, however else it may be written
    algorithm, _, said = plain_digest(written).partition(":")
    if algorithm in _ALGORITHMS and said != new(algorithm, record.block, usedforsecurity=False).hexdigest():
        what = f"{record.type}: WARC-Block-Digest is not true"
        yield Damage("digest", f"{path.name} byte {record.offset}", what, item)


def wrong_facts(record: Record, row: CheckedCapture) -> list[str]:
    """Return the columns of a row that the record of others, to which it leads, does not bear out."""
    message = records_in_place.answer_of(record)
    url, moment = row["url"], moment_of(record.headers.get("warc-date", ""))
    wrong = []
    if record.id and record.id != row["record_id"]:
        wrong.append("record_id")
    if record.url.partition("#")[0] != url:
        wrong.append("url")
    if moment is None or moment != moment_of(row["captured_at"]):
        wrong.append("captured_at")
    if message and message.status != row["status"]:
        wrong.append("status")
    if record.type.lower() == "revisit":
        digest = row["original_digest"]  # which original it is, was decided when the whole file was read
    else:
        digest = records_in_place.digest_of(record)
        if row["revisit_of"] is not None:
            wrong.append("revisit_of")
    if digest != row["payload_digest"]:
        wrong.append("payload_digest")
    return wrong


def check_capture(path: Path, record: Record, row: CheckedCapture | None) -> Iterator[Damage]:
    """Yield the defects of a record against the row that points to it, None where none does."""
    where = f"{path.name} byte {record.offset}"
    if row is not None and is_of_others(row):
        if wrong := wrong_facts(record, row):
            what = f"{', '.join(wrong)}: not what is at {where} ({record.url})"
            yield Damage("pointer", f"capture {row['id']}", what, row["id"])
        return
    said = record.headers.get("warc-payload-digest", "")
    is_whole = record.type in ("response", "resource")
    payload = record.payload if is_whole else b""
    if is_whole and said != sha1_digest(payload):
        yield Damage("digest", where, f"{record.url}: WARC-Payload-Digest is not true", row and row["id"])
    if row is None:
        yield _orphan(path, record)
        return
    facts = (
        ("record_id", record.id), ("url", record.url), ("length", record.length), ("warc_digest", said),
        ("captured_at", record.headers.get("warc-date")), ("source", record.headers.get("warc-source-uri")),
        ("status", record.status if record.block else row["status"]),  # a revisit may have no HTTP headers
    )  # fmt: skip
    stored = picked(row, dict(facts))
    wrong = [name for name, value in facts if stored[name] != value]
    if is_whole and row["payload_digest"] != sha256(payload).hexdigest():
        wrong.append("payload_digest")
    if record.type == "revisit":
        referred = record.headers.get("warc-refers-to", "").strip("<>")
        if row["original_id"] is None or row["original_id"] != referred:
            wrong.append("revisit_of")
        elif row["original_digest"] != row["payload_digest"]:
            wrong.append("payload_digest")
    elif row["revisit_of"] is not None:
        wrong.append("revisit_of")
    if wrong:
        what = f"{', '.join(wrong)}: not what is at {where} ({record.url})"
        yield Damage("pointer", f"capture {row['id']}", what, row["id"])
