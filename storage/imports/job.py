"""One import: what comes in first, and what came of it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crawler.text.counted import counted
from crawler.workers import HERE, Workers, resting
from storage import run_log
from storage.archives import unfinished
from storage.archives.captures import folder_of
from storage.collection import Collection
from storage.connection import held_back
from storage.deliveries import taken_in
from storage.deliveries.brought import Brought
from storage.errors import BadImport
from storage.exports.delivery import Delivery
from storage.files import attachments
from storage.imports.imported_captures import ImportedCaptures
from storage.imports.imported_requisites import take_requisites
from storage.imports.incoming import Incoming
from storage.imports.merge import Merger
from storage.imports.references import Pointing
from storage.imports.sources import opened
from storage.locking import sole_writer
from storage.near import link_waiting
from storage.rights import evidence
from storage.rows import SiteRow

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Imported:
    """What came of an import.

    `damaged`: articles left out, as title and body do not have the hash they came with; `near_duplicates`: links that
    were found between articles that came in and others; `passed_over`: names of fields, tables and views that this
    program does not have; `cleaned`: texts that held characters which are none; `changed`: articles to which something
    came, those added among them; `nothing_new`: all of it was here, as it is; `identifier`: of the delivery, None where
    it does not say which it is; `remarks`: what the user should know.
    """

    added: int = 0
    merged: int = 0
    tied: int = 0
    captures: int = 0
    unreadable: int = 0
    damaged: int = 0
    near_duplicates: int = 0
    cleaned: int = 0
    changed: int = 0
    nothing_new: bool = False
    identifier: str | None = None
    passed_over: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, int | str | list[str] | None]:
        """Return the counts, and what was passed over."""
        return {name: getattr(self, name) for name in self.__slots__}


def take_in(db: Path, path: Path, *, moment: str, progress: Progress, workers: Workers = HERE) -> Imported:
    """Merge what lies at `path` into the collection at `db`, creating it where there is none.

    All of it is taken in, or nothing. Importing the same again changes nothing. `progress` is called for the articles
    that came in, then for those that are compared with all others. `workers`: who reads and checks the articles; what
    comes of it is the same. Raises BadImport, and Locked where another process writes.
    """
    done = Imported()
    with sole_writer(db), Collection(db) as collection, resting(workers):
        collection.db.execute("PRAGMA synchronous = FULL")  # before the mark of a file goes, its rows are on the disk
        unfinished.remove_left(collection, folder_of(db))
        attachments.sweep(db)
        with (
            opened(path, collection, moment=moment, workers=workers) as source,
            _all_or_nothing(collection, path) as written,
        ):
            brought = Brought(collection.db)
            pointing = Pointing(collection, moment, source.files, written)
            if source.database:
                _runs(collection, source.database, pointing)
                imported = ImportedCaptures(collection, source.database, pointing, written)
                imported.take(source.records)
                done.captures, done.unreadable = imported.taken, imported.unreadable
                if left := imported.in_archive_files():
                    captures = counted(left, "capture lies", "captures lie")
                    done.remarks.append(
                        f"{captures} in archive files that are read in place, and stayed there: export a bag from that "
                        "collection and import it, to have them here too"
                    )
                evidence.take_over(collection, source.database)
            merger = Merger(collection, pointing)
            with closing(source.articles):  # where it fails, nobody reads on
                for number, incoming in enumerate(source.articles, 1):
                    if incoming.found.is_whole:
                        pointing.place = incoming.place
                        _merge(merger, incoming)
                    else:
                        done.damaged += 1
                    progress(number, max(source.total, number))
            if source.database:
                take_requisites(collection, source.database)
            pointing.require_sites()
            run_log.seal(collection.db)
            done.added, done.merged, done.tied = merger.added, merger.merged, merger.tied
            done.passed_over = sorted(source.checker.unknown)
            done.cleaned = source.checker.cleaned
            done.changed, done.nothing_new = brought.count(), brought.is_nothing()
            brought.note(moment)
            if source.delivery:
                _of_chain(collection, source.delivery, done, name=path.resolve().name, at=moment)
        done.near_duplicates = link_waiting(collection, at=moment, progress=progress, workers=workers).links
    return done


@contextmanager
def _all_or_nothing(collection: Collection, path: Path) -> Iterator[list[Path]]:
    """One transaction. Yields a list for the files that are written besides: they go again where it fails."""
    written: list[Path] = []
    collection.db.execute("BEGIN IMMEDIATE")
    collection.db.execute("PRAGMA defer_foreign_keys = ON")  # a file may speak of a site before it describes it
    try:
        with held_back(collection.db.conn):
            yield written
        collection.commit()
    except BaseException as error:
        collection.undo()
        for file in written:
            file.unlink(missing_ok=True)
            unfinished.end(file)
        if isinstance(error, sqlite3.IntegrityError):
            raise BadImport(f"{path} contradicts itself ({error}); nothing was taken in") from None
        raise
    for file in written:
        unfinished.end(file)


def _of_chain(collection: Collection, delivery: Delivery, done: Imported, *, name: str, at: str) -> None:
    """Note which delivery came in, and say so where one before it is missing: not where all of it is here anyhow."""
    done.identifier = delivery.identifier
    missing = taken_in.gap(collection, delivery)
    if missing and (not done.nothing_new or taken_in.is_known(collection, delivery.digest)):
        done.remarks.append(missing)
    taken_in.put(collection, delivery, name=name, at=at)


def _merge(merger: Merger, incoming: Incoming) -> None:
    try:
        merger.take(incoming.article, incoming.found.keys)
    except (sqlite3.IntegrityError, sqlite3.DataError, OverflowError) as error:
        raise BadImport(f"{incoming.place} cannot be stored ({error}); nothing was taken in") from None


def _runs(collection: Collection, other: Collection, pointing: Pointing) -> None:
    """Take over the history of runs, each with the pages it did not store."""
    for site in other.rows("SELECT * FROM sites ORDER BY slug", of=SiteRow):
        pointing.site(site["slug"], site)
    known = {row["id"] for row in collection.rows("SELECT id FROM runs")}
    for run in other.rows("SELECT * FROM runs ORDER BY number IS NULL, number, id"):
        run_id = pointing.run(run, run["site"])
        if run_id in known:
            continue
        run_log.seal(collection.db)  # in the order in which they ended there
        for skipped in other.rows("SELECT * FROM skipped WHERE run_id = ? ORDER BY id", [run["id"]]):
            del skipped["id"]
            collection.insert("skipped", skipped | {"run_id": run_id})
