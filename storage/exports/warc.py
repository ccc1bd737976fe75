"""The captures of the chosen articles in one WARC 1.1 file, record by record as they were written.

Records are copied byte for byte, so their digests and ids stay true; those of an archive file that is not compressed
record by record are compressed. A revisit record stays one; the record that holds its payload comes along. Each source
file's warcinfo record comes before the records that refer to it. Behind the capture of an article come records that
name it under its further addresses (storage.archives.address_records).
"""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from crawler.text.counted import counted
from storage.archives.address_records import NOTE, Named, finished_page, further_address
from storage.archives.capture_files import CaptureFiles
from storage.archives.captures import folder_of
from storage.archives.made_records import made_record
from storage.archives.warc import FINISHED, DamagedRecord, Record
from storage.exports.chosen_captures import KeptCapture, exchange, further_addresses, kept_files, payload_holder
from storage.exports.delivery import KEY
from storage.exports.job import Job
from storage.exports.rights import in_one_line
from storage.exports.warcinfos import WarcInfos


def write(job: Job, path: Path) -> None:
    """Write the captures of the chosen articles to the file `path`, compressed record by record."""
    total, done, infos = job.captures, 0, WarcInfos()
    files = CaptureFiles(job.collection.db.conn, folder_of(job.collection.path))
    with path.open("wb") as out:
        out.write(warcinfo(job))
        for source, rows in kept_files(job.collection):
            for row in rows:
                done += 1
                job.progress(done, total)
                try:
                    if row["is_referred"]:
                        record = files.read(row)
                        out.write(files.as_member(row))
                    else:
                        records = exchange(source, row)
                        record = records[-1]
                        _copy(source, [*infos.before(source, record), *records], out)
                    for made in _further(job, row, record):
                        out.write(made)
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


def _further(job: Job, row: KeptCapture, record: Record) -> Iterator[bytes]:
    """Yield the records that name a capture under further addresses; a finished page first under its web address."""
    capture, holder = Named(row["record_id"], row["url"], row["captured_at"], row["warc_digest"]), None
    http = record.block.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if record.block else b""
    if record.is_finished_page:
        kind = record.http_header("Content-Type") or "text/html; charset=utf-8"
        finished = replace(capture, url=FINISHED + capture.url)
        holder, made = finished_page(row["url"], finished, record.payload, kind)
        http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode()
        yield made
    for url in further_addresses(job.collection, row):
        yield further_address(url, capture, holder or payload_holder(job.collection, row), http)


def warcinfo(job: Job) -> bytes:
    """Return the first record: who made this file, when, and how it was selected."""
    facts = {
        "software": job.software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": job.name,
        "description": "captures of chosen articles, copied record by record; "
        + (", ".join(f"{name}: {value}" for name, value in job.choice.to_dict().items()) or "all articles")
        + f". {NOTE}",
        "rights": in_one_line(job),
        KEY: job.delivery.to_json(),
    }
    if organization := job.options.get("organization"):
        facts["publisher"] = organization
    if email := job.options.get("email"):
        facts["operator"] = email
    block = "".join(f"{name}: {_line(value)}\r\n" for name, value in facts.items()).encode()
    head = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, block.hex())}>",
        "WARC-Date": job.moment.replace("+00:00", "Z"),
        "Content-Type": "application/warc-fields",
    }
    return made_record(head, block)


def _line(value: str) -> str:
    return " ".join(value.split())


def _copy(source: Path, records: list[Record], out: IO[bytes]) -> None:
    with source.open("rb") as stream:
        for record in records:
            stream.seek(record.offset)
            out.write(stream.read(record.length))
