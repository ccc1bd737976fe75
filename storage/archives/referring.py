"""Captures that stay in the archive file that they are read from: `crawl --replay FILE --refer`."""

from base64 import b32encode
from collections.abc import Sequence
from hashlib import sha1, sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from storage.archives import records_in_place
from storage.archives.archive import BadArchive
from storage.archives.capture_files import ArchiveFile, CaptureFiles, referred_file
from storage.archives.captures import CaptureKind, folder_of
from storage.archives.places import Place
from storage.archives.sniffing import is_package, starts_like_arc
from storage.archives.wacz import BadPackage, Wacz
from storage.archives.warc import DamagedRecord, warc_date
from storage.collection import Collection
from storage.errors import CapturesUnwritable

_NO_ANSWER = 200  # the status of a revisit without HTTP headers: the page was there
_ADVICE = "leave --refer out, and its records are copied into the collection"


def require_referable(paths: Sequence[Path]) -> None:
    """Raise BadArchive where records of a file cannot be read in place; a file that is none at all is left to others.

    They can in WARC files, compressed record by record or not at all, and in those that a WACZ holds as they are.
    """
    for path in paths:
        try:
            if path.is_dir():
                raise BadArchive(f"{path} is a folder of saved pages and holds no records to refer to: {_ADVICE}")
            if not path.is_file():
                continue
            if is_package(path):
                _require_stored(path)
                continue
            with path.open("rb") as stream:
                if starts_like_arc(stream):
                    raise BadArchive(f"{path} is an ARC file, whose records cannot be referred to: {_ADVICE}")
        except OSError as error:
            raise BadArchive(f"{path} cannot be read as an archive: {error.strerror or error}") from None


def _require_stored(path: Path) -> None:
    try:
        package = Wacz(path)
    except BadPackage:
        return  # reading it says what is wrong
    try:
        for member in package.members:
            if package.start_of(member) is None:
                raise BadArchive(
                    f"{path} holds {member} compressed once more, so its records cannot be referred to: {_ADVICE}, or "
                    "pack it anew without compression (`zip -0`)"
                )
            with package.opened(member) as stream:
                if starts_like_arc(stream):
                    raise BadArchive(f"{path} holds ARC files, whose records cannot be referred to: {_ADVICE}")
    except BadPackage as error:
        raise BadArchive(f"{path} cannot be read as an archive: {error}") from None
    finally:
        package.close()


def lies_at(collection: Collection, archive_file: int, path: Path) -> None:
    """Note where an archive file, a row of `archive_files`, lies now, with all WARC files of the same package."""
    collection.execute(
        "UPDATE archive_files SET path = ? WHERE sha256 = (SELECT sha256 FROM archive_files WHERE id = ?)",
        [str(path.resolve()), archive_file],
    )


def refer(
    collection: Collection, place: Place, *, archive_file: int, site: str, kind: CaptureKind, run_id: int | None,
    revisit_of: int | None = None,
) -> int:  # fmt: skip
    """Add the row of a capture whose record stays at `place`, and return its id; of one that has a row, that row's id.

    `archive_file`: the row of `archive_files` of the file that it lies in, which `lies_at` was told of. `revisit_of`:
    the row of the capture that holds the payload of a revisit. Raises CapturesUnwritable where the record cannot be
    read any more.
    """
    files = CaptureFiles(collection.db.conn, folder_of(collection.path))
    try:
        file = files.archive_file(archive_file)
        name = referred_file(file.sha256, file.name, file.member)
        row = {"file": name, "offset": place.offset, "is_referred": 1, "archive_file": archive_file}
        known = next(
            collection.rows("SELECT id FROM captures WHERE file = ? AND offset = ?", [name, place.offset]), None
        )
        if known:
            return int(known["id"])
        where = files.located(row)
        record = records_in_place.read(where.path, where.start + place.offset, place.offset)
    except DamagedRecord as error:
        raise CapturesUnwritable(f"{place.path}: {error}; it has changed since it was opened") from None
    except OSError as error:
        raise CapturesUnwritable(f"{place.path} cannot be read: {error.strerror or error}") from error
    record_id = record.id or _made_id(file, place.offset)
    if known := next(collection.rows("SELECT id FROM captures WHERE record_id = ?", [record_id]), None):
        return int(known["id"])  # the same record in another file
    message = records_in_place.answer_of(record)
    payload = records_in_place.payload_of(record, message)
    digest, warc_digest = sha256(payload).hexdigest(), _sha1(payload)
    status = message.status if message else _NO_ANSWER
    kind_of_content = message.header(b"content-type") if message else ""
    if revisit_of is not None:
        sql = "SELECT payload_digest, warc_digest, status, content_type FROM captures WHERE id = ?"
        original = next(collection.rows(sql, [revisit_of]))
        digest, warc_digest = original["payload_digest"], original["warc_digest"]
        status = message.status if message else original["status"]
        kind_of_content = kind_of_content or original["content_type"] or ""
    return collection.insert("captures", {
        **row, "record_id": record_id, "run_id": run_id, "site": site, "url": place.url.partition("#")[0],
        "kind": kind, "status": status, "content_type": kind_of_content or None,
        "captured_at": warc_date(place.time), "length": record.length, "payload_digest": digest,
        "warc_digest": warc_digest, "revisit_of": revisit_of,
        "archive_record": record.id or f"byte {place.offset}",
    })  # fmt: skip


def _made_id(file: ArchiveFile, offset: int) -> str:
    """Return an id for a record that has none, the same whenever it is read."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{file.sha256}/{file.member}/{offset}')}"


def _sha1(data: bytes) -> str:
    return f"sha1:{b32encode(sha1(data, usedforsecurity=False).digest()).decode()}"
