"""Checks one WARC file against the rows that point into it."""

from base64 import b32encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha1, sha256
from pathlib import Path

from storage.archives.warc import DamagedRecord, Record, records
from storage.fields import picked
from storage.rows import CaptureRow


@dataclass(frozen=True, slots=True)
class Damage:
    """One defect: a word for its kind, where it is, and what it is."""

    kind: str
    where: str
    what: str


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

    def take(self) -> CheckedCapture:
        """Return the next row and move on. Raises StopIteration after the last."""
        row = self.next
        if row is None:
            raise StopIteration
        self.next = next(self._rows, None)
        self.taken += 1
        self._on_take()
        return row

    def before(self, offset: int) -> Iterator[CheckedCapture]:
        """Yield and take the rows that point before `offset`."""
        while self.next is not None and self.next["offset"] < offset:
            yield self.take()


def check_file(path: Path, pointers: Pointers) -> Iterator[Damage]:
    """Read a file once from start to end and yield the defects of its records and of the rows that point to them.

    After a damaged record reading continues at the next one that a row points to.
    """
    start: int | None = 0
    while start is not None:
        request: Record | None = None
        try:
            for record in records(path, start):
                yield from _astray(path, pointers.before(record.offset))
                if record.type == "request":
                    if request:
                        yield _orphan(path, request)
                    request = record
                elif record.is_capture:
                    if request and not record.has_request(request):
                        yield _orphan(path, request)
                    request = None
                    row = pointers.take() if _points_to(pointers.next, record) else None
                    yield from _check_capture(path, record, row)
                yield from _check_block(path, record)
            start = None
        except DamagedRecord as torn:
            rows = list(pointers.before(torn.offset + 1))
            unread = "" if rows or pointers.next else "; the next crawl cuts a torn end off and keeps it in a file"
            yield Damage("damaged record", f"{path.name} byte {torn.offset}", torn.why + unread)
            yield from _astray(path, iter(rows))
            start = pointers.next["offset"] if pointers.next else None
            request = None
        except OSError as error:
            yield Damage("unreadable file", path.name, error.strerror or str(error))
            return
        if request:
            yield _orphan(path, request)
    yield from _astray(path, pointers.before(2**63))


def _points_to(row: CheckedCapture | None, record: Record) -> bool:
    return row is not None and row["offset"] == record.offset


def _orphan(path: Path, record: Record) -> Damage:
    what = f"a {record.type} record of {record.url} to which no row of the database leads"
    if record.is_capture:
        what += "; the next crawl takes it in if it comes after all known ones"
    return Damage("orphan record", f"{path.name} byte {record.offset}", what)


def _astray(path: Path, rows: Iterator[CheckedCapture]) -> Iterator[Damage]:
    for row in rows:
        yield Damage(
            "lost capture", f"capture {row['id']}", f"{path.name} byte {row['offset']} no longer gives {row['url']}"
        )


def _check_block(path: Path, record: Record) -> Iterator[Damage]:
    said = record.headers.get("warc-block-digest")
    if said is not None and said != _sha1(record.block):
        yield Damage("digest", f"{path.name} byte {record.offset}", f"{record.type}: WARC-Block-Digest is not true")


def _check_capture(path: Path, record: Record, row: CheckedCapture | None) -> Iterator[Damage]:
    where = f"{path.name} byte {record.offset}"
    said = record.headers.get("warc-payload-digest", "")
    is_whole = record.type in ("response", "resource")
    if is_whole and said != _sha1(record.payload):
        yield Damage("digest", where, f"{record.url}: WARC-Payload-Digest is not true")
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
    if is_whole and row["payload_digest"] != sha256(record.payload).hexdigest():
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
        yield Damage("pointer", f"capture {row['id']}", f"{', '.join(wrong)}: not what is at {where} ({record.url})")


def _sha1(data: bytes) -> str:
    return f"sha1:{b32encode(sha1(data, usedforsecurity=False).digest()).decode()}"
