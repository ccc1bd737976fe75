"""What a collection takes on disk, and how much room there is."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from storage.archives.captures import folder_of
from storage.collection import Collection
from storage.files.attachments import attachments_folder
from storage.views import monitoring

PARTS = ("database", "captures", "attachments")


@dataclass(frozen=True, slots=True)
class DiskUse:
    """One part of a collection. `size`: bytes its files take; `folder`: where they are, or would be; `device`: the
    number of the file system there; `free`, `total`: bytes of that file system, `free` for this user."""

    part: str
    size: int
    folder: Path
    device: int
    free: int
    total: int


def disk_use(collection: Collection) -> list[DiskUse]:
    """Return the use of disk of each of PARTS, in that order. Raises OSError where a folder cannot be looked at."""
    db = collection.path.resolve()
    captures = folder_of(collection.path)
    sizes = {
        "database": sum(_size(Path(f"{db}{end}")) for end in ("", "-wal", "-shm")),
        "captures": sum(_size(path) for path in captures.iterdir()) if captures.is_dir() else 0,
        "attachments": monitoring.kept_files(collection.db.conn).size,
    }
    folders = {"database": db, "captures": captures, "attachments": attachments_folder(collection.path)}
    return [_use(part, sizes[part], folders[part].resolve()) for part in PARTS]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # a crawl that ends removes -wal, and a new WARC file takes its final name
        return 0


def _use(part: str, size: int, path: Path) -> DiskUse:
    folder = next(place for place in (path, *path.parents) if place.is_dir())
    room = shutil.disk_usage(folder)
    return DiskUse(part, size, folder, folder.stat().st_dev, room.free, room.total)
