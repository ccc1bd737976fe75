"""What the sites of one run share. Scrapy copies its settings for each of them; this survives the copying."""

from dataclasses import dataclass, field
from typing import Any

from crawler.run.file_reader import FileReader
from crawler.run.host_turns import Turns
from crawler.run.site_report import SiteReport
from storage import Collection
from storage.archives.archive import Archive
from storage.archives.captures import Captures


@dataclass(slots=True)
class Shared:
    """One open collection, the reports of the run's sites as they fill, the archive a replay reads, and the captures
    a run writes: None where it keeps none. For attachments: who may ask which host, and who reads the files."""

    collection: Collection
    reports: list[SiteReport] = field(default_factory=list)
    archive: Archive | None = None
    captures: Captures | None = None
    turns: Turns = field(default_factory=Turns)
    reader: FileReader | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> "Shared":
        return self
