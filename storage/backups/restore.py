"""Brings a generation of a backup back, as a collection of any name."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from storage.archives.capture_files import archives_folder
from storage.archives.captures import folder_of
from storage.backups import swap
from storage.backups.check import chosen, manifest_of
from storage.backups.copying import copy, sync_folders
from storage.backups.layout import ARCHIVES, ATTACHMENTS, Manifest, Stored, generations, require_backup
from storage.backups.lock import sole_user
from storage.backups.snapshot import facts_of
from storage.errors import BackupDamaged, BackupUnwritable, BadBackup, CollectionError, NewerSchema
from storage.files.attachments import attachments_folder
from storage.files.fsync import fsync
from storage.files.own_paths import refuse_own
from storage.locking import sole_writer
from storage.schema import MIGRATIONS

_MB = 1_000_000
SALVAGE = "give --salvage to take what is whole"


@dataclass(slots=True)
class Restored:
    """What was restored. `aside`: where an earlier collection of that name is now; `damage`: sentences about what is
    damaged or missing in the backup, only with `salvage`; `undone`: an earlier restore had been cut short."""

    manifest: Manifest
    bytes: int = 0
    aside: Path | None = None
    undone: bool = False
    damage: list[str] = field(default_factory=list)


def restore(
    db: Path, dest: Path, *, now: datetime, progress: Callable[[int, int], None], generation: str | None = None,
    force: bool = False, salvage: bool = False,
) -> Restored:  # fmt: skip
    """Bring the newest generation of the backup at `dest`, or another one, back as the database `db` with its folders.

    Every file is compared with the manifest; the collection appears when all of it is whole and on the disk. `force`:
    a collection that is there is moved aside; `salvage`: what is damaged is taken as it is and named. `progress`: (MB
    done, of how many).

    Raises BadBackup (also where something is at `db` and not `force`), NewerSchema, BackupDamaged, BackupUnwritable,
    PartOfCollection, and Locked where another process writes to `db`. What was there is then as it was.
    """
    require_backup(dest)
    if dest.resolve() in db.resolve().parents:
        raise BadBackup(f"{db} is inside the backup: name another place with --db")
    refuse_own(dest, db)
    if db.is_symlink():
        raise BadBackup(f"{db} is a link: name the file itself with --db")
    with sole_user(dest, writes=False):
        return _restore(db, dest, now, progress, chosen(dest, generation), force=force, salvage=salvage)


def _restore(
    db: Path, dest: Path, now: datetime, progress: Callable[[int, int], None], generation: str, *, force: bool,
    salvage: bool,
) -> Restored:  # fmt: skip
    try:
        manifest = manifest_of(dest, generation)
    except BackupDamaged as error:
        raise BackupDamaged(f"{error}, so nothing was restored{_others(dest, generation)}") from None
    if manifest.schema > len(MIGRATIONS):
        raise NewerSchema(
            f"the backup holds schema {manifest.schema} ({manifest.software}), this tinphuong knows up to "
            f"{len(MIGRATIONS)}: use a newer tinphuong"
        )
    with sole_writer(db, restores=True):
        try:
            done = Restored(manifest, undone=swap.undo(db))
            if not force and swap.is_in_use(db):
                raise BadBackup(
                    f"there is a collection at {db} already, so nothing was restored: name another place with --db, or "
                    "give --force to move it aside"
                )
            if force and swap.is_in_use(db):
                done.aside = _free(db.with_name(f"{db.stem}.before-restore-{now:%Y%m%dT%H%M%S}"))
            _fill(db, dest, done, progress, salvage=salvage)
            swap.put_in_place(swap.stage_of(db), db, done.aside)
        except OSError as error:
            shutil.rmtree(swap.stage_of(db), ignore_errors=True)
            raise BackupUnwritable(
                f"{error.filename or db} cannot be written or read: {error.strerror or error}; set that right, then "
                "restore again (nothing was changed)"
            ) from error
        except (CollectionError, KeyboardInterrupt):
            shutil.rmtree(swap.stage_of(db), ignore_errors=True)
            raise
    return done


def _fill(db: Path, dest: Path, done: Restored, progress: Callable[[int, int], None], *, salvage: bool) -> None:
    """Put the collection together beside its place."""
    manifest, stage = done.manifest, swap.stage_of(db)
    total = manifest.database.size + sum(item.size for item in manifest.captures)
    total += sum(item.size for item in (*manifest.attachments, *manifest.archives))
    free = shutil.disk_usage(db.parent).free
    if total > free:
        raise BackupUnwritable(
            f"{db.parent} has room for {free / _MB:.0f} MB, the collection needs {total / _MB:.0f} MB: make room, or "
            "name another place with --db (nothing was changed)"
        )
    stage.mkdir()

    def took(count: int) -> None:
        done.bytes += count
        progress(done.bytes // _MB, total // _MB)

    new = stage / db.name
    targets: list[tuple[Path, tuple[Stored, ...]]] = [(new, (manifest.database,))]
    targets += [(folder_of(new) / item.name, item.parts) for item in manifest.captures]
    targets += [
        (attachments_folder(new) / item.file.removeprefix(f"{ATTACHMENTS}/"), (item,)) for item in manifest.attachments
    ]
    targets += [(archives_folder(new) / item.file.removeprefix(f"{ARCHIVES}/"), (item,)) for item in manifest.archives]
    for target, parts in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
        for part in parts:
            if fault := _copied(dest / part.file, part.size, part.sha256, target, took):
                if not salvage:
                    raise BackupDamaged(
                        f"{fault}, so nothing was restored{_others(dest, manifest.generation, SALVAGE)}"
                    )
                done.damage.append(fault)
        if target.exists():
            fsync(target)
    facts = facts_of(new)
    if facts.faults:
        done.damage += [f"{manifest.database.file}: {fault}" for fault in facts.faults]
    sync_folders(stage)


def _copied(source: Path, size: int, sha256: str, target: Path, took: Callable[[int], None]) -> str | None:
    """Append a file of the backup to `target`; returns what is wrong with it. Raises OSError where it is not that."""
    if not source.is_file():
        return f"{source} is missing"
    there = source.stat().st_size
    done, digest = copy(source, 0, max(there, size), target, took)
    if done != size:
        return f"{source} has {done} bytes, not {size}"
    return None if digest == sha256 else f"{source} is damaged: its SHA-256 is another than was written"


def _others(dest: Path, generation: str, *more: str) -> str:
    """What else can be done where a generation is damaged, as the end of a sentence."""
    others = [name for name in generations(dest) if name != generation]
    advice = [f"name another generation with --generation ({', '.join(others)})"] if others else []
    return "".join(f"{', or' if at else ':'} {what}" for at, what in enumerate((*advice, *more)))


def _free(path: Path) -> Path:
    number = 0
    while os.path.lexists(found := path.with_name(f"{path.name}-{number}") if number else path):
        number += 1
    return found
