"""One process at a time in a backup's folder."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from storage.errors import Locked

_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def sole_user(dest: Path, *, writes: bool) -> Iterator[None]:
    """Hold the lock of the backup at `dest` while the block runs. Unless it `writes`, a folder in which no lock can be
    written is used without: nobody else writes there either.

    Raises Locked where another process holds it, OSError.
    """
    path = dest / ".lock"
    lock = FileLock(path, timeout=0)
    try:
        path.open("ab").close()
    except OSError as error:
        if writes or error.errno not in _READ_ONLY:
            raise
        yield
        return
    try:
        lock.acquire()
    except Timeout:
        raise Locked(f"another backup or restore is at work in {dest}; this one did nothing") from None
    try:
        yield
    finally:
        lock.release()
