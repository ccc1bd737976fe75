"""The newest captures of the lists of sites: their home pages first, as those hold the menus."""

from collections.abc import Iterable, Iterator

from storage.archives.archive import Archive, Capture
from storage.archives.capture_files import CaptureFiles
from storage.archives.captures import CaptureKind, folder_of
from storage.collection import Collection
from storage.rows import CaptureRow

_NEWEST = """
SELECT * FROM captures AS one
WHERE site = ? AND kind = ? AND status = 200
  AND id = (SELECT id FROM captures WHERE url = one.url AND site = one.site AND kind = one.kind AND status = 200
            ORDER BY captured_at DESC, id DESC LIMIT 1)
ORDER BY length(url), url LIMIT ?
"""
_PAYLOADS = "SELECT * FROM captures WHERE id = ?"


def newest_lists(collection: Collection, sites: Iterable[str], *, each: int = 3) -> Iterator[Capture]:
    """Yield the newest capture of lists of `sites` (slugs), at most `each` of a site, those with short addresses first.

    Captures whose files are gone or damaged are left out.
    """
    for site in sites:
        rows = list(collection.rows(_NEWEST, [site, CaptureKind.LISTING, each], of=CaptureRow))
        held = [row["revisit_of"] for row in rows if row["revisit_of"] is not None]
        payloads = [row for held_by in held for row in collection.rows(_PAYLOADS, [held_by], of=CaptureRow)]
        archive = Archive.of_rows(CaptureFiles(collection.db.conn, folder_of(collection.path)), rows, payloads)
        try:
            yield from (capture for capture in archive.captures() if capture.fault is None)
        finally:
            archive.close()
