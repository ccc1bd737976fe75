"""Stores attached files, each content once, in a folder beside the database, and finds which are still wanted."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.text.counted import counted
from storage.archives.file_check import Damage
from storage.collection import Collection
from storage.errors import CapturesUnwritable
from storage.files.fsync import fsync

TRIES = 5  # runs that try a file in vain before it is given up
_PART = ".part"
_CHUNK = 1 << 20


def attachments_folder(db: Path) -> Path:
    """Return the folder of a database's attached files: data/tinphuong.db has data/tinphuong.attachments."""
    return db.with_suffix(".attachments")


def place_of(db: Path, sha256: str, kind: str) -> Path:
    """Return where the file of that content is kept: ab/cdef….pdf in the folder."""
    return attachments_folder(db) / sha256[:2] / f"{sha256[2:]}.{kind}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An attachment or picture to fetch. `type`: according to its link, or ""."""

    url: str
    type: str
    is_picture: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was fetched. `is_new`: its content was not known before."""

    id: int
    sha256: str
    path: Path
    is_new: bool


def wanted(collection: Collection, site: str, run_id: int, *, only_run: bool, again: bool = False) -> list[Wanted]:
    """Return the attachments of `site` to fetch; those of articles that run `run_id` wrote come first.

    These are the ones never fetched, and those of articles whose text has changed since. `only_run`: only those of
    articles of this run; `again`: also those that failed for good.
    """
    sql = (
        "SELECT t.url, min(t.type) AS type FROM attachments t JOIN articles a ON a.id = t.article_id "
        "WHERE a.site = ? AND a.removed_at IS NULL AND (a.run_id = ? OR NOT ?) AND ("
        "t.fetch_tries < ? AND (t.fetched_at IS NULL OR a.changed_at > t.fetched_at) OR ? AND t.sha256 IS NULL) "
        "GROUP BY t.url ORDER BY max(a.run_id = ?) DESC, min(t.id)"
    )
    rows = collection.rows(sql, [site, run_id, only_run, TRIES, again, run_id])
    return [Wanted(row["url"], row["type"]) for row in rows]


def keep(collection: Collection, url: str, data: bytes, kind: str, *, at: str, capture_id: int | None) -> Kept:
    """Store the file that came from `url`, and record it for every attachment with that address.

    The whole file is on the disk before its row is written. Raises CapturesUnwritable.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    known = next(collection.rows("SELECT id, type FROM files WHERE sha256 = ?", [sha256]), None)
    path = place_of(collection.path, sha256, known["type"] if known else kind)
    try:
        if not (path.is_file() and path.stat().st_size == len(data)):
            _write(path, data)
    except OSError as error:
        raise CapturesUnwritable(
            f"{path} cannot be written: {error.strerror or error}; make room or set the folder right, then run again"
        ) from error
    if known:
        file_id = int(known["id"])
    else:
        values = {"sha256": sha256, "size": len(data), "type": kind, "kept_at": at}
        file_id = collection.insert("files", values)
    collection.execute(
        "UPDATE attachments SET sha256 = ?, size = ?, real_type = ?, fetched_at = ?, fetch_error = NULL, "
        "fetch_tries = 0, capture_id = ? WHERE url = ?",
        (sha256, len(data), kind, at, capture_id, url),
    )
    return Kept(file_id, sha256, path, known is None)


def note_failure(collection: Collection, url: str, reason: str, *, at: str, final: bool) -> None:
    """Record that `url` gave no file. An earlier file stays; `final`: there is no reason to ask again."""
    collection.execute(
        "UPDATE attachments SET fetch_error = ?, fetch_tries = CASE WHEN ? THEN 0 ELSE fetch_tries + 1 END, "
        "fetched_at = CASE WHEN ? THEN ? ELSE fetched_at END WHERE url = ?",
        (reason, final, final, at, url),
    )


def sweep(db: Path) -> None:
    """Remove half-written files that a killed run left."""
    for path in attachments_folder(db).glob(f"*/*{_PART}"):
        path.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; it is never executable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + _PART)
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent):
        fsync(folder)


def count(collection: Collection) -> int:
    """Return how many different files the collection holds."""
    return int(next(collection.rows("SELECT count(*) AS n FROM files"))["n"])


def damage(db: Path, row: Mapping[str, Any]) -> Damage | None:
    """Read the file of a row of `files` (id, sha256, size, type) again; None where it is whole."""
    path = place_of(db, row["sha256"], row["type"])
    if not path.is_file():
        return Damage("missing file", str(path), "it held an attachment", row["id"])
    if (size := path.stat().st_size) != row["size"]:
        return Damage("attachment", str(path), f"has {counted(size, 'byte')}, not {row['size']}", row["id"])
    if _digest(path) != row["sha256"]:
        what = "its SHA-256 is another: these are not the bytes that were stored"
        return Damage("attachment", str(path), what, row["id"])
    return None


def unnamed(collection: Collection) -> list[Path]:
    """Return the files without a row: a run was killed between writing the file and its row."""
    rows = collection.rows("SELECT sha256, type FROM files")
    named = {place_of(collection.path, row["sha256"], row["type"]) for row in rows}
    return sorted(path for path in attachments_folder(collection.path).glob("*/*") if path not in named)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
