"""Attached files that go along with an export."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from storage.collection import Collection
from storage.files.attachments import place_of


def copied(collection: Collection, sha256: str, kind: str | None, folder: Path) -> str | None:
    """Copy an attached file into `folder`, under its digest, and return its place there; None where it is missing.

    Its own name comes from other people's pages: no file here is named by it.
    """
    source = place_of(collection.path, sha256, kind) if kind else None
    if source is None or not source.is_file():
        return None
    place = f"attachments/{source.parent.name}/{source.name}"
    target = folder / place
    if not target.exists():
        put_whole(target, lambda part: shutil.copyfile(source, part))
    return place


def put_whole(target: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file, which appears at `target` only when it is whole. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        write(part)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise
