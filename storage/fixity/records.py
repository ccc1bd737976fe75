"""Reads single captures again and compares them with their rows, without reading the rest of their files.

Only those in the collection's own files: storage.archives.referred_check reads those in archive files.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from storage.archives.capture_files import BEGIN
from storage.archives.captures import folder_of
from storage.archives.file_check import CheckedCapture, Damage, check_block, check_capture
from storage.archives.warc import DamagedRecord, records
from storage.collection import Collection

_ROWS = """
SELECT c.*, o.record_id AS original_id, o.payload_digest AS original_digest,
    {begin} AS begin
FROM captures c LEFT JOIN captures o ON o.id = c.revisit_of
WHERE c.is_referred = 0 AND c.id IN ({ids}) ORDER BY c.file, c.offset
"""
SAMPLED = "SELECT item FROM temp.sampled WHERE kind = 'capture'"


class PlacedCapture(CheckedCapture):
    """A row of `captures` with `begin`: the byte after the capture before it, where its request record begins."""

    begin: int


def placed(collection: Collection, ids: str = SAMPLED) -> Iterator[tuple[Path, Iterator[PlacedCapture]]]:
    """Yield (WARC file, rows in it) of the captures whose ids the query `ids` gives, in the order of the files."""
    folder = folder_of(collection.path)
    rows = collection.rows(_ROWS.format(begin=BEGIN, ids=ids), of=PlacedCapture)
    for name, group in groupby(rows, itemgetter("file")):
        yield folder / Path(name).name, group


def check_record(path: Path, row: PlacedCapture) -> Iterator[Damage]:
    """Yield the defects of one capture: its request record, and its response or revisit against its row."""
    lost = Damage("lost capture", f"capture {row['id']}", f"{path.name} no longer gives {row['url']}", row["id"])
    try:
        for record in records(path, row["begin"]):
            if record.offset > row["offset"]:
                break
            yield from check_block(path, record, row["id"])
            if record.offset == row["offset"]:
                yield from check_capture(path, record, row)
                return
        yield lost
    except DamagedRecord as torn:
        yield Damage("damaged record", f"{path.name} byte {torn.offset}", torn.why, row["id"])
    except FileNotFoundError:
        yield Damage("missing file", str(path), f"capture {row['id']} was in it", row["id"])
    except OSError as error:
        yield Damage("unreadable file", path.name, error.strerror or str(error), row["id"])
