"""Imported captures: records that are not here yet, copied byte for byte into a WARC file of their own."""

import os
from pathlib import Path
from typing import IO, cast

from storage.archives.captures import folder_of
from storage.archives.warc import DamagedRecord, Record, records
from storage.collection import Collection
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
        self.folder = folder_of(collection.path)

    def take(self, paths: list[Path]) -> None:
        """Copy what is new of `paths` and add its rows; a file that no row names was cut short and is written anew."""
        if not paths:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        named = {row["file"] for row in self.collection.rows("SELECT DISTINCT file FROM captures")}
        for left in self.folder.glob("import-*"):
            if left.name not in named:
                left.unlink()
        stamp = "".join(char for char in self.pointing.moment[:19] if char.isdigit())
        number = 0
        while (target := self.folder / f"import-{stamp}-{number:05d}.warc.gz").exists():
            number += 1
        self._written.append(target)
        self._copy(paths, target)
        if not self.taken:
            target.unlink()

    def _copy(self, paths: list[Path], target: Path) -> None:
        """Write the new records to `target`, and add their rows, with the place each has there."""
        with target.open("xb") as out:
            for path in paths:
                head: Record | None = None
                request: Record | None = None
                try:
                    with path.open("rb") as stream:
                        for record in records(path):
                            if record.type == "warcinfo":
                                head = record
                            elif record.type == "request":
                                request = record
                            elif record.is_capture:
                                row = self._row(record)
                                if row:
                                    for part in filter(None, (head, request)):
                                        self._append(stream, part, out)
                                    head = None
                                    offset = self._append(stream, record, out)
                                    place = {"file": target.name, "offset": offset, "length": record.length}
                                    self.collection.execute(*self._insertion(cast(CaptureRow, {**row, **place})))
                                    self.taken += 1
                                request = None
                except (DamagedRecord, OSError):
                    self.unreadable += 1
            out.flush()
            os.fsync(out.fileno())

    @staticmethod
    def _append(stream: IO[bytes], record: Record, out: IO[bytes]) -> int:
        stream.seek(record.offset)
        offset, left = out.tell(), record.length
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
        if next(self.collection.rows("SELECT 1 FROM captures WHERE id = ?", [row["id"]]), None) is None:
            values["id"] = row["id"]
        sql = f"INSERT INTO captures ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608
        return sql, list(values.values())
