"""Captures that stay in the archive file that they are read from: `crawl --replay FILE --refer`."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urldefrag
from uuid import NAMESPACE_URL, uuid5

from storage.archives import records_in_place
from storage.archives.archive import BadArchive, Capture
from storage.archives.capture_files import ArchiveFile, CaptureFiles, referred_file
from storage.archives.captures import CaptureKind, folder_of
from storage.archives.kept_records import Origin, date_of
from storage.archives.made_records import sha1_digest
from storage.archives.sniffing import is_package, starts_like_arc
from storage.archives.sources import Sources
from storage.archives.wacz import BadPackage, Wacz
from storage.archives.warc import DamagedRecord
from storage.collection import Collection
from storage.errors import CapturesUnwritable

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


class Referring:
    """Makes rows of captures whose records stay in the archive file (`storage.archives.kept_records.Refer`)."""

    def __init__(self, collection: Collection, sources: Sources, paths: Sequence[Path]):
        """The rows go into `collection`. `paths`: of the files; those that were known elsewhere were moved there."""
        self._collection = collection
        for path in paths:
            known = [str(path.resolve()), sources.of(path).sha256]
            collection.execute("UPDATE archive_files SET path = ? WHERE sha256 = ?", known)
        self._files = CaptureFiles(collection.db.conn, folder_of(collection.path))

    def __call__(
        self, capture: Capture, origin: Origin, digest: str, *,
        site: str, kind: CaptureKind, run_id: int | None, same_as: int | None,
    ) -> int:  # fmt: skip
        """Add the row of a capture, and return its id; that of one with the same record, where there is one.

        Raises CapturesUnwritable where the record can no longer be read.
        """
        place = capture.place
        if place is None:
            raise ValueError("a capture that is in no archive file")
        try:
            file = self._files.archive_file(origin.file)
            row = {
                "file": referred_file(file.sha256, file.name, file.member), "offset": place.offset,
                "archive_file": origin.file, "is_referred": 1,
            }  # fmt: skip
            where = self._files.located(row)
            record = records_in_place.read(where.path, where.start + place.offset, place.offset)
        except DamagedRecord as error:
            raise CapturesUnwritable(f"{place.path}: {error}: it has changed since it was opened") from None
        except OSError as error:
            raise CapturesUnwritable(f"{place.path} cannot be read: {error.strerror or error}") from error
        record_id = record.id or _made_id(file, place.offset)
        sql = "SELECT id FROM captures WHERE (file = ? AND offset = ?) OR record_id = ? ORDER BY id"
        if known := next(self._collection.rows(sql, [row["file"], place.offset, record_id]), None):
            return int(known["id"])
        message = records_in_place.answer_of(record)
        payload = records_in_place.payload_of(record, message)
        kinds = (
            [value.decode("latin-1") for name, value in message.headers if name.lower() == b"content-type"]
            if message
            else []
        )
        return self._collection.insert("captures", {
            **row, "record_id": record_id, "run_id": run_id, "site": site, "url": urldefrag(capture.url).url,
            "kind": kind, "status": message.status if message else 200, "content_type": kinds[0] if kinds else None,
            "captured_at": date_of(record.headers.get("warc-date", ""), capture.time), "length": record.length,
            "payload_digest": digest, "warc_digest": sha1_digest(payload), "revisit_of": same_as, "source": origin.uri,
            "archive_record": origin.record,
        } | (self._of_holder(same_as) if same_as is not None else {}))  # fmt: skip

    def _of_holder(self, holder: int) -> dict[str, object]:
        """Return what a revisit has of the capture that holds its payload."""
        sql = "SELECT payload_digest, warc_digest FROM captures WHERE id = ?"
        return dict(next(self._collection.rows(sql, [holder])))


def _made_id(file: ArchiveFile, offset: int) -> str:
    """Return an id for a record that has none, the same whenever it is read."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{file.sha256}/{file.member}/{offset}')}"
