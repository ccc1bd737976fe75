"""What PREMIS, METS and EAD3 say alike: identifiers that stay, and the files of a package with digest and format."""

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path

ARTICLES_ONE_BY_ONE = 1_000  # up to as many articles each is described; beyond, their tables are referred to
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format of a file. `puid`: its identifier in PRONOM, only where the file's own bytes leave no doubt about it."""

    name: str
    mediatype: str
    version: str | None = None
    puid: str | None = None
    note: str | None = None


GZIP = FileFormat("GZIP Format", "application/gzip", puid="x-fmt/266")
WARC = FileFormat("WARC", "application/warc", "1.1", "fmt/1281")
_BY_SUFFIX = {
    ".csv": FileFormat("Comma Separated Values", "text/csv", puid="x-fmt/18", note="UTF-8 with byte order mark"),
    ".json": FileFormat("JSON Data Interchange Format", "application/json", puid="fmt/817"),
    ".jsonl": FileFormat("JSON Lines", "application/jsonl", note="UTF-8, one JSON object a line"),
    ".md": FileFormat("Markdown", "text/markdown", puid="fmt/1149", note="UTF-8"),
    ".pdf": FileFormat("Portable Document Format", "application/pdf"),
    ".sql": FileFormat("SQL", "application/sql", note="the statements that make the tables, UTF-8"),
    ".sqlite": FileFormat("SQLite Database File Format", "application/vnd.sqlite3", "3", "fmt/729"),
    ".wacz": FileFormat("ZIP Format", "application/zip", puid="x-fmt/263", note="WACZ: a web archive with its index"),
    ".xml": FileFormat("Extensible Markup Language", "application/xml", "1.0", "fmt/101"),
}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of a package. `place`: its path in the package, with slashes; digests in hex; `size` in bytes."""

    place: str
    size: int
    sha256: str
    sha512: str

    @property
    def format(self) -> FileFormat:
        """What kind of file it is, by its name; of a compressed WARC file the outer format."""
        return format_of(self.place)


def format_of(place: str) -> FileFormat:
    """Return the format of a file that is named so. An attached file has the suffix of what it was found to be."""
    suffix = Path(place).suffix
    if suffix == ".gz":
        return GZIP
    return _BY_SUFFIX.get(suffix) or FileFormat(suffix[1:].upper() or "unknown", "application/octet-stream")


def identifier(*parts: str) -> str:
    """Return a UUID that follows from `parts` alone: the same on every machine and in every delivery."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(("tinphuong", *parts))))


def facts(root: Path) -> list[FileFacts]:
    """Return what is said of the files that are in the package `root` by now, in the order of their places."""
    return [file_facts(root, path) for path in sorted(root.rglob("*")) if path.is_file()]


def file_facts(root: Path, path: Path) -> FileFacts:
    """Return what is said of the file `path` of the package `root`."""
    sha256, sha512 = hashlib.sha256(), hashlib.sha512()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            sha256.update(chunk)
            sha512.update(chunk)
    return FileFacts(path.relative_to(root).as_posix(), path.stat().st_size, sha256.hexdigest(), sha512.hexdigest())
