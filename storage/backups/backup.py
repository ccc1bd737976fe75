"""Makes one generation of a backup."""

import errno
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.backups import layout
from storage.backups.copying import digest_of, holds, sync_folders
from storage.backups.files import FileCopies, Vanished
from storage.backups.layout import (
    ARCHIVES,
    ATTACHMENTS,
    CAPTURES,
    GENERATIONS,
    MANIFEST,
    MARKER,
    PART,
    SUMS,
    Manifest,
    Stored,
)
from storage.backups.lock import sole_user
from storage.backups.snapshot import copy_database, facts_of, knows_run, opened
from storage.connection import require_database
from storage.errors import BackupDamaged, BackupUnwritable, BadBackup
from storage.files.fsync import fsync
from storage.files.own_paths import refuse_own

KEEP = 3  # generations
_TRIES = 3
_NO_CONTENT = {"lost+found", "System Volume Information", MARKER + PART}  # of a new disk, of a first backup cut short
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
_ADVICE = "set that right, then back up again (earlier backups there are intact)"
_MB = 1_000_000
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class BackedUp:
    """What was written. `copied`: bytes that were not in the backup before; `removed`: earlier generations."""

    manifest: Manifest
    copied: int
    removed: list[str]
    remarks: list[str]


def back_up(
    db: Path, dest: Path, *, software: str, now: Callable[[], datetime], progress: Progress, keep: int = KEEP,
    full: bool = False, force: bool = False,
) -> BackedUp:  # fmt: skip
    """Add a generation to the backup at `dest`, of the collection whose database is `db`; runs may go on meanwhile.

    `keep`: how many generations stay; `full`: everything is read and compared that earlier generations hold; `force`:
    also where `dest` has backups of another collection. `progress`: (MB done, of how many).

    Raises Unreadable, NewerSchema, PartOfCollection, BadBackup, BackupUnwritable, and Locked where another backup
    writes to `dest`. The earlier generations are then as they were.
    """
    require_database(db)
    opened(db).close()
    refuse_own(dest, db)
    try:
        with _writing_to(dest):
            earlier = _earlier(dest)
            related = earlier is None or knows_run(db, earlier.run_log)
            if earlier and not related and not force:
                raise BadBackup(
                    f"{dest} holds backups of another collection, or of a later state of this one ({earlier.name}, "
                    f"{earlier.counts.get('articles', 0)} articles, {earlier.finished_at}): name another folder, or "
                    "give --force to add this one"
                )
            try:
                for _ in range(_TRIES):
                    with suppress(Vanished):
                        return _generation(db, dest, earlier, software, now, progress, keep, full=full, related=related)
            except (OSError, sqlite3.Error):
                with suppress(OSError):
                    _clear(dest)  # a disk that is full does not stay so
                raise
            raise BackupUnwritable(f"captures of {db} are being pruned: back it up when that is over")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _FULL:
            raise
        raise BackupUnwritable(f"{dest} cannot be written: {error}; {_ADVICE}") from error
    except OSError as error:
        place = Path(error.filename or dest)
        verb = "written" if dest in (place, *place.parents) else "read"
        raise BackupUnwritable(f"{place} cannot be {verb}: {error.strerror or error}; {_ADVICE}") from error


@contextmanager
def _writing_to(dest: Path) -> Iterator[None]:
    """Make `dest` a backup's folder, unless it holds something else, and hold its lock. Raises BadBackup, Locked."""
    if dest.exists() and not dest.is_dir():
        raise BadBackup(f"{dest} is a file: name a folder for the backup")
    dest.mkdir(parents=True, exist_ok=True)
    marker = dest / MARKER
    if marker.exists():
        layout.require_backup(dest)
    elif others := [path.name for path in dest.iterdir() if path.name[0] != "." and path.name not in _NO_CONTENT]:
        raise BadBackup(f"{dest} holds something else ({min(others)}): name an empty folder for the backup")
    with sole_user(dest, writes=True):
        if not marker.exists():
            about = "`tinphuong --db DATABASE restore FOLDER` brings it back; generations/*/manifest.json list it"
            said = {"format": layout.FORMAT, "version": layout.VERSION, "about": about}
            _write(marker, json.dumps(said, indent=2) + "\n")
        for name in (GENERATIONS, CAPTURES, ATTACHMENTS, ARCHIVES):
            (dest / name).mkdir(exist_ok=True)
        for left in (dest / GENERATIONS).glob(f"*{PART}"):
            shutil.rmtree(left)
        yield


def _earlier(dest: Path) -> Manifest | None:
    """Return the newest manifest that can be read, None where there is none."""
    for name in reversed(layout.generations(dest)):
        with suppress(BackupDamaged):
            return layout.read_manifest(dest, name)
    return None


def _generation(
    db: Path, dest: Path, earlier: Manifest | None, software: str, now: Callable[[], datetime], progress: Progress,
    keep: int, *, full: bool, related: bool,
) -> BackedUp:  # fmt: skip
    begun = now().astimezone(UTC)
    name = _named(begun, layout.generations(dest))
    stage = dest / GENERATIONS / f"{name}{PART}"
    if stage.exists():
        shutil.rmtree(stage)
    stage.mkdir()
    try:
        manifest, files = _filled(db, dest, stage, earlier, (name, software), now, progress, full=full, related=related)
        _commit(dest, stage, manifest)
    except BaseException:  # the files that are copied stay: an interrupted backup goes on there
        shutil.rmtree(stage, ignore_errors=True)
        raise
    removed = [] if manifest.damage else _rotate(dest, keep)
    with suppress(OSError):
        _clear(dest)
    return BackedUp(manifest, files.copied + manifest.database.size, removed, files.remarks)


def _filled(
    db: Path, dest: Path, stage: Path, earlier: Manifest | None, named: tuple[str, str], now: Callable[[], datetime],
    progress: Progress, *, full: bool, related: bool,
) -> tuple[Manifest, FileCopies]:  # fmt: skip
    """Copy everything that a generation consists of; `named`: the generation, and the software. Raises OSError."""
    begun = now().astimezone(UTC)
    name, software = named
    size = db.stat().st_size
    _require_room(dest, size)
    copy = stage / db.name
    copy_database(db, copy, lambda done, total: progress(done * size // max(total, 1) // _MB, size // _MB))
    fsync(copy)
    facts = facts_of(copy)
    bytes_in_all = size + sum(facts.ends.values()) + sum(size for _, size, _ in facts.attachments)
    bytes_in_all += sum(item.size for item in facts.archives)
    done = size

    def took(count: int) -> None:
        nonlocal done
        done += count
        progress(min(done, bytes_in_all) // _MB, bytes_in_all // _MB)

    files = FileCopies(db, dest, earlier, related=related, full=full, took=took)
    files.damage.extend(f"{db}: {fault}" for fault in facts.faults)
    _require_room(dest, files.missing(facts.ends, facts.attachments, facts.archives))
    database = Stored(f"{GENERATIONS}/{name}/{db.name}", copy.stat().st_size, digest_of(copy))
    manifest = Manifest(
        name, db.name, software, facts.schema, begun.isoformat(timespec="seconds"), "", facts.counts, facts.run_log,
        database, files.put_captures(facts.ends), files.put_attachments(facts.attachments), files.damage,
        files.put_archives(facts.archives),
    )  # fmt: skip
    for item in manifest.files():
        place = copy if item is database else dest / item.file
        if not holds(place, item.size):
            raise OSError(errno.EIO, "what was written is not there any more; check the disk", str(place))
    manifest.finished_at = now().astimezone(UTC).isoformat(timespec="seconds")
    return manifest, files


def _named(begun: datetime, there: list[str]) -> str:
    """Return a name for the generation that sorts after all that are there, even if the clock was set back."""
    name = begun.strftime("%Y%m%dT%H%M%SZ")
    if there and name <= (newest := there[-1]).partition("-")[0]:
        moment, _, number = newest.partition("-")
        name = f"{moment}-{int(number or 0) + 1}"
    return name


def _commit(dest: Path, stage: Path, manifest: Manifest) -> None:
    """Make the generation appear, as a whole, when everything in it is on the disk."""
    text = json.dumps(manifest.to_dict(), ensure_ascii=False, indent=1) + "\n"
    (stage / MANIFEST).write_text(text, encoding="utf-8")
    own = Stored(f"{GENERATIONS}/{manifest.generation}/{MANIFEST}", 0, digest_of(stage / MANIFEST))
    lines = "".join(f"{item.sha256}  {item.file}\n" for item in (own, *manifest.files()))
    (stage / SUMS).write_text(lines, encoding="utf-8")
    for name in (MANIFEST, SUMS):
        fsync(stage / name)
    for folder in (dest / CAPTURES, dest / ATTACHMENTS, dest / ARCHIVES, stage):
        sync_folders(folder)
    stage.rename(dest / GENERATIONS / manifest.generation)
    fsync(dest / GENERATIONS)
    fsync(dest)


def _rotate(dest: Path, keep: int) -> list[str]:
    """Remove all generations but the newest `keep`; returns their names. One is gone before its first file is."""
    old = layout.generations(dest)[:-keep]
    for name in old:
        path = dest / GENERATIONS / name
        left = path.with_name(name + PART)
        path.rename(left)
        shutil.rmtree(left)
    return old


def _clear(dest: Path) -> None:
    """Remove the files that no generation names, and unfinished generations; nothing where a manifest is unreadable."""
    try:
        named = {
            item.file for name in layout.generations(dest) for item in layout.read_manifest(dest, name).files()
        }  # fmt: skip
    except BackupDamaged:
        return
    for left in (dest / GENERATIONS).glob(f"*{PART}"):
        shutil.rmtree(left)
    for top in (CAPTURES, ATTACHMENTS, ARCHIVES):
        for path in sorted((dest / top).glob("*/*")):
            if path.relative_to(dest).as_posix() not in named and layout.is_ours(path, dest):
                path.unlink()
        for folder in (dest / top).glob("*/"):
            with suppress(OSError):
                folder.rmdir()  # where it is empty


def _require_room(dest: Path, size: int) -> None:
    free = shutil.disk_usage(dest).free
    if size > free:
        raise BackupUnwritable(
            f"{dest} has room for {free / _MB:.0f} MB, the backup needs {size / _MB:.0f} MB: make room, or keep fewer "
            "generations (earlier backups there are intact)"
        )


def _write(path: Path, text: str) -> None:
    partial = path.with_name(path.name + PART)
    partial.write_text(text, encoding="utf-8")
    fsync(partial)
    partial.replace(path)
    fsync(path.parent)
