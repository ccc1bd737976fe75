"""Attached files that go along with an export."""

import shutil
from pathlib import Path

from storage.exports.job import Job
from storage.files.attachments import place_of


def copied(job: Job, sha256: str, kind: str | None, folder: Path) -> str | None:
    """Copy an attached file into `folder`, under its digest, and return its place there; None where it is missing.

    Its own name comes from other people's pages: no file here is named by it.
    """
    source = place_of(job.collection.path, sha256, kind) if kind else None
    if source is None or not source.is_file():
        return None
    place = f"attachments/{source.parent.name}/{source.name}"
    target = folder / place
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return place
