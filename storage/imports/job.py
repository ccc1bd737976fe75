"""One import: what comes in first, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crawler.text import content_hash
from storage import run_log
from storage.collection import Collection
from storage.imports.imported_captures import ImportedCaptures
from storage.imports.merge import Merger
from storage.imports.references import Pointing
from storage.imports.sources import opened
from storage.locking import sole_writer
from storage.near import link_waiting
from storage.rows import SiteRow

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Imported:
    """What came of an import. `damaged`: articles left out, as title and body do not have the hash they came with;
    `near_duplicates`: links that were found between articles that came in and others."""

    added: int = 0
    merged: int = 0
    tied: int = 0
    captures: int = 0
    unreadable: int = 0
    damaged: int = 0
    near_duplicates: int = 0

    def to_dict(self) -> dict[str, int]:
        """Return the counts."""
        return {name: getattr(self, name) for name in self.__slots__}


def take_in(db: Path, path: Path, *, moment: str, progress: Progress) -> Imported:
    """Merge what lies at `path` into the collection at `db`, creating it where there is none.

    Importing the same again changes nothing; an import that was cut short is completed by another. `progress` is
    called for the articles that came in, then for those that are compared with all others. Raises BadImport, and
    Locked where another process writes.
    """
    done = Imported()
    with opened(path) as source, sole_writer(db), Collection(db) as collection:
        pointing = Pointing(collection, moment, source.files)
        if source.database:
            _runs(collection, source.database, pointing)
            imported = ImportedCaptures(collection, source.database, pointing)
            imported.take(source.records)
            done.captures, done.unreadable = imported.taken, imported.unreadable
        merger = Merger(collection, pointing)
        for number, article in enumerate(source.articles, 1):
            if content_hash(article["title"], article["body"]) == article["content_hash"]:
                merger.take(article)
            else:
                done.damaged += 1
            progress(number, max(source.total, number))
        _seal(collection)
        done.near_duplicates = link_waiting(collection, at=moment, progress=progress).links
        done.added, done.merged, done.tied = merger.added, merger.merged, merger.tied
    return done


def _runs(collection: Collection, other: Collection, pointing: Pointing) -> None:
    """Take over the history of runs, each with the pages it did not store."""
    for site in other.rows("SELECT * FROM sites ORDER BY slug", of=SiteRow):
        pointing.site(site["slug"], site)
    known = {row["id"] for row in collection.rows("SELECT id FROM runs")}
    for run in other.rows("SELECT * FROM runs ORDER BY number IS NULL, number, id"):
        run_id = pointing.run(run, run["site"])
        if run_id in known:
            continue
        _seal(collection)  # in the order in which they ended there
        for skipped in other.rows("SELECT * FROM skipped WHERE run_id = ? ORDER BY id", [run["id"]]):
            del skipped["id"]
            collection.insert("skipped", skipped | {"run_id": run_id})


def _seal(collection: Collection) -> None:
    """Enter the runs that came in into our run log."""
    collection.commit()
    collection.db.execute("BEGIN IMMEDIATE")
    run_log.seal(collection.db)
    collection.db.execute("COMMIT")
