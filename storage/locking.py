"""One writer at a time: the lock beside a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from storage.errors import Locked, Unreadable


def journal_of_restore(db: Path) -> Path:
    """Return the file that stands beside a database while a restore puts another in its place."""
    return Path(f"{db}.restoring")


@contextmanager
def sole_writer(db: Path, *, restores: bool = False) -> Iterator[None]:
    """Hold the lock of the database at `db` while the block runs; it is freed also when the process is killed.

    Raises Locked at once where another process holds it, Unreadable where no file can be written beside the database,
    or, unless it `restores` itself, where a restore was cut short: then part of the collection may be elsewhere.
    """
    lock = FileLock(f"{db}.lock", timeout=0)
    try:
        db.parent.mkdir(parents=True, exist_ok=True)
        Path(lock.lock_file).open("ab").close()  # FileLock takes some files that cannot be written for locked ones
        lock.acquire()
    except Timeout:
        raise Locked(f"another run is writing to {db}; this one did nothing") from None
    except OSError as error:
        raise Unreadable(f"{db} cannot be written: {error.filename or lock.lock_file}: {error.strerror}") from None
    try:
        if journal_of_restore(db).exists() and not restores:
            raise Unreadable(f"a restore of {db} was cut short: run `tinphuong restore` again, which sets that right")
        yield
    finally:
        lock.release()
