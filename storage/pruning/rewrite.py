"""Writes WARC files anew without the captures that are pruned.

The records that stay are copied byte for byte into a file of another name; then the rows change in one transaction, and
only then the old file goes. Both files have marks meanwhile (storage.archives.unfinished): whenever the process ends,
the file to which no row leads is the one that is taken away.
"""

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from storage.archives import unfinished, warc, warc_writer
from storage.archives.warc import DamagedRecord, Record
from storage.backups.copying import digest_of
from storage.collection import Collection
from storage.errors import CapturesUnwritable
from storage.files.fsync import fsync

_CHUNK = 1 << 20


@dataclass(slots=True)
class Written:
    """A file and what takes its place: None where nothing of it stays. `offsets`: id of a capture → where it is now."""

    old: Path
    new: Path | None
    offsets: dict[int, int]
    won: int  # bytes


def groups(collection: Collection) -> list[list[str]]:
    """Return the files that lose captures, in the order in which they can be dealt with: a capture goes after the
    revisits of it, or together with them."""
    affected = {
        row["file"]
        for row in collection.rows("SELECT DISTINCT c.file FROM temp.pruned p JOIN captures c ON c.id = p.id")
    }
    order: TopologicalSorter[str] = TopologicalSorter({name: set() for name in affected})
    sql = (
        "SELECT DISTINCT o.file AS original, r.file AS revisit FROM temp.pruned p JOIN captures o ON o.id = p.id "
        "JOIN captures r ON r.revisit_of = o.id WHERE r.file <> o.file"
    )
    for row in collection.rows(sql):
        order.add(row["original"], row["revisit"])
    try:
        return [[name] for name in order.static_order()]
    except CycleError:
        return [sorted(affected)]


def rewrite(collection: Collection, folder: Path, names: list[str], about: dict[str, str], stamp: str) -> list[Written]:
    """Take the captures of temp.pruned out of these files and the database, all of it or nothing.

    `about`: for the record that says so at the head of each new file; `stamp`: 14 digits, for their names. The caller
    holds the lock. Raises DamagedRecord where a file cannot be read to its end, CapturesUnwritable, Unwritable.
    """
    done: list[Written] = []
    marked: list[Path] = []
    try:
        done.extend(_written(collection, folder / name, about, stamp, marked) for name in names)
        for item in done:
            unfinished.begin(item.old)
            marked.append(item.old)
        _commit(collection, done)
    except BaseException as error:
        collection.undo()
        for path in marked:  # whether it was committed before the error or not
            if unfinished.is_left(collection, path):
                path.unlink(missing_ok=True)
            unfinished.end(path)
        if isinstance(error, OSError):
            raise CapturesUnwritable(
                f"{error.filename or folder} cannot be written: {error.strerror or error}; pruning needs room for its "
                "largest file: make room, then run again (nothing of that file was removed)"
            ) from error
        raise
    for item in done:
        item.old.unlink()
    fsync(folder)
    for path in marked:
        unfinished.end(path)
    return done


def _written(collection: Collection, old: Path, about: dict[str, str], stamp: str, marked: list[Path]) -> Written:
    """Write what stays of a file, and add the new file to `marked`. Raises OSError, DamagedRecord."""
    rows = collection.rows(
        "SELECT c.id, c.offset, c.record_id, p.id IS NOT NULL AS goes FROM captures c LEFT JOIN temp.pruned p "
        "ON p.id = c.id WHERE c.file = ? ORDER BY c.offset",
        [old.name],
    )
    places = {row["offset"]: row for row in rows}
    new = _unused(old, stamp)
    unfinished.begin(new)
    marked.append(new)
    offsets: dict[int, int] = {}
    made = hashlib.sha256()
    left = 0  # records that are more than the head of a file
    with old.open("rb") as source, new.open("xb") as out:

        def write(data: bytes) -> None:
            out.write(data)
            made.update(data)

        def copied(record: Record) -> int:
            start, more = out.tell(), record.length
            source.seek(record.offset)
            while more and (chunk := source.read(min(_CHUNK, more))):
                write(chunk)
                more -= len(chunk)
            return start

        request: Record | None = None
        is_begun = False
        for record in warc.records(old):
            row = places.pop(record.offset, None)
            if row is not None and record.id != row["record_id"]:
                raise DamagedRecord(record.offset, "another record than the database says")
            goes = row is not None and row["goes"]
            if request is not None and not (goes and record.has_request(request)):
                copied(request)
                left += 1
            request = record if record.type == "request" else None
            if request is None and not goes:
                start = copied(record)
                left += record.type != "warcinfo"
                if row is not None:
                    offsets[row["id"]] = start
            if not is_begun:
                is_begun = True
                write(warc_writer.warcinfo(new.name, about | {"description": f"kept of {old.name} after pruning"})[1])
        if request is not None:
            copied(request)
        if places:
            raise DamagedRecord(min(places), "no capture where the database says there is one")
        out.flush()
        os.fsync(out.fileno())
        size = out.tell()
    if digest_of(new) != made.hexdigest():
        raise OSError(errno.EIO, "what was written reads back otherwise; check the disk", str(new))
    if not left:
        new.unlink()
        size = 0
    fsync(old.parent)
    return Written(old, new if left else None, offsets, old.stat().st_size - size)


def _commit(collection: Collection, done: Iterable[Written]) -> None:
    connection = collection.db.conn
    connection.execute("BEGIN IMMEDIATE")
    for item in done:
        connection.execute(  # revisits first: what they refer to may go with them
            "DELETE FROM captures WHERE file = ? AND revisit_of IS NOT NULL AND id IN (SELECT id FROM temp.pruned)",
            (item.old.name,),
        )
    for item in done:
        connection.execute(
            "DELETE FROM captures WHERE file = ? AND id IN (SELECT id FROM temp.pruned)", (item.old.name,)
        )
        if item.new is not None:
            values = [(item.new.name, offset, capture) for capture, offset in item.offsets.items()]
            connection.executemany("UPDATE captures SET file = ?, offset = ? WHERE id = ?", values)
    sql = "SELECT 1 FROM captures r LEFT JOIN captures o ON o.id = r.revisit_of WHERE r.revisit_of IS NOT NULL AND "
    if connection.execute(f"{sql} o.id IS NULL LIMIT 1").fetchone():
        raise sqlite3.IntegrityError("a revisit would refer to a capture that goes")
    collection.commit()


def _unused(old: Path, stamp: str) -> Path:
    number = 0
    while (path := old.with_name(f"pruned-{stamp}-{number:05d}.warc.gz")).exists() or unfinished.mark_of(path).exists():
        number += 1
    return path
