"""One export: the formats there are, what each is given, and how it is run."""

import importlib
import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from crawler.errors import MissingGroup, how_to_install
from crawler.text.counted import counted
from crawler.workers import HERE, Workers, resting
from storage import run_log
from storage.collection import Collection
from storage.deliveries.taken_in import collection_name
from storage.errors import CollectionError
from storage.exports import content
from storage.exports.articles import articles, of_ids
from storage.exports.chosen_captures import keep
from storage.exports.delivery import Delivery, look_again_from, require_chain
from storage.exports.destination import placed
from storage.exports.selection import Choice, Chosen, choose
from storage.files.own_paths import refuse_own, refuse_referred
from storage.reading import apart
from storage.rights.statements import Statements
from storage.rows import WholeArticle
from storage.schema import MIGRATIONS

T = TypeVar("T")
_PIECE = 50  # articles of which a process makes the texts at once
GROUP = "export"
_STATED = {"delimiter": ",", "base_url": ""}  # options that a delivery states, each with what goes without saying
Progress = Callable[[int, int], None]
# Of one format: delimiter, base_url. Of all: organization, address, contact_name, email, phone, naan, rights,
# rights_url, and rights.SLUG and rights_url.SLUG of single sites.
Options = Mapping[str, str | None]


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
    "eark": Format("an E-ARK information package: what a bag holds, with METS, PREMIS and EAD3", True, ("wacz",)),
    "ead3": Format("a finding aid: fonds, site, section, year"),
    "oai": Format("a static OAI-PMH repository of Dublin Core records", folder=True),
    "html": Format("a small site that can be read and searched offline", folder=True),
}


@dataclass(slots=True)
class Job:
    """What a format's writer is given. `captures`: how many are in the table `kept`; `delivery`: what this export
    states of itself; `software`: with version."""

    collection: Collection
    choice: Choice
    chosen: Chosen
    captures: int
    delivery: Delivery
    software: str
    progress: Progress
    options: Options = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)  # what the user should know of this export
    skipped: int = 0  # captures that could not be read, by the writers of archives
    workers: Workers = HERE
    is_current: Callable[[], bool] = lambda: True  # whether the database is still as this export sees it

    @property
    def moment(self) -> str:
        """The newest moment that the chosen content names, ISO 8601 in UTC: the date of this export, whenever and
        wherever it is made, so that the same content gives the same bytes."""
        return self.delivery.state

    @property
    def name(self) -> str:
        """What the collection is called."""
        return self.delivery.collection

    @property
    def count(self) -> int:
        """How many articles are chosen."""
        return self.chosen.count

    @property
    def run_log(self) -> run_log.Head:
        """The newest entry of the run log."""
        return run_log.head(self.collection.db)

    @property
    def naan(self) -> str | None:
        """The name assigning authority of ARKs, None where there is none."""
        return self.options.get("naan")

    @property
    def statements(self) -> Statements:
        """What the configuration states on reuse."""
        return Statements.of_options(self.options)

    def articles(self) -> Iterator[WholeArticle]:
        """Yield the chosen articles (see storage.exports.articles), reporting each to `progress`.

        The issuer of each has the statement on reuse that holds for it.
        """
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            self.progress(done, self.count)

        yield from articles(self.collection, step, self.statements)

    def pieces(
        self, work: apart.Work[T], *arguments: Any, size: int | None = None, ids: Iterator[int] | None = None
    ) -> Generator[T, None, None]:
        """Yield `work(collection, ids, statements, *arguments)` for the ids of the chosen articles, so many at once.

        The work may be done in other processes; its collection sees what this one sees. `ids`: those of the chosen
        articles, where they are wanted in another order.
        """
        done, size = 0, size or _PIECE
        if ids is None:
            ids = (row["id"] for row in self.collection.rows("SELECT id FROM temp.chosen ORDER BY position"))
        calls = ((piece, self.statements, *arguments) for piece in iter(lambda: list(islice(ids, size)), []))
        for found in apart.each(self.collection, self.workers, work, calls, is_current=self.is_current):
            done = min(done + size, self.count)
            self.progress(done, self.count)
            yield found

    def texts(self, work: Callable[..., T], *arguments: Any) -> Iterator[T]:
        """Yield `work(articles, *arguments)` for the chosen articles, whole, some at once.

        It may be done in other processes: `work` is a function of a module, and needs nothing but the articles.
        """
        return self.pieces(partial(_of_articles, work), *arguments)


def _of_articles(
    work: Callable[..., T], collection: Collection, ids: list[int], statements: Statements, *arguments: Any
) -> T:
    return work(of_ids(collection, ids, statements), *arguments)


@contextmanager
def _unchanged(db: Path) -> Iterator[Callable[[], bool]]:
    """Yield what says whether nobody has written to the database since."""
    with closing(sqlite3.connect(f"{db.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as looking:

        def version() -> int:
            return int(looking.execute("PRAGMA data_version").fetchone()[0])

        first = version()
        yield lambda: version() == first


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. `delivery`: what it states of itself."""

    dest: Path
    delivery: Delivery
    articles: int
    bytes: int
    remarks: list[str]


def export(
    db: Path, name: str, dest: Path, choice: Choice, *, software: str, progress: Progress, force: bool = False,
    allow_incomplete: bool = False, options: Options | None = None, earlier: Delivery | None = None,
    statement: Path | None = None, workers: Workers = HERE,
) -> Exported:  # fmt: skip
    """Write the articles of `db` that `choice` names to `dest`, in the format `name`; the database is only read.

    All of it shows one moment of the database, also while a crawl goes on. Raises MissingGroup, LastRunIncomplete
    where the last run of a chosen site did not end well and not `allow_incomplete`, BadChoice, PartOfCollection,
    DestinationExists, DestinationUnwritable, and the errors of opening a collection. `earlier`: the delivery that this
    one goes on from: what has changed since is chosen; raises BrokenChain where it is of another collection or choice.
    `statement`: a file that gets what the export states of itself. `workers`: who renders; the bytes are the same.
    """
    refuse_own(dest, db)
    if statement:
        refuse_own(statement, db)
    kind = FORMATS[name]
    for package in kind.needs:
        need(package, name)
    writer = importlib.import_module(f"storage.exports.{name}")
    with Collection(db, must_exist=True) as collection, _unchanged(db) as is_current, resting(workers):
        refuse_referred(dest, collection)
        collection.db.execute("BEGIN")
        try:
            if earlier:
                require_chain(collection, earlier, choice)
                choice = replace(choice, changed_since=earlier.since, since_run=earlier.log.number)
            chosen = choose(collection, choice)
            if chosen.unsound and not allow_incomplete:
                sites = "\n  ".join(map(str, chosen.unsound))
                raise LastRunIncomplete(
                    f"not handed on, as articles may be missing; crawl again, or give --allow-incomplete:\n  {sites}"
                )
            captures = keep(collection)
            delivery = _delivery(collection, name, choice, chosen, software, options or {}, earlier)
            job = Job(collection, choice, chosen, captures, delivery, software, progress, options or {},
                      workers=workers, is_current=is_current)  # fmt: skip
            for site in chosen.sites:
                job.statements.put_into(site["slug"], site)
            if chosen.undated:
                articles, were = counted(chosen.undated, "article"), "was" if chosen.undated == 1 else "were"
                job.remarks.append(f"{articles} without a date of publication {were} left out")
            with placed(dest, force=force, folder=kind.folder) as path:
                writer.write(job, path)
            if statement:
                with placed(statement, force=force, folder=False) as path:
                    path.write_text(delivery.to_text(), encoding="utf-8")
        finally:
            collection.db.execute("ROLLBACK")
    size = (
        sum(path.stat().st_size for path in dest.rglob("*") if path.is_file()) if kind.folder else dest.stat().st_size
    )
    return Exported(dest, delivery, chosen.count, size, job.remarks)


def _delivery(
    collection: Collection, name: str, choice: Choice, chosen: Chosen, software: str, options: Options,
    earlier: Delivery | None,
) -> Delivery:  # fmt: skip
    """What an export of what was chosen states of itself."""
    state = content.state(collection.db)
    stated = {key: value for key, usual in _STATED.items() if (value := options.get(key)) and value != usual}
    return Delivery(
        name, collection_name(collection), choice.to_dict(), stated, software, len(MIGRATIONS), state.moment,
        look_again_from(collection, state.moment), state.digest, run_log.head(collection.db), chosen.count,
        earlier.as_previous() if earlier else None,
    )  # fmt: skip


def need(package: str, name: str) -> Any:
    """Import a package of the optional group. Raises MissingGroup with what to install."""
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise MissingGroup(f"{name} needs the optional group {GROUP}: {how_to_install(GROUP)} ({error})") from error
