"""Writing metrics where node_exporter's textfile collector reads them."""

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from crawler.errors import UsageError

ENDING = ".prom"
"""What the collector reads; it passes over all other files."""
_STALE = 3600  # seconds after which a file that a killed process left is removed


def write_textfile(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all, readable for all: beside it first, and then in its place.

    Raises UsageError where `path` cannot be such a file, OSError where it cannot be written.
    """
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is not a file; name one, or leave FILE out to print to standard output")
    target = path.resolve()  # a link stays one
    if not target.parent.is_dir():
        raise UsageError(f"the folder {target.parent} does not exist; name the one that node_exporter reads")
    for left in target.parent.glob(f".{_escaped(target.name)}.*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE:
                left.unlink()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
