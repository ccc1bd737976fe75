"""Reading every stored article's newest capture again, without the network, by the stages of a crawl."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler import __version__, clock
from crawler.configuration import Configuration
from crawler.pipelines.warm_up import warm_up
from crawler.reprocess.read_stored import ReadAgain, read_stored
from crawler.run.reading.pool import Pool
from crawler.run.reading.reader import PageEnded, page_reader
from crawler.run.site import Site
from crawler.text.counted import counted
from crawler.workers import resting
from storage import Collection
from storage.locking import sole_writer
from storage.near import link_waiting
from storage.reading.read_only import close_all, is_open_here
from storage.versions import Revision, captured_articles, revise, url_of

_EXAMPLES = 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ReadDifferently:
    """An article that is read differently now."""

    id: int
    site: str
    url: str
    title: str
    revision: Revision


@dataclass(slots=True)
class Reprocessed:
    """What came of it. `fields`: how many articles differ in a field; `examples` keeps the first few of them; `texts`:
    how many differ in their text, which is our reading and no edit of theirs.

    `lost`: (URL, reason) of pages that no longer give an article, or not by their layout; the article stays as it was
    stored. `unusable`: (URL, why) of captures that cannot be read.
    """

    dry_run: bool
    articles: int = 0
    differing: int = 0
    texts: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    examples: list[ReadDifferently] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    unusable: list[tuple[str, str]] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether every capture gave its article."""
        return not self.lost and not self.unusable

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready facts."""
        return {
            "dry_run": self.dry_run,
            "articles": self.articles,
            "differing": self.differing,
            "new_texts": self.texts,
            "fields": dict(self.fields.most_common()),
            "examples": [
                {
                    "id": item.id, "site": item.site, "url": item.url, "title": item.title,
                    "new_text": item.revision.new_text,
                    "fields": {name: {"stored": old, "now": new} for name, (old, new) in item.revision.fields.items()},
                }
                for item in self.examples
            ],
            "lost": [{"url": url, "reason": reason} for url, reason in self.lost],
            "unusable": [{"url": url, "why": why} for url, why in self.unusable],
        }  # fmt: skip


def reprocess(
    db: Path,
    sites: Mapping[str, type[Site]],
    *,
    site: str | None = None,
    since: str | None = None,
    dry_run: bool = False,
    progress: Progress,
    configuration: Configuration | None = None,
    jobs: int = 1,
) -> Reprocessed:
    """Read the captures of `db` again and store what differs; `progress` is called with (done, of how many).

    `sites`: slug → spider class, such as a `spiders.registry.Registry`; captures of other sites are not read.
    `configuration`: what reading a page may take, that of the environment unless given; `jobs`: processes that read. A
    run of mode `reprocess` is added to `runs` for each site in which something was written. Raises storage errors,
    among them Locked where another run writes.
    """
    result = Reprocessed(dry_run)
    bounds = dict((configuration or Configuration.of_environment()).of_project())
    if is_open_here(db):  # whoever calls this has it open: then no other process can read it
        bounds["TINPHUONG_READERS"] = 0
    with (
        page_reader(sites, bounds, jobs=jobs, prepare=warm_up) as pages,
        sole_writer(db),
        Collection(db, must_exist=True) as collection,
        _closing(),
        resting(pages),
    ):
        runs = _Runs(collection)
        articles = captured_articles(collection, site=site, since=since)
        reading = pages.each(pages.several.read(slug, read_stored, db, slug, number) for number, slug in articles)
        for done, (number, read) in enumerate(zip((number for number, _ in articles), reading, strict=True), 1):
            result.articles += 1
            try:
                _take(collection, read.result(), result, runs)
            except PageEnded as ended:
                result.lost.append((url_of(collection, number), str(ended.reason)))
            progress(done, len(articles))
        runs.finish()
        if not dry_run:
            link_waiting(collection, at=clock.stamp(), workers=Pool(pages))
    return result


@contextmanager
def _closing() -> Iterator[None]:
    """Close behind the block what was opened to read in this process, where no other one reads."""
    try:
        yield
    finally:
        close_all()


class _Runs:
    """The runs under which corrections are written, one a site, opened by its first."""

    def __init__(self, collection: Collection):
        self.collection = collection
        self.open: dict[str, int] = {}
        self.counts: Counter[str] = Counter()

    def of(self, site: str) -> int:
        if site not in self.open:
            self.open[site] = self.collection.begin_run(
                site, mode="reprocess", started_at=clock.stamp(), software=f"tinphuong {__version__}"
            )
        self.counts[site] += 1
        return self.open[site]

    def finish(self) -> None:
        for site, run_id in self.open.items():
            differing = self.counts[site]
            self.collection.finish_run(
                run_id, finished_at=clock.stamp(), status="ok", reason=None,
                message=f"{counted(differing, 'article')} read differently", counts={"read_differently": differing},
                skipped={},
            )  # fmt: skip


def _take(collection: Collection, read: ReadAgain, result: Reprocessed, runs: _Runs) -> None:
    """Count what came of an article, and write what differs."""
    if read.unusable is not None:
        result.unusable.append((read.url, read.unusable))
    if read.lost is not None:
        result.lost.append((read.url, read.lost))
    if read.row is None or read.record is None or read.found is None:
        return
    row, found = read.row, read.found
    result.differing += 1
    result.texts += found.new_text
    result.fields.update(found.fields.keys())
    if len(result.examples) < _EXAMPLES:
        result.examples.append(ReadDifferently(row["id"], row["site"], row["url"], row["title"], found))
    if not result.dry_run:
        revise(collection, row, read.record, found, runs.of(row["site"]))
