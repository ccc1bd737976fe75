"""The paths that belong to a database: nothing else may be written there."""

import os
from collections.abc import Iterator
from pathlib import Path

from storage.archives.capture_files import archives_folder
from storage.archives.captures import folder_of
from storage.collection import Collection
from storage.errors import PartOfCollection
from storage.files.attachments import attachments_folder


def refuse_own(path: Path, db: Path) -> None:
    """Refuse to write to `path` where it is the database at `db`, a file or folder beside it that belongs to it, in
    one of these folders, or above them; whether the files exist yet or not.

    Raises PartOfCollection.
    """
    wanted = Path(os.path.realpath(path))
    for own in _own_paths(db):
        if wanted == own or own in wanted.parents or _same_file(wanted, own):
            raise PartOfCollection(f"{path} belongs to the collection {db}, so nothing was written: name another place")
        if wanted in own.parents:
            raise PartOfCollection(f"the collection {db} is in {path}, so nothing was written: name another place")


def refuse_referred(path: Path, collection: Collection) -> None:
    """Refuse to write to `path` where captures are read from an archive file there, or in that folder.

    Raises PartOfCollection.
    """
    wanted = Path(os.path.realpath(path))
    for row in collection.rows("SELECT DISTINCT path FROM archive_files WHERE path IS NOT NULL"):
        archive = Path(os.path.realpath(row["path"]))
        if wanted == archive or wanted in archive.parents or _same_file(wanted, archive):
            raise PartOfCollection(
                f"captures of {collection.path} are read from {archive}, so nothing was written: name another place"
            )


def _own_paths(db: Path) -> Iterator[Path]:
    """Yield the real paths: of a database that is a link, those beside the link and those beside the file itself."""
    for name in {db, Path(os.path.realpath(db))}:
        beside = (Path(f"{name}{end}") for end in ("", "-wal", "-shm", "-journal", ".lock"))
        for own in (*beside, folder_of(name), attachments_folder(name), archives_folder(name)):
            yield Path(os.path.realpath(own))


def _same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file: by a hard link, or where upper and lower case do not matter."""
    try:
        return one.samefile(other)
    except OSError:  # one is missing or cannot be looked at
        return False
