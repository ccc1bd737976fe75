"""Brings the files of a collection into a backup: what is there already is not copied again."""

from collections.abc import Iterable
from pathlib import Path

from crawler.errors import InternalError
from storage.archives.capture_files import ArchiveFile, archives_folder, path_of, place_in
from storage.archives.captures import folder_of
from storage.backups.copying import Took, digest_of, holds, keep
from storage.backups.layout import ARCHIVES, ATTACHMENTS, CAPTURES, Growing, Manifest, Stored
from storage.backups.snapshot import refers_to
from storage.files.attachments import place_of

_MOST_PARTS = 64  # of one file; then it is copied anew as a whole
_WARC = ".warc.gz"


class Vanished(InternalError):
    """A file is gone that the copied database refers to and the collection no longer does: it was pruned meanwhile."""


class FileCopies:
    """Copies the files of the collection at `db` into the backup at `dest`.

    `earlier`: the generation before; `related`: it is of the same collection, so what it holds can only have grown;
    `full`: what is there is not believed by its size and time, but read. `damage` and `remarks` are sentences.
    """

    def __init__(self, db: Path, dest: Path, earlier: Manifest | None, *, related: bool, full: bool, took: Took):
        self.db, self.dest, self.related, self.full, self.took = db, dest, related, full, took
        self.captures = {item.name: item for item in earlier.captures} if earlier else {}
        self.attachments = {item.file for item in earlier.attachments} if earlier else set()
        self.archives = {item.file for item in earlier.archives} if earlier else set()
        self.copied = 0  # bytes
        self.damage: list[str] = []
        self.remarks: list[str] = []

    def missing(
        self, ends: dict[str, int], attachments: Iterable[tuple[str, int, str]], archives: Iterable[ArchiveFile]
    ) -> int:
        """Return about how many bytes will have to be copied."""
        grown = sum(
            max(0, end - (self.captures[name].size if name in self.captures else 0)) for name, end in ends.items()
        )
        places = ((self._place(sha256, kind), size) for sha256, size, kind in attachments)
        others = sum(item.size for item in archives if _place_of(item) not in self.archives)
        return others + grown + sum(size for place, size in places if place not in self.attachments)

    # Captures

    def put_captures(self, ends: dict[str, int]) -> list[Growing]:
        """Bring each file of captures in, up to the byte that the database knows; and what was cut off and kept.

        Raises OSError where the backup cannot be written, Vanished.
        """
        folder = folder_of(self.db)
        made = []
        for name, end in sorted(ends.items()):
            if Path(name).name != name:
                self.remarks.append(f"captures in {name} are outside the collection's folder: not in the backup")
                continue
            path = folder / name
            if not path.is_file():
                if not refers_to(self.db, name):
                    raise Vanished(name)
                self.damage.append(f"{path} is missing: captures were in it")
                continue
            made.append(self._grown(path, end))
        torn = sorted(folder.glob("*.torn"))
        return made + [self._grown(path, path.stat().st_size) for path in torn]

    def _grown(self, path: Path, end: int) -> Growing:
        """Bring the first `end` bytes of a file in."""
        found = path.stat()
        if found.st_size < end:
            self.damage.append(f"{path} has {found.st_size} bytes, the database knows {end}")
            end = found.st_size
        earlier = self.captures.get(path.name)
        parts = self._believed(path, earlier, end, found.st_mtime_ns) if earlier else []
        start = sum(part.size for part in parts)
        if start < end:
            if len(parts) >= _MOST_PARTS:
                parts, start = [], 0
            parts.append(self._part(path, start, end - start))
        return Growing(path.name, end, found.st_mtime_ns, tuple(parts))

    def _believed(self, path: Path, earlier: Growing, end: int, mtime_ns: int) -> list[Stored]:
        """Return the parts, from the first on, that are in the backup and hold what the file holds."""
        read = self.full or mtime_ns != earlier.mtime_ns or not self.related
        parts: list[Stored] = []
        start = 0
        for part in earlier.parts:
            place = self.dest / part.file
            if start + part.size > end or not holds(place, part.size):
                break
            if self.full and digest_of(place) != part.sha256:
                self.remarks.append(f"{place} was damaged: copied anew")
                break
            if read and digest_of(path, start, part.size) != part.sha256:
                if self.related:
                    what = f"bytes {start} to {start + part.size} of {path} are no longer those of the earlier backup"
                    self.damage.append(f"{what}: `tinphuong verify` says whether it is damaged")
                break
            parts.append(part)
            start += part.size
            self.took(part.size)
        return parts

    def _part(self, path: Path, start: int, size: int) -> Stored:
        name = path.name.removesuffix(_WARC)
        folder = self.dest / CAPTURES / name
        ending = _WARC if path.name.endswith(_WARC) else ""
        span = f"{start:012d}-{start + size:012d}-"
        for left in folder.glob(f"{span}*{ending}") if folder.is_dir() else ():  # of a backup that was cut short
            if holds(left, size) and (digest := digest_of(left)) == digest_of(path, start, size):
                self.took(size)
                return Stored(f"{CAPTURES}/{name}/{left.name}", size, digest)
        made = keep(
            path, start, size, folder, lambda done, digest: f"{start:012d}-{start + done:012d}-{digest[:16]}{ending}",
            self.took,
        )  # fmt: skip
        self.copied += made.size
        return Stored(f"{CAPTURES}/{name}/{made.file}", made.size, made.sha256)

    # Attachments

    def put_attachments(self, attachments: Iterable[tuple[str, int, str]]) -> list[Stored]:
        """Bring each attached file in under its digest. Raises OSError where the backup cannot be written."""
        made = []
        for sha256, size, kind in attachments:
            place = self._place(sha256, kind)
            if self._is_there(place, size, sha256) or self._copied(place, sha256, kind):
                made.append(Stored(place, size, sha256))
        return made

    def _is_there(self, place: str, size: int, sha256: str) -> bool:
        path = self.dest / place
        if not holds(path, size):
            return False
        known = place in self.attachments and not self.full
        there = known or digest_of(path) == sha256
        if there:
            self.took(size)
        return there

    def _copied(self, place: str, sha256: str, kind: str) -> bool:
        path, target = place_of(self.db, sha256, kind), self.dest / place
        if not path.is_file():
            self.damage.append(f"{path} is missing: it held an attachment")
            return False
        made = keep(path, 0, path.stat().st_size, target.parent, lambda _, __: f"{target.name}.new", self.took)
        new = target.with_name(made.file)
        if made.sha256 != sha256:
            new.unlink()
            self.damage.append(f"{path} is damaged: its SHA-256 is another than its name says")
            return False
        new.replace(target)
        self.copied += made.size
        return True

    @staticmethod
    def _place(sha256: str, kind: str) -> str:
        return f"{ATTACHMENTS}/{sha256[:2]}/{sha256[2:]}.{kind}"

    # Archive files that captures are read from in place

    def put_archives(self, archives: Iterable[ArchiveFile]) -> list[Stored]:
        """Bring each archive file in, once: what lies outside the collection would be missing when it is restored.

        Raises OSError where the backup cannot be written.
        """
        made = []
        for item in archives:
            place = _place_of(item)
            path = self.dest / place
            known = place in self.archives and not self.full
            if holds(path, item.size) and (known or digest_of(path) == item.sha256):
                self.took(item.size)
            elif not self._archive_copied(item, path):
                continue
            made.append(Stored(place, item.size, item.sha256))
        return made

    def _archive_copied(self, item: ArchiveFile, target: Path) -> bool:
        try:
            path = path_of(item, archives_folder(self.db))
        except FileNotFoundError as error:
            self.damage.append(f"{error.strerror}; captures are in it")
            return False
        made = keep(path, 0, path.stat().st_size, target.parent, lambda _, __: f"{target.name}.new", self.took)
        new = target.with_name(made.file)
        if made.sha256 != item.sha256:
            new.unlink()
            self.damage.append(f"{path} is another file than the one that was read: its SHA-256 is {made.sha256}")
            return False
        new.replace(target)
        self.copied += made.size
        size = f"{item.size / 1_000_000:.1f} MB"
        self.remarks.append(f"{path} ({size}), which captures are read from in place, was copied into the backup")
        return True


def _place_of(item: ArchiveFile) -> str:
    return place_in(Path(ARCHIVES), item.sha256, item.name).as_posix()
