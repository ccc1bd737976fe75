"""A second copy of a collection, from which damaged parts are replaced: a backup, or a folder with a plain copy.

Nothing that it gives is believed: whoever takes it compares it with the digests of the collection itself.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from sqlite3 import Connection, DatabaseError, connect
from typing import Protocol

from storage.archives.capture_files import BEGIN, archives_folder, place_in
from storage.archives.captures import folder_of
from storage.backups.layout import (
    ARCHIVES,
    ATTACHMENTS,
    GENERATIONS,
    MARKER,
    Growing,
    Manifest,
    generations,
    read_manifest,
    require_backup,
)
from storage.errors import BackupDamaged, BadBackup
from storage.files.attachments import place_of

_PLACE = f"SELECT c.file, c.offset, c.length, {BEGIN} FROM captures c WHERE c.record_id = ?"  # noqa: S608


class SecondCopy(Protocol):
    """What can be had from a copy of a collection."""

    def spans(self, name: str, begin: int, offset: int, end: int, record_id: str) -> Iterator[tuple[bytes, bytes]]:
        """Yield what the copy may have of a capture: (bytes before its response, bytes of its response), first from
        the place where the collection has it, then from where the copy's own database does."""

    def attachments(self, sha256: str, kind: str) -> Iterator[Path]:
        """Yield the files that may hold an attachment."""

    def archives(self, sha256: str, name: str) -> Iterator[Path]:
        """Yield the files that may be an archive file that captures are read from in place."""


def second_copy(folder: Path, db: Path) -> SecondCopy:
    """Return the copy in `folder` of the collection at `db`. Raises BadBackup where it holds none."""
    if (folder / MARKER).exists():
        require_backup(folder)
        return _Backup(folder)
    if not folder.is_dir():
        raise BadBackup(f"{folder} is not a folder: name a backup, or the folder of a copy of {db.name}")
    other = folder / db.name
    if other.resolve() == db.resolve():
        raise BadBackup(f"{folder} is the collection itself: name the folder of another copy")
    if not folder_of(other).is_dir() and not other.is_file():
        raise BadBackup(f"{folder} holds neither a backup nor a copy of {db.name} with {folder_of(db).name}")
    return _Folder(other)


class _Folder:
    """A copy as it is in use: a database with its folders."""

    def __init__(self, db: Path):
        self._db = db

    def spans(self, name: str, begin: int, offset: int, end: int, record_id: str) -> Iterator[tuple[bytes, bytes]]:
        for place, first, start, last in ((name, begin, offset, end), *_places(self._db, record_id)):
            data = _bytes(folder_of(self._db) / Path(place).name, first, last)
            yield data[: start - first], data[start - first :]

    def attachments(self, sha256: str, kind: str) -> Iterator[Path]:
        yield place_of(self._db, sha256, kind)

    def archives(self, sha256: str, name: str) -> Iterator[Path]:
        yield place_in(archives_folder(self._db), sha256, name)
        yield self._db.parent / PurePosixPath(name).name


class _Backup:
    """A backup: the newest generation first, as a record may be damaged in it too."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._manifests: list[Manifest] = []
        for name in reversed(generations(folder)):
            try:
                self._manifests.append(read_manifest(folder, name))
            except BackupDamaged:
                continue  # an earlier one may have what is needed
        if not self._manifests:
            raise BadBackup(f"{folder} holds no generation that can be read: `tinphuong backup --verify` says why")

    def spans(self, name: str, begin: int, offset: int, end: int, record_id: str) -> Iterator[tuple[bytes, bytes]]:
        for manifest in self._manifests:
            files = {item.name: item for item in manifest.captures}
            db = self._folder / GENERATIONS / manifest.generation / manifest.name
            for place, first, start, last in ((name, begin, offset, end), *_places(db, record_id)):
                if growing := files.get(place):
                    data = self._cut(growing, first, last)
                    yield data[: start - first], data[start - first :]

    def _cut(self, file: Growing, begin: int, end: int) -> bytes:
        """Return the bytes of a file from its parts."""
        found, at = b"", 0
        for part in file.parts:
            if at < end and begin < at + part.size:
                found += _bytes(self._folder / part.file, max(begin - at, 0), min(end - at, part.size))
            at += part.size
        return found

    def attachments(self, sha256: str, kind: str) -> Iterator[Path]:
        yield self._folder / ATTACHMENTS / sha256[:2] / f"{sha256[2:]}.{kind}"

    def archives(self, sha256: str, name: str) -> Iterator[Path]:
        yield place_in(self._folder / ARCHIVES, sha256, name)


def _bytes(path: Path, begin: int, end: int) -> bytes:
    """Return bytes of a file, fewer or none where it does not have them."""
    try:
        with path.open("rb") as stream:
            stream.seek(begin)
            return stream.read(max(0, end - begin))
    except OSError:
        return b""


def _places(db: Path, record_id: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield (file, byte after the capture before, byte where it begins, byte after it) as a copy's database says."""
    if not db.is_file():
        return
    try:
        with closing(_opened(db)) as connection:
            rows = connection.execute(_PLACE, (record_id,)).fetchall()
    except DatabaseError:
        return
    for file, offset, length, begin in rows:
        yield file, begin, offset, offset + length


def _opened(db: Path) -> Connection:
    return connect(f"{db.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
