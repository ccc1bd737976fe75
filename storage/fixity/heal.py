"""Replaces damaged captures and attached files by those of a second copy.

Only what has the digests that the collection's own rows say is taken. What was damaged is kept beside the file it was
in, as `NAME.BYTE.damaged`: nothing is lost, whatever turns out later. An archive file that captures are read from in
place is somebody else's: it is left as it is, and a whole copy of it is put among the collection's own archives.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from storage.archives.capture_files import CaptureFiles, archives_folder, place_in
from storage.archives.captures import folder_of
from storage.archives.file_check import Damage
from storage.backups.copying import digest_of
from storage.collection import Collection
from storage.errors import CapturesUnwritable
from storage.files.attachments import place_of
from storage.files.fsync import fsync
from storage.fixity.records import PlacedCapture, check_record, placed
from storage.fixity.second_copy import SecondCopy


@dataclass(slots=True)
class Healed:
    """What became of damage: sentences, the ids of captures and files that are whole again, and what still is damaged,
    with the reason why it could not be replaced."""

    sentences: list[str] = field(default_factory=list)
    captures: set[int] = field(default_factory=set)
    archives: set[str] = field(default_factory=set)  # where archive files were of which a whole copy is here now
    files: set[int] = field(default_factory=set)
    left: list[Damage] = field(default_factory=list)


def heal_captures(collection: Collection, ids: set[int], copy: SecondCopy, healed: Healed) -> None:
    """Replace the captures of these ids by those of `copy` where they are, and check each again.

    Raises CapturesUnwritable.
    """
    collection.db.execute("DROP TABLE IF EXISTS temp.to_heal")
    collection.db.execute("CREATE TEMP TABLE to_heal (item INTEGER PRIMARY KEY)")
    collection.db.conn.executemany("INSERT INTO temp.to_heal VALUES (?)", ((item,) for item in sorted(ids)))
    for path, rows in placed(collection, "SELECT item FROM temp.to_heal"):
        try:
            whole = [row for row in rows if _replaced(path, row, copy)]
        except OSError as error:
            raise CapturesUnwritable(f"{path} cannot be written: {error.strerror or error}") from error
        for row in whole:
            healed.captures.add(row["id"])
            healed.sentences.append(f"capture {row['id']}: {path.name} byte {row['offset']} is as it was written")
    for path, rows in placed(collection, "SELECT item FROM temp.to_heal"):
        for row in rows:
            if row["id"] not in healed.captures:
                healed.left.extend(check_record(path, row))


def heal_archives(collection: Collection, damaged: set[str], copy: SecondCopy, healed: Healed) -> None:
    """Put whole copies of archive files into the collection's folder of archives, where `copy` has them.

    They are those of which captures in `to_heal` are, and those that lie at one of the places `damaged`. Raises
    CapturesUnwritable.
    """
    sql = (
        "SELECT archive_file, max(id IN (SELECT item FROM temp.to_heal)) AS hit FROM captures WHERE is_referred = 1 "
        "GROUP BY 1 ORDER BY 1"
    )
    files = CaptureFiles(collection.db.conn, folder_of(collection.path))
    for number, hit in [(row["archive_file"], row["hit"]) for row in collection.rows(sql)]:
        file = files.archive_file(number)
        path = place_in(archives_folder(collection.path), file.sha256, file.name)
        if not hit and not damaged & {str(file.path), str(path)}:
            continue
        if _put_whole(copy.archives(file.sha256, file.name), file.sha256, path):
            rows = collection.rows("SELECT id FROM captures WHERE is_referred = 1 AND archive_file = ?", [number])
            healed.captures.update(row["id"] for row in rows)
            healed.archives |= {str(file.path), str(path)}
            healed.sentences.append(f"the archive file {file.name} is read from {path}: a whole copy of it is there")


def _replaced(path: Path, row: PlacedCapture, copy: SecondCopy) -> bool:
    """Replace a capture, with its request where both copies have it at the same length; tell whether it is whole."""
    if not any(check_record(path, row)):
        return True  # what was damaged about its file is mended by now
    begin, offset, end = row["begin"], row["offset"], row["offset"] + row["length"]
    for before, response in copy.spans(path.name, begin, offset, end, row["record_id"]):
        if len(response) != row["length"]:
            continue
        start, data = (begin, before + response) if len(before) == offset - begin else (offset, response)
        if _is_whole(data, row, offset - start):
            _write(path, start, data)
            if not any(check_record(path, row)):
                return True
    return False


def _is_whole(data: bytes, row: PlacedCapture, response_at: int) -> bool:
    """Tell whether bytes are the capture that the row says, from the first to the last."""
    with NamedTemporaryFile(suffix=".warc.gz") as file:
        file.write(data)
        file.flush()
        moved = row.copy()
        moved["begin"], moved["offset"] = 0, response_at
        return not any(check_record(Path(file.name), moved))


def _write(path: Path, start: int, data: bytes) -> None:
    """Put bytes in their place in a file, which is made where it is missing, and keep what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    there = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        was = os.pread(there, len(data), start)
        if was and was != data:
            _keep(path.with_name(f"{path.name}.{start}"), was)
        view, at = memoryview(data), start
        while view:
            done = os.pwrite(there, view, at)
            view, at = view[done:], at + done
        os.fsync(there)
    finally:
        os.close(there)
    fsync(path.parent)


def _keep(stem: Path, data: bytes) -> None:
    """Write bytes into a new file beside the one they were in."""
    with _free(stem).open("xb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _free(stem: Path) -> Path:
    """Return a name for damaged bytes that no file has yet."""
    number = 0
    while (kept := stem.with_name(f"{stem.name}{f'-{number}' if number else ''}.damaged")).exists():
        number += 1
    return kept


def heal_files(collection: Collection, ids: set[int], copy: SecondCopy, healed: Healed) -> None:
    """Replace attached files by those of `copy`. Raises CapturesUnwritable."""
    for row in collection.rows("SELECT id, sha256, type FROM files ORDER BY id"):
        if row["id"] not in ids:
            continue
        path = place_of(collection.path, row["sha256"], row["type"])
        if _put_whole(copy.attachments(row["sha256"], row["type"]), row["sha256"], path):
            healed.files.add(row["id"])
            healed.sentences.append(f"{path} is as it was stored")


def _put_whole(candidates: Iterator[Path], sha256: str, path: Path) -> bool:
    """Put the first of the files that has this digest at `path`; tell whether one had. Raises CapturesUnwritable."""
    for found in candidates:
        if found.is_file() and digest_of(found) == sha256:
            try:
                _put(found, path)
            except OSError as error:
                raise CapturesUnwritable(f"{path} cannot be written: {error.strerror or error}") from error
            return True
    return False


def _put(found: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.part")
    with found.open("rb") as source, new.open("wb") as out:
        shutil.copyfileobj(source, out)
        out.flush()
        os.fsync(out.fileno())
    if path.exists():
        path.rename(_free(path))
    new.replace(path)
    fsync(path.parent)
