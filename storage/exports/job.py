"""One export: the formats there are, what each is given, and how it is run."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.errors import MissingGroup, how_to_install
from crawler.text.counted import counted
from storage import run_log
from storage.collection import Collection
from storage.errors import CollectionError
from storage.exports.articles import articles
from storage.exports.destination import placed
from storage.exports.selection import Choice, Chosen, choose
from storage.files.own_paths import refuse_own
from storage.rows import WholeArticle

GROUP = "export"
Progress = Callable[[int, int], None]
Options = Mapping[str, str | None]  # of one format: delimiter, base_url, admin


class LastRunIncomplete(CollectionError):
    """The last run of a chosen site did not end well."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is, whether it is a folder, and which packages beyond the base install it needs."""

    summary: str
    folder: bool = False
    needs: tuple[str, ...] = ()


FORMATS = {
    "jsonl": Format("one JSON object an article, with everything known of it"),
    "jsonld": Format("linked data: articles, issuers, wards then and today, in terms of schema.org"),
    "csv": Format("one line an article, for Excel and other spreadsheets"),
    "parquet": Format("a typed table, compressed with zstd", needs=("pyarrow",)),
    "sqlite": Format("a collection of its own, with full-text index, versions, addresses and the run log"),
    "warc": Format("the captures of the articles"),
    "wacz": Format("the captures with an index and a list of pages, for ReplayWeb.page and pywb", needs=("wacz",)),
    "bagit": Format("the hand-over package: all of these, with checksums and a README", True, ("wacz",)),
    "oai": Format("a static OAI-PMH repository of Dublin Core records", folder=True),
    "html": Format("a small site that can be read and searched offline", folder=True),
}


@dataclass(slots=True)
class Job:
    """What a format's writer is given. `moment`: when the export is made, ISO 8601 in UTC; `software`: with version."""

    collection: Collection
    choice: Choice
    chosen: Chosen
    moment: str
    software: str
    progress: Progress
    options: Options = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)  # what the user should know of this export
    skipped: int = 0  # captures that could not be read, by the writers of archives

    @property
    def count(self) -> int:
        """How many articles are chosen."""
        return self.chosen.count

    @property
    def run_log(self) -> run_log.Head:
        """The newest entry of the run log."""
        return run_log.head(self.collection.db)

    def articles(self) -> Iterator[WholeArticle]:
        """Yield the chosen articles (see storage.exports.articles), reporting each to `progress`."""
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            self.progress(done, self.count)

        yield from articles(self.collection, step)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    dest: Path
    articles: int
    bytes: int
    remarks: list[str]


def export(
    db: Path, name: str, dest: Path, choice: Choice, *, moment: str, software: str, progress: Progress,
    force: bool = False, allow_incomplete: bool = False, options: Options | None = None,
) -> Exported:  # fmt: skip
    """Write the articles of `db` that `choice` names to `dest`, in the format `name`; the database is only read.

    All of it shows one moment of the database, also while a crawl goes on. Raises MissingGroup, LastRunIncomplete
    where the last run of a chosen site did not end well and not `allow_incomplete`, BadChoice, PartOfCollection,
    DestinationExists, DestinationUnwritable, and the errors of opening a collection.
    """
    refuse_own(dest, db)
    kind = FORMATS[name]
    for package in kind.needs:
        need(package, name)
    writer = importlib.import_module(f"storage.exports.{name}")
    with Collection(db, must_exist=True) as collection:
        collection.db.execute("BEGIN")
        try:
            chosen = choose(collection, choice)
            if chosen.unsound and not allow_incomplete:
                sites = "\n  ".join(map(str, chosen.unsound))
                raise LastRunIncomplete(
                    f"not handed on, as articles may be missing; crawl again, or give --allow-incomplete:\n  {sites}"
                )
            job = Job(collection, choice, chosen, moment, software, progress, options or {})
            if chosen.undated:
                articles, were = counted(chosen.undated, "article"), "was" if chosen.undated == 1 else "were"
                job.remarks.append(f"{articles} without a date of publication {were} left out")
            with placed(dest, force=force, folder=kind.folder) as path:
                writer.write(job, path)
        finally:
            collection.db.execute("ROLLBACK")
    size = (
        sum(path.stat().st_size for path in dest.rglob("*") if path.is_file()) if kind.folder else dest.stat().st_size
    )
    return Exported(dest, chosen.count, size, job.remarks)


def need(package: str, name: str) -> Any:
    """Import a package of the optional group. Raises MissingGroup with what to install."""
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise MissingGroup(f"{name} needs the optional group {GROUP}: {how_to_install(GROUP)} ({error})") from error
