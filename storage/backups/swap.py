"""Puts a restored collection in the place of another, or of nothing: all of it or, after a kill, nothing.

A journal beside the database lists the renames. While it is there, nobody may write to the collection
(storage.locking); the next restore undoes what was done of them.
"""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

from storage.archives.capture_files import archives_folder
from storage.archives.captures import folder_of
from storage.backups.layout import PART
from storage.files.attachments import attachments_folder
from storage.files.fsync import fsync
from storage.locking import journal_of_restore

_BESIDE = ("-wal", "-shm", "-journal")


def own_files(db: Path) -> list[Path]:
    """Return what belongs to the database at `db` and is there: the file, what SQLite keeps beside it, its folders."""
    names = [folder_of(db), attachments_folder(db), archives_folder(db), *(Path(f"{db}{end}") for end in _BESIDE), db]
    return [path for path in names if os.path.lexists(path)]


def is_in_use(db: Path) -> bool:
    """Whether there is a collection, or a folder of one that is not empty, at that place."""
    return any(path.is_file() or path.is_symlink() or any(path.iterdir()) for path in own_files(db))


def stage_of(db: Path) -> Path:
    """Return the folder in which a collection is put together before it takes its place."""
    return db.with_name(f".{db.name}.restore{PART}")


def put_in_place(stage: Path, db: Path, aside: Path | None) -> None:
    """Move what is in `stage`, a database of the name of `db` and its folders, to `db`; what was there goes to the new
    folder `aside`. Raises OSError; then all is as it was."""
    moves = [(path, aside / path.name) for path in own_files(db) if aside is not None]
    moves += [(path, db.with_name(path.name)) for path in own_files(stage / db.name)]
    if aside is None:
        for path in own_files(db):  # empty folders
            path.rmdir()
    journal = journal_of_restore(db)
    listed = [[str(path.relative_to(db.parent)) for path in move] for move in moves]
    partial = journal.with_name(journal.name + PART)
    partial.write_text(json.dumps(listed), encoding="utf-8")
    fsync(partial)
    partial.replace(journal)
    fsync(db.parent)
    try:
        if aside is not None:
            aside.mkdir()
        for source, target in moves:
            source.rename(target)
        fsync(db.parent)
    except OSError:
        undo(db)
        raise
    journal.unlink()
    fsync(db.parent)
    shutil.rmtree(stage, ignore_errors=True)


def undo(db: Path) -> bool:
    """Take back what a restore that was cut short has moved, and remove what it had begun; returns whether one was.

    The caller holds the lock. Raises OSError.
    """
    journal, stage = journal_of_restore(db), stage_of(db)
    was = journal.exists()
    if was:
        moves = json.loads(journal.read_text(encoding="utf-8"))
        for source, target in ((db.parent / source, db.parent / target) for source, target in reversed(moves)):
            if os.path.lexists(target) and not os.path.lexists(source):
                target.rename(source)
        for folder in {(db.parent / target).parent for _, target in moves} - {db.parent}:
            with suppress(OSError):
                folder.rmdir()
        fsync(db.parent)
        journal.unlink()
    if stage.exists():
        shutil.rmtree(stage)
    journal.with_name(journal.name + PART).unlink(missing_ok=True)
    return was
