"""The files that a replay reads: their digests, their rows of `archive_files`, and how a copied record names them."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import quote

from storage.collection import Collection

_SCHEME = "hash://sha256/"


class SourceFacts(TypedDict):
    """A replayed file as `runs.sources` has it. `digest`: `sha256:` and `sha256`, hex; `size`: bytes."""

    name: str
    digest: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is replayed, or a folder of saved pages. `name`: without its folder; `sha256`: hex; `size`: bytes."""

    path: Path
    name: str
    sha256: str
    size: int

    def facts(self) -> SourceFacts:
        """Return what a run says of it."""
        return {"name": self.name, "digest": f"sha256:{self.sha256}", "sha256": self.sha256, "size": self.size}

    def uri(self, record: str, member: str = "") -> str:
        """Return the address of a record of it, for WARC-Source-URI: by the file's digest, which finds it under any
        name."""
        place = {"name": self.name, "member": member, "record": record}
        query = "&".join(f"{key}={quote(value, safe='/:')}" for key, value in place.items() if value)
        return f"{_SCHEME}{self.sha256}?{query}"


class Sources:
    """The files of one replay; each is read once for its digest."""

    def __init__(self, paths: Sequence[Path]):
        """Read `paths` to their ends. Raises OSError."""
        self._of_path = {path: _source(path) for path in paths}
        self._ids: dict[tuple[Path, str], int] = {}

    def facts(self) -> list[SourceFacts]:
        """Return what `runs.sources` says: each file once, in the order in which they were named."""
        by_digest = {source.sha256: source.facts() for source in self._of_path.values()}
        return list(by_digest.values())

    def of(self, path: Path) -> Source:
        """Return the facts of a file."""
        return self._of_path[path]

    def row(self, collection: Collection, path: Path, member: str, at: str, *, in_place: bool = False) -> int:
        """Return the id of the row of `archive_files` for a file, or a WARC file in a package; add it if it is missing.

        `at`: now, ISO; `in_place`: its captures are read where they lie, so its path is noted.
        """
        key = path, member
        if key not in self._ids:
            source = self._of_path[path]
            where = str(path.resolve()) if in_place else None
            self._ids[key] = add(collection, {**source.facts(), "member": member}, at, path=where)
        return self._ids[key]


def add(collection: Collection, facts: Mapping[str, Any], at: str, *, path: str | None = None) -> int:
    """Return the id of the row of `archive_files` with the digest and member in `facts`; add it if it is missing.

    A `path` replaces the one that is known, as the file may have been moved.
    """
    key = [facts["sha256"], facts.get("member") or ""]
    known = next(collection.rows("SELECT id FROM archive_files WHERE sha256 = ? AND member = ?", key), None)
    if known is None:
        values = {"name": facts["name"], "member": key[1], "sha256": key[0], "size": facts["size"], "path": path}
        return collection.insert("archive_files", values | {"added_at": at})
    if path is not None:
        collection.execute("UPDATE archive_files SET path = ? WHERE id = ?", [path, known["id"]])
    return int(known["id"])


def add_noted(collection: Collection, note: Mapping[str, Any], at: str) -> int | None:
    """Return the id of the row for what the WARC-JSON-Metadata of a copied record says; None where it says no file."""
    facts = {name: note.get(name) for name in ("name", "sha256", "size")}
    is_file = isinstance(facts["name"], str) and isinstance(facts["sha256"], str) and isinstance(facts["size"], int)
    return add(collection, note, at) if is_file else None


def note_run(collection: Collection, run_id: int, files: Sequence[SourceFacts]) -> None:
    """Write down which files a run replays; durable at once, so that a killed run says it, too."""
    if files:
        values = [json.dumps(files, ensure_ascii=False), run_id]
        collection.execute("UPDATE runs SET sources = ? WHERE id = ?", values)
        collection.commit()


def _source(path: Path) -> Source:
    if path.is_dir():
        digest, size = _folder_digest(path)
    else:
        with path.open("rb") as stream:
            digest, size = file_digest(stream, "sha256").hexdigest(), os.fstat(stream.fileno()).st_size
    return Source(path, path.resolve().name, digest, size)


def _folder_digest(folder: Path) -> tuple[str, int]:
    """Return the SHA-256 of the list of a folder's files, and their bytes.

    The list is what `find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum` prints in it.
    """
    whole, size = sha256(), 0
    for path in sorted(_files(folder), key=lambda path: os.fsencode(path.relative_to(folder))):
        with path.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
            size += os.fstat(stream.fileno()).st_size
        whole.update(f"{digest}  ./".encode() + os.fsencode(path.relative_to(folder)) + b"\n")
    return whole.hexdigest(), size


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
