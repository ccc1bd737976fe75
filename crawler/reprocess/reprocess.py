"""Reading every stored article's newest capture again, without the network, by the stages of a crawl."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler import __version__, clock
from crawler.configuration import Configuration
from crawler.pipelines.article_record import record_of
from crawler.pipelines.reread_capture import read_again
from crawler.profile import SiteProfile
from crawler.run.reading.reader import PageEnded, PageReader, now, page_reader
from crawler.run.site import Site
from crawler.text.counted import counted
from storage import Collection
from storage.archives.payloads import UnreadableCapture
from storage.doubts.profiles import profile_of
from storage.locking import sole_writer
from storage.near import link_waiting
from storage.versions import Revision, captured_articles, captured_page, captured_part, revise, revision, url_of

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
) -> Reprocessed:
    """Read the captures of `db` again and store what differs; `progress` is called with (done, of how many).

    `sites`: slug → spider class, such as a `spiders.registry.Registry`; captures of other sites are not read.
    `configuration`: what reading a page may take, that of the environment unless given. A run of
    mode `reprocess` is added to `runs` for each site in which something was written. Raises storage errors, among them
    Locked where another run writes.
    """
    result = Reprocessed(dry_run)
    bounds = (configuration or Configuration.of_environment()).of_project()
    with page_reader(sites, bounds) as pages, sole_writer(db), Collection(db, must_exist=True) as collection:
        runs = _Runs(collection)
        ids = captured_articles(collection, site=site, since=since)
        for done, article_id in enumerate(ids, 1):
            _again(pages, collection, article_id, sites, result, runs)
            progress(done, len(ids))
        runs.finish()
        if not dry_run:
            link_waiting(collection, at=clock.stamp())
    return result


class _Runs:
    """The runs under which corrections are written, one a site, opened by its first; and the sites' profiles."""

    def __init__(self, collection: Collection):
        self.collection = collection
        self.open: dict[str, int] = {}
        self.counts: Counter[str] = Counter()
        self._profiles: dict[str, SiteProfile] = {}

    def profile(self, site: str) -> SiteProfile:
        if site not in self._profiles:
            self._profiles[site] = profile_of(self.collection, site)
        return self._profiles[site]

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


def _again(
    pages: PageReader,
    collection: Collection,
    article_id: int,
    sites: Mapping[str, type[Site]],
    result: Reprocessed,
    runs: _Runs,
) -> None:
    result.articles += 1
    try:
        page = captured_page(collection, article_id)
    except UnreadableCapture as error:
        result.unusable.append((url_of(collection, article_id), str(error)))
        return
    row = page.row
    if row["site"] not in sites:
        result.unusable.append((row["url"], f"no site is registered as {row['site']!r}"))
        return
    try:
        item = now(
            read_again(
                pages.at_once,
                page,
                sites[row["site"]],
                lambda url: captured_part(collection, page, url),
                profile=runs.profile(row["site"]),
            )
        )
    except PageEnded as ended:
        result.lost.append((row["url"], str(ended.reason)))
        return
    except UnreadableCapture as error:
        result.unusable.append((row["url"], str(error)))
        return
    if item.article is None or item.article.reason:
        result.lost.append((row["url"], str(item.article.reason) if item.article else ""))
        return
    record = record_of(item)
    if not record.trusted and row["layout_matched"]:
        result.lost.append((row["url"], "its layout is no longer recognised"))
        return
    found = revision(collection, row, record)
    if not found.fields:
        return
    result.differing += 1
    result.texts += found.new_text
    result.fields.update(found.fields.keys())
    if len(result.examples) < _EXAMPLES:
        result.examples.append(ReadDifferently(row["id"], row["site"], row["url"], row["title"], found))
    if not result.dry_run:
        revise(collection, row, record, found, runs.of(row["site"]))
