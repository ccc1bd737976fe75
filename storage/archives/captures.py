"""Captures: WARC 1.1 files in a folder beside the database, and the rows of `captures` that point into them."""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.text.counted import counted
from storage.archives import sources, unfinished, warc, warc_writer
from storage.archives.warc import DamagedRecord, Exchange, Original, Record
from storage.collection import Collection
from storage.errors import CapturesUnwritable
from storage.files.fsync import fsync

MAX_BYTES = 1_000_000_000
_ADVICE = "make room or set the folder right, then run again (what was stored before is intact)"
_SUFFIX = ".warc.gz"
_OURS = re.compile(r"tinphuong-\d{14}-(\d{5,})\.warc\.gz")


class CaptureKind(StrEnum):
    """What a capture is, as in the column `captures.kind`: what was requested, or a redirect that came instead."""

    REDIRECT = "redirect"
    ROBOTS = "robots"
    ARTICLE = "article"
    LISTING = "listing"
    ATTACHMENT = "attachment"
    PICTURE = "picture"
    REQUISITE = "requisite"
    OTHER = "other"


def kind_of_capture(url: str, asked_for: CaptureKind, *, is_redirect: bool) -> CaptureKind:
    """Return the kind of a capture of `url`; the status does not matter, unless it redirects."""
    if is_redirect:
        return CaptureKind.REDIRECT
    return CaptureKind.ROBOTS if urlsplit(url).path == "/robots.txt" else asked_for


def folder_of(db: Path) -> Path:
    """Return the folder of a database's captures: data/tinphuong.db has data/tinphuong.captures."""
    return db.with_suffix(".captures")


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files of a folder, oldest first; empty if the folder does not exist."""
    return sorted(folder.glob(f"*{_SUFFIX}"))


@dataclass(slots=True)
class Repaired:
    """What was repaired when the folder was opened after a kill.

    `torn`: (file, bytes cut off, file that keeps these bytes); `adopted`: whole records that had no row yet.
    """

    torn: list[tuple[str, int, str]] = field(default_factory=list)
    adopted: int = 0

    def sentences(self) -> Iterator[str]:
        """Yield sentences for the operator, none if nothing was repaired."""
        for name, size, kept in self.torn:
            what = f"what there was of it ({counted(size, 'byte')}) is now in {kept}"
            yield f"the last record of {name} was cut off by an earlier end: {what}"
        if self.adopted:
            captures = counted(self.adopted, "capture is kept", "captures are kept")
            yield f"{captures} that an earlier run had written before it was cut short"


class Captures:
    """The captures of one collection, open for writing. One process at a time (see storage.locking).

    A record reaches the operating system before its row is handed to the collection, and the disk before the row is
    committed (`Collection.before_commit`). Opening repairs what a killed run left; see `repaired`.
    """

    def __init__(self, collection: Collection, about: dict[str, str], *, max_bytes: int = MAX_BYTES):
        """Open the folder of `collection`. `about`: the content of each file's warcinfo; `max_bytes`: the size at
        which the next file is started. Raises CapturesUnwritable."""
        self.folder = folder_of(collection.path)
        self.max_bytes = max_bytes
        self._collection = collection
        self._about = about
        self._file: int | None = None  # descriptor
        self._name = ""
        self._size = 0
        self._warcinfo_id = ""
        self._unsynced = False
        self._broken: CapturesUnwritable | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.repaired = self._repair()
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        collection.before_commit = self.sync

    def keep(
        self, exchange: Exchange, *, site: str, kind: CaptureKind, run_id: int | None, same_as: int | None = None
    ) -> int:
        """Write `exchange` and return the id of its row. `same_as`: the row of the capture that is known to hold its
        payload, which is then not compared. A finished page gets a row with the address of the page.

        A payload that is kept already, under this URL or another, becomes a revisit record; so does a 304 answer if
        there is an earlier capture of the URL. Raises CapturesUnwritable; the file is then as it was before.
        """
        if self._broken:
            raise self._broken
        digest = exchange.digest
        original = self._original(exchange, digest) if same_as is None else self._holder(same_as)
        archived = exchange.archived
        about: dict[str, object] = {"site": site, "kind": kind, "run": run_id}
        if exchange.tls:
            about["tls"] = exchange.tls
        if archived:
            about["archive"] = archived.note
        note = json.dumps(about, ensure_ascii=True)
        try:
            self._open_file()
            made = warc_writer.pair(exchange, self._warcinfo_id, note, original)
            offset = self._append(made.data) + made.response_start
        except OSError as error:
            self._broken = _unwritable(self.folder / self._name, error)
            raise self._broken from error
        row = {
            "record_id": made.record_id, "run_id": run_id, "site": site, "url": exchange.url, "kind": kind,
            "status": exchange.status, "content_type": exchange.header(b"Content-Type"),
            "captured_at": made.captured_at, "file": self._name, "offset": offset,
            "length": len(made.data) - made.response_start,
            "payload_digest": original.payload_digest if original else digest,
            "warc_digest": made.warc_digest, "revisit_of": original.id if original else None, "source": exchange.source,
            "archive_file": archived.file if archived else None,
            "archive_record": archived.record if archived else None,
        }  # fmt: skip
        try:
            return self._add_row(**row)
        except sqlite3.OperationalError as error:  # the next opening adopts the record
            self._broken = CapturesUnwritable(f"{self._collection.path} cannot be written: {error}; {_ADVICE}")
            raise self._broken from error

    def holder_of(self, digest: str) -> int | None:
        """Return the id of the capture that holds a payload (SHA-256, hex), None where none does."""
        found = self._find("payload_digest = ? AND revisit_of IS NULL ORDER BY id", digest)
        return found.id if found else None

    def record_of(self, row_id: int) -> str | None:
        """Return the id of the record of a capture."""
        found = self._find("id = ?", row_id)
        return found.record_id if found else None

    def sync(self) -> None:
        """Wait until what was written is on the disk. Raises CapturesUnwritable."""
        if self._unsynced and self._file is not None:
            try:
                os.fdatasync(self._file)
            except OSError as error:
                raise _unwritable(self.folder / self._name, error) from error
            self._unsynced = False

    def close(self) -> None:
        """Commit the rows and close the file."""
        self._collection.commit()
        self._collection.before_commit = None
        self._close_file()

    # Files

    def _open_file(self) -> None:
        """Append to the newest file, or start one if that is full or was started by another version or operator."""
        if self._file is not None and self._size < self.max_bytes:
            return
        if self._file is None and (newest := self._newest()):
            self._name, self._warcinfo_id = newest
            self._file = os.open(self.folder / self._name, os.O_RDWR | os.O_APPEND)
            self._size = os.fstat(self._file).st_size
            return
        self._close_file()
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        number = 1 + max(map(_number, self._own_files()), default=-1)
        self._name = f"tinphuong-{stamp}-{number:05d}{_SUFFIX}"
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL
        self._file = os.open(self.folder / self._name, flags, 0o644)
        self._size = 0
        self._warcinfo_id, data = warc_writer.warcinfo(self._name, self._about)
        self._append(data)
        fsync(self.folder)

    def _own_files(self) -> list[Path]:
        """Return the files that this program wrote, in the order in which they were started."""
        return sorted((path for path in warc_files(self.folder) if _OURS.fullmatch(path.name)), key=_number)

    def _newest(self) -> tuple[str, str] | None:
        """Return (name, id of the warcinfo) of the file to append to."""
        for path in self._own_files()[-1:]:
            size = path.stat().st_size
            if not size or size >= self.max_bytes or self._known_end(path.name) > size:
                return None
            first = warc.read_record(path, 0)
            said = dict(line.partition(": ")[::2] for line in first.block.decode("utf-8", "replace").splitlines())
            if said == {name: value for name, value in self._about.items() if value}:
                return path.name, f"<{first.id}>"
        return None

    def _append(self, data: bytes) -> int:
        """Write `data` at the end of the file, whole or not at all, and return its offset."""
        if self._file is None:
            raise OSError("no file is open")
        start, view = self._size, memoryview(data)
        try:
            while view:
                view = view[os.write(self._file, view) :]
        except OSError:
            os.ftruncate(self._file, start)
            raise
        self._size += len(data)
        self._unsynced = True
        return start

    def _close_file(self) -> None:
        self.sync()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    # Repair

    def _repair(self) -> Repaired:
        """Adopt whole records after the last known one of each file, and cut off a torn end; remove what a killed
        import left."""
        repaired = Repaired()
        unfinished.remove_left(self._collection, self.folder)
        for path in self._own_files():
            size, known = path.stat().st_size, self._known_end(path.name)
            if known >= size:
                continue
            end, torn = known, False
            try:
                for record in warc.records(path, known):
                    if record.type == "request":
                        torn = True  # until its response is read whole
                        continue
                    torn = False
                    end = record.offset + record.length
                    repaired.adopted += self._adopt(path.name, record)
            except DamagedRecord:
                torn = True
            if torn:
                kept = _cut(path, end)
                repaired.torn.append((path.name, size - end, kept))
        self._collection.commit()
        return repaired

    def _known_end(self, name: str) -> int:
        """Return the byte after the last record of a file that a row points to, or 0."""
        sql = "SELECT coalesce(max(offset + length), 0) AS last FROM captures WHERE file = ?"
        return int(next(self._collection.rows(sql, (name,)))["last"])

    def _adopt(self, name: str, record: Record) -> int:
        """Add the row of a record that an ended run did not commit; returns 0 for a record that is not a capture."""
        if not record.is_capture:
            return 0
        try:
            note = json.loads(record.headers.get("warc-json-metadata", "{}"))
        except ValueError:
            note = {}
        referred = record.headers.get("warc-refers-to", "").strip("<>")
        original = self._find("record_id = ?", referred) if referred else None
        run = next(self._collection.rows("SELECT id FROM runs WHERE id = ? AND site = ?",
                                         (note.get("run"), note.get("site"))), None)  # fmt: skip
        archive = note.get("archive") if isinstance(note, dict) else None
        file = sources.add_noted(self._collection, archive, _now()) if isinstance(archive, dict) else None
        exchange = Exchange(record.url, record.status, (), record.payload, datetime.now(UTC))
        self._add_row(
            record_id=record.id, run_id=run["id"] if run else None, site=note.get("site", ""), url=record.url,
            kind=note.get("kind", "other"), status=record.status or 200,  # a revisit without headers is a page
            content_type=record.http_header("Content-Type"), captured_at=record.headers.get("warc-date", ""), file=name,
            offset=record.offset, length=record.length, source=record.headers.get("warc-source-uri"),
            payload_digest=original.payload_digest if original else exchange.digest,
            warc_digest=record.headers.get("warc-payload-digest", ""), revisit_of=original.id if original else None,
            archive_file=file, archive_record=archive.get("record") if archive and file else None,
        )  # fmt: skip
        return 1

    # Rows

    def _add_row(self, **values: Any) -> int:
        return self._collection.insert("captures", values)

    def _original(self, exchange: Exchange, digest: str) -> Original | None:
        """Return the capture whose payload `exchange` repeats; `digest` is that of its own."""
        if exchange.status == 304:
            newest = "SELECT coalesce(revisit_of, id) FROM captures WHERE url = ? AND status = 200 ORDER BY id DESC"
            return self._find(f"id = ({newest} LIMIT 1)", exchange.url)
        is_page_alone = exchange.finished or (exchange.archived is not None and exchange.archived.is_resource)
        if not exchange.body or exchange.truncated or is_page_alone:
            return None
        return self._find("payload_digest = ? AND revisit_of IS NULL ORDER BY id", digest)

    def _holder(self, row_id: int) -> Original | None:
        """Return the capture that holds the payload of a capture."""
        return self._find("id = (SELECT coalesce(revisit_of, id) FROM captures WHERE id = ?)", row_id)

    def _find(self, where: str, *values: str | int) -> Original | None:
        sql = (
            "SELECT id, record_id, url, captured_at, payload_digest, warc_digest FROM captures "  # noqa: S608
            f"WHERE {where} LIMIT 1"
        )
        row = next(self._collection.rows(sql, values), None)
        return Original(**row) if row else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _number(path: Path) -> int:
    match = _OURS.fullmatch(path.name)
    return int(match[1]) if match else -1


def _cut(path: Path, end: int) -> str:
    """Move what follows byte `end` into a new file next to `path`, and return the name of that file."""
    number = 0
    while (kept := path.with_name(f"{path.name}.{end}{f'-{number}' if number else ''}.torn")).exists():
        number += 1
    with path.open("rb") as stream, kept.open("xb") as out:
        stream.seek(end)
        while chunk := stream.read(1 << 20):
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if end:
        os.truncate(path, end)
    else:
        path.unlink()
    fsync(path.parent)
    return kept.name


def _unwritable(path: Path, error: OSError) -> CapturesUnwritable:
    return CapturesUnwritable(f"{path} cannot be written: {error.strerror or error}; {_ADVICE}")
