"""Imported captures: records that are not here yet, copied byte for byte into a WARC file of their own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from storage.archives import sources, unfinished
from storage.archives.captures import folder_of
from storage.archives.warc import DamagedRecord, Record, records
from storage.collection import Collection
from storage.errors import CapturesUnwritable
from storage.exports.delivery import is_own_record
from storage.files.fsync import fsync
from storage.imports.references import Pointing
from storage.rows import CaptureRow, SiteRow

_CHUNK = 1 << 20  # bytes


class ImportedCaptures:
    """Takes the records of WARC files in, where the other collection has a row of one and ours has none."""

    def __init__(self, collection: Collection, other: Collection, pointing: Pointing, written: list[Path]):
        """`written` gets the file that is made."""
        self.collection = collection
        self.other = other
        self.pointing = pointing
        self._written = written
        self.taken = 0
        self.unreadable = 0
        self._waiting: dict[
            str, str
        ] = {}  # record id of a revisit → of the capture that it refers to, which comes later
        self.folder = folder_of(collection.path)

    def take(self, paths: list[Path]) -> None:
        """Copy what is new of `paths` and add its rows; the new file has a mark (storage.archives.unfinished), which
        the caller ends. Raises CapturesUnwritable."""
        paths = [path for path in paths if not unfinished.is_left(self.other, path)]
        if not paths:
            return
        stamp = "".join(char for char in self.pointing.moment[:19] if char.isdigit())
        number = 0
        while (target := self.folder / f"import-{stamp}-{number:05d}.warc.gz").exists():
            number += 1
        self._written.append(target)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished.begin(target)
            with target.open("xb") as out:
                for path in paths:
                    self._copy(path, target.name, out)
                self._lead_back()
                out.flush()
                os.fsync(out.fileno())
            fsync(self.folder)
            if not self.taken:
                target.unlink()
        except OSError as error:
            raise CapturesUnwritable(
                f"{target} cannot be written: {error.strerror or error}; make room or set the folder right, then "
                "import again (nothing was taken in)"
            ) from error

    def in_archive_files(self) -> int:
        """Return how many captures of the other collection lie in archive files of others and are not here."""
        sql = "SELECT record_id FROM captures WHERE is_referred = 1"
        here = "SELECT 1 FROM captures WHERE record_id = ?"
        return sum(
            1 for row in self.other.rows(sql) if next(self.collection.rows(here, [row["record_id"]]), None) is None
        )

    def _lead_back(self) -> None:
        """Lead revisits to captures that came in after them."""
        for record_id, original in self._waiting.items():
            sql = "UPDATE captures SET revisit_of = ? WHERE record_id = ?"
            self.collection.execute(sql, (self.pointing.capture({"record_id": original}), record_id))

    def _copy(self, path: Path, name: str, out: IO[bytes]) -> None:
        """Write the new records of a file to `out`, and add their rows, with the place each has in the file `name`."""
        head: Record | None = None
        request: Record | None = None
        for record in self._records(path):
            if record.type == "warcinfo":
                head = None if is_own_record(record) else record  # of what the records came from, not of this delivery
            elif record.type == "request":
                request = record
            elif record.is_capture or record.type == "resource":
                row = self._row(record)
                if row:
                    for part in filter(None, (head, request)):
                        self._append(path, part, out)
                    head = None
                    offset = self._append(path, record, out)
                    place = {"file": name, "offset": offset, "length": record.length}
                    self.collection.execute(*self._insertion(cast(CaptureRow, {**row, **place})))
                    self.taken += 1
                request = None

    def _records(self, path: Path) -> Iterator[Record]:
        """Yield the records of a file; one that cannot be read to its end is counted."""
        try:
            yield from records(path)
        except (DamagedRecord, OSError):
            self.unreadable += 1

    @staticmethod
    def _append(path: Path, record: Record, out: IO[bytes]) -> int:
        """Copy a record's bytes, and return where they begin in `out`. Raises OSError."""
        offset, left = out.tell(), record.length
        with path.open("rb") as stream:
            stream.seek(record.offset)
            while left and (chunk := stream.read(min(left, _CHUNK))):
                out.write(chunk)
                left -= len(chunk)
        return offset

    def _row(self, record: Record) -> CaptureRow | None:
        """The row that the other collection has of a record, None where it has none or we have one."""
        sql = "SELECT * FROM captures WHERE record_id = ?"
        if next(self.collection.rows(sql, [record.id]), None):
            return None
        return next(self.other.rows(sql, [record.id], of=CaptureRow), None)

    def _insertion(self, row: CaptureRow) -> tuple[str, list[object]]:
        """The statement that adds a row, with what it points to as found here."""
        site = next(self.other.rows("SELECT * FROM sites WHERE slug = ?", [row["site"]], of=SiteRow), None)
        if site:
            self.pointing.site(site["slug"], site)
        values = {name: value for name, value in row.items() if name not in ("id", "run_id", "revisit_of")}
        run = next(self.other.rows("SELECT * FROM runs WHERE id = ?", [row["run_id"]]), None)
        values["run_id"] = self.pointing.run(run, row["site"]) if run else None
        original = next(self.other.rows("SELECT record_id FROM captures WHERE id = ?", [row["revisit_of"]]), None)
        values["revisit_of"] = self.pointing.capture(original)
        if original and values["revisit_of"] is None:
            self._waiting[row["record_id"]] = original["record_id"]
        file = next(self.other.rows("SELECT * FROM archive_files WHERE id = ?", [row["archive_file"]]), None)
        values["archive_file"] = sources.add(self.collection, file, file["added_at"]) if file else None
        values["is_referred"] = 0  # its record is here now
        if next(self.collection.rows("SELECT 1 FROM captures WHERE id = ?", [row["id"]]), None) is None:
            values["id"] = row["id"]
        sql = f"INSERT INTO captures ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608
        return sql, list(values.values())
