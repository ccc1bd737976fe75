"""Checks archive files that captures are read from in place, and records of others against their rows."""

from collections.abc import Callable, Iterator
from hashlib import file_digest
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from crawler.text.counted import counted
from storage.archives import records_in_place
from storage.archives.capture_files import ArchiveFile, CaptureFiles, Located
from storage.archives.captures import folder_of
from storage.archives.file_check import CheckedCapture, Damage, wrong_facts
from storage.archives.warc import DamagedRecord
from storage.collection import Collection

_ROWS = (
    "SELECT c.*, o.record_id AS original_id, o.payload_digest AS original_digest FROM captures c "
    "LEFT JOIN captures o ON o.id = c.revisit_of WHERE c.is_referred = 1"
)
_IN_ORDER = " ORDER BY c.archive_file, c.offset"


class Seen(Protocol):
    """What a check counts and says besides damage."""

    captures: int
    files: int
    bytes: int
    remarks: list[str]
    lost: set[int]  # ids of captures in files that cannot be had


def check_referred(
    collection: Collection, seen: Seen, step: Callable[..., None], *, handed_on: bool
) -> Iterator[Damage]:
    """Read each archive file that captures are in, once for its digest and once for their records, and yield what is
    wrong. `step` is called with the number of captures that are dealt with; `handed_on`: the collection is an exported
    one, which leaves captures to other formats."""
    files = CaptureFiles(collection.db.conn, folder_of(collection.path))
    digests: dict[Path, str] = {}
    for number, rows in groupby(collection.rows(_ROWS + _IN_ORDER, of=CheckedCapture), itemgetter("archive_file")):
        try:
            file = files.archive_file(number or 0)
            where = files.located_archive(file)
        except OSError as error:
            lost = {row["id"] for row in rows}
            seen.lost |= lost
            step(len(lost))
            captures = counted(len(lost), "capture was", "captures were")
            if handed_on and isinstance(error, FileNotFoundError):
                captures = counted(len(lost), "capture is", "captures are")
                seen.remarks.append(f"{captures} in an archive file, which is not part of this export")
            else:
                kind = "missing file" if isinstance(error, FileNotFoundError) else "unreadable file"
                yield Damage(kind, str(error.filename), f"{captures} in it: {error.strerror or error}")
            continue
        try:
            if where.path not in digests:
                with where.path.open("rb") as stream:
                    digests[where.path] = file_digest(stream, "sha256").hexdigest()
                seen.files += 1
                seen.bytes += where.path.stat().st_size
                yield from _check_digest(file, where, digests[where.path])
        except OSError as error:
            lost = {row["id"] for row in rows}
            seen.lost |= lost
            step(len(lost))
            yield Damage("unreadable file", str(where.path), error.strerror or str(error))
            continue
        for row in rows:
            seen.captures += 1
            step()
            yield from _check_record(file, where, row)


def check_sampled(
    collection: Collection, seen: Seen, step: Callable[..., None], ids: str, *, handed_on: bool
) -> Iterator[Damage]:
    """Read those captures in archive files whose ids the query `ids` gives, each by itself; the files as a whole are
    not read. For the other arguments see `check_referred`."""
    files = CaptureFiles(collection.db.conn, folder_of(collection.path))
    for row in collection.rows(f"{_ROWS} AND c.id IN ({ids}){_IN_ORDER}", of=CheckedCapture):
        step()
        try:
            file = files.archive_file(row["archive_file"] or 0)
            where = files.located(row)
        except OSError as error:
            seen.lost.add(row["id"])
            if not (handed_on and isinstance(error, FileNotFoundError)):
                kind = "missing file" if isinstance(error, FileNotFoundError) else "unreadable file"
                what = f"capture {row['id']} was in it: {error.strerror or error}"
                yield Damage(kind, str(error.filename), what, row["id"])
            continue
        seen.captures += 1
        seen.bytes += row["length"]
        yield from _check_record(file, where, row)


def _check_digest(file: ArchiveFile, where: Located, found: str) -> Iterator[Damage]:
    if found != file.sha256:
        size = where.path.stat().st_size
        sizes = "" if size == file.size else f", and it has {size} bytes, not {file.size}"
        yield Damage("digest", str(where.path), f"its SHA-256 is {found}, not {file.sha256}{sizes}")


def _check_record(file: ArchiveFile, where: Located, row: CheckedCapture) -> Iterator[Damage]:
    place = f"{file.title} byte {row['offset']}"
    try:
        record = records_in_place.read(where.path, where.start + row["offset"], row["offset"])
    except DamagedRecord as error:
        yield Damage("damaged record", place, error.why, row["id"])
        yield Damage("lost capture", f"capture {row['id']}", f"{place} no longer gives {row['url']}", row["id"])
        return
    except OSError as error:
        yield Damage("unreadable file", str(where.path), error.strerror or str(error), row["id"])
        return
    wrong = wrong_facts(record, row)
    if record.length != row["length"]:
        wrong.append("length")
    if wrong:
        what = f"{', '.join(wrong)}: not what is at {place} ({record.url})"
        yield Damage("pointer", f"capture {row['id']}", what, row["id"])
