"""What can be imported: a JSONL file, a database, or a bag that holds one."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from storage.archives.captures import folder_of, warc_files
from storage.collection import Collection
from storage.errors import CollectionError
from storage.exports.articles import articles
from storage.exports.selection import Choice, choose
from storage.files.attachments import attachments_folder
from storage.rows import WholeArticle

_MAGIC = b"SQLite format 3\x00"
_NEEDED = {"site", "key", "url", "title", "body", "content_hash", "first_seen_at", "last_seen_at", "issuer", "urls"}
_CHUNK = 1 << 20


class BadImport(CollectionError):
    """The file is not one that tinphuong exports, or is damaged."""


@dataclass(slots=True)
class Source:
    """An opened import: `articles` in the shape of storage.exports.articles, and what comes with them.

    `database`: the collection it was, None for JSONL; `records`: WARC files; `files`: folder of attached files, each
    at ab/cdef….pdf, None where there is none; `total`: how many articles, 0 where that is not known.
    """

    articles: Iterator[WholeArticle]
    total: int = 0
    database: Collection | None = None
    records: list[Path] = field(default_factory=list)
    files: Path | None = None


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open what lies at `path`; nothing there is changed. Raises BadImport with a sentence for the user."""
    try:
        is_folder = path.is_dir()
    except OSError as error:
        raise BadImport(f"{path} cannot be read: {error.strerror}") from None
    if is_folder:
        with _bag(path) as source:
            yield source
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(len(_MAGIC))
    except OSError as error:
        raise BadImport(f"{path} cannot be read: {error.strerror or error}") from error
    if head == _MAGIC:
        with _database(path, warc_files(folder_of(path)), attachments_folder(path)) as source:
            yield source
    else:
        yield Source(_lines(path))


@contextmanager
def _database(path: Path, records: list[Path], files: Path) -> Iterator[Source]:
    """A copy is read, as opening an older database would bring it to today's schema."""
    with TemporaryDirectory(prefix="tinphuong-import-") as folder:
        copy = Path(folder) / "source.db"
        try:
            with (
                closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
                if not target.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone():
                    raise BadImport(f"{path} is a database, but none of tinphuong's")
        except sqlite3.Error as error:
            raise BadImport(f"{path} cannot be read as a database: {error}") from error
        with Collection(copy, must_exist=True) as collection:
            total = choose(collection, Choice()).count
            yield Source(articles(collection), total, collection, records, files if files.is_dir() else None)


@contextmanager
def _bag(path: Path) -> Iterator[Source]:
    data = path / "data"
    database = data / "collection.sqlite"
    try:
        is_bag = (path / "bagit.txt").is_file() and database.is_file()
    except OSError as error:
        raise BadImport(f"{path} cannot be read: {error.strerror}") from None
    if not is_bag:
        raise BadImport(f"{path} is not a bag that tinphuong made: it has no bagit.txt or no data/collection.sqlite")
    _check(path)
    with _database(database, warc_files(data / "raw"), data / "attachments") as source:
        yield source


def _check(path: Path) -> None:
    """Compare every file of a bag with its manifest."""
    manifest = path / "manifest-sha256.txt"
    if not manifest.is_file():
        raise BadImport(f"{path} has no manifest-sha256.txt: so it cannot be checked")
    for line in manifest.read_text(encoding="utf-8").splitlines():
        said, _, place = line.partition("  ")
        file = path / place
        if not file.resolve().is_relative_to(path.resolve()) or not file.is_file():
            raise BadImport(f"the bag is not whole: {place} is missing")
        if _sha256(file) != said:
            raise BadImport(f"the bag is not whole: {place} is not what its manifest says")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _lines(path: Path) -> Iterator[WholeArticle]:
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                article = json.loads(line)
                if not isinstance(article, dict) or not article.keys() >= _NEEDED:
                    raise BadImport(f"line {number} of {path} is not an article as `tinphuong export jsonl` writes it")
                yield cast(WholeArticle, article)
    except (ValueError, OSError) as error:
        raise BadImport(f"{path} is neither JSONL of tinphuong nor a database nor a bag: {error}") from error
