"""Finds the captures that were copied from web archives, and gives those of a site as an archive to replay."""

import re

from storage.archives.archive import Archive
from storage.archives.capture_files import CaptureFiles
from storage.archives.captures import folder_of
from storage.collection import Collection
from storage.rows import CaptureRow

_HELD = "site = ? AND source IS NOT NULL AND archive_file IS NULL"  # not those that a replay copied from files


def held(collection: Collection, site: str) -> dict[tuple[str, str], int]:
    """Return (URL, capture time as 14 digits) → id of each copy that is here."""
    rows = collection.rows(f"SELECT id, url, captured_at FROM captures WHERE {_HELD}", [site])  # noqa: S608
    return {(row["url"], re.sub(r"\D", "", row["captured_at"])[:14]): row["id"] for row in rows}


def archive_of(collection: Collection, sites: list[str]) -> Archive:
    """Return every copy of some sites as one archive, with the captures that hold the payloads of revisits."""
    rows: list[CaptureRow] = []
    payloads: list[CaptureRow] = []
    for site in sites:
        rows += collection.rows(
            f"SELECT * FROM captures WHERE {_HELD} ORDER BY captured_at, id",  # noqa: S608 — literals only
            [site],
            of=CaptureRow,
        )
        payloads += collection.rows(
            f"SELECT * FROM captures WHERE id IN (SELECT revisit_of FROM captures WHERE {_HELD})",  # noqa: S608
            [site],
            of=CaptureRow,
        )
    return Archive.of_rows(CaptureFiles(collection.db.conn, folder_of(collection.path)), rows, payloads)
