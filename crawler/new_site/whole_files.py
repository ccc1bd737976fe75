"""Writing a file so that it is there whole or as it was before, whatever happens meanwhile."""

import os
from contextlib import suppress
from pathlib import Path

from storage.files.fsync import fsync


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, where a link leads to another file into that one. Raises OSError.

    The permissions of a file that was there are kept.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        with suppress(FileNotFoundError):
            partial.chmod(path.stat().st_mode & 0o7777)
        fsync(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
