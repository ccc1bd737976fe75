"""What can be imported: a JSONL file, a database, or a bag that holds one. All of it is taken for a stranger's."""

import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.workers import HERE, Workers
from storage.archives.captures import folder_of, warc_files
from storage.collection import Collection
from storage.errors import BadImport
from storage.exports.articles import articles
from storage.exports.delivery import NAME, Delivery, NotADelivery, parsed, read
from storage.exports.selection import Choice, choose
from storage.files.attachments import attachments_folder
from storage.imports import bag, database, jsonl
from storage.imports.incoming import Incoming, of_articles
from storage.imports.validation import Checker

_AHEAD = timedelta(days=731)  # that another machine's clock may be ahead: a moment beyond would never be overtaken
_IN_EARK = Path("representations", "rep1", "data", "collection.sqlite")  # where an E-ARK package has the collection
_PACKED = {
    b"PK\x03\x04": "a packed folder (zip): unpack it, then import what is in it (WACZ: `crawl --replay` reads it)",
    b"BZh": "packed with bzip2: unpack it first (bunzip2)",
    b"\xfd7zXZ": "packed with xz: unpack it first (unxz)",
    b"(\xb5/\xfd": "packed with zstd: unpack it first (unzstd)",
    b"WARC/": "a WARC file: `tinphuong crawl --replay` reads those",
    b"\xff\xfe": "UTF-16: save it as UTF-8",
    b"\xfe\xff": "UTF-16: save it as UTF-8",
}


@dataclass(slots=True)
class Source:
    """An opened import: `articles`, and what comes with them.

    `database`: the collection it was, None for JSONL; `records`: WARC files; `files`: folder of attached files, each
    at ab/cdef….pdf, None where there is none; `total`: how many articles, 0 where that is not known; `checker`: knows
    what was passed over; `delivery`: what it states of itself, None where it is no export, or states nothing.
    """

    articles: Generator[Incoming, None, None]
    checker: Checker
    total: int = 0
    database: Collection | None = None
    records: list[Path] = field(default_factory=list)
    files: Path | None = None
    delivery: Delivery | None = None


@contextmanager
def opened(path: Path, ours: Collection, *, moment: str, workers: Workers = HERE) -> Iterator[Source]:
    """Open what lies at `path`, to go into `ours`; nothing there is changed. `moment`: now, ISO 8601 in UTC; `workers`:
    who reads the articles.

    Raises BadImport with a sentence for the user, also while the articles are read.
    """
    latest = (datetime.fromisoformat(moment) + _AHEAD).isoformat()
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            is_bag = (path / "bagit.txt").is_file() and (path / "data" / "collection.sqlite").is_file()
        elif not stat.S_ISREG(mode):
            raise BadImport(f"{path} is not a file: name a file that lies on a disk")
        else:
            with path.open("rb") as stream:
                head = stream.read(len(database.MAGIC))
    except (OSError, ValueError) as error:
        raise BadImport(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if stat.S_ISDIR(mode):
        if not is_bag:
            raise BadImport(
                f"{path} is not a bag that tinphuong made: it has no bagit.txt or no data/collection.sqlite"
                + (
                    f"; its articles, without their captures, are in {inner}"
                    if (inner := path / _IN_EARK).is_file()
                    else ""
                )
            )
        bag.check(path)
        data = path / "data"
        with _database(data / "collection.sqlite", latest, ours, workers, is_sealed=True) as source:
            source.records, source.files = warc_files(data / "raw"), data / "attachments"
            if (data / NAME).is_file():
                source.delivery = _stated(lambda: read(data / NAME))
            yield source
    elif head == database.MAGIC:
        with _database(path, latest, ours, workers, is_sealed=False) as source:
            source.records, source.files = warc_files(folder_of(path)), attachments_folder(path)
            if statement := database.statement(path):
                source.delivery = _stated(lambda: parsed(statement, path))
            yield source
    else:
        for magic, what in _PACKED.items():
            if head.startswith(magic):
                raise BadImport(f"{path} is {what}")
        checker = Checker(ours.db, latest)
        yield Source(jsonl.articles(path, checker, ours, workers), checker)


def _stated(read_it: Callable[[], Delivery]) -> Delivery:
    try:
        return read_it()
    except NotADelivery as error:
        raise BadImport(f"{error}; nothing was taken in") from None


@contextmanager
def _database(
    path: Path, latest: str, ours: Collection, workers: Workers, *, is_sealed: bool
) -> Iterator[Source]:  # fmt: skip
    """A checked copy is read, and brought to today's schema."""
    with TemporaryDirectory(prefix="tinphuong-import-") as folder:
        made = Path(folder) / "source.db"
        checker = database.copy(path, made, latest, is_sealed=is_sealed)
        with Collection(made, must_exist=True) as collection:
            total = choose(collection, Choice()).count
            placed = ((f"article {article['id']} of {path}", article) for article in articles(collection))
            yield Source(of_articles(ours, workers, placed), checker, total, collection)
