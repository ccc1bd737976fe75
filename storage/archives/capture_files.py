"""Where the record of a capture lies: in the folder of captures, or in an archive file that it is read from in place.

A row of `captures` with `is_referred` leads into a file of somebody else (`crawl --replay FILE --refer`): its `file` is
`referred_file` of that file, which has a slash, so that it is never the name of a file in the folder of captures.
"""

import errno
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from crawler.text.counted import counted
from storage.archives import records_in_place, warc
from storage.archives.wacz import BadPackage, Wacz
from storage.archives.warc import Record

BEGIN = (
    "coalesce((SELECT p.offset + p.length FROM captures p WHERE p.file = c.file AND p.offset < c.offset "
    "ORDER BY p.offset DESC LIMIT 1), 0)"
)
"""The byte after the capture before a row `c` of `captures`, as SQL: where its request record begins."""

_FILE = "SELECT name, member, sha256, size, path FROM archive_files WHERE id = ?"


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A row of `archive_files`. `path`: where it lay when it was last read, None where that is not known."""

    name: str
    member: str
    sha256: str
    size: int
    path: Path | None

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{self.name} ({self.member})" if self.member else self.name


@dataclass(frozen=True, slots=True)
class Located:
    """Where a file of records begins: byte `start` of the file `path`, 0 but for a WARC file in a package."""

    path: Path
    start: int = 0


def referred_file(sha256: str, name: str, member: str) -> str:
    """Return the value of `captures.file` for records of an archive file: 16 digits of its SHA-256, and its name."""
    return f"{sha256[:16]}/{member or name}"


def is_of_others(row: Mapping[str, Any]) -> bool:
    """Tell whether the record of a row of `captures` is one that others wrote, read in place or copied byte for byte.

    A record that was written anew of one of theirs has an id of its own.
    """
    record = row["archive_record"]
    return bool(row["is_referred"] or (record is not None and (record == row["record_id"] or record[:5] == "byte ")))


def archives_folder(db: Path) -> Path:
    """Return the folder for archive files that belong to the collection: data/tinphuong.db has data/tinphuong.archives.

    A restored backup has them there. What is in it counts before the path that an archive file was read from.
    """
    return db.with_suffix(".archives")


def place_in(folder: Path, sha256: str, name: str) -> Path:
    """Return where an archive file is in a folder of archives."""
    return folder / sha256[:16] / PurePosixPath(name).name


def path_of(file: ArchiveFile, folder: Path) -> Path:
    """Return where an archive file lies: in the collection's folder of archives, or where it was read.

    Raises FileNotFoundError; its `strerror` is a sentence that says what to do.
    """
    own = place_in(folder, file.sha256, file.name)
    for path in filter(None, (own, file.path)):
        if path.is_file():
            return path
    where = f"is not at {file.path}" if file.path else "lies where nobody said"
    raise FileNotFoundError(
        errno.ENOENT,
        f"the archive file {file.name} ({counted(file.size, 'byte')}, SHA-256 {file.sha256}) {where}: put it back, "
        f"replay it with --refer from where it is now, or put it at {own}",
        str(file.path or file.name),
    )


class CaptureFiles:
    """Finds and reads the records of the captures of one collection."""

    def __init__(self, connection: sqlite3.Connection, folder: Path):
        """`folder`: of the collection's own captures."""
        self._connection = connection
        self._folder = folder
        self._located: dict[int, Located] = {}

    def archive_file(self, number: int) -> ArchiveFile:
        """Return a row of `archive_files`. Raises FileNotFoundError where there is none."""
        found = self._connection.execute(_FILE, [number]).fetchone()
        if found is None:
            raise FileNotFoundError(errno.ENOENT, f"no archive file has the number {number}", str(number))
        name, member, sha256, size, path = found
        return ArchiveFile(name, member, sha256, int(size), Path(path) if path else None)

    def located(self, row: Mapping[str, Any]) -> Located:
        """Return where the file of a row of `captures` begins. Raises OSError where an archive file cannot be used."""
        if not row["is_referred"]:
            return Located(self._folder / Path(row["file"]).name)
        number = int(row["archive_file"] or 0)
        if number not in self._located:
            self._located[number] = self.located_archive(self.archive_file(number))
        return self._located[number]

    def located_archive(self, file: ArchiveFile) -> Located:
        """Return where the records of an archive file begin. Raises OSError; its `strerror` is a sentence."""
        path = path_of(file, self._folder.with_suffix(".archives"))
        if not file.member:
            return Located(path)
        try:
            package = Wacz(path)
            try:
                start = package.start_of(file.member)
            finally:
                package.close()
        except BadPackage as error:
            raise OSError(errno.EINVAL, f"{path} is not the package that was read: {error}", str(path)) from None
        if start is None:
            raise OSError(errno.EINVAL, f"{path} is not the package that was read: it lacks {file.member}", str(path))
        return Located(path, start)

    def read(self, row: Mapping[str, Any]) -> Record:
        """Return the record of a row of `captures`. Raises DamagedRecord where another is there or none, OSError."""
        place = self.located(row)
        if row["is_referred"]:
            record = records_in_place.read(place.path, place.start + row["offset"], row["offset"])
        else:
            record = warc.read_record(place.path, row["offset"])
        if record.id != row["record_id"] and (record.id or not row["is_referred"]):
            raise warc.DamagedRecord(row["offset"], "another record is")
        return record

    def as_member(self, row: Mapping[str, Any]) -> bytes:
        """Return the record of a referred capture, compressed on its own. Raises as `read` does."""
        place = self.located(row)
        record = self.read(row)
        return records_in_place.as_member(place.path, place.start + row["offset"], record, row["record_id"])
