"""WARC files that an import is still writing, or that pruning replaces: each has a mark beside it until the rows that
lead to it, or no longer do, are committed.

A file with a mark, of which no row knows, was left by a process that was killed: it is no part of the collection, and
whoever next holds the collection's lock for writing takes it away. A file that any row leads to is never removed, and
neither is one without a mark.
"""

from contextlib import suppress
from pathlib import Path

from storage.collection import Collection
from storage.files.fsync import fsync

_MARK = ".part"


def begin(path: Path) -> None:
    """Mark `path` as unfinished; the mark is on the disk before the file is. Raises OSError."""
    mark_of(path).touch(exist_ok=False)
    fsync(path.parent)


def end(path: Path) -> None:
    """Take the mark of `path` away, as what leads to it is committed; a mark that stays does no harm."""
    with suppress(OSError):
        mark_of(path).unlink(missing_ok=True)


def mark_of(path: Path) -> Path:
    """Return where the mark of `path` is."""
    return path.with_name(path.name + _MARK)


def is_left(collection: Collection, path: Path) -> bool:
    """Whether `path` has a mark, and no row leads to it."""
    if not mark_of(path).exists():
        return False
    return next(collection.rows("SELECT 1 FROM captures WHERE file = ? LIMIT 1", [path.name]), None) is None


def remove_left(collection: Collection, folder: Path) -> None:
    """Remove what killed imports left in a folder of captures; for the process that holds the lock. Raises OSError."""
    for mark in sorted(folder.glob(f"*.warc.gz{_MARK}")):
        path = mark.with_name(mark.name.removesuffix(_MARK))
        if is_left(collection, path):
            path.unlink(missing_ok=True)
        mark.unlink(missing_ok=True)
