"""Where things are in a backup's folder, and the manifest that says what belongs to one generation of it.

    tinphuong-backup.json                    marks the folder as ours
    generations/20261130T130558Z/            one backup: it appears as a whole or not at all
        NAME.db                              the database, as it was at one moment
        manifest.json                        what this generation consists of, see Manifest
        manifest-sha256.txt                  the same files for `sha256sum -c`, run in the backup's folder
    captures/NAME/START-END-DIGEST.warc.gz   bytes START to END of the WARC file NAME.warc.gz
    attachments/ab/cdef….pdf                 an attached file under its SHA-256
    archives/0123456789abcdef/NAME           an archive file that captures are read from in place, under its SHA-256

No file below `captures`, `attachments` and `archives` ever changes: what a WARC file has grown by becomes a further
part. So an earlier generation stays whole whatever happens to a later one, and generations share what they have in
common.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.errors import BackupDamaged, BadBackup

MARKER = "tinphuong-backup.json"
FORMAT = "tinphuong backup"
VERSION = 1
GENERATIONS = "generations"
CAPTURES = "captures"
ATTACHMENTS = "attachments"
ARCHIVES = "archives"
MANIFEST = "manifest.json"
SUMS = "manifest-sha256.txt"
PART = ".part"
_GENERATION = re.compile(r"\d{8}T\d{6}Z(?:-\d+)?")
_PART_NAME = re.compile(r"\d{12,}-\d{12,}-[0-9a-f]{16}(?:\.warc\.gz)?(?:\.part)?")
_ARCHIVE = re.compile(r"[^/]+")  # a name that others gave
_ATTACHMENT = re.compile(r"[0-9a-f]{62}\.\w+(?:\.new)?(?:\.part)?")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the backup's folder: `file` is its place there, with slashes; `sha256` in hex."""

    file: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Growing:
    """A file of the folder of captures: its name, its size, and the parts that hold it, in order. `mtime_ns`: when the
    file that was copied had last changed."""

    name: str
    size: int
    mtime_ns: int
    parts: tuple[Stored, ...]


@dataclass(slots=True)
class Manifest:
    """One generation. `counts`: rows of the main tables; `run_log`: number and digest of the newest run; `damage`: what
    was damaged or missing in the collection itself when it was copied."""

    generation: str
    name: str  # of the database's file
    software: str
    schema: int
    begun_at: str
    finished_at: str
    counts: dict[str, int]
    run_log: dict[str, Any]
    database: Stored
    captures: list[Growing] = field(default_factory=list)
    attachments: list[Stored] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    archives: list[Stored] = field(default_factory=list)

    def files(self) -> list[Stored]:
        """Return every file of the generation, each once."""
        parts = [part for item in self.captures for part in item.parts]
        return list({item.file: item for item in (self.database, *parts, *self.attachments, *self.archives)}.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the manifest as it stands in its file."""
        return {
            "format": FORMAT, "version": VERSION, "generation": self.generation, "name": self.name,
            "software": self.software, "schema": self.schema, "begun_at": self.begun_at,
            "finished_at": self.finished_at, "counts": self.counts, "run_log": self.run_log,
            "size": sum(item.size for item in self.files()), "damage": self.damage,
            "database": _plain(self.database),
            "captures": [
                {"name": item.name, "size": item.size, "mtime_ns": item.mtime_ns, "parts": [*map(_plain, item.parts)]}
                for item in self.captures
            ],
            "attachments": [*map(_plain, self.attachments)], "archives": [*map(_plain, self.archives)],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Manifest":
        """Return the manifest of such a dict. Raises KeyError, TypeError or ValueError where it is none."""
        growing = [
            Growing(_name(item["name"]), item["size"], item["mtime_ns"], tuple(map(_stored, item["parts"])))
            for item in said["captures"]
        ]
        return cls(
            said["generation"], _name(said["name"]), said["software"], int(said["schema"]), said["begun_at"],
            said["finished_at"], said["counts"], said["run_log"], _stored(said["database"]), growing,
            [*map(_stored, said["attachments"])], [*said["damage"]],
            [*map(_stored, said.get("archives", ()))],
        )  # fmt: skip


def _plain(item: Stored) -> dict[str, Any]:
    return {"file": item.file, "size": item.size, "sha256": item.sha256}


def _stored(said: dict[str, Any]) -> Stored:
    place = str(said["file"])
    if place.startswith("/") or ".." in place.split("/"):
        raise ValueError(place)
    return Stored(place, int(said["size"]), str(said["sha256"]))


def _name(text: str) -> str:
    if "/" in text or text in ("", ".", ".."):
        raise ValueError(text)
    return text


def require_backup(dest: Path) -> None:
    """Raise BadBackup where `dest` is no folder with backups, or one in a form that is not known here."""
    marker = dest / MARKER
    try:
        if not dest.exists():
            raise BadBackup(f"there is no backup at {dest}: name the folder that `tinphuong backup` wrote to")
        said = json.loads(marker.read_text(encoding="utf-8"))
        version = said["version"] if said["format"] == FORMAT else None
    except (FileNotFoundError, NotADirectoryError, KeyError, TypeError, ValueError):
        raise BadBackup(f"{dest} holds no backup of tinphuong: name the folder that `tinphuong backup` wrote") from None
    except OSError as error:
        raise BadBackup(f"{dest} cannot be read: {error.strerror}") from None
    if version != VERSION:
        raise BadBackup(f"{dest} is a backup of form {version}, this tinphuong knows {VERSION}: use a newer tinphuong")


def generations(dest: Path) -> list[str]:
    """Return the names of the whole generations, the oldest first."""
    folder = dest / GENERATIONS
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted((name for name in names if _GENERATION.fullmatch(name)), key=_age)


def _age(name: str) -> tuple[str, int]:
    moment, _, number = name.partition("-")
    return moment, int(number or 0)


def read_manifest(dest: Path, generation: str) -> Manifest:
    """Return the manifest of a generation. Raises BackupDamaged where it cannot be read."""
    path = dest / GENERATIONS / generation / MANIFEST
    try:
        return Manifest.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BackupDamaged(f"{path} cannot be read: {error.strerror}") from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BackupDamaged(f"{path} is damaged: it is no manifest") from None


def is_ours(path: Path, dest: Path) -> bool:
    """Whether a file below `captures`, `attachments` or `archives` has a name that a backup gives: only such are
    ever removed."""
    parts = path.relative_to(dest).parts
    if len(parts) != 3:
        return False
    if parts[0] == ARCHIVES and not re.fullmatch("[0-9a-f]{16}", parts[1]):
        return False
    pattern = {CAPTURES: _PART_NAME, ATTACHMENTS: _ATTACHMENT, ARCHIVES: _ARCHIVE}.get(parts[0])
    return pattern is not None and pattern.fullmatch(parts[2]) is not None
