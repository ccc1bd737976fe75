"""Waiting until a file, or the names in a folder, are on the disk."""

import os
from pathlib import Path


def fsync(path: Path) -> None:
    """Wait until the bytes of the file `path`, or the names in the folder `path`, are on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
