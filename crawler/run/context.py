"""What the sites of one run share: collection, archive, captures and queues."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from crawler.rendering.browser import RunBrowser
from crawler.run.file_reader import FileReader
from crawler.run.host_turns import Turns
from crawler.run.reading.reader import PageReader
from crawler.run.servers import Servers
from crawler.run.site_report import SiteReport
from storage import Collection
from storage.archives.archive import Archive
from storage.archives.captures import Captures
from storage.archives.kept_records import KeptRecords
from storage.archives.sources import SourceFacts


@dataclass(slots=True)
class RunContext:
    """One open collection, and the reports of the run's sites as they fill.

    `pages`: reads pages, in processes beside this one; `archive`: what a replay reads, out of the files `sources`;
    `captures`: what a run writes, None where it keeps no captures; `kept`: what a replay keeps of its archive, None
    where that is nothing, or where the archive is captures of our own; `browser`: finishes pages of sites with
    `render`; `servers` and `turns`: which hosts are on one server, and whose turn it is there; `reader`: the process
    that reads files. Scrapy copies its settings for each site; this object is shared all the same.
    """

    collection: Collection
    pages: PageReader
    reports: list[SiteReport] = field(default_factory=list)
    archive: Archive | None = None
    captures: Captures | None = None
    kept: KeptRecords | None = None
    sources: list[SourceFacts] = field(default_factory=list)
    servers: Servers = field(default_factory=Servers)
    turns: Turns = field(default_factory=Turns)
    reader: FileReader | None = None
    browser: RunBrowser = field(default_factory=RunBrowser)
    deadline: float = math.inf  # on the clock of `monotonic`: then what the next run can do is left to it
    endings: dict[str, Callable[[], None]] = field(default_factory=dict)  # slug → closes the run; of those still open

    @property
    def keeps_captures(self) -> bool:
        """Whether what comes has captures: they are written, or what is replayed are captures of our own."""
        return self.captures is not None or self.archive_is_kept

    @property
    def archive_is_kept(self) -> bool:
        """Tell whether what is replayed are captures of our own, which need not be kept once more."""
        return self.archive is not None and not self.archive.paths

    def hurry(self, seconds: float) -> None:
        """Leave what the next run can do to it, `seconds` from now: the run has to end."""
        self.deadline = min(self.deadline, monotonic() + seconds)

    def has_time(self) -> bool:
        """Tell whether there is still time for what the next run could do too."""
        return monotonic() < self.deadline

    def end(self, slug: str) -> None:
        """Close the run of a site with its verdict; a site without an open run is passed over."""
        if close := self.endings.pop(slug, None):
            close()

    def end_all(self) -> None:
        """Close the runs that are still open."""
        for slug in list(self.endings):
            self.end(slug)

    def note_bug(self, slug: str | None = None) -> None:
        """Count an exception in our own code for the run of a site, or for all that are still open."""
        for report in self.reports:
            if report.site == slug or (slug is None and report.site in self.endings):
                report.bugs += 1

    def __deepcopy__(self, memo: dict[int, Any]) -> "RunContext":
        return self


@dataclass(slots=True)
class ArchiveOnly:
    """In place of `RunContext`, where pages are read from an archive and nothing is stored."""

    archive: Archive
    captures: None = None
    kept: None = None
    pages: None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> "ArchiveOnly":
        return self
