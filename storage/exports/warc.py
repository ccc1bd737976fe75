"""The captures of the chosen articles in one WARC 1.1 file, record by record as they were written.

Records are copied byte for byte, so their digests and ids stay true; those of an archive file that is not compressed
record by record are compressed. A revisit record stays one; the record that holds
its payload comes along. Each source file's warcinfo record comes before the records that refer to it.
"""

import gzip
import uuid
from base64 import b32encode
from hashlib import sha1
from pathlib import Path
from typing import IO

from crawler.text.counted import counted
from storage.archives.capture_files import CaptureFiles
from storage.archives.captures import folder_of
from storage.archives.warc import DamagedRecord, Record
from storage.exports.chosen_captures import exchange, first_record, keep, kept_files
from storage.exports.job import Job


def write(job: Job, path: Path) -> None:
    """Write the captures of the chosen articles to the file `path`, compressed record by record."""
    total, done = keep(job.collection), 0
    files = CaptureFiles(job.collection.db.conn, folder_of(job.collection.path))
    with path.open("wb") as out:
        out.write(warcinfo(job))
        for source, rows in kept_files(job.collection):
            head = False
            for row in rows:
                done += 1
                job.progress(done, total)
                try:
                    if row["is_referred"]:
                        out.write(files.as_member(row))
                        continue
                    records = exchange(source, row)
                    if not head:
                        _copy(source, [info] if (info := first_record(source)) else [], out)
                        head = True
                    _copy(source, records, out)
                except (DamagedRecord, OSError):
                    job.skipped += 1
    if job.skipped:
        captures = counted(total, "capture")
        job.remarks.append(f"{job.skipped} of {captures} could not be read: `tinphuong verify` says why")
    without = without_capture(job)
    if without:
        of_all = f"{without} of {counted(job.count, 'article')} {'has' if without == 1 else 'have'}"
        job.remarks.append(f"{of_all} no capture, having come from an import, or captures were off")


def without_capture(job: Job) -> int:
    """Return how many of the chosen articles no capture shows."""
    sql = "SELECT count(*) FROM temp.chosen c JOIN articles a ON a.id = c.id WHERE a.capture_id IS NULL"
    return int(job.collection.db.execute(sql).fetchone()[0])


def warcinfo(job: Job) -> bytes:
    """Return the first record: who made this file, when, and how it was selected."""
    facts = {
        "software": job.software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": job.collection.path.stem,
        "description": "captures of chosen articles, copied record by record; "
        + (", ".join(f"{name}: {value}" for name, value in job.choice.to_dict().items()) or "all articles"),
    }
    block = "".join(f"{name}: {_line(value)}\r\n" for name, value in facts.items()).encode()
    head: dict[str, str | int] = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, block.hex())}>",
        "WARC-Date": job.moment.replace("+00:00", "Z"),
        "Content-Type": "application/warc-fields",
        "WARC-Block-Digest": f"sha1:{b32encode(sha1(block, usedforsecurity=False).digest()).decode()}",
        "Content-Length": len(block),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return gzip.compress(b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n", mtime=0)


def _line(value: str) -> str:
    return " ".join(value.split())


def _copy(source: Path, records: list[Record], out: IO[bytes]) -> None:
    with source.open("rb") as stream:
        for record in records:
            stream.seek(record.offset)
            out.write(stream.read(record.length))
