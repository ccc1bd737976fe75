"""Copies bytes between a collection and a backup: each copy is on the disk, and read again, before it is believed."""

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from storage.backups.layout import PART, Stored
from storage.files.fsync import fsync

_CHUNK = 1 << 20
Took = Callable[[int], None]  # is called with the number of bytes that were dealt with


def digest_of(path: Path, start: int = 0, size: int | None = None) -> str:
    """Return the SHA-256, in hex, of `size` bytes of a file from byte `start`, or of all from there. Raises OSError."""
    made = hashlib.sha256()
    with path.open("rb") as stream:
        stream.seek(start)
        left = size
        while left != 0 and (chunk := stream.read(_CHUNK if left is None else min(_CHUNK, left))):
            made.update(chunk)
            left = None if left is None else left - len(chunk)
    return made.hexdigest()


def copy(source: Path, start: int, size: int, target: Path, took: Took) -> tuple[int, str]:
    """Append `size` bytes of `source` from byte `start` to `target`; returns (bytes copied, their SHA-256).

    Fewer bytes are copied where the file is shorter. The caller waits until they are on the disk. Raises OSError.
    """
    made, done = hashlib.sha256(), 0
    with source.open("rb") as stream, target.open("ab") as out:
        stream.seek(start)
        while done < size and (chunk := stream.read(min(_CHUNK, size - done))):
            out.write(chunk)
            made.update(chunk)
            done += len(chunk)
            took(len(chunk))
    return done, made.hexdigest()


def keep(source: Path, start: int, size: int, folder: Path, name: Callable[[int, str], str], took: Took) -> Stored:
    """Copy bytes into a file of their own in `folder`, called as `name(bytes copied, digest)`; `file` of what is
    returned is that name alone.

    The copy is read back from the disk and compared. Raises OSError, also where the copy is not what was read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{name(size, '0' * 64)}{PART}"
    partial.unlink(missing_ok=True)
    try:
        done, digest = copy(source, start, size, partial, took)
        fsync(partial)
        if digest_of(partial) != digest:
            raise OSError(errno.EIO, "what was written reads back otherwise; check the disk", str(partial))
        target = folder / name(done, digest)
        partial.replace(target)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    fsync(folder)
    return Stored(target.name, done, digest)


def holds(path: Path, size: int) -> bool:
    """Whether there is a file of that size at `path`."""
    try:
        return path.is_file() and path.stat().st_size == size
    except OSError:
        return False


def sync_folders(top: Path) -> None:
    """Wait until the names in `top` and in all folders below it are on the disk. Raises OSError."""
    for folder, _, _ in os.walk(top):
        fsync(Path(folder))
